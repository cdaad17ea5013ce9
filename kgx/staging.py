"""Files that appear whole or not at all: written beside their place, then moved into it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from kgx import errors
from kgx.errors import KgxError


@contextmanager
def staged_folder(target: str | Path) -> Iterator[Path]:
    """Yield a hidden folder inside `target`; its files move into `target` when the block succeeds.

    `target` is made where it is missing. When the block fails, it is left as it was. Raises KgxError,
    before the block runs, where `target` can't be written.
    """
    target = Path(target)
    missing = [folder for folder in (target, *target.parents) if not folder.exists()]
    stage: Path | None = None
    try:
        with naming(target):
            target.mkdir(parents=True, exist_ok=True)
            stage = Path(tempfile.mkdtemp(prefix=".kgx-", dir=target))
        yield stage
        with naming(target):
            for path in sorted(stage.iterdir()):
                path.replace(target / path.name)
        missing = []
    finally:
        if stage is not None:
            shutil.rmtree(stage, ignore_errors=True)
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def staged_file(target: str | Path) -> Iterator[TextIO]:
    """Yield a text file that takes the place of `target` when the block succeeds.

    Raises KgxError, before the block runs, where the file can't be written.
    """
    target = Path(target)
    with naming(target):
        if target.is_dir():
            raise IsADirectoryError(None, "is a folder")
        if target.exists() and not target.is_file():  # a device or a pipe: nothing to replace
            special = target.open("w", encoding="utf-8", newline="\n")
        else:
            special = None
            handle, name = tempfile.mkstemp(prefix=".kgx-", dir=target.parent)
    if special is not None:
        with special:
            yield special
        return
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        with naming(target):
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def naming(target: Path) -> Iterator[None]:
    """Turn an OSError in the block into the one line that names the output."""
    try:
        yield
    except OSError as fault:
        reason = errors.reason_of(fault)
        raise KgxError(errors.CANNOT_WRITE.format(path=target, reason=reason)) from None


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Yield whether this process got the lock on a file, which is made; it is free again after the block.

    The system frees it too where the process dies. Where files can't be locked, everyone gets it.
    """
    with path.open("w") as stream:
        try:
            import fcntl
        except ImportError:  # not on Windows
            yield True
            return
        try:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
