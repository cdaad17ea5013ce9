"""The commands that show a build: parse options and call a plain function of the package each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from kgx.cli.options import RULES_HELP

C = TypeVar("C", bound=Callable[..., Any])


def _choosing(command: C) -> C:
    """The options that say which part of a graph is wanted."""
    for option in reversed(
        [
            click.argument("folder", metavar="DIR"),
            click.option("--from", "first", metavar="DATE", help="Only facts from then on: 2023, 2023-04."),
            click.option("--to", "last", metavar="DATE", help="Only facts until then, it included."),
            click.option("--type", "types", metavar="TYPE", multiple=True, help="Only such facts: Meet."),
            click.option(
                "--entities",
                "entity_types",
                metavar="TYPE",
                multiple=True,
                help="Only such: Person.",
            ),
            click.option("--ego", metavar="NAME", help="Only what is near this entity, by any of its names."),
            click.option(
                "--depth", type=click.IntRange(1, 5), default=1, show_default=True, help="How near, in links."
            ),
            click.option("--top", type=click.IntRange(1), metavar="N", help="Only the N weightiest."),
            click.option("--rules", metavar="DIR", help=RULES_HELP),
        ]
    ):
        command = option(command)
    return command


@click.command()
@_choosing
@click.option("-o", "--output", "out", metavar="FILE", help="DIR/network.html if left out.")
@click.option("--chart", type=click.Choice(["timeline", "meetings", "visits"]), help="A chart instead.")
@click.option("--title", metavar="TEXT", help="What stands above it.")
@click.option("--font", metavar="FILE", help="A font with Chinese characters, for pictures.")
def viz(folder: str, **options: Any) -> None:
    """Show a build as a page, a picture or a chart.

    DIR is the folder that `kgx build` wrote. The ending of FILE says what is made: .html is a page that
    works offline, .png, .svg and .pdf are pictures for print.
    """
    from kgx.viz.draw import viz as draw

    click.echo(str(draw(folder, **options)), err=True)


@click.command()
@_choosing
@click.option("-o", "--output", "out", metavar="FILE", help="Write all rows as CSV instead of a table.")
@click.option(
    "--projection",
    type=click.Choice(["facts", "comentions"]),
    default="facts",
    show_default=True,
    help="What links two entities: a fact, or two documents that name both.",
)
@click.option("--change", "periods", metavar="A:B", help="Compare periods: 2022:2023, 2022-01..2022-06:2023.")
@click.option("--rows", type=click.IntRange(1), default=25, show_default=True, help="Of the table.")
def stats(folder: str, out: str | None, rows: int, **options: Any) -> None:
    """Measure the network of a build.

    Degree, betweenness, PageRank, community and k-core of each entity, or how they differ between two
    periods. DIR is the folder that `kgx build` wrote.
    """
    from kgx.measure import as_table, measure
    from kgx.stats import to_csv

    found = measure(folder, **options)
    if out is None:
        click.echo(as_table(found, rows))
        return
    from kgx.staging import staged_file

    with staged_file(out) as stream:
        stream.write(to_csv(found))
    click.echo(f"{out}: {len(found):,} rows", err=True)


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any.")
@click.option("--rules", metavar="DIR", help=RULES_HELP)
def explore(folder: str, host: str, port: int, rules: str | None) -> None:
    """Explore a build in the browser.

    DIR is the folder that `kgx build` wrote. Serves pages of entities, pairs of them, documents, measures
    and questions on this machine, until it is interrupted.
    """
    from contextlib import ExitStack

    from kgx.cli.options import watching
    from kgx.explore.serve import explore as serve

    with ExitStack() as stack:
        _, heard = stack.enter_context(watching())

        def ready(url: str) -> None:
            stack.close()
            click.echo(url, err=True)

        serve(folder, host=host, port=port, rules=rules, heard=heard, ready=ready)


COMMANDS = (viz, stats, explore)
