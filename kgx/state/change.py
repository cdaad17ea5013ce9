"""A change of some documents: what it does to the state, and the part of the graph that it touches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kgx.knowledge import EntityNode, KnowledgeGraph, Shortcut
from kgx.merge import (
    Drawn,
    described,
    fact_node,
    position_edge,
    position_key,
    position_node,
    votes,
)
from kgx.provenance import Run
from kgx.rdf.describe import Section
from kgx.resolve.claims import Claims, Named
from kgx.resolve.decisions import Decisions, Mark
from kgx.resolve.facts import Fact, bucket, edges, unite
from kgx.resolve.held import apart
from kgx.resolve.policy import Policy
from kgx.state import rows
from kgx.state.database import Database


@dataclass(frozen=True, slots=True)
class Added:
    """A document that is new or changed: its claims by themselves, its digest, what was counted of it."""

    claims: Claims
    digest: bytes
    tally: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written anew (`wanted`, of a part of the graph that has all it needs) and left out.

    `obeyed` tells which of the user's decisions hold in the documents that were read or merged again.
    """

    graph: KnowledgeGraph
    wanted: Mapping[Section, frozenset[str]]
    gone: Mapping[Section, frozenset[str]]
    obeyed: Mapping[str, Sequence[Mark]]


@dataclass(slots=True)
class _Touched:
    """Keys of what a change may alter."""

    entities: set[str]
    positions: set[str]
    marks: set[bytes]


class Updater:
    """Applies one change to a state."""

    def __init__(
        self,
        base: Database,
        policy: Policy,
        decisions: Decisions,
        claims: Callable[[Iterable[str]], Mapping[str, Added]],
    ) -> None:
        """`claims` gives what documents claim that are in the state and did not change."""
        self._base = base
        self._policy = policy
        self._decisions = decisions
        self._claims = claims

    def apply(self, added: Mapping[str, Added], withdrawn: Iterable[str], run: Run) -> Change:
        """Withdraw documents, add others (in place of those of their id), and tell what that changes."""
        base = self._base
        before_ids = set(base.digests())
        gone = {*withdrawn, *added} & before_ids
        fresh = dict(added)
        moved, people = self._people(fresh, gone)
        fresh |= self._claims(moved)
        gone |= moved

        resolved, obeyed = {}, {}
        for name, one in fresh.items():
            people[name] = base.persons(name) | people.get(name, {})
            mine = {key: person for key, person in people[name].items() if key != person}
            resolved[name], obeyed[name] = self._decisions.applied(one.claims, mine)
        touched = _Touched(base.named_keys(gone), base.held_keys(gone), base.marks(gone))
        for claims in resolved.values():
            touched.entities |= {one.key for one in claims.entities}
            touched.positions |= {position_key(one) for one in claims.positions}
            touched.marks |= {rows.as_mark(bucket(one, self._policy)) for one in claims.facts}

        facts_before = self._facts(touched.marks)
        calls_before = base.entities(touched.entities)
        held_before = set(base.held(touched.positions))
        base.withdraw(gone)
        for name, one in sorted(fresh.items()):
            base.add(resolved[name], one.digest, one.tally, self._policy)
            base.take(name, one.claims.contexts, people[name])
        topics_gone = base.forgotten_topics()

        told = base.told(touched.entities)
        entities_gone = set(calls_before) - set(told)
        base.drop_entities(entities_gone)
        calls = {key: _called(key, held) for key, held in told.items()}
        base.put_entities(calls.values())
        renamed = {
            key
            for key, node in calls.items()
            if key in calls_before and _name(node) != _name(calls_before[key])
        }
        elsewhere = base.naming(renamed)
        facts = self._facts(touched.marks)
        same = self._facts(base.marks(elsewhere) - touched.marks)
        facts |= same
        facts_before |= same
        altered = {
            key
            for key, one in facts.items()
            if key not in facts_before or _head(one) != _head(facts_before[key])
        }
        altered |= {key for key, one in facts.items() if renamed and renamed & _entities(one)}
        restated = {key for key, one in facts.items() if key in altered or one != facts_before.get(key)}
        now = before_ids - gone | set(fresh)
        facts_gone = set(facts_before) - set(facts)
        pages = {*fresh, *elsewhere, *_moved(facts_before, facts)}
        pages |= {one.document.id for key in altered for one in facts[key].reports}
        pages &= now
        base.drop_facts(facts_gone)
        base.put_facts((key, facts[key].type) for key in set(facts) - set(facts_before))

        held = base.held(touched.positions)
        positions_gone = held_before - set(held)
        starts = base.drop_edges({*facts_gone, *positions_gone})
        drawn = [
            (key, edge) for key in set(facts) - set(facts_before) for edge in edges(facts[key], self._policy)
        ]
        for key in set(held) - held_before:
            node = position_node(key, held[key], {name: 0 for name, _ in held[key]})
            if (edge := position_edge(node, self._policy)) is not None:
                drawn.append((key, edge))
        base.put_edges(sorted(drawn))
        starts |= {edge[0] for _, edge in drawn}

        # what the table says of a member stands only where no document names it
        bodies = self._policy.background.bodies({*entities_gone, *(set(calls) - set(calls_before))})
        bodies = set(base.entities(bodies))
        wanted = {
            Section.ENTITY: frozenset((touched.entities | starts | bodies) - entities_gone),
            Section.POSITION: frozenset(held),
            Section.FACT: frozenset(restated),
            Section.DOCUMENT: frozenset(pages),
            Section.TOPIC: frozenset(t for claims in resolved.values() for t in claims.document.topics),
        }
        if now != before_ids:
            wanted[Section.RUN] = frozenset(now)
        left_out = {
            Section.ENTITY: frozenset(entities_gone),
            Section.POSITION: frozenset(positions_gone),
            Section.FACT: frozenset(facts_gone),
            Section.DOCUMENT: frozenset(before_ids - now),
            Section.TOPIC: frozenset(topics_gone),
        }
        return Change(self._part(wanted, facts, resolved, run), wanted, left_out, obeyed)

    def _people(
        self, fresh: Mapping[str, Added], gone: set[str]
    ) -> tuple[set[str], dict[str, dict[str, str]]]:
        """Documents whose persons are others now, though unchanged; who persons are, by document."""
        keys = self._base.context_keys(gone)
        keys |= {context.key for one in fresh.values() for context in one.claims.contexts}
        told = self._base.contexts(keys)
        moved: set[str] = set()
        people: dict[str, dict[str, str]] = {}
        for key, known in told.items():
            contexts = {place: context for place, (context, _) in known.items() if place[0] not in gone}
            for name, one in fresh.items():
                contexts.update(
                    ((name, context.person), context) for context in one.claims.contexts if context.key == key
                )
            for (name, own), person in apart(contexts).items():
                people.setdefault(name, {})[own] = person
                if name not in fresh and person != known[name, own][1]:
                    moved.add(name)
        return moved, people

    def _facts(self, marks: Iterable[bytes]) -> dict[str, Fact]:
        found = self._base.reports(marks)
        return {fact.key: fact for held in found.values() for fact in unite(held, self._policy)}

    def _part(
        self,
        wanted: Mapping[Section, frozenset[str]],
        facts: Mapping[str, Fact],
        resolved: Mapping[str, Claims],
        run: Run,
    ) -> KnowledgeGraph:
        """The part of the graph that has all that is said of what is wanted."""
        base = self._base
        pages = wanted[Section.DOCUMENT]
        whole = dict(facts) | self._facts(base.marks(pages))
        kept = {
            key: one
            for key, one in whole.items()
            if key in wanted[Section.FACT] or any(said.document.id in pages for said in one.reports)
        }
        held = base.held(wanted[Section.POSITION] | base.held_keys(pages))
        ids = {*pages, *(said.document.id for one in kept.values() for said in one.reports)}
        ids |= {name for sightings in held.values() for name, _ in sightings}
        documents = tuple(one for _, one in sorted(base.documents(ids).items()))
        place = {one.id: rank for rank, one in enumerate(documents)}

        drawn = Drawn(self._policy)
        for fact in kept.values():
            drawn.fact(fact)
        positions = {key: position_node(key, held[key], place) for key in sorted(held)}
        for position in positions.values():
            drawn.position(position)
        shortcuts = {(one.start, one.name, one.end): one for one in drawn.shortcuts()}
        for edge in base.edges(wanted[Section.ENTITY]):
            shortcuts.setdefault(edge, Shortcut(*edge, ()))

        spelled: dict[str, dict[str, list[int]]] = {}
        for key, names in base.spellings(wanted[Section.ENTITY]).items():
            spelled[key] = {name: [] for name in names}
        for document, one in base.named_in(pages):
            for name in one.names:
                spelled.setdefault(one.key, {}).setdefault(name, []).append(place[document])
        keys = {*spelled, *(end for edge in shortcuts for end in (edge[0], edge[2]))}
        keys |= {key for one in kept.values() for key in _entities(one)}
        keys |= {key for one in positions.values() for key in (one.person, one.organization) if key}
        members = self._policy.background.members
        keys |= {one.member for key in wanted[Section.ENTITY] for one in members.get(key, ())}
        called = base.entities(keys)
        return KnowledgeGraph(
            documents=documents,
            entities={key: _spelled(called[key], spelled.get(key, {})) for key in sorted(called)},
            facts={key: fact_node(kept[key], place, self._policy) for key in sorted(kept)},
            positions=positions,
            shortcuts=tuple(shortcuts[edge] for edge in sorted(shortcuts)),
            stopped={},
            run=run,
            types=self._policy.types,
            background=self._policy.background,
        )


def _moved(before: Mapping[str, Fact], after: Mapping[str, Fact]) -> set[str]:
    """The documents whose reports are of other facts now."""
    reports = [
        {(one.document.id, key, one.claim) for key, fact in facts.items() for one in fact.reports}
        for facts in (before, after)
    ]
    return {name for name, _, _ in reports[0] ^ reports[1]}


def _called(key: str, told: Sequence[tuple[Named, int]]) -> EntityNode:
    type_, support = told[0][0].type, sum(number for _, number in told)
    return EntityNode(key, type_, **described(key, votes(told)), names={}, documents=(0,) * support)


def _spelled(node: EntityNode, names: Mapping[str, list[int]]) -> EntityNode:
    return replace(node, names={name: tuple(sorted(names[name])) for name in sorted(names)})


def _name(node: EntityNode) -> tuple[Any, ...]:
    return node.label, node.label_en, node.qid, node.kind


def _head(fact: Fact) -> tuple[Any, ...]:
    """What a document's page has of a fact beside the document's own reports."""
    return fact.roles, fact.date, fact.confidence


def _entities(fact: Fact) -> set[str]:
    keys = {value for _, known, value in fact.roles if known}
    return keys | {one.claim.source[1] for one in fact.reports if one.claim.source and one.claim.source[0]}
