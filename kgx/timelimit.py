"""A limit on the time that a block of code may take."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

DOCUMENT_SECONDS = 60.0  # that a document may take where nobody says otherwise


class Late(BaseException):
    """The time is up. No `except Exception` takes it for an error of its own."""


@contextmanager
def time_limit(seconds: float, *, processor: bool = False) -> Iterator[None]:
    """Raise Late in the block where it takes longer: by the clock, or in seconds of the `processor`.

    Python is stopped between two of its steps. A limit within another leaves that as it is. Without effect
    outside the main thread, and on systems without such alarms.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(_: int, __: object) -> None:
        raise Late

    timer, alarm = (
        (signal.ITIMER_VIRTUAL, signal.SIGVTALRM) if processor else (signal.ITIMER_REAL, signal.SIGALRM)
    )
    before = signal.signal(alarm, late)
    begun = time.monotonic()
    outer, _ = signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(alarm, before)
        if outer:
            signal.setitimer(timer, max(outer - (time.monotonic() - begun), 1e-6))
