"""Streams of bytes that can't do harm: limits, archives' expansion, lines of any encoding.

Nothing is ever unpacked to disk, so that names inside an archive can't lead anywhere.

| limit | value | why |
| --- | --- | --- |
| MAX_LINE | 16 MiB | one record of JSON Lines or CSV; a longer line is passed over without being kept |
| MAX_FILE | 64 MiB | a file that is read as a whole: text, HTML, Markdown, JSON |
| MAX_TEXT | 1,000,000 characters | the text of one document, which spaCy's own limit is too |
| MAX_RATIO | 300, past the first 8 MiB | how far compressed data may expand (text: 3 to 30) |
"""

from __future__ import annotations

import codecs
import gzip
import io
from collections.abc import Callable, Iterator
from typing import Any

from kgx import errors
from kgx.readers.encoding import SAMPLE, EncodingFault, detect, is_utf8, split_bom

MAX_LINE = 16 * 2**20
MAX_FILE = 64 * 2**20
MAX_TEXT = 1_000_000
MAX_RATIO = 300
_SMALL = 8 * 2**20  # bytes that may expand from anything

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
        consumed: Callable[[], int] | None = None,
        closes: Callable[[], object] | None = None,
    ) -> None:
        """`consumed` gives the number of compressed bytes taken so far, or in all.

        `closes` is called on closing; by default the stream's own `close`.
        """
        self._stream = stream
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
        consumed = self._consumed
        if consumed and self.given > _SMALL and self.given > MAX_RATIO * max(consumed(), 1):
            raise StreamFault(errors.EXPANDS.format(ratio=MAX_RATIO))
        return filled

    def close(self) -> None:
        """Close what it reads from, too."""
        if not self.closed:
            self._closes()
        super().close()


def buffered(
    stream: Any, consumed: Callable[[], int] | None = None, closes: Callable[[], object] | None = None
) -> io.BufferedReader:
    """A buffered stream whose `peek` gives the first SAMPLE bytes; see Guarded for the arguments."""
    return io.BufferedReader(Guarded(stream, consumed, closes), SAMPLE)


def unzipped(stream: io.BufferedReader, size: int | None = None) -> io.BufferedReader:
    """The stream, or what it decompresses to where it is gzip by its first bytes, whatever its name.

    `size` is the number of compressed bytes where the stream itself was decompressed from them.
    Raises StreamFault for a zip archive, which can't be read as a stream.
    """
    start = stream.peek(4)[:4]
    if start.startswith(_GZIP):
        below = stream.raw
        assert isinstance(below, Guarded)
        consumed = (lambda: size) if size is not None else (lambda: below.given)
        return buffered(gzip.GzipFile(fileobj=stream), consumed, stream.close)
    if start.startswith(_ZIP):
        stream.close()
        raise StreamFault(errors.ARCHIVE_NESTED)
    return stream


def read_all(stream: io.BufferedReader) -> bytes:
    """All bytes of a file that is read as a whole; raises StreamFault past MAX_FILE."""
    data = stream.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise StreamFault(errors.FILE_LONG.format(limit=MAX_FILE // 2**20))
    return data


def text_lines(stream: io.BufferedReader, encoding: str | None) -> Iterator[tuple[int, str | None, str]]:
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
        yield from _wide_lines(stream, name)
    else:
        yield from _byte_lines(stream, name)


def _byte_lines(stream: io.BufferedReader, name: str | None) -> Iterator[tuple[int, str | None, str]]:
    """Lines of an encoding in which a line feed is one byte, and no part of another character."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(SAMPLE)
            yield number, None, errors.LINE_LONG.format(limit=MAX_LINE // 2**20)
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


def _wide_lines(stream: io.BufferedReader, name: str) -> Iterator[tuple[int, str | None, str]]:
    reader = io.TextIOWrapper(stream, encoding=codecs.lookup(name).name, newline="\n")
    number = 0
    try:
        while line := reader.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                while line and not line.endswith("\n"):
                    line = reader.readline(SAMPLE)
                yield number, None, errors.LINE_LONG.format(limit=MAX_LINE // 2**20)
                continue
            yield number, line.removeprefix("\ufeff") if number == 1 else line, ""
    except UnicodeDecodeError:
        yield number + 1, None, errors.ENCODING_WRONG.format(name=name)
