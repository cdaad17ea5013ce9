"""Run a quick part of the tests under each Python that kgx is declared for, as far as it is installed.

    python tools/pythons.py [--only 3.10] [ARGUMENT-OF-PYTEST ...]

Interpreters are looked for on the PATH (python3.10, …) and under ~/.pyenv/versions. Each gets an environment
of its own in .venvs/, with the versions of constraints.txt. The status is 1 where any test fails.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.10", "3.11", "3.12", "3.13")
QUICK = (
    "test_examples", "test_workers", "test_interrupts", "test_run", "test_building", "test_dates",
    "test_readers_bad_input", "test_readers_forms", "test_regexes", "test_slow_patterns",
    "test_merge_properties",
    "test_rulebook", "test_rdf_write", "test_cli", "test_explain", "test_serve",
)  # fmt: skip
MADE_FROM = ("pyproject.toml", "constraints.txt")


def interpreter(version: str) -> Path | None:
    """Where a Python of that version is."""
    if found := shutil.which(f"python{version}"):
        runs = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        if f" {version}." in runs.stdout:  # a shim of pyenv may lead to none
            return Path(found)
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    return kept[-1] if kept else None


def environment(version: str, python: Path) -> Path:
    """The Python of an environment with kgx and what its tests need."""
    home = ROOT / ".venvs" / version
    stamp = home / ".installed"
    fresh = max((ROOT / name).stat().st_mtime for name in MADE_FROM)
    if not stamp.exists() or stamp.stat().st_mtime < fresh:
        subprocess.run([python, "-m", "venv", home], check=True)
        install = [home / "bin" / "python", "-m", "pip", "install", "--quiet"]
        pins = ["--constraint", "constraints.txt", "--editable", ".[dev]"]
        subprocess.run([*install, *pins], check=True, cwd=ROOT)
        stamp.touch()
    return home / "bin" / "python"


def main() -> None:
    """Run, and print a line for each version."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", metavar="VERSION", help="may be repeated")
    options, more = parser.parse_known_args()
    tests = [f"tests/{name}.py" for name in QUICK]
    lines, well = [], True
    for version in options.only or VERSIONS:
        python = interpreter(version)
        if python is None:
            lines.append(f"Python {version}: not installed here, not tried")
            continue
        own = environment(version, python)
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [own, "-m", "pytest", *tests, *more],
            cwd=ROOT,
            env=env,
            check=False,
            stdout=subprocess.PIPE,
            text=True,
        )
        print(done.stdout, flush=True)
        named = subprocess.run([own, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        said = [line for line in done.stdout.splitlines() if " passed" in line or " failed" in line]
        lines.append(f"{named}: {said[-1].strip(' =') if said else f'status {done.returncode}'}")
        well = well and done.returncode == 0
    print("\n".join(lines), flush=True)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
