"""All figures, one after the other, on one page: standard output and outputs/bench.md.

    python bench/all.py [--quick]

--quick takes samples so small that the figures are worth nothing; it shows that the scripts run.
"""

from __future__ import annotations

import subprocess
import sys

from sample import ROOT

SCRIPTS = (
    ("Speed", "speed.py", [], ["--items", "40"]),
    ("Writing", "writing.py", [], ["--items", "20"]),
    ("Growth", "growth.py", [], ["--sizes", "20", "40", "--no-model"]),
    ("The whole corpus", "whole.py", [], ["--items", "40"]),
    ("Where the time goes", "where.py", [], ["--items", "20", "--rows", "5"]),
)


def main() -> None:
    """Run the scripts, each in a process of its own."""
    quick = "--quick" in sys.argv[1:]
    pages = []
    for title, script, usual, small in SCRIPTS:
        command = [sys.executable, str(ROOT / "bench" / script), *(small if quick else usual)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True)
        pages.append(f"## {title}\n\n{done.stdout}")
        print(pages[-1], flush=True)
    out = ROOT / "outputs" / "bench.md"
    out.parent.mkdir(exist_ok=True)
    out.write_text("\n".join(pages), encoding="utf-8")


if __name__ == "__main__":
    main()
