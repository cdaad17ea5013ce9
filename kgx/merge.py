"""Extractions to a knowledge graph: what documents say alike becomes one, with all its evidence.

An entity is known across documents by its lexicon key, or else by its type and name; a fact by its
type, fillers, date and status. Nothing that breaks the schema of facts gets in; it is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import permutations, product
from typing import Any

from kgx.facttypes import fact_schema, fact_types, fault
from kgx.iri import identity
from kgx.knowledge import (
    DocumentNode,
    EntityNode,
    Evidence,
    FactNode,
    Filler,
    KnowledgeGraph,
    MentionSpan,
    PositionNode,
    Shortcut,
    Sighting,
)
from kgx.model import Document, Entity, EntityType, Extraction, Fact, Position
from kgx.period import is_period, period
from kgx.provenance import Run, this_run
from kgx.rulebook import RuleFolder
from kgx.schemas.facts import FactSchema, ShortcutRule

HOLDS = frozenset(("actual", "past"))  # the statuses of facts from which short cuts are derived
OFFICES = frozenset(("Country", "Organization", "Place", "Event", "Initiative"))  # what has positions
HOLDS_POSITION = "holdsPositionAt"
KNOWN = ("qid", "label_en", "kind")  # what a document may know of an entity beside its names
_META = ("title", "subtitle", "publisher", "section", "edition", "url", "language")
_SEPARATOR = "\x1f"  # stands in no name: between the parts of a key


def merge(
    extractions: Iterable[Extraction],
    *,
    rules: RuleFolder | None = None,
    run: Run | None = None,
    mentions: bool = False,
) -> KnowledgeGraph:
    """The graph of all that the extractions say; they are read once and not kept.

    Neither their order nor a repeat of one changes the result. `mentions` keeps every mention too.
    Raises RuleError where `facts.yml` is wrong.
    """
    merger = Merger(rules, run, mentions)
    for extraction in extractions:
        merger.add(extraction)
    return merger.graph()


def entity_key(entity: Entity) -> str:
    """The identity of an entity across documents, `country/RUS` or `person/李明`.

    It begins with the type, so that no key names two things of different types.
    """
    kind = f"{entity.type.lower()}/"
    name = entity.key or entity.name
    return kind + identity(name.removeprefix(kind) if entity.key else name)


# Evidence before its document has its place: a plain tuple is made and hashed far faster.
_Statement = tuple[int, int, int, str, str, float, tuple[bool, str] | None, str | None]


@dataclass(slots=True)
class _Entity:
    """An entity while merging: for each value met, the documents that gave it."""

    type: EntityType
    labels: dict[str, set[int]] = field(default_factory=dict)
    names: dict[str, set[int]] = field(default_factory=dict)
    known: dict[str, dict[str, set[int]]] = field(default_factory=dict)


class Merger:
    """Takes extractions one at a time; `graph` gives what they make together."""

    def __init__(
        self, rules: RuleFolder | None = None, run: Run | None = None, mentions: bool = False
    ) -> None:
        """As `merge`. Raises RuleError where `facts.yml` is wrong."""
        self._types = fact_types(rules)
        self._schema = fact_schema(rules)
        self._run = run or this_run(rules)
        self._mentions = mentions
        self._index: dict[str, int] = {}
        self._documents: list[DocumentNode] = []
        self._entities: dict[str, _Entity] = {}
        self._facts: dict[str, tuple[FactNode, set[_Statement]]] = {}
        self._positions: dict[str, tuple[PositionNode, set[Sighting]]] = {}
        self._stopped: dict[str, set[tuple[int, int]]] = {}

    def add(self, extraction: Extraction) -> None:
        """Add all that one document says."""
        node = _document(extraction.document, extraction.topics)
        index = self._index.setdefault(node.id, len(self._documents))
        types: dict[str, EntityType] = {}
        keys: dict[str, str] = {}
        for rank, entity in enumerate(extraction.entities):
            if not identity(entity.name):
                self._stop("Entity: no name", index, rank)
                continue
            types[entity.name] = entity.type
            keys[entity.name] = self._add_entity(entity, index)
        if self._mentions:
            node = replace(node, mentions=_mention_spans(extraction, keys))
        if index == len(self._documents):
            self._documents.append(node)
        else:
            self._documents[index] = max(self._documents[index], node, key=repr)
        for rank, position in enumerate(extraction.positions):
            self._add_position(position, extraction.document, index, rank, types, keys)
        for rank, fact in enumerate(extraction.facts):
            reason = fault(fact, types, self._types)
            if extraction.document.text[fact.start : fact.end] != fact.evidence:
                reason = reason or f"{fact.type}: its evidence does not stand at its offsets"
            if reason is None:
                self._add_fact(fact, index, keys)
            else:
                self._stop(reason, index, rank)
        for rank, reason in enumerate(extraction.stopped, 1):
            self._stop(reason, index, -rank)  # stopped before it became a fact of the document

    def _stop(self, reason: str, document: int, rank: int) -> None:
        self._stopped.setdefault(reason, set()).add((document, rank))

    def _add_entity(self, entity: Entity, document: int) -> str:
        key = entity_key(entity)
        held = self._entities.get(key)
        if held is None:
            held = self._entities[key] = _Entity(entity.type)
        if (found := held.labels.get(entity.name)) is None:
            found = held.labels[entity.name] = set()
        found.add(document)
        # What else names it here is known to hold elsewhere only where the lexicon knows the entity; of
        # others it may be a short form that this document alone defines.
        for name in (entity.name, *entity.surfaces) if entity.key else (entity.name,):
            if (found := held.names.get(name)) is None:
                found = held.names[name] = set()
            found.add(document)
        for what in KNOWN:
            if value := getattr(entity, what):
                held.known.setdefault(what, {}).setdefault(value, set()).add(document)
        return key

    def _add_position(
        self,
        position: Position,
        document: Document,
        index: int,
        rank: int,
        types: Mapping[str, EntityType],
        keys: Mapping[str, str],
    ) -> None:
        if types.get(position.person) != "Person":
            return self._stop("Position: its holder is no Person of the document", index, rank)
        if position.of is not None and types.get(position.of) not in OFFICES:
            return self._stop("Position: `of` is no body, place or event of the document", index, rank)
        if not position.title.strip():
            return self._stop("Position: no title", index, rank)
        person = keys[position.person]
        organization = keys[position.of] if position.of is not None else None
        key = _SEPARATOR.join((person, position.title, organization or ""))
        if key not in self._positions:
            node = PositionNode(key, person, position.title, organization, ())
            self._positions[key] = (node, set())
        start, end = position.start, position.end
        quote = document.text[start:end] if 0 <= start < end else ""
        seen = Sighting(index, start, end, quote) if quote else Sighting(index, 0, 0, "")
        self._positions[key][1].add(seen)
        return None

    def _add_fact(self, fact: Fact, document: int, keys: Mapping[str, str]) -> None:
        roles = set()
        for name, role in self._types[fact.type].roles.items():
            for filler in fact.roles.get(name, ()):
                entity = role.takes_entities and filler in keys
                roles.add((name, entity, keys[filler] if entity else filler.strip()))
        pairs = sorted(roles)
        parts = [fact.type, fact.status, fact.date or ""]
        parts += [f"{name}{'=' if entity else '~'}{value}" for name, entity, value in pairs]
        key = _SEPARATOR.join(parts)
        held = self._facts.get(key)
        if held is None:
            node = tuple((name, Filler(entity, value)) for name, entity, value in pairs)
            held = self._facts[key] = (FactNode(key, fact.type, node, fact.date, fact.status, ()), set())
        source: tuple[bool, str] | None = None
        if fact.source and fact.source.strip():
            known = fact.source in keys
            source = (known, keys[fact.source] if known else fact.source.strip())
        held[1].add(
            (
                document,
                fact.start,
                fact.end,
                fact.evidence,
                fact.rule,
                fact.confidence,
                source,
                fact.code,
            )
        )

    def graph(self) -> KnowledgeGraph:
        """The graph of what was added so far, everything sorted."""
        order = sorted(range(len(self._documents)), key=lambda index: self._documents[index].id)
        place = {index: rank for rank, index in enumerate(order)}
        facts = {}
        for key in sorted(self._facts):
            node, stated = self._facts[key]
            evidence = [
                Evidence(
                    place[index],
                    start,
                    end,
                    quote,
                    rule,
                    confidence,
                    Filler(*source) if source else None,
                    code,
                )
                for index, start, end, quote, rule, confidence, source, code in stated
            ]
            evidence.sort(key=_evidence_order)
            facts[key] = FactNode(key, node.type, node.roles, node.date, node.status, tuple(evidence))
        positions = {}
        for key in sorted(self._positions):
            held, sightings = self._positions[key]
            seen = [replace(one, document=place[one.document]) for one in sightings]
            seen.sort(key=lambda one: (one.document, one.start, one.end))
            positions[key] = replace(held, sightings=tuple(seen))
        return KnowledgeGraph(
            documents=tuple(self._documents[index] for index in order),
            entities={key: _entity_node(key, self._entities[key], place) for key in sorted(self._entities)},
            facts=facts,
            positions=positions,
            shortcuts=tuple(_shortcuts(facts, positions, self._schema)),
            stopped={reason: len(self._stopped[reason]) for reason in sorted(self._stopped)},
            run=self._run,
            types=self._types,
        )


def _document(document: Document, topics: tuple[str, ...]) -> DocumentNode:
    date = document.date
    if date is not None and not (is_period(date) and period(date).grain == "day"):
        date = None
    return DocumentNode(
        id=document.id,
        date=date,
        authors=tuple(dict.fromkeys(document.authors)),
        keywords=tuple(dict.fromkeys(document.keywords)),
        topics=tuple(sorted({topic for topic in topics if topic.strip()})),
        **{name: getattr(document, name) for name in _META},
    )


def _mention_spans(extraction: Extraction, keys: Mapping[str, str]) -> tuple[MentionSpan, ...]:
    text = extraction.document.text
    return tuple(
        MentionSpan(
            one.start,
            one.end,
            text[one.start : one.end],
            tuple(sorted({keys[name] for name in one.names})),
            one.score,
        )
        for one in sorted(extraction.mentions, key=lambda one: (one.start, one.end, one.names))
        if one.names and all(name in keys for name in one.names) and 0 <= one.start < one.end <= len(text)
    )


def _entity_node(key: str, held: _Entity, place: Mapping[int, int]) -> EntityNode:
    given = {"label": held.labels, **held.known}
    votes = {what: {value: len(found) for value, found in values.items()} for what, values in given.items()}
    return EntityNode(
        key=key,
        type=held.type,
        **described(key, votes),
        names={
            name: tuple(sorted(place[index] for index in held.names[name])) for name in sorted(held.names)
        },
        documents=tuple(sorted({place[index] for found in held.labels.values() for index in found})),
    )


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


def _evidence_order(one: Evidence) -> tuple[int, int, int, str, float, str, str]:
    return (
        one.document,
        one.start,
        one.end,
        one.rule,
        one.confidence,
        f"{one.source.entity}{one.source.value}" if one.source else "",
        one.code or "",
    )


def _shortcuts(
    facts: Mapping[str, FactNode], positions: Mapping[str, PositionNode], schema: FactSchema
) -> list[Shortcut]:
    """Edges between entities, from facts that happened and positions that are held."""
    rules: dict[str, list[tuple[str, ShortcutRule]]] = {}
    for name, rule in schema.shortcuts.items():
        rules.setdefault(rule.type, []).append((name, rule))
    grounds: dict[tuple[str, str, str], set[str]] = {}
    for key, fact in facts.items():
        if fact.status in HOLDS:
            for name, rule in rules.get(fact.type, ()):
                for start, end in _ends(fact, rule):
                    grounds.setdefault((start, name, end), set()).add(key)
    for key, position in positions.items():
        if position.organization is not None and not position.title.startswith(schema.former):
            edge = (position.person, HOLDS_POSITION, position.organization)
            grounds.setdefault(edge, set()).add(key)
    return [Shortcut(*edge, tuple(sorted(grounds[edge]))) for edge in sorted(grounds)]


def _ends(fact: FactNode, rule: ShortcutRule) -> Iterable[tuple[str, str]]:
    held = Counter((name, filler.value) for name, filler in fact.roles)
    if not all(held[item] for item in rule.where.items()):
        return ()
    starts = [filler.value for filler in fact.fillers(rule.start) if filler.entity]
    if rule.start == rule.end:
        pairs: Iterable[tuple[str, str]] = permutations(starts, 2)
    else:
        pairs = product(starts, [filler.value for filler in fact.fillers(rule.end) if filler.entity])
    both = list(pairs)
    if rule.symmetric and rule.start != rule.end:
        both += [(end, start) for start, end in both]
    return [(start, end) for start, end in both if start != end]
