"""A build sorted on disk gives what a build in memory gives."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kgx import run, streaming
from kgx.cli import main
from kgx.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from kgx.runs import Lookup, Sorted

SAME = ("graph.nq", "extractions.jsonl")
# One fact told thrice, a person of one name who is two, a fact whose reports differ, names that are voted on.
TEXTS = [
    "5月1日，中国国家主席习近平在北京同法国总统马克龙举行会谈。",
    "5月1日，中国国家主席习近平同法国总统马克龙举行会谈。",
    "法国总统马克龙（Emmanuel Macron）2日访问上海合作组织秘书处。",
    "新西兰海岸协会同挪威渔业学会4日在奥斯陆签署合作备忘录。",
    "5日，挪威渔业学会会长汉森会见新西兰海岸协会代表团。",
    "挪威外交大臣安德森在奥斯陆会见越南外长。",
    "瑞典外交大臣安德森会见越南外长。",
    "外交部发言人毛宁3日表示，中方支持巴勒斯坦成为联合国正式会员国。",
]


def build(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["build", *map(str, words)])
    return done.exit_code, done.stderr


def report(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    found.pop("seconds")
    return found


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    records = [
        {"id": f"n{9 * number % 31}", "date": f"2024-05-{number % 8 + 2:02}", "text": TEXTS[number % 8]}
        for number in range(31)
    ]
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


@pytest.mark.parametrize("run_bytes", [1 << 20, 2000])
def test_streaming_gives_the_bytes_of_a_build_in_memory(
    articles: Path, examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_bytes: int
) -> None:
    monkeypatch.setattr(streaming, "RUN_BYTES", run_bytes)
    monkeypatch.setattr("kgx.runs.MOST_RUNS", 3)
    options = [articles, examples, "--no-model", "--base-iri", "https://example.org/x/"]
    (tmp_path / "streamed").mkdir()
    for name in ("whole", "streamed"):  # both obey the decisions that lie in their folder
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "identity.tsv").write_text(
            "entity\tdecision\ttarget\tdocuments\nperson/毛宁\tsplit\tperson/毛宁-乙\tn1|n5\n",
            encoding="utf-8",
        )
    assert build(*options, "-o", tmp_path / "whole", "--formats", "nquads")[0] == EXIT_OK
    assert build(*options, "-o", tmp_path / "streamed", "--stream", "--processes", 2)[0] == EXIT_OK
    for name in SAME:
        assert (tmp_path / "streamed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert report(tmp_path / "streamed") == report(tmp_path / "whole")
    found = {path.name for path in (tmp_path / "streamed").iterdir()}
    assert found == {*SAME, "report.json", "report.md", "identity.tsv"}


def test_streaming_leaves_what_was_there_where_nothing_is_read(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert build(articles, "-o", out, "--no-model", "--stream")[0] == EXIT_OK
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (tmp_path / "none.txt").write_text("", encoding="utf-8")
    assert build(tmp_path / "none.txt", "-o", out, "--stream")[0] == EXIT_FAILED
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_build_after_a_streamed_one_reads_all_again(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert build(articles, "-o", out, "--no-model", "--formats", "nquads")[0] == EXIT_OK
    whole = (out / "graph.nq").read_bytes()
    assert build(articles, "-o", out, "--no-model", "--stream")[0] == EXIT_OK
    assert run.run([articles], out, model=False, formats="nquads").read == 31
    assert (out / "graph.nq").read_bytes() == whole


@pytest.mark.parametrize("more", [["--formats", "turtle"], ["--resume"]])
def test_streaming_refuses_what_it_cannot_do(articles: Path, tmp_path: Path, more: list[str]) -> None:
    status, said = build(articles, "-o", tmp_path / "out", "--stream", *more)
    assert status == EXIT_USAGE and "--stream writes N-Quads" in said
    assert not (tmp_path / "out").exists()


@given(
    rows=st.lists(st.tuples(st.text("ab", max_size=3), st.text("xy", max_size=2), st.integers())),
    run_bytes=st.integers(1, 2000),
)
def test_sorted_rows_come_back_in_order(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, int]], run_bytes: int
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kgx.runs.MOST_RUNS", 3)
        held = Sorted(folder, "rows", run_bytes)
        beside = Sorted(folder, "beside", run_bytes)
        for first, second, value in rows:
            held.add((first, second), value)
            beside.add((first,), value)
        ordered = sorted(rows, key=lambda row: row[:2])
        assert list(held) == [((first, second), value) for first, second, value in ordered]
        expected = {
            key: [row[2] for row in some]
            for key, some in groupby(sorted(rows, key=lambda row: row[0]), key=lambda row: row[0])
        }
        lookup = Lookup(beside)
        for key in ("", "a", "ab", "b", "bb"):
            assert lookup.of(key) == expected.get(key, [])
