"""Work done side by side in forks of this process, which have what it needs in memory already.

For work that computes and writes files of its own: a fork has no other threads, and shares no database.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeVar

from kgx import errors
from kgx.errors import KgxError
from kgx.signals import held, release

T = TypeVar("T")


@contextmanager
def side_by_side(works: Sequence[Callable[[], T]], processes: int) -> Iterator[Iterator[T]]:
    """Begin the works, so many at once, and yield their results in order; the caller may do others meanwhile.

    With one process, and where processes can't be forked, a work is done when its result is asked for. What
    a work raises is raised here. All are ended with the block, and with this process.
    """
    if processes < 2 or sys.platform != "linux":
        yield (work() for work in works)
        return
    waiting = deque(works)
    forks: deque[tuple[BaseProcess, Connection]] = deque()
    try:
        for _ in range(min(processes, len(works))):
            forks.append(_fork(waiting.popleft()))
        yield _results(forks, waiting)
    finally:
        for process, pipe in forks:
            process.kill()
            process.join()
            pipe.close()


def _results(forks: deque[tuple[BaseProcess, Connection]], waiting: deque[Callable[[], T]]) -> Iterator[T]:
    """The result of each fork; one that has ended makes room for the next work."""
    while forks:
        process, pipe = forks[0]
        try:
            well, result = pipe.recv()
        except EOFError:
            raise KgxError(errors.WRITER_DIED) from None
        process.join()
        pipe.close()
        forks.popleft()
        if waiting:
            forks.append(_fork(waiting.popleft()))
        if not well:
            raise result
        yield result


def _fork(work: Callable[[], T]) -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work, theirs), daemon=True)
    with held(signal.SIGINT, signal.SIGTERM):
        process.start()
    theirs.close()
    return process, ours


def _work(work: Callable[[], T], pipe: Connection) -> None:
    """The life of a fork."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    release(signal.SIGINT, signal.SIGTERM)
    gc.disable()  # to look through what the parent holds would copy it
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    try:
        said: tuple[bool, T | Exception] = True, work()
    except Exception as fault:
        said = False, fault
    pipe.send(said)
    os._exit(0)  # what the parent would do at its end is not for a fork to do


def _end_with(parent: int) -> None:
    """End this process when its parent does: nothing may hold the parent's locks after it."""
    wait([parent])
    os._exit(1)
