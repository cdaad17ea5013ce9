"""JSON, JSON Lines, CSV and TSV: one record at a time, each with its line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from kgx import errors
from kgx.errors import Skip
from kgx.readers.encoding import EncodingFault, decode
from kgx.readers.sources import Source, printable
from kgx.readers.streams import read_all, text_lines
from kgx.schemas.limits import MB, Limits

_KINDS = {str: "a string", int: "a number", float: "a number", list: "a list", bool: "a truth value"}
_TAGS = ("<!doctype html", "<html", "<head", "<body", "<meta", "<div", "<p", "<article")

Record = tuple[int | None, dict[str, Any]]


def json_lines(
    source: Source, stream: io.BufferedReader, encoding: str | None, limits: Limits
) -> Iterator[Record | Skip]:
    """Yield (line, record) of JSON Lines, and a Skip for each line that is none; blank lines pass."""
    for number, line, fault in text_lines(stream, encoding, limits):
        if line is None:
            yield Skip(source.label, fault, number)
        elif line.strip():
            yield json_record(source.label, line, number)


def json_record(label: str, line: str, number: int) -> Record | Skip:
    """(line number, record) of one line of JSON, or a Skip where it is none; `label` names the file."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as fault:
        return Skip(label, errors.JSON_BAD.format(reason=fault.msg, column=fault.colno), number)
    except RecursionError:
        return Skip(label, errors.JSON_DEEP, number)
    except ValueError as fault:  # a number of more digits than Python will read
        return Skip(label, errors.JSON_BAD.format(reason=printable(str(fault)), column=1), number)
    if isinstance(value, dict):
        return number, value
    return Skip(label, errors.JSON_NOT_OBJECT.format(kind=_KINDS.get(type(value), "null")), number)


def json_file(
    source: Source, stream: io.BufferedReader, encoding: str | None, limits: Limits
) -> Iterator[Record | Skip]:
    """Yield the records of a JSON file: one object, an array of them, or JSON Lines by another name.

    The number is that of the record in the array, from 1, or of the line; None for a single object.
    Raises StreamFault where it is too long.
    """
    try:
        text = decode(read_all(stream, limits), encoding)
    except EncodingFault as fault:
        yield Skip(source.label, str(fault))
        return
    if not text.strip():
        yield Skip(source.label, errors.TEXT_EMPTY)
        return
    try:
        value = json.loads(text)
    except json.JSONDecodeError as fault:
        first = text.strip().split("\n", 1)[0]
        if isinstance(json_record(source.label, first, 1), tuple):  # complete in its first line
            for number, line in enumerate(text.split("\n"), 1):
                if line.strip():
                    yield json_record(source.label, line, number)
            return
        reason = errors.JSON_BAD.format(reason=fault.msg, column=fault.colno)
        yield Skip(source.label, reason, fault.lineno)
        return
    except (RecursionError, ValueError):
        yield Skip(source.label, errors.JSON_DEEP)
        return
    many = isinstance(value, list)
    for number, item in enumerate(value if many else [value], 1):
        if isinstance(item, dict):
            yield number if many else None, item
        else:
            reason = errors.JSON_NOT_OBJECT.format(kind=_KINDS.get(type(item), "null"))
            yield Skip(source.label, reason, number if many else None)


def tables(
    source: Source, stream: io.BufferedReader, encoding: str | None, limits: Limits
) -> Iterator[Record | Skip]:
    """Yield (line, record) of a table with a header; cells are kept as they stand, line breaks too."""
    faults: list[Skip] = []
    ended = False

    def lines() -> Iterator[str]:
        nonlocal ended
        for number, line, fault in text_lines(stream, encoding, limits):
            if line is None:
                faults.append(Skip(source.label, fault, number))
                yield "\n"  # the reader counts it, and passes over it
            else:
                yield line.replace("\x00", "\ufffd")
        ended = True

    source_lines = lines()
    first = next(source_lines, "")
    if not first.strip():
        yield from faults or [Skip(source.label, errors.TEXT_EMPTY)]
        return
    delimiter = max("\t,;", key=first.count) if source.form != "tsv" else "\t"
    csv.field_size_limit(max(csv.field_size_limit(), limits.line * MB))
    reader = csv.reader(_chained(first, source_lines), delimiter=delimiter)
    header: list[str] = []
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as fault:
            row = []
            faults.append(Skip(source.label, errors.CSV_BAD.format(reason=fault), number))
        yield from faults
        faults.clear()
        if row is None:
            return
        if ended:  # it looked for more of the row
            yield Skip(source.label, errors.CSV_OPEN, number)
        elif not row:
            continue
        elif not header:
            header = [cell.strip() for cell in row]
        elif len(row) > len(header):
            reason = errors.CSV_WIDE.format(found=len(row), expected=len(header))
            yield Skip(source.label, reason, number)
        else:
            yield number, dict(zip(header, row, strict=False))


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def sniff(stream: io.BufferedReader) -> str:
    """The form of bytes without a name: json, jsonl, html or text."""
    start = stream.peek()
    try:
        head = decode(start[: start.rfind(b"\n") + 1] or start).lstrip()
    except EncodingFault:
        return "text"
    if head.startswith("{"):
        try:
            whole = isinstance(json.loads(head.split("\n", 1)[0]), dict)
        except (ValueError, RecursionError):
            whole = False
        return "jsonl" if whole or "\n" not in head else "json"
    if head.startswith("["):
        return "json" if head[1:].lstrip().startswith(("{", "]")) else "text"
    opening = head[:512].lower()
    return "html" if opening.startswith("<") and any(tag in opening for tag in _TAGS) else "text"
