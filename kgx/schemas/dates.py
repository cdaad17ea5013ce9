"""The schema of `dates.yml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kgx.rulebook import Rule

Unit = Literal["day", "month", "year"]
DateWords = tuple[Annotated[str, Field(min_length=1)], ...]


class DateGuard(Rule):
    """Where an expression of the kinds or words `of` is no date, of `dates.yml`: regular expressions."""

    of: DateWords
    before: str = ""
    after: str = ""


class FirstMonths(Rule):
    """The words around the number in 前8个月."""

    before: str
    after: DateWords


class DateRules(Rule):
    """The words and marks of dates, of `dates.yml`."""

    numerals: dict[Annotated[str, Field(min_length=1, max_length=1)], int]
    year_marks: DateWords
    month_marks: DateWords
    day_marks: DateWords
    range_marks: DateWords
    list_marks: DateWords
    sentence_marks: str
    title_marks: tuple[str, str]
    years: dict[str, int]
    same_years: dict[str, int]
    year_pairs: dict[str, tuple[int, int]]
    months: dict[str, int]
    weeks: dict[str, int]
    week_names: DateWords
    weekdays: dict[str, tuple[int, int]]
    days: dict[str, int]
    backward: dict[str, tuple[Unit, int]]
    year_parts: dict[str, tuple[int, int]]
    year_suffixes: DateWords
    first_months: FirstMonths
    month_parts: dict[str, tuple[int, int]]
    century_mark: str
    centuries: dict[str, int]
    decade_mark: str
    decade_parts: DateWords
    lunar: DateWords
    lunar_months: dict[str, Annotated[int, Field(ge=1, le=12)]]
    lunar_days: str
    stems: Annotated[str, Field(min_length=10, max_length=10)]
    branches: Annotated[str, Field(min_length=12, max_length=12)]
    ago: dict[str, Unit]
    ago_marks: DateWords
    ahead_before: DateWords
    ahead_after: DateWords
    hours: DateWords
    first_person: DateWords
    guards: tuple[DateGuard, ...]
    part_words: str
    part_open: str
