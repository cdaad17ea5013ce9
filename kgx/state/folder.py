"""A build's folder from run to run: what it holds, what was begun in it, and how new files take their place.

New files are written into a hidden folder beside the old ones. Once all are there the state is committed,
and from then on the change is done, even where the process dies before the last file is in its place: the
next run moves the rest.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any

from kgx import errors
from kgx.errors import KgxError
from kgx.staging import locked, naming, staged_file
from kgx.state import database, tables
from kgx.state.aside import aside
from kgx.state.database import Database

STAGE = ".kgx-new"
JOURNAL = ".kgx-journal"
BEGUN = ".kgx-begun.json"
LOCK = ".kgx-lock"
_PENDING = "pending"  # note: the files of the stage that belong into the folder
_FILES = "files"  # note: size and time of each file


class BuildFolder:
    """The folder that a build writes, held by one process at a time."""

    def __init__(self, path: Path) -> None:
        """Use `hold`."""
        self.path = path
        self.stage = path / STAGE
        self.base: Database | None = None
        self._stale: list[str] = []  # files of forms that are not written any more

    @classmethod
    @contextmanager
    def hold(cls, path: Path) -> Iterator[BuildFolder]:
        """Make the folder where it is missing and keep it while the block runs.

        What an earlier run left half moved is moved. A run that is interrupted (KeyboardInterrupt) leaves
        what it began with, even where it has made no record yet. Raises KgxError where the folder can't be
        written, or another build is writing there.
        """
        missing = [one for one in (path, *path.parents) if not one.exists()]
        folder = cls(path)
        try:
            with naming(path):
                path.mkdir(parents=True, exist_ok=True)
                with locked(path / LOCK) as mine:
                    if not mine:
                        raise KgxError(errors.BUILD_BUSY.format(path=path))
                    interrupted = False
                    try:
                        folder._recover()
                        yield folder
                    except KeyboardInterrupt:
                        interrupted = True
                        raise
                    finally:
                        folder._close()
                        shutil.rmtree(folder.stage, ignore_errors=True)
                        if not interrupted and not _stamp(path / JOURNAL)[0]:
                            folder.forget()
                        (path / LOCK).unlink(missing_ok=True)
        finally:
            for one in missing:
                with suppress(OSError):
                    one.rmdir()

    def _close(self) -> None:
        if self.base is not None:
            self.base.close()
            self.base = None

    def _recover(self) -> None:
        """Finish the moves of a run that died after its commit; drop what one left that died before."""
        fresh = self.stage / database.FILE
        if fresh.exists():
            base = _opened(fresh)
            pending = base.note(_PENDING) if base is not None else None
            if base is not None:
                base.close()
            if pending:
                self._move(name for name in pending if name != database.FILE)
                self._move([database.FILE])
        if (self.path / database.FILE).exists():
            self.base = _opened(self.path / database.FILE)
            if self.base is not None and (pending := self.base.note(_PENDING)):
                self._move(pending)
                self.base.keep(_PENDING, None)
        shutil.rmtree(self.stage, ignore_errors=True)

    # -- what is there ---------------------------------------------------------------------------------

    def intact(self) -> set[str]:
        """The files that are as the last build left them."""
        return {name for name, stamp in self._stamps().items() if _stamp(self.path / name) == tuple(stamp)}

    def noted(self) -> set[str]:
        """The files that the last build wrote or kept."""
        return set(self._stamps())

    def _stamps(self) -> Mapping[str, Sequence[int]]:
        return (self.base.note(_FILES) if self.base is not None else None) or {}

    # -- what is being made ----------------------------------------------------------------------------

    def staged(self) -> Path:
        """The hidden folder for new files, empty."""
        shutil.rmtree(self.stage, ignore_errors=True)
        self.stage.mkdir()
        return self.stage

    def seal(self, base: Database, kept: Iterable[str] = ()) -> list[str]:
        """Note, in the transaction that commits them, the files of the stage and those `kept` from before."""
        new = sorted(one.name for one in self.stage.iterdir() if not one.name.startswith(database.FILE))
        stamps = {name: _stamp(self.stage / name) for name in new}
        stamps |= {name: _stamp(self.path / name) for name in kept if name not in stamps}
        self._stale = sorted(self.noted() - set(stamps))
        base.keep(_FILES, stamps)
        base.keep(_PENDING, new)
        return new

    def replace(self, new: list[str]) -> None:
        """Move sealed files, and a new state where there is one, into their places.

        What the run began with stays noted until its reports are written too, and `forget` is called.
        """
        if (self.stage / database.FILE).exists():
            self._close()
            self._move(new)
            self._move([database.FILE])
            self.base = _opened(self.path / database.FILE)
        else:
            self._move(new)
        if self.base is not None:
            self.base.keep(_PENDING, None)
        for name in (*self._stale, JOURNAL):
            (self.path / name).unlink(missing_ok=True)

    def _move(self, names: Iterable[str]) -> None:
        """Move files in any order, side by side: the system is at work for each that it replaces."""

        def move(name: str) -> None:
            if (self.stage / name).exists():
                (self.stage / name).replace(self.path / name)

        with aside([partial(move, name) for name in names]):
            pass

    # -- what was begun --------------------------------------------------------------------------------

    def begin(self, command: Mapping[str, Any]) -> None:
        """Note with what a run began, for one that goes on with it."""
        with staged_file(self.path / BEGUN) as stream:
            json.dump(command, stream)

    def forget(self) -> None:
        """Nothing is begun any more."""
        for name in (JOURNAL, BEGUN):
            (self.path / name).unlink(missing_ok=True)

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """The records made so far, to which more are added."""
        with (self.path / JOURNAL).open("a+b") as stream:
            yield Journal(stream)


class Journal:
    """Records in the order in which they were made, each with the digest of what it was made from.

    A line is a digest, what was counted, the record. One that a dying process left unfinished is cut off.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        """`stream`: open for reading and appending."""
        self._stream = stream
        self._places: dict[bytes, tuple[int, int, dict[str, Any]]] = {}
        stream.seek(0)
        at = 0
        for line in stream:
            if not line.endswith(b"\n"):
                break
            digest, tally, record = line.split(b"\t", 2)
            start = at + len(line) - len(record)
            at += len(line)
            self._places[bytes.fromhex(digest.decode())] = start, at, json.loads(tally)
        stream.truncate(at)
        stream.seek(0, 2)
        self._at = at

    def __contains__(self, digest: bytes) -> bool:
        """Whether there is a record made from that."""
        return digest in self._places

    def add(self, digest: bytes, tally: Mapping[str, Any], record: str) -> None:
        """Add a record; it is on its way to the disk when this returns."""
        head = f"{digest.hex()}\t{json.dumps(tally)}\t".encode()
        body = record.encode() + b"\n"
        self._stream.write(head + body)
        self._stream.flush()
        start = self._at + len(head)
        self._at = start + len(body)
        self._places[digest] = start, self._at, dict(tally)

    def tally(self, digest: bytes) -> dict[str, Any]:
        """What was counted for a record."""
        return self._places[digest][2]

    def line(self, digest: bytes) -> bytes:
        """A record with its line feed."""
        start, end, _ = self._places[digest]
        self._stream.seek(start)
        return self._stream.read(end - start)


def begun(path: Path) -> dict[str, Any] | None:
    """With what the run began that was interrupted in a folder; None where there was none."""
    try:
        found = json.loads((path / BEGUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def stamps(paths: Iterable[str]) -> list[list[Any]] | None:
    """Path, size and time of each file; None where one of the paths is no file (a folder, say)."""
    found = list(map(Path, paths))
    return [[str(one), *_stamp(one)] for one in found] if all(one.is_file() for one in found) else None


def _opened(path: Path) -> Database | None:
    """The state, where it is one that this version knows."""
    base = None
    try:
        base = Database(path)
        if base.note("form") == tables.FORM:
            return base
    except sqlite3.Error:
        pass
    if base is not None:
        base.close()
    return None


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of change; zeros where there is no such file."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
