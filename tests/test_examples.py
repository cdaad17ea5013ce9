from __future__ import annotations

from pathlib import Path

import pytest

import kgx
from kgx.rulefiles import schema_of

ROOT = Path(__file__).resolve().parent.parent


def test_examples_give_the_graph_in_git(examples: Path) -> None:
    stored = (ROOT / "outputs" / "examples" / "graph.ttl").read_bytes()
    fresh = kgx.build(examples).to_turtle().encode()
    if fresh != stored:
        pytest.fail("the graph of the examples changed: run `make run`, read the diff, commit it")


def test_examples_come_in_every_form(examples: Path) -> None:
    names = {path.name for path in examples.iterdir()}
    forms = {".txt", ".html", ".jsonl", ".json", ".md", ".csv", ".gz"}
    assert forms <= {suffix for name in names for suffix in [Path(name).suffix]}


def test_examples_all_have_a_date_and_facts(examples: Path) -> None:
    from kgx import run

    found = list(run.extractions([examples]))
    assert len(found) >= 8
    for extraction in found:
        assert extraction.document.date, extraction.document.id
        assert extraction.facts, extraction.document.id
        assert extraction.entities and extraction.dates and extraction.mentions


def test_rules_have_a_schema_each() -> None:
    for path in sorted((ROOT / "rules").rglob("*")):
        if path.suffix in (".yml", ".yaml", ".tsv"):
            assert schema_of(path.relative_to(ROOT / "rules").as_posix()), path


def test_packages_hold_every_folder_of_code_and_rules() -> None:
    listed = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.setuptools]")[2]
    code = {path.parent.relative_to(ROOT) for path in (ROOT / "kgx").rglob("*.py")}
    rules = {
        Path("kgx") / path.parent.relative_to(ROOT)
        for kind in ("yml", "tsv")
        for path in (ROOT / "rules").rglob(f"*.{kind}")
    }
    for folder in sorted(code | rules):
        assert f'"{".".join(folder.parts)}"' in listed, f"add {folder} to the packages in pyproject.toml"
