"""What RDF says of each thing in a graph: subjects with their properties, in a fixed order.

The merged graph is the union of the documents' graphs: each statement about a thing is made in every
document that supports it, so that to withdraw a document is to withdraw its graph.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from kgx.facttypes import Role
from kgx.iri import DEFAULT_BASE, Minter, clean
from kgx.knowledge import EntityNode, Evidence, FactNode, Filler, KnowledgeGraph, PositionNode, Sighting
from kgx.period import period
from kgx.rdf.reference import terms
from kgx.rdf.terms import Literal, Term
from kgx.rdf.vocab import (
    ITSRDF,
    KGX,
    NIF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SEM,
    SKOS,
    WD,
    XSD,
)

Properties = list[tuple[str, Term]]
Description = tuple[str, Properties]  # a subject's IRI; its properties, equal ones side by side
Edges = Collection[tuple[str, str]]  # (name of a short cut, key of the entity at its end)

_CLASS = {"Event": "NamedEvent"}  # kgx:Event would be taken for sem:Event
_GRAIN = {"day": XSD.date, "month": XSD.gYearMonth, "year": XSD.gYear}
_URL = re.compile(r"(https?)://([A-Za-z0-9\u00a1-\ud7ff.-]+(?::[0-9]+)?)([/?][^#]*|)(?:#(.*))?", re.I | re.S)
_URL_SAFE = "!$%&'()*+,/:;=?@~"
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")


@dataclass(slots=True)
class _Span:
    """What is said of one stretch of a document."""

    quote: str
    rules: set[str] = field(default_factory=set)
    confidences: set[float] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    scores: set[float] = field(default_factory=set)


class _Page:
    """What one document says: names by entity, evidence by fact, and so on."""

    __slots__ = ("edges", "facts", "names", "positions", "spans")

    def __init__(self) -> None:
        self.names: dict[str, list[str]] = {}
        self.facts: dict[str, list[Evidence]] = {}
        self.positions: dict[str, list[Sighting]] = {}
        self.edges: dict[str, set[tuple[str, str]]] = {}
        self.spans: dict[tuple[int, int], _Span] = {}


class Describer:
    """Describes one knowledge graph under one base IRI; raises KgxError where that is no base."""

    def __init__(self, graph: KnowledgeGraph, base: str | None = None) -> None:
        """`base`: an absolute IRI that ends in `/`; the project's own by default."""
        self.graph = graph
        self.minter = Minter(DEFAULT_BASE if base is None else base)
        self._documents = [self.minter.document(one.id) for one in graph.documents]
        self._entities = {key: self.minter.entity(key) for key in graph.entities}
        self._facts = {key: self.minter.fact(one.type, key) for key, one in graph.facts.items()}
        self._positions = {key: self.minter.position(key) for key in graph.positions}
        added = [*terms(graph.types), *sorted({one.name for one in graph.shortcuts})]
        self._kgx = KGX.with_terms(added)  # fact types of a user's rules folder too
        self._run = self.minter.run(f"{graph.run.version}-{graph.run.rules}")
        self._decimals: dict[float, Literal] = {}
        self._integers: dict[int, Literal] = {}
        self._dates: dict[str, Properties] = {}

    def merged(self) -> Iterator[Description]:
        """Everything once: entities, positions, facts, documents with their sentences, topics, run."""
        graph = self.graph
        edges: dict[str, set[tuple[str, str]]] = {}
        for one in graph.shortcuts:
            edges.setdefault(one.start, set()).add((one.name, one.end))
        for key, entity in graph.entities.items():
            yield self._entity(entity, entity.names, edges.get(key, ()))
        for position in graph.positions.values():
            yield self._position(position, position.sightings)
        for fact in graph.facts.values():
            yield self._fact(fact, fact.evidence)
        for index, page in enumerate(self._pages()):
            yield self._document(index, page)
            yield from self._spans(index, page)
        yield from self._topics({topic for one in graph.documents for topic in one.topics})
        yield self._activity(self._documents)

    def by_document(self) -> Iterator[tuple[str, list[Description]]]:
        """The name of each document's graph, which is the document's own IRI, and what it says."""
        graph = self.graph
        for index, page in enumerate(self._pages()):
            said: list[Description] = [
                self._entity(graph.entities[key], page.names[key], page.edges.get(key, ()))
                for key in sorted(page.names)
            ]
            said += [self._position(graph.positions[key], seen) for key, seen in page.positions.items()]
            said += [self._fact(graph.facts[key], evidence) for key, evidence in page.facts.items()]
            said.append(self._document(index, page))
            said += self._spans(index, page)
            said += self._topics(graph.documents[index].topics)
            said.append(self._activity(self._documents[index : index + 1]))
            yield self._documents[index], said

    def _pages(self) -> list[_Page]:
        graph = self.graph
        pages = [_Page() for _ in graph.documents]
        for key, entity in graph.entities.items():
            for name, documents in entity.names.items():
                for index in documents:
                    pages[index].names.setdefault(key, []).append(name)
        for key, position in graph.positions.items():
            for seen in position.sightings:
                pages[seen.document].positions.setdefault(key, []).append(seen)
                if seen.end:
                    pages[seen.document].spans.setdefault((seen.start, seen.end), _Span(seen.quote))
        for key, fact in graph.facts.items():
            for one in fact.evidence:
                page = pages[one.document]
                page.facts.setdefault(key, []).append(one)
                span = page.spans.setdefault((one.start, one.end), _Span(one.quote))
                span.rules.add(one.rule)
                span.confidences.add(one.confidence)
        for edge in graph.shortcuts:
            for ground in edge.grounds:
                fact_or_none = graph.facts.get(ground)
                stated: Iterable[Evidence | Sighting] = (
                    fact_or_none.evidence if fact_or_none else graph.positions[ground].sightings
                )
                for said in stated:
                    pages[said.document].edges.setdefault(edge.start, set()).add((edge.name, edge.end))
        for index, document in enumerate(graph.documents):
            for mention in document.mentions:
                span = pages[index].spans.setdefault((mention.start, mention.end), _Span(mention.surface))
                span.keys.update(mention.keys)
                span.scores.add(mention.score)
        return pages

    def _entity(self, entity: EntityNode, names: Iterable[str], edges: Edges) -> Description:
        out: Properties = [(RDF.type, KGX[_CLASS.get(entity.type, entity.type)])]
        out.append((RDFS.label, _zh(entity.label)))
        if entity.label_en:
            out.append((RDFS.label, Literal(clean(entity.label_en), "en")))
        others = sorted({clean(name) for name in names} - {clean(entity.label), ""})
        out += [(SKOS.altLabel, Literal(name, "zh")) for name in others]
        if entity.qid:
            out.append((OWL.sameAs, WD + entity.qid))
        if entity.kind:
            out.append((KGX.category, Literal(clean(entity.kind))))
        out += [(self._kgx[name], self._entities[end]) for name, end in sorted(edges)]
        return self._entities[entity.key], out

    def _position(self, position: PositionNode, sightings: Collection[Sighting]) -> Description:
        out: Properties = [(RDF.type, KGX.Position), (RDFS.label, _zh(position.title))]
        out.append((ORG.member, self._entities[position.person]))
        if position.organization is not None:
            out.append((ORG.organization, self._entities[position.organization]))
        out.append((KGX.title, _zh(position.title)))
        dates = {self.graph.documents[one.document].date for one in sightings}
        out += [(KGX.asOf, Literal(date, None, XSD.date)) for date in sorted(d for d in dates if d)]
        out += [(PROV.wasDerivedFrom, node) for node in self._sources(sightings)]
        return self._positions[position.key], out

    def _fact(self, fact: FactNode, evidence: Collection[Evidence]) -> Description:
        kind = self.graph.types[fact.type]
        out: Properties = [(RDF.type, self._kgx[fact.type])]
        out.append((RDFS.label, _zh(self.graph.fact_label(fact))))
        for name, role in kind.roles.items():
            out += [self._role(role, filler) for filler in fact.fillers(name)]
        if fact.date:
            out += self._date(fact.date)
        out.append((KGX.status, KGX[fact.status]))
        codes = sorted({one.code for one in evidence if one.code})
        out += [(KGX.plover, Literal(clean(code))) for code in codes]
        for source in sorted({one.source for one in evidence if one.source}):
            out.append(self._filler("statedBy", source))
        out += [(KGX.rule, Literal(clean(rule))) for rule in sorted({one.rule for one in evidence})]
        out += [(KGX.confidence, self._decimal(c)) for c in sorted({one.confidence for one in evidence})]
        out += [(PROV.wasDerivedFrom, node) for node in self._sources(evidence)]
        return self._facts[fact.key], out

    def _role(self, role: Role, filler: Filler) -> tuple[str, Term]:
        if role.values and filler.value.isascii():
            return self._kgx[role.name], self._kgx[filler.value]
        return self._filler(role.name, filler)

    def _filler(self, name: str, filler: Filler) -> tuple[str, Term]:
        if filler.entity:
            return self._kgx[name], self._entities[filler.value]
        return self._kgx[f"{name}Text"], _zh(filler.value)

    def _date(self, value: str) -> Properties:
        if value not in self._dates:
            span = period(value)
            out: Properties = []
            if span.grain != "interval":
                out.append((KGX.date, Literal(value, None, _GRAIN[span.grain])))
            out.append((SEM.hasEarliestBeginTimeStamp, Literal(span.first, None, XSD.date)))
            out.append((SEM.hasLatestEndTimeStamp, Literal(span.last, None, XSD.date)))
            self._dates[value] = out
        return self._dates[value]

    def _sources(self, stated: Iterable[Evidence | Sighting]) -> list[str]:
        """The sentences, sorted, each once; the whole document where no sentence is known."""
        places = sorted({(one.document, one.start, one.end) for one in stated})
        return [
            self._span(index, start, end) if end else self._documents[index] for index, start, end in places
        ]

    def _span(self, index: int, start: int, end: int) -> str:
        return self.minter.span(self._documents[index], start, end)

    def _document(self, index: int, page: _Page) -> Description:
        document = self.graph.documents[index]
        language = document.language
        out: Properties = [(RDF.type, SCHEMA.NewsArticle), (RDF.type, NIF.Context)]
        out.append((SCHEMA.identifier, Literal(clean(document.id))))
        for term, text in (
            (SCHEMA.headline, document.title),
            (SCHEMA.alternativeHeadline, document.subtitle),
        ):
            if text:
                out.append((term, Literal(clean(text), language)))
        if document.date:
            out.append((SCHEMA.datePublished, Literal(document.date, None, XSD.date)))
        out += [(SCHEMA.author, _zh(name)) for name in sorted(set(document.authors)) if name]
        if document.publisher:
            out.append((SCHEMA.publisher, _zh(document.publisher)))
        if document.section:
            out.append((SCHEMA.articleSection, _zh(document.section)))
        if document.edition:
            out.append((KGX.edition, _zh(document.edition)))
        out += [(SCHEMA.keywords, _zh(word)) for word in sorted(set(document.keywords)) if word]
        if document.url and (url := _url(document.url)):
            out.append((SCHEMA.url, url))
        out.append((SCHEMA.inLanguage, Literal(language)))
        out += [(SCHEMA.about, self.minter.topic(topic)) for topic in document.topics]
        out += [(SCHEMA.mentions, self._entities[key]) for key in sorted(page.names)]
        return self._documents[index], _once(out)

    def _spans(self, index: int, page: _Page) -> Iterator[Description]:
        for start, end in sorted(page.spans):
            span = page.spans[start, end]
            out: Properties = [(RDF.type, NIF.RFC5147String)]
            if span.rules:
                out.append((RDF.type, KGX.Evidence))
            out.append((NIF.beginIndex, self._integer(start)))
            out.append((NIF.endIndex, self._integer(end)))
            out.append((NIF.anchorOf, Literal(clean(span.quote))))
            out.append((NIF.referenceContext, self._documents[index]))
            out += [(KGX.rule, Literal(clean(rule))) for rule in sorted(span.rules)]
            out += [(KGX.confidence, self._decimal(one)) for one in sorted(span.confidences)]
            out += [(ITSRDF.taIdentRef, self._entities[key]) for key in sorted(span.keys)]
            out += [(ITSRDF.taConfidence, self._decimal(one)) for one in sorted(span.scores)]
            yield self._span(index, start, end), out

    def _topics(self, topics: Collection[str]) -> Iterator[Description]:
        labels: dict[str, str] = {}
        for topic in sorted(topics, reverse=True):  # of words with one identity the first is the label
            labels[self.minter.topic(topic)] = topic
        for iri in sorted(labels):
            yield iri, [(RDF.type, KGX.Topic), (RDFS.label, _zh(labels[iri]))]

    def _activity(self, used: Iterable[str]) -> Description:
        out: Properties = [(RDF.type, PROV.Activity)]
        out.append((RDFS.label, Literal(f"kgx {self.graph.run.version}", "en")))
        out.append((KGX.version, Literal(self.graph.run.version)))
        out.append((KGX.rulesHash, Literal(self.graph.run.rules)))
        out += [(PROV.used, document) for document in used]
        return self._run, out

    def _decimal(self, value: float) -> Literal:
        if value not in self._decimals:
            digits = f"{value:.4f}".rstrip("0")
            digits = f"{digits}0" if digits.endswith(".") else digits
            self._decimals[value] = Literal(digits, None, XSD.decimal)
        return self._decimals[value]

    def _integer(self, value: int) -> Literal:
        if value not in self._integers:
            self._integers[value] = Literal(str(value), None, XSD.nonNegativeInteger)
        return self._integers[value]


def _zh(text: str) -> Literal:
    return Literal(clean(text), "zh")


def _once(properties: Properties) -> Properties:
    return list(dict.fromkeys(properties))


def _url(url: str) -> str | None:
    """The URL with what no IRI may hold percent-encoded; None where it is no web address."""
    form = _URL.fullmatch(clean(url.strip()))
    if form is None:
        return None
    scheme, host, path, fragment = form.groups()
    parts = [quote(_STRAY.sub("%25", part), safe=_URL_SAFE) for part in (path, fragment or "")]
    return f"{scheme.lower()}://{host}{parts[0]}" + (f"#{parts[1]}" if fragment is not None else "")
