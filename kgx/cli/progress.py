"""A progress bar on standard error, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from kgx.errors import Skip
from kgx.model import Extraction


@contextmanager
def bar() -> Iterator[tuple[Callable[[Skip], None], Callable[[Extraction], None]]]:
    """Show documents, facts and time as they grow; yields what to call for a skip and a document.

    The number of documents is not known before the last one is read, so there is no percentage.
    """
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading")
        seen = [0, 0]

        def on_document(extraction: Extraction) -> None:
            seen[0] += 1
            seen[1] += len(extraction.facts)
            progress.update(task, description=f"{seen[0]:,} documents, {seen[1]:,} facts")

        def on_skip(skip: Skip) -> None:
            console.print(f"kgx: {skip}", markup=False, highlight=False, soft_wrap=True)

        yield on_skip, on_document
