"""Reads annotated records, gold or predicted, and selects among them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kgx import errors
from kgx.errors import KgxError

Record = Mapping[str, Any]


def read_records(path: str | Path) -> dict[str, Record]:
    """Read records by id from JSON Lines or from one JSON document.

    Raises KgxError, with the line, where the file can't be read or a line is no record.
    """
    try:
        body = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise KgxError(errors.CANNOT_READ.format(path=path, reason=errors.reason_of(fault))) from None
    try:
        whole = json.loads(body)
        numbered: Iterable[tuple[int, Any]] = enumerate(whole if isinstance(whole, list) else [whole], 1)
    except json.JSONDecodeError:
        numbered = _lines(path, body)
    records: dict[str, Record] = {}
    for number, record in numbered:
        if not isinstance(record, dict) or "id" not in record:
            raise KgxError(errors.NOT_A_RECORD.format(path=path, line=number))
        records[str(record["id"])] = record
    if not records:
        raise KgxError(errors.NO_RECORDS.format(path=path))
    return records


def _lines(path: str | Path, body: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(body.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as fault:
                raise KgxError(errors.NOT_JSON.format(path=path, line=number, reason=fault.msg)) from None


def select(
    records: Mapping[str, Record], *, stratum: str | None = None, years: range | None = None
) -> dict[str, Record]:
    """The records of a stratum, and of those published in `years`; all where neither is given.

    Raises KgxError where none is left.
    """
    chosen = {
        key: record
        for key, record in records.items()
        if (stratum is None or record.get("stratum") == stratum)
        and (years is None or int(str(record.get("date") or "0")[:4]) in years)
    }
    if not chosen:
        raise KgxError(errors.NO_GOLD_LEFT)
    return chosen
