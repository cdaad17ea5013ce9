"""The graph for other tools: CSV files for `neo4j-admin`, Parquet tables for pandas and DuckDB.

Ids are those of `kgx.graph`: IRIs without their base. All files are written in a fixed order.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kgx import errors
from kgx.built import read_build
from kgx.errors import KgxError
from kgx.graph import node_ids, write_gexf, write_graphml
from kgx.iri import clean
from kgx.knowledge import EntityNode, FactNode, Filler, KnowledgeGraph
from kgx.period import period
from kgx.staging import staged_folder

PLOVER_JOIN = "|"  # between several codes of one fact
Rows = Iterator[tuple[Any, ...]]
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def export(folder: str | Path, format_: str, out: str | Path) -> list[str]:
    """Write the graph of the build in `folder` into the folder `out`; the names of the files.

    `format_` is one of `FORMATS`. Files appear whole or not at all. Raises KgxError where the build
    can't be read, the folder not written, or a package is missing.
    """
    write = FORMATS[format_]
    if format_ == "parquet":
        _arrow()
    graph = read_build(folder, mentions=False)
    with staged_folder(out) as stage:
        write(graph, stage)
        return sorted(path.name for path in stage.iterdir())


def write_neo4j(graph: KnowledgeGraph, folder: Path) -> None:
    """CSV files for `neo4j-admin database import full`, their headers in the first lines."""
    nodes = {
        "entities": (
            (
                "id:ID", "label", "label_en", "type", "category", "qid", "names:string[]", "support:int",
                ":LABEL",
            ),
            _neo4j_entities(graph),
        ),
        "facts": (
            (
                "id:ID", "label", "type", "status", "date", "first:date", "last:date", "plover",
                "confidence:double", "support:int", ":LABEL",
            ),
            ((*row, f"Fact;{row[2]}") for row in _facts(graph)),
        ),
        "positions": (
            ("id:ID", "title", "title_en", "first:date", "last:date", "support:int", ":LABEL"),
            ((*row[:1], *row[3:], "Position") for row in _positions(graph)),
        ),
        "documents": (
            ("id:ID", "headline", "date:date", "publisher", "url", ":LABEL"),
            ((*row, "Document") for row in _documents(graph)),
        ),
    }  # fmt: skip
    edges = {
        "roles": ((":START_ID", ":END_ID", ":TYPE"), _neo4j_roles(graph)),
        "shortcuts": (
            (":START_ID", ":END_ID", ":TYPE", "weight:int", "first:date", "last:date"),
            ((start, end, _upper(name), *rest) for start, name, end, *rest in _shortcuts(graph)),
        ),
        "evidence": (
            (":START_ID", ":END_ID", ":TYPE", "start:int", "end:int", "quote", "rule", "confidence:double"),
            ((fact, document, "STATED_IN", *rest[:5]) for fact, document, *rest in _evidence(graph)),
        ),
    }
    for name, (header, rows) in {**nodes, **edges}.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)


# The columns of the Parquet tables and what they hold: text, names (a list of texts), whole and real
# numbers, days.
TABLES: Mapping[str, Mapping[str, str]] = {
    "nodes": {
        "id": "text", "label": "text", "label_en": "text", "type": "text", "category": "text",
        "qid": "text", "names": "names", "support": "whole",
    },
    "facts": {
        "id": "text", "label": "text", "type": "text", "status": "text", "date": "text", "first": "day",
        "last": "day", "plover": "text", "confidence": "real", "support": "whole",
    },
    "roles": {"fact": "text", "role": "text", "node": "text", "text": "text"},
    "evidence": {
        "fact": "text", "document": "text", "start": "whole", "end": "whole", "quote": "text",
        "rule": "text", "confidence": "real", "speaker": "text", "plover": "text",
    },
    "positions": {
        "id": "text", "person": "text", "organization": "text", "title": "text", "title_en": "text",
        "first": "day", "last": "day", "support": "whole",
    },
    "shortcuts": {
        "start": "text", "name": "text", "end": "text", "weight": "whole", "first": "day", "last": "day",
    },
    "documents": {"id": "text", "headline": "text", "date": "day", "publisher": "text", "url": "text"},
}  # fmt: skip


def table_rows(graph: KnowledgeGraph) -> dict[str, Rows]:
    """The rows of each of `TABLES`; days as ISO text."""
    return {
        "nodes": _entities(graph),
        "facts": _facts(graph),
        "roles": _roles(graph),
        "evidence": _evidence(graph),
        "positions": _positions(graph),
        "shortcuts": _shortcuts(graph),
        "documents": _documents(graph),
    }


def write_parquet(graph: KnowledgeGraph, folder: Path) -> None:
    """Write `TABLES`, one file each. Raises KgxError where pyarrow is missing."""
    pa, parquet = _arrow()
    kinds = {
        "text": pa.string(), "names": pa.list_(pa.string()), "whole": pa.int32(), "real": pa.float64(),
        "day": pa.date32(),
    }  # fmt: skip
    for name, rows in table_rows(graph).items():
        columns, held = TABLES[name], list(rows)
        arrays = [
            pa.array([_day(row[place]) if kind == "day" else row[place] for row in held], kinds[kind])
            for place, kind in enumerate(columns.values())
        ]
        table = pa.Table.from_arrays(arrays, names=list(columns))
        parquet.write_table(table, folder / f"{name}.parquet", compression="zstd")


def _entities(graph: KnowledgeGraph) -> Rows:
    ids = node_ids(graph)
    for key, one in graph.entities.items():
        yield (
            ids[key], clean(one.label), one.label_en, one.type, one.kind, one.qid, _names(one),
            len(one.documents),
        )  # fmt: skip


def _neo4j_entities(graph: KnowledgeGraph) -> Rows:
    for *most, names, support in _entities(graph):
        listed = ";".join(name.replace(";", ",") for name in names)
        yield (*most, listed, support, f"Entity;{most[3]}")


def _facts(graph: KnowledgeGraph) -> Rows:
    ids = node_ids(graph)
    for key, one in graph.facts.items():
        span = period(one.date) if one.date else None
        codes = sorted({said.code for said in one.evidence if said.code})
        yield (
            ids[key], clean(graph.fact_label(one)), one.type, one.status, one.date,
            span.first if span else None, span.last if span else None, PLOVER_JOIN.join(codes) or None,
            one.confidence, len({said.document for said in one.evidence}),
        )  # fmt: skip


def _roles(graph: KnowledgeGraph) -> Rows:
    ids = node_ids(graph)
    for key, fact in graph.facts.items():
        for role, filler in fact.roles:
            node = ids[filler.value] if filler.entity else None
            yield ids[key], role, node, None if filler.entity else clean(filler.value)


def _neo4j_roles(graph: KnowledgeGraph) -> Rows:
    """Edges to entities; what a fact holds as text stands in its label."""
    for fact, role, node, _ in _roles(graph):
        if node:
            yield fact, node, _upper(role)
    for position, person, organization, *_ in _positions(graph):
        yield position, person, "MEMBER"
        if organization:
            yield position, organization, "ORGANIZATION"


def _evidence(graph: KnowledgeGraph) -> Rows:
    ids = node_ids(graph)
    for key, fact in graph.facts.items():
        for one in fact.evidence:
            yield (
                ids[key], _document(graph, one.document), one.start, one.end, clean(one.quote), one.rule,
                one.confidence, _speaker(one.source, graph), one.code,
            )  # fmt: skip


def _positions(graph: KnowledgeGraph) -> Rows:
    ids = node_ids(graph)
    for key, one in graph.positions.items():
        days = list(graph.as_of(one))
        yield (
            ids[key], ids[one.person], ids[one.organization] if one.organization else None, clean(one.title),
            graph.position_title_en(one), days[0] if days else None, days[-1] if days else None,
            len({said.document for said in one.sightings}),
        )  # fmt: skip


def _shortcuts(graph: KnowledgeGraph) -> Rows:
    ids = node_ids(graph)
    for one in graph.shortcuts:
        days = [day for key in one.grounds for day in _days(graph, key)]
        yield (
            ids[one.start], one.name, ids[one.end], len(one.grounds),
            min(days, default=None), max(days, default=None),
        )  # fmt: skip


def _documents(graph: KnowledgeGraph) -> Rows:
    for place, one in enumerate(graph.documents):
        title = clean(one.title) if one.title else None
        yield _document(graph, place), title, one.date, one.publisher, one.url


def _document(graph: KnowledgeGraph, place: int) -> str:
    from kgx.iri import segment

    return f"document/{segment(graph.documents[place].id)}"


def _names(one: EntityNode) -> list[str]:
    return sorted({clean(name) for name in one.names} - {clean(one.label)})


def _speaker(source: Filler | None, graph: KnowledgeGraph) -> str | None:
    if source is None:
        return None
    return clean(graph.entities[source.value].label if source.entity else source.value)


def _days(graph: KnowledgeGraph, key: str) -> Iterable[str]:
    """The days of a fact or a position."""
    fact: FactNode | None = graph.facts.get(key)
    if fact is None:
        return graph.as_of(graph.positions[key])
    return (period(fact.date).first, period(fact.date).last) if fact.date else ()


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _upper(name: str) -> str:
    """`holdsPositionAt` as Neo4j writes the types of relations: HOLDS_POSITION_AT."""
    return _CAMEL.sub("_", name).upper()


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise KgxError(errors.PARQUET_MISSING) from None
    return pyarrow, parquet


FORMATS: Mapping[str, Callable[[KnowledgeGraph, Path], None]] = {
    "neo4j": write_neo4j,
    "parquet": write_parquet,
    "graphml": lambda graph, folder: write_graphml(graph, folder / "graph.graphml"),
    "gexf": lambda graph, folder: write_gexf(graph, folder / "graph.gexf"),
}
