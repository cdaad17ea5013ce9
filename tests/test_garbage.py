"""Python's garbage collector is held back during a run, and only then."""

from __future__ import annotations

import gc

import pytest

from kgx.garbage import seldom_collected


def test_garbage_is_looked_for_seldom_in_the_block_and_as_before_after_it() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.isenabled()
        assert gc.get_threshold() > before
    assert gc.get_threshold() == before


def test_garbage_is_looked_for_as_before_after_a_failure() -> None:
    before = gc.get_threshold()

    @seldom_collected()
    def fails() -> None:
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            fails()
    assert gc.get_threshold() == before
