"""The merged graph: entities, facts, positions and documents, each once, with all its evidence.

Documents are referred to by their index in `KnowledgeGraph.documents`, entities by their key,
`country/RUS` or `person/李明`. All sequences are sorted, so that the order in which documents were
merged leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kgx.background import Background
from kgx.facttypes import FactType
from kgx.model import EntityType, Status
from kgx.provenance import Run

if TYPE_CHECKING:
    import networkx
    import rdflib


@dataclass(frozen=True, slots=True, order=True)
class Filler:
    """What fills a role: the entity with that key, or (`entity` False) words as written."""

    entity: bool
    value: str


@dataclass(frozen=True, slots=True)
class MentionSpan:
    """Where a document names entities; offsets in characters of its text."""

    start: int
    end: int
    surface: str
    keys: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class DocumentNode:
    """A document's metadata; its text is not kept. `date` is a day, or None where none is known."""

    id: str
    date: str | None = None
    title: str | None = None
    subtitle: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    section: str | None = None
    edition: str | None = None
    url: str | None = None
    language: str = "zh"
    topics: tuple[str, ...] = ()
    mentions: tuple[MentionSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityNode:
    """A named thing. `names` maps the strings that name it anywhere to the documents where they do.

    Short forms that hold in one document only are not among them.
    """

    key: str
    type: EntityType
    label: str
    label_en: str | None
    qid: str | None
    kind: str | None
    names: Mapping[str, tuple[int, ...]]
    documents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that states a fact; offsets in characters of the document's text.

    `roles` are those of the fact's roles that a report may leave out, as this one gives them.
    """

    document: int
    start: int
    end: int
    quote: str
    rule: str
    confidence: float
    source: Filler | None
    code: str | None
    roles: tuple[tuple[str, Filler], ...] = ()


@dataclass(frozen=True, slots=True)
class FactNode:
    """One fact, however often it is stated. `roles` are (role, filler) pairs, sorted.

    `confidence` is what all its evidence amounts to together; `partial` are the roles that some of it leaves
    out.
    """

    key: str
    type: str
    roles: tuple[tuple[str, Filler], ...]
    date: str | None
    status: Status
    evidence: tuple[Evidence, ...]
    confidence: float = 1.0
    partial: frozenset[tuple[str, Filler]] = frozenset()

    def fillers(self, role: str) -> tuple[Filler, ...]:
        """What fills one role."""
        return tuple(filler for name, filler in self.roles if name == role)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a document gives a person a position; `end` is 0 where only the document is known."""

    document: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class PositionNode:
    """An office held by a person, with every place that says so."""

    key: str
    person: str
    title: str
    organization: str | None
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True, order=True)
class Shortcut:
    """A direct edge between two entities, with the keys of the facts or positions that it rests on."""

    start: str
    name: str
    end: str
    grounds: tuple[str, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class KnowledgeGraph:
    """What all documents together say. `stopped` counts what broke the schema, by reason.

    `background` is what tables of the rules say of known things, those not in the graph among them.
    """

    documents: tuple[DocumentNode, ...]
    entities: Mapping[str, EntityNode]
    facts: Mapping[str, FactNode]
    positions: Mapping[str, PositionNode]
    shortcuts: tuple[Shortcut, ...]
    stopped: Mapping[str, int]
    run: Run
    types: Mapping[str, FactType]
    background: Background = field(default_factory=Background)

    def called(self, key: str) -> list[str]:
        """What an entity is called: labels, names in documents, further names of the tables; some twice."""
        entity = self.entities[key]
        more = (name for name, _ in self.background.names.get(key, ()))
        return [entity.label, *([entity.label_en] if entity.label_en else ()), *entity.names, *more]

    def as_of(self, position: PositionNode) -> Iterator[str]:
        """The publication dates of the documents that give the position, ascending, each once."""
        dates = {self.documents[one.document].date for one in position.sightings}
        return iter(sorted(date for date in dates if date))

    def fact_label(self, fact: FactNode) -> str:
        """A short Chinese name of a fact: its type, who and what fills it, when."""
        kind = self.types[fact.type]
        names = [
            self.entities[filler.value].label if filler.entity else filler.value
            for role, rule in kind.roles.items()
            for name, filler in fact.roles
            if name == role and not (rule.values and filler.value.isascii())
        ]
        when = f" ({fact.date})" if fact.date else ""
        return f"{kind.label_zh}: {', '.join(dict.fromkeys(names))}{when}"

    def fact_label_en(self, fact: FactNode) -> str | None:
        """The same in English; None where not all that fills it has an English name."""
        kind = self.types[fact.type]
        names = []
        for role, rule in kind.roles.items():
            for name, filler in fact.roles:
                if name != role or (rule.values and filler.value.isascii()):
                    continue
                called = self.entities[filler.value].label_en if filler.entity else None
                if called is None:
                    return None
                names.append(called)
        when = f" ({fact.date})" if fact.date else ""
        return f"{kind.label_en[:1].upper()}{kind.label_en[1:]}: {', '.join(dict.fromkeys(names))}{when}"

    def position_title_en(self, position: PositionNode) -> str | None:
        """The title of a position in English; None where it has no accepted one."""
        return self.background.posts.title(position.title, position.organization)

    def position_label_en(self, position: PositionNode) -> str | None:
        """The same with the body whose office it is, where that has an English name."""
        return self.background.posts.label(position.title, position.organization)

    def to_networkx(self) -> networkx.MultiDiGraph:
        """The graph as networkx holds it; see `kgx.graph`."""
        from kgx.graph import to_networkx

        return to_networkx(self)

    def to_rdflib(self, base: str | None = None) -> rdflib.Graph:
        """The merged graph as rdflib holds it. Raises KgxError where `base` is no base IRI."""
        from kgx.rdf.write import to_rdflib

        return to_rdflib(self, base)

    def to_turtle(self, base: str | None = None) -> str:
        """The merged graph as Turtle. Raises KgxError where `base` is no base IRI."""
        return self._written("turtle", base)

    def to_trig(self, base: str | None = None) -> str:
        """A named graph for each document, as TriG. Raises KgxError where `base` is no base IRI."""
        return self._written("trig", base)

    def to_nquads(self, base: str | None = None) -> str:
        """A named graph for each document, as N-Quads. Raises KgxError where `base` is no base IRI."""
        return self._written("nquads", base)

    def to_jsonld(self, base: str | None = None) -> str:
        """The merged graph as JSON-LD. Raises KgxError where `base` is no base IRI."""
        return self._written("jsonld", base)

    def _written(self, format_: str, base: str | None) -> str:
        from io import BytesIO

        from kgx.rdf.write import write

        out = BytesIO()
        write(self, out, format_, base=base)
        return out.getvalue().decode()
