"""What RDF says of each thing in a graph: subjects with their properties, in a fixed order.

The merged graph is the union of the documents' graphs: each statement about a thing is made in every
document that supports it, so that to withdraw a document is to withdraw its graph. In what form a property
and its value stand, the writer says; those that many things have are made once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Generic, TypeVar

from kgx.background import MEMBERSHIPS
from kgx.iri import DEFAULT_BASE, Minter, clean, web_address
from kgx.knowledge import Evidence, FactNode, Filler, KnowledgeGraph, PositionNode, Sighting
from kgx.period import period
from kgx.rdf.members import members_of
from kgx.rdf.pages import Page, Span, pages_of
from kgx.rdf.reference import terms
from kgx.rdf.terms import Literal, Term, decimal, texts, zh
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

K = TypeVar("K")
V = TypeVar("V")
P = TypeVar("P")  # a property with its value, as a writer wants it
Pair = Callable[[str, Term], P]
Description = tuple[str, list[P]]  # a subject's IRI; its properties, equal ones side by side
Edges = Collection[tuple[str, str]]  # (name of a short cut, key of the entity at its end)

_CLASS = {"Event": "NamedEvent"}  # kgx:Event would be taken for sem:Event
_GRAIN = {"day": XSD.date, "month": XSD.gYearMonth, "year": XSD.gYear}


class Section(IntEnum):
    """What a thing is, in the order in which things are written."""

    ENTITY = 1
    POSITION = 2
    FACT = 3
    DOCUMENT = 4
    TOPIC = 5
    RUN = 6


Wanted = Mapping[Section, Collection[str]]


def as_pair(predicate: str, value: Term) -> tuple[str, Term]:
    """A property with its value as plain terms."""
    return predicate, value


class _Kept(dict[K, V]):
    """Values that are made when they are first asked for."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[K], V]) -> None:
        self._make = make

    def __missing__(self, key: K) -> V:
        value = self[key] = self._make(key)
        return value


class Describer(Generic[P]):
    """Describes one knowledge graph under one base IRI; raises KgxError where that is no base."""

    def __init__(self, graph: KnowledgeGraph, base: str | None, pair: Pair[P]) -> None:
        """`base`: an absolute IRI that ends in `/`; the project's own where it is None.

        `pair` makes what stands for a property with its value: `as_pair`, or what a writer needs.
        """
        self.graph = graph
        self.minter = Minter(DEFAULT_BASE if base is None else base)
        self._pair = pair
        self._documents = [self.minter.document(one.id) for one in graph.documents]
        self._entities = {key: self.minter.entity(key) for key in graph.entities}
        self._facts = {key: self.minter.fact(one.type, key) for key, one in graph.facts.items()}
        self._positions = {key: self.minter.position(key) for key in graph.positions}
        added = [*terms(graph.types), *sorted({one.name for one in graph.shortcuts})]
        self._kgx = KGX.with_terms(added)  # fact types of a user's rules folder too
        self._run = self.minter.run(f"{graph.run.version}-{graph.run.rules}")
        kgx, entities = self._kgx, self._entities

        def entity(predicate: str) -> _Kept[str, P]:
            return _Kept(lambda key: pair(predicate, entities[key]))

        def date(predicate: str) -> _Kept[str, P]:
            return _Kept(lambda value: pair(predicate, Literal(value, None, XSD.date)))

        def integer(predicate: str) -> _Kept[int, P]:
            return _Kept(lambda value: pair(predicate, Literal(str(value), None, XSD.nonNegativeInteger)))

        def number(predicate: str) -> _Kept[float, P]:
            return _Kept(lambda value: pair(predicate, decimal(value)))

        self._type = _Kept[str, P](lambda iri: pair(RDF.type, iri))
        self._kind = _Kept[str, P](lambda name: pair(RDF.type, kgx[name]))
        self._label = _Kept[str, P](lambda text: pair(RDFS.label, zh(text)))
        self._alias = _Kept[str, P](lambda name: pair(SKOS.altLabel, Literal(name, "zh")))
        self._edge = _Kept[tuple[str, str], P](lambda edge: pair(kgx[edge[0]], entities[edge[1]]))
        self._role = _Kept[str, _Kept[str, P]](lambda name: entity(kgx[name]))
        self._value = _Kept[tuple[str, str], P](lambda held: pair(kgx[held[0]], kgx[held[1]]))
        self._words = _Kept[str, str](lambda name: kgx[f"{name}Text"])
        self._status = _Kept[str, P](lambda status: pair(KGX.status, KGX[status]))
        self._rule = _Kept[str, P](lambda rule: pair(KGX.rule, Literal(clean(rule))))
        self._confidence, self._score = number(KGX.confidence), number(ITSRDF.taConfidence)
        self._begin, self._end = integer(NIF.beginIndex), integer(NIF.endIndex)
        self._named, self._mentioned = entity(ITSRDF.taIdentRef), entity(SCHEMA.mentions)
        self._of_day, self._published = date(KGX.asOf), date(SCHEMA.datePublished)
        self._dates, self._told, self._read = _Kept(self._date), _Kept(self._telling), _Kept(self._reading)
        self._known, self._office = _Kept(self._knowing), _Kept(self._holding)

    def merged(self) -> Iterator[Description[P]]:
        """Everything once: entities, positions, facts, documents with their sentences, topics, run."""
        for _, _, said in self.things():
            yield from said

    def by_graph(self) -> Iterator[tuple[str, list[Description[P]]]]:
        """The name of each graph, a document's own IRI or a table's, and what is said in it.

        A table's graph comes in pieces, one for each organization.
        """
        for _, _, name, said in self.graphs():
            yield name, said

    def things(self, wanted: Wanted | None = None) -> Iterator[tuple[Section, str, list[Description[P]]]]:
        """What is said of each thing: its section, its key there, its description and those that go with it.

        Sections and keys are ascending. `wanted` restricts both; it has the topics by their words, and for
        the run the ids of all documents. All things are wanted where it is None.
        """
        graph = self.graph
        edges: dict[str, set[tuple[str, str]]] = {}
        for one in graph.shortcuts:
            edges.setdefault(one.start, set()).add((one.name, one.end))
        for key in _chosen(graph.entities, Section.ENTITY, wanted):
            spelled = graph.entities[key].names
            yield Section.ENTITY, key, [self._entity(key, spelled, edges.get(key, ())), *self._members(key)]
        for key in _chosen(graph.positions, Section.POSITION, wanted):
            position = graph.positions[key]
            yield Section.POSITION, key, [self._position(position, position.sightings)]
        for key in _chosen(graph.facts, Section.FACT, wanted):
            fact = graph.facts[key]
            yield Section.FACT, key, [self._fact(fact, fact.evidence)]
        chosen = None if wanted is None else wanted.get(Section.DOCUMENT, ())
        if chosen is None or chosen:
            for index, page in enumerate(pages_of(self.graph)):
                name = graph.documents[index].id
                if chosen is None or name in chosen:
                    yield Section.DOCUMENT, name, [self._document(index, page), *self._spans(index, page)]
        topics = {topic for one in graph.documents for topic in one.topics}
        for topic in sorted(topics if wanted is None else wanted.get(Section.TOPIC, ())):
            yield Section.TOPIC, topic, list(self._topics([topic]))
        if wanted is None:
            yield Section.RUN, "", [self._activity(self._documents)]
        elif names := wanted.get(Section.RUN):
            yield Section.RUN, "", [self._activity(map(self.minter.document, sorted(names)))]

    def graphs(
        self, wanted: Wanted | None = None
    ) -> Iterator[tuple[Section, str, str, list[Description[P]]]]:
        """What tables say of organizations, and each document: section, key, the graph's name, what it says.

        `wanted` restricts both, as for `things`.
        """
        graph = self.graph
        table = self.minter.table(MEMBERSHIPS)
        for key in _chosen(graph.entities, Section.ENTITY, wanted):
            if members := self._members(key):
                yield Section.ENTITY, key, table, members
        chosen = None if wanted is None else wanted.get(Section.DOCUMENT, ())
        for index, page in enumerate(pages_of(self.graph) if chosen is None or chosen else ()):
            if chosen is not None and graph.documents[index].id not in chosen:
                continue
            said = [self._entity(key, page.names[key], page.edges.get(key, ())) for key in sorted(page.names)]
            said += [self._position(graph.positions[key], seen) for key, seen in page.positions.items()]
            said += [self._fact(graph.facts[key], evidence) for key, evidence in page.facts.items()]
            said.append(self._document(index, page))
            said += self._spans(index, page)
            said += self._topics(graph.documents[index].topics)
            said.append(self._activity(self._documents[index : index + 1]))
            yield Section.DOCUMENT, graph.documents[index].id, self._documents[index], said

    def _entity(self, key: str, names: Iterable[str], edges: Edges) -> Description[P]:
        own, before, after = self._known[key]
        out = [*before]
        if others := [name for name in names if name not in own]:
            out += [self._alias[name] for name in sorted({clean(name) for name in others} - own)]
        out += after
        if edges:
            out += [self._edge[edge] for edge in sorted(edges)]
        return self._entities[key], out

    def _knowing(self, key: str) -> tuple[set[str], list[P], list[P]]:
        """An entity's names that are no further ones; what is always said of it, but for other names."""
        entity, pair = self.graph.entities[key], self._pair
        before = [self._kind[_CLASS.get(entity.type, entity.type)], self._label[entity.label]]
        if entity.label_en:
            before.append(pair(RDFS.label, Literal(clean(entity.label_en), "en")))
        own = {entity.label, clean(entity.label), ""}
        more = self.graph.background.names.get(key, ())
        before += [pair(SKOS.altLabel, Literal(name, language)) for name, language in more if name not in own]
        own.update(name for name, language in more if language == "zh")
        after = [pair(OWL.sameAs, WD + entity.qid)] if entity.qid else []
        if code := self.graph.background.codes.get(key):
            after.append(pair(SKOS.notation, Literal(code)))
        if entity.kind:
            after.append(pair(KGX.category, Literal(clean(entity.kind))))
        return own, before, after

    def _members(self, key: str) -> list[Description[P]]:
        return members_of(self.graph, key, self.minter, self._pair)

    def _position(self, position: PositionNode, sightings: Sequence[Sighting]) -> Description[P]:
        out = [*self._office[position.key]]
        dates = {self.graph.documents[one.document].date for one in sightings}
        out += [self._of_day[date] for date in sorted(date for date in dates if date)]
        out += self._sources(sightings)
        return self._positions[position.key], out

    def _holding(self, key: str) -> list[P]:
        """What every document says of a position."""
        position, pair = self.graph.positions[key], self._pair
        out = [self._kind["Position"], self._label[position.title]]
        if (called := self.graph.position_label_en(position)) is not None:
            out.append(pair(RDFS.label, Literal(clean(called), "en")))
        out.append(pair(ORG.member, self._entities[position.person]))
        if position.organization is not None:
            out.append(pair(ORG.organization, self._entities[position.organization]))
        out.append(pair(KGX.title, zh(position.title)))
        if (english := self.graph.position_title_en(position)) is not None:
            out.append(pair(KGX.title, Literal(clean(english), "en")))
        return out

    def _fact(self, fact: FactNode, evidence: Sequence[Evidence]) -> Description[P]:
        out = [self._kind[fact.type], self._pair(RDFS.label, zh(self.graph.fact_label(fact)))]
        if (english := self.graph.fact_label_en(fact)) is not None:
            out.append(self._pair(RDFS.label, Literal(clean(english), "en")))
        roles = fact.roles
        if fact.partial:
            left = fact.partial.difference(*(one.roles for one in evidence))
            roles = tuple(held for held in roles if held not in left)
        for name, role in self.graph.types[fact.type].roles.items():
            for held, filler in roles:
                if held != name:
                    continue
                if role.values and filler.value.isascii():
                    out.append(self._value[name, filler.value])
                else:
                    out.append(self._filler(name, filler))
        if fact.date:
            out += self._dates[fact.date]
        out.append(self._status[fact.status])
        out += self._told[tuple([(one.code, one.source, one.rule) for one in evidence])]
        out.append(self._confidence[fact.confidence])
        out += self._sources(evidence)
        return self._facts[fact.key], out

    def _telling(self, told: tuple[tuple[str | None, Filler | None, str], ...]) -> list[P]:
        """Codes, speakers and rules of the sentences that state a fact."""
        codes, speakers, rules = map(set, zip(*told, strict=True))
        out = [self._pair(KGX.plover, Literal(clean(code))) for code in sorted(filter(None, codes))]
        out += [self._filler("statedBy", speaker) for speaker in sorted(filter(None, speakers))]
        return out + [self._rule[rule] for rule in sorted(rules)]

    def _filler(self, name: str, filler: Filler) -> P:
        if filler.entity:
            return self._role[name][filler.value]
        return self._pair(self._words[name], zh(filler.value))

    def _date(self, value: str) -> list[P]:
        span, pair = period(value), self._pair
        exact = Literal(value, None, _GRAIN.get(span.grain))  # an interval has no type of its own
        out = [pair(KGX.date, exact)] if exact.datatype else []
        out.append(pair(SEM.hasEarliestBeginTimeStamp, Literal(span.first, None, XSD.date)))
        out.append(pair(SEM.hasLatestEndTimeStamp, Literal(span.last, None, XSD.date)))
        return out

    def _sources(self, stated: Sequence[Evidence | Sighting]) -> list[P]:
        """The sentences in order, each once; the whole document where no sentence is known."""
        places = [(one.document, one.start, one.end) for one in stated]
        if len(places) > 1:
            places = sorted(set(places))
        pair, documents, span = self._pair, self._documents, self.minter.span
        return [
            pair(PROV.wasDerivedFrom, span(documents[index], start, end) if end else documents[index])
            for index, start, end in places
        ]

    def _document(self, index: int, page: Page) -> Description[P]:
        document, pair = self.graph.documents[index], self._pair
        language = document.language
        out = [self._type[SCHEMA.NewsArticle], self._type[NIF.Context]]
        out.append(pair(SCHEMA.identifier, Literal(clean(document.id))))
        for term, text in (
            (SCHEMA.headline, document.title),
            (SCHEMA.alternativeHeadline, document.subtitle),
        ):
            if text:
                out.append(pair(term, Literal(clean(text), language)))
        if document.date:
            out.append(self._published[document.date])
        out += [pair(SCHEMA.author, zh(name)) for name in texts(document.authors)]
        for term, text in (
            (SCHEMA.publisher, document.publisher),
            (SCHEMA.articleSection, document.section),
            (KGX.edition, document.edition),
        ):
            if text:
                out.append(pair(term, zh(text)))
        out += [pair(SCHEMA.keywords, zh(word)) for word in texts(document.keywords)]
        if document.url and (url := web_address(document.url)):
            out.append(pair(SCHEMA.url, url))
        out.append(pair(SCHEMA.inLanguage, Literal(language)))
        out += [pair(SCHEMA.about, topic) for topic in dict.fromkeys(map(self.minter.topic, document.topics))]
        out += [self._mentioned[key] for key in sorted(page.names)]
        return self._documents[index], out

    def _spans(self, index: int, page: Page) -> Iterator[Description[P]]:
        pair, document, iri = self._pair, self._documents[index], self.minter.span
        context = pair(NIF.referenceContext, document)
        for (start, end), span in sorted(page.spans.items(), key=_place):
            kinds, rules = self._read[tuple(span.read)]
            said = pair(NIF.anchorOf, Literal(clean(span.quote)))
            out = [*kinds, self._begin[start], self._end[end], said, context, *rules]
            if span.keys:
                out += [self._named[key] for key in sorted(set(span.keys))]
                out += [self._score[value] for value in sorted(set(span.scores))]
            yield iri(document, start, end), out

    def _reading(self, read: tuple[tuple[str, float], ...]) -> tuple[list[P], list[P]]:
        """What a stretch of text is, and by which rules, how surely."""
        out = [self._rule[rule] for rule in sorted({rule for rule, _ in read})]
        out += [self._confidence[value] for value in sorted({value for _, value in read})]
        return [self._type[NIF.RFC5147String], *([self._kind["Evidence"]] if read else [])], out

    def _topics(self, topics: Collection[str]) -> Iterator[Description[P]]:
        """Keywords; their labels are no `rdfs:label`, so that a name finds the thing and not the keyword."""
        labels: dict[str, str] = {}
        for topic in sorted(topics, reverse=True):  # of words with one identity the first is the label
            labels[self.minter.topic(topic)] = topic
        for iri in sorted(labels):
            yield iri, [self._kind["Topic"], self._pair(SKOS.prefLabel, zh(labels[iri]))]

    def _activity(self, used: Iterable[str]) -> Description[P]:
        pair, run = self._pair, self.graph.run
        out = [self._type[PROV.Activity], pair(RDFS.label, Literal(f"kgx {run.version}", "en"))]
        out += (pair(KGX.version, Literal(run.version)), pair(KGX.rulesHash, Literal(run.rules)))
        out += [pair(PROV.used, document) for document in used]
        return self._run, out


def _chosen(things: Mapping[str, object], section: Section, wanted: Wanted | None) -> Iterable[str]:
    """The keys of the wanted things of a section, in their order."""
    if wanted is None:
        return things
    return sorted(key for key in wanted.get(section, ()) if key in things)


def _place(item: tuple[tuple[int, int], Span]) -> tuple[int, int]:
    return item[0]
