"""The schema of facts, as frozen records: which types there are, which roles, what a role may hold.

The schema itself is data, `rules/facts.yml`; frames, merge, RDF and tests all read it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from pydantic import ValidationError

from kgx.model import STATUSES, EntityType, Fact
from kgx.period import is_period
from kgx.rulebook import RuleFolder, load_sited, load_yaml
from kgx.schemas.facts import FactAdditions, FactSchema


@dataclass(frozen=True, slots=True)
class Role:
    """One role of one fact type; see the head of `rules/facts.yml` for each field."""

    name: str
    holds: Literal["entity", "text", "either"]
    accepts: frozenset[EntityType]
    least: int
    single: bool
    values: frozenset[str] | None
    refines: Literal["actor", "place", "none"]
    label_zh: str
    label_en: str

    @property
    def takes_entities(self) -> bool:
        """Whether a filler that is an entity's name stands for that entity."""
        return self.holds != "text"

    @property
    def takes_text(self) -> bool:
        """Whether words as written may fill the role."""
        return self.holds != "entity"


@dataclass(frozen=True, slots=True)
class FactType:
    """One fact type with its roles, in the order in which they are written."""

    name: str
    roles: Mapping[str, Role]
    dated: bool
    some_of: tuple[str, ...]
    identity: tuple[str, ...]
    distinct: tuple[str, ...]
    abroad: tuple[str, ...]
    adds: tuple[str, ...]
    unmixed: frozenset[EntityType]
    ahead: bool
    label_zh: str
    label_en: str
    comment_zh: str
    comment_en: str


@lru_cache(maxsize=8)
def fact_schema(rules: RuleFolder | None = None) -> FactSchema:
    """The validated contents of `facts.yml`, with what a user's folder adds or replaces by name.

    Raises RuleError where a file is wrong.
    """
    shipped, *users = (rules or RuleFolder()).layers("facts.yml")
    schema = load_yaml(shipped, FactSchema)[0]
    for one in [one for path in users for one in load_sited(path, FactAdditions)]:
        added = {
            "values": {**schema.values, **one.rule.values},
            "roles": {**schema.roles, **one.rule.roles},
            "types": {**schema.types, **one.rule.types},
            "shortcuts": {**schema.shortcuts, **one.rule.shortcuts},
            "former": (*schema.former, *one.rule.former),
        }
        try:
            schema = FactSchema.model_validate(added)
        except ValidationError as fault:
            raise one.fault("facts.yml", fault.errors()[0]["msg"]) from None
    return schema


@lru_cache(maxsize=8)
def fact_types(rules: RuleFolder | None = None) -> Mapping[str, FactType]:
    """Every fact type by name, in the order of the file; raises RuleError where the file is wrong."""
    schema = fact_schema(rules)
    out: dict[str, FactType] = {}
    for name, one in schema.types.items():
        roles = {}
        for role, slot in one.roles.items():
            named = schema.roles[role]
            roles[role] = Role(
                name=role,
                holds=slot.holds,
                accepts=frozenset(slot.accepts),
                least=slot.least,
                single=slot.single,
                values=frozenset(schema.values[slot.values]) if slot.values else None,
                refines=named.refines,
                label_zh=named.zh,
                label_en=named.en,
            )
        out[name] = FactType(
            name=name,
            roles=roles,
            dated=one.dated,
            some_of=one.some_of,
            identity=one.identity,
            distinct=one.distinct,
            abroad=one.abroad,
            adds=one.adds,
            unmixed=frozenset(one.unmixed),
            ahead=one.ahead,
            label_zh=one.zh,
            label_en=one.en,
            comment_zh=one.comment_zh,
            comment_en=one.comment_en,
        )
    return out


def fault(
    fact: Fact,
    entities: Mapping[str, EntityType],
    types: Mapping[str, FactType],
    homes: Mapping[str, str] = MappingProxyType({}),
) -> str | None:
    """The first way in which a fact breaks the schema, in a few words, or None where it keeps to it.

    `entities` gives the type of each entity name of the fact's document, `homes` the state of those of
    its persons who act for one. The words name type, role and
    rule but no filler, so that equal faults can be counted.
    """
    kind = types.get(fact.type)
    if kind is None:
        return f"{fact.type}: no such fact type"
    if fact.status not in STATUSES:
        return f"{fact.type}: unknown status"
    if fact.date is not None and not kind.dated:
        return f"{fact.type}: takes no date"
    if fact.date is not None and not is_period(fact.date):
        return f"{fact.type}: not a date"
    if not fact.evidence or fact.end <= fact.start:
        return f"{fact.type}: no evidence"
    for name, fillers in fact.roles.items():
        role = kind.roles.get(name)
        if role is None:
            return f"{fact.type}.{name}: no such role"
        for filler in fillers:
            type_ = entities.get(filler) if role.takes_entities else None
            if type_ is None:
                if not role.takes_text:
                    return f"{fact.type}.{name}: not an entity of the document"
                if not filler.strip():
                    return f"{fact.type}.{name}: empty"
                if role.values is not None and filler not in role.values:
                    return f"{fact.type}.{name}: not in the controlled vocabulary"
            elif type_ not in role.accepts:
                return f"{fact.type}.{name}: a {type_} can't fill it"
    for name, fillers in fact.roles.items():
        mixed = kind.unmixed.intersection(entities[filler] for filler in fillers if filler in entities)
        if len(mixed) > 1:
            return f"{fact.type}.{name}: a {' beside a '.join(sorted(mixed))}"
    for role in kind.roles.values():
        if len(set(fact.roles.get(role.name, ()))) < role.least:
            return f"{fact.type}.{role.name}: needs {role.least} or more"
    sides = [set(fact.roles.get(name, ())) for name in kind.distinct]
    if len(sides) > 1 and sides[0] & set().union(*sides[1:]):
        return f"{fact.type}: one and the same in {' and '.join(kind.distinct)}"
    if kind.abroad:
        who, where = (fact.roles.get(name, ()) for name in kind.abroad)
        if any(homes.get(name) in where for name in who):
            return f"{fact.type}: {kind.abroad[0]} at home in {kind.abroad[1]}"
    if kind.some_of and not any(fact.roles.get(name) for name in kind.some_of):
        return f"{fact.type}: needs one of {', '.join(kind.some_of)}"
    return None
