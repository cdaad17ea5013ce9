"""The commands that read articles: parse options and call a plain function of the package each."""

from __future__ import annotations

from typing import Any

import click

from kgx.cli.options import end, reading, watching


@click.command()
@reading
@click.option("-o", "--output", "out", metavar="DIR", required=True, help="The folder to write into.")
@click.option("--base-iri", metavar="IRI", help="What the IRIs of the data begin with.")
def build(inputs: tuple[str, ...], out: str, base_iri: str | None, **options: Any) -> None:
    """Build the knowledge graph of articles.

    INPUT is a file, a folder, a glob or - for standard input: text, HTML, Markdown, JSON, JSON Lines,
    CSV, each also in .gz or .zip. Writes graph.ttl, graph.trig, graph.nq, graph.jsonld, graph.graphml,
    graph.gexf, network.html, extractions.jsonl, report.json and report.md.
    """
    from kgx import run

    if base_iri is not None:
        options["base_iri"] = base_iri
    with watching() as (on_skip, on_document):
        result = run.run(inputs, out, on_skip=on_skip, on_document=on_document, **options)
    click.echo(f"{out}: {result.report.summary()}", err=True)
    end(len(result.report.skipped))


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
