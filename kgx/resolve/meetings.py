"""Which edition of a series of meetings a name means: by its number, its year, its place, or the day.

Two names are of one meeting where they are of one series and one edition: 上合组织撒马尔罕峰会 and
上海合作组织成员国元首理事会第二十二次会议 are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kgx.iri import identity
from kgx.lexicon import LexEntry
from kgx.nlp.dateforms import number
from kgx.resolve.cues import Way
from kgx.schemas.resolve import EventRules, SeriesRow

_MARKS = re.compile(r"\s*[—–-]+\s*")
_YEAR = 4  # characters
_RARE = 24  # months


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

    @property
    def rare(self) -> bool:
        """Whether years lie between the editions."""
        months = sorted(_months(one.month) for one in self.editions)
        return all(later - one >= _RARE for one, later in pairwise(months))

    @property
    def by_year(self) -> bool:
        """Whether the editions are numbered by their years."""
        return all(one.month.startswith(str(one.number)) for one in self.editions)


class Meetings:
    """The series of `series.tsv`, and what tells their editions."""

    def __init__(
        self,
        rows: Iterable[SeriesRow],
        rules: EventRules,
        numerals: Mapping[str, int],
        known: Mapping[str, LexEntry] | None = None,
    ) -> None:
        """`rules` tells which other names recur, and how near a bare name has to be.

        `known` are further events that are held again and again, by name; when, nobody knows.
        """
        self._rules = rules
        self._numerals = numerals
        self._ordinal, self._counted = re.compile(rules.ordinal), re.compile(rules.counted)
        self._year = re.compile(rules.year)
        self._figure = re.compile(rules.figure)
        self._known = {_bare(name): entry for name, entry in (known or {}).items()}
        self._series: dict[str, _Series] = {}
        self._english = {_bare(one.name): f"{{nth}} {one.en}" for one in self._known.values() if one.en}
        self._held: dict[str, Edition] = {}
        for row in rows:
            series = _Series(_bare(row.name), tuple(_edition(one) for one in row.editions))
            for name in (row.name, *row.aliases):
                self._series[_bare(name)] = series
            if row.en is not None:
                self._english[series.name] = row.en
            self._held |= {f"{series.name}-{one.number}": one for one in series.editions}
        held = {one.place for series in self._series.values() for one in series.editions if one.place}
        self._places = sorted(held)

    def edition(self, name: str, day: str | None, known: str | None = None, way: Way = "") -> str | None:
        """The edition of a series that `name` means in a document of that day, as `series-22`, if any.

        `known` is the lexicon's identity of it, if any: then a bare name means the series itself. `way` tells
        whether a bare name means the last edition that was held, or the next.
        """
        text, ordinal, year, rest = self._parts(name)
        series = self._series.get(rest)
        place = None
        if series is None:
            series, place = self._placed(rest)
        if series is None:
            return self._numbered(rest, ordinal, year) if known is None else None
        fitting: Sequence[Edition] = ()
        if rest != text or place is not None:
            fitting = self._fitting(series.editions, ordinal, year, place)
            if not fitting:
                return self._further(series, ordinal, year, day)
            if place is not None and ordinal is None and day is not None and not series.rare:
                fitting = [one for one in fitting if _months(one.month) - _months(day) <= _RARE]
                if not fitting:
                    return self.unlisted(series.name, day)
        else:
            close = self._rules.rare if series.rare else self._rules.close
            if way and known is None:
                fitting = self._along(series.editions, day, way)
            else:
                fitting = self._near(series.editions, day, near=close if known else None)
            held = () if fitting or known else [one for one in series.editions if one.month <= (day or "")]
            if len(held) == 1 and held[0].number == 1:  # the only one there was
                fitting = held
        if len(fitting) > 1 and place is not None:
            fitting = self._closest(fitting, day)
        return f"{series.name}-{fitting[0].number}" if len(fitting) == 1 else None

    def _further(
        self, series: _Series, ordinal: re.Match[str] | None, year: re.Match[str] | None, day: str | None
    ) -> str | None:
        """An edition that the table does not have, by its number, else its year."""
        if ordinal is not None:
            return None if series.by_year else f"{series.name}-{self._count(ordinal)}"
        return self._of_year(series, year["year"]) if year is not None else self.unlisted(series.name, day)

    def _of_year(self, series: _Series, year: str) -> str | None:
        """The edition of a year of which the table has none."""
        if any(one.month.startswith(year) for one in series.editions):
            return None
        return f"{series.name}-{year}" if series.by_year else f"{series.name}-@{year}"

    def unlisted(self, name: str, day: str | None) -> str | None:
        """The edition of the year of a day, where a series is held often and the table has none of it."""
        series = self._series[name]
        return None if day is None or series.rare else self._of_year(series, day[:_YEAR])

    def longer(self, names: Iterable[str], text: str) -> str | None:
        """The name of another series that a name is the end of wherever the text has it."""
        for name in names:
            bare = _bare(name)
            for other, series in self._series.items():
                if other == bare or not other.endswith(bare) or series is self._series.get(bare):
                    continue
                if text.count(name) == text.count(other) > 0:
                    return other
        return None

    def plain(self, name: str, day: str | None = None) -> str:
        """What is held, and its number: the same name wherever that stands, in figures or not.

        `day` tells the term of which a number is that begins anew with each term.
        """
        text = _bare(name)
        found = list(self._ordinal.finditer(text))
        if len(found) == 1:
            (ordinal,) = found
            rest = text.replace(ordinal[0], "", 1)
            year = self._year.match(rest)
            if year is not None and ordinal[0].endswith(self._rules.through):
                rest = rest[year.end() :]
            if rest := rest.strip("- "):
                return f"{rest}-{self._term(rest, day)}{self._count(ordinal)}"
        return self._figure.sub(lambda one: f"{one['before']}{number(one['number'], self._numerals)}", text)

    def begun(self, name: str) -> str | None:
        """The month in which the term began that the beginning of a name tells: 二十届…."""
        return next((month for word, month in self._rules.congresses.items() if name.startswith(word)), None)

    def _term(self, name: str, day: str | None) -> str:
        """The year in which the term of a day began, where the numbers of meetings begin anew with each."""
        begun = [one for one in self._rules.terms.get(name, ()) if day is not None and one <= day]
        return f"{max(begun)[:_YEAR]}-" if begun else ""

    def rare(self, name: str) -> bool:
        """Whether years lie between the editions of a series."""
        return self._series[name].rare

    def listed(self, edition: str | None) -> bool:
        """Whether the table has an edition."""
        return edition in self._held

    def other(self, series: str, text: str) -> bool:
        """Whether a bare name of the series is that of another thing in a text."""
        word = self._rules.other.get(series)
        return word is not None and word in text

    def single(self, name: str) -> bool:
        """Whether a name has a number or a year, so that it is of one meeting."""
        return bool(self._counted.search(name) or self._year.search(name)) or name[-1:].isdecimal()

    def summit(self, name: str, day: str | None) -> str | None:
        """The edition that a place tells whose summit of the time it is, of whatever series."""
        text = _bare(name)
        place = next((text.removesuffix(one) for one in self._rules.summits if text.endswith(one)), None)
        if place not in self._places:
            return None
        held = {edition: one for one, edition in self._held.items() if edition.place == place}
        near = self._closest(tuple(held), day)
        return held[near[0]] if len(near) == 1 else None

    def label_en(self, edition: str) -> str | None:
        """The English name of an edition, `22nd SCO summit`, where its series has one."""
        series, _, count = edition.rpartition("-")
        count = count.removeprefix("@")
        if edition in self._english:  # the series itself
            return self._english[edition].format(nth="", year="").strip()
        english = self._english.get(series)
        if english is None or not count.isdecimal():
            return None
        held = self._held.get(edition)
        if held is None and len(count) == _YEAR:
            if "{year}" in english:
                return english.format(nth="", year=count).strip()
            return f"{english.format(nth='').strip()} {count}"
        return english.format(nth=nth(int(count)), year=held.month[:_YEAR] if held else "").strip()

    def yearly(self, name: str, day: str | None, told: str | None = None) -> str | None:
        """The name with its year, or else the day's, where it is one of what is held again and again.

        `told` is the year that the document gives it beside its name, or in a fact.
        """
        text, _, year, rest = self._parts(name)
        if (
            text in self._series
            or self._counted.search(text)
            or not rest.endswith((*self._rules.endings, *self._rules.monthly))
        ):
            return None
        if year is not None:
            return f"{rest}-{year['year']}"
        if told is not None and told != (day or "")[:_YEAR]:
            return f"{text}-{told}"
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

    def _numbered(self, rest: str, ordinal: re.Match[str] | None, year: re.Match[str] | None) -> str | None:
        """The edition of an event of the lexicon, by its number, else its year."""
        entry = self._known.get(rest)
        if entry is None or (ordinal is None and year is None):
            return None
        which = str(self._count(ordinal)) if ordinal is not None else year["year"]  # type: ignore[index]
        return f"{_bare(entry.name)}-{which}"

    def _count(self, ordinal: re.Match[str]) -> int:
        return number(ordinal["number"], self._numerals) if ordinal["number"] else 1

    def _fitting(
        self,
        editions: Sequence[Edition],
        ordinal: re.Match[str] | None,
        year: re.Match[str] | None,
        place: str | None,
    ) -> Sequence[Edition]:
        """The editions that number, place and year allow; a place goes before a year that contradicts it."""
        if ordinal is not None:
            return [one for one in editions if one.number == self._count(ordinal)]
        if place is not None:
            editions = [one for one in editions if one.place == place]
        if year is not None:
            of_year = [one for one in editions if one.month.startswith(year["year"])]
            return of_year if of_year or place is None else editions
        return editions

    def _near(
        self, editions: Sequence[Edition], day: str | None, near: int | None = None
    ) -> Sequence[Edition]:
        """Those next in time to the day, if near enough: so many months, or as the rules say."""
        if day is None:
            return ()
        before, after = (self._rules.before, self._rules.after) if near is None else (near, near)
        now = _months(day)
        found: dict[int, list[Edition]] = {}
        for one in editions:
            ahead = _months(one.month) - now
            if -after <= ahead <= before:
                found.setdefault(abs(ahead), []).append(one)
        return found[min(found)] if found else ()

    def _along(self, editions: Sequence[Edition], day: str | None, way: Way) -> Sequence[Edition]:
        """The last that was held before the day, or the next after it if it is soon enough."""
        if day is None:
            return ()
        if way == "last":
            return [one for one in self._last(editions, day) if _months(day) - _months(one.month) <= _RARE]
        ahead = [one for one in editions if 0 <= _months(one.month) - _months(day) <= self._rules.next]
        return [min(ahead, key=lambda one: one.month)] if ahead else ()

    def _closest(self, editions: Sequence[Edition], day: str | None) -> Sequence[Edition]:
        """The one next in time to the day, of those that were held or will soon be."""
        away = {one: _months(one.month) - _months(day) for one in editions} if day is not None else {}
        near = [one for one, ahead in away.items() if ahead <= self._rules.next]
        return sorted(near, key=lambda one: abs(away[one]))[:1]

    def _last(self, editions: Sequence[Edition], day: str | None) -> Sequence[Edition]:
        """The last that was held before the day."""
        past = [one for one in editions if day is not None and one.month <= day]
        return [max(past, key=lambda one: one.month)] if past else ()


def _bare(name: str) -> str:
    return _MARKS.sub("-", identity(name))


def nth(number: int) -> str:
    """A number as an English ordinal: 22nd, 13th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _months(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7])


def _edition(text: str) -> Edition:
    count, month, *place = text.split("=")
    return Edition(int(count), month, place[0] if place else None)
