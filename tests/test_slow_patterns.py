"""Patterns of a user that take for ever: whatever command meets one stops, names the document and goes on."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kgx.cli import main
from kgx.rulebook import shipped_rules
from kgx.timelimit import Late, time_limit

SLOW = "(?:(?=1)1|1)+"  # an assertion hides from `kgx.regexes` that it explodes
ONES = "1" * 60
ARTICLE = "甲国外长林泉2日在海城会见乙国外长高山。"

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no alarms")


def rules(folder: Path, change: Callable[[str], str]) -> Path:
    """A folder of rules with the shipped page.yml, changed."""
    shipped = (shipped_rules() / "page.yml").read_text(encoding="utf-8")
    changed = change(shipped)
    assert changed != shipped
    (folder / "mine").mkdir()
    (folder / "mine" / "page.yml").write_text(changed, encoding="utf-8")
    return folder / "mine"


def with_field(name: str, value: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        lines = text.splitlines(keepends=True)
        return "".join(f"{name}: '{value}'\n" if line.startswith(f"{name}:") else line for line in lines)

    return change


def run(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, [*map(str, words), "--document-timeout", "1.5"])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("command", ["build", "extract", "explain"])
@pytest.mark.parametrize(
    ("field", "value", "record"),
    [
        ("date_field", r"(\d{4})(\d\d)(\d\d)|" + SLOW + "x", f'"date": "{ONES}"'),
        ("separators", SLOW + "x", f'"keywords": "{ONES}"'),
    ],
)
def test_slow_patterns_for_records_cost_their_record_alone(
    tmp_path: Path, command: str, field: str, value: str, record: str
) -> None:
    mine = rules(tmp_path, with_field(field, value))
    lines = tmp_path / "articles.jsonl"
    lines.write_text(
        f'{{"id": "a", "text": "{ARTICLE}", {record}}}\n{{"id": "b", "text": "{ARTICLE}"}}\n',
        encoding="utf-8",
    )
    more: list[object] = [] if command == "explain" else ["--no-model"]
    status, said, wrong = run(command, lines, "--rules", mine, "-o", tmp_path / "out", *more)
    assert status == 3, wrong
    assert f"{lines}:1: " in wrong and "not done after 1.5 s" in wrong
    assert (tmp_path / "out").exists()


def slow_line(text: str) -> str:
    """Rules with a line whose pattern explodes on many ones, and such an example."""
    mark = "\nlines:\n"
    assert mark in text
    rule = f"  - {{name: slow, kind: credit, pattern: '{SLOW}x', examples: ['{ONES}']}}\n"
    return text.replace(mark, mark + rule)


def test_slow_patterns_end_explain(tmp_path: Path) -> None:
    mine = rules(tmp_path, slow_line)
    status, said, wrong = run("explain", f"{ARTICLE}\n{ONES}", "--rules", mine)
    assert status == 3 and "text: not done after 1.5 s" in wrong
    status, said, _ = run("explain", ARTICLE, "--rules", mine)
    assert status == 0 and "林泉" in said


def test_slow_patterns_fail_their_examples(tmp_path: Path) -> None:
    mine = rules(tmp_path, slow_line)
    status, said, _ = run("rules", "test", mine, "--rule", "slow")
    assert status == 1
    assert "slow: expected an end within 1.5 s; got none" in said


def test_slow_patterns_cost_coverage_their_document_alone(tmp_path: Path) -> None:
    mine = rules(tmp_path, slow_line)
    (tmp_path / "a.txt").write_text(f"{ONES}\n{ARTICLE}", encoding="utf-8")
    (tmp_path / "b.txt").write_text(ARTICLE, encoding="utf-8")
    status, said, wrong = run("rules", "coverage", tmp_path / "a.txt", tmp_path / "b.txt", "--rules", mine)
    assert status == 3 and "a: not done after 1.5 s" in wrong and "1 documents" in wrong


def test_a_limit_within_a_limit_leaves_it_as_it_is() -> None:
    with pytest.raises(Late), time_limit(0.2):
        with time_limit(30):
            pass
        while True:
            pass
