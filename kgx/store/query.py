"""A query over the store of a build, answered on a stream."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Any

from kgx import errors
from kgx.errors import KgxError, OptionError
from kgx.store.embedded import current
from kgx.store.endpoint import Endpoint
from kgx.store.evaluate import QueryFault, Request, Summary
from kgx.store.http import Server
from kgx.store.results import GRAPHS, ROWS
from kgx.store.worker import Worker

__all__ = ["QueryFault", "ask_text", "query", "query_server", "request_of"]

FORMATS = (*ROWS, *GRAPHS)
_KEYWORDS = ("{",)  # no file name holds one; every query does


def query(
    folder: str | Path,
    text: str,
    out: IO[bytes] | None = None,
    *,
    format_: str | None = None,
    timeout: float | None = None,
    limit: int | None = None,
    name: str = "query",
) -> Summary:
    """Write the answer to a SPARQL query over the store in `folder` to a binary stream.

    `format_` is one of `FORMATS`; by default a table where `out` is a terminal, else CSV, and Turtle for
    graphs. `timeout` in seconds; `limit` in rows or triples, above which the query is refused. Raises
    QueryFault where the query is wrong, KgxError where there is no store.
    """
    stream = sys.stdout.buffer if out is None else out
    current(folder)
    with Worker(folder) as worker:
        request = request_of(text, format_, terminal=stream.isatty(), limit=limit, name=name)
        return worker.answer(request, stream.write, timeout=timeout)


def query_server(
    server: Server,
    text: str,
    out: IO[bytes] | None = None,
    *,
    format_: str | None = None,
    limit: int | None = None,
    name: str = "query",
) -> Summary:
    """As `query`, of a server. Raises QueryFault, and KgxError where the server fails."""
    stream = sys.stdout.buffer if out is None else out
    request = request_of(text, format_, terminal=stream.isatty(), limit=limit, name=name)
    return Endpoint(server).answer(request, stream.write)


def request_of(
    text: str, format_: str | None, *, terminal: bool = False, limit: int | None = None, name: str = "query"
) -> Request:
    """A request whose tables and graphs have that format, or one that fits where it has none."""
    rows, graph = "table" if terminal else "csv", "turtle"
    if format_ is None:
        pass
    elif format_ in ROWS:
        rows = format_
    elif format_ in GRAPHS:
        graph = format_
    else:
        raise OptionError(errors.QUERY_FORMAT.format(format=format_, known=", ".join(FORMATS)))
    return Request(text, rows, graph, limit, name=name)


def ask_text(given: str, stdin: IO[Any] | None = None) -> tuple[str, str]:
    """The text of a query, and what to call it: `given` is the query, the name of a file, or `-`.

    Raises KgxError where the file can't be read.
    """
    if given == "-":
        return _decoded((stdin or sys.stdin.buffer).read(), "standard input"), "standard input"
    if any(word in given for word in _KEYWORDS):
        return given, "query"
    try:
        return _decoded(Path(given).read_bytes(), given), given
    except (OSError, ValueError) as fault:
        reason = errors.reason_of(fault)
        raise KgxError(errors.QUERY_FILE.format(path=given, reason=reason)) from None


def _decoded(body: bytes, name: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KgxError(errors.QUERY_FILE.format(path=name, reason="not UTF-8")) from None
