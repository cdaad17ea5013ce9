"""The commands that read articles: parse options and call a plain function of the package each."""

from __future__ import annotations

import sys
from typing import Any

import click
from click.core import ParameterSource

from kgx import errors
from kgx.cli.options import complain, end, reading, reading_or_resuming, watching
from kgx.errors import EXIT_INTERRUPTED, OptionError
from kgx.signals import terminable


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
@click.option("--stream", is_flag=True, help="N-Quads alone, sorted on disk: for more than memory holds.")
def build(inputs: tuple[str, ...], out: str, resume: bool, stream: bool, **options: Any) -> None:
    """Build the knowledge graph of articles.

    INPUT is a file, a folder, a glob or - for standard input: text, HTML, Markdown, JSON, JSON Lines,
    CSV, each also in .gz or .zip. Writes graph.ttl, graph.trig, graph.nq, graph.jsonld, graph.graphml,
    graph.gexf, network.html, extractions.jsonl, report.json and report.md, and keeps its state in state.db.

    A second build into DIR reads only articles that are new or changed, and takes out what is gone.
    """
    from kgx import run

    if stream and resume:
        raise OptionError(errors.STREAM_OPTIONS)
    if resume:
        inputs, options = _as_begun(inputs, out, options)
    elif not inputs:
        raise OptionError(errors.RESUME_INPUTS)
    try:
        with terminable(), watching() as (on_skip, on_document):
            result = run.run(inputs, out, stream=stream, on_skip=on_skip, on_document=on_document, **options)
    except KeyboardInterrupt:
        kept = not stream and run.resumable(out)
        complain((errors.INTERRUPTED_BUILD if kept else errors.INTERRUPTED).format(path=out))
        sys.exit(EXIT_INTERRUPTED)
    for line in result.idle:
        complain(line)
    done = f"{result.read:,} read, {result.withdrawn:,} withdrawn" if result.changed else "nothing changed"
    click.echo(f"{out}: {result.report.summary()}; {done}", err=True)
    end(len(result.report.skipped))


def _as_begun(
    inputs: tuple[str, ...], out: str, options: dict[str, Any]
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The inputs and options of the interrupted build; those that are given now go before."""
    from kgx import run

    if inputs and not run.resumable(out):
        return inputs, options
    told = run.begun(out)
    begun = tuple(told.pop("inputs"))
    if not inputs and "-" in begun:
        raise OptionError(errors.RESUME_STDIN.format(path=out))
    context = click.get_current_context()
    source = context.get_parameter_source
    given = {name for name in context.params if source(name) is ParameterSource.COMMANDLINE}
    if "no_model" in given:
        given.add("model")
    old = {name: value for name, value in told.items() if name in options and name not in given}
    return inputs or begun, options | old


@click.command()
@reading
@click.option("-o", "--output", "out", metavar="FILE", default="-", help="Standard output if left out.")
def extract(inputs: tuple[str, ...], out: str, **options: Any) -> None:
    """Print what each article says, as JSON Lines.

    One record a document: entities, groups, dates, positions, facts, and mentions with offsets in
    characters of its text.
    """
    from kgx import run

    with terminable(), watching() as (on_skip, on_document):
        skipped = run.extract_files(inputs, out, on_skip=on_skip, on_document=on_document, **options)
    end(skipped)


COMMANDS = (build, extract)
