"""The command for clusters: parses options and calls a plain function of the package."""

from __future__ import annotations

from typing import Any

import click

from kgx import errors
from kgx.cli.options import RULES_HELP, complain, end, modelled
from kgx.errors import KgxError, OptionError


@click.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("-o", "--output", "out", metavar="PATH", required=True, help="Where to write: a Spark path.")
@click.option("--master", metavar="URL", help="Spark's master, local[4] say; else as spark-submit says.")
@click.option("--conf", metavar="NAME=VALUE", multiple=True, help="A setting of Spark; may be repeated.")
@click.option(
    "--form", type=click.Choice(["jsonl", "parquet", "text"]), help="What files are, if no name tells."
)
@click.option("--tasks", type=click.IntRange(1), metavar="N", help="Tasks to cut the input into.")
@click.option("--overwrite", is_flag=True, help="Remove what is at the output path first.")
@click.option("--rules", metavar="DIR", help=RULES_HELP)
@click.option("--base-iri", metavar="IRI", help="What the IRIs of the data begin with.")
@click.option("--fields", metavar="NAME=COLUMN,...", help="What JSON keys or columns are called.")
@click.option("--date", metavar="DATE", help="Publication date where none is given.")
@click.option("--encoding", metavar="NAME", help="Encoding of the files; of JSON Lines UTF-8 if left out.")
@modelled
def spark(inputs: tuple[str, ...], out: str, conf: tuple[str, ...], **options: Any) -> None:
    """Build the knowledge graph on a Spark cluster, or on this machine's cores.

    INPUT is any path that Spark can read (local, hdfs://, s3a://): JSON Lines, Parquet, or files of the
    other forms. Writes graph.nq, extractions.jsonl and Parquet tables, each a folder of parts, which
    hold the same statements as `kgx build` gives. Needs the extra kgx-zh[spark] and Java 17.
    """
    try:
        from kgx.spark import Settings, build
    except ImportError:
        raise KgxError(errors.SPARK_MISSING) from None

    pairs = [item.partition("=") for item in conf]
    for name, equals, value in pairs:
        if not name or not equals:
            raise OptionError(errors.SPARK_CONF.format(item=name + equals + value))
    settings = Settings(conf={name: value for name, _, value in pairs}, **options)
    built = build(inputs, out, settings, on_skip=complain)
    click.echo(
        f"{out}: {built.documents:,} documents, {built.entities:,} entities, {built.facts:,} facts", err=True
    )
    end(built.skipped)


COMMANDS = (spark,)
