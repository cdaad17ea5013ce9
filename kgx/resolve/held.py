"""Which meetings of one name are several: those that are held in different years, by what documents tell.

A name without a number and a year, such as that of a yearly work conference, is one meeting as long as all
documents that say when it is held name one year. Where they name several, each year has a meeting of its
own; a document that does not say is about the one held not too long before its day, or soon after it.

Where they name one year at most, of a name that many meetings have (…论坛), reports that lie months apart are
of several, each with what is told of it for some time after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from kgx.model import Document, Entity
from kgx.period import period
from kgx.resolve.contexts import Context
from kgx.resolve.homonyms import of_states, persons
from kgx.resolve.keys import Told, day_of
from kgx.resolve.policy import Policy

Place = TypeVar("Place")
_EVENT = "event/"
_SILENT = 240  # days without a report after which a report is of another meeting
_BACK, _AHEAD = 300, 31  # days from a meeting to a report that does not say which one it is about
_YEAR, _MONTH = 4, 7  # characters of a date up to its year, and its month
_GRAINS = ("day", "interval", "month", "year")


def held_of(
    named: Iterable[Entity],
    keys: Mapping[str, str],
    told: Mapping[str, Told],
    document: Document,
    policy: Policy,
) -> Iterator[Context]:
    """The contexts of a document's meetings that may be several: the year that it tells, and the day of both.

    Of a context `states` is the year, `titles` the date, `offices` the day of the document; `fixed` that the
    name is one under which meetings are held again and again.
    """
    rules, meetings = policy.rules.events, policy.meetings
    for entity in named:
        if entity.type != "Event" or (entity.type, entity.name) in policy.generic:
            continue
        key = keys[entity.name]
        name = key.removeprefix(_EVENT)
        known = entity.key is not None
        if known and (entity.kind not in rules.repeated or meetings.series(name) is not None):
            continue
        if meetings.single(name) or name.endswith(rules.lasting):
            continue
        when = told[entity.name]
        day = day_of(document)
        yield Context(
            key,
            key,
            (when.year,) if when.year else (),
            (when.date,) if when.date else (),
            (day,) if day is not None and not when.whole and when.way != "next" else (),
            name.endswith(rules.recurring),
        )


def apart(contexts: Mapping[Place, Context]) -> dict[Place, str]:
    """The key of the person or the meeting in each place, given what is told there; all are of one `key`."""
    if any(one.key.startswith(_EVENT) for one in contexts.values()):
        return _editions(contexts)
    return persons(contexts)


def _editions(contexts: Mapping[Place, Context]) -> dict[Place, str]:
    begun: dict[str, tuple[int, str]] = {}
    for one in contexts.values():
        for year, when in zip(one.states, one.titles, strict=True):
            span = period(when)
            begun[year] = min(begun.get(year, (len(_GRAINS), "")), (_GRAINS.index(span.grain), span.first))
    if len(begun) < 2:
        return _rounds(contexts)
    first = {year: day for year, (_, day) in begun.items()}
    usual = sorted(day[_YEAR:_MONTH] for grain, day in begun.values() if _GRAINS[grain] != "year")
    if usual:  # of a year that is told alone: the month in which the others are held
        for year, (grain, _) in begun.items():
            if _GRAINS[grain] == "year":
                first[year] = f"{year}{usual[len(usual) // 2]}"
    return {
        place: of_states(one, one.states or _near(one.offices, first, back=not one.fixed))
        for place, one in contexts.items()
    }


def _rounds(contexts: Mapping[Place, Context]) -> dict[Place, str]:
    """The meetings that the days of reports tell, each by the year in which its reports begin."""
    out = {place: one.person for place, one in contexts.items()}
    days = {place: _told(one) for place, one in contexts.items() if one.fixed and one.offices}
    year, last, found = "", None, dict[Place, str]()
    for place, day in sorted(days.items(), key=lambda one: one[1]):
        now = _number(day)
        if last is None or now - last > _SILENT:
            year = day[:_YEAR]
        found[place], last = of_states(contexts[place], (year,)), now
    return {**out, **found} if len(set(found.values())) > 1 else out


def _told(one: Context) -> str:
    """The day of the report, or the date that it tells where that is of another year."""
    (day,) = one.offices
    return day if not one.titles or day.startswith(one.states) else period(one.titles[0]).first


def _near(days: tuple[str, ...], first: Mapping[str, str], back: bool) -> tuple[str, ...]:
    """The year of the meeting next to a day, if it was held not too long before or will be soon.

    `back`: else of the last before the day.
    """
    if not days:
        return ()
    since = {year: _number(days[0]) - _number(day) for year, day in first.items()}
    near = {year: abs(gone) for year, gone in since.items() if -_AHEAD <= gone <= _BACK}
    near = near or {year: gone for year, gone in since.items() if back and gone > 0}
    return (min(near, key=lambda year: (near[year], year)),) if near else ()


def _number(day: str) -> int:
    return date.fromisoformat(period(day).first).toordinal()
