"""One folder a case: `input.*`, the options to read it with, and the facts that it gives.

`expected.json` is `{"options": {…}, "documents": {id: {"date": …, "facts": […]}}}`; a fact is given by its
type, roles, date, status and evidence, all else is left to the extractor.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kgx import run
from kgx.errors import Skip
from kgx.records import to_json

CASES = Path(__file__).parent / "cases"
LEFT_OUT = ("start", "end", "rule", "confidence", "source", "code")


def facts(record: dict[str, Any]) -> list[dict[str, Any]]:
    kept = [{name: value for name, value in fact.items() if name not in LEFT_OUT} for fact in record["facts"]]
    return sorted(kept, key=lambda fact: json.dumps(fact, sort_keys=True))


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CASES.glob("*/expected.json")))
def test_cases_give_the_expected_facts(name: str) -> None:
    case = json.loads((CASES / name / "expected.json").read_text(encoding="utf-8"))
    (path,) = (CASES / name).glob("input.*")
    skips: list[Skip] = []
    found = {}
    for extraction in run.extractions(path, **case.get("options", {}), on_skip=skips.append):
        record = to_json(extraction)
        for item in (*record["facts"], *record["dates"]):
            text = item.get("evidence") or item["surface"]
            assert record["text"][item["start"] : item["end"]] == text
        found[record["id"]] = {"date": record["date"], "facts": facts(record)}
    expected = {key: {**value, "facts": facts(value)} for key, value in case["documents"].items()}
    assert (found, skips) == (expected, [])
