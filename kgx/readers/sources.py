"""Where documents come from: files, folders, globs, standard input, and what .gz and .zip hold."""

from __future__ import annotations

import contextlib
import glob
import gzip
import io
import os
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from kgx import errors
from kgx.errors import Skip
from kgx.readers.streams import StreamFault, buffered

FORMS = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
}
STDIN = "-"
_GLOB = set("*?[")
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Source:
    """One file (or member of an archive) to be read.

    `label` is how messages name it, `name` its path with `/`, `.gz` taken off; `form` is None where the
    content must tell. `open` gives its bytes, decompressed; use `opened`.
    """

    label: str
    name: str
    form: str | None
    open: Callable[[], contextlib.AbstractContextManager[io.BufferedReader]]

    @property
    def stem(self) -> str:
        """The file's name without its extension."""
        return PurePosixPath(self.name).stem or "document"


@contextlib.contextmanager
def opened(source: Source) -> Iterator[io.BufferedReader]:
    """Open a source; every fault of file, archive or compression comes out as StreamFault."""
    try:
        with source.open() as stream:
            yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise StreamFault(errors.GZIP_BAD) from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as fault:
        raise StreamFault(errors.ZIP_BAD.format(reason=printable(str(fault)))) from None
    except OSError as fault:
        raise StreamFault(errors.UNREADABLE.format(reason=fault.strerror or fault)) from None


def printable(text: str) -> str:
    """A name as one line can show it: control characters and broken bytes become `?`."""
    return "".join(char if char.isprintable() else "?" for char in text)


def find_sources(inputs: Iterable[str | os.PathLike[str]], on_skip: Callable[[Skip], None]) -> Iterator[Source]:
    """Yield the sources of all inputs, each file once; folders are walked in sorted order.

    In folders, hidden files, READMEs and files of other kinds are passed over without a word; a file
    that is named itself is read whatever its name.
    """
    seen: set[str] = set()
    for item in inputs:
        for path, named in _paths(os.fspath(item), on_skip):
            real = STDIN if path == STDIN else os.path.realpath(path)
            if real in seen:
                continue
            seen.add(real)
            if path != STDIN and Path(path).suffix.lower() == ".zip":
                yield from _members(path, on_skip)
            elif path == STDIN:
                yield Source("<stdin>", "stdin", None, _open_stdin)
            elif named or _form(path):
                yield _file(path)


def _paths(item: str, on_skip: Callable[[Skip], None]) -> Iterator[tuple[str, bool]]:
    """(path, whether the user named it) for one input."""
    if item == STDIN:
        yield item, True
    elif Path(item).is_dir():
        found = False
        for folder, subfolders, files in os.walk(item):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            for name in sorted(files):
                path = str(Path(folder) / name)
                if name.startswith(".") or Path(name).stem.upper() == "README":
                    continue
                if _form(path) or path.lower().endswith(".zip"):
                    found = True
                    yield path, False
        if not found:
            on_skip(Skip(printable(item), errors.NO_ARTICLES))
    elif Path(item).exists():
        yield item, True
    elif _GLOB & set(item) and (matches := sorted(glob.glob(item, recursive=True))):  # noqa: PTH207
        for match in matches:
            if Path(match).is_file():
                yield match, "." in Path(match).name and _form(match) is None
            elif "**" not in item:
                yield from _paths(match, on_skip)
    else:
        on_skip(Skip(printable(item), errors.NO_FILE))


def _form(path: str) -> str | None:
    pure = PurePosixPath(path.lower())
    return FORMS.get(pure.suffix if pure.suffix != ".gz" else PurePosixPath(pure.stem).suffix)


def _file(path: str) -> Source:
    def stream() -> io.BufferedReader:
        raw = Path(path).open("rb")  # noqa: SIM115  # closed with the stream that wraps it
        return _unzipped(raw)

    name = Path(path).as_posix()
    return Source(printable(path), name[:-3] if name.lower().endswith(".gz") else name, _form(path), stream)


def _open_stdin() -> contextlib.AbstractContextManager[io.BufferedReader]:
    return contextlib.nullcontext(_unzipped(io.BufferedReader(sys.stdin.buffer.raw, 65_536)))  # type: ignore[attr-defined]


def _unzipped(raw: io.BufferedReader) -> io.BufferedReader:
    """The stream, or what it decompresses to where it is gzip by its first bytes, whatever its name."""
    start = raw.peek(4)[:4]
    if start.startswith(_GZIP):
        return buffered(_Both(gzip.GzipFile(fileobj=raw), raw), raw.tell if raw.seekable() else None)
    if start.startswith(_ZIP):
        raise StreamFault(errors.ARCHIVE_NESTED)
    return buffered(raw)


class _Both(io.RawIOBase):
    """A gzip stream that closes the file below it, too."""

    def __init__(self, unzipped: gzip.GzipFile, raw: io.BufferedReader) -> None:
        self._unzipped, self._raw = unzipped, raw

    def read(self, size: int = -1) -> bytes:
        return self._unzipped.read(size)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _members(path: str, on_skip: Callable[[Skip], None]) -> Iterator[Source]:
    """The members of a zip archive, sorted by name; they are read in place, never unpacked."""
    label = printable(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted((i for i in archive.infolist() if not i.is_dir()), key=lambda i: i.filename)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        on_skip(Skip(label, errors.ZIP_BAD.format(reason=printable(str(fault)))))
        return
    found = False
    for info in members:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in name.parts)
        if hidden or name.stem.upper() == "README":
            continue
        if name.suffix.lower() == ".zip":
            on_skip(Skip(f"{label}!{printable(info.filename)}", errors.ARCHIVE_NESTED))
            continue
        if form := _form(name.as_posix()):
            found = True
            safe = PurePosixPath(Path(path).stem, *(p for p in name.parts if p not in ("..", "/", ".")))
            plain = safe.as_posix()
            yield Source(
                f"{label}!{printable(info.filename)}",
                plain[:-3] if plain.lower().endswith(".gz") else plain,
                form,
                _member_opener(path, info),
            )
    if not found:
        on_skip(Skip(label, errors.NO_ARTICLES))


@lru_cache(maxsize=2)
def _archive(path: str, changed: int, size: int) -> zipfile.ZipFile:
    """An open archive, kept while its members are read one after the other."""
    return zipfile.ZipFile(path)


def _member_opener(
    path: str, info: zipfile.ZipInfo
) -> Callable[[], contextlib.AbstractContextManager[io.BufferedReader]]:
    @contextlib.contextmanager
    def stream() -> Iterator[io.BufferedReader]:
        status = Path(path).stat()
        with _archive(path, status.st_mtime_ns, status.st_size).open(info) as member:
            plain = buffered(member, lambda: info.compress_size)  # type: ignore[arg-type]
            if plain.peek(4)[:2] == _GZIP:
                # what a member holds compressed again counts from its size in the archive
                plain = buffered(gzip.GzipFile(fileobj=plain), lambda: info.compress_size)  # type: ignore[arg-type]
            with plain:
                yield plain

    return stream


def document_ids(sources: Iterable[Source]) -> dict[str, str]:
    """The id of each source's document, by label: the file's stem, led by folders where two clash."""
    listed = list(sources)
    ids = {source.label: source.stem for source in listed}
    paths = {source.label: PurePosixPath(source.name) for source in listed}
    for depth in range(2, 12):
        clashes = {name for name, count in Counter(ids.values()).items() if count > 1}
        if not clashes:
            break
        for label, name in list(ids.items()):
            if name in clashes:
                parts = [part for part in paths[label].with_suffix("").parts if part not in ("/", "..")]
                ids[label] = "/".join(parts[-depth:])
    clashes = {name for name, count in Counter(ids.values()).items() if count > 1}
    return {
        label: paths[label].as_posix().lstrip("/") if name in clashes else name for label, name in ids.items()
    }
