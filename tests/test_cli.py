from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kgx.cli import main
from kgx.errors import EXIT_FAILED, EXIT_INVALID, EXIT_OK, EXIT_SKIPPED, EXIT_USAGE
from kgx.version import __version__

HEAVY = {"jieba", "networkx", "opencc", "pydantic", "pyoxigraph", "rdflib", "rich", "rjieba", "spacy", "yaml"}
TEXT = "甲国总统会见客人\n\n新华社北京3月2日电　国家主席习近平2日在北京同俄罗斯总统普京举行会谈。"


def kgx(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "arguments", [["--help"], ["build", "--help"], ["--version"], ["rules", "check", "-h"]]
)
def test_cli_loads_nothing_heavy_for_help(arguments: list[str]) -> None:
    program = (
        "import sys; from kgx.cli import main; main(sys.argv[1:], standalone_mode=False, prog_name='kgx');"
        "print('loaded:', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.partition("loaded:")[2].split()
    assert "click" in loaded
    assert not HEAVY & set(loaded)


def test_cli_imports_the_package_without_its_parts() -> None:
    program = "import sys, kgx; print(*sorted(name for name in sys.modules if name.startswith('kgx')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["kgx", "kgx.version"]


def test_cli_says_its_version() -> None:
    assert __version__ in kgx("--version").output


def test_cli_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "kgx", "--help"], capture_output=True, text=True, check=True)
    assert "Exit status" in done.stdout


def test_cli_extracts_json_lines_to_standard_output(article: Path) -> None:
    done = kgx("extract", article, "--date", "2024-03-03")
    assert done.exit_code == EXIT_OK
    (record,) = map(json.loads, done.stdout.splitlines())
    assert (record["id"], record["date"], record["text"]) == ("article", "2024-03-03", TEXT)
    assert {"surface": "3月2日", "value": "2024-03-02"}.items() <= record["dates"][0].items()
    for mention in record["mentions"]:
        assert set(mention["names"]) <= {entity["name"] for entity in record["entities"]}
    for fact in record["facts"]:
        assert TEXT[fact["start"] : fact["end"]] == fact["evidence"]


def test_cli_extracts_to_a_file(article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = kgx("extract", article, "-o", out)
    assert (done.exit_code, done.stdout) == (EXIT_OK, "")
    assert json.loads(out.read_text(encoding="utf-8"))["text"] == TEXT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["article.txt", "out.jsonl"]


def test_cli_keeps_ids_and_maps_fields(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"id": "x-1", "content": TEXT, "pubdate": "2024-03-03"}), encoding="utf-8")
    done = kgx("extract", path, "--fields", "text=content,date=pubdate")
    record = json.loads(done.stdout)
    assert (record["id"], record["date"], record["text"]) == ("x-1", "2024-03-03", TEXT)


def test_cli_reads_standard_input() -> None:
    done = kgx("extract", "-", "--date", "2024-03-03", stdin=TEXT.encode())
    assert json.loads(done.stdout)["text"] == TEXT


def test_cli_shows_no_bar_where_nobody_watches(article: Path, tmp_path: Path) -> None:
    done = kgx("build", article, "-o", tmp_path / "out")
    assert done.exit_code == EXIT_OK
    assert "\x1b" not in done.stderr and "\r" not in done.stderr
    assert len(done.stderr.splitlines()) == 1  # the summary


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--fields", "text"),
        ("--date", "yesterday"),
        ("--encoding", "klingon"),
        ("--rules", "/nowhere"),
        ("--processes", "0"),
        ("--base-iri", "not an iri"),
    ],
)
def test_cli_refuses_wrong_options_in_one_line(
    article: Path, tmp_path: Path, option: str, value: str
) -> None:
    done = kgx("build", article, "-o", tmp_path / "out", option, value)
    assert done.exit_code == EXIT_USAGE
    assert value in done.stderr.splitlines()[-1]
    assert not (tmp_path / "out").exists()


def bad_inputs(folder: Path) -> dict[str, str]:
    """Makes files of every bad kind; {name: what its line says}."""
    (folder / "empty.txt").write_bytes(b"")
    (folder / "junk.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "cut.txt.gz").write_bytes(gzip.compress(TEXT.encode() * 99)[:-20])
    (folder / "not.json").write_text("{oops", encoding="utf-8")
    lines = [json.dumps({"id": f"r{i}", "text": TEXT, "n": i}) for i in range(10)]
    lines[2] = '{"id": "r2", "text": '
    lines[6] = '{"id": "r6"}'
    (folder / "ten.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return {"empty.txt": "empty.txt: ", "junk.txt": "junk.txt: ", "cut.txt.gz": "cut.txt.gz",
            "not.json": "not.json", "ten.jsonl": "ten.jsonl:3: "}  # fmt: skip


def test_cli_names_each_bad_input_and_does_the_rest(article: Path, tmp_path: Path) -> None:
    expected = bad_inputs(tmp_path)
    done = kgx("extract", tmp_path)
    assert done.exit_code == EXIT_SKIPPED
    assert "Traceback" not in done.stderr
    for words in (*expected.values(), "ten.jsonl:7: "):
        assert sum(words in line for line in done.stderr.splitlines()) == 1, words
    ids = [json.loads(line)["id"] for line in done.stdout.splitlines()]
    assert ids[0] == "article" and "r9" in ids and "r2" not in ids and "r6" not in ids


@pytest.mark.parametrize("name", ["empty.txt", "junk.txt", "cut.txt.gz", "not.json", "missing.txt", "folder"])
def test_cli_writes_nothing_where_nothing_is_read(tmp_path: Path, name: str) -> None:
    bad_inputs(tmp_path)
    (tmp_path / "folder").mkdir()
    out = tmp_path / "out"
    done = kgx("build", tmp_path / name, "-o", out)
    assert done.exit_code == EXIT_FAILED
    assert name in done.stderr and "nothing was written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


@pytest.mark.parametrize("command", ["build", "extract"])
def test_cli_names_an_output_that_cannot_be_written(article: Path, command: str) -> None:
    done = kgx(command, article, "-o", article / "out")
    assert done.exit_code == EXIT_FAILED
    assert done.stderr.count("\n") == 1
    assert str(article / "out") in done.stderr and "--output" in done.stderr


def test_cli_validates_a_graph(article: Path, tmp_path: Path) -> None:
    kgx("build", article, "-o", tmp_path / "out", "--date", "2024-03-03")
    done = kgx("validate", tmp_path / "out" / "graph.ttl")
    assert done.exit_code == EXIT_OK, done.output


def test_cli_reports_faults_of_a_graph(tmp_path: Path) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text(
        "@prefix kgx: <https://w3id.org/kgx-zh/ontology#> .\n<https://example.org/id/1> a kgx:Meet .\n",
        encoding="utf-8",
    )
    done = kgx("validate", path)
    assert done.exit_code == EXIT_INVALID
    assert "https://example.org/id/1" in done.stdout


@pytest.mark.parametrize("body", [None, "no turtle at all"])
def test_cli_says_why_a_graph_cannot_be_validated(tmp_path: Path, body: str | None) -> None:
    path = tmp_path / "bad.ttl"
    if body is not None:
        path.write_text(body, encoding="utf-8")
    done = kgx("validate", path)
    assert done.exit_code == EXIT_FAILED
    assert str(path) in done.stderr and "Traceback" not in done.stderr


def test_cli_checks_shipped_rules() -> None:
    assert kgx("rules", "check").exit_code == EXIT_OK


def test_cli_lists_rules() -> None:
    done = kgx("rules", "list")
    assert any(line.split()[0] == "facts.yml" for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    ("name", "body", "where"),
    [
        ("titles.tsv", "no\tsuch\tcolumns\n", "titles.tsv:1: "),
        ("scoring.yml", "- blocks: [甲]\n  anaphoric: []\n  unknown: 1\n", "scoring.yml:"),
        ("speech.yml", "a: [\n", "speech.yml:"),
        ("invented.yml", "a: 1\n", "invented.yml: no rule file of that name"),
    ],
)
def test_cli_names_file_and_line_of_a_wrong_rule(tmp_path: Path, name: str, body: str, where: str) -> None:
    (tmp_path / name).write_text(body, encoding="utf-8")
    done = kgx("rules", "check", tmp_path)
    assert done.exit_code == EXIT_INVALID
    assert where in done.stderr


@pytest.mark.parametrize("processes", [1, 2])
def test_cli_refuses_to_build_with_wrong_rules(article: Path, tmp_path: Path, processes: int) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "titles.tsv").write_text("no\tsuch\tcolumns\n", encoding="utf-8")
    done = kgx("build", article, "-o", tmp_path / "out", "--rules", rules, "--processes", processes)
    assert done.exit_code == EXIT_FAILED
    assert "titles.tsv:1: " in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["build", "extract", "explain"])
def test_cli_refuses_rule_files_of_unknown_names(article: Path, tmp_path: Path, command: str) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "README.md").write_text("Our rules.\n", encoding="utf-8")
    done = kgx(command, article, "-o", tmp_path / "out", "--rules", rules)
    assert done.exit_code == EXIT_OK, done.stderr
    (rules / "frame.yml").write_text("[]\n", encoding="utf-8")  # frames/*.yml is meant
    done = kgx(command, article, "-o", tmp_path / "other", "--rules", rules)
    assert done.exit_code == EXIT_FAILED
    assert "frame.yml: no rule file of that name" in done.stderr
    assert not (tmp_path / "other").exists()


def test_cli_scores_a_prediction_and_the_pipeline(article: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    kgx("extract", article, "-o", gold, "--date", "2024-03-03")
    for arguments in ([gold, gold], [gold]):
        done = kgx("eval", *arguments, "--json")
        assert done.exit_code == EXIT_OK, done.output
        assert json.loads(done.stdout)["mentions"] == [1.0, 1.0, 1.0]
    done = kgx("eval", gold, gold, "--years", "1999")
    assert done.exit_code == EXIT_FAILED
    assert "--years" in done.stderr


def test_cli_prints_table_and_errors(tmp_path: Path) -> None:
    gold, predicted = tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"
    entity = {"name": "张三", "type": "Person", "surfaces": ["张三"]}
    record = {"id": "a", "text": "张三", "entities": [entity], "facts": []}
    gold.write_text(json.dumps(record), encoding="utf-8")
    predicted.write_text(json.dumps({**record, "entities": []}), encoding="utf-8")
    lines = kgx("eval", gold, predicted, "--detail", "--errors", "5").stdout.splitlines()
    assert lines[0].split() == ["measure", "P", "R", "F1", "tp", "pred", "gold"]
    assert any(line.startswith("mentions/Person") for line in lines)
    assert "errors: 1 mention missed" in lines
    assert lines[-1].split("\t") == ["a", "mention missed", "张三", "Person", "[张三]"]
    assert not any("/" in line for line in kgx("eval", gold, predicted, "--brief").stdout.splitlines())
