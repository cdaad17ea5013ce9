"""Work on files done in threads while the caller goes on: it is the system that copies and moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

_AT_ONCE = 4


@contextmanager
def aside(works: Iterable[Callable[[], object]]) -> Iterator[None]:
    """Do the works, each from when it is given, while the block runs; all are done when it is left.

    What a work raises is raised at the end of the block. Where the block itself fails, works that have not
    begun are left out, and those that have are waited for.
    """
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        begun = [pool.submit(work) for work in works]
        yield
        for one in begun:
            one.result()
    finally:
        pool.shutdown(cancel_futures=True)
