"""Writes a knowledge graph as Turtle, TriG, N-Quads or JSON-LD: the same graph gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, Literal

from kgx.knowledge import KnowledgeGraph
from kgx.rdf.describe import Describer, Description
from kgx.rdf.terms import Names, Term
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
_KEPT = 200_000  # ends of lines
_ON_ONE_LINE = 3  # more objects than these stand each on a line


def write(graph: KnowledgeGraph, out: IO[bytes], format_: str, *, base: str | None = None) -> None:
    """Write the graph to a binary file.

    `turtle` and `jsonld` hold the merged graph; `trig` and `nquads` a named graph for each document,
    named by the document's IRI, whose union is the merged graph. Raises KgxError where `base` is no
    base IRI, ValueError where the format is none of `FORMATS`.
    """
    describer = Describer(graph, base)
    spaces = prefixes(describer.minter.base)
    lines: Iterable[str]
    if format_ == "turtle":
        lines = _turtle(describer.merged(), spaces)
    elif format_ == "trig":
        lines = _trig(describer, spaces)
    elif format_ == "nquads":
        lines = _nquads(describer)
    elif format_ == "jsonld":
        lines = _jsonld(describer.merged(), spaces)
    else:
        raise ValueError(format_)
    out.writelines(line.encode() for line in lines)


def quads(graph: KnowledgeGraph, base: str | None = None) -> Iterator[pyoxigraph.Quad]:
    """What each document states, in its own named graph, for a store.

    Raises KgxError where `base` is no base IRI.
    """
    import pyoxigraph as ox

    def node(term: Term) -> ox.NamedNode | ox.Literal:
        if isinstance(term, str):
            return ox.NamedNode(term)
        if term.language is not None:
            return ox.Literal(term.text, language=term.language)
        if term.datatype is not None:
            return ox.Literal(term.text, datatype=ox.NamedNode(term.datatype))
        return ox.Literal(term.text)

    for name, said in Describer(graph, base).by_document():
        context = ox.NamedNode(name)
        for iri, properties in said:
            subject = ox.NamedNode(iri)
            for term, value in properties:
                yield ox.Quad(subject, ox.NamedNode(term), node(value), context)


def to_rdflib(graph: KnowledgeGraph, base: str | None = None) -> rdflib.Graph:
    """The merged graph in rdflib's memory store. Raises KgxError where `base` is no base IRI."""
    import rdflib

    describer = Describer(graph, base)
    out = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in prefixes(describer.minter.base).items():
        out.bind(prefix, iri)
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

    for iri, properties in describer.merged():
        subject = node(iri)
        for term, value in properties:
            out.add((subject, node(term), node(value)))
    return out


def _turtle(descriptions: Iterable[Description], spaces: Mapping[str, str]) -> Iterator[str]:
    names = Names(spaces, a=RDF.type)
    for prefix, space in spaces.items():
        yield f"@prefix {prefix}: <{space}> .\n"
    for description in descriptions:
        yield f"\n{_block(description, names, '')}"


def _trig(describer: Describer, spaces: Mapping[str, str]) -> Iterator[str]:
    names = Names(spaces, a=RDF.type)
    for prefix, space in spaces.items():
        yield f"@prefix {prefix}: <{space}> .\n"
    for name, said in describer.by_document():
        yield f"\n{names.iri(name)} {{\n"
        yield "\n".join(_block(description, names, "    ") for description in said)
        yield "}\n"


def _block(description: Description, names: Names, indent: str) -> str:
    """One subject with all its properties; equal properties share their name."""
    subject, properties = description
    term, write_term = names.iri, names.term
    parts: list[str] = []
    values: list[str] = []
    last = None
    for predicate, value in properties:
        if predicate != last:
            if last is not None:
                parts.append(_objects(term(last), values, indent))
            values = []
            last = predicate
        values.append(write_term(value))
    if last is not None:
        parts.append(_objects(term(last), values, indent))
    semicolon = f" ;\n{indent}    "
    return f"{indent}{term(subject)} {semicolon.join(parts)} .\n"


def _objects(predicate: str, values: list[str], indent: str) -> str:
    if len(values) == 1:
        return f"{predicate} {values[0]}"
    comma = ", " if len(values) <= _ON_ONE_LINE else f",\n{indent}        "
    return f"{predicate} {comma.join(values)}"


def _nquads(describer: Describer) -> Iterator[str]:
    """One line a statement. What follows the subject is kept: documents say much alike."""
    names = Names({})
    kept: dict[tuple[str, Term], str] = {}
    for name, said in describer.by_document():
        if len(kept) > _KEPT:
            kept.clear()
        end = f" <{name}> .\n"
        lines = []
        for subject, properties in said:
            start = f"<{subject}> "
            rest = []
            for pair in properties:
                words = kept.get(pair)
                if words is None:
                    words = kept[pair] = f"<{pair[0]}> {names.term(pair[1])}"
                rest.append(words)
            lines.append(f"{start}{(end + start).join(rest)}{end}")
        yield "".join(lines)


def _jsonld(descriptions: Iterable[Description], spaces: Mapping[str, str]) -> Iterator[str]:
    """JSON-LD, one subject a line, names shortened by the prefixes of its context."""
    names = Names(spaces)

    def name(iri: str) -> str:
        short = names.iri(iri)
        return iri if short.startswith("<") else short

    def value(term: Term) -> Any:
        if isinstance(term, str):
            return {"@id": name(term)}
        if term.language is not None:
            return {"@value": term.text, "@language": term.language}
        if term.datatype is not None:
            return {"@value": term.text, "@type": name(term.datatype)}
        return term.text

    context = json.dumps(dict(spaces), ensure_ascii=False, indent=4)
    yield f'{{\n"@context": {context},\n"@graph": ['
    separator = "\n"
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for subject, properties in descriptions:
        node: dict[str, Any] = {"@id": name(subject)}
        for term, one in properties:
            if term == RDF.type and isinstance(one, str):
                key, item = "@type", name(one)
            else:
                key, item = name(term), value(one)
            if key in node:
                held = node[key]
                node[key] = [*held, item] if isinstance(held, list) else [held, item]
            else:
                node[key] = item
        yield f"{separator}{encode(node)}"
        separator = ",\n"
    yield "\n]\n}\n"
