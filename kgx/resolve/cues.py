"""Which edition of a meeting the words around its name tell: that of a year, the last, the next, or all.

今年峰会 is that of the year, 落实峰会共识 speaks of the last that was held, 办好峰会 of the next,
历届峰会 of the series. Only where a document names the meeting first is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from kgx.schemas.resolve import EventRules

_WORDS = 12  # characters before a name that tell which edition it is
_AFTER = 8  # … and after it, in which it may be only remembered
_PLACE = 6  # characters of a place right before a name
_STOP = re.compile(r"\W")
_SENTENCE = re.compile("[。！？；：\n]")

Way = Literal["", "last", "next"]


@dataclass(frozen=True, slots=True)
class Cue:
    """What is told: the year or the place of the edition, all of them (`whole`), the last or the next."""

    year: str | None = None
    place: str | None = None
    whole: bool = False
    way: Way = ""


NONE = Cue()


class Cues:
    """The words of `resolve.yml` that tell editions."""

    def __init__(self, rules: EventRules, is_place: Callable[[str], bool] = lambda name: False) -> None:
        """`is_place` tells whether a name is a place's."""
        self._rules = rules
        self._is_place = is_place
        self._several = re.compile(f"(?:{rules.several})$")
        self._led = re.compile(rules.led)
        self._years = re.compile(rules.led.removeprefix("^"))

    def told(self, names: Iterable[str], text: str, day: str | None) -> Cue:
        """What the words around the first of the names that the text has tell."""
        for name in names:
            at = text.find(name)
            if at >= 0:
                cue = self._at(at, at + len(name), text, day)
                if cue is not NONE:
                    return cue
        return NONE

    def _at(self, start: int, end: int, text: str, day: str | None) -> Cue:
        before = _STOP.split(text[max(start - _WORDS, 0) : start])[-1]
        after = text[end : end + _AFTER]
        if self._several.search(before):
            return Cue(whole=True)
        if day is None or any(word in after for word in self._rules.recalled):
            return NONE
        if year := self._relative(before, day) or self._leading(text, start):
            return Cue(year=year)
        if place := self._place(before):
            return Cue(place=place)
        ready = any(word in after for word in self._rules.readied)
        if ready or any(word in before for word in self._rules.ahead):
            return Cue(way="next")
        if after.startswith(self._rules.outcomes) or any(word in before for word in self._rules.behind):
            return Cue(way="last")
        return NONE

    def _relative(self, before: str, day: str) -> str | None:
        """The year that a word before the name tells, 去年."""
        found = {word: before.rfind(word) for word in self._rules.relative}
        last = max(found, key=lambda word: (found[word], len(word)), default="")
        return str(int(day[:4]) + self._rules.relative[last]) if found.get(last, -1) >= 0 else None

    def _leading(self, text: str, at: int) -> str | None:
        """The year with which the sentence begins, where no other stands between it and the name."""
        start = max((one.end() for one in _SENTENCE.finditer(text, 0, at)), default=0)
        led = self._led.match(text[start:at])
        if led is None or self._years.search(text[start + led.end() : at]):
            return None
        return led["year"]

    def _place(self, before: str) -> str | None:
        """The place whose name stands right before that of the meeting."""
        lengths = range(min(_PLACE, len(before)), 1, -1)
        return next((before[-one:] for one in lengths if self._is_place(before[-one:])), None)
