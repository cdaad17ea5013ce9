"""Asks a server what `kgx.store.evaluate` asks the store on disk: queries, and the ready-made questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kgx import errors
from kgx.errors import KgxError
from kgx.iri import DEFAULT_BASE
from kgx.rdf.vocab import prefixes
from kgx.store.evaluate import QueryFault, Request, Summary, check, declared, malformed, write_answer
from kgx.store.http import Server, Solutions
from kgx.store.remote import base_of

_ANY = "SELECT ?thing WHERE { ?thing a ?type } LIMIT 1"


class Endpoint:
    """Queries to one server, with the prefixes of the data that `kgx load` put there declared."""

    def __init__(self, server: Server) -> None:
        """Raises KgxError where the server can't be asked."""
        self._server = server
        self._spaces = dict(prefixes(base_of(server) or DEFAULT_BASE))

    def prefixes(self) -> Mapping[str, str]:
        """Prefix to namespace, of the server's data."""
        return self._spaces

    def check_union(self) -> None:
        """Raises KgxError where the server's default graph is empty: questions ask all graphs together."""
        if not self._server.select(_ANY).rows:
            profile = self._server.profile
            raise KgxError(errors.SERVER_UNION.format(title=profile.title, quirks=profile.quirks))

    def solve(self, query: str, name: str = "query") -> Any:
        """Solutions, a truth value or triples.

        Raises QueryFault, with line and column, where the query is malformed, or where the server may have
        cut its answer; KgxError where the server fails.
        """
        import pyoxigraph as ox

        try:
            ox.Store().query(query, prefixes=self._spaces)
        except SyntaxError as fault:
            raise malformed(query, str(fault), name) from None
        found = self._server.solve(declared(query, self._spaces))
        most = self._server.profile.rows
        if most is not None and isinstance(found, Solutions) and len(found.rows) > most:
            raise QueryFault(errors.QUERY_LONG.format(name=name, limit=f"{most:,}"))
        return found

    def answer(self, request: Request, out: Callable[[bytes], Any]) -> Summary:
        """Write the answer to a query. Raises as `solve`, and QueryFault where it is an update."""
        check(request)
        return write_answer(self.solve(request.query, request.name), request, out, self._spaces)
