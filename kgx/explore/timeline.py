"""How many facts there are of each kind in each year, month or day: what a chart over time is drawn of."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kgx.explore.corpus import when
from kgx.period import period
from kgx.viz.links import Statement

KINDS = 8  # of facts with a colour of their own
MONTHS = 42  # more than that are shown by year
_FEW = 0.02  # of the facts: what lies before or after all but so many is left out at either end


@dataclass(frozen=True, slots=True)
class Step:
    """A year, month or day with its facts by kind, the kinds in the order of the chart, and all others."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All facts of the step."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Steps without a gap; `before`, `after` and `undated` count the facts that lie in none of them."""

    kinds: tuple[str, ...]
    steps: tuple[Step, ...]
    before: int
    after: int
    undated: int

    @property
    def most(self) -> int:
        """The facts of the fullest step."""
        return max((step.total for step in self.steps), default=0)


def timeline(
    held: Sequence[Statement], order: Sequence[str], first: str | None = None, last: str | None = None
) -> Timeline:
    """The chart of statements between two days, or where most of them lie.

    A fact counts for the day on which it begins, an undated one for that on which it is first told. `order`
    has the kinds that get a colour of their own; of them those are kept that there are.
    """
    dated = [(day, one.type) for one in held if (day := when(one)[0])]
    if not dated:
        return Timeline((), (), 0, 0, len(held))
    days = [day for day, _ in dated]
    grain, begin, end = _range(days, first, last)
    found = Counter((day[:grain], type_) for day, type_ in dated)
    names = _names(begin, end, grain)
    wanted = set(names)
    used = {type_ for (name, type_) in found if name in wanted}
    kinds = tuple(kind for kind in order[:KINDS] if kind in used)
    steps = []
    for name in names:
        own = tuple(found[name, kind] for kind in kinds)
        steps.append(Step(name, (*own, sum(found[name, type_] for type_ in used - set(kinds)))))
    return Timeline(
        kinds,
        tuple(steps),
        sum(day[:grain] < begin for day in days),
        sum(day[:grain] > end for day in days),
        len(held) - len(days),
    )


def spans(held: Sequence[Statement]) -> list[tuple[Statement, float, float]]:
    """Statements, each with where it begins and ends between the first day of all (0) and the last (1)."""
    days = [_number(day) for one in held if one.days for day in (one.days.first, one.days.last)]
    first, width = min(days, default=0), max(max(days, default=1) - min(days, default=0), 1)

    def place(day: str) -> float:
        return (_number(day) - first) / width

    return [
        (one, place(one.days.first), place(one.days.last)) if one.days else (one, 0.0, 0.0) for one in held
    ]


def _number(day: str) -> int:
    return datetime.date.fromisoformat(day).toordinal()


def _range(days: Iterable[str], first: str | None, last: str | None) -> tuple[int, str, str]:
    """How many characters of a date a step has (4 a year, 7 a month, 10 a day), the first and last step."""
    ordered = sorted(days)
    skip = int(_FEW * len(ordered))
    begin = first or ordered[skip]
    end = last or ordered[len(ordered) - 1 - skip]
    begin, end = min(begin, end), max(begin, end)
    months = (int(end[:4]) - int(begin[:4])) * 12 + int(end[5:7]) - int(begin[5:7]) + 1
    grain = 10 if months == 1 else 7 if months <= MONTHS else 4
    return grain, begin[:grain], end[:grain]


def _names(begin: str, end: str, grain: int) -> list[str]:
    years = range(int(begin[:4]), int(end[:4]) + 1)
    if grain == 4:
        return [f"{year:04}" for year in years]
    if grain == 7:
        names = (f"{year:04}-{month:02}" for year in years for month in range(1, 13))
        return [name for name in names if begin <= name <= end]
    days = int(period(begin[:7]).last[8:])
    return [name for day in range(1, days + 1) if begin <= (name := f"{begin[:7]}-{day:02}") <= end]
