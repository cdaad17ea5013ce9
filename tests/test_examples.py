from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import kgx
from kgx.cli import main
from kgx.rulefiles import schema_of

ROOT = Path(__file__).resolve().parent.parent
IGNORED = ("make ", "python3 -m venv", ".venv/bin/pip")  # not run here: they set up or run the tests


def blocks(language: str, page: str) -> list[str]:
    """The fenced code of a language on a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def commands(page: str) -> list[str]:
    lines = [line.partition("#")[0].strip() for block in blocks("sh", page) for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith(IGNORED) and "../shared" not in line]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the repository, to run commands of the docs in."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "outputs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


SERVERS = {"serve", "explore"}  # run until they are stopped; their own tests start them


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_readme_commands_run(workplace: Path, page: str) -> None:
    found = commands(page)
    assert len(found) >= 4
    for command in found:
        program, *arguments = shlex.split(command)
        assert program.endswith("kgx"), command
        if arguments[0] in SERVERS:
            arguments = [arguments[0], "--help"]
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, (command, done.output)


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_readme_python_runs(workplace: Path, page: str) -> None:
    found = blocks("python", page)
    assert found
    for block in found:
        exec(compile(block, page, "exec"), {})


@pytest.mark.parametrize("page", sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("*.md")))
def test_readme_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (ROOT / link).exists(), link


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
