"""Rows sorted on disk, of which memory holds few: sorted runs, merged."""

from __future__ import annotations

import heapq
import pickle
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

RUN_BYTES = 8 << 20  # of rows in memory, before they are sorted and written
MOST_RUNS = 64  # runs that are merged at once: so many files are open

Key = tuple[str, ...]
Row = tuple[Key, bytes]  # its value is pickled, and compared with nothing


class Sorted:
    """Rows that come back in the order of their keys; of one key, in the order in which they were added."""

    def __init__(self, folder: Path, name: str, run_bytes: int = RUN_BYTES) -> None:
        """`folder` is where the runs lie, under names that begin with `name`."""
        self._place = folder / name
        self._limit = run_bytes
        self._rows: list[Row] = []
        self._size = 0
        self._levels: list[list[Path]] = [[]]  # runs, and runs that were merged of so many
        self._written = 0

    def add(self, key: Key, value: Any = None) -> None:
        """Add a row."""
        row = key, pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        self._rows.append(row)
        self._size += len(row[1]) + sum(2 * len(part) + 60 for part in key) + 150  # as they lie in memory
        if self._size >= self._limit:
            self._flush()

    def __iter__(self) -> Iterator[tuple[Key, Any]]:
        """(key, value) of all rows, sorted; the runs are removed at the end."""
        self._rows.sort(key=itemgetter(0))
        runs = [path for level in reversed(self._levels) for path in level]
        for key, value in self._merged(runs, self._rows):
            yield key, pickle.loads(value)
        for path in runs:
            path.unlink()
        self._rows.clear()
        self._levels = [[]]

    def groups(self, length: int = 1) -> Iterator[tuple[Key, Iterator[tuple[Key, Any]]]]:
        """(beginning of the key, the rows that have it), sorted; each group is read before the next."""
        return groupby(self, key=lambda row: row[0][:length])

    def _flush(self) -> None:
        self._rows.sort(key=itemgetter(0))
        self._levels[0].append(self._write(iter(self._rows)))
        self._rows.clear()
        self._size = 0
        for place, level in enumerate(self._levels):
            if len(level) < MOST_RUNS:
                return
            whole = self._write(self._merged(level, []))
            for path in level:
                path.unlink()
            level.clear()
            if place + 1 == len(self._levels):
                self._levels.append([])
            self._levels[place + 1].append(whole)

    def _write(self, rows: Iterator[Row]) -> Path:
        self._written += 1
        path = self._place.with_name(f"{self._place.name}-{self._written}")
        with path.open("wb", buffering=1 << 20) as out:
            for row in rows:
                pickle.dump(row, out, pickle.HIGHEST_PROTOCOL)
        return path

    @staticmethod
    def _merged(runs: list[Path], rows: list[Row]) -> Iterator[Row]:
        with ExitStack() as stack:
            files = [stack.enter_context(path.open("rb", buffering=1 << 18)) for path in runs]
            yield from heapq.merge(*map(_read, files), rows, key=itemgetter(0))


class Lookup:
    """Sorted rows beside others of the same order: those of one key, where there are any."""

    def __init__(self, rows: Sorted) -> None:
        """Begin at the first row."""
        self._groups = rows.groups()
        self._next = next(self._groups, None)

    def of(self, name: str) -> list[Any]:
        """The values of rows whose key begins with `name`; names are asked for in ascending order."""
        while self._next is not None and self._next[0][0] < name:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0][0] != name:
            return []
        return [value for _, value in self._next[1]]


def _read(stream: IO[bytes]) -> Iterator[Row]:
    while True:
        try:
            yield pickle.load(stream)
        except EOFError:
            return
