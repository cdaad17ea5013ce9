"""Where the time of a build goes, function by function.

    python bench/where.py [--items N] [--rows N] [--model]

The profiler slows small functions most; the order counts, not the seconds.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
from pathlib import Path

from sample import sample, table
from speed import whole

from kgx.nlp.pipeline import make_pipeline


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--rows", type=int, default=20)
    parser.add_argument("--model", action="store_true")
    options = parser.parse_args()
    _, documents = sample(options.items)
    nlp = make_pipeline(model=options.model)
    whole(nlp, documents[:20])
    profile = cProfile.Profile()
    profile.runcall(whole, nlp, documents)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    all_seconds = sum(own for _, _, own, _, _ in stats.values())
    found = sorted(stats.items(), key=lambda item: -item[1][2])[: options.rows]
    rows = [
        (
            f"{_place(file)}:{line} {name}",
            f"{calls:,}",
            f"{own / all_seconds:.1%}",
            f"{below / all_seconds:.1%}",
        )
        for (file, line, name), (_, calls, own, below, _) in found
    ]
    print(table(("function", "calls", "itself", "with what it calls"), rows), end="")


def _place(file: str) -> str:
    parts = Path(file).parts
    return "/".join(parts[-3:] if "kgx" in parts[-3:] else parts[-1:])


if __name__ == "__main__":
    main()
