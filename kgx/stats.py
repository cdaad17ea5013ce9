"""Measures of a network of entities, by networkx: who is central, who belongs together, what changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from kgx import errors
from kgx.errors import OptionError
from kgx.knowledge import KnowledgeGraph

if TYPE_CHECKING:
    from kgx.viz.links import Choice, Statement

PROJECTIONS = ("facts", "comentions")
MEASURES = ("degree", "strength", "betweenness", "pagerank", "community", "core", "facts", "documents")
EXACT = 1500  # nodes up to which betweenness is exact; beyond, it is estimated from as many sources
_PIVOTS = 200
_SEED = 0

Pair = tuple[str, str]
K = TypeVar("K", str, int)


@dataclass(frozen=True, slots=True)
class Row:
    """The measures of one entity.

    `degree` counts its neighbours, `strength` the facts (or documents) on its links. `betweenness` and
    `pagerank` are shares of 1, the latter by weight of links. `community` is a number, 1 the largest;
    `core` the greatest k of a k-core that it is in.
    """

    entity: str
    type: str
    label: str
    label_en: str
    degree: int
    strength: int
    betweenness: float
    pagerank: float
    community: int
    core: int
    facts: int
    documents: int


@dataclass(frozen=True, slots=True)
class Change:
    """How an entity's place differs between two periods; ranks are by PageRank, None where it is absent."""

    entity: str
    type: str
    label: str
    label_en: str
    strength_before: int
    strength_after: int
    pagerank_before: float
    pagerank_after: float
    rank_before: int | None
    rank_after: int | None


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of each node of a network, by its number; see `Row`."""

    degree: Sequence[int]
    strength: Sequence[int]
    betweenness: Sequence[float]
    pagerank: Sequence[float]
    community: Sequence[int]
    core: Sequence[int]


Edges = list[tuple[int, int, int]]  # two nodes by number, and the weight of their link
Measure = Callable[[int, Edges], Measures]


def measured(size: int, edges: Edges) -> Measures:
    """The measures of a network of so many nodes; minutes of one core where it has a million links.

    It takes and gives plain numbers, so that another process can do it.
    """
    import networkx as nx

    # By number, so that no order of a set depends on how strings hash.
    net = nx.Graph()
    net.add_nodes_from(range(size))
    net.add_weighted_edges_from(edges)
    nodes = range(size)
    pivots = None if size <= EXACT else _PIVOTS
    between = nx.betweenness_centrality(net, k=pivots, seed=_SEED)
    rank = nx.pagerank(net, weight="weight")
    core = nx.core_number(net)
    strengths = {(a, b): weight for a, b, weight in edges}
    part = {node: number for number, held in enumerate(communities(nodes, strengths), 1) for node in held}
    return Measures(
        degree=[net.degree(node) for node in nodes],
        strength=[net.degree(node, weight="weight") for node in nodes],
        betweenness=[round(between[node], 6) for node in nodes],
        pagerank=[round(rank[node], 6) for node in nodes],
        community=[part[node] for node in nodes],
        core=[core[node] for node in nodes],
    )


def stats(
    graph: KnowledgeGraph,
    choice: Choice,
    *,
    projection: str = "facts",
    said: Sequence[Statement] | None = None,
    measure: Measure = measured,
) -> list[Row]:
    """The measures of every linked entity of the chosen part, by falling PageRank.

    `projection` says what links two entities: `facts`, that a fact names both; `comentions`, that two or
    more documents do. `said` are the graph's statements, where they are at hand; `measure` does the work,
    where it is to be done elsewhere. Raises OptionError for an unknown projection.
    """
    from kgx.viz.links import network

    drawn = network(graph, choice, said)
    if projection == "facts":
        links = {pair: len(held) for pair, held in drawn.links.items()}
    elif projection == "comentions":
        links = _comentions(graph, choice, drawn.weights)
    else:
        raise OptionError(errors.PROJECTION.format(name=projection, known=", ".join(PROJECTIONS)))
    if not links:
        return []
    keys = list(dict.fromkeys(key for pair in links for key in pair))
    index = {key: number for number, key in enumerate(keys)}
    found = measure(len(keys), [(index[a], index[b], weight) for (a, b), weight in links.items()])
    rows = [
        Row(
            entity=key,
            type=graph.entities[key].type,
            label=graph.entities[key].label,
            label_en=graph.entities[key].label_en or "",
            degree=found.degree[number],
            strength=found.strength[number],
            betweenness=found.betweenness[number],
            pagerank=found.pagerank[number],
            community=found.community[number],
            core=found.core[number],
            facts=drawn.weights.get(key, 0),
            documents=len(graph.entities[key].documents),
        )
        for number, key in enumerate(keys)
    ]
    return sorted(rows, key=lambda row: (-row.pagerank, -row.strength, row.entity))


def change(
    graph: KnowledgeGraph,
    choice: Choice,
    before: tuple[str, str],
    after: tuple[str, str],
    **options: Any,
) -> list[Change]:
    """What changed between two periods, each a first and a last day: the greatest shifts of PageRank first.

    The options are those of `stats`. Raises OptionError for an unknown projection.
    """
    old, new = (
        {row.entity: (rank, row) for rank, row in enumerate(rows, 1)}
        for rows in (
            stats(graph, replace(choice, first=first, last=last), **options)
            for first, last in (before, after)
        )
    )
    out = []
    for key in sorted(old.keys() | new.keys()):
        was, row_before = old.get(key, (None, None))
        now, row_after = new.get(key, (None, None))
        row = row_after or row_before
        assert row is not None
        out.append(
            Change(
                entity=key,
                type=row.type,
                label=row.label,
                label_en=row.label_en,
                strength_before=row_before.strength if row_before else 0,
                strength_after=row_after.strength if row_after else 0,
                pagerank_before=row_before.pagerank if row_before else 0.0,
                pagerank_after=row_after.pagerank if row_after else 0.0,
                rank_before=was,
                rank_after=now,
            )
        )
    return sorted(out, key=lambda one: (-abs(one.pagerank_after - one.pagerank_before), one.entity))


def communities(keys: Sequence[K], strengths: Mapping[tuple[K, K], int]) -> list[list[K]]:
    """Groups of entities linked closely (Louvain's method), the largest first.

    Each is in the order of `keys`; the same links always give the same groups.
    """
    import networkx as nx

    index = {key: number for number, key in enumerate(keys)}
    net = nx.Graph()
    net.add_nodes_from(range(len(keys)))
    net.add_weighted_edges_from(
        (index[a], index[b], weight)
        for (a, b), weight in sorted(strengths.items())
        if a in index and b in index
    )
    found = nx.community.louvain_communities(net, weight="weight", seed=_SEED)
    parts = [sorted(part) for part in found]
    return [[keys[number] for number in part] for part in sorted(parts, key=lambda one: (-len(one), one))]


def to_csv(rows: Sequence[Row] | Sequence[Change]) -> str:
    """The rows as CSV with a header; a cell that a spreadsheet would take for a formula is made text."""
    out = io.StringIO()
    if rows:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([one.name for one in fields(rows[0])])
        for row in rows:
            writer.writerow([safe_cell(value) for value in asdict(row).values()])
    return out.getvalue()


def safe_cell(value: object) -> object:
    """A value as a cell of CSV; text that would be taken for a formula gets an apostrophe."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _comentions(graph: KnowledgeGraph, choice: Choice, kept: Iterable[str]) -> dict[Pair, int]:
    """Pairs of entities that two or more documents of the time name, with the number of those."""
    pages: dict[int, list[str]] = {}
    for key in sorted(kept):
        for number in graph.entities[key].documents:
            pages.setdefault(number, []).append(key)
    counts: dict[Pair, int] = {}
    for number, keys in pages.items():
        date = graph.documents[number].date
        timed = choice.first is not None or choice.last is not None
        if timed and (date is None or not (choice.first or "") <= date <= (choice.last or "9999")):
            continue
        for rank, a in enumerate(keys):
            for b in keys[rank + 1 :]:
                counts[a, b] = counts.get((a, b), 0) + 1
    return {pair: count for pair, count in sorted(counts.items()) if count > 1}
