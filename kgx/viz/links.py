"""What a picture is drawn of: entities, and the statements that join them.

A statement is a fact, or a position, which joins a person and a body. Between which of its entities it
draws a link follows from the schema of facts: two fillers of one role are joined where the role needs two
(who meets whom), or where no other role names an entity; else the roles are joined with each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from kgx.knowledge import Evidence, FactNode, Filler, KnowledgeGraph, PositionNode, Sighting
from kgx.model import STATUSES, EntityType
from kgx.period import Period, period

POSITION = "Position"  # the type of statements that come from positions
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact or a position as pictures need it.

    `days` is the time that it lies in, where known, `told` the days of the documents that state it, sorted;
    `entities` are the keys of all that it names, sorted. Roles are in the order of the schema. `title_en` is
    the English of a position's title.
    """

    key: str
    type: str
    status: str
    date: str | None
    days: Period | None
    told: tuple[str, ...]
    roles: tuple[tuple[str, Filler], ...]
    evidence: tuple[Evidence, ...] | tuple[Sighting, ...]
    pairs: tuple[Pair, ...]
    entities: tuple[str, ...]
    title_en: str | None = None

    def english(self, role: str, filler: Filler) -> str | None:
        """What the words that fill a role are in English, where that is known."""
        return self.title_en if self.type == POSITION and role == "position" and not filler.entity else None

    @property
    def support(self) -> int:
        """The number of documents that state it."""
        return len({one.document for one in self.evidence})


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of a graph is wanted.

    `first` and `last` are days, both included: what is undated is left out where one is given. `types` are
    fact types (empty: all), `ego` an entity's key, `depth` how many links from it. With `told`, what is
    undated counts for the days on which documents state it.
    """

    first: str | None = None
    last: str | None = None
    types: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset(STATUSES)
    entity_types: frozenset[EntityType] = frozenset()
    ego: str | None = None
    depth: int = 1
    top: int | None = None
    told: bool = False

    def holds(self, one: Statement) -> bool:
        """Whether a statement is of the wanted types and statuses, and of the wanted time."""
        if self.types and one.type not in self.types:
            return False
        if one.status not in self.statuses:
            return False
        if self.first is None and self.last is None:
            return True
        first, last = self.first or "", self.last or "9999"
        if one.days is None:
            return self.told and any(first <= day <= last for day in one.told)
        return one.days.last >= first and one.days.first <= last


@dataclass(frozen=True, slots=True)
class Network:
    """Entities, weightiest first, and what joins them: for each sorted pair its statements."""

    weights: Mapping[str, int]
    links: Mapping[Pair, tuple[Statement, ...]]
    statements: tuple[Statement, ...]


def statements(graph: KnowledgeGraph) -> list[Statement]:
    """All facts and positions of a graph, in the order of their keys."""
    out = [_of_fact(graph, fact) for fact in graph.facts.values()]
    return out + [_of_position(graph, position) for position in graph.positions.values()]


def network(
    graph: KnowledgeGraph, choice: Choice | None = None, said: Iterable[Statement] | None = None
) -> Network:
    """The chosen part of a graph. The weight of an entity is the number of statements that name it.

    With `top`, the weightiest entities are kept, an `ego` always being among them. `said` are the graph's
    statements, where they are at hand.
    """
    choice = choice or Choice()
    held = [one for one in (statements(graph) if said is None else said) if choice.holds(one)]
    allowed = {
        key
        for key, entity in graph.entities.items()
        if not choice.entity_types or entity.type in choice.entity_types or key == choice.ego
    }
    weights: dict[str, int] = {}
    links: dict[Pair, list[Statement]] = {}
    for one in held:
        for key in one.entities:
            if key in allowed:
                weights[key] = weights.get(key, 0) + 1
        for pair in one.pairs:
            if pair[0] in allowed and pair[1] in allowed:
                links.setdefault(pair, []).append(one)
    if choice.ego is not None:
        near = _within(links, choice.ego, choice.depth)
        weights = {key: weight for key, weight in weights.items() if key in near}
    order = sorted(weights, key=lambda key: (key != choice.ego, -weights[key], key))
    kept = set(order[: choice.top])
    return Network(
        weights={key: weights[key] for key in order[: choice.top]},
        links={pair: tuple(links[pair]) for pair in sorted(links) if pair[0] in kept and pair[1] in kept},
        statements=tuple(one for one in held if kept.intersection(one.entities)),
    )


def backbone(links: Mapping[Pair, float | int], each: int) -> list[Pair]:
    """The links that are among the `each` strongest of either of their ends, sorted."""
    ends: dict[str, list[tuple[float, Pair]]] = {}
    for pair, strength in links.items():
        for end in pair:
            ends.setdefault(end, []).append((-strength, pair))
    return sorted({pair for found in ends.values() for _, pair in sorted(found)[:each]})


def _within(links: Iterable[Pair], start: str, depth: int) -> set[str]:
    near: dict[str, set[str]] = {}
    for one, other in links:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    reached = edge = {start}
    for _ in range(depth):
        edge = {other for key in edge for other in near.get(key, ())} - reached
        reached = reached | edge
    return reached


def _of_fact(graph: KnowledgeGraph, fact: FactNode) -> Statement:
    kind = graph.types[fact.type]
    order = {role: rank for rank, role in enumerate(kind.roles)}
    fillers: dict[str, list[str]] = {}
    for role, filler in fact.roles:
        if filler.entity:
            fillers.setdefault(role, []).append(filler.value)
    pairs: set[Pair] = set()
    for role, keys in fillers.items():
        if kind.roles[role].least > 1 or len(fillers) == 1:
            pairs |= {_pair(one, other) for one, other in combinations(keys, 2)}
    for one_role, other_role in combinations(fillers, 2):
        pairs |= {
            _pair(one, other) for one in fillers[one_role] for other in fillers[other_role] if one != other
        }
    return Statement(
        key=fact.key,
        type=fact.type,
        status=fact.status,
        date=fact.date,
        days=period(fact.date) if fact.date else None,
        told=_days(graph, fact.evidence),
        roles=tuple(sorted(fact.roles, key=lambda pair: order[pair[0]])),
        evidence=fact.evidence,
        pairs=tuple(sorted(pairs)),
        entities=_named(fact.roles),
    )


def _of_position(graph: KnowledgeGraph, position: PositionNode) -> Statement:
    roles = [("person", Filler(True, position.person)), ("position", Filler(False, position.title))]
    pairs: tuple[Pair, ...] = ()
    if position.organization is not None:
        roles.append(("of", Filler(True, position.organization)))
        pairs = (_pair(position.person, position.organization),)
    dates = _days(graph, position.sightings)
    return Statement(
        key=position.key,
        type=POSITION,
        status="actual",
        date=None,
        days=Period(dates[0], dates[-1], "interval") if dates else None,
        told=dates,
        roles=tuple(roles),
        evidence=position.sightings,
        pairs=pairs,
        entities=_named(roles),
        title_en=graph.position_title_en(position),
    )


def _days(graph: KnowledgeGraph, said: Iterable[Evidence | Sighting]) -> tuple[str, ...]:
    """The days on which the documents appeared, sorted, each once."""
    dates = {graph.documents[one.document].date for one in said}
    return tuple(sorted(date for date in dates if date))


def _named(roles: Iterable[tuple[str, Filler]]) -> tuple[str, ...]:
    return tuple(sorted({filler.value for _, filler in roles if filler.entity}))


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
