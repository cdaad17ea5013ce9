"""The schemas of `resolve.yml` and `series.tsv`: what makes things of different documents one."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, field_validator

from kgx.model import EntityType
from kgx.regexes import compiling
from kgx.rulebook import Rule

_EDITION = re.compile(r"[1-9][0-9]*=[0-9]{4}-[0-9]{2}(?:=[^=|]+)?")


class FactRules(Rule):
    """When two reports are of one fact."""

    free: tuple[str, ...]
    days: Annotated[int, Field(ge=0)]
    windowed: tuple[str, ...]
    most: Annotated[float, Field(gt=0, le=1)]


class EventRules(Rule):
    """When two names are of one meeting."""

    ordinal: str
    counted: str
    year: str
    endings: tuple[str, ...]
    monthly: tuple[str, ...]
    before: Annotated[int, Field(ge=0)]
    after: Annotated[int, Field(ge=0)]

    @field_validator("ordinal", "counted", "year")
    @classmethod
    def _compiles(cls, value: str) -> str:
        return compiling(value)


class PersonRules(Rule):
    """When two persons of one name, whom no lexicon knows, are two."""

    apart: tuple[str, ...]
    known: tuple[str, ...]


class ResolveRules(Rule):
    """`resolve.yml`."""

    facts: FactRules
    events: EventRules
    persons: PersonRules
    generic: dict[EntityType, tuple[str, ...]]


class SeriesRow(Rule):
    """One row of `series.tsv`: a meeting that is held again and again, and its editions."""

    name: Annotated[str, Field(min_length=2)]
    aliases: tuple[str, ...] = ()
    en: str | None = None
    editions: tuple[str, ...]

    @field_validator("editions")
    @classmethod
    def _form(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            if not _EDITION.fullmatch(one):
                raise ValueError(f"{one!r} is no edition; write number=year-month or number=year-month=place")
        return value
