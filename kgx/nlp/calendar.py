"""Arithmetic on ISO dates of day, month or year precision, and on intervals of them.

A value is `2014-05-20`, `2014-05`, `2014` or an interval of two such with a slash between, its first
and last member included: `2025-12-01/2025-12-03`, `1990/1999`.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from kgx.nlp.record import record


@record
class Moment:
    """A year, a month of a year, or a day; fields that are not fixed are None."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """The ISO form."""
        if self.month is None:
            return f"{self.year:04d}"
        if self.day is None:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    @property
    def first(self) -> date:
        """The first day of it."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day of it."""
        month = self.month or 12
        return date(self.year, month, self.day or days_in(self.year, month))


def days_in(year: int, month: int) -> int:
    """The number of days of a month."""
    return calendar.monthrange(year, month)[1]


def moment(year: int, month: int | None = None, day: int | None = None) -> Moment | None:
    """The moment, or None where the calendar has no such day (30 February) or year."""
    if not 1 <= year <= 9999 or not 1 <= (1 if month is None else month) <= 12:
        return None
    if day is not None and (month is None or not 1 <= day <= days_in(year, month)):
        return None
    return Moment(year, month, day)


def of_day(day: date) -> Moment:
    """The moment that is this day."""
    return Moment(day.year, day.month, day.day)


def lunar(year: int, month: int, day: int) -> Moment | None:
    """The moment of a day of the traditional Chinese calendar (no leap month); None where there is none."""
    from borax.calendars.lunardate import LunarDate

    try:
        return of_day(LunarDate(year, month, day).to_solar_date())
    except ValueError:  # no such day, or out of the table's range (1900 to 2100)
        return None


def shift_month(year: int, month: int, by: int) -> tuple[int, int]:
    """Year and month, `by` months on."""
    years, months = divmod(year * 12 + month - 1 + by, 12)
    return years, months + 1


def shift(start: Moment, unit: str, by: int) -> Moment | None:
    """The moment `by` days, months or years on, of the precision that `unit` says; None out of range.

    Where `start` is coarser than `unit` the result is None.
    """
    if unit == "year":
        return moment(start.year + by)
    if start.month is None:
        return None
    if unit == "month":
        return moment(*shift_month(start.year, start.month, by))
    if start.day is None:
        return None
    try:
        return of_day(start.first + timedelta(days=by))
    except OverflowError:
        return None


def week(day: date, by: int, first: int = 1, last: int = 7) -> tuple[Moment, Moment]:
    """Days `first` to `last` (1 is Monday) of the week that lies `by` weeks from that of `day`."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=by)
    return of_day(monday + timedelta(days=first - 1)), of_day(monday + timedelta(days=last - 1))


def value_of(start: Moment, end: Moment | None = None) -> str:
    """The ISO value of a moment, or of the interval of two."""
    return str(start) if end is None or end == start else f"{start}/{end}"


def nearest_year(published: date, month: int, ahead: bool) -> int:
    """The year of a month that is named without one.

    It is the year of publication, but the one before where the month would lie more than half a year
    ahead (December, read in January), and the next where the text looks `ahead` and the month is more
    than half a year gone.
    """
    distance = month - published.month
    if distance > 6 and not ahead:
        return published.year - 1
    if distance < -6 and ahead:
        return published.year + 1
    return published.year


NEAR = 10  # days that a bare day may lie ahead without a word that says so


def nearest_month(published: date, day: int, ahead: bool) -> tuple[int, int]:
    """The year and month of a day that is named without them: 20日.

    It is the month of publication, but the one before where the day would lie ahead by more than
    `NEAR` days, and the next where the text looks `ahead` and the day is more than `NEAR` days gone.
    Where that month has no such day, the nearest earlier one that has.
    """
    year, month = published.year, published.month
    if ahead and published.day - day > NEAR:
        year, month = shift_month(year, month, 1)
    elif not ahead and day - published.day > NEAR:
        year, month = shift_month(year, month, -1)
    while day > days_in(year, month) and day <= 31:
        year, month = shift_month(year, month, -1)
    return year, month
