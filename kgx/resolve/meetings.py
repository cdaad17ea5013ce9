"""Which edition of a series of meetings a name means: by its number, its year, its place, or the day.

Two names are of one meeting where they are of one series and one edition: 上合组织撒马尔罕峰会 and
上海合作组织成员国元首理事会第二十二次会议 are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kgx.iri import identity
from kgx.nlp.dateforms import number
from kgx.schemas.resolve import EventRules, SeriesRow

_MARKS = re.compile(r"\s*[—–-]+\s*")


@dataclass(frozen=True, slots=True)
class Edition:
    """One meeting of a series: its number, its month (`2022-09`), its place where it has one."""

    number: int
    month: str
    place: str | None


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    editions: tuple[Edition, ...]


class Meetings:
    """The series of `series.tsv`, and what tells their editions."""

    def __init__(self, rows: Iterable[SeriesRow], rules: EventRules, numerals: Mapping[str, int]) -> None:
        """`rules` tells which other names recur, and how near a bare name has to be."""
        self._rules = rules
        self._numerals = numerals
        self._ordinal, self._counted = re.compile(rules.ordinal), re.compile(rules.counted)
        self._year = re.compile(rules.year)
        self._series: dict[str, _Series] = {}
        self._english: dict[str, str] = {}
        for row in rows:
            editions = tuple(_edition(one) for one in row.editions)
            if row.en is not None:
                for one in editions:
                    self._english[f"{row.name}-{one.number}"] = f"{_english(one.number)} {row.en}"
            for name in (row.name, *row.aliases):
                self._series[_bare(name)] = _Series(row.name, editions)
        held = {one.place for series in self._series.values() for one in series.editions if one.place}
        self._places = sorted(held)

    def edition(self, name: str, day: str | None, known: str | None = None) -> str | None:
        """The edition of a series that `name` means in a document of that day, as `series-22`, if any.

        `known` is the lexicon's identity of it, if any: then a bare name means the series itself.
        """
        text, ordinal, year, rest = self._parts(name)
        series = self._series.get(rest)
        place = None
        if series is None:
            series, place = self._placed(rest)
        if series is None:
            return None
        edition = self._chosen(series.editions, ordinal, year, place)
        if edition is None and rest == text and known is None and day is not None:
            edition = self._near(series.editions, day)
        return None if edition is None else f"{series.name}-{edition.number}"

    def label_en(self, edition: str) -> str | None:
        """The English name of an edition, `22nd SCO summit`, where its series has one."""
        return self._english.get(edition)

    def yearly(self, name: str, day: str | None) -> str | None:
        """The name with its year, or else the day's, where it is one of what is held again and again."""
        text, _, year, rest = self._parts(name)
        if self._counted.search(text) or not rest.endswith((*self._rules.endings, *self._rules.monthly)):
            return None
        if year is not None:
            return f"{rest}-{year['year']}"
        if day is None:
            return None
        return f"{text}-{day[:7]}" if text.endswith(self._rules.monthly) else f"{text}-{day[:4]}"

    def _parts(self, name: str) -> tuple[str, re.Match[str] | None, re.Match[str] | None, str]:
        """The bare name, its number, its year, and what is left without them."""
        text = rest = _bare(name)
        ordinal, year = self._ordinal.search(text), self._year.search(text)
        for found in (ordinal, year):
            if found is not None:
                rest = rest.replace(found[0], "", 1)
        return text, ordinal, year, rest

    def series(self, name: str) -> str | None:
        """The series that the name names as a whole, if any."""
        found = self._series.get(_bare(name))
        return None if found is None else found.name

    def _placed(self, text: str) -> tuple[_Series | None, str | None]:
        """The series whose name is left when the place of an edition is taken out."""
        for place in self._places:
            if place in text:
                series = self._series.get(text.replace(place, "", 1))
                if series is not None and any(one.place == place for one in series.editions):
                    return series, place
        return None, None

    def _chosen(
        self,
        editions: Sequence[Edition],
        ordinal: re.Match[str] | None,
        year: re.Match[str] | None,
        place: str | None,
    ) -> Edition | None:
        """The one edition that number, year and place allow; None where they allow none or several."""
        if ordinal is None and year is None and place is None:
            return None
        count = None
        if ordinal is not None:
            count = number(ordinal["number"], self._numerals) if ordinal["number"] else 1
        fitting = [
            one
            for one in editions
            if (count is None or one.number == count)
            and (year is None or one.month.startswith(year["year"]))
            and (place is None or one.place == place)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _near(self, editions: Sequence[Edition], day: str) -> Edition | None:
        now, rules = _months(day), self._rules
        near: dict[int, list[Edition]] = {}
        for one in editions:
            ahead = _months(one.month) - now
            if -rules.after <= ahead <= rules.before:
                near.setdefault(abs(ahead), []).append(one)
        best = near[min(near)] if near else []
        return best[0] if len(best) == 1 else None


def _bare(name: str) -> str:
    return _MARKS.sub("-", identity(name))


def _english(number: int) -> str:
    """A number as an English ordinal: 22nd, 13th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _months(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7])


def _edition(text: str) -> Edition:
    count, month, *place = text.split("=")
    return Edition(int(count), month, place[0] if place else None)
