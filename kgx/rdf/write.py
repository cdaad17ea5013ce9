"""Writes a knowledge graph as Turtle, TriG, N-Quads or JSON-LD: the same graph gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, Literal

from kgx.iri import DEFAULT_BASE
from kgx.knowledge import KnowledgeGraph
from kgx.rdf.describe import Describer, Description
from kgx.rdf.terms import Names, Term, in_full
from kgx.rdf.vocab import RDF, prefixes

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

Format = Literal["turtle", "trig", "nquads", "jsonld"]
FORMATS: Mapping[Format, str] = {
    "turtle": ".ttl",
    "trig": ".trig",
    "nquads": ".nq",
    "jsonld": ".jsonld",
}
_ON_ONE_LINE = 3  # more objects than these stand each on a line
_Words = tuple[str, str]  # a property and its value, as Turtle has them


def write(graph: KnowledgeGraph, out: IO[bytes], format_: str, *, base: str | None = None) -> None:
    """Write the graph to a binary file.

    `turtle` and `jsonld` hold the merged graph; `trig` and `nquads` a named graph for each document,
    named by the document's IRI, whose union is the merged graph. Raises KgxError where `base` is no
    base IRI, ValueError where the format is none of `FORMATS`.
    """
    writers = {"turtle": _turtle, "trig": _trig, "nquads": _nquads, "jsonld": _jsonld}
    if format_ not in writers:
        raise ValueError(format_)
    out.writelines(writers[format_](graph, base))


def quads(graph: KnowledgeGraph, base: str | None = None) -> Iterator[pyoxigraph.Quad]:
    """What each document states, in its own named graph, for a store.

    Raises KgxError where `base` is no base IRI.
    """
    import pyoxigraph as ox

    def pair(predicate: str, value: Term) -> tuple[ox.NamedNode, ox.NamedNode | ox.Literal]:
        if isinstance(value, str):
            return ox.NamedNode(predicate), ox.NamedNode(value)
        type_ = ox.NamedNode(value.datatype) if value.datatype is not None else None
        return ox.NamedNode(predicate), ox.Literal(value.text, language=value.language, datatype=type_)

    for name, said in Describer(graph, base, pair).by_document():
        context = ox.NamedNode(name)
        for iri, properties in said:
            subject = ox.NamedNode(iri)
            for predicate, value in properties:
                yield ox.Quad(subject, predicate, value, context)


def to_rdflib(graph: KnowledgeGraph, base: str | None = None) -> rdflib.Graph:
    """The merged graph in rdflib's memory store. Raises KgxError where `base` is no base IRI."""
    import rdflib

    nodes: dict[Term, rdflib.URIRef | rdflib.Literal] = {}

    def node(term: Term) -> Any:
        found = nodes.get(term)
        if found is None:
            if isinstance(term, str):
                found = rdflib.URIRef(term)
            else:
                type_ = rdflib.URIRef(term.datatype) if term.datatype else None
                found = rdflib.Literal(term.text, lang=term.language, datatype=type_)
            nodes[term] = found
        return found

    describer = Describer(graph, base, lambda predicate, value: (node(predicate), node(value)))
    out = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in prefixes(describer.minter.base).items():
        out.bind(prefix, iri)
    for iri, properties in describer.merged():
        subject = node(iri)
        for predicate, value in properties:
            out.add((subject, predicate, value))
    return out


def _turtle(graph: KnowledgeGraph, base: str | None) -> Iterator[bytes]:
    describer, names, head = _worded(graph, base)
    yield head
    for description in describer.merged():
        yield f"\n{_block(description, names, '')}".encode()


def _trig(graph: KnowledgeGraph, base: str | None) -> Iterator[bytes]:
    describer, names, head = _worded(graph, base)
    yield head
    for name, said in describer.by_document():
        blocks = "\n".join(_block(description, names, "    ") for description in said)
        yield f"\n{names.iri(name)} {{\n{blocks}}}\n".encode()


def _worded(graph: KnowledgeGraph, base: str | None) -> tuple[Describer[_Words], Names, bytes]:
    """A describer whose properties are words of Turtle, the names it uses, the lines on prefixes."""
    spaces = prefixes(DEFAULT_BASE if base is None else base)
    names = Names(spaces, a=RDF.type)
    describer = Describer(graph, base, lambda predicate, value: (names.iri(predicate), names.term(value)))
    return describer, names, "".join(f"@prefix {key}: <{iri}> .\n" for key, iri in spaces.items()).encode()


def _block(description: Description[_Words], names: Names, indent: str) -> str:
    """One subject with all its properties; equal properties share their name."""
    subject, properties = description
    parts: list[str] = []
    values: list[str] = []
    last = ""
    for predicate, value in properties:
        if predicate != last:
            if values:
                parts.append(_objects(last, values, indent))
            values = []
            last = predicate
        values.append(value)
    parts.append(_objects(last, values, indent))
    semicolon = f" ;\n{indent}    "
    return f"{indent}{names.iri(subject)} {semicolon.join(parts)} .\n"


def _objects(predicate: str, values: list[str], indent: str) -> str:
    if len(values) == 1:
        return f"{predicate} {values[0]}"
    comma = ", " if len(values) <= _ON_ONE_LINE else f",\n{indent}        "
    return f"{predicate} {comma.join(values)}"


def _nquads(graph: KnowledgeGraph, base: str | None) -> Iterator[bytes]:
    """One line a statement. No term has a line break in it, so that one stands for the end of a line."""
    describer = Describer(graph, base, lambda term, value: f"<{term}> {in_full(value)}".encode())
    for name, said in describer.by_document():
        lines: list[bytes] = []
        for iri, properties in said:
            subject = f"<{iri}> ".encode()
            lines += (subject, (b"\n" + subject).join(properties), b"\n")
        yield b"".join(lines).replace(b"\n", f" <{name}> .\n".encode())


def _jsonld(graph: KnowledgeGraph, base: str | None) -> Iterator[bytes]:
    """JSON-LD, one subject a line, names shortened by the prefixes of its context."""
    spaces = prefixes(DEFAULT_BASE if base is None else base)
    names = Names(spaces)

    def name(iri: str) -> str:
        short = names.iri(iri)
        return iri if short.startswith("<") else short

    def pair(predicate: str, value: Term) -> tuple[str, Any]:
        if isinstance(value, str):
            iri = name(value)
            return ("@type", iri) if predicate == RDF.type else (name(predicate), {"@id": iri})
        if value.language is not None:
            return name(predicate), {"@value": value.text, "@language": value.language}
        if value.datatype is not None:
            return name(predicate), {"@value": value.text, "@type": name(value.datatype)}
        return name(predicate), value.text

    describer = Describer(graph, base, pair)
    context = json.dumps(dict(spaces), ensure_ascii=False, indent=4)
    yield f'{{\n"@context": {context},\n"@graph": ['.encode()
    separator = "\n"
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for subject, properties in describer.merged():
        node: dict[str, Any] = {"@id": name(subject)}
        for key, item in properties:
            if key not in node:
                node[key] = item
            elif isinstance(node[key], list):
                node[key].append(item)
            else:
                node[key] = [node[key], item]
        yield f"{separator}{encode(node)}".encode()
        separator = ",\n"
    yield b"\n]\n}\n"
