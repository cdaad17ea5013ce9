"""What documents claim, brought together by shuffle: who is who, what is one fact, what things are called.

Each decision needs only what is told of one thing: of one name, one bucket of reports, one entity
(`kgx.resolve`, `kgx.merge`). It is made where the shuffle brings these together, and goes back to the
documents. Each document then has a small graph of its own, which says what the graph of all says of it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from kgx import keyed
from kgx.exchange import TABLES, table_rows
from kgx.graph import node_ids
from kgx.knowledge import KnowledgeGraph
from kgx.merge import KNOWN
from kgx.provenance import this_run
from kgx.resolve.claims import Claims
from kgx.resolve.decisions import of_build
from kgx.resolve.facts import Report, bucket
from kgx.resolve.policy import load_policy
from kgx.rulebook import RuleFolder

Rules = Callable[[], RuleFolder]  # gives a task its rules folder

GROUND = "ground"  # the fact or position that a row of `shortcuts` rests on
_KINDS = {"text": "string", "names": "array<string>", "whole": "int", "real": "double", "day": "string"}
_PERSON = "id string, key string, person string"
_CLAIMED = (
    "id string, claims binary, votes array<struct<key: string, what: string, value: string>>, "
    "reports array<struct<bucket: string, report binary>>"
)
_UNITED = "id string, fact binary, keys array<string>"
_NAMED = f"key string, type string, label string, {', '.join(f'{what} string' for what in KNOWN)}"


def told_apart(spark: SparkSession, extracted: DataFrame) -> DataFrame:
    """The persons of one name that are several: which document (`id`) means which of them (`person`)."""
    contexts = extracted.select("id", F.explode("contexts").alias("one")).groupBy("one.key")
    told = contexts.agg(F.collect_list(F.struct("id", "one.context")).alias("told")).where("size(told) > 1")

    def decide(rows: Iterable[Any]) -> Iterator[tuple[str, str, str]]:
        for row in rows:
            yield from keyed.told_apart((one.id, pickle.loads(one.context)) for one in row.told)

    return spark.createDataFrame(told.rdd.mapPartitions(decide), _PERSON)


def claimed(spark: SparkSession, extracted: DataFrame, people: DataFrame, rules: Rules) -> DataFrame:
    """What each document claims, of entities as they are known across documents (`_CLAIMED`)."""
    renames = people.groupBy("id").agg(F.collect_list(F.struct("key", "person")).alias("renames"))
    both = extracted.select("id", "claims").join(renames, "id", "left")

    def rename(rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        folder = rules()
        policy, decisions = load_policy(folder), of_build(None, folder)
        for row in rows:
            own: Claims = pickle.loads(row.claims)
            keys = {one.key: one.person for one in row.renames or ()}
            claims, _ = decisions.applied(own, keys)
            reports = [
                (bucket(claim, policy), pickle.dumps(Report(claims.document, claim)))
                for claim in claims.facts
            ]
            yield row.id, pickle.dumps(claims), list(keyed.votes_of(claims)), reports

    return spark.createDataFrame(both.rdd.mapPartitions(rename), _CLAIMED)


def naming(spark: SparkSession, claims: DataFrame) -> DataFrame:
    """What all documents together call each entity (`_NAMED`)."""
    counted = (
        claims.select(F.explode("votes").alias("vote"))
        .groupBy("vote.key", "vote.what", "vote.value")
        .count()
        .groupBy("key")
        .agg(F.collect_list(F.struct("what", "value", "count")).alias("votes"))
    )

    def decide(row: Any) -> tuple[str | None, ...]:
        held: dict[str, dict[str, int]] = {}
        for vote in row.votes:
            held.setdefault(vote.what, {})[vote.value] = vote["count"]
        return tuple(keyed.called(row.key, held))

    return spark.createDataFrame(counted.rdd.map(decide), _NAMED)


def united(spark: SparkSession, claims: DataFrame, rules: Rules) -> DataFrame:
    """The facts, each once for each document that reports it, with that document's evidence (`_UNITED`)."""
    buckets = claims.select(F.explode("reports").alias("one")).groupBy("one.bucket")
    gathered = buckets.agg(F.collect_list("one.report").alias("reports"))

    def unite_all(rows: Iterable[Any]) -> Iterator[tuple[str, bytes, list[str]]]:
        policy = load_policy(rules())
        for row in rows:
            for node, parts, drawn in keyed.united(map(pickle.loads, row.reports), policy):
                keys = keyed.named_by(node)
                yield from ((name, pickle.dumps((part, drawn)), keys) for name, part in parts)

    return spark.createDataFrame(gathered.rdd.mapPartitions(unite_all), _UNITED)


def stated(
    spark: SparkSession, claims: DataFrame, facts: DataFrame, named: DataFrame, base: str | None, rules: Rules
) -> DataFrame:
    """What each document states: its N-Quads, and an array of rows for each of `kgx.exchange.TABLES`."""
    own = claims.select("id", F.explode("votes.key").alias("key"))
    uses = own.union(facts.select("id", F.explode("keys").alias("key"))).distinct()
    calls = uses.join(named, "key").groupBy("id").agg(F.collect_list(F.struct(*named.columns)).alias("named"))
    told = facts.groupBy("id").agg(F.collect_list("fact").alias("facts"))
    whole = claims.select("id", "claims").join(told, "id", "left").join(calls, "id", "left")

    def state(rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        folder = rules()
        policy, run = load_policy(folder), this_run(folder)
        for row in rows:
            named = [keyed.Called(*one) for one in row.named or ()]
            facts = map(pickle.loads, row.facts or ())
            graph = keyed.own_graph(pickle.loads(row.claims), named, facts, policy, run)
            yield keyed.quads(graph, base).decode().rstrip("\n"), *_rows(graph).values()

    arrays = [f"{name}: array<struct<{_columns(name)}>>" for name in TABLES]
    return spark.createDataFrame(whole.rdd.mapPartitions(state), f"quads: string, {', '.join(arrays)}")


def tabled(spark: SparkSession, named: DataFrame, base: str | None, rules: Rules) -> DataFrame:
    """What tables state of the organizations of the graph, as N-Quads: no row, or one."""
    folder = rules()
    policy = load_policy(folder)
    found = named.where(F.col("key").isin(sorted(keyed.tabled(policy)))).collect()
    graph = keyed.tables_graph([keyed.Called(*row) for row in found], policy, this_run(folder))
    said = keyed.quads(graph, base).decode().rstrip("\n")
    return spark.createDataFrame([(said,)] if said else [], "quads: string")


def _columns(table: str) -> str:
    ground = f", {GROUND}: string" if table == "shortcuts" else ""
    return ", ".join(f"`{column}`: {_KINDS[kind]}" for column, kind in TABLES[table].items()) + ground


def _rows(graph: KnowledgeGraph) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all tables, those of `shortcuts` with their ground; none of entities without a name."""
    ids = node_ids(graph)
    entities = {key: one for key, one in graph.entities.items() if one.documents}
    out = {name: list(rows) for name, rows in table_rows(graph).items()}
    out["nodes"] = list(table_rows(replace(graph, entities=entities))["nodes"])
    pairs = zip(out["shortcuts"], graph.shortcuts, strict=True)
    out["shortcuts"] = [(*row, ids[one.grounds[0]]) for row, one in pairs]
    return out
