"""A graph by its documents: what each of them says of what."""

from __future__ import annotations

from collections.abc import Iterable

from kgx.knowledge import Evidence, KnowledgeGraph, Sighting


class Span:
    """What is said of one stretch of a document."""

    __slots__ = ("keys", "quote", "read", "scores")

    def __init__(self, quote: str) -> None:
        """`quote`: its text."""
        self.quote = quote
        self.read: list[tuple[str, float]] = []  # the rules that read it, and how sure they were
        self.keys: list[str] = []
        self.scores: list[float] = []


class Page:
    """What one document says: names by entity, evidence by fact, and so on."""

    __slots__ = ("edges", "facts", "names", "positions", "spans")

    def __init__(self) -> None:
        """A page that says nothing yet."""
        self.names: dict[str, list[str]] = {}
        self.facts: dict[str, list[Evidence]] = {}
        self.positions: dict[str, list[Sighting]] = {}
        self.edges: dict[str, set[tuple[str, str]]] = {}
        self.spans: dict[tuple[int, int], Span] = {}


def pages_of(graph: KnowledgeGraph) -> list[Page]:
    """What each document of a graph says, in their order."""
    pages = [Page() for _ in graph.documents]
    for key, entity in graph.entities.items():
        for name, documents in entity.names.items():
            for index in documents:
                pages[index].names.setdefault(key, []).append(name)
    for key, position in graph.positions.items():
        for seen in position.sightings:
            page = pages[seen.document]
            page.positions.setdefault(key, []).append(seen)
            if seen.end and (seen.start, seen.end) not in page.spans:
                page.spans[seen.start, seen.end] = Span(seen.quote)
    for key, fact in graph.facts.items():
        for one in fact.evidence:
            page = pages[one.document]
            page.facts.setdefault(key, []).append(one)
            span = page.spans.get((one.start, one.end))
            if span is None:
                span = page.spans[one.start, one.end] = Span(one.quote)
            span.read.append((one.rule, one.confidence))
    for edge in graph.shortcuts:
        link = (edge.name, edge.end)
        for ground in edge.grounds:
            fact_or_none = graph.facts.get(ground)
            stated: Iterable[Evidence | Sighting] = (
                fact_or_none.evidence if fact_or_none else graph.positions[ground].sightings
            )
            for said in stated:
                pages[said.document].edges.setdefault(edge.start, set()).add(link)
    for index, document in enumerate(graph.documents):
        for mention in document.mentions:
            span = pages[index].spans.setdefault((mention.start, mention.end), Span(mention.surface))
            span.keys += mention.keys
            span.scores.append(mention.score)
    return pages
