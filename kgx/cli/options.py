"""What commands share: the options for reading articles, and what is said while they run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from kgx import errors
from kgx.errors import EXIT_SKIPPED, OptionError, Skip
from kgx.timelimit import DOCUMENT_SECONDS

if TYPE_CHECKING:
    from kgx.model import Extraction

C = TypeVar("C", bound=Callable[..., Any])

RULES_HELP = "A folder of rules to lay over the shipped ones; see docs/rules.md."


def reading(command: C) -> C:
    """The options of all commands that read articles."""
    return _reading(command, needed=True)


def reading_or_resuming(command: C) -> C:
    """The same for a command that may go on with what it was told before."""
    return _reading(command, needed=False)


def _reading(command: C, *, needed: bool) -> C:
    for option in reversed(
        [
            click.argument("inputs", metavar="INPUT...", nargs=-1, required=needed),
            click.option("--rules", metavar="DIR", help=RULES_HELP),
            click.option(
                "--processes", type=click.IntRange(1), default=1, show_default=True, help="Worker processes."
            ),
            click.option(
                "--fields",
                metavar="NAME=COLUMN,...",
                help="What JSON keys or CSV columns are called: text=content,date=pubdate.",
            ),
            click.option("--date", metavar="DATE", help="Publication date where none is given."),
            click.option("--encoding", metavar="NAME", help="Encoding of the files, where they do not tell."),
            timed,
        ]
    ):
        command = option(command)
    return modelled(command)


def timed(command: C) -> C:
    """The option that says how long one document may take."""
    return click.option(
        "--document-timeout",
        type=click.FloatRange(0, min_open=True),
        metavar="SECONDS",
        default=DOCUMENT_SECONDS,
        show_default=True,
        help="Skip an article that takes longer.",
    )(command)


def modelled(command: C) -> C:
    """The options that say which statistical model runs, given to the command as one: `model`."""

    @click.option(
        "--model", metavar="NAME-OR-PATH", help="A model in place of ours: a file of kgx train, or spaCy's."
    )
    @click.option("--no-model", is_flag=True, help="Rules alone, without the statistical model.")
    @wraps(command)
    def chosen(*args: Any, model: str | None, no_model: bool, **options: Any) -> Any:
        if model is not None and no_model:
            raise OptionError(errors.MODEL_TWICE)
        return command(*args, model=model or not no_model, **options)

    return cast(C, chosen)


def complain(what: object) -> None:
    """Say on standard error what went wrong."""
    click.echo(f"kgx: {what}", err=True)


class Complaints:
    """Says what was skipped, and counts it."""

    number = 0

    def __call__(self, skip: Skip) -> None:
        """Say it."""
        self.number += 1
        complain(skip)


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
