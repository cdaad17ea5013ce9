"""Kill builds and loads with SIGKILL at random moments; what comes of them in the end is what it always is.

    python tools/kill.py [--kills 50] [--seed 0] [--input examples]

After each kill the same work is gone on with (a build by --resume) and may be killed again; where one comes
to its end, its files, or the statements of its store, are held against an undisturbed run's, and the next
begins with nothing. The status is 1 where any differs.
"""

from __future__ import annotations

import argparse
import filecmp
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kgx.errors import KgxError
from kgx.run import begun
from kgx.store.embedded import FOLDER, open_store

ROOT = Path(__file__).resolve().parent.parent
DIFFERING = {"report.json", "report.md", "state.db"}  # times; the pages of a database
EARLY = 0.2  # the part of kills that may fall into the loading of modules


def kgx(*words: object) -> list[str]:
    """A command line."""
    return [sys.executable, "-m", "kgx", *map(str, words)]


def endure(
    name: str, order: Callable[[], list[str]], wrong: Callable[[], list[str]], clear: Callable[[], None],
    options: argparse.Namespace,
) -> bool:  # fmt: skip
    """Kill the work that `order` tells of; print a row, and say whether it all ended well.

    `wrong` names what differs in work that is done, and `clear` takes all of it away.
    """
    chance = random.Random(options.seed)
    start = time.monotonic()
    subprocess.run(order(), check=True, capture_output=True)
    usual = time.monotonic() - start
    kills = resumed = ended = 0
    faults = []
    first = True
    while kills < options.kills or not first:
        if kills >= options.kills:
            moment = None
        else:
            moment = chance.uniform(0 if chance.random() < EARLY else 0.4, 1.05) * usual
        if first:
            clear()
        command = order()
        resumed += "--resume" in command
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            _, said = running.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
            kills += 1
            first = False
            continue
        ended += 1
        first = True
        if running.returncode:
            faults.append(f"{' '.join(command)}: {said.decode(errors='replace').strip()}")
        faults += wrong()
    print(
        f"{name}: {kills} kills, {resumed} times resumed, {ended} ends, {len(faults)} differences", flush=True
    )
    for fault in faults:
        print(f"  {fault}")
    return not faults


def statements(folder: Path) -> set[str]:
    """What the store of a folder holds."""
    return set(map(str, open_store(folder)))


def main() -> None:
    """Run, and say how it went."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--input", type=Path, default=ROOT / "examples")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kgx-kill-") as home:
        whole, broken = Path(home, "whole"), Path(home, "broken")
        subprocess.run(kgx("build", options.input, "--output", whole), check=True, capture_output=True)
        names = sorted({path.name for path in whole.iterdir()} - DIFFERING)

        def build() -> list[str]:
            try:
                begun(broken)
            except KgxError:
                return kgx("build", options.input, "--output", broken, "--processes", 2)
            return kgx("build", "--resume", "--output", broken)

        def files() -> list[str]:
            found = sorted({path.name for path in broken.iterdir()} - DIFFERING)
            same, *differ = filecmp.cmpfiles(whole, broken, names, shallow=False)
            return [str(name) for some in differ for name in some] + [
                f"{name} is there" for name in found if name not in names
            ]

        well = endure("build", build, files, lambda: shutil.rmtree(broken, ignore_errors=True), options)
        subprocess.run(kgx("load", whole), check=True, capture_output=True)
        expected = statements(whole)
        shutil.rmtree(broken, ignore_errors=True)
        shutil.copytree(whole, broken, ignore=shutil.ignore_patterns(FOLDER))
        well &= endure(
            "load",
            lambda: kgx("load", broken),
            lambda: [] if statements(broken) == expected else ["the store's statements"],
            lambda: shutil.rmtree(broken / FOLDER, ignore_errors=True),
            options,
        )
    sys.exit(not well)


if __name__ == "__main__":
    main()
