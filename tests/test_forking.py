"""Work in forks: results in order, faults raised, nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from kgx.errors import KgxError
from kgx.forking import side_by_side


def failing():
    raise OSError(28, "No space left on device")


def held(pause, value):
    time.sleep(pause)
    return value, os.getpid()


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_forking_gives_results_in_order_while_others_are_done(processes):
    works = [partial(held, pause, place) for place, pause in enumerate((0.2, 0.0, 0.1, 0.0))]
    with side_by_side(works, processes) as results:
        done = list(results)
    assert [value for value, _ in done] == [0, 1, 2, 3]
    if sys.platform == "linux":
        assert (os.getpid() in {pid for _, pid in done}) is (processes == 1)


@pytest.mark.parametrize("processes", [1, 2])
def test_forking_raises_what_a_work_raises(processes):
    with (
        pytest.raises(OSError, match="No space left"),
        side_by_side([failing, failing], processes) as results,
    ):
        list(results)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_forking_says_that_a_fork_was_killed():
    with pytest.raises(KgxError, match="--processes 1"), side_by_side([partial(os._exit, 1)], 2) as results:
        list(results)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_forking_leaves_no_fork_behind_a_killed_parent(tmp_path):
    code = (
        "import os, sys, time\n"
        "from functools import partial\n"
        "from kgx.forking import side_by_side\n"
        "def work(place):\n"
        "    open(os.path.join(sys.argv[1], str(os.getpid())), 'w').close()\n"
        "    time.sleep(60)\n"
        "with side_by_side([partial(work, place) for place in range(2)], 2) as results:\n"
        "    list(results)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    while len(list(tmp_path.iterdir())) < 2:
        assert parent.poll() is None
        time.sleep(0.02)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    left = [Path("/proc", path.name) for path in tmp_path.iterdir()]
    for _ in range(500):
        if not any(map(running, left)):
            break
        time.sleep(0.02)
    assert not any(map(running, left))


def running(process):
    """Whether a process is there and no zombie."""
    try:
        return (process / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
