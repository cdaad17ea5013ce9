"""The command on the lexicon: learning persons from articles."""

from __future__ import annotations

import click

from kgx.cli.options import complain


@click.group()
def lexicon() -> None:
    """Look after the lexicon."""


@lexicon.command("build")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("--reference", metavar="DIR", required=True, help="Tables of office holders; docs/identity.md.")
@click.option("-o", "--output", "out", metavar="FILE", required=True, help="The table to write: people.tsv.")
@click.option("--review", metavar="FILE", help="Write what was doubted as a table too.")
def build(inputs: tuple[str, ...], reference: str, out: str, review: str | None) -> None:
    """Learn who is who from articles.

    A name beside a title (of a state's president, say) in an article of a day is the holder of the office
    on that day. Writes the names with Wikidata ids and offices; what contradicts is left out, and told by
    --review.
    """
    from kgx.learn.table import build as learn

    learned = learn(inputs, out, reference=reference, review=review, on_skip=complain)
    click.echo(f"{out}: {len(learned.rows):,} persons; {len(learned.doubts):,} names in doubt", err=True)


COMMANDS = (lexicon,)
