"""Python's collector of cyclic garbage, which finds none here: no record refers back to what holds it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (100_000, 50, 100)  # objects made until the youngest are looked at, and rounds until older ones are


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cyclic garbage seldom while the block runs, or the function that this decorates.

    A run keeps millions of records and a large lexicon; going over them again and again, as is usual, takes a
    twentieth of its time. The process has its own setting again afterwards.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
