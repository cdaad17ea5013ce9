"""The commands on who is who: parse options and call a plain function of the package each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kgx import errors

if TYPE_CHECKING:
    from kgx.resolve.decisions import DecisionRow


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--type", "types", metavar="TYPE", multiple=True, help="Only such: Person.")
@click.option("--unresolved", is_flag=True, help="Only those without a Wikidata id.")
@click.option("--limit", "most", type=click.IntRange(1), metavar="N", help="Only the first N.")
def entities(folder: str, types: tuple[str, ...], unresolved: bool, most: int | None) -> None:
    """List the entities of a build: names, support, identity.

    DIR is the folder that `kgx build` wrote. Prints a table with tabs, what most documents name first: the
    number of documents, type, key, label, English label, Wikidata id, other names.
    """
    from kgx.entities import COLUMNS, entities

    found = entities(folder, types=types, unresolved=unresolved, most=most)
    click.echo("\t".join(COLUMNS))
    for one in found:
        click.echo("\t".join(one.cells()))


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("entity", metavar="ENTITY")
@click.argument("target", metavar="TARGET", required=False)
@click.option("--undo", is_flag=True, help="Take the decision on ENTITY back; TARGET is left out.")
def merge(folder: str, entity: str, target: str | None, undo: bool) -> None:
    """Decide that two entities of a build are one.

    All that is said of ENTITY will be said of TARGET; each is a key (person/李明), an IRI or a name. The
    decision goes into DIR/identity.tsv, and every later build into DIR obeys it.
    """
    from kgx.entities import merge, undo_merge

    if undo:
        row = undo_merge(folder, entity)
        click.echo(errors.UNDONE_MERGE.format(entity=row.entity, target=row.target), err=True)
        return
    if target is None:
        raise click.UsageError(errors.MERGE_TARGET.format(entity=entity))
    row = merge(folder, entity, target)
    click.echo(errors.DECIDED_MERGE.format(entity=row.entity, target=row.target), err=True)


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("entity", metavar="ENTITY")
@click.option("--document", "-d", "documents", metavar="ID", multiple=True, help="Give each.")
@click.option("--as", "target", metavar="NAME", help="What the other one is called: 李明-画家.")
@click.option("--undo", is_flag=True, help="Take the decision back, for these documents or all.")
def split(folder: str, entity: str, documents: tuple[str, ...], target: str | None, undo: bool) -> None:
    """Decide that an entity of a build is another one in some documents.

    In these documents ENTITY will be another entity: the known one that NAME is the name or the key of, else
    one of its own, under the key that NAME makes. The decision goes into DIR/identity.tsv, and every later
    build into DIR obeys it.
    """
    from kgx.entities import split, undo_split

    if undo:
        for row in undo_split(folder, entity, documents):
            click.echo(_told(errors.UNDONE_SPLIT, row), err=True)
        return
    if target is None or not documents:
        raise click.UsageError(errors.SPLIT_TARGET.format(entity=entity))
    click.echo(_told(errors.DECIDED_SPLIT, split(folder, entity, documents, target)), err=True)


def _told(message: str, row: DecisionRow) -> str:
    number = len(row.documents)
    documents = f"{number} document{'s' * (number > 1)}"
    return message.format(entity=row.entity, target=row.target, documents=documents)


COMMANDS = (entities, merge, split)
