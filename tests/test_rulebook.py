"""Rule files: any file gives rules or one line that names it; nothing in one can do harm."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kgx
from kgx.errors import RuleError
from kgx.regexes import explodes
from kgx.rulebook import Rule, RuleFolder, load_sited, load_tsv, load_yaml, shipped_rules
from kgx.rulefiles import check, schema_of


class Pet(Rule):
    name: str
    age: int = 0
    friends: tuple[str, ...] = ()


names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8).filter(
    lambda text: not text.startswith("#") and "|" not in text
)
quick = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return path


@quick
@given(st.lists(st.tuples(names, st.integers(0, 99), st.lists(names, max_size=3)), max_size=6))
def test_rulebook_reads_what_a_table_holds(tmp_path, pets):
    rows = sorted({name: (name, age, friends) for name, age, friends in pets}.values())
    lines = ["name\tage\tfriends"] + [f"{name}\t{age}\t{'|'.join(friends)}" for name, age, friends in rows]
    found = load_tsv(written(tmp_path, "pets.tsv", "\n".join(lines)), Pet)
    assert [(one.name, one.age, list(one.friends)) for one in found] == rows


@quick
@given(st.lists(st.fixed_dictionaries({"name": names, "age": st.integers()}), max_size=6))
def test_rulebook_reads_what_yaml_holds_with_its_lines(tmp_path, pets):
    import yaml

    path = written(tmp_path, "pets.yml", yaml.safe_dump(pets, allow_unicode=True))
    assert [one.model_dump(include={"name", "age"}) for one in load_yaml(path, Pet)] == pets
    lines = [one.line() for one in load_sited(path, Pet)]
    assert lines == sorted(lines)


@quick
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_rulebook_gives_rules_or_one_line_for_any_file(tmp_path, body):
    for name, load in (("x.yml", load_yaml), ("x.tsv", load_tsv)):
        path = written(tmp_path, name, body)
        try:
            load(path, Pet)
        except RuleError as fault:
            assert str(fault).startswith(f"{path}:")
            assert "\n" not in str(fault)


@pytest.mark.parametrize(
    "text",
    [
        "- name: !!python/object/apply:os.system ['true']",
        "- !!python/name:os.system",
        "- name: 2024-13-45",
        f"- age: {'9' * 5000}",
        "[" * 5000,
        "a: &a [*a]",
        "- &a {name: *a}",
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "\n".join(
            f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "- name: a\n  age: 1\n---\n- name: b",
        "- name: \ud800",
        "\x00",
        "- {name: a, [x]: 1}",
        "- name: a\n  colour: red",
    ],
)
def test_rulebook_refuses_what_is_no_plain_rule_file(tmp_path, text):
    with pytest.raises(RuleError) as fault:
        load_yaml(written(tmp_path, "x.yml", text), Pet)
    assert str(fault.value).startswith(f"{tmp_path / 'x.yml'}:")
    assert len(str(fault.value)) < 600


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a*)*b",
        "(?:a|b+)+",
        "(?:a+b?)*",
        "((a+))+$",
        "(?P<x>.*)*",
        "(?:[a-z]+\\s*)+",
        "(a+){2,}",
        "(a{1,3})+",
    ],
)
def test_rulebook_refuses_a_pattern_that_explodes(tmp_path, pattern):
    assert explodes(pattern)
    with pytest.raises(RuleError) as fault:
        load_yaml(written(tmp_path, "x.yml", f"- name: a\n- name: '{pattern}'"), Pet)
    assert f"{tmp_path / 'x.yml'}:2: " in str(fault.value)


@pytest.mark.parametrize(
    "pattern",
    ["(a+,)+", "(?:ab)+", "(?:和平|和睦)+", "(?:[^,]+,)*[^,]+", "(", "(?:x+ y+)+", "a+(b+)?"],
)
def test_rulebook_takes_patterns_whose_rounds_are_kept_apart(pattern):
    assert not explodes(pattern)


def test_rulebook_reads_aliases(tmp_path):
    path = written(tmp_path, "x.yml", "- &one {name: a, friends: [b]}\n- *one")
    assert [one.name for one in load_yaml(path, Pet)] == ["a", "a"]


def test_rulebook_checks_a_users_folder_without_running_it(tmp_path):
    (tmp_path / "frames").mkdir()
    written(tmp_path, "frames/x.yml", "- !!python/object/new:os.system [touch x]")
    written(tmp_path, "page.yml", "- separators: '(a+)+'")
    faults = [str(fault) for fault in check(tmp_path)]
    assert len(faults) == 2
    assert all(str(tmp_path) in fault for fault in faults)
    assert schema_of("limits.yml") is not None
    assert RuleFolder(tmp_path).find("page.yml") == tmp_path / "page.yml"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("names.yml", '  m: "[', '  m: "(['), ("resolve.yml", "  ordinal: ", "  ordinal: '(x' #")],
)
def test_rulebook_names_a_pattern_that_does_not_compile(tmp_path, name, old, new):
    text = (shipped_rules() / name).read_text(encoding="utf-8")
    assert old in text
    written(tmp_path, name, text.replace(old, new, 1))
    (fault,) = check(tmp_path)
    assert str(tmp_path) in str(fault) and "regular expression" in str(fault)


def test_rulebook_finds_the_rules_that_come_with_its_code(tmp_path):
    """Those of its own tree, whatever other kgx is installed; see the wheel's test for the installed ones."""
    ignored = shutil.ignore_patterns("__pycache__", "rules")
    shutil.copytree(Path(kgx.__file__).parent, tmp_path / "kgx", ignore=ignored)
    shutil.copytree(shipped_rules(), tmp_path / "rules")
    code = "from kgx.rulebook import shipped_rules; print(shipped_rules())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()) == (tmp_path / "rules").resolve()
