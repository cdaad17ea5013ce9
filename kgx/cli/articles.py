"""The commands that read articles: parse options and call a plain function of the package each."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from kgx import errors
from kgx.cli.options import complain, end, reading, reading_or_resuming, watching
from kgx.errors import EXIT_INTERRUPTED, OptionError


@click.command()
@reading_or_resuming
@click.option("-o", "--output", "out", metavar="DIR", required=True, help="The folder to write into.")
@click.option("--base-iri", metavar="IRI", help="What the IRIs of the data begin with.")
@click.option(
    "--formats",
    metavar="FORM,...",
    help="Write these alone: turtle, trig, nquads, jsonld, graphml, gexf, page; or none.",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted build, as it was begun.")
@click.option(
    "--document-timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    default=60,
    show_default=True,
    help="Skip an article that takes longer.",
)
def build(inputs: tuple[str, ...], out: str, resume: bool, **options: Any) -> None:
    """Build the knowledge graph of articles.

    INPUT is a file, a folder, a glob or - for standard input: text, HTML, Markdown, JSON, JSON Lines,
    CSV, each also in .gz or .zip. Writes graph.ttl, graph.trig, graph.nq, graph.jsonld, graph.graphml,
    graph.gexf, network.html, extractions.jsonl, report.json and report.md, and keeps its state in state.db.

    A second build into DIR reads only articles that are new or changed, and takes out what is gone.
    """
    from kgx import run

    if not inputs:
        if not resume:
            raise OptionError(errors.RESUME_INPUTS)
        told = run.begun(out)
        inputs = tuple(told.pop("inputs"))
        options |= told
    try:
        with terminable(), watching() as (on_skip, on_document):
            result = run.run(inputs, out, on_skip=on_skip, on_document=on_document, **options)
    except KeyboardInterrupt:
        complain(errors.INTERRUPTED.format(path=out))
        sys.exit(EXIT_INTERRUPTED)
    for line in result.idle:
        complain(line)
    done = f"{result.read:,} read, {result.withdrawn:,} withdrawn" if result.changed else "nothing changed"
    click.echo(f"{out}: {result.report.summary()}; {done}", err=True)
    end(len(result.report.skipped))


@contextmanager
def terminable() -> Iterator[None]:
    """Take a request to terminate (SIGTERM) as an interrupt from the keyboard."""

    def interrupt(_: int, __: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@click.command()
@reading
@click.option("-o", "--output", "out", metavar="FILE", default="-", help="Standard output if left out.")
def extract(inputs: tuple[str, ...], out: str, **options: Any) -> None:
    """Print what each article says, as JSON Lines.

    One record a document: entities, groups, dates, positions, facts, and mentions with offsets in
    characters of its text.
    """
    from kgx import run

    with watching() as (on_skip, on_document):
        skipped = run.extract_files(inputs, out, on_skip=on_skip, on_document=on_document, **options)
    end(skipped)


COMMANDS = (build, extract)
