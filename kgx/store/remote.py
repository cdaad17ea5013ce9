"""Loads a build into a server, graph by graph, so that a load that broke off goes on where it was.

A graph of its own on the server holds the digest of each graph that is there as a whole. A graph's
digest is taken out before it is replaced and written after: what has none, or another one, is sent.
"""

from __future__ import annotations

from pathlib import Path

from kgx import errors
from kgx.errors import KgxError
from kgx.store.embedded import Loaded, Progress
from kgx.store.http import Server
from kgx.store.parts import Build

LEDGER = "urn:x-kgx:loads"  # the graph that holds the digests
_DIGEST = "urn:x-kgx:digest"
_GRAPHS = 64  # replaced between two entries in the ledger


def load(
    folder: str | Path, server: Server, *, replace: bool = False, progress: Progress | None = None
) -> Loaded:
    """Make the server hold the named graphs of the build in `folder`.

    Graphs that are there already are not sent again. `replace` sends them all the same, and removes
    those of earlier loads that the build no longer has. Raises KgxError, saying how many graphs were
    loaded, where the server fails.
    """
    build = Build(folder)
    held = _held(server)
    fresh = {name: part.digest for name, part in build.parts.items()}
    todo = [name for name, digest in fresh.items() if replace or held.get(name) != digest]
    gone = [name for name in held if name not in fresh] if replace else []
    done = 0
    try:
        for start in range(0, len(gone), _GRAPHS):
            names = gone[start : start + _GRAPHS]
            _forget(server, names)
            for name in names:
                server.delete(name)
        for start in range(0, len(todo), _GRAPHS):
            names = todo[start : start + _GRAPHS]
            _forget(server, [name for name in names if name in held])
            for name in names:
                server.put(name, build.ntriples(name))
                done += 1
                if progress:
                    progress(done, len(todo))
            _enter(server, {name: fresh[name] for name in names})
    except KgxError as fault:
        kept = len(fresh) - len(todo) + done
        raise KgxError(errors.LOAD_BROKEN.format(fault=fault, done=kept, all=len(fresh))) from None
    return Loaded(
        added=sum(name not in held for name in todo),
        replaced=sum(name in held for name in todo),
        removed=len(gone),
        unchanged=len(fresh) - len(todo),
        triples=build.triples,
    )


def _held(server: Server) -> dict[str, str]:
    query = (
        f"SELECT ?graph ?digest WHERE {{ GRAPH <{LEDGER}> {{ ?graph <{_DIGEST}> ?digest }} }} ORDER BY ?graph"
    )
    return {row["graph"].value: row["digest"].value for row in server.pages(query)}


def base_of(server: Server) -> str:
    """What the IRIs of the data on a server begin with, by its ledger; empty where nothing was loaded."""
    query = (
        f"SELECT ?graph WHERE {{ GRAPH <{LEDGER}> {{ ?graph <{_DIGEST}> ?digest }} "
        'FILTER(CONTAINS(STR(?graph), "/document/")) } LIMIT 1'
    )
    return next((row["graph"].value.rpartition("document/")[0] for row in server.select(query)), "")


def _forget(server: Server, names: list[str]) -> None:
    """Take graphs out of the ledger."""
    if names and server.updates:
        listed = " ".join(f"<{name}>" for name in names)
        server.update(
            f"DELETE {{ GRAPH <{LEDGER}> {{ ?graph <{_DIGEST}> ?digest }} }} "
            f"WHERE {{ GRAPH <{LEDGER}> {{ ?graph <{_DIGEST}> ?digest }} VALUES ?graph {{ {listed} }} }}"
        )


def _enter(server: Server, digests: dict[str, str]) -> None:
    """Enter graphs that are there now."""
    if server.updates:
        lines = " . ".join(f'<{name}> <{_DIGEST}> "{digest}"' for name, digest in digests.items())
        server.update(f"INSERT DATA {{ GRAPH <{LEDGER}> {{ {lines} }} }}")
