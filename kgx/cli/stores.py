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


def _pairs(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    out: dict[str, str] = {}
    for value in values:
        name, equals, rest = value.partition("=")
        if not equals or not name.strip():
            raise OptionError(errors.PARAM_FORM.format(item=value))
        out[name.strip()] = rest.strip()
    return out


def _server(command: Callable[..., None]) -> Callable[..., None]:
    """The options that name a server."""
    for option in (
        click.option("--auth", type=click.Choice(["basic", "digest", "none"]), help="How to log in."),
        click.option("--profile", metavar="NAME", help="What the server is; by default it is asked."),
        click.option("--endpoint", metavar="URL", help="A SPARQL server, rather than DIR/store."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("folder", metavar="DIR")
@_server
@click.option("--graph-store", metavar="URL", help="Its graph store, where the profile does not tell.")
@click.option("--replace", is_flag=True, help="Send all graphs, remove those that the build has no more.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=60, metavar="SECONDS")
def load(
    folder: str,
    endpoint: str | None,
    graph_store: str | None,
    profile: str | None,
    auth: str | None,
    replace: bool,
    timeout: float,
) -> None:
    """Load a build into a triple store.

    DIR is the folder that `kgx build` wrote. Without --endpoint the store is embedded, in DIR/store.
    Documents that did not change since the load before are left alone; a load into a server that broke
    off goes on where it was. Credentials come from KGX_STORE_USER and KGX_STORE_PASSWORD, or
    KGX_STORE_TOKEN, or a netrc file.
    """
    if endpoint is None:
        from kgx.store import embedded

        with _progress("graphs") as progress:
            loaded = embedded.load(folder, progress=progress)
        click.echo(f"{folder}: {loaded}", err=True)
        return
    from kgx.store import remote
    from kgx.store.http import Server

    options = {"graph_store": graph_store, "kind": profile, "auth": auth, "timeout": timeout}
    with Server(endpoint, **options) as server, _progress("graphs") as progress:  # type: ignore[arg-type]
        loaded = remote.load(folder, server, replace=replace, progress=progress)
    click.echo(f"{endpoint}: {loaded}", err=True)


@click.command()
@click.argument("folder", metavar="[DIR]")
@click.argument("sparql", metavar="QUERY", required=False)
@_server
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Table on a terminal, else CSV.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help="Time limit.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Refuse results longer than N.")
def query(
    folder: str,
    sparql: str | None,
    endpoint: str | None,
    profile: str | None,
    auth: str | None,
    format_: str | None,
    timeout: float | None,
    limit: int | None,
) -> None:
    """Ask the store of a build in SPARQL, or a server.

    QUERY is a query, a file that holds one, or - for standard input. In the store's default graph is what
    all documents say, in a named graph what one does; the prefixes of graph.ttl need no declaration.
    """
    from kgx.store import query as queries

    if (sparql is None) != bool(endpoint):
        raise OptionError(errors.QUERY_WHERE)
    text, name = queries.ask_text(sparql or folder)
    if endpoint is None:
        queries.query(folder, text, format_=format_, timeout=timeout, limit=limit, name=name)
        return
    from kgx.store.http import TIMEOUT, Server

    with Server(endpoint, kind=profile, auth=auth, timeout=timeout or TIMEOUT) as server:
        queries.query_server(server, text, format_=format_, limit=limit, name=name)


@click.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.argument("name", metavar="NAME", required=False)
@_server
@click.option("--param", "-p", "parameters", multiple=True, metavar="NAME=VALUE", callback=_pairs)
@click.option("--evidence", is_flag=True, help="Show the sentences behind each row.")
@click.option("--list", "listing", is_flag=True, help="List the questions and their parameters.")
@click.option("--format", "format_", type=click.Choice(FORMATS[:5]), help="Table on a terminal, else CSV.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Show the first N rows.")
@click.option("--sparql", is_flag=True, help="Print the query instead of its answer.")
@click.option("--rules", metavar="DIR", help="A folder of rules; its questions/*.rq are questions too.")
def ask(
    folder: str | None,
    name: str | None,
    endpoint: str | None,
    profile: str | None,
    auth: str | None,
    parameters: dict[str, str],
    evidence: bool,
    listing: bool,
    format_: str | None,
    limit: int | None,
    sparql: bool,
    rules: str | None,
) -> None:
    """Ask a ready-made question of the store of a build, or of a server that shows all graphs together.

    NAME is one of those that --list shows. An entity is given by its name, a QID or an IRI.
    """
    from kgx.rulebook import RuleFolder
    from kgx.store import questions

    laid = RuleFolder(rules)
    if listing:
        for one in questions.questions(laid).values():
            click.echo(questions.described(one))
        return
    if folder is None or (name is None) != bool(endpoint):
        raise OptionError(errors.ASK_WHAT)
    from kgx.store.ask import answer
    from kgx.store.endpoint import Endpoint
    from kgx.store.evaluate import Evaluator
    from kgx.store.http import Server

    one = questions.question(name or folder, laid)
    style = format_ or ("table" if sys.stdout.isatty() else "csv")

    def told(asked: Evaluator | Endpoint) -> None:
        answer(
            asked, one, parameters, sys.stdout.buffer,
            format_=style, evidence=evidence, limit=limit, sparql=sparql, rules=laid,
        )  # fmt: skip

    if endpoint is None:
        told(Evaluator(folder))
        return
    with Server(endpoint, kind=profile, auth=auth) as server:
        asked = Endpoint(server)
        asked.check_union()
        told(asked)


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8890, show_default=True, help="0: any.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=30, metavar="SECONDS")
@click.option("--limit", type=click.IntRange(1), default=100_000, metavar="N", help="Most rows or triples.")
@click.option("--cors", is_flag=True, help="Let pages of other sites ask.")
def serve(folder: str, host: str, port: int, timeout: float, limit: int, cors: bool) -> None:
    """Answer SPARQL queries over HTTP, read-only.

    The endpoint is http://127.0.0.1:8890/sparql. A query that takes longer than --timeout seconds, or
    has more than --limit rows, is refused.
    """
    from dataclasses import replace

    from kgx.store import serve as serving

    limits = replace(serving.Limits(), seconds=timeout, rows=limit)
    serving.serve(
        folder, host=host, port=port, limits=limits, cors=cors, ready=lambda url: click.echo(url, err=True)
    )


@click.command()
@click.argument("folder", metavar="DIR")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["neo4j", "parquet", "graphml", "gexf"]),
    required=True,
    help="CSV for neo4j-admin; tables for pandas and DuckDB; graphs for Gephi.",
)
@click.option("-o", "--output", "out", metavar="DIR", required=True, help="The folder to write into.")
def export(folder: str, format_: str, out: str) -> None:
    """Write the graph of a build for other tools."""
    from kgx import exchange

    for name in exchange.export(folder, format_, out):
        click.echo(f"{out}/{name}", err=True)


COMMANDS = (load, query, ask, serve, export)


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
