import pytest
from click.testing import CliRunner

from kgx.cli import main
from kgx.errors import KgxError
from kgx.ruletest import test_rules as run_rules

FRAME = """\
- name: mine
  emits: Meet
  triggers: [碰头]
  slots:
    participant: [subject, with]
  need: {participant: 2}
"""


def outcome(tmp_path, more, only="mine"):
    path = tmp_path / "frames" / "mine.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(FRAME + more, encoding="utf-8")
    return run_rules(tmp_path, only=only)


def test_ruletest_every_shipped_rule_holds():
    found = run_rules()
    assert [str(failure) for failure in found.failures] == []
    assert found.rules > 60
    assert found.examples >= found.rules
    assert found.counter_examples >= 60


def test_ruletest_a_rule_without_examples_fails(tmp_path):
    assert [failure.expected for failure in outcome(tmp_path, "").failures] == [
        "examples, at least one",
        "counter_examples, at least one",
    ]


@pytest.mark.parametrize(
    "gives",
    [
        "{participant: [习近平, 普京], date: 03-02}",
        "{participant: [普京, 习近平], date: 2024-03-02, status: actual}",
    ],
)
def test_ruletest_an_example_holds(tmp_path, gives):
    more = f"  examples:\n    - text: 3月2日，习近平同普京碰头。\n      gives: {gives}\n"
    more += "  counter_examples:\n    - 习近平碰头。\n"
    assert outcome(tmp_path, more).failures == ()


@pytest.mark.parametrize(
    "gives",
    [
        "{participant: [习近平, 马克龙], date: 03-02}",  # another filler
        "{participant: [习近平, 普京]}",  # no date
        "{participant: [习近平, 普京], place: [北京], date: 03-02}",  # one more role
        "{participant: [习近平, 普京], date: 03-02, status: planned}",
        "[{participant: [习近平, 普京], date: 03-02}, {participant: [习近平, 普京], date: 03-02}]",
    ],
)
def test_ruletest_an_example_must_be_exact(tmp_path, gives):
    more = f"  examples:\n    - text: 3月2日，习近平同普京碰头。\n      gives: {gives}\n"
    more += "  counter_examples:\n    - 习近平碰头。\n"
    (failure,) = outcome(tmp_path, more).failures
    assert failure.line == 8
    assert str(failure).startswith(f"{tmp_path}/frames/mine.yml:8: mine: expected {{participant 习近平、")
    assert "got {participant 习近平、普京, date 2024-03-02, status actual}" in str(failure)


def test_ruletest_counter_examples_must_stay_silent_and_hold_a_trigger(tmp_path):
    more = "  examples:\n    - {text: 习近平同普京碰头。, gives: {participant: [习近平, 普京]}}\n"
    more += "  counter_examples:\n    - 习近平同普京碰头。\n    - 习近平同普京散步。\n"
    failures = outcome(tmp_path, more).failures
    assert [(failure.line, failure.expected) for failure in failures] == [
        (10, "no fact"),
        (11, "a trigger of the rule in the text"),
    ]


def test_ruletest_unknown_rule_is_refused():
    with pytest.raises(KgxError, match="no rule is called 'nonsense'"):
        run_rules(only="nonsense")


def test_ruletest_command_ends_with_1_where_a_rule_fails(tmp_path):
    outcome(tmp_path, "")
    done = CliRunner().invoke(main, ["rules", "test", str(tmp_path), "--rule", "mine"])
    assert done.exit_code == 1
    assert "frames/mine.yml:1: mine: expected examples, at least one; got none" in done.output
    assert "1 rules, 0 examples, 0 counter-examples, 2 failures" in done.output


def test_ruletest_command_ends_with_0_where_all_hold():
    done = CliRunner().invoke(main, ["rules", "test", "--rule", "talks"])
    assert done.exit_code == 0, done.output
