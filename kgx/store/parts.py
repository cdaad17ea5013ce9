"""The named graphs of a build: which ones its graph.nq holds, where, and a digest of each.

A digest tells whether a graph is the one that a store already has, so that only what changed is sent.
"""

from __future__ import annotations

import hashlib
import io
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from kgx import errors
from kgx.errors import KgxError

QUADS = "graph.nq"
_BLOCK = 1 << 20  # bytes read at once
_GRAPH = re.compile(rb'[>"A-Za-z0-9-] <([^<> ]+)>\s*\.$')  # after the object


@dataclass(slots=True)
class Part:
    """One named graph of an N-Quads file: its IRI, its triples, the stretches of the file that it has."""

    graph: str
    triples: int = 0
    digest: str = ""
    stretches: list[tuple[int, int]] = field(default_factory=list)


class Build:
    """The N-Quads file of a build, read by graph; the file is mapped, not held in memory."""

    def __init__(self, folder: str | Path) -> None:
        """Raises KgxError where the folder has no graph.nq, or one that can't be read."""
        self.path = Path(folder) / QUADS
        try:
            with self.path.open("rb") as stream:
                empty = self.path.stat().st_size == 0
                self._data: mmap.mmap | bytes = (
                    b"" if empty else mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
                )
        except OSError as fault:
            reason = errors.reason_of(fault)
            raise KgxError(errors.STORE_NO_BUILD.format(path=self.path, reason=reason)) from None
        self.parts: dict[str, Part] = {part.graph: part for part in _scan(self._data, self.path)}

    @property
    def triples(self) -> int:
        """The number of statements in all graphs."""
        return sum(part.triples for part in self.parts.values())

    def quads(self, graph: str) -> bytes:
        """The lines of one graph, as N-Quads."""
        return b"".join(bytes(self._data[start:end]) for start, end in self.parts[graph].stretches)

    def ntriples(self, graph: str) -> bytes:
        """The statements of one graph, as N-Triples."""
        end = b" <" + graph.encode() + b"> .\n"
        return self.quads(graph).replace(end, b" .\n")

    def halves(self) -> list[IO[bytes]]:
        """The file in two, cut between lines, each part to be read by a thread of its own."""
        middle = self._data.find(b"\n", len(self._data) // 2) + 1
        bounds = ((0, middle), (middle, len(self._data)))
        return [_Stream(self._blocks(start, end)) for start, end in bounds]  # type: ignore[misc]

    def merged(self) -> IO[bytes]:
        """The statements of all graphs, each once, as N-Triples."""
        return _Stream(self._distinct())  # type: ignore[return-value]

    def _blocks(self, start: int, end: int) -> Iterator[bytes]:
        for place in range(start, end, _BLOCK):
            yield self._data[place : min(place + _BLOCK, end)]

    def _distinct(self) -> Iterator[bytes]:
        seen: set[int] = set()  # hashes of 64 bits: the statements themselves would fill the memory
        for name in self.parts:
            lines = self.ntriples(name).splitlines(keepends=True)
            marks = list(map(hash, lines))
            yield b"".join([line for line, mark in zip(lines, marks, strict=True) if mark not in seen])
            seen.update(marks)


class _Stream(io.RawIOBase):
    """A file of blocks that are made while it is read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._block, self._place = b"", 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            return b"".join((self._block[self._place :], *self._blocks))
        while self._place == len(self._block):
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._block, self._place = block, 0
        piece = self._block[self._place : self._place + size]
        self._place += len(piece)
        return piece


def _scan(data: mmap.mmap | bytes, path: Path) -> Iterator[Part]:
    """The graphs of a file; the graph is the last term of a line, and a document's lines stand together."""
    parts: dict[str, Part] = {}
    hashes: dict[str, list[bytes]] = {}
    ending = b"\0"  # of no line
    name, start, place, count = "", 0, 0, 0

    def close() -> None:
        if count:
            part = parts.setdefault(name, Part(name))
            part.triples += count
            part.stretches.append((start, place))
            hashes.setdefault(name, []).append(hashlib.sha256(data[start:place]).digest())

    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    for number, line in enumerate(iter(stream.readline, b""), 1):
        if not line.endswith(ending):
            close()
            start, count = place, 0
            name = _graph(line, path, number)
            ending = f" <{name}> .\n".encode() if name else b"\0"
        place += len(line)
        count += bool(name)
    close()
    for name, part in parts.items():
        part.digest = hashlib.sha256(b"".join(hashes[name])).hexdigest()[:32]
        yield part


def _graph(line: bytes, path: Path, number: int) -> str:
    """The graph of a line of N-Quads, empty for a blank line or a comment."""
    bare = line.strip()
    if not bare or bare.startswith(b"#"):
        return ""
    found = _GRAPH.search(bare)
    try:
        if found is not None:
            return found[1].decode()
    except UnicodeDecodeError:
        pass
    raise KgxError(errors.STORE_QUADS.format(path=path, line=number))
