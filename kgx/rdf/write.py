"""Writes a knowledge graph as Turtle, TriG, N-Quads or JSON-LD: the same graph gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, Literal

from kgx.iri import DEFAULT_BASE
from kgx.knowledge import KnowledgeGraph
from kgx.rdf.describe import Describer, Description, Section, Wanted
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
_Keyed = tuple[int, str, bytes]

Block = tuple[tuple[int, str], bytes]  # section and key of a thing; the text about it
HEAD, TAIL = (0, ""), (9, "")


def write(graph: KnowledgeGraph, out: IO[bytes], format_: str, *, base: str | None = None) -> None:
    """Write the graph to a binary file.

    `turtle` and `jsonld` hold the merged graph; `trig` and `nquads` a named graph for each document,
    named by the document's IRI, and one for what a table states, named by the table's; their union is the
    merged graph. Raises KgxError where `base` is no base IRI, ValueError where the format is none of
    `FORMATS`.
    """
    out.writelines(text for _, text in blocks(graph, format_, base=base))


def blocks(
    graph: KnowledgeGraph, format_: str, *, base: str | None = None, wanted: Wanted | None = None
) -> Iterator[Block]:
    """Yield what `write` writes as blocks, ascending: each is on one thing, or is one document's graph.

    A block depends on its thing alone, so that a file is kept up to date block by block. `wanted` restricts
    them (see `Describer.things`; forms with named graphs have documents, and organizations in tables);
    without it the first and the last block are the head and the tail of the file. Raises as `write`.
    """
    forms: Mapping[str, type[_Turtle | _NQuads | _JsonLd]] = {
        "turtle": _Turtle,
        "trig": _Trig,
        "nquads": _NQuads,
        "jsonld": _JsonLd,
    }
    if format_ not in forms:
        raise ValueError(format_)
    form = forms[format_](graph, base)
    if wanted is None:
        yield HEAD, form.head
    for section, key, text in form.blocks(wanted):
        yield (section, key), text
    if wanted is None:
        yield TAIL, form.tail


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

    for name, said in Describer(graph, base, pair).by_graph():
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


class _Turtle:
    """The merged graph as Turtle."""

    tail = b""

    def __init__(self, graph: KnowledgeGraph, base: str | None) -> None:
        spaces = prefixes(DEFAULT_BASE if base is None else base)
        self.head = "".join(f"@prefix {key}: <{iri}> .\n" for key, iri in spaces.items()).encode()
        self._names = names = Names(spaces, a=RDF.type)
        self._describer = Describer[_Words](
            graph, base, lambda predicate, value: (names.iri(predicate), names.term(value))
        )

    def blocks(self, wanted: Wanted | None) -> Iterator[_Keyed]:
        """Blocks of things; each begins with a blank line."""
        for section, key, said in self._describer.things(wanted):
            yield section, key, "".join(f"\n{_block(one, self._names, '')}" for one in said).encode()


class _Trig(_Turtle):
    """A named graph for each document, as TriG."""

    def blocks(self, wanted: Wanted | None) -> Iterator[_Keyed]:
        """Blocks of tables and of documents."""
        for section, key, name, said in self._describer.graphs(wanted):
            text = "\n".join(_block(description, self._names, "    ") for description in said)
            yield section, key, f"\n{self._names.iri(name)} {{\n{text}}}\n".encode()


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


class _NQuads:
    """A named graph for each document, one line a statement.

    No term has a line break in it, so that one stands for the end of a line.
    """

    head = tail = b""

    def __init__(self, graph: KnowledgeGraph, base: str | None) -> None:
        self._describer = Describer[bytes](
            graph, base, lambda term, value: f"<{term}> {in_full(value)}".encode()
        )

    def blocks(self, wanted: Wanted | None) -> Iterator[_Keyed]:
        """Blocks of tables and of documents."""
        for section, key, name, said in self._describer.graphs(wanted):
            lines: list[bytes] = []
            for iri, properties in said:
                subject = f"<{iri}> ".encode()
                lines += (subject, (b"\n" + subject).join(properties), b"\n")
            yield section, key, b"".join(lines).replace(b"\n", f" <{name}> .\n".encode())


class _JsonLd:
    """The merged graph as JSON-LD, one subject a line, names shortened by the prefixes of its context."""

    tail = b"]\n}\n"

    def __init__(self, graph: KnowledgeGraph, base: str | None) -> None:
        spaces = prefixes(DEFAULT_BASE if base is None else base)
        context = json.dumps(dict(spaces), ensure_ascii=False, indent=4)
        self.head = f'{{\n"@context": {context},\n"@graph": [\n'.encode()
        self._short = Names(spaces)
        self._describer = Describer(graph, base, self._pair)

    def _name(self, iri: str) -> str:
        short = self._short.iri(iri)
        return iri if short.startswith("<") else short

    def _pair(self, predicate: str, value: Term) -> tuple[str, Any]:
        name = self._name
        if isinstance(value, str):
            iri = name(value)
            return ("@type", iri) if predicate == RDF.type else (name(predicate), {"@id": iri})
        if value.language is not None:
            return name(predicate), {"@value": value.text, "@language": value.language}
        if value.datatype is not None:
            return name(predicate), {"@value": value.text, "@type": name(value.datatype)}
        return name(predicate), value.text

    def blocks(self, wanted: Wanted | None) -> Iterator[_Keyed]:
        """Blocks of things; the run is the last and has no comma."""
        encode = json.JSONEncoder(ensure_ascii=False).encode
        for section, key, said in self._describer.things(wanted):
            lines = []
            for subject, properties in said:
                node: dict[str, Any] = {"@id": self._name(subject)}
                for name, item in properties:
                    if name not in node:
                        node[name] = item
                    elif isinstance(node[name], list):
                        node[name].append(item)
                    else:
                        node[name] = [node[name], item]
                lines.append(encode(node))
            end = "\n" if section == Section.RUN else ",\n"
            yield section, key, (",\n".join(lines) + end).encode()
