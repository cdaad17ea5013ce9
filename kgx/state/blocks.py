"""Files made of blocks in ascending order, and the change of some blocks without a look at the others."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

Key = tuple[int, str]  # section, key in it
_AT_ONCE = 1 << 18  # bytes that Python copies: a small buffer stays in the processor's cache
_BY_SYSTEM = 1 << 25  # bytes that the system copies at once
_CANNOT = {errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EPERM}  # the system does not copy


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
    if end - start > _AT_ONCE:
        start += _by_system(source, out, start, end)
    source.seek(start)
    while start < end:
        piece = source.read(min(_AT_ONCE, end - start))
        if not piece:
            raise EOFError(f"{source.name}: shorter than it was")
        out.write(piece)
        start += len(piece)


def _by_system(source: IO[bytes], out: IO[bytes], start: int, end: int) -> int:
    """Let the system append a stretch, without a way through this process; how many bytes it did."""
    if sys.platform != "linux":
        return 0
    out.flush()
    at, to = start, out.seek(0, os.SEEK_END)
    while at < end:
        try:
            done = os.copy_file_range(source.fileno(), out.fileno(), min(_BY_SYSTEM, end - at), at)
        except OSError as fault:
            if fault.errno not in _CANNOT:
                raise
            break
        if not done:
            break
        with suppress(
            OSError
        ):  # the disk is to begin now: a move into the place of another file waits for it
            os.posix_fadvise(out.fileno(), to + at - start, done, os.POSIX_FADV_DONTNEED)
        at += done
    out.seek(0, os.SEEK_END)
    return at - start
