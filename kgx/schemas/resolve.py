"""The schemas of `resolve.yml` and `series.tsv`: what makes things of different documents one."""

from __future__ import annotations

import re
from string import Formatter
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from kgx.model import EntityType
from kgx.regexes import compiling
from kgx.rulebook import Rule

NUMBER = "{N}"  # in the pattern of a form: figures or Chinese numerals
_EDITION = re.compile(r"[1-9][0-9]*=[0-9]{4}-[0-9]{2}(?:=[^=|]+)?")


class FactRules(Rule):
    """When two reports are of one fact."""

    free: tuple[str, ...]
    days: Annotated[int, Field(ge=0)]
    retold: Annotated[int, Field(ge=0)] = 0
    windowed: tuple[str, ...]
    most: Annotated[float, Field(gt=0, le=1)]


class EventRules(Rule):
    """When two names are of one meeting."""

    ordinal: str
    counted: str
    year: str
    endings: tuple[str, ...]
    monthly: tuple[str, ...]
    kinds: tuple[str, ...]
    summits: tuple[str, ...]
    close: Annotated[int, Field(ge=0)]
    rare: Annotated[int, Field(ge=0)]
    before: Annotated[int, Field(ge=0)]
    after: Annotated[int, Field(ge=0)]
    relative: dict[str, int] = {}
    several: str = "(?!)"
    figure: str = "(?P<before>)(?P<number>)(?!)"
    through: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    recalled: tuple[str, ...] = ()
    led: str = "^(?P<year>)(?!)"
    ahead: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    readied: tuple[str, ...] = ()
    recurring: tuple[str, ...] = ()
    next: Annotated[int, Field(ge=0)] = 0
    other: dict[str, str] = {}
    terms: dict[str, tuple[str, ...]] = {}
    congresses: dict[str, str] = {}

    @field_validator("ordinal", "counted", "year", "several", "figure", "led")
    @classmethod
    def _compiles(cls, value: str) -> str:
        return compiling(value)


class PersonRules(Rule):
    """When two persons of one name, whom no lexicon knows, are two, and when two names are one person's."""

    apart: tuple[str, ...]
    known: tuple[str, ...]
    single: tuple[str, ...]


class NameForm(Rule):
    """A way to write a name, and the usual one: `{n}` and the like are the pattern's groups."""

    type: EntityType
    pattern: str
    name: str
    kinds: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> NameForm:
        groups = re.compile(compiling(self.pattern.replace(NUMBER, "[0-9]+"))).groupindex
        missing = {one for _, one, _, _ in Formatter().parse(self.name) if one is not None} - set(groups)
        if missing:
            raise ValueError(f"name: the pattern has no group {', '.join(sorted(missing))}")
        return self


class NameRules(Rule):
    """Which names of things that the lexicon does not know are of one thing."""

    forms: tuple[NameForm, ...]
    paired: dict[EntityType, tuple[str, ...]]
    stands: dict[str, str] = {}
    parts: tuple[str, ...] = ()
    homed: dict[EntityType, str] = {}
    numbered: dict[EntityType, str] = {}
    bodies: tuple[str, ...]
    annual: dict[EntityType, tuple[str, ...]]
    dated: dict[EntityType, tuple[str, ...]] = {}
    stops: str
    begun: str = ""


class MeantRule(Rule):
    """What a name that many things have means in a document whose text the pattern fits."""

    type: EntityType
    name: str
    text: str
    key: str

    @field_validator("text")
    @classmethod
    def _compiles(cls, value: str) -> str:
        return compiling(value)


class ResolveRules(Rule):
    """`resolve.yml`."""

    facts: FactRules
    names: NameRules
    events: EventRules
    persons: PersonRules
    generic: dict[EntityType, tuple[str, ...]]
    districts: dict[str, tuple[str, ...]] = {}
    meant: tuple[MeantRule, ...] = ()
    articled: tuple[str, ...] = ()


class SeriesRow(Rule):
    """One row of `series.tsv`: a meeting that is held again and again, and its editions."""

    name: Annotated[str, Field(min_length=2)]
    aliases: tuple[str, ...] = ()
    en: str | None = None
    editions: tuple[str, ...]

    @field_validator("en")
    @classmethod
    def _filled(cls, value: str | None) -> str | None:
        unknown = {one for _, one, _, _ in Formatter().parse(value or "")} - {None, "nth", "year"}
        if unknown:
            raise ValueError(f"{value!r}: only {{nth}} and {{year}} can be filled in")
        return value

    @field_validator("editions")
    @classmethod
    def _form(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            if not _EDITION.fullmatch(one):
                raise ValueError(f"{one!r} is no edition; write number=year-month or number=year-month=place")
        return value
