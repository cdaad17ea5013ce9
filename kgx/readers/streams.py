"""Streams of bytes that can do no harm: limits (`rules/limits.yml`), expansion, lines of any encoding.

Nothing is ever unpacked to disk, so that names inside an archive can't lead anywhere.
"""

from __future__ import annotations

import codecs
import gzip
import io
from collections.abc import Callable, Iterator
from typing import Any

from kgx import errors
from kgx.readers.encoding import SAMPLE, EncodingFault, detect, is_utf8, split_bom
from kgx.schemas.limits import MB, Limits

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_WIDE = {"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}


class StreamFault(Exception):
    """The bytes can't be read on; holds the reason."""


class Guarded(io.RawIOBase):
    """A stream of decompressed bytes that refuses to expand without measure."""

    def __init__(
        self,
        stream: Any,
        limits: Limits,
        consumed: Callable[[], int] | None = None,
        closes: Callable[[], object] | None = None,
    ) -> None:
        """`consumed` gives the number of compressed bytes taken so far, or in all.

        `closes` is called on closing; by default the stream's own `close`.
        """
        self._stream = stream
        self._limits = limits
        self._consumed = consumed
        self._closes = closes or stream.close
        self.given = 0

    def readable(self) -> bool:
        """True: it is for reading."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as the data go; raises StreamFault where they expand too far."""
        filled = 0
        while filled < len(buffer):
            chunk = self._stream.read(len(buffer) - filled)
            if not chunk:
                break
            buffer[filled : filled + len(chunk)] = chunk
            filled += len(chunk)
        self.given += filled
        consumed, limits = self._consumed, self._limits
        if consumed and self.given > limits.small * MB and self.given > limits.ratio * max(consumed(), 1):
            raise StreamFault(errors.EXPANDS.format(ratio=limits.ratio))
        return filled

    def close(self) -> None:
        """Close what it reads from, too."""
        if not self.closed:
            self._closes()
        super().close()


def buffered(
    stream: Any,
    limits: Limits,
    consumed: Callable[[], int] | None = None,
    closes: Callable[[], object] | None = None,
) -> io.BufferedReader:
    """A buffered stream whose `peek` gives the first SAMPLE bytes; see Guarded for the arguments."""
    return io.BufferedReader(Guarded(stream, limits, consumed, closes), SAMPLE)


def unzipped(stream: io.BufferedReader, limits: Limits, size: int | None = None) -> io.BufferedReader:
    """The stream, or what it decompresses to where it is gzip by its first bytes, whatever its name.

    `size` is the number of compressed bytes where the stream itself was decompressed from them.
    Raises StreamFault for a zip archive, which can't be read as a stream.
    """
    start = stream.peek(4)[:4]
    if start.startswith(_GZIP):
        below = stream.raw
        assert isinstance(below, Guarded)
        consumed = (lambda: size) if size is not None else (lambda: below.given)
        return buffered(gzip.GzipFile(fileobj=stream), limits, consumed, stream.close)
    if start.startswith(_ZIP):
        stream.close()
        raise StreamFault(errors.ARCHIVE_NESTED)
    return stream


def read_all(stream: io.BufferedReader, limits: Limits) -> bytes:
    """All bytes of a file that is read as a whole; raises StreamFault where they are too many."""
    data = stream.read(limits.file * MB + 1)
    if len(data) > limits.file * MB:
        raise StreamFault(errors.FILE_LONG.format(limit=limits.file))
    return data


def text_lines(
    stream: io.BufferedReader, encoding: str | None, limits: Limits
) -> Iterator[tuple[int, str | None, str]]:
    """Yield (line number, line with its break, ""), or (line number, None, reason) for a bad line.

    The encoding is the BOM's, the one given, or detected on the first part of the file that is not
    plain ASCII; it then holds for the whole file. Only one line is in memory at a time.
    """
    sample = stream.peek(SAMPLE)[:SAMPLE]
    marked, rest = split_bom(sample)
    stream.read(len(sample) - len(rest))
    name = marked or encoding
    if name is None and not sample.isascii() and not is_utf8(sample):
        try:
            name = detect(sample)
        except EncodingFault as fault:
            yield 1, None, str(fault)
            return
    elif name is None and b"\x00" in sample:
        yield 1, None, errors.BINARY
        return
    if name in _WIDE:
        yield from _wide_lines(stream, name, limits.line)
    else:
        yield from _byte_lines(stream, name, limits.line)


def _byte_lines(
    stream: io.BufferedReader, name: str | None, limit: int
) -> Iterator[tuple[int, str | None, str]]:
    """Lines of an encoding in which a line feed is one byte, and no part of another character."""
    number = 0
    while line := stream.readline(limit * MB + 1):
        number += 1
        if len(line) > limit * MB:
            while line and not line.endswith(b"\n"):
                line = stream.readline(SAMPLE)
            yield number, None, errors.LINE_LONG.format(limit=limit)
            continue
        if name is None and not line.isascii():
            try:
                name = "utf-8" if is_utf8(line) else detect(line)
            except EncodingFault as fault:
                yield number, None, str(fault)
                continue
        try:
            yield number, line.decode(name or "ascii"), ""
        except UnicodeDecodeError:
            yield number, None, errors.ENCODING_WRONG.format(name=name)


def _wide_lines(stream: io.BufferedReader, name: str, limit: int) -> Iterator[tuple[int, str | None, str]]:
    reader = io.TextIOWrapper(stream, encoding=codecs.lookup(name).name, newline="\n")
    number = 0
    try:
        while line := reader.readline(limit * MB + 1):
            number += 1
            if len(line) > limit * MB:
                while line and not line.endswith("\n"):
                    line = reader.readline(SAMPLE)
                yield number, None, errors.LINE_LONG.format(limit=limit)
                continue
            yield number, line.removeprefix("\ufeff") if number == 1 else line, ""
    except UnicodeDecodeError:
        yield number + 1, None, errors.ENCODING_WRONG.format(name=name)
