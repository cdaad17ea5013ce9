"""Offices as the lexicon has them: whose, which, from when until when."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kgx.period import period
from kgx.schemas.lexicon import OFFICE

HEADS = frozenset({"head-of-state", "head-of-government"})  # roles of who heads a state or its government
_OFFICE = re.compile(OFFICE)


@dataclass(frozen=True, slots=True)
class Office:
    """An office held: `body` is a name of the lexicon; `first` and `last` are days, None where open."""

    body: str
    role: str
    first: str | None = None
    last: str | None = None

    def __str__(self) -> str:
        """The form of the tables: `俄罗斯 head-of-state 2012-05-07/`."""
        return f"{self.body} {self.role} {self.first or ''}/{self.last or ''}"

    def holds(self, day: str, leeway: int = 0) -> bool:
        """Whether it was held on a day, `leeway` days before and after included."""
        return not self.later(day, leeway) and not (self.last is not None and shift(self.last, leeway) < day)

    def later(self, day: str, leeway: int = 0) -> bool:
        """Whether it began only after that day."""
        return self.first is not None and day < shift(self.first, -leeway)


def heads(offices: Iterable[Office], day: str, leeway: int = 0) -> bool:
    """Whether one of the offices is that of a head of state or government, held on a day."""
    return any(one.role in HEADS and one.holds(day, leeway) for one in offices)


@lru_cache(maxsize=65536)
def shift(day: str, days: int) -> str:
    """The day so many days later."""
    return f"{datetime.date.fromisoformat(day) + datetime.timedelta(days)}"


@lru_cache(maxsize=65536)
def parse_office(text: str) -> Office:
    """An office in the form of the tables; a month or year counts from its first day, or to its last.

    Raises ValueError where the text has another form.
    """
    form = _OFFICE.fullmatch(text)
    if form is None:
        raise ValueError(f"no office: {text!r}")
    body, role, first, last = form.groups()
    return Office(body, role, period(first).first if first else None, period(last).last if last else None)
