"""The schema of each rule file: one pydantic model a file, its fields the columns or keys, in order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from kgx.model import EntityType
from kgx.rulebook import Rule

# -- lexicon -----------------------------------------------------------------------------------------
Qid = Annotated[str, Field(pattern=r"^Q[1-9]\d*$")]
Surface = Annotated[str, Field(min_length=2)]
OneCharacter = Annotated[str, Field(min_length=1, max_length=1)]


class LexiconRow(Rule):
    """One named thing of `lexicon/*.tsv`; the file says its type."""

    name: Surface
    aliases: tuple[Surface, ...] = ()
    short: tuple[OneCharacter, ...] = ()
    qid: Qid | None = None
    en: str | None = None
    kind: str | None = None
    located: str | None = None


class CountryRow(LexiconRow):
    """A state, of `lexicon/countries.tsv`; former states have no ISO code."""

    iso3: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None


class BlockRow(Rule):
    """A string of `lexicon/blocks.tsv` that holds no mention, and why."""

    text: Surface
    note: str | None = None


# -- facts -------------------------------------------------------------------------------------------
Name = Annotated[str, Field(pattern=r"^[A-Za-z]+$")]


class Label(Rule):
    """A name in Chinese and in English."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class RoleRule(Label):
    """A role of `facts.yml`: its labels, and the SEM property that it refines."""

    refines: Literal["actor", "place", "none"]


class SlotRule(Rule):
    """What one role of one fact type holds."""

    holds: Literal["entity", "text", "either"]
    accepts: tuple[EntityType, ...] = ()
    least: Annotated[int, Field(ge=0)] = 0
    single: bool = False
    values: Name | None = None

    @model_validator(mode="after")
    def _consistent(self) -> SlotRule:
        if (self.holds == "text") == bool(self.accepts):
            raise ValueError("`accepts` belongs to every role that may hold an entity, and to no other")
        if self.values and self.holds != "text":
            raise ValueError("a controlled vocabulary needs `holds: text`")
        return self


class FactTypeRule(Label):
    """A fact type of `facts.yml`."""

    comment_zh: Annotated[str, Field(min_length=1)]
    comment_en: Annotated[str, Field(min_length=1)]
    dated: bool = False
    some_of: tuple[Name, ...] = ()
    roles: dict[Name, SlotRule]


class FactSchema(Rule):
    """`facts.yml`: the fact types, their roles, the controlled vocabularies."""

    values: dict[Name, dict[str, Label]]
    roles: dict[Name, RoleRule]
    types: dict[Name, FactTypeRule]

    @model_validator(mode="after")
    def _declared(self) -> FactSchema:
        used = {name for one in self.types.values() for name in one.roles}
        for what, names in (("undeclared", used - set(self.roles)), ("unused", set(self.roles) - used)):
            if names:
                raise ValueError(f"{what} roles: {', '.join(sorted(names))}")
        for name, one in self.types.items():
            if missing := set(one.some_of) - set(one.roles):
                raise ValueError(f"{name}: some_of names {', '.join(sorted(missing))}, no role of it")
            for role, slot in one.roles.items():
                if slot.values and slot.values not in self.values:
                    raise ValueError(f"{name}.{role}: no vocabulary {slot.values}")
        return self


# -- names -------------------------------------------------------------------------------------------
Characters = Annotated[tuple[str, ...], BeforeValidator(lambda v: tuple(v.split()) if isinstance(v, str) else v)]


class GazetteerRules(Rule):
    """How lexicon names are found in text, of `gazetteer.yml`."""

    suffixes: tuple[str, ...]
    side: OneCharacter
    side_types: tuple[str, ...]
    side_kinds: tuple[str, ...] = ()
    not_after: Characters = ()
    not_before: Characters = ()
    extra: dict[str, str] = {}
    blocks: tuple[str, ...] = ()


# -- scoring -----------------------------------------------------------------------------------------
class Scoring(Rule):
    """The annotation's conventions that scoring needs, of `scoring.yml`."""

    blocks: tuple[str, ...]
    anaphoric: frozenset[str]
    vague: tuple[str, ...]
    marks: str
