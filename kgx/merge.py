"""Extractions to a knowledge graph: what documents say alike becomes one, with all its evidence.

What a document claims is read off its extraction alone (`kgx.resolve.claims`); which entities and facts of
several documents are one is settled in `kgx.resolve`. Nothing that breaks the schema of facts gets in; it
is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kgx.knowledge import (
    DocumentNode,
    EntityNode,
    Evidence,
    FactNode,
    Filler,
    KnowledgeGraph,
    PositionNode,
    Shortcut,
    Sighting,
)
from kgx.model import Extraction
from kgx.provenance import Run, this_run
from kgx.resolve.claims import Claims, Held, Named, claims_of
from kgx.resolve.contexts import Context
from kgx.resolve.decisions import NONE, Decisions, Mark
from kgx.resolve.facts import SEPARATOR, Fact, Report, bucket, edges, unite
from kgx.resolve.held import apart
from kgx.resolve.keys import entity_key
from kgx.resolve.policy import Policy, load_policy
from kgx.rulebook import RuleFolder

__all__ = ["KNOWN", "Groups", "Merger", "described", "entity_key", "merge"]

HOLDS_POSITION = "holdsPositionAt"
KNOWN = ("qid", "label_en", "kind")  # what a document may know of an entity beside its names


def merge(
    extractions: Iterable[Extraction],
    *,
    rules: RuleFolder | None = None,
    run: Run | None = None,
    mentions: bool = False,
    decisions: Decisions = NONE,
) -> KnowledgeGraph:
    """The graph of all that the extractions say; they are read once and not kept.

    Neither their order nor a repeat of one changes the result. `mentions` keeps every mention too,
    `decisions` are the user's on who is who. Raises RuleError where a rule file is wrong.
    """
    policy = load_policy(rules)
    merger = Merger(policy, decisions)
    for extraction in extractions:
        merger.add(claims_of(extraction, policy, mentions=mentions))
    return merger.graph(run or this_run(rules))


class Merger:
    """Takes the claims of documents, one at a time; `graph` gives what they make together."""

    def __init__(self, policy: Policy, decisions: Decisions = NONE) -> None:
        """`decisions` are the user's on who is who."""
        self.policy = policy
        self.decisions = decisions
        self.claims: dict[str, Claims] = {}
        self.obeyed: dict[str, list[Mark]] = {}

    def add(self, claims: Claims) -> None:
        """Add what one document claims; of two documents of one id the same one is kept in any order."""
        name = claims.document.id
        held = self.claims.get(name)
        self.claims[name] = claims if held is None else max(held, claims, key=repr)

    def persons(self) -> dict[str, dict[str, str]]:
        """Who the persons are whom the lexicon does not know: for each document, {key in it: key}."""
        contexts: dict[str, dict[tuple[str, str], Context]] = {}
        for name, claims in self.claims.items():
            for context in claims.contexts:
                contexts.setdefault(context.key, {})[name, context.person] = context
        out: dict[str, dict[str, str]] = {}
        for told in contexts.values():
            for (name, key), person in apart(told).items():
                out.setdefault(name, {})[key] = person
        return out

    def resolved(self, people: Mapping[str, Mapping[str, str]]) -> Iterator[Claims]:
        """The claims of all documents, sorted by id, about entities as they are known across documents.

        Afterwards `obeyed` tells which decisions were obeyed in which documents.
        """
        for name in sorted(self.claims):
            claims = self.claims[name]
            keys = {key: person for key, person in people.get(name, {}).items() if key != person}
            resolved, marks = self.decisions.applied(claims, keys)
            if marks:
                self.obeyed[name] = marks
            yield resolved

    def graph(self, run: Run) -> KnowledgeGraph:
        """The graph of what was added so far, everything sorted."""
        groups = Groups(self.policy)
        for claims in self.resolved(self.persons()):
            groups.add(claims)
        return groups.graph(run)


class Groups:
    """Resolved claims by what they are about: names by entity, sightings by position, reports by bucket."""

    def __init__(self, policy: Policy) -> None:
        """Nothing yet."""
        self.policy = policy
        self.documents: dict[str, DocumentNode] = {}
        self.names: dict[str, dict[str, Named]] = {}
        self.positions: dict[str, list[tuple[str, Held]]] = {}
        self.reports: dict[str, list[Report]] = {}
        self.stopped: Counter[str] = Counter()

    def add(self, claims: Claims) -> None:
        """Add what one document claims."""
        document = claims.document
        self.documents[document.id] = document
        for entity in claims.entities:
            self.names.setdefault(entity.key, {})[document.id] = entity
        for held in claims.positions:
            self.positions.setdefault(position_key(held), []).append((document.id, held))
        for claim in claims.facts:
            self.reports.setdefault(bucket(claim, self.policy), []).append(Report(document, claim))
        self.stopped.update(claims.stopped)

    def graph(self, run: Run) -> KnowledgeGraph:
        """The graph of all that was added."""
        documents = tuple(self.documents[name] for name in sorted(self.documents))
        place = {one.id: rank for rank, one in enumerate(documents)}
        facts = {}
        drawn = Drawn(self.policy)
        for reports in self.reports.values():
            for fact in unite(reports, self.policy):
                facts[fact.key] = fact_node(fact, place, self.policy)
                drawn.fact(fact)
        positions = {}
        for key in sorted(self.positions):
            positions[key] = position_node(key, self.positions[key], place)
            drawn.position(positions[key])
        return KnowledgeGraph(
            documents=documents,
            entities={key: entity_node(key, self.names[key], place) for key in sorted(self.names)},
            facts={key: facts[key] for key in sorted(facts)},
            positions=positions,
            shortcuts=drawn.shortcuts(),
            stopped={reason: self.stopped[reason] for reason in sorted(self.stopped)},
            run=run,
            types=self.policy.types,
            background=self.policy.background,
        )


class Drawn:
    """The short cuts between entities, and the facts and positions that each rests on."""

    def __init__(self, policy: Policy) -> None:
        """None yet."""
        self._policy = policy
        self._grounds: dict[tuple[str, str, str], set[str]] = {}

    def fact(self, fact: Fact) -> None:
        """Draw what a fact is a ground of."""
        for edge in edges(fact, self._policy):
            self._grounds.setdefault(edge, set()).add(fact.key)

    def position(self, position: PositionNode) -> None:
        """Draw what a position is a ground of."""
        edge = position_edge(position, self._policy)
        if edge is not None:
            self._grounds.setdefault(edge, set()).add(position.key)

    def shortcuts(self) -> tuple[Shortcut, ...]:
        """All, sorted."""
        return tuple(Shortcut(*edge, tuple(sorted(self._grounds[edge]))) for edge in sorted(self._grounds))


def grounds_of(graph: KnowledgeGraph) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """(key of a fact or position, short cut that rests on it) of a graph."""
    for one in graph.shortcuts:
        for ground in one.grounds:
            yield ground, (one.start, one.name, one.end)


def position_key(held: Held) -> str:
    """The identity of a position: who, what, where."""
    return SEPARATOR.join((held.person, held.title, held.organization or ""))


def position_edge(position: PositionNode, policy: Policy) -> tuple[str, str, str] | None:
    """The short cut that a position is a ground of; none where it is no longer, or not yet, held."""
    if position.organization is None or position.title.startswith(policy.schema.former):
        return None
    return position.person, HOLDS_POSITION, position.organization


def position_node(key: str, sightings: Iterable[tuple[str, Held]], place: Mapping[str, int]) -> PositionNode:
    """The position of which documents give these sightings; `place` is the index of each document."""
    seen = sorted({(place[name], held.start, held.end, held.quote): held for name, held in sightings}.items())
    held = seen[0][1]
    found = tuple(Sighting(*spot) for spot, _ in seen)
    return PositionNode(key, held.person, held.title, held.organization, found)


def fact_node(fact: Fact, place: Mapping[str, int], policy: Policy) -> FactNode:
    """The fact as the graph has it; `place` is the index of each document."""
    free = policy.free[fact.type]
    evidence = {_evidence(one, place, free) for one in fact.reports}
    partial: frozenset[tuple[str, Filler]] = frozenset()
    if free and len(evidence) > 1:
        given = [one.roles for one in evidence]
        partial = frozenset().union(*given) - frozenset(given[0]).intersection(*given)
    return FactNode(
        fact.key,
        fact.type,
        tuple((name, Filler(known, value)) for name, known, value in fact.roles),
        fact.date,
        fact.status,  # type: ignore[arg-type]
        tuple(sorted(evidence, key=_evidence_order)),
        fact.confidence,
        partial,
    )


def _evidence(one: Report, place: Mapping[str, int], free: frozenset[str]) -> Evidence:
    claim = one.claim
    roles = tuple((name, Filler(known, value)) for name, known, value in claim.roles if name in free)
    return Evidence(
        place[one.document.id],
        claim.start,
        claim.end,
        claim.quote,
        claim.rule,
        claim.confidence,
        Filler(*claim.source) if claim.source else None,
        claim.code,
        roles if free else (),
    )


def entity_node(key: str, told: Mapping[str, Named], place: Mapping[str, int]) -> EntityNode:
    """The entity of which documents tell this; `place` is the index of each document."""
    names: dict[str, list[int]] = {}
    for name in sorted(told):
        for spelling in told[name].names:
            names.setdefault(spelling, []).append(place[name])
    return EntityNode(
        key=key,
        type=next(iter(told.values())).type,
        **described(key, votes((one, 1) for one in told.values())),
        names={name: tuple(names[name]) for name in sorted(names)},
        documents=tuple(place[name] for name in sorted(told)),
    )


def votes(told: Iterable[tuple[Named, int]]) -> dict[str, dict[str, int]]:
    """For `label` and each of `KNOWN`: how many documents give a value; `told` has how many tell each."""
    labels: dict[str, int] = {}
    known: tuple[dict[str, int], ...] = ({}, {}, {})
    for one, number in told:
        for label in one.labels:
            labels[label] = labels.get(label, 0) + number
        for counts, value in zip(known, one[4:], strict=True):
            if value:
                counts[value] = counts.get(value, 0) + number
    return {"label": labels, **dict(zip(KNOWN, known, strict=True))}


def described(key: str, votes: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """The label and the `KNOWN` values of an entity: of each, the value that most documents give.

    `votes` counts, for `label` and each of `KNOWN`, the documents that give a value.
    """
    out: dict[str, Any] = {what: _usual(votes.get(what, {})) for what in ("label", *KNOWN)}
    out["label"] = out["label"] or key
    if len(votes.get("qid", {})) > 1:
        out["qid"] = None  # two ids: the identity is not certain
    return out


def _usual(votes: Mapping[str, int]) -> str | None:
    """The value with most votes; of equals the longest, then the first."""
    return min(votes, key=lambda one: (-votes[one], -len(one), one), default=None)


def _evidence_order(one: Evidence) -> tuple[int, int, int, str, float, str, str, tuple[Any, ...]]:
    return (
        one.document,
        one.start,
        one.end,
        one.rule,
        one.confidence,
        f"{one.source.entity}{one.source.value}" if one.source else "",
        one.code or "",
        one.roles,
    )
