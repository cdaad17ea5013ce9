"""Whether the rounds of a repeat can be read in two ways: `(?:x|x)+`, `(?:ab|a|b)+`, `(?:a?a)+`.

The body is taken as an automaton whose states are the places of the pattern that take a character. Where two
ways lead from one place back to it over the same text, a match that fails tries twice as many ways with each
round more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

_MOST = 40  # places; larger bodies are left to the time limit
_COPIES = 4  # rounds of a bounded repeat that are written out; more count as endless
_USUAL = "aZ5_ \n中、é０"  # a character of each class that patterns tell apart
_CLASSES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdecimal,
    "SPACE": str.isspace,
    "WORD": lambda c: c.isalnum() or c == "_",
}

Place = int
Ways = Counter[Place]


class _Unknown(Exception):
    """A part of a pattern of which nothing is said here: assertions, references, possessive repeats."""


@dataclass(slots=True)
class _Part:
    """A part of a pattern: in how many ways it is empty, begins at a place, ends at one."""

    empty: int = 1
    first: Ways = field(default_factory=Counter)
    last: Ways = field(default_factory=Counter)


class _Automaton:
    """The places of a pattern, the characters of each, and in how many ways one follows on another."""

    def __init__(self, alphabet: str) -> None:
        self.alphabet = alphabet
        self.takes: list[frozenset[str]] = []
        self.follow: Counter[tuple[Place, Place]] = Counter()

    def sequence(self, items: Any) -> _Part:
        out = _Part()
        for code, value in items:
            out = self._then(out, self._item(str(code), value))
        return out

    def again(self, part: _Part) -> None:
        """Let a part follow on itself."""
        for a, before in part.last.items():
            for b, after in part.first.items():
                self.follow[a, b] += before * after

    def _then(self, left: _Part, right: _Part) -> _Part:
        for a, before in left.last.items():
            for b, after in right.first.items():
                self.follow[a, b] += before * after
        return _Part(
            left.empty * right.empty,
            _sum((left.first, 1), (right.first, left.empty)),
            _sum((right.last, 1), (left.last, right.empty)),
        )

    def _item(self, name: str, value: Any) -> _Part:
        if name == "SUBPATTERN":
            return self.sequence(value[-1])
        if name == "BRANCH":
            parts = [self.sequence(one) for one in value[1]]
            firsts, lasts = ((one.first, 1) for one in parts), ((one.last, 1) for one in parts)
            return _Part(sum(one.empty for one in parts), _sum(*firsts), _sum(*lasts))
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            return self._repeat(*value)
        taken = frozenset(c for c in self.alphabet if _takes(name, value, c))
        if not taken:
            return _Part(0)
        if len(self.takes) == _MOST:
            raise _Unknown
        self.takes.append(taken)
        place = Counter({len(self.takes) - 1: 1})
        return _Part(0, place, place)

    def _repeat(self, least: int, most: Any, items: Any) -> _Part:
        out = _Part()
        if int(most) > _COPIES:
            part = self.sequence(items)
            self.again(part)
            return _Part(1 if least == 0 else part.empty, part.first, part.last)
        for number in reversed(range(int(most))):  # each round that may be absent holds those after it
            out = self._then(self.sequence(items), out)
            if number >= least:
                out = _Part(out.empty + 1, out.first, out.last)
        return out

    def ambiguous(self) -> bool:
        """Whether two ways lead from one place to one over the same text."""
        if any(ways > 1 for ways in self.follow.values()):
            return True
        after: dict[Place, list[Place]] = {}
        before: dict[Place, list[Place]] = {}
        for a, b in self.follow:
            after.setdefault(a, []).append(b)
            before.setdefault(b, []).append(a)
        return any(a != b for a, b in self._pairs(after) & self._pairs(before))

    def _pairs(self, steps: dict[Place, list[Place]]) -> set[tuple[Place, Place]]:
        """The pairs of places that two ways over the same text reach from one place."""
        found = {(place, place) for place in range(len(self.takes))}
        waiting = list(found)
        while waiting:
            a, b = waiting.pop()
            for pair in ((x, y) for x in steps.get(a, ()) for y in steps.get(b, ())):
                if pair not in found and self.takes[pair[0]] & self.takes[pair[1]]:
                    found.add(pair)
                    waiting.append(pair)
        return found


def ambiguous(body: Any) -> bool:
    """Whether what is repeated, as `re` has parsed it, can be read in two ways over several rounds."""
    machine = _Automaton("".join(dict.fromkeys((*_USUAL, *_literals(body)))))
    try:
        machine.again(machine.sequence(body))
    except _Unknown:
        return False
    return machine.ambiguous()


def _sum(*ways: tuple[Ways, int]) -> Ways:
    out: Ways = Counter()
    for places, times in ways:
        for place, number in places.items():
            if number * times:
                out[place] += number * times
    return out


def _literals(items: Any) -> Iterator[str]:
    """The characters that a pattern names."""
    for code, value in items:
        name = str(code)
        if name in ("LITERAL", "NOT_LITERAL"):
            yield chr(value)
        elif name == "RANGE":
            yield from map(chr, value)
        elif name == "IN":
            yield from _literals(value)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            yield from _literals(value[2])
        elif name == "SUBPATTERN":
            yield from _literals(value[-1])
        elif name == "BRANCH":
            for one in value[1]:
                yield from _literals(one)


def _takes(name: str, value: Any, char: str) -> bool:
    """Whether an item that is no group takes a character."""
    if name == "LITERAL":
        return chr(value) == char
    if name == "NOT_LITERAL":
        return chr(value) != char
    if name == "ANY":
        return char != "\n"
    if name == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    if name == "CATEGORY":
        kind = str(value).removeprefix("CATEGORY_")
        return bool(_CLASSES[kind.removeprefix("NOT_")](char)) != kind.startswith("NOT_")
    if name == "IN":
        negate = str(value[0][0]) == "NEGATE"
        return negate != any(_takes(str(code), one, char) for code, one in value[negate:])
    raise _Unknown
