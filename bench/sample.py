"""The documents that are measured, and how: seconds, memory, tables."""

from __future__ import annotations

import platform
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from kgx.model import Document
from kgx.readers import read

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "xwlb-2022-2024.jsonl.gz"
T = TypeVar("T")


def sample(items: int, path: Path | None = None) -> tuple[str, list[Document]]:
    """What the sample is, and its documents.

    The first items of the file (by default of ../shared/corpus); where there is none, the articles of
    examples/, over and over under new ids.
    """
    source = path or (CORPUS if CORPUS.is_file() else None)
    if source is not None:
        return f"the first {items:,} items of {source.name}", list(islice(_read(source), items))
    articles = list(_read(ROOT / "examples"))
    repeated = [replace(articles[i % len(articles)], id=f"{i}") for i in range(items)]
    return f"the {len(articles)} example articles, repeated to {items:,}", repeated


def _read(path: Path) -> Iterator[Document]:
    return read([str(path)], on_skip=print)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds that the work took, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def peak(who: int = resource.RUSAGE_SELF) -> float:
    """The most memory that this process, or the largest of its children, has had, in MB."""
    return resource.getrusage(who).ru_maxrss / 1024


def machine() -> str:
    """What this runs on."""
    return f"{platform.machine()}, Python {platform.python_version()}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, its first column to the left and all others to the right."""
    lines = [" | ".join(header), " | ".join(["---", *["---:"] * (len(header) - 1)])]
    lines += [" | ".join(row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)
