"""What regular expressions of rules are made of: which of them explode, and with what a match begins.

One explodes by a repeat within a repeat, with nothing certain between two rounds: `(a+)+` tries every way to
cut a run of letters into rounds before it gives up, twice as many with each letter more. `(a+,)+` has a comma
after each round and is harmless. A choice that takes one text in two ways explodes too: `(?:x|x)+`
(`kgx.rounds`). Patterns that explode for subtler reasons are left to the time limit of a document.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

from kgx.rounds import ambiguous

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    try:
        from re import _parser as parser  # type: ignore[attr-defined]
    except ImportError:  # Python 3.10
        import sre_parse as parser

REPEATED_GROUP = re.compile(r"\)\s*(?:[*+]|\{\d*,\d*\})")  # without one there is nothing to look into
_MANY = 50  # rounds from which a repeat counts as one without bound
_FEW = 64  # characters of a range that is still worth looking for
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")  # a possessive repeat never goes back


def compiling(pattern: str) -> str:
    """The pattern itself; raises ValueError where it is no regular expression."""
    try:
        re.compile(pattern)
    except re.error as fault:
        raise ValueError(f"no regular expression ({fault})") from None
    return pattern


def quick(pattern: str) -> re.Pattern[str]:
    """Compile a pattern so that a search passes quickly over characters with which no match begins.

    `re` does that by itself where a pattern begins with a character, a class of them or words; a check of the
    character ahead does it where an assertion, a repeat or a choice between classes stands first.
    """
    parsed = parser.parse(pattern)
    plain = parsed.state.flags == re.UNICODE and not _found_by_class(parsed)
    firsts = _firsts(parsed) if plain else None
    if not firsts or "" in firsts:
        return re.compile(pattern)
    return re.compile(f"(?=[{re.escape(''.join(sorted(firsts)))}])(?:{pattern})")


def _found_by_class(items: Any) -> bool:
    """Whether `re` itself looks for the first character of a match."""
    for name, value in _named(items):
        if name == "SUBPATTERN":
            return _found_by_class(value[-1])
        if name == "BRANCH":
            return all(len(part) and str(part[0][0]) == "LITERAL" for part in value[1])
        return name in ("LITERAL", "IN")
    return False


def _firsts(items: Any) -> set[str] | None:
    """The characters with which a match may begin, "" among them where it may be empty; None for too many."""
    out: set[str] = set()
    for name, value in _named(items):
        if name in ("AT", "ASSERT", "ASSERT_NOT"):
            continue
        if name == "LITERAL":
            return out | {chr(value)}
        if name == "IN":
            chars = _characters(value)
        elif name in (*_REPEATS, "SUBPATTERN", "BRANCH"):
            chars = set()
            for part in _parts(name, value):
                begun = _firsts(part)
                if begun is None:
                    return None
                chars |= begun
            if name in _REPEATS and value[0] == 0:
                chars.add("")
        else:
            return None
        if chars is None:
            return None
        if "" not in chars:
            return out | chars
        out |= chars - {""}
    return out | {""}


def _characters(value: Any) -> set[str] | None:
    """The characters of a class; None where they are many, or those that it leaves out."""
    out: set[str] = set()
    for name, part in _named(value):
        if name == "LITERAL":
            out.add(chr(part))
        elif name == "RANGE" and part[1] - part[0] < _FEW:
            out.update(map(chr, range(part[0], part[1] + 1)))
        else:
            return None
    return out


def explodes(pattern: str) -> bool:
    """Whether a pattern repeats what can be cut into rounds, or read, in many ways; False for no pattern."""
    if not REPEATED_GROUP.search(pattern):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        return False  # what compiles it will say so
    return any(_bare(body) or ambiguous(body) for body in _endless(parsed))


def _endless(items: Any) -> Iterator[Any]:
    """The bodies of all repeats without bound, at any depth."""
    for name, value in _named(items):
        if name in _REPEATS and value[1] >= _MANY:
            yield value[2]
        for part in _parts(name, value):
            yield from _endless(part)


def _bare(items: Any) -> bool:
    """Whether a repeat without bound makes up the items, but for what may be absent."""
    named = list(_named(items))
    needed = [(name, value) for name, value in named if not _optional(name, value)]
    if len(needed) > 1:
        return False
    for name, value in needed or named:
        if name in _REPEATS and value[1] >= _MANY:
            return True
        if name not in ("ASSERT", "ASSERT_NOT") and any(_bare(part) for part in _parts(name, value)):
            return True
    return False


def _optional(name: str, value: Any) -> bool:
    if name in _REPEATS:
        return bool(value[0] == 0)
    if name == "BRANCH":
        return any(all(_optional(*one) for one in _named(part)) for part in value[1])
    if name == "SUBPATTERN":
        return all(_optional(*one) for one in _named(value[-1]))
    return name in ("AT", "ASSERT", "ASSERT_NOT")


def _named(items: Any) -> Iterator[tuple[str, Any]]:
    return ((str(code), value) for code, value in items)


def _parts(name: str, value: Any) -> list[Any]:
    """The sequences within an item."""
    if name in (*_REPEATS, "POSSESSIVE_REPEAT"):
        return [value[2]]
    if name == "SUBPATTERN":
        return [value[-1]]
    if name == "BRANCH":
        return list(value[1])
    if name in ("ASSERT", "ASSERT_NOT"):
        return [value[1]]
    return [value] if name == "ATOMIC_GROUP" else []
