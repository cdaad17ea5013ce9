"""Queries in a process of their own, so that a time limit holds whatever the query is busy with.

The parent sends a `Request`; the child answers with pieces of bytes, then a `Summary` or what is wrong.
A child that is too slow is killed, and another one started for the next query.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from kgx import errors
from kgx.errors import KgxError
from kgx.store.evaluate import Evaluator, QueryFault, Request, Summary

GRACE = 2.0  # seconds after which a child ends itself, should its parent be gone


class QueryTimeout(QueryFault):
    """A query that was not answered within the time limit."""


class Worker:
    """A child process that answers queries over one store, one after the other."""

    def __init__(self, folder: str | Path) -> None:
        """`folder`: that of the build. The child starts at the first query."""
        self._folder = str(folder)
        self._child: subprocess.Popen[bytes] | None = None
        self._pipe: Connection[Any, Any] | None = None

    def answer(
        self, request: Request, out: Callable[[bytes], Any], *, timeout: float | None = None
    ) -> Summary:
        """Pass the pieces of the answer to `out`; `timeout` in seconds, from here to the last piece.

        Raises QueryFault where the query can't be answered, QueryTimeout where it takes too long, and
        other KgxErrors where the store can't be read.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        pipe = self._started()
        try:
            pipe.send((request, timeout))
            while True:
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
                if not pipe.poll(left):
                    self.close()
                    raise QueryTimeout(errors.QUERY_SLOW.format(name=request.name, seconds=timeout))
                kind, value = pipe.recv()
                if kind == "piece":
                    out(value)
                elif kind == "done":
                    return Summary(*value)
                else:
                    raise (QueryFault if kind == "query" else KgxError)(value)
        except (EOFError, ConnectionError):
            self.close()
            raise QueryFault(errors.QUERY_DIED.format(name=request.name)) from None
        except BaseException as fault:
            if not isinstance(fault, KgxError) or isinstance(fault, QueryTimeout):
                self.close()  # the rest of an answer nobody reads
            raise

    def close(self) -> None:
        """Kill the child, whatever it is doing."""
        if self._pipe is not None:
            self._pipe.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._child = self._pipe = None

    def __enter__(self) -> Worker:
        """The worker itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill the child."""
        self.close()

    def _started(self) -> Connection[Any, Any]:
        if self._pipe is not None and self._child is not None and self._child.poll() is None:
            return self._pipe
        self.close()
        ours, theirs = Pipe()
        command = [sys.executable, "-m", "kgx.store.worker", str(theirs.fileno()), self._folder]
        path = os.pathsep.join([*map(str, sys.path), os.environ.get("PYTHONPATH", "")])
        self._child = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        theirs.close()
        self._pipe = ours
        return ours


def main() -> None:
    """What the child does: answer what comes through the pipe until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process even within the library
    pipe: Connection[Any, Any] = Connection(int(sys.argv[1]))
    evaluator = Evaluator(sys.argv[2])
    while True:
        try:
            request, timeout = pipe.recv()
        except (EOFError, OSError):
            return
        signal.setitimer(signal.ITIMER_REAL, timeout + GRACE if timeout else 0)
        try:
            summary = evaluator.answer(request, lambda piece: pipe.send(("piece", piece)))
            reply: tuple[str, Any] = ("done", (summary.media_type, summary.count))
        except QueryFault as fault:
            reply = ("query", str(fault))
        except KgxError as fault:
            reply = ("store", str(fault))
        except BrokenPipeError:
            return
        except (OSError, ValueError, MemoryError) as fault:
            reply = ("query", errors.QUERY_FAILED.format(name=request.name, reason=errors.reason_of(fault)))
        signal.setitimer(signal.ITIMER_REAL, 0)
        pipe.send(reply)


if __name__ == "__main__":
    main()
