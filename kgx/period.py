"""ISO dates as documents give them: a day, a month, a year, or an interval of two such."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Grain = Literal["day", "month", "year", "interval"]
_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day that an ISO value covers, both `YYYY-MM-DD`."""

    first: str
    last: str
    grain: Grain


@lru_cache(maxsize=65536)
def period(value: str) -> Period:
    """The period of `2014-05-20`, `2014-05`, `2014` or `2025-12-01/2025-12-03`.

    Raises ValueError where the value is none of these, names no real day, or ends before it begins.
    """
    if "/" in value:
        begin, _, end = value.partition("/")
        head, tail = period(begin), period(end)
        if "interval" in (head.grain, tail.grain) or tail.last < head.first:
            raise ValueError(f"no interval: {value!r}")
        return Period(head.first, tail.last, "interval")
    form = _FORM.fullmatch(value)
    if form is None:
        raise ValueError(f"no ISO date: {value!r}")
    year, month, day = (int(part) if part else None for part in form.groups())
    assert year is not None
    if month is None:
        return Period(f"{datetime.date(year, 1, 1)}", f"{datetime.date(year, 12, 31)}", "year")
    if day is None:
        first = datetime.date(year, month, 1)
        return Period(f"{first}", f"{first.replace(day=calendar.monthrange(year, month)[1])}", "month")
    only = f"{datetime.date(year, month, day)}"
    return Period(only, only, "day")


def is_period(value: str) -> bool:
    """Whether `period` would accept the value."""
    try:
        period(value)
    except ValueError:
        return False
    return True
