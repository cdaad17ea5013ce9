"""What commands share: the options for reading articles, and what is said while they run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kgx import errors
from kgx.errors import EXIT_SKIPPED, Skip

if TYPE_CHECKING:
    from kgx.model import Extraction

C = TypeVar("C", bound=Callable[..., Any])

RULES_HELP = "A folder of rules to lay over the shipped ones; see docs/rules.md."


def reading(command: C) -> C:
    """The options of all commands that read articles."""
    for option in reversed(
        [
            click.argument("inputs", metavar="INPUT...", nargs=-1, required=True),
            click.option("--rules", metavar="DIR", help=RULES_HELP),
            click.option(
                "--processes", type=click.IntRange(1), default=1, show_default=True, help="Worker processes."
            ),
            click.option("--no-model", is_flag=True, help="Rules alone, without the statistical model."),
            click.option(
                "--fields",
                metavar="NAME=COLUMN,...",
                help="What JSON keys or CSV columns are called: text=content,date=pubdate.",
            ),
            click.option("--date", metavar="DATE", help="Publication date where none is given."),
            click.option("--encoding", metavar="NAME", help="Encoding of the files, where they do not tell."),
        ]
    ):
        command = option(command)
    return command


def complain(what: object) -> None:
    """Say on standard error what went wrong."""
    click.echo(f"kgx: {what}", err=True)


def end(skipped: int) -> None:
    """Leave with the exit status that says so where some input was skipped."""
    if skipped:
        complain(errors.SOME_SKIPPED.format(number=skipped))
        sys.exit(EXIT_SKIPPED)


@contextmanager
def watching() -> Iterator[tuple[Callable[[Skip], None], Callable[[Extraction], None]]]:
    """What to call for each skipped input and each document; a bar where a person is watching."""
    if not sys.stderr.isatty():
        yield complain, lambda extraction: None
        return
    from kgx.cli.progress import bar

    with bar() as watcher:
        yield watcher
