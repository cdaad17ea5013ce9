"""The build of the whole corpus against what it must reach: seconds, two processes against one, memory.

    python bench/whole.py [--items N] [--file FILE]

Each row is a build from nothing, in processes of its own, into a folder that is removed again; all rows are
of one run. On a machine that does other work the seconds say nothing; the ratios still do, nearly.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from growth import build
from sample import machine, sample, table

TURTLE = ("--formats", "turtle")
ROWS = (
    ("Turtle, without the model", (*TURTLE, "--no-model"), (1, 2)),
    ("Turtle, with the model", TURTLE, (1, 2)),
    ("all forms, with the model", (), (2,)),
)
AIMS = {("Turtle, without the model", 2): 60, ("Turtle, with the model", 2): 120}  # seconds of all articles
RATIO = 1.7
HEADER = (
    "build",
    "processes",
    "seconds",
    "aim",
    "characters a second",
    "to one process",
    "MB, all processes",
)
MEMORY = 3 * 1024  # MB
ARTICLES = 15_960  # which the aims are for


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=ARTICLES)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    name, documents = sample(options.items, options.file)
    characters = sum(len(one.text) for one in documents)
    rows = []
    with tempfile.TemporaryDirectory() as home:
        path = Path(home, "articles.jsonl")
        lines = (json.dumps({"id": one.id, "date": one.date, "text": one.text}) for one in documents)
        path.write_text("\n".join(lines), encoding="utf-8")
        for what, order, numbers in ROWS:
            first = 0.0
            for processes in numbers:
                folder = Path(home, f"{len(rows)}")
                seconds, memory = build(path, folder, [*order, "--processes", str(processes)])
                first = first or seconds
                print(f"{what}, {processes}: {seconds:.1f} s", file=sys.stderr, flush=True)
                aim = AIMS.get((what, processes))
                rows.append(
                    (
                        what,
                        f"{processes}",
                        f"{seconds:.1f}",
                        f"{aim}" if aim and len(documents) == ARTICLES else "",
                        f"{characters / seconds:,.0f}",
                        f"{first / seconds:.2f} (aim {RATIO})" if processes > numbers[0] else "",
                        f"{memory:,.0f} (aim {MEMORY:,})",
                    )
                )
    print(f"`kgx build` of {name}; {characters:,} characters. {machine()}\n")
    print(table(HEADER, rows), end="")


if __name__ == "__main__":
    main()
