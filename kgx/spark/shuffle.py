"""What documents claim, brought together by shuffle: who is who, what is one fact, what things are called.

Each decision needs only what is told of one thing: of one name, one bucket of reports, one entity
(`kgx.resolve`, `kgx.merge`). It is made where the shuffle brings these together, and goes back to the
documents. Each document then has a small graph of its own, which says what the graph of all says of it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from kgx.exchange import TABLES, table_rows
from kgx.graph import node_ids
from kgx.knowledge import EntityNode, FactNode, Filler, KnowledgeGraph, PositionNode, Shortcut
from kgx.merge import KNOWN, described, fact_node, position_edge, position_key, position_node, votes
from kgx.provenance import Run, this_run
from kgx.rdf.write import write
from kgx.resolve.claims import Claims, Held
from kgx.resolve.decisions import of_build
from kgx.resolve.facts import Report, bucket, edges, unite
from kgx.resolve.held import apart
from kgx.resolve.policy import Policy, load_policy
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
            told = [(one.id, pickle.loads(one.context)) for one in row.told]
            found = apart({(name, context.person): context for name, context in told})
            yield from ((name, own, person) for (name, own), person in found.items() if person != own)

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
            yield row.id, pickle.dumps(claims), list(_votes(claims)), reports

    return spark.createDataFrame(both.rdd.mapPartitions(rename), _CLAIMED)


def _votes(claims: Claims) -> Iterator[tuple[str, str, str]]:
    """(key, what, value) of what a document gives for what its entities are called."""
    for one in claims.entities:
        yield one.key, "type", one.type
        for what, values in votes([(one, 1)]).items():
            yield from ((one.key, what, value) for value in values)


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
        chosen = described(row.key, held)
        return row.key, min(held["type"]), chosen["label"], *(chosen[what] for what in KNOWN)

    return spark.createDataFrame(counted.rdd.map(decide), _NAMED)


def united(spark: SparkSession, claims: DataFrame, rules: Rules) -> DataFrame:
    """The facts, each once for each document that reports it, with that document's evidence (`_UNITED`)."""
    buckets = claims.select(F.explode("reports").alias("one")).groupBy("one.bucket")
    gathered = buckets.agg(F.collect_list("one.report").alias("reports"))

    def unite_all(rows: Iterable[Any]) -> Iterator[tuple[str, bytes, list[str]]]:
        policy = load_policy(rules())
        for row in rows:
            for fact in unite([pickle.loads(one) for one in row.reports], policy):
                names = sorted({one.document.id for one in fact.reports})
                node = fact_node(fact, {name: place for place, name in enumerate(names)}, policy)
                keys = sorted({filler.value for filler in _fillers(node) if filler.entity})
                drawn = sorted(edges(fact, policy))
                for place, name in enumerate(names):
                    own = tuple(replace(one, document=0) for one in node.evidence if one.document == place)
                    yield name, pickle.dumps((replace(node, evidence=own), drawn)), keys

    return spark.createDataFrame(gathered.rdd.mapPartitions(unite_all), _UNITED)


def _fillers(node: FactNode) -> Iterator[Filler]:
    yield from (filler for _, filler in node.roles)
    yield from (one.source for one in node.evidence if one.source)


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
            graph = _own_graph(row, policy, run)
            out = BytesIO()
            write(graph, out, "nquads", base=base)
            yield out.getvalue().decode().rstrip("\n"), *_rows(graph).values()

    arrays = [f"{name}: array<struct<{_columns(name)}>>" for name in TABLES]
    return spark.createDataFrame(whole.rdd.mapPartitions(state), f"quads: string, {', '.join(arrays)}")


def tabled(spark: SparkSession, named: DataFrame, base: str | None, rules: Rules) -> DataFrame:
    """What tables state of the organizations of the graph, as N-Quads: no row, or one."""
    folder = rules()
    policy = load_policy(folder)
    told = {*policy.background.members, *policy.background.entries}  # a member may be named by a document
    found = named.where(F.col("key").isin(sorted(told))).collect()
    entities = {
        row.key: EntityNode(
            row.key, row.type, row.label, **{what: row[what] for what in KNOWN}, names={}, documents=()
        )
        for row in found
    }
    graph = KnowledgeGraph((), entities, {}, {}, (), {}, this_run(folder), policy.types, policy.background)
    out = BytesIO()
    write(graph, out, "nquads", base=base)
    said = out.getvalue().decode().rstrip("\n")
    return spark.createDataFrame([(said,)] if said else [], "quads: string")


def _columns(table: str) -> str:
    ground = f", {GROUND}: string" if table == "shortcuts" else ""
    return ", ".join(f"`{column}`: {_KINDS[kind]}" for column, kind in TABLES[table].items()) + ground


def _own_graph(row: Any, policy: Policy, run: Run) -> KnowledgeGraph:
    """The graph of one document. An entity that only its facts speak of has no names in it."""
    claims: Claims = pickle.loads(row.claims)
    own = {one.key: one.names for one in claims.entities}
    entities = {}
    for one in sorted(row.named or (), key=lambda one: one.key):
        names: dict[str, tuple[int, ...]] = {name: (0,) for name in own.get(one.key, ())}
        known = {what: one[what] for what in KNOWN}
        entities[one.key] = EntityNode(
            one.key, one.type, one.label, **known, names=names, documents=(0,) if one.key in own else ()
        )
    shortcuts: list[Shortcut] = []
    facts = {}
    for node, drawn in sorted(map(pickle.loads, row.facts or ()), key=lambda pair: pair[0].key):
        facts[node.key] = node
        shortcuts += [Shortcut(start, name, end, (node.key,)) for start, name, end in drawn]
    positions = _positions(claims)
    for key, position in positions.items():
        if (edge := position_edge(position, policy)) is not None:
            start, name, end = edge
            shortcuts.append(Shortcut(start, name, end, (key,)))
    background = replace(policy.background, members={})  # what tables state is no document's: see `tabled`
    return KnowledgeGraph(
        (claims.document,), entities, facts, positions, tuple(shortcuts), {}, run, policy.types, background
    )


def _positions(claims: Claims) -> dict[str, PositionNode]:
    name = claims.document.id
    held: dict[str, list[tuple[str, Held]]] = {}
    for one in claims.positions:
        held.setdefault(position_key(one), []).append((name, one))
    return {key: position_node(key, held[key], {name: 0}) for key in sorted(held)}


def _rows(graph: KnowledgeGraph) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all tables, those of `shortcuts` with their ground; none of entities without a name."""
    ids = node_ids(graph)
    entities = {key: one for key, one in graph.entities.items() if one.documents}
    out = {name: list(rows) for name, rows in table_rows(graph).items()}
    out["nodes"] = list(table_rows(replace(graph, entities=entities))["nodes"])
    pairs = zip(out["shortcuts"], graph.shortcuts, strict=True)
    out["shortcuts"] = [(*row, ids[one.grounds[0]]) for row, one in pairs]
    return out
