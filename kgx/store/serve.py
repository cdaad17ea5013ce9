"""A read-only SPARQL endpoint over the store of a build: SPARQL 1.1 Protocol, with limits.

Queries run in processes of their own (`kgx.store.worker`), so that the time limit holds. The answer is
made whole before its first byte is sent: what is too slow or too long is an error, not half an answer.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from kgx import errors
from kgx.errors import KgxError
from kgx.listening import LOOPBACK, in_url, listen, url_of
from kgx.store.embedded import current
from kgx.store.evaluate import QueryFault, Request
from kgx.store.protocol import GRAPH_TYPES, ROW_TYPES, choose, description
from kgx.store.worker import QueryTimeout, Worker

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request as HttpRequest
    from starlette.responses import Response

PATH = "/sparql"
LARGEST = 1 << 20  # bytes of a request
_DRAINED = 16 * LARGEST  # a client that is cut off while it sends does not read why
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may cost: seconds, rows or triples; and how many run at a time."""

    seconds: float = 30.0
    rows: int = 100_000
    workers: int = max(1, min(4, os.cpu_count() or 1))


class Refusal(Exception):
    """A request that is answered with an HTTP error, in one line."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        """`headers`: further ones, `_` standing for `-`."""
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Pool:
    """Workers that take turns; a query waits for a free one within its own time limit."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Processes start when they are first needed."""
        self._limits = limits
        self._all = [Worker(folder) for _ in range(limits.workers)]
        self._free: asyncio.Queue[Worker] = asyncio.Queue()
        for worker in self._all:
            self._free.put_nowait(worker)

    async def answer(self, request: Request) -> tuple[bytes, str]:
        """The answer and its media type; raises QueryFault, KgxError."""
        seconds = self._limits.seconds
        try:
            worker = await asyncio.wait_for(self._free.get(), seconds)
        except asyncio.TimeoutError:
            raise QueryTimeout(errors.SERVE_BUSY) from None
        pieces: list[bytes] = []
        job = asyncio.ensure_future(asyncio.to_thread(worker.answer, request, pieces.append, timeout=seconds))
        job.add_done_callback(lambda _: self._free.put_nowait(worker))  # also where the client went away
        summary = await asyncio.shield(job)
        return b"".join(pieces), summary.media_type

    def close(self) -> None:
        """End the processes."""
        for worker in self._all:
            worker.close()


def application(
    folder: str | Path, limits: Limits | None = None, *, cors: bool = False, hosts: Sequence[str] = ("*",)
) -> Starlette:
    """The endpoint as an ASGI application, for requests to one of `hosts`.

    Raises KgxError where the folder has no store.
    """
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.responses import Response
    from starlette.routing import Route

    limits = limits or Limits()
    root = Path(folder)
    current(root)
    pool = Pool(root, limits)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            pool.close()

    async def sparql(http: HttpRequest) -> Response:
        asked = await _asked(http)
        if asked is None:
            return _described(http, root)
        rows = choose(http.headers.get("accept", ""), ROW_TYPES)
        graph = choose(http.headers.get("accept", ""), GRAPH_TYPES)
        if rows is None and graph is None:
            raise Refusal(406, errors.SERVE_ACCEPT)
        asked = replace(asked, rows=rows or "json", graph=graph or "turtle", limit=limits.rows, local=True)
        try:
            body, kind = await pool.answer(asked)
        except QueryTimeout as fault:
            raise Refusal(503, str(fault), Retry_After="10") from None
        except QueryFault as fault:
            raise Refusal(400, str(fault)) from None
        except KgxError as fault:
            raise Refusal(500, str(fault)) from None
        return Response(body, media_type=kind, headers={"Vary": "Accept"})

    async def void(http: HttpRequest) -> Response:
        return _described(http, root)

    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)]
    if cors:
        middleware.append(Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"]))
    methods = ["GET", "POST", "PUT", "DELETE", "PATCH"]
    routes = [
        Route(PATH, _refusing(sparql), methods=methods),
        Route("/.well-known/void", _refusing(void), methods=["GET"]),
    ]
    return Starlette(routes=routes, middleware=middleware, lifespan=lifespan)


def serve(
    folder: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8890,
    limits: Limits | None = None,
    cors: bool = False,
    ready: Callable[[str], object] | None = None,
) -> None:
    """Answer queries until interrupted; `ready` hears the URL. Raises KgxError where it can't start."""
    import uvicorn

    # A page of another site must not reach us under a name of its own that it points to this machine.
    hosts = LOOPBACK if in_url(host) in LOOPBACK else ("*",)
    app = application(folder, limits, cors=cors, hosts=hosts)
    listener = listen(host, port)
    listener.listen(128)
    if ready is not None:
        ready(f"{url_of(host, listener)}{PATH.lstrip('/')}")
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=15,
        limit_concurrency=256,
        lifespan="on",
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        listener.close()


def _refusing(
    handler: Callable[[HttpRequest], Awaitable[Response]],
) -> Callable[[HttpRequest], Awaitable[Response]]:
    """The handler, its refusals as plain text."""
    from starlette.responses import PlainTextResponse

    async def answer(http: HttpRequest) -> Response:
        try:
            return await handler(http)
        except Refusal as fault:
            return PlainTextResponse(f"{fault}\n", fault.status, headers=fault.headers)

    return answer


async def _asked(http: HttpRequest) -> Request | None:
    """The query of a request; None where it asks what this endpoint is. Raises Refusal."""
    kind = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    pairs = parse_qsl(http.url.query, keep_blank_values=True)
    if http.method in ("PUT", "DELETE", "PATCH") or kind == _UPDATE:
        raise Refusal(403, errors.SERVE_READ_ONLY)
    if http.method == "POST":
        body = await _body(http)
        if kind == _FORM:
            pairs += parse_qsl(body, keep_blank_values=True)
        elif kind == _QUERY:
            pairs.append(("query", body))
        else:
            raise Refusal(415, errors.SERVE_TYPE.format(types=f"{_FORM} or {_QUERY}"))
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    if "update" in fields:
        raise Refusal(403, errors.SERVE_READ_ONLY)
    queries = fields.get("query", [])
    if not queries and http.method in ("GET", "HEAD"):
        return None
    if len(queries) != 1:
        raise Refusal(400, errors.SERVE_ONE)
    return Request(
        queries[0],
        default_graphs=tuple(fields.get("default-graph-uri", ())),
        named_graphs=tuple(fields.get("named-graph-uri", ())),
    )


async def _body(http: HttpRequest) -> str:
    """The body as text, read no further than the limit."""
    pieces, size = [], 0
    async for piece in http.stream():
        size += len(piece)
        if size > _DRAINED:
            break
        if size <= LARGEST:
            pieces.append(piece)
    if size > LARGEST:
        raise Refusal(413, errors.SERVE_LARGE.format(limit=LARGEST >> 10), Connection="close")
    try:
        return b"".join(pieces).decode()
    except UnicodeDecodeError:
        raise Refusal(400, errors.SERVE_UTF8) from None


def _described(http: HttpRequest, root: Path) -> Response:
    import pyoxigraph as ox
    from starlette.responses import Response

    format_ = choose(http.headers.get("accept", ""), GRAPH_TYPES) or "turtle"
    state = current(root)
    endpoint = str(http.url.replace(path=PATH, query="", fragment=""))
    dataset = str(http.url.replace(path="/.well-known/void", query="", fragment="dataset"))
    body: str | bytes | None = description(endpoint, dataset, state.triples, state.graphs)
    kinds = {"turtle": "text/turtle", "ntriples": "application/n-triples", "jsonld": "application/ld+json"}
    if format_ != "turtle":
        forms = {"ntriples": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}
        triples = [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.TURTLE)]
        body = ox.serialize(triples, format=forms[format_])
    return Response(body, media_type=kinds[format_], headers={"Vary": "Accept"})
