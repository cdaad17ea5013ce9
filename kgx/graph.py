"""A knowledge graph as networkx holds it, as GraphML and as GEXF.

Entities, facts and positions are nodes; an edge named by its role leads from a fact to each entity that
fills it; short cuts lead from entity to entity. The id of a node is its IRI without the base.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kgx.iri import Minter, clean
from kgx.knowledge import FactNode, KnowledgeGraph, PositionNode, Shortcut
from kgx.period import period

if TYPE_CHECKING:
    import networkx

HAPPENED = ("actual", "past")


class _Ids:
    """The ids of nodes: IRIs without their base."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        minter = Minter()
        cut = len(minter.base)
        self.entities = {key: minter.entity(key)[cut:] for key in graph.entities}
        self.facts = {key: minter.fact(one.type, key)[cut:] for key, one in graph.facts.items()}
        self.positions = {key: minter.position(key)[cut:] for key in graph.positions}


def node_ids(graph: KnowledgeGraph) -> dict[str, str]:
    """The ids of all nodes by their keys in the graph; no key of one kind is another kind's."""
    ids = _Ids(graph)
    return {**ids.entities, **ids.facts, **ids.positions}


def to_networkx(graph: KnowledgeGraph) -> networkx.MultiDiGraph:
    """The whole graph; every attribute is a string, an int or a float.

    Nodes have `kind` (entity, fact, position), `type`, `label` and `support`, the number of documents
    behind them. Edges have `kind` (role, shortcut), `label`, and where they are short cuts `weight`, the
    number of facts behind them, and `first` and `last`, the days between which those lie.
    """
    import networkx as nx

    ids = _Ids(graph)
    out = nx.MultiDiGraph(name="kgx")
    for key, entity in graph.entities.items():
        attributes = _attributes(
            kind="entity",
            type=entity.type,
            label=entity.label,
            label_en=entity.label_en,
            qid=entity.qid,
            category=entity.kind,
            support=len(entity.documents),
        )
        out.add_node(ids.entities[key], **attributes)
    for key, position in graph.positions.items():
        _add_position(out, graph, ids, ids.positions[key], position)
    for key, fact in graph.facts.items():
        _add_fact(out, graph, ids, ids.facts[key], fact)
    for edge in graph.shortcuts:
        attributes = _attributes(kind="shortcut", label=edge.name, weight=len(edge.grounds))
        attributes |= _days(graph, edge)
        out.add_edge(ids.entities[edge.start], ids.entities[edge.end], key=edge.name, **attributes)
    return out


def project(graph: KnowledgeGraph, statuses: Iterable[str] = HAPPENED) -> networkx.Graph:
    """Entities joined where one fact names both; `weight` counts the facts, `types` lists their types.

    Only facts of the given statuses count, by default what happened.
    """
    import networkx as nx

    ids = _Ids(graph)
    wanted = frozenset(statuses)
    out = nx.Graph(name="kgx entities")
    for key, entity in graph.entities.items():
        attributes = _attributes(type=entity.type, label=entity.label, support=len(entity.documents))
        out.add_node(ids.entities[key], **attributes)
    joined: dict[tuple[str, str], list[str]] = {}
    for fact in graph.facts.values():
        if fact.status in wanted:
            keys = sorted({filler.value for _, filler in fact.roles if filler.entity})
            for rank, one in enumerate(keys):
                for other in keys[rank + 1 :]:
                    joined.setdefault((one, other), []).append(fact.type)
    for (one, other), types in sorted(joined.items()):
        listed = "|".join(sorted(set(types)))
        out.add_edge(ids.entities[one], ids.entities[other], weight=len(types), types=listed)
    return out


def comentions(graph: KnowledgeGraph, least: int = 2) -> networkx.Graph:
    """Entities joined where `least` or more documents name both; `weight` counts those documents."""
    import networkx as nx

    ids = _Ids(graph)
    pages: list[list[str]] = [[] for _ in graph.documents]
    out = nx.Graph(name="kgx co-mentions")
    for key, entity in graph.entities.items():
        attributes = _attributes(type=entity.type, label=entity.label, support=len(entity.documents))
        out.add_node(ids.entities[key], **attributes)
        for index in entity.documents:
            pages[index].append(key)
    counts: dict[tuple[str, str], int] = {}
    for keys in pages:
        for rank, one in enumerate(keys):
            for other in keys[rank + 1 :]:
                counts[one, other] = counts.get((one, other), 0) + 1
    for (one, other), count in sorted(counts.items()):
        if count >= least:
            out.add_edge(ids.entities[one], ids.entities[other], weight=count)
    return out


def write_graphml(graph: KnowledgeGraph, out: str | Path | IO[bytes]) -> None:
    """Write the graph as GraphML (UTF-8); raises OSError where `out` can't be written."""
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(encoding="utf-8", prettyprint=True)
    writer.add_graph_element(_numbered(graph))
    _emit(out, writer.dump)


def write_gexf(graph: KnowledgeGraph, out: str | Path | IO[bytes]) -> None:
    """Write the graph as GEXF 1.2 (UTF-8), no date in it; raises OSError where it can't be written."""
    from networkx.readwrite.gexf import GEXFWriter

    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    for meta in writer.xml.iter():
        meta.attrib.pop("lastmodifieddate", None)
        if meta.tag == "creator":
            meta.text = "kgx"
    writer.add_graph(_numbered(graph))
    _emit(out, writer.write)


def _numbered(graph: KnowledgeGraph) -> networkx.MultiDiGraph:
    """The graph with edge ids that are unique in a file."""
    import networkx as nx

    given = to_networkx(graph)
    out = nx.MultiDiGraph(name="kgx")
    out.add_nodes_from(given.nodes(data=True))
    for number, (start, end, attributes) in enumerate(given.edges(data=True)):
        out.add_edge(start, end, key=f"e{number}", **attributes)
    return out


def _emit(out: str | Path | IO[bytes], write: Any) -> None:
    if isinstance(out, (str, Path)):
        with Path(out).open("wb") as stream:
            write(stream)
    else:
        write(out)


def _add_position(
    out: networkx.MultiDiGraph, graph: KnowledgeGraph, ids: _Ids, node: str, position: PositionNode
) -> None:
    dates = list(graph.as_of(position))
    attributes = _attributes(
        kind="position",
        type="Position",
        label=position.title,
        label_en=graph.position_label_en(position),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        support=len({one.document for one in position.sightings}),
    )
    out.add_node(node, **attributes)
    out.add_edge(node, ids.entities[position.person], key="member", kind="role", label="member")
    if position.organization is not None:
        end = ids.entities[position.organization]
        out.add_edge(node, end, key="organization", kind="role", label="organization")


def _add_fact(
    out: networkx.MultiDiGraph, graph: KnowledgeGraph, ids: _Ids, node: str, fact: FactNode
) -> None:
    span = period(fact.date) if fact.date else None
    best = max(fact.evidence, key=lambda one: (one.confidence, -one.document, -one.start))
    attributes = _attributes(
        kind="fact",
        type=fact.type,
        label=graph.fact_label(fact),
        status=fact.status,
        date=fact.date,
        first=span.first if span else None,
        last=span.last if span else None,
        plover="|".join(sorted({one.code for one in fact.evidence if one.code})) or None,
        confidence=fact.confidence,
        evidence=best.quote,
        document=graph.documents[best.document].id,
        support=len({one.document for one in fact.evidence}),
    )
    texts: dict[str, list[str]] = {}
    for role, filler in fact.roles:
        if not filler.entity:
            controlled = graph.types[fact.type].roles[role].values is not None
            texts.setdefault(role if controlled else f"{role}Text", []).append(filler.value)
    attributes |= _attributes(**{role: "|".join(words) for role, words in sorted(texts.items())})
    out.add_node(node, **attributes)
    for role, filler in fact.roles:
        if filler.entity:
            out.add_edge(node, ids.entities[filler.value], key=role, kind="role", label=role)


def _days(graph: KnowledgeGraph, edge: Shortcut) -> dict[str, str]:
    """The first and the last day of what a short cut rests on, where any is dated."""
    days: list[str] = []
    for ground in edge.grounds:
        if ground in graph.facts:
            date = graph.facts[ground].date
            days += [period(date).first, period(date).last] if date else []
        else:
            days += graph.as_of(graph.positions[ground])
    return {"first": min(days), "last": max(days)} if days else {}


def _attributes(**values: str | int | float | None) -> dict[str, Any]:
    return {
        name: clean(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value is not None
    }
