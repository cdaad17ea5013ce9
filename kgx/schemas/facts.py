"""The schema of `facts.yml`: fact types, their roles, vocabularies, short cuts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kgx.model import EntityType
from kgx.rulebook import Rule

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
    identity: tuple[Name, ...] = ()
    distinct: tuple[Name, ...] = ()
    abroad: tuple[Name, ...] = ()
    adds: tuple[Name, ...] = ()
    unmixed: tuple[EntityType, ...] = ()
    ahead: bool = False
    roles: dict[Name, SlotRule]


class ShortcutRule(Label):
    """An edge between entities that `facts.yml` derives from facts of one type."""

    type: Name
    start: Name
    end: Name
    where: dict[Name, str] = {}
    symmetric: bool = False


class FactAdditions(Rule):
    """`facts.yml` of a user's folder: what it adds to the shipped one, or replaces there, by name."""

    values: dict[Name, dict[str, Label]] = {}
    roles: dict[Name, RoleRule] = {}
    types: dict[Name, FactTypeRule] = {}
    shortcuts: dict[Name, ShortcutRule] = {}
    former: tuple[str, ...] = ()


class FactSchema(FactAdditions):
    """`facts.yml`: the fact types, their roles, the controlled vocabularies, the short cuts."""

    @model_validator(mode="after")
    def _declared(self) -> FactSchema:
        used = {name for one in self.types.values() for name in one.roles}
        for what, names in (("undeclared", used - set(self.roles)), ("unused", set(self.roles) - used)):
            if names:
                raise ValueError(f"{what} roles: {', '.join(sorted(names))}")
        for name, one in self.types.items():
            for what in ("some_of", "identity", "distinct", "abroad", "adds"):
                if missing := set(getattr(one, what)) - set(one.roles):
                    raise ValueError(f"{name}: {what} names {', '.join(sorted(missing))}, no role of it")
            for role, slot in one.roles.items():
                if slot.values and slot.values not in self.values:
                    raise ValueError(f"{name}.{role}: no vocabulary {slot.values}")
        for name, edge in self.shortcuts.items():
            if edge.type not in self.types:
                raise ValueError(f"shortcut {name}: no fact type {edge.type}")
            if missing := {edge.start, edge.end, *edge.where} - set(self.types[edge.type].roles):
                raise ValueError(f"shortcut {name}: {edge.type} has no role {', '.join(sorted(missing))}")
        return self
