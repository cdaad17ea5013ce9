"""Every message the user can meet, in one place, and the exceptions that carry them.

A message is one line: it names the file (and line, or option) and says what to do.
"""

from __future__ import annotations

from dataclasses import dataclass

EXIT_OK = 0
EXIT_INVALID = 1  # a check found faults: a graph that does not conform, a rule file that is wrong
EXIT_USAGE = 2  # wrong options (click's own)
EXIT_SKIPPED = 3  # done, but some input was skipped; each was named
EXIT_FAILED = 4  # nothing was written


class KgxError(Exception):
    """A failure that the user can mend; its text is the one line to show."""


class RuleError(KgxError):
    """A rule file is wrong; the text begins with `file:line:`."""


@dataclass(frozen=True, slots=True)
class Skip:
    """An input that was left out: which file, which line where there is one, and why."""

    path: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        """`path:line: reason`, as shown to the user."""
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.reason}"


# -- rules -------------------------------------------------------------------------------------------
RULES_MISSING = "{path}: no such rules folder; give one with --rules, or leave the option out"
RULE_YAML = "{path}:{line}: not valid YAML ({reason}); correct the line"
RULE_FIELD = "{path}:{line}: {where}: {reason}"
RULE_HEADER = "{path}:{line}: the columns are {found}, expected {expected}; correct the header"
RULE_CELLS = "{path}:{line}: {found} cells, expected {expected}; separate cells by one tab"
RULE_ORDER = "{path}:{line}: {name!r} stands after {previous!r}; keep rows sorted by the first column"
RULE_TWICE = "{path}:{line}: {name!r} was defined before at line {previous}; give it once"
LEXICON_KEY = "{path}:{line}: {name!r} has the identity {key} of {other!r}; join the rows"
LEXICON_LOCATED = "{path}:{line}: {name!r} is located in {located!r}, which no row names; add it"
