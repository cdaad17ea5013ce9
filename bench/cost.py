"""What larger collections cost, computed from a build that was measured.

    python bench/cost.py DIR [--speed N] [--articles N ...]

DIR is the folder of a build by one process. Two tables: what was measured there, and what follows for
other numbers of articles of the same kind, if speed and sizes grow as the articles do. --speed gives the
characters a second of one core, where the build's own were disturbed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

FILES = ("extractions.jsonl", "graph.nq", "graph.ttl")
CORES = 100


def measured(folder: Path, speed: float | None) -> dict[str, float]:
    """What the report and the files of a build say, for each article, fact and second."""
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    facts, stated = sum(report["facts"].values()), sum(report["stated"].values())
    seconds = report["seconds"]["read and extract"] + report["seconds"]["merge"]
    out = {
        "articles": report["documents"],
        "characters an article": report["characters"] / report["documents"],
        "characters a second, one core, reading to merged graph": speed or report["characters"] / seconds,
        "facts stated an article": stated / report["documents"],
        "facts stated for each that is new": stated / facts,
    }
    for name in FILES:
        if (folder / name).exists():
            out[f"bytes of {name} a stated fact"] = (folder / name).stat().st_size / stated
    return out


def computed(base: dict[str, float], articles: int) -> dict[str, float]:
    """What so many articles cost, in proportion."""
    characters = articles * base["characters an article"]
    seconds = characters / base["characters a second, one core, reading to merged graph"]
    stated = articles * base["facts stated an article"]
    out = {
        "characters, million": characters / 1e6,
        "core hours": seconds / 3600,
        f"hours on {CORES} cores, all busy": seconds / 3600 / CORES,
        "facts stated, million": stated / 1e6,
    }
    for name in FILES:
        if f"bytes of {name} a stated fact" in base:
            out[f"GB of {name}"] = stated * base[f"bytes of {name} a stated fact"] / 1e9
    return out


def figure(value: float) -> str:
    """A number with as many digits as it is good for."""
    return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--speed", type=float)
    parser.add_argument("--articles", type=int, nargs="*", default=[1_000_000, 10_000_000, 100_000_000])
    options = parser.parse_args()
    base = measured(options.folder, options.speed)
    print("| measured | |\n| --- | ---: |")
    for name, value in base.items():
        print(f"| {name} | {figure(value)} |")
    columns = [computed(base, number) for number in options.articles]
    print(f"\n| computed, articles | {' | '.join(f'{number:,}' for number in options.articles)} |")
    print(f"| --- |{' ---: |' * len(columns)}")
    for name in columns[0]:
        print(f"| {name} | {' | '.join(figure(column[name]) for column in columns)} |")


if __name__ == "__main__":
    main()
