"""The commands on who is who: parse options and call a plain function of the package each."""

from __future__ import annotations

import click

from kgx import errors


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

    click.echo("\t".join(COLUMNS))
    for one in entities(folder, types=types, unresolved=unresolved, most=most):
        click.echo("\t".join(one.cells()))


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("entity", metavar="ENTITY")
@click.argument("target", metavar="TARGET")
def merge(folder: str, entity: str, target: str) -> None:
    """Decide that two entities of a build are one.

    All that is said of ENTITY will be said of TARGET; each is a key (person/李明), an IRI or a name. The
    decision
    goes into DIR/identity.tsv, and every later build into DIR obeys it.
    """
    from kgx.entities import merge

    row = merge(folder, entity, target)
    click.echo(errors.DECIDED_MERGE.format(entity=row.entity, target=row.target), err=True)


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("entity", metavar="ENTITY")
@click.option("--document", "-d", "documents", metavar="ID", multiple=True, required=True, help="Give each.")
@click.option(
    "--as", "target", metavar="NAME", required=True, help="What the other one is called: 李明-画家."
)
def split(folder: str, entity: str, documents: tuple[str, ...], target: str) -> None:
    """Decide that an entity of a build is another one in some documents.

    In these documents ENTITY will be an entity of its own, under the key that NAME makes. The decision goes
    into DIR/identity.tsv, and every later build into DIR obeys it.
    """
    from kgx.entities import split

    row = split(folder, entity, documents, target)
    click.echo(
        errors.DECIDED_SPLIT.format(entity=row.entity, target=row.target, number=len(row.documents)), err=True
    )


COMMANDS = (entities, merge, split)
