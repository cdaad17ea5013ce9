"""Evaluates a query over the store on disk, in this process, and words what is wrong with a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kgx import errors
from kgx.errors import KgxError
from kgx.rdf.vocab import prefixes
from kgx.store import results
from kgx.store.embedded import State, current, open_store

if TYPE_CHECKING:
    import pyoxigraph

# Strings, IRIs and comments, in which no keyword stands.
_OPAQUE = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r"|<[^<>\s]*>|#[^\n]*",
    re.DOTALL,
)
_PROLOGUE = re.compile(r"\s*(?:(?:prefix\s+\S*:|base|version)\s+(?:<>|\"\")\s*\.?\s*)*", re.IGNORECASE)
_UPDATE = re.compile(r"(?:insert|delete|load|clear|drop|create|add|move|copy|with)\b", re.IGNORECASE)
_SERVICE = re.compile(r"(?<![\w:?$@-])service(?![\w:-])", re.IGNORECASE)
_PLACE = re.compile(r"error at (?P<line>\d+):(?P<column>\d+):\s*(?P<reason>.*)", re.DOTALL)
_NAME = re.compile(r"([\w.-]*):[\w.-]*$")
_EXPECTED = re.compile(r'"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^,\["]+')
_LISTED = 6  # things expected at a place that a message names


class QueryFault(KgxError):
    """A query that can't be answered as it is: malformed, an update, too long a result."""


@dataclass(frozen=True, slots=True)
class Request:
    """A query and how its answer is to be written: a table and a graph format."""

    query: str
    rows: str = "json"
    graph: str = "turtle"
    limit: int | None = None  # rows or triples
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    local: bool = False  # refuse SERVICE: nothing is fetched from elsewhere
    name: str = "query"  # in messages


@dataclass(frozen=True, slots=True)
class Summary:
    """What an answer was: its media type, its rows or triples."""

    media_type: str
    count: int


class Evaluator:
    """Holds the store open between queries, and follows it when a load replaces it."""

    def __init__(self, folder: str) -> None:
        """`folder`: that of the build; the store is opened at the first query."""
        self._folder = folder
        self._state: State | None = None
        self._store: pyoxigraph.Store | None = None

    def solve(self, query: str, name: str = "query", **options: Any) -> Any:
        """Solutions, triples or a truth value as pyoxigraph has them.

        Raises QueryFault, with line and column, where the query is malformed.
        """
        store, base = self._opened()
        try:
            return store.query(query, prefixes=base, **options)
        except SyntaxError as fault:
            raise malformed(query, str(fault), name) from None

    def prefixes(self) -> Mapping[str, str]:
        """Prefix to namespace, of the store's data."""
        return self._opened()[1]

    def answer(self, request: Request, out: Callable[[bytes], Any]) -> Summary:
        """Write the answer to a query, piece by piece.

        Raises QueryFault where it is malformed, or its result is longer than the limit; OSError where
        the store can't be read.
        """
        import pyoxigraph as ox

        check(request)
        options: dict[str, Any] = {}
        if request.default_graphs or request.named_graphs:
            options["default_graph"] = [ox.NamedNode(one) for one in request.default_graphs]
            options["named_graphs"] = [ox.NamedNode(one) for one in request.named_graphs]
        return write_answer(self.solve(request.query, request.name, **options), request, out, self.prefixes())

    def _opened(self) -> tuple[pyoxigraph.Store, dict[str, str]]:
        state = current(self._folder)
        if self._store is None or state != self._state:
            self._store = None  # closed before another is opened
            self._store, self._state = open_store(self._folder, state), state
        return self._store, _prefixes(state.base)


def check(request: Request) -> None:
    """Raises QueryFault where a request is an update, or asks elsewhere where it must not."""
    bare = _OPAQUE.sub(_blank, request.query)
    if is_update(bare):
        raise QueryFault(errors.QUERY_UPDATE.format(name=request.name))
    if request.local and _SERVICE.search(bare):
        raise QueryFault(errors.QUERY_SERVICE.format(name=request.name))


def declared(query: str, spaces: Mapping[str, str]) -> str:
    """The query after a PREFIX for each of `spaces` that it uses."""
    used = [f"PREFIX {key}: <{iri}>" for key, iri in spaces.items() if f"{key}:" in query]
    return "\n".join((*used, query))


def write_answer(
    found: Any, request: Request, out: Callable[[bytes], Any], spaces: Mapping[str, str]
) -> Summary:
    """Write what a query gave, solutions, a truth value or triples, as the request has it.

    Raises QueryFault where it is longer than the limit.
    """
    import pyoxigraph as ox

    try:
        if isinstance(found, (bool, ox.QueryBoolean)):
            out(results.write_boolean(bool(found), request.rows).encode())
            return Summary(results.ROWS[request.rows], 1)
        if isinstance(found, (list, ox.QueryTriples)):
            triples = list(results.at_most(found, request.limit))
            out(results.graph_bytes(triples, request.graph, spaces))
            return Summary(results.GRAPHS[request.graph], len(triples))
        columns = tuple(variable.value for variable in found.variables)
        table = results.Table(columns, results.at_most(found, request.limit))
        count = results.write_rows(table, request.rows, lambda text: out(text.encode()), spaces)
        return Summary(results.ROWS[request.rows], count)
    except results.TooMany as fault:
        raise QueryFault(errors.QUERY_LONG.format(name=request.name, limit=f"{fault.args[0]:,}")) from None


def is_update(bare: str) -> bool:
    """Whether a request, its strings and IRIs taken out, is an update rather than a query."""
    start = _PROLOGUE.match(bare)
    return bool(start and _UPDATE.match(bare, start.end()))


def malformed(query: str, message: str, name: str) -> QueryFault:
    """One line on what a parser said of a query: where it stands, and what is wrong there."""
    form = _PLACE.match(message)
    if form is None:
        return QueryFault(errors.QUERY_SYNTAX.format(place=name, reason=" ".join(message.split())))
    line, column = int(form["line"]), int(form["column"])
    reason = " ".join(form["reason"].split())
    rows = query.splitlines()
    row = rows[line - 1] if line <= len(rows) else ""
    if "Prefix not found" in reason:
        name_here = _NAME.search(row[: column - 1])  # the place is the end of the name
        column = name_here.start() + 1 if name_here else column
        reason = f"the prefix {name_here[1]}: is not declared" if name_here else "a prefix is not declared"
    elif reason.startswith("expected "):
        listed = [one.strip() for one in _EXPECTED.findall(reason.removeprefix("expected one of "))]
        listed = [one for one in listed if one and not one.startswith("[")]
        told = next((one for one in listed if " not " in one), None)  # SELECT * is not authorized with …
        more = ", …" if len(listed) > _LISTED else ""
        if told:
            reason = told
        elif line >= len(rows) and not row[column - 1 :].strip():
            reason = "something is missing at the end"
        else:
            reason = f"expected {', '.join(listed[:_LISTED])}{more}" if listed else "not understood"
    return QueryFault(errors.QUERY_SYNTAX.format(place=f"{name}:{line}:{column}", reason=reason))


def _blank(match: re.Match[str]) -> str:
    """What stands for a string, an IRI or a comment while keywords are looked for."""
    return {"<": "<>", "#": " "}.get(match[0][0], '""')


@lru_cache(maxsize=4)
def _prefixes(base: str) -> dict[str, str]:
    known: Mapping[str, str] = prefixes(base) if base else {}
    return dict(known)
