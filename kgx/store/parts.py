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

    def merged(self) -> IO[bytes]:
        """The statements of all graphs, each once, as N-Triples."""
        return _Merged(self)  # type: ignore[return-value]


class _Merged(io.RawIOBase):
    """A file of the distinct statements of a build, made while it is read."""

    def __init__(self, build: Build) -> None:
        self._lines = self._distinct(build)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, length = [self._rest], len(self._rest)
        while size < 0 or length < size:
            piece = next(self._lines, None)
            if piece is None:
                break
            parts.append(piece)
            length += len(piece)
        body = b"".join(parts)
        cut = len(body) if size < 0 else size
        self._rest = body[cut:]
        return body[:cut]

    @staticmethod
    def _distinct(build: Build) -> Iterator[bytes]:
        seen: set[int] = set()  # hashes of 64 bits: the statements themselves would fill the memory
        add = seen.add
        for name in build.parts:
            fresh = []
            for line in build.ntriples(name).splitlines(keepends=True):
                mark = hash(line)
                if mark not in seen:
                    add(mark)
                    fresh.append(line)
            yield b"".join(fresh)


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
