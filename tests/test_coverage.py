import json

import pytest
from click.testing import CliRunner

from kgx import extract
from kgx.cli import main
from kgx.coverage import coverage
from kgx.records import to_json

TEXT = (
    "习近平同普京会谈\n\n3月2日，国家主席习近平在北京同俄罗斯总统普京举行会谈。普京表示，俄方支持这一方案。\n"
)


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "corpus.jsonl"
    record = {"id": "a", "date": "2024-03-05", "text": TEXT}
    path.write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def gold(tmp_path):
    """Gold with the meeting right and the stance another one's."""
    record = to_json(extract(TEXT, date="2024-03-05", id="a"))
    record["facts"] = [fact for fact in record["facts"] if fact["type"] == "Meet"]
    record.pop("mentions")
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def test_coverage_counts_what_fired_and_quotes_it(corpus):
    found = coverage([corpus])
    assert found.documents == 1
    assert found.rules["talks"].fired == 1
    assert "普京举行会谈" in found.rules["talks"].evidence[0]
    assert "attack" in found.dead
    assert "talks" not in found.dead


def test_coverage_holds_each_rule_to_gold(corpus, gold):
    found = coverage([corpus], gold=gold)
    assert found.rules["talks"].facts.precision == 1
    assert found.rules["talks"].arguments.right == 4
    assert found.rules["support"].facts.precision == 0
    assert found.rules["support"].facts.predicted == 1


def test_coverage_command_marks_dead_rules(corpus, gold):
    done = CliRunner().invoke(main, ["rules", "coverage", str(corpus), "--gold", str(gold)])
    assert done.exit_code == 0, done.output
    rows = {line.split()[0]: line for line in done.output.splitlines() if line and not line.startswith(" ")}
    assert "1.00 of 1" in rows["talks"]
    assert "never fired" in rows["attack"]


def test_coverage_shows_a_users_frames(corpus, tmp_path):
    frames = tmp_path / "mine" / "frames"
    frames.mkdir(parents=True)
    (frames / "own.yml").write_text(
        "- {name: own, emits: Meet, triggers: [碰头], slots: {participant: [subject, with]}}\n", "utf-8"
    )
    assert "own" in coverage([corpus], rules=tmp_path / "mine").dead
