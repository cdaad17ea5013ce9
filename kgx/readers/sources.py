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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from kgx import errors
from kgx.errors import Skip
from kgx.readers.streams import StreamFault, buffered, unzipped
from kgx.schemas.limits import Limits

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


@dataclass(frozen=True, slots=True)
class Source:
    """One file (or member of an archive) to be read.

    `label` is how messages name it, `name` its path with `/`, `.gz` taken off; `form` is None where the
    content must tell. `open` gives its bytes, decompressed; use `opened`.
    """

    label: str
    name: str
    form: str | None
    open: Callable[[Limits], contextlib.AbstractContextManager[io.BufferedReader]]

    @property
    def stem(self) -> str:
        """The file's name without its extension."""
        return PurePosixPath(self.name).stem or "document"


@contextlib.contextmanager
def opened(source: Source, limits: Limits) -> Iterator[io.BufferedReader]:
    """Open a source; every fault of file, archive or compression comes out as StreamFault."""
    try:
        with source.open(limits) as stream:
            yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise StreamFault(errors.GZIP_BAD) from None
    except zipfile.BadZipFile as fault:
        raise StreamFault(errors.ZIP_BAD.format(reason=printable(str(fault)))) from None
    except OSError as fault:
        raise StreamFault(errors.UNREADABLE.format(reason=fault.strerror or fault)) from None


def printable(text: str) -> str:
    """A name as one line can show it: control characters and broken bytes become `?`."""
    return "".join(char if char.isprintable() else "?" for char in text)


def find_sources(
    inputs: Iterable[str | os.PathLike[str]], on_skip: Callable[[Skip], None]
) -> Iterator[Source]:
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
            elif named or form_of(path):
                yield _file(path)


def _paths(item: str, on_skip: Callable[[Skip], None]) -> Iterator[tuple[str, bool]]:
    """(path, whether the user named it) for one input."""
    if item == STDIN:
        yield item, True
    elif os.path.isdir(item):  # noqa: PTH112  # says no to a name too long, where pathlib raises
        found = False
        for folder, subfolders, files in os.walk(item):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            for name in sorted(files):
                path = str(Path(folder) / name)
                if name.startswith(".") or Path(name).stem.upper() == "README":
                    continue
                if (form_of(path) or path.lower().endswith(".zip")) and Path(path).is_file():
                    found = True
                    yield path, False
        if not found:
            on_skip(Skip(printable(item), errors.NO_ARTICLES))
    elif os.path.exists(item):  # noqa: PTH110
        yield item, True
    elif _GLOB & set(item) and (matches := sorted(glob.glob(item, recursive=True))):  # noqa: PTH207
        for match in matches:
            if Path(match).is_file():
                yield match, "." in Path(match).name and form_of(match) is None
            elif "**" not in item:
                yield from _paths(match, on_skip)
    else:
        on_skip(Skip(printable(item), errors.NO_FILE))


def form_of(path: str) -> str | None:
    """The form that a file's name tells, `.gz` taken off; None where it tells none."""
    pure = PurePosixPath(path.lower())
    return FORMS.get(pure.suffix if pure.suffix != ".gz" else PurePosixPath(pure.stem).suffix)


def _file(path: str) -> Source:
    def stream(limits: Limits) -> io.BufferedReader:
        return unzipped(
            buffered(Path(path).open("rb"), limits), limits
        )  # closed with the stream that wraps it

    name = Path(path).as_posix()
    return Source(printable(path), name[:-3] if name.lower().endswith(".gz") else name, form_of(path), stream)


def _open_stdin(limits: Limits) -> io.BufferedReader:
    return unzipped(buffered(sys.stdin.buffer, limits, closes=lambda: None), limits)  # it isn't ours to close


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
        if form := form_of(name.as_posix()):
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
) -> Callable[[Limits], contextlib.AbstractContextManager[io.BufferedReader]]:
    def stream(limits: Limits) -> io.BufferedReader:
        status = Path(path).stat()
        try:
            member = _archive(path, status.st_mtime_ns, status.st_size).open(info)
        except (RuntimeError, NotImplementedError, EOFError, ValueError) as fault:  # encrypted, a broken name
            raise zipfile.BadZipFile(str(fault)) from None
        return unzipped(buffered(member, limits, lambda: info.compress_size), limits, info.compress_size)

    return stream


def document_ids(sources: Sequence[Source]) -> list[str]:
    """The id of each source's document: the file's stem, led by folders where two clash."""
    paths = [PurePosixPath(source.name) for source in sources]
    parts = [[part for part in path.with_suffix("").parts if part not in ("/", "..")] for path in paths]
    ids = [source.stem for source in sources]
    for depth in range(2, max(map(len, parts), default=0) + 2):
        counts = Counter(ids)
        if len(counts) == len(ids):
            return ids
        ids = [
            "/".join(some[-depth:]) if counts[name] > 1 else name
            for name, some in zip(ids, parts, strict=True)
        ]
    counts = Counter(ids)
    return [name + path.suffix if counts[name] > 1 else name for name, path in zip(ids, paths, strict=True)]
