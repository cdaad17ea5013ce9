"""Signals that ask a process to end: kept back while others are started, taken as interrupts."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held(*signals: signal.Signals) -> Iterator[None]:
    """Keep signals back from this thread in the block; they arrive after it.

    A process that is started in the block begins with them held, and must `release` them when it is ready.
    """
    if not hasattr(signal, "pthread_sigmask"):  # not on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def release(*signals: signal.Signals) -> None:
    """Hold signals no longer that this process was started with."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)


@contextmanager
def terminable() -> Iterator[None]:
    """Take a request to terminate (SIGTERM) as an interrupt from the keyboard, in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_: int, __: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
