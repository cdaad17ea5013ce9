"""Writes a knowledge graph as Turtle, TriG, N-Quads or JSON-LD: the same graph gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, Literal

import pyoxigraph as ox

from kgx.knowledge import KnowledgeGraph
from kgx.rdf.describe import Describer, Description
from kgx.rdf.vocab import RDF, XSD, prefixes

if TYPE_CHECKING:
    import rdflib

Format = Literal["turtle", "trig", "nquads", "jsonld"]
FORMATS: Mapping[Format, str] = {
    "turtle": ".ttl",
    "trig": ".trig",
    "nquads": ".nq",
    "jsonld": ".jsonld",
}


def write(graph: KnowledgeGraph, out: IO[bytes], format_: str, *, base: str | None = None) -> None:
    """Write the graph to a binary file.

    `turtle` and `jsonld` hold the merged graph; `trig` and `nquads` a named graph for each document,
    named by the document's IRI, whose union is the merged graph. Raises KgxError where `base` is no
    base IRI, ValueError where the format is none of `FORMATS`.
    """
    describer = Describer(graph, base)
    names = prefixes(describer.minter.base)
    if format_ == "turtle":
        ox.serialize(triples(describer.merged()), out, ox.RdfFormat.TURTLE, prefixes=dict(names))
    elif format_ == "trig":
        ox.serialize(quads(describer), out, ox.RdfFormat.TRIG, prefixes=dict(names))
    elif format_ == "nquads":
        ox.serialize(quads(describer), out, ox.RdfFormat.N_QUADS)
    elif format_ == "jsonld":
        out.writelines(_jsonld(describer.merged(), names))
    else:
        raise ValueError(format_)


def triples(descriptions: Iterable[Description]) -> Iterator[ox.Triple]:
    """The triples of descriptions, in their order."""
    return (
        ox.Triple(subject, term, value) for subject, properties in descriptions for term, value in properties
    )


def quads(describer: Describer) -> Iterator[ox.Quad]:
    """The triples that each document states, in its own named graph."""
    return (
        ox.Quad(subject, term, value, name)
        for name, said in describer.by_document()
        for subject, properties in said
        for term, value in properties
    )


def to_rdflib(graph: KnowledgeGraph, base: str | None = None) -> rdflib.Graph:
    """The merged graph in rdflib's memory store. Raises KgxError where `base` is no base IRI."""
    import rdflib

    describer = Describer(graph, base)
    out = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in prefixes(describer.minter.base).items():
        out.bind(prefix, iri)
    nodes: dict[str, rdflib.URIRef] = {}

    def node(term: ox.NamedNode | ox.Literal) -> rdflib.URIRef | rdflib.Literal:
        if isinstance(term, ox.NamedNode):
            if term.value not in nodes:
                nodes[term.value] = rdflib.URIRef(term.value)
            return nodes[term.value]
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        if term.datatype == XSD.string:
            return rdflib.Literal(term.value)
        return rdflib.Literal(term.value, datatype=node(term.datatype))

    for subject, properties in describer.merged():
        for term, value in properties:
            out.add((node(subject), node(term), node(value)))
    return out


_LOCAL = re.compile(r"[^/#:?\[\]@][^#?\[\]@]*")


def _jsonld(descriptions: Iterable[Description], names: Mapping[str, str]) -> Iterator[bytes]:
    """JSON-LD, one subject a line, names shortened by the prefixes of its context."""
    by_length = sorted(names.items(), key=lambda item: (-len(item[1]), item[0]))
    short: dict[str, str] = {}

    def name(iri: str) -> str:
        if iri not in short:
            short[iri] = next(
                (
                    f"{prefix}:{iri[len(space) :]}"
                    for prefix, space in by_length
                    if iri.startswith(space) and _LOCAL.fullmatch(iri, len(space))
                ),
                iri,
            )
        return short[iri]

    def value(term: ox.NamedNode | ox.Literal) -> Any:
        if isinstance(term, ox.NamedNode):
            return {"@id": name(term.value)}
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if term.datatype == XSD.string:
            return term.value
        return {"@value": term.value, "@type": name(term.datatype.value)}

    context = json.dumps(dict(names), ensure_ascii=False, indent=1)
    yield f'{{"@context": {context},\n"@graph": ['.encode()
    separator = "\n"
    for subject, properties in descriptions:
        node: dict[str, Any] = {"@id": name(subject.value)}
        for term, one in properties:
            key, item = ("@type", name(one.value)) if term == RDF.type else (name(term.value), value(one))
            if key in node:
                held = node[key]
                node[key] = [*held, item] if isinstance(held, list) else [held, item]
            else:
                node[key] = item
        yield f"{separator}{json.dumps(node, ensure_ascii=False)}".encode()
        separator = ",\n"
    yield b"\n]}\n"
