"""What documents claim, by what it is about: the decisions on each thing, and the graph of each document.

Each decision needs only what is told of one thing: of one name, one bucket of reports, one entity. Whatever
brings these together (`kgx.spark` by shuffle, `kgx.streaming` by sorting) gets the same statements from them
as from the graph of all. Each document then has a small graph of its own, which says what that graph says
of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from typing import NamedTuple

from kgx.knowledge import EntityNode, FactNode, Filler, KnowledgeGraph, PositionNode, Shortcut
from kgx.merge import described, fact_node, position_edge, position_key, position_node, votes
from kgx.provenance import Run
from kgx.rdf.write import write
from kgx.resolve.claims import Claims, Held
from kgx.resolve.contexts import Context
from kgx.resolve.facts import Report, edges, unite
from kgx.resolve.held import apart
from kgx.resolve.policy import Policy

Drawn = list[tuple[str, str, str]]  # the short cuts that a fact is a ground of


class Called(NamedTuple):
    """What all documents together call an entity; after the label stand `kgx.merge.KNOWN`."""

    key: str
    type: str
    label: str
    qid: str | None
    label_en: str | None
    kind: str | None


def told_apart(told: Iterable[tuple[str, Context]]) -> Iterator[tuple[str, str, str]]:
    """(document, key in it, key) of persons of one name that are several, from all contexts of that name."""
    found = apart({(name, context.person): context for name, context in told})
    yield from ((name, own, person) for (name, own), person in found.items() if person != own)


def votes_of(claims: Claims) -> Iterator[tuple[str, str, str]]:
    """(key, what, value) of what a document gives for what its entities are called."""
    for one in claims.entities:
        yield one.key, "type", one.type
        for what, values in votes([(one, 1)]).items():
            yield from ((one.key, what, value) for value in values)


def called(key: str, held: Mapping[str, Mapping[str, int]]) -> Called:
    """What an entity is called; `held` counts the documents by what they give: {what: {value: number}}."""
    chosen = described(key, {what: dict(values) for what, values in held.items()})
    kind = min(held["type"])
    return Called(key, kind, chosen["label"] or "", chosen["qid"], chosen["label_en"], chosen["kind"])


def united(
    reports: Iterable[Report], policy: Policy
) -> Iterator[tuple[FactNode, list[tuple[str, FactNode]], Drawn]]:
    """The facts of one bucket: each as a whole, as each of its documents reports it, and its short cuts."""
    for fact in unite(list(reports), policy):
        names = sorted({one.document.id for one in fact.reports})
        node = fact_node(fact, {name: place for place, name in enumerate(names)}, policy)
        parts = []
        for place, name in enumerate(names):
            own = tuple(replace(one, document=0) for one in node.evidence if one.document == place)
            parts.append((name, replace(node, evidence=own)))
        yield node, parts, sorted(edges(fact, policy))


def named_by(node: FactNode) -> list[str]:
    """The keys of the entities that a fact names, sorted."""
    fillers: list[Filler] = [filler for _, filler in node.roles]
    fillers += [one.source for one in node.evidence if one.source]
    return sorted({filler.value for filler in fillers if filler.entity})


def own_graph(
    claims: Claims,
    named: Iterable[Called],
    facts: Iterable[tuple[FactNode, Drawn]],
    policy: Policy,
    run: Run,
) -> KnowledgeGraph:
    """The graph of one document. An entity that only its facts speak of has no names in it."""
    own = {one.key: one.names for one in claims.entities}
    entities = {}
    for one in sorted(named, key=lambda one: one.key):
        names: dict[str, tuple[int, ...]] = {name: (0,) for name in own.get(one.key, ())}
        entities[one.key] = EntityNode(**one._asdict(), names=names, documents=(0,) if one.key in own else ())
    shortcuts: list[Shortcut] = []
    stated = {}
    for node, drawn in sorted(facts, key=lambda pair: pair[0].key):
        stated[node.key] = node
        shortcuts += [Shortcut(start, name, end, (node.key,)) for start, name, end in drawn]
    positions = _positions(claims)
    for key, position in positions.items():
        if (edge := position_edge(position, policy)) is not None:
            start, name, end = edge
            shortcuts.append(Shortcut(start, name, end, (key,)))
    tables = replace(policy.background, members={})  # what they state is no document's: see `tables_graph`
    return KnowledgeGraph(
        (claims.document,), entities, stated, positions, tuple(shortcuts), {}, run, policy.types, tables
    )


def tabled(policy: Policy) -> frozenset[str]:
    """The keys of the entities of which tables may state something: bodies, and members that are named."""
    return frozenset((*policy.background.members, *policy.background.entries))


def tables_graph(named: Iterable[Called], policy: Policy, run: Run) -> KnowledgeGraph:
    """What tables state of the organizations of the graph."""
    entities = {one.key: EntityNode(**one._asdict(), names={}, documents=()) for one in named}
    return KnowledgeGraph((), entities, {}, {}, (), {}, run, policy.types, policy.background)


def quads(graph: KnowledgeGraph, base: str | None) -> bytes:
    """A graph as N-Quads."""
    out = BytesIO()
    write(graph, out, "nquads", base=base)
    return out.getvalue()


def _positions(claims: Claims) -> dict[str, PositionNode]:
    name = claims.document.id
    held: dict[str, list[tuple[str, Held]]] = {}
    for one in claims.positions:
        held.setdefault(position_key(one), []).append((name, one))
    return {key: position_node(key, held[key], {name: 0}) for key in sorted(held)}
