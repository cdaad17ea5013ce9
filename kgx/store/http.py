"""A SPARQL server over HTTP: queries, updates, and the Graph Store Protocol, with retries and time limits.

What went wrong comes as one line that names the server; no line holds credentials.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from kgx import errors
from kgx.errors import KgxError
from kgx.listening import LOOPBACK, in_url
from kgx.rulebook import RuleFolder
from kgx.schemas.stores import StoreProfile
from kgx.store.credentials import Credentials, check_url, credentials
from kgx.store.profiles import profile, told_by

TIMEOUT = 60.0  # seconds without a byte
TRIES = 5
WAIT = 0.5  # seconds before the second try; doubled each time
_AGAIN = frozenset((429, 502, 503, 504))
_RESULTS = "application/sparql-results+json"


class ServerFault(KgxError):
    """What a server did not do; `status` is its HTTP status, None where it gave none."""

    def __init__(self, message: str, status: int | None = None) -> None:
        """`message` is the line to show."""
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Solutions:
    """The rows of a SELECT query, and their variables, as pyoxigraph has them."""

    variables: Sequence[Any]
    rows: list[Any]

    def __iter__(self) -> Iterator[Any]:
        """The rows."""
        return iter(self.rows)


class Server:
    """A client of one server. Requests that change nothing twice (PUT, DELETE, queries) are retried."""

    def __init__(
        self,
        endpoint: str,
        *,
        graph_store: str | None = None,
        kind: str | None = None,
        auth: str | None = None,
        secret: Credentials | None = None,
        timeout: float = TIMEOUT,
        tries: int = TRIES,
        rules: RuleFolder | None = None,
        sleep: Callable[[float], Any] = time.sleep,
    ) -> None:
        """`kind` names a profile, told by the server itself where it is None; `auth` basic or digest.

        Raises KgxError where the server can't be reached or is none, OptionError where a URL is wrong.
        """
        self._endpoint = check_url(endpoint).rstrip("/")
        if graph_store:
            check_url(graph_store)
        self._tries, self._sleep, self._timeout = tries, sleep, timeout
        self._secret = secret or credentials(endpoint)
        here = in_url(urlsplit(endpoint).hostname or "") in LOOPBACK
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=min(timeout, 10.0)), trust_env=not here
        )
        self.profile = profile(kind, rules) if kind else self._told(rules)
        self._base = self._endpoint
        for path in (self.profile.query, self.profile.update):
            if path and self._base.endswith(path):
                self._base = self._base.removesuffix(path)
        self.graph_store = graph_store or self._url(self.profile.graph_store)
        if (found := self._auth(auth or self.profile.auth)) is not None:
            self._client.auth = found
        self.check()

    def check(self) -> None:
        """Raises KgxError where the server does not answer a query."""
        next(iter(self.select("SELECT ?one WHERE { VALUES ?one { 1 } }")), None)

    def solve(self, query: str) -> Solutions | bool | list[Any]:
        """What a query gives: solutions, a truth value, or triples of pyoxigraph."""
        import pyoxigraph as ox

        response = self._ask(self._url(self.profile.query) or self._endpoint, query)
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        try:
            if kind == _RESULTS:
                found = ox.parse_query_results(response.content, format=ox.QueryResultsFormat.JSON)
                if isinstance(found, ox.QueryBoolean):
                    return bool(found)
                return Solutions(found.variables, list(found))
            if (form := ox.RdfFormat.from_media_type(kind)) is not None:
                return [quad.triple for quad in ox.parse(response.content, format=form)]
        except (SyntaxError, ValueError) as fault:
            reason = errors.reason_of(fault)
            raise ServerFault(errors.SERVER_RESULT.format(url=self._endpoint, reason=reason)) from None
        raise ServerFault(errors.SERVER_HTML.format(url=self._endpoint, kind=kind or "nothing"))

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""
        found = self.solve(query)
        if not isinstance(found, Solutions):
            raise ServerFault(errors.SERVER_HTML.format(url=self._endpoint, kind="something else"))
        return found

    def pages(self, query: str) -> Solutions:
        """As `select`, in pages where the server cuts long answers; `query` orders its rows."""
        size = self.profile.rows
        if size is None:
            return self.select(query)
        found = page = self.select(f"{query} LIMIT {size}")
        while len(page.rows) == size:
            page = self.select(f"{query} LIMIT {size} OFFSET {len(found.rows)}")
            found.rows.extend(page.rows)
        return found

    @property
    def updates(self) -> bool:
        """Whether it takes SPARQL Update."""
        return self.profile.update is not None

    def update(self, text: str) -> None:
        """Send a SPARQL Update that may be done twice without harm."""
        url = self._url(self.profile.update) or self._endpoint
        if self.profile.update_by == "form":
            self._send("POST", url, data={"update": text})
        else:
            headers = {"content-type": "application/sparql-update; charset=utf-8"}
            self._send("POST", url, content=text.encode(), headers=headers)

    def put(self, graph: str, ntriples: bytes) -> None:
        """Replace a named graph; by the graph store where there is one, else by SPARQL Update."""
        if self.graph_store:
            try:
                self._store("PUT", graph, ntriples)
                return
            except ServerFault as fault:
                if fault.status not in (404, 405, 501) or not self.updates:
                    raise
                self.graph_store = None  # it has none: by updates from here on
        self.update(f"DROP SILENT GRAPH <{graph}>")
        for lines in _chunks(ntriples.splitlines(), self.profile.chunk):
            body = b"\n".join(lines).decode()
            self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{body}\n}} }}")

    def delete(self, graph: str) -> None:
        """Remove a named graph; it need not be there."""
        if self.graph_store:
            try:
                self._store("DELETE", graph)
                return
            except ServerFault as fault:
                if fault.status not in (404, 405, 501):
                    raise
                if not self.updates:
                    return
        self.update(f"DROP SILENT GRAPH <{graph}>")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Server:
        """The client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def _store(self, method: str, graph: str, body: bytes | None = None) -> None:
        assert self.graph_store is not None
        headers = {"content-type": "application/n-triples"} if body is not None else {}
        self._send(method, self.graph_store, params={"graph": graph}, content=body, headers=headers)

    def _ask(self, url: str, query: str) -> httpx.Response:
        headers = {"accept": f"{_RESULTS}, application/n-triples, text/turtle;q=0.9"}
        return self._send("POST", url, data={"query": query}, headers=headers)

    def _told(self, rules: RuleFolder | None) -> StoreProfile:
        response = self._send("GET", self._endpoint, unread=True)  # some give all their data here
        return told_by(response.headers.get("server", ""), rules)

    def _send(self, method: str, url: str, *, unread: bool = False, **what: Any) -> httpx.Response:
        """One request, tried again where that may help; `unread` ends it at the headers of any answer.

        Raises ServerFault where it was not done.
        """
        wait = WAIT
        for left in reversed(range(self._tries)):
            try:
                if unread:
                    with self._client.stream(method, url) as response:
                        return response
                response = self._client.request(method, url, **what)
            except httpx.TimeoutException:
                fault = ServerFault(errors.SERVER_SLOW.format(url=url, seconds=self._timeout))
            except httpx.TransportError as reason:
                text = errors.reason_of(reason)
                fault = ServerFault(errors.SERVER_DOWN.format(url=url, reason=text))
            else:
                if response.is_success:
                    return response
                fault = self._refusal(response, url)
                if response.status_code not in _AGAIN:
                    raise fault
            if not left:
                raise fault
            self._sleep(wait)
            wait *= 2
        raise AssertionError

    def _refusal(self, response: httpx.Response, url: str) -> ServerFault:
        status = response.status_code
        if status in (401, 403):
            message = errors.SERVER_AUTH.format(url=url, status=status)
        elif status == 413:
            message = errors.SERVER_LARGE.format(url=url)
        else:
            kind = response.headers.get("content-type", "")
            told = "" if "html" in kind else " ".join(response.text.split())[:200]
            message = errors.SERVER_STATUS.format(
                url=url, status=status, reason=told or response.reason_phrase
            )
        return ServerFault(message, status)

    def _auth(self, scheme: str) -> httpx.Auth | None:
        secret = self._secret
        if secret is None or scheme == "none":
            return None
        if secret.token:
            return _Bearer(secret.token)
        if scheme == "digest":
            return httpx.DigestAuth(secret.user, secret.password)
        return httpx.BasicAuth(secret.user, secret.password)

    def _url(self, path: str | None) -> str | None:
        return None if path is None else self._base + path


class _Bearer(httpx.Auth):
    """Sends a token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def _chunks(lines: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
