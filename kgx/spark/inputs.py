"""Files of any Spark path to rows, one a document or a fault; each document once.

The same documents come out, under the same ids, as `kgx.readers.read` gives: lines of JSON Lines and rows
of Parquet are told by their number, which is made up of where a block of the file begins.
"""

from __future__ import annotations

import hashlib
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, Literal
from urllib.parse import unquote

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from kgx import errors
from kgx.errors import Skip
from kgx.model import Document
from kgx.readers.fields import FieldMap, RecordFault
from kgx.readers.reading import documents_of
from kgx.readers.records import json_record
from kgx.readers.rules import page_rules
from kgx.readers.sources import Source, document_ids, form_of, printable
from kgx.readers.streams import buffered, unzipped
from kgx.rulebook import RuleFolder

Form = Literal["jsonl", "parquet", "text"]
Place = tuple[int, int]  # rank of the file, line in it (0: the file as a whole)

ROW = (
    "id string, place struct<file: int, line: long>, label string, digest string, document binary, "
    "fault string"
)
_Row = tuple[str, Place, str, str, bytes | None, str | None]
_GLOB = re.compile(r"([\[\]{}*?\\])")
_LOCAL = re.compile("^file:(//)?(?=/)")
_GZIP_RATIO = 4  # bytes of text for each byte of gzip, nearly


@dataclass(frozen=True, slots=True)
class File:
    """A file of the input: its path, as Spark opens it and as it names it in a row; its size in bytes."""

    path: str
    name: str
    form: str
    size: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What tasks need to read records: the options of `kgx.readers.read`, checked."""

    fields: Mapping[str, str]
    encoding: str | None = None


def find_files(
    spark: SparkSession, inputs: Iterable[str], form: Form | None, on_skip: Callable[[Skip], None]
) -> list[File]:
    """The files of all inputs, each once, in the order in which `kgx build` reads them.

    What is hidden, a README or of no known form is passed over; `form` is that of all files, where
    their names do not tell.
    """
    found: dict[str, File] = {}
    for item in inputs:
        try:
            rows = (
                spark.read.format("binaryFile")
                .option("recursiveFileLookup", "true")
                .load(item)
                .select("path", "length", "_metadata.file_path")
                .collect()
            )
        except AnalysisException:
            on_skip(Skip(printable(item), errors.NO_FILE))
            continue
        files = [
            File(row.path, row.file_path, kind, row.length)
            for row in rows
            if PurePosixPath(row.path).stem.upper() != "README" and (kind := form or _form(row.path))
        ]
        if not files:
            on_skip(Skip(printable(item), errors.NO_ARTICLES))
        for one in sorted(files, key=_walked):
            found.setdefault(one.name, one)
    return list(found.values())


def _form(path: str) -> str | None:
    return "parquet" if path.lower().endswith(".parquet") else form_of(path)


def _walked(one: File) -> list[tuple[bool, str]]:
    """Orders files as a walk does that takes those of a folder before its subfolders."""
    *folders, name = one.path.split("/")
    return [*((True, folder) for folder in folders), (False, name)]


def partitions(files: Iterable[File], bytes_each: int, least: int) -> int:
    """How many tasks the input makes: one for so many bytes of text, and no fewer than `least`."""
    whole = sum(one.size * (_GZIP_RATIO if one.path.lower().endswith(".gz") else 1) for one in files)
    return max(least, whole // bytes_each + 1)


def read_rows(
    spark: SparkSession, files: Sequence[File], reading: Reading, rules: Callable[[], RuleFolder]
) -> DataFrame:
    """A row (`ROW`) for each document and each fault of the files."""
    ranks = {one.name: rank for rank, one in enumerate(files)}
    sources = [_source(one, b"") for one in files]
    ids = dict(zip(ranks, document_ids(sources), strict=True))
    frames = []
    for form, read in (("jsonl", _lines), ("parquet", _records), ("whole", _wholes)):
        chosen = [one for one in files if (one.form if one.form in ("jsonl", "parquet") else "whole") == form]
        if chosen:
            rows = read(spark, chosen, _Task(reading, ranks, ids, {one.name: one for one in chosen}, rules))
            frames.append(spark.createDataFrame(rows, ROW))
    out = frames[0]
    for frame in frames[1:]:
        out = out.unionAll(frame)
    return out


def distinct(rows: DataFrame, tasks: int) -> DataFrame:
    """The first row of each id, as columns `document`, `label`, `fault`; `all` lists every place of it."""
    place = F.struct("place", "label", "digest")
    return (
        rows.repartition(tasks, "id")
        .groupBy("id")
        .agg(
            F.min_by(F.struct("document", "label", "fault"), "place").alias("first"),
            F.sort_array(F.collect_list(place)).alias("all"),
        )
        .select("id", "first.*", "all")
    )


def repeats(id_: str, places: Sequence[Any]) -> Iterator[str]:
    """What to say of each row but the first that has an id."""
    first = places[0]
    for one in places[1:]:
        message = errors.DOCUMENT_TWICE if one.digest == first.digest else errors.ID_TWICE
        reason = message.format(first=_label(first), id=printable(id_))
        yield str(Skip(one.label, reason, one.place.line or None))


def _label(place: Any) -> str:
    return f"{place.label}:{place.place.line}" if place.place.line else place.label


@dataclass(frozen=True, slots=True)
class _Task:
    """What the tasks that read are given."""

    reading: Reading
    ranks: Mapping[str, int]
    ids: Mapping[str, str]
    files: Mapping[str, File]
    rules: Callable[[], RuleFolder]

    def row(self, name: str, line: int | None, item: Document | Skip) -> _Row:
        """The row of a document or of a fault."""
        place = self.ranks[name], line or 0
        label = _shown(name)
        if isinstance(item, Skip):
            return f"\0{place}", place, label, "", None, str(item)
        digest = hashlib.blake2b(item.text.encode("utf-8", "replace"), digest_size=12).hexdigest()
        return item.id, place, label, digest, pickle.dumps(item), None

    def records(self, found: Iterable[tuple[str, int, Any]]) -> Iterator[_Row]:
        """Rows of (file, line, record or Skip)."""
        fields = FieldMap(page_rules(self.rules()), self.reading.fields)
        for name, line, record in found:
            item: Document | Skip
            if isinstance(record, Skip):
                item = record
            else:
                try:
                    item = fields.document(record, f"{self.ids[name]}-{line}", name)
                except RecordFault as fault:
                    item = Skip(_shown(name), str(fault), line)
            yield self.row(name, line, item)


def _lines(spark: SparkSession, files: Sequence[File], task: _Task) -> Any:
    """Rows of JSON Lines: a file may lie in several blocks, each read by another task."""
    lines = (
        spark.read.option("lineSep", "\n")
        .text([_escaped(one.path) for one in files])
        .select(
            F.col("value").cast("binary"),
            F.col("_metadata.file_path").alias("file"),
            F.col("_metadata.file_block_start").alias("block"),
        )
    )
    before: dict[tuple[str, int], int] = {}
    counted: dict[str, int] = {}
    for row in sorted(lines.groupBy("file", "block").count().collect()):
        before[row.file, row.block] = counted.get(row.file, 0)
        counted[row.file] = before[row.file, row.block] + row[2]
    encoding = task.reading.encoding or "utf-8"

    def read(rows: Iterable[Any]) -> Iterator[_Row]:
        seen = dict(before)

        def found() -> Iterator[tuple[str, int, Any]]:
            for row in rows:
                seen[row.file, row.block] += 1
                number, label = seen[row.file, row.block], _shown(row.file)
                try:
                    line = bytes(row.value).decode(encoding)
                except UnicodeDecodeError:
                    yield row.file, number, Skip(label, errors.ENCODING_WRONG.format(name=encoding), number)
                    continue
                if line := line.removeprefix("\ufeff").strip():
                    record = json_record(label, line, number)
                    yield row.file, number, record if isinstance(record, Skip) else record[1]

        return task.records(found())

    return lines.rdd.mapPartitions(read)


def _records(spark: SparkSession, files: Sequence[File], task: _Task) -> Any:
    """Rows of Parquet: a record each, its fields told as those of JSON are."""
    rows = spark.read.parquet(*(_escaped(one.path) for one in files)).select(
        F.struct("*").alias("record"),
        F.col("_metadata.file_path").alias("file"),
        F.col("_metadata.row_index").alias("place"),
    )

    def read(rows: Iterable[Any]) -> Iterator[_Row]:
        return task.records((row.file, row.place + 1, row.record.asDict(recursive=True)) for row in rows)

    return rows.rdd.mapPartitions(read)


def _wholes(spark: SparkSession, files: Sequence[File], task: _Task) -> Any:
    """Rows of all other files, each read as `kgx build` reads it."""
    found = (
        spark.read.format("binaryFile")
        .load([_escaped(one.path) for one in files])
        .select("content", F.col("_metadata.file_path").alias("file"))
    )

    def read(rows: Iterable[Any]) -> Iterator[_Row]:
        fields = FieldMap(page_rules(task.rules()), task.reading.fields)
        for row in rows:
            source = _source(task.files[row.file], bytes(row.content))
            for line, item in documents_of(source, task.ids[row.file], fields, task.reading.encoding):
                yield task.row(row.file, line, item)

    return found.rdd.mapPartitions(read)


def _source(one: File, content: bytes) -> Source:
    """A file as the readers take it."""
    name = one.path
    form = one.form if one.form != "text" else form_of(one.path)
    return Source(
        _shown(one.name),
        name[:-3] if name.lower().endswith(".gz") else name,
        form,
        lambda limits: nullcontext(unzipped(buffered(BytesIO(content), limits), limits)),
    )


def _shown(name: str) -> str:
    """A file's name as messages give it."""
    return printable(_LOCAL.sub("", unquote(name)))


def _escaped(path: str) -> str:
    """A path in which no character is taken for a glob's."""
    return _GLOB.sub(r"\\\1", path)
