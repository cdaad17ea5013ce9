"""Whether seconds and memory of a build grow as its articles do.

    python bench/growth.py [--sizes 1000 4000 16000] [--processes N] [--no-model]

Each size is built in processes of its own, into a folder that is removed again. Growth counts as linear
where no size takes more than 15 % more for an article than the smallest does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sample import sample, table

LINEAR = 1.15


def build(path: Path, folder: Path, options: list[str]) -> tuple[float, float]:
    """Seconds of a build, and the most memory of all its processes together, in MB."""
    command = [sys.executable, "-m", "kgx", "build", str(path), "--output", str(folder), *options]
    start = time.perf_counter()
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    most = 0.0
    while running.poll() is None:
        most = max(most, resident(running.pid))
        time.sleep(0.1)
    if running.returncode:
        sys.exit(f"{' '.join(command)}: status {running.returncode}")
    return time.perf_counter() - start, most


def resident(session: int) -> float:
    """The memory of all processes of a session, what they share counted once for each, in MB."""
    pages = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if os.getsid(int(folder.name)) == session:
                    pages += int((folder / "statm").read_text().split()[1])
            except (OSError, ProcessLookupError):
                continue  # it has ended meanwhile
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 4000, 16000])
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--no-model", action="store_true")
    settings = parser.parse_args()
    options = ["--processes", str(settings.processes), *(["--no-model"] if settings.no_model else [])]
    _, documents = sample(max(settings.sizes))
    rows, first = [], 0.0
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for size in sorted(settings.sizes):
            chosen = documents[:size]
            path = home / "articles.jsonl"
            lines = (json.dumps({"id": one.id, "date": one.date, "text": one.text}) for one in chosen)
            path.write_text("\n".join(lines), encoding="utf-8")
            seconds, memory = build(path, home / str(size), options)
            each = seconds / sum(len(one.text) for one in chosen) * 1e6
            first = first or each
            verdict = "linear" if each <= first * LINEAR else "**not linear**"
            rows.append(
                (
                    f"{len(chosen):,}",
                    f"{seconds:.1f}",
                    f"{each:.1f}",
                    f"{each / first:.2f}: {verdict}",
                    f"{memory:,.0f}",
                )
            )
    header = ("articles", "seconds", "seconds a million characters", "to the first", "MB, all processes")
    print(f"`kgx build`, all forms, {' '.join(options)}\n")
    print(table(header, rows), end="")


if __name__ == "__main__":
    main()
