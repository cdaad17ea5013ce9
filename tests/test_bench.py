"""The scripts that measure: that they run on what a build writes."""

import subprocess
import sys
from pathlib import Path

from kgx import run

ROOT = Path(__file__).resolve().parent.parent


def test_bench_computes_costs_from_a_build(tmp_path):
    run.run([ROOT / "examples" / "sco-2024.txt"], tmp_path, formats="turtle,nquads", model=False)
    command = [sys.executable, ROOT / "bench" / "cost.py", tmp_path, "--articles", "1000"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "| articles | 1 |" in done.stdout and "| core hours |" in done.stdout
    assert "GB of graph.nq" in done.stdout
