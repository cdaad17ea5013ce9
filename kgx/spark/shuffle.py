"""What documents say, brought together by shuffle: what entities are called, and the rows of the tables.

A document's own graph is what `kgx.merge` makes of it alone. What depends on other documents is only what
its entities are called; that is voted on (`kgx.merge.described`) and put in its place. So each document
gives the statements that it has in the graph of all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from kgx.exchange import PLOVER_JOIN, TABLES, table_rows
from kgx.graph import node_ids
from kgx.knowledge import KnowledgeGraph
from kgx.merge import KNOWN, described, entity_key, merge
from kgx.model import Extraction
from kgx.rdf.write import write
from kgx.records import from_json
from kgx.rulebook import RuleFolder

_KINDS = {"text": "string", "names": "array<string>", "whole": "int", "real": "double", "day": "string"}
_GROUND = "ground"  # the fact or position that a row of `shortcuts` rests on

VOTES = "array<struct<key: string, what: string, value: string>>"
_NAMING = f"key string, label string, {', '.join(f'{what} string' for what in KNOWN)}"

Vote = tuple[str, str, str]


def votes(extraction: Extraction, rules: RuleFolder) -> list[Vote]:
    """(key, what, value) of each value that a document gives for what its entities are called."""
    known = merge([extraction], rules=rules).entities
    found: dict[Vote, None] = {}
    for entity in extraction.entities:
        if (key := entity_key(entity)) in known:
            found[key, "label", entity.name] = None
            found.update({(key, what, value): None for what in KNOWN if (value := getattr(entity, what))})
    return list(found)


def naming(spark: SparkSession, extracted: DataFrame) -> DataFrame:
    """What all documents together call each entity: columns `key`, `label` and `KNOWN`."""
    counted = (
        extracted.select(F.explode("votes").alias("vote"))
        .groupBy("vote.key", "vote.what", "vote.value")
        .count()
        .groupBy("key")
        .agg(F.collect_list(F.struct("what", "value", "count")).alias("votes"))
    )

    def decide(row: Any) -> tuple[str | None, ...]:
        held: dict[str, dict[str, int]] = {}
        for vote in row.votes:
            held.setdefault(vote.what, {})[vote.value] = vote["count"]
        chosen = described(row.key, held)
        return (row.key, chosen["label"], *(chosen[what] for what in KNOWN))

    return spark.createDataFrame(counted.rdd.map(decide), _NAMING)


def with_naming(extracted: DataFrame, named: DataFrame) -> DataFrame:
    """The documents, each with what its entities are called (`named`)."""
    used = extracted.select("id", F.explode("votes.key").alias("key")).distinct()
    calls = (
        used.join(named, "key")
        .groupBy("id")
        .agg(F.collect_list(F.struct("key", "label", *KNOWN)).alias("named"))
    )
    return extracted.select("id", "record").join(calls, "id", "left")


def statements_schema() -> str:
    """The columns that `statements` gives: N-Quads, and an array of rows for each table."""
    arrays = [f"{name}: array<struct<{_columns(name)}>>" for name in TABLES]
    return f"quads: string, {', '.join(arrays)}"


def _columns(table: str) -> str:
    ground = f", {_GROUND}: string" if table == "shortcuts" else ""
    return ", ".join(f"`{column}`: {_KINDS[kind]}" for column, kind in TABLES[table].items()) + ground


def statements(
    rows: Iterable[Any], base: str | None, rules: Callable[[], RuleFolder]
) -> Iterator[tuple[Any, ...]]:
    """What each document states, as `statements_schema` has it."""
    folder = rules()
    for row in rows:
        graph = merge([from_json(json.loads(row.record))], rules=folder)
        called = {one.key: one for one in row.named or ()}
        entities = {
            key: replace(node, label=called[key].label, **{what: called[key][what] for what in KNOWN})
            for key, node in graph.entities.items()
        }
        edges = [replace(one, grounds=(key,)) for one in graph.shortcuts for key in one.grounds]
        whole = replace(graph, entities=entities, shortcuts=tuple(edges))
        out = BytesIO()
        write(whole, out, "nquads", base=base)
        yield out.getvalue().decode().rstrip("\n"), *_rows(whole).values()


def _rows(graph: KnowledgeGraph) -> Mapping[str, list[tuple[Any, ...]]]:
    """The rows of all tables; those of `shortcuts` have one ground each."""
    out = {name: list(rows) for name, rows in table_rows(graph).items()}
    ids = node_ids(graph)
    grounds = [ids[one.grounds[0]] for one in graph.shortcuts]
    out["shortcuts"] = [(*row, ground) for row, ground in zip(out["shortcuts"], grounds, strict=True)]
    return out


def table(stated: DataFrame, name: str) -> DataFrame:
    """One of `kgx.exchange.TABLES` over all documents; rows on one thing are joined."""
    rows = stated.select(F.inline(name))
    span = {"first": F.min("first"), "last": F.max("last")}
    support = {"support": F.sum("support").cast("int")}
    if name == "nodes":
        rows = _joined(rows, name, {"names": _union(F.collect_set("names")), **support})
    elif name == "facts":
        codes = _union(F.collect_set(F.split("plover", f"\\{PLOVER_JOIN}")))
        plover = F.when(F.size(codes) > 0, F.array_join(codes, PLOVER_JOIN))
        rows = _joined(rows, name, {"plover": plover, "confidence": F.max("confidence"), **support})
    elif name == "positions":
        rows = _joined(rows, name, {**span, **support})
    elif name == "shortcuts":
        rows = _joined(rows, name, {"weight": F.count_distinct(_GROUND).cast("int"), **span})
    elif name == "roles":
        rows = rows.distinct()
    days = [column for column, kind in TABLES[name].items() if kind == "day"]
    return rows.withColumns({day: F.to_date(day) for day in days}).select(*TABLES[name])


def _joined(rows: DataFrame, name: str, made: Mapping[str, Column]) -> DataFrame:
    """One row for those that agree in all columns but the made ones."""
    same = [column for column in TABLES[name] if column not in made]
    return rows.groupBy(*same).agg(*(column.alias(label) for label, column in made.items()))


def _union(sets: Column) -> Column:
    """The members of a set of arrays, sorted, each once."""
    return F.array_sort(F.array_distinct(F.flatten(sets)))
