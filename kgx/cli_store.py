"""The commands on triple stores: parse options and call a plain function of the package each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from kgx import errors
from kgx.errors import OptionError

FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle", "ntriples", "jsonld")
Progress = Callable[[int, int], None]


@click.command()
@click.argument("folder", metavar="DIR")
def load(folder: str) -> None:
    """Load a build into a triple store.

    DIR is the folder that `kgx build` wrote. Without --endpoint the store is embedded, in DIR/store.
    Documents that did not change since the load before are left alone.
    """
    from kgx.store import embedded

    with _progress("graphs") as progress:
        loaded = embedded.load(folder, progress=progress)
    click.echo(f"{folder}: {loaded}", err=True)


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("sparql", metavar="QUERY")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Table on a terminal, else CSV.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help="Time limit.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Refuse results longer than N.")
def query(folder: str, sparql: str, format_: str | None, timeout: float | None, limit: int | None) -> None:
    """Ask the store of a build in SPARQL.

    QUERY is a query, a file that holds one, or - for standard input. The default graph is the union of
    all documents' graphs; the prefixes of graph.ttl need no declaration.
    """
    from kgx.store import query as queries

    text, name = queries.ask_text(sparql)
    queries.query(folder, text, format_=format_, timeout=timeout, limit=limit, name=name)


COMMANDS = (load, query)


@contextmanager
def _progress(what: str) -> Iterator[Progress | None]:
    """A bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _pairs(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    out: dict[str, str] = {}
    for value in values:
        name, equals, rest = value.partition("=")
        if not equals or not name.strip():
            raise OptionError(errors.PARAM_FORM.format(item=value))
        out[name.strip()] = rest.strip()
    return out
