"""Status by scope: whether a clause says that something happened, will, did before, or did not.

After ConText (Harkema et al. 2009) as medspaCy has it: words with a scope, words that end one, and
words that only look like one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kgx.model import Status
from kgx.nlp.grammar import alternation
from kgx.nlp.view import View
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.frames import ContextRule

_NOMINAL = tuple("nNrbs")  # tags of what may be an object
_VERB_REACH = 8  # how far a negation may stand before its verb, in characters


@dataclass(frozen=True, slots=True)
class Context:
    """The compiled words of `context.yml`."""

    pattern: re.Pattern[str]
    rules: Mapping[str, ContextRule]

    def status(
        self, view: View, stretches: Sequence[tuple[int, int]], trigger: int, markers: frozenset[int]
    ) -> Status | None:
        """The status at `trigger`, or None where nothing says so.

        `stretches` are the clauses that share the trigger's subject, in order; the last one holds the
        trigger. A negation reaches the next verb only; it outranks the other statuses. `markers` are the
        places of role markers, which look like modals (应 in 应邀, 将 as 把).
        """
        active: Status | None = None
        for start, end in stretches:
            own = (start, end) == stretches[-1]
            stop = min(end, trigger) if own else end
            for found in self.pattern.finditer(view.masked, start, stop):
                rule = self.rules[found.group()]
                if (
                    rule.pseudo
                    or found.start() in markers
                    or rule.verbal
                    and view.tags.startswith(_NOMINAL, found.end())
                    or not (view.bounds[found.start()] or len(found.group()) > 1)
                    or view.masked.startswith(found.group(), trigger)  # 决定甲，并*决定*乙
                ):
                    continue
                if any(word in view.masked[start : found.start()] for word in rule.unless):
                    continue
                if any(word in view.text[found.end() : stop] for word in rule.unless_after):
                    continue
                if rule.terminate:
                    active = None
                elif rule.scope == "verb":
                    gap = trigger - found.end()
                    near = (
                        0 <= gap <= _VERB_REACH or gap >= 0 and found.end() in markers
                    )  # 未*与*甲就某事达成…
                    if own and near and view.bounds[found.start()]:
                        return rule.status
                elif rule.scope == "sentence" or own:
                    active = rule.status
        return active


def load_context(folder: RuleFolder) -> Context:
    """Compile `context.yml`; raises RuleError where it is wrong."""
    rules = {word: rule for rule in load_yaml(folder.find("context.yml"), ContextRule) for word in rule.words}
    return Context(re.compile(alternation(rules)), rules)
