from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kgx.annotated import read_records, select
from kgx.errors import KgxError
from kgx.evaluate import arguments, dice, match_entities, mentions, score

TEXT = "甲国总统张三访问海城\n\n3月2日，甲国总统张三在海城同李四举行会谈。甲乙关系良好，张三访乙。"
GOLD: dict[str, Any] = {
    "id": "a",
    "date": "2024-03-03",
    "text": TEXT,
    "stratum": "talks",
    "entities": [
        {"name": "张三", "type": "Person", "surfaces": ["张三"]},
        {"name": "李四", "type": "Person", "surfaces": ["李四"]},
        {"name": "甲国", "type": "Country", "surfaces": ["甲国"]},
        {"name": "乙国", "type": "Country", "surfaces": []},
        {"name": "海城", "type": "Place", "surfaces": ["海城"]},
    ],
    "groups": [{"surface": "甲乙", "members": ["甲国", "乙国"]}],
    "singles": [{"context": "张三访乙", "surface": "乙", "name": "乙国"}],
    "dates": [{"surface": "3月2日", "value": "2024-03-02"}],
    "positions": [{"person": "张三", "title": "总统", "of": "甲国"}],
    "facts": [
        {
            "type": "Meet",
            "participant": ["张三", "李四"],
            "place": ["海城"],
            "date": "2024-03-02",
            "status": "actual",
            "evidence": "3月2日，甲国总统张三在海城同李四举行会谈",
        },
        {
            "type": "Visit",
            "visitor": ["张三"],
            "destination": ["乙国"],
            "status": "actual",
            "evidence": "张三访乙",
        },
    ],
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**copy.deepcopy(GOLD), **fields}


def one(predicted: dict[str, Any]) -> Any:
    return score({"a": GOLD}, {"a": predicted})


def test_evaluate_gives_full_marks_to_the_gold_itself() -> None:
    scores = one(GOLD)
    assert {tally.f1 for _, tally in scores.rows(detail=True)} == {1.0}
    assert scores.faults == []


def test_evaluate_counts_a_missing_document_as_missed() -> None:
    scores = score({"a": GOLD}, {})
    assert scores["facts"].gold == 6
    assert scores["facts"].recall == scores["facts"].precision == scores["facts"].f1 == 0.0


def test_evaluate_finds_longest_mentions_groups_and_singles() -> None:
    found = {(TEXT[a:b], kind, names) for a, b, kind, names in mentions(GOLD)}
    assert ("甲乙", "Country", frozenset({"甲国", "乙国"})) in found
    assert ("乙", "Country", frozenset({"乙国"})) in found
    assert sum(TEXT[a:b] == "张三" for a, b, _, _ in mentions(GOLD)) == 3


def test_evaluate_prefers_listed_mentions_and_then_takes_any_text() -> None:
    listed = [{"start": 0, "end": 2, "type": "Country", "names": ["甲国"]}]
    scores = one(changed(text="别的", mentions=listed))
    assert (scores["mentions"].right, scores["mentions"].predicted) == (1, 1)


def test_evaluate_refuses_another_text_without_mentions() -> None:
    with pytest.raises(KgxError, match="a: the predicted text"):
        one(changed(text="别的"))


def test_evaluate_matches_entities_by_unique_surface() -> None:
    predicted = changed(entities=[{"name": "甲国政府", "type": "Country", "surfaces": ["甲国"]}], singles=[])
    assert match_entities(GOLD, predicted) == {"甲国政府": "甲国"}


def test_evaluate_takes_any_of_where_gold_gives_none() -> None:
    gold = changed(positions=[{"person": "张三", "title": "总统"}])
    assert score({"a": gold}, {"a": GOLD})["positions"].f1 == 1.0
    predicted = changed(positions=[{"person": "张三", "title": "总统"}])
    assert one(predicted)["positions"].right == 0


def test_evaluate_leaves_anaphoric_dates_out() -> None:
    extra = [*GOLD["dates"], {"surface": "当天", "value": "2024-03-02"}]
    assert one(changed(dates=extra))["dates"].precision == 1.0


def test_evaluate_survives_an_unresolved_date() -> None:
    extra = [{"surface": "3月2日", "value": "2024-03-02"}, {"surface": "3月2日", "value": None}]
    scores = one(changed(dates=extra))
    assert (scores["dates"].right, scores["dates"].predicted) == (1, 2)


def test_evaluate_counts_arguments_of_aligned_facts() -> None:
    facts = copy.deepcopy(GOLD["facts"])
    facts[0]["participant"] = ["张三", "王五"]
    del facts[0]["place"]
    scores = one(changed(facts=facts))
    meet = scores["facts/Meet"]
    assert (meet.right, meet.predicted, meet.gold) == (2, 3, 4)
    assert [fault.kind for fault in scores.faults] == ["fact partly"]


def test_evaluate_does_not_align_by_date_or_label_alone() -> None:
    facts = [{"type": "Meet", "participant": ["王五", "赵六"], "date": "2024-03-02", "status": "actual"}]
    scores = one(changed(facts=facts))
    assert scores["facts"].right == 0
    assert {fault.kind for fault in scores.faults} == {"fact missed", "fact false"}


def test_evaluate_scores_status_on_aligned_facts() -> None:
    facts = copy.deepcopy(GOLD["facts"])
    facts[1]["status"] = "planned"
    tally = one(changed(facts=facts))["status"]
    assert (tally.right, tally.gold) == (1, 2)


def test_evaluate_compares_texts_by_bigrams() -> None:
    assert dice("核污染水排海", "核污染水排海") == 1.0
    assert dice("核污染水排海", "核污染水") == pytest.approx(2 * 3 / 8)
    assert dice("甲", "乙") == 0.0


def test_evaluate_takes_what_is_no_role_for_none() -> None:
    fact = {"type": "Sign", "signatory": ["甲"], "rule": "x", "confidence": 0.9, "place": None, "code": "031"}
    assert arguments(fact) == [("signatory", "甲")]


def test_annotated_selects_by_stratum_and_year() -> None:
    records = {"a": GOLD, "b": {**GOLD, "id": "b", "date": "2022-01-01", "stratum": "war"}}
    assert set(select(records, years=range(2022, 2024))) == {"b"}
    assert set(select(records, stratum="talks")) == {"a"}
    with pytest.raises(KgxError, match="no gold document"):
        select(records, stratum="nothing")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"id": "a"}\n{oops\n', ":2: not valid JSON"),
        ('{"id": "a"}\n[]\n', ":2: not a record"),
        ("", "no records"),
    ],
)
def test_annotated_names_file_and_line_of_a_fault(tmp_path: Path, body: str, reason: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(KgxError, match=reason) as fault:
        read_records(path)
    assert str(path) in str(fault.value)


def test_annotated_reads_one_document_as_well_as_lines(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(GOLD, indent=1), encoding="utf-8")
    assert list(read_records(path)) == ["a"]


def spoil(records: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Records with faults of all kinds in them."""
    chance = random.Random(seed)
    spoilt = []
    for record in copy.deepcopy(records):
        if chance.random() < 0.05:
            continue
        names = [entity["name"] for entity in record["entities"]]
        for fact in record["facts"]:
            for role, value in fact.items():
                if isinstance(value, list) and chance.random() < 0.4:
                    fact[role] = chance.sample(value, len(value) - 1) + [chance.choice(names)]
                elif role in ("target", "status") and chance.random() < 0.3:
                    fact[role] = value[1:]
        record["facts"] += chance.sample(record["facts"], len(record["facts"]) // 4)
        for key in ("dates", "positions", "facts"):
            record[key] = [item for item in record.get(key, []) if chance.random() < 0.85]
        for position in record["positions"]:
            position["of"] = chance.choice([position.get("of"), *names])
        for entity in record["entities"]:
            if len(entity["surfaces"]) > 1 and chance.random() < 0.3:
                entity["name"] = entity["surfaces"].pop()
        kept = {entity["name"] for entity in record["entities"]}
        record["singles"] = [single for single in record.get("singles", []) if single["name"] in kept]
        spoilt.append(record)
    return spoilt


@pytest.mark.parametrize("seed", [1, 2])
def test_evaluate_agrees_with_the_reference_scorer(shared: Path, tmp_path: Path, seed: int) -> None:
    gold = shared / "gold" / "dev.jsonl"
    predicted = tmp_path / "predicted.jsonl"
    spoilt = spoil([dict(record) for record in read_records(gold).values()], seed)
    predicted.write_text("".join(json.dumps(record) + "\n" for record in spoilt), encoding="utf-8")
    command = [sys.executable, shared / "gold" / "score.py", gold, predicted, "--errors", "99999"]
    reference = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True).stdout
    scores = score(read_records(gold), read_records(predicted))
    assert scores.as_json() == reference.splitlines()[0]
    assert [str(fault) for fault in scores.faults] == reference.splitlines()[1:]
    table = subprocess.run([*command, "--detail"], capture_output=True, text=True, check=True).stdout
    assert scores.as_table(detail=True).splitlines() == table.splitlines()[: len(scores.tallies) + 1]


def test_evaluate_counts_which_types_are_confused():
    predicted = changed(
        entities=[{"name": "张三", "type": "Organization", "surfaces": ["张三"]}],
        groups=[],
        singles=[],
        facts=[],
    )
    confusion = score({"a": GOLD}, {"a": predicted}).confusion
    assert confusion["Person", "Organization"] == 3
    assert confusion["Country", "none"] >= 1


def test_evaluate_shows_errors_sorted_by_kind_with_their_context():
    predicted = changed(entities=[], groups=[], singles=[], positions=[], facts=[])
    lines = list(score({"a": GOLD}, {"a": predicted}).fault_lines(1))
    kinds = [line.split("\t")[1] for line in lines]
    assert kinds == sorted(kinds) and len(set(kinds)) == len(kinds)
    missed = next(line for line in lines if "position missed" in line)
    assert "[总统]" in missed.split("\t")[-1]
