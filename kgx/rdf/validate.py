"""Holds a graph to the shapes of the ontology, and says in one line each what does not conform."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kgx import errors
from kgx.errors import KgxError

if TYPE_CHECKING:
    import rdflib

    from kgx.rulebook import RuleFolder

SUFFIXES = {
    ".ttl": "turtle",
    ".trig": "trig",
    ".nt": "nt",
    ".nq": "nquads",
    ".jsonld": "json-ld",
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One way in which a graph does not conform.

    `focus` is the thing at fault, `path` the property (None where the thing itself is wrong), `value`
    the value that is wrong (None where one is missing); IRIs are shortened by the graph's prefixes.
    """

    focus: str
    path: str | None
    message: str
    value: str | None

    def __str__(self) -> str:
        """One line: the thing, the property, what is wrong, and with which value."""
        path = f" {self.path}" if self.path else ""
        value = f" (found {self.value})" if self.value else ""
        return f"{self.focus}{path}: {self.message}{value}"


@dataclass(frozen=True, slots=True)
class Report:
    """Whether a graph conforms, and the findings, sorted."""

    conforms: bool
    findings: tuple[Finding, ...] = ()


def validate(source: str | Path | rdflib.Graph, rules: RuleFolder | None = None) -> Report:
    """Hold a file, or a graph in memory, to the shapes; of named graphs the union is checked.

    `rules`: the folder of the run, where it adds fact types to the shipped ones.

    Raises KgxError, naming file and line, where the file can't be read or parsed.
    """
    import pyshacl
    from rdflib import SH, Graph
    from rdflib.namespace import RDF

    graph = source if isinstance(source, Graph) else read(Path(source))
    forms = _shapes(rules.user if rules is not None else None)
    _, results, _ = pyshacl.validate(graph, shacl_graph=forms, advanced=False, inplace=True)
    assert isinstance(results, Graph)
    findings = set()
    for result in results.subjects(RDF.type, SH.ValidationResult):
        if (None, SH.detail, result) in results:
            continue
        path = results.value(result, SH.resultPath)
        value = results.value(result, SH.value)
        focus = results.value(result, SH.focusNode)
        messages = sorted(str(one) for one in results.objects(result, SH.resultMessage))
        finding = Finding(
            focus=_name(focus, graph),
            path=_path(path, results, graph, forms),
            message="; ".join(messages),
            value=None if value is None or value == focus else _name(value, graph),
        )
        findings.add(finding)
    ordered = sorted(findings, key=lambda one: (one.focus, one.path or "", one.message, one.value or ""))
    return Report(not ordered, tuple(ordered))


def validate_file(path: str | Path, rules: RuleFolder | None = None) -> tuple[Finding, ...]:
    """What does not conform in a file: Turtle, TriG, N-Triples, N-Quads or JSON-LD, by its suffix.

    `rules`: the folder of the run, where it adds fact types to the shipped ones.

    Raises KgxError, naming file and line, where the file can't be read or parsed.
    """
    return validate(Path(path), rules).findings


def read(path: Path) -> rdflib.Graph:
    """The graph of a file, named graphs taken together.

    Raises KgxError where it can't be read, where its suffix is not known, or, with the line, where it
    is not valid.
    """
    import pyoxigraph as ox
    import rdflib

    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise KgxError(errors.GRAPH_FORMAT.format(path=path, suffix=suffix or path.name))
    format_ = ox.RdfFormat.from_extension(suffix.removeprefix("."))
    assert format_ is not None
    graph = rdflib.Graph(bind_namespaces="none")
    try:
        body = path.read_bytes()
        parser = ox.parse(body, format=format_)
        for quad in parser:
            graph.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
        for prefix, space in getattr(parser, "prefixes", {}).items():
            graph.bind(prefix, space)
    except OSError as fault:
        raise KgxError(errors.GRAPH_READ.format(path=path, reason=fault.strerror or fault)) from None
    except SyntaxError as fault:
        line = f":{fault.lineno}" if fault.lineno else ""
        reason = " ".join(re.sub(r"^Parser error at .*?: ", "", fault.msg or "").split())
        raise KgxError(
            errors.GRAPH_PARSE.format(path=path, line=line, format=format_.name, reason=reason)
        ) from None
    except ValueError as fault:
        reason = " ".join(str(fault).split())
        raise KgxError(
            errors.GRAPH_PARSE.format(path=path, line="", format=format_.name, reason=reason)
        ) from None
    return graph


def _node(term: object) -> rdflib.term.Node:
    import pyoxigraph as ox
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    type_ = term.datatype.value
    plain = type_ == "http://www.w3.org/2001/XMLSchema#string"
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(type_))


@lru_cache(maxsize=1)
def _shapes(user: Path | None) -> rdflib.Graph:
    import rdflib

    from kgx.rdf.reference import packaged, shapes
    from kgx.rulebook import RuleFolder

    text = packaged("shapes.ttl") if user is None else shapes(RuleFolder(user))
    return rdflib.Graph().parse(data=text, format="turtle")


def _path(
    path: rdflib.term.Node | None, results: rdflib.Graph, graph: rdflib.Graph, forms: rdflib.Graph
) -> str | None:
    """The property of a result; of alternative ones all, with `|` between."""
    from rdflib import SH, BNode
    from rdflib.collection import Collection

    if not isinstance(path, BNode):
        return None if path is None else _name(path, graph)
    listed = results.value(path, SH.alternativePath) or forms.value(path, SH.alternativePath)
    if listed is None:
        return None
    members = list(Collection(results, listed)) or list(Collection(forms, listed))
    return " | ".join(_name(one, graph) for one in members)


def _name(node: rdflib.term.Node | None, graph: rdflib.Graph) -> str:
    from rdflib import Literal, URIRef

    if isinstance(node, URIRef):
        for prefix, space in graph.namespaces():
            if node.startswith(space) and node != space:
                return f"{prefix}:{node[len(space) :]}"
        return f"<{node}>"
    if isinstance(node, Literal):
        tag = f"@{node.language}" if node.language else ""
        tag = tag or (f"^^{_name(node.datatype, graph)}" if node.datatype else "")
        return f'"{" ".join(str(node).split())}"{tag}'
    return str(node)
