"""The build on a cluster, from reading to the files that it writes."""

from __future__ import annotations

import os
import pickle
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from pyspark import SparkFiles, StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from kgx import errors
from kgx.errors import KgxError, Skip
from kgx.exchange import TABLES
from kgx.iri import check_base
from kgx.provenance import this_run
from kgx.readers.encoding import check_encoding
from kgx.readers.fields import parse_fields
from kgx.readers.reading import finished, option_date
from kgx.readers.rules import page_rules
from kgx.records import dumps
from kgx.resolve.claims import claims_of
from kgx.resolve.policy import load_policy
from kgx.rulebook import RuleFolder
from kgx.rulefiles import known_rules
from kgx.spark import inputs, shuffle, tables
from kgx.workers import Recipe, extract_all

PARTITION_BYTES = 8 << 20  # of input for each task: some twenty seconds of work, a model loaded once
_EXTRACTED = (
    "id string, record string, claims binary, contexts array<struct<key: string, context: binary>>, "
    "faults array<string>"
)
_WORK = "_work"
_RAISED = re.compile(r"[A-Za-z_.]+(?:Error|Exception|Fault): ")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a build on Spark runs. `master` and `conf` are Spark's; the rest is as for `kgx build`.

    `form` is that of all files where names do not tell, `tasks` how many the input is cut into.
    """

    master: str | None = None
    conf: Mapping[str, str] = field(default_factory=dict)
    rules: str | None = None
    model: bool | str = True
    base_iri: str | None = None
    fields: str | None = None
    date: str | None = None
    encoding: str | None = None
    form: inputs.Form | None = None
    tasks: int | None = None
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """What a build on Spark made, in numbers, and the first of what was skipped."""

    documents: int
    entities: int
    facts: int
    skipped: int
    version: str
    rules: str


def build(
    paths: Iterable[str], out: str, settings: Settings, on_skip: Callable[[Skip | str], None] | None = None
) -> Built:
    """Build the graph of all documents of the paths, and write it below the path `out`.

    Writes the folders graph.nq (N-Quads), extractions.jsonl, and one of Parquet for each of
    `kgx.exchange.TABLES`; report.json comes last, and where it is, all is there. Raises KgxError where
    an option is wrong, `out` holds something already, nothing was read, or Spark fails.
    """
    if settings.base_iri is not None:
        check_base(settings.base_iri)
    folder = known_rules(settings.rules)
    reading = inputs.Reading(
        parse_fields(settings.fields),
        check_encoding(settings.encoding) if settings.encoding else None,
    )
    option_date(settings.date, page_rules(folder))
    Recipe(settings.rules, settings.model).cook()  # what is wrong with the rules shows here, not in a task
    with _session(settings) as spark:
        return _build(spark, list(paths), out.rstrip("/"), settings, reading, on_skip or _ignore)


def _build(
    spark: SparkSession,
    paths: list[str],
    out: str,
    settings: Settings,
    reading: inputs.Reading,
    on_skip: Callable[[Skip | str], None],
) -> Built:
    if _exists(spark, out) and not settings.overwrite:
        raise KgxError(errors.SPARK_OUTPUT.format(path=out))
    rules = partial(_rules, _shipped(spark, settings.rules))
    files = inputs.find_files(spark, paths, settings.form, on_skip)
    if not files:
        raise KgxError(errors.NOTHING_READ.format(inputs=", ".join(paths)))
    least = 2 * spark.sparkContext.defaultParallelism
    tasks = settings.tasks or inputs.partitions(files, PARTITION_BYTES, least)
    rows = inputs.distinct(inputs.read_rows(spark, files, reading, rules), tasks)

    _remove(spark, out)
    work = f"{out}/{_WORK}"
    extract = partial(_extract, rules=rules, model=settings.model, date=settings.date)
    spark.createDataFrame(rows.rdd.mapPartitions(extract), _EXTRACTED).write.parquet(work)
    extracted = spark.read.parquet(work)
    skipped = _tell(extracted, on_skip)
    said = extracted.where("record is not null")
    if said.isEmpty():
        _remove(spark, out)
        raise KgxError(errors.NOTHING_READ.format(inputs=", ".join(paths)))

    claims = shuffle.claimed(spark, said, shuffle.told_apart(spark, said), rules)
    claims.persist(StorageLevel.DISK_ONLY)
    facts = shuffle.united(spark, claims, rules)
    named = shuffle.naming(spark, claims)
    stated = shuffle.stated(spark, claims, facts, named, settings.base_iri, rules)
    stated.persist(StorageLevel.DISK_ONLY)
    background = shuffle.tabled(spark, named, settings.base_iri, rules)
    stated.select("quads").union(background).write.text(f"{out}/graph.nq")
    said.select("record").write.text(f"{out}/extractions.jsonl")
    for name in TABLES:
        tables.table(stated, name).write.parquet(f"{out}/{name}.parquet", compression="zstd")
    stated.unpersist()
    claims.unpersist()
    documents, entities, statements = (
        spark.read.parquet(f"{out}/{name}.parquet").count() for name in ("documents", "nodes", "facts")
    )
    run = this_run(RuleFolder(settings.rules))
    built = Built(documents, entities, statements, skipped, run.version, run.rules)
    _remove(spark, work)
    spark.createDataFrame([asdict(built)]).coalesce(1).write.json(f"{out}/report.json")
    return built


def _extract(
    rows: Iterable[Any], rules: shuffle.Rules, model: bool | str, date: str | None
) -> Iterator[tuple[Any, ...]]:
    """What each document of a partition says, in rows of `_EXTRACTED`."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return  # no pipeline is made for nothing
    folder = rules()
    policy = load_policy(folder)
    faults: list[str] = []

    def documents() -> Iterator[Any]:
        for row in chain([first], rows):
            faults.extend(inputs.repeats(row.id, row.all))
            if row.fault is not None:
                faults.append(row.fault)
            else:
                yield pickle.loads(row.document)

    recipe = Recipe(None if folder.user is None else str(folder.user), model)
    prepare = partial(finished, date=date, rules=folder)
    for one in extract_all(documents(), recipe, 1, lambda skip: faults.append(str(skip)), prepare=prepare):
        claims = claims_of(one, policy)
        contexts = [(told.key, pickle.dumps(told)) for told in claims.contexts]
        yield one.document.id, dumps(one, policy.types), pickle.dumps(claims), contexts, []
    yield None, None, None, [], faults


def _tell(extracted: DataFrame, on_skip: Callable[[Skip | str], None]) -> int:
    """Name what was skipped; the number of all."""
    faults = extracted.select(F.explode("faults").alias("fault"))
    for row in faults.sort("fault").toLocalIterator():
        on_skip(row.fault)
    return int(faults.count())


@contextmanager
def _session(settings: Settings) -> Iterator[SparkSession]:
    """A session of Spark, ended with the block; what fails in it comes out as a KgxError."""
    builder = SparkSession.builder.appName("kgx")
    if settings.master:
        builder = builder.master(settings.master)
    for name, value in settings.conf.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except PySparkException as fault:
        raise KgxError(errors.SPARK_START.format(reason=errors.reason_of(fault))) from None
    if python := _python(spark, settings):
        spark.sparkContext.pythonExec = python
    spark.sparkContext.setLogLevel("FATAL")  # else a traceback of Java follows each failed task
    try:
        yield spark
    except PySparkException as fault:
        raise KgxError(errors.SPARK_FAILED.format(reason=_reason(fault))) from None
    finally:
        spark.stop()


def _python(spark: SparkSession, settings: Settings) -> str | None:
    """The interpreter of the workers, where Spark's own choice (PYSPARK_PYTHON, python3) is not the one.

    On this machine it is the one that runs now, for only of that is it known that it has kgx.
    """
    if chosen := settings.conf.get("spark.pyspark.python"):
        return chosen  # which Spark itself heeds only under spark-submit
    local = (spark.sparkContext.master or "").startswith("local")
    return sys.executable if local and "PYSPARK_PYTHON" not in os.environ else None


def _reason(fault: PySparkException) -> str:
    """What went wrong: the last line of a task's traceback, or the first line of what Spark says."""
    said = [line.strip() for line in str(fault).splitlines() if line.strip()]
    raised = [line for line in said if _RAISED.match(line)]
    return (raised or said or [type(fault).__name__])[-1 if raised else 0]


def _shipped(spark: SparkSession, rules: str | None) -> str | None:
    """The name under which every worker finds the user's rules."""
    if rules is None:
        return None
    spark.sparkContext.addFile(str(Path(rules).resolve()), recursive=True)
    return Path(rules).resolve().name


def _rules(name: str | None) -> RuleFolder:
    return RuleFolder(None if name is None else SparkFiles.get(name))


def _exists(spark: SparkSession, path: str) -> bool:
    system, place = _hadoop(spark, path)
    return bool(system.exists(place) and len(system.listStatus(place)))


def _remove(spark: SparkSession, path: str) -> None:
    system, place = _hadoop(spark, path)
    system.delete(place, True)


def _hadoop(spark: SparkSession, path: str) -> tuple[Any, Any]:
    """The file system of a path, and the path, as Hadoop has them: pyspark has no files of its own."""
    context: Any = spark.sparkContext
    place = context._jvm.org.apache.hadoop.fs.Path(path)
    return place.getFileSystem(context._jsc.hadoopConfiguration()), place


def _ignore(_: Skip | str) -> None:
    return None
