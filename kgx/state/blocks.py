"""Files made of blocks in ascending order, and the change of some blocks without a look at the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

Key = tuple[int, str]  # section, key in it
_AT_ONCE = 1 << 22  # bytes


def write_blocks(path: Path, blocks: Iterable[tuple[Key, bytes]]) -> Iterator[tuple[Key, int]]:
    """Write a file, and yield the key and length of each block as it is written."""
    with path.open("wb", buffering=1 << 20) as out:
        for key, text in blocks:
            out.write(text)
            yield key, len(text)


def patch(
    old: Path, new: Path, places: Mapping[Key, tuple[int, int | None]], changed: Mapping[Key, bytes | None]
) -> None:
    """Write `new`: the blocks of `old`, some of them changed.

    `changed` has the new text of a block, or None for one to leave out; `places` where each begins in `old`
    and how long it is there, None for a new one, which goes before what begins at that place.
    """
    with old.open("rb") as source, new.open("wb", buffering=1 << 20) as out:
        start = 0  # where what is to be copied begins
        for key in sorted(changed):
            at, length = places[key]
            _copy(source, out, start, at)
            out.write(changed[key] or b"")
            start = at + (length or 0)
        _copy(source, out, start, os.fstat(source.fileno()).st_size)


def copy_ranges(source: IO[bytes], out: IO[bytes], ranges: Iterable[tuple[int, int]]) -> None:
    """Append stretches of one file, given as (start, end), to another."""
    begin = end = 0
    for start, stop in ranges:
        if start != end:
            _copy(source, out, begin, end)
            begin = start
        end = stop
    _copy(source, out, begin, end)


def _copy(source: IO[bytes], out: IO[bytes], start: int, end: int) -> None:
    source.seek(start)
    while start < end:
        piece = source.read(min(_AT_ONCE, end - start))
        if not piece:
            raise EOFError(f"{source.name}: shorter than it was")
        out.write(piece)
        start += len(piece)
