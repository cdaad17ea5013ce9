"""All commands of the docs run, all Python in them too; links lead somewhere; generated pages are current."""

from __future__ import annotations

import ast
import contextlib
import datetime
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import kgx
from kgx import errors, run
from kgx.cli import main
from kgx.store import embedded

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (ROOT, ROOT / "docs", ROOT / "outputs")
    for path in folder.glob("*.md")
)
# What is not run here: the beginning of a command, and why.
NOT_RUN = {
    "make": "the targets run the tests, or are run by the checks themselves",
    "python3 -m venv": "sets up; tests/test_wheel.py does so",
    ". kgx-env/bin/activate": "sets up",
    ".venv/bin/python": "measures, for a long time",
    "kgx-env/bin/pip": "installs",
    "pip": "installs",
    "neo4j-admin": "needs Neo4j",
    "duckdb": "needs DuckDB",
    "kgx spark": "tests/test_spark.py",
    "spark-submit": "needs a cluster",
    "kubectl": "needs a cluster",
    "docker": "needs Docker",
    "hdfs": "needs a cluster",
    "venv-pack": "needs a cluster",
}
NEEDS = {
    "../shared": "needs what is not part of the repository",
    "--endpoint": "needs a server; tests/test_store_http.py",
}
SERVERS = {"serve", "explore"}  # run until they are stopped; their own tests start them


def blocks(language: str, page: str) -> list[str]:
    """The fenced code of a language on a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```(?:{language})\n(.*?)^```", text, re.M | re.S)


def whole_lines(block: str) -> list[str]:
    """The lines of a block; one that ends within quotation marks, or in a backslash, goes on in the next."""
    out: list[str] = []
    for line in block.replace("\\\n", " ").splitlines():
        if out and out[-1].partition("#")[0].count("'") % 2:
            out[-1] += f" {line.strip()}"
        else:
            out.append(line)
    return out


def all_commands(page: str) -> list[tuple[str, str]]:
    """All commands on a page, in order, without comments, each with the line that it stands in."""
    lines = [line for block in blocks("sh|console|bash", page) for line in whole_lines(block)]
    given = [(shlex.split(line.removeprefix("$ "), comments=True), line) for line in lines]
    return [(shlex.join(words), line) for words, line in given if words]


def commands(page: str) -> list[str]:
    """The commands on a page that are run here, in order."""
    return [
        command
        for command, line in all_commands(page)
        if not any(f"{command} ".startswith(f"{start} ") for start in NOT_RUN)
        and not any(part in line for part in NEEDS)
    ]


def answers(page: str) -> dict[str, str]:
    """What a README shows as the answer of a command, in a block of no language below it."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(r"^```sh\n((?:(?!^```).)*)^```\n\n```\n(.*?)^```", text, re.M | re.S)
    return {shlex.join(shlex.split(whole_lines(block)[-1])): answer for block, answer in found}


def interrupt(out: Path) -> None:
    """Begin a build, and break it off."""

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt):
        run.run(["examples"], out, model=False, formats="none", on_document=stop)


def person(number: int) -> str:
    """An article of docs/identity.md, which writes a name in two ways."""
    name = "施密德" if number == 21 else "施密特"
    text = f"3月2日，德国外交部发言人{name}在柏林会见法国外交部发言人马丁。这是第{number}次会见。"
    return json.dumps({"id": f"article-{number}", "date": "2024-03-03", "text": text}) + "\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the docs speak of: examples/, articles/, a loaded build in DIR, rules in mine/."""
    home = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "examples", home / "examples")
    (home / "articles").mkdir()
    for name in ("sco-2024.txt", "vietnam-2023.txt"):
        shutil.copy(ROOT / "examples" / name, home / "articles" / name)
    shutil.copy(ROOT / "examples" / "sco-2024.txt", home / "article.txt")
    (home / "outputs").mkdir()
    kgx.build(home / "articles", home / "DIR", model=False)
    embedded.load(home / "DIR")
    (home / "people.jsonl").write_text("".join(map(person, (17, 18, 20, 21))), encoding="utf-8")
    kgx.build(home / "people.jsonl", home / "out", model=False)
    for block in blocks("yaml", "docs/rules.md"):
        name = block.partition("\n")[0].removeprefix("# ").strip()
        if name.startswith("mine/"):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(block, encoding="utf-8")
    return home


@pytest.fixture
def workplace(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Such a folder for one test, which is where it runs."""
    home = tmp_path / "home"
    shutil.copytree(built, home)
    monkeypatch.chdir(home)
    return home


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)])
def test_docs_commands_run(workplace: Path, page: str) -> None:
    expected = answers(page)
    for command in commands(page):
        program, *words = shlex.split(command)
        assert Path(program).name == "kgx", f"{command}: is neither run here nor named in NOT_RUN"
        target = None
        if ">" in words:
            words, (target,) = words[: words.index(">")], words[words.index(">") + 1 :]
        if words[0] in SERVERS:
            words = [words[0], "--help"]
        if "--resume" in words:
            interrupt(Path(words[words.index("-o") + 1]))
        if command in expected:
            words += ["--format", "table"]  # as a terminal shows it
        done = CliRunner().invoke(main, words)
        if errors.NO_FONT in done.output:
            continue  # pictures want a Chinese font, which this machine lacks
        assert done.exit_code == 0, (command, done.output)
        if target is not None:
            Path(target).write_text(done.stdout, encoding="utf-8")
        if command in expected:
            assert done.stdout.split() == expected.pop(command).split()
    assert not expected, "an answer without a command that gives it"


def test_docs_readmes_show_an_answer() -> None:
    for page in ("README.md", "README.zh.md"):
        (command,) = answers(page)
        assert command.startswith("kgx query ") and command in commands(page)


def test_docs_readmes_hold_the_same() -> None:
    """Commands, Python, links, exit statuses and answers are those of the other language."""

    def held(page: str) -> list[object]:
        text = (ROOT / page).read_text(encoding="utf-8")
        links = set(re.findall(r"\]\(([^)]+)\)", text)) - {"README.md", "README.zh.md"}
        code = [ast.dump(ast.parse(block)) for block in blocks("python", page)]
        statuses = re.findall(r"^\| (\d+) \|", text, re.M)
        headings = len(re.findall(r"^## ", text, re.M))
        given = [command for command, _ in all_commands(page)]
        return [given, code, links, statuses, headings, text.count("\n- "), answers(page)]

    english, chinese = held("README.md"), held("README.zh.md")
    assert chinese == english


@pytest.mark.parametrize("page", PAGES)
def test_docs_commands_stand_in_fences(page: str) -> None:
    """Else they would not be run here."""
    text = re.sub(r"^```.*?^```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.M | re.S)
    assert not re.findall(r"^(?: {4}|\t)(?:\$ )?(?:kgx|make|pip|python3?|\.venv/\S+) .*", text, re.M)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks("python", page)])
def test_docs_python_runs(workplace: Path, page: str) -> None:
    scope: dict[str, object] = {"__name__": "__docs__"}
    for block in blocks("python", page):
        exec(compile(block, page, "exec"), scope)


def test_docs_citation_names_this_version() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == kgx.__version__
    assert isinstance(cited["date-released"], datetime.date)


@pytest.mark.parametrize("page", PAGES)
def test_docs_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert ((ROOT / page).parent / link).exists(), link


def test_docs_command_reference_is_current() -> None:
    tool = [sys.executable, ROOT / "tools" / "cli_reference.py", "--check"]
    done = subprocess.run(tool, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_docs_name_every_module() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = [path.relative_to(ROOT) for path in sorted((ROOT / "kgx").rglob("*.py"))]
    missing = [
        path.as_posix()
        for path in modules
        if not path.name.startswith("__")
        and path.name not in text
        and (len(path.parts) < 3 or f"`{path.parent.as_posix()}/`" not in text)
    ]
    assert not missing, f"add to docs/architecture.md: {missing}"
