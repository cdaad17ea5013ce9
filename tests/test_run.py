from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import kgx
from kgx import run
from kgx.errors import KgxError, Skip
from kgx.staging import staged_file, staged_folder

FILES = {
    "extractions.jsonl",
    "graph.gexf",
    "network.html",
    "graph.graphml",
    "graph.jsonld",
    "graph.nq",
    "graph.trig",
    "graph.ttl",
    "report.json",
    "report.md",
    "state.db",
}
STABLE = sorted(name for name in FILES if not name.startswith(("report", "state")))


@pytest.fixture(scope="module")
def built(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples, built by one process."""
    out = tmp_path_factory.mktemp("built") / "new" / "folder"
    run.run([examples], out)
    return out


def test_run_writes_all_files_and_nothing_else(built: Path) -> None:
    assert {path.name for path in built.iterdir()} == FILES
    assert all(path.stat().st_size for path in built.iterdir())


def test_run_reports_what_it_did(built: Path) -> None:
    report = json.loads((built / "report.json").read_text(encoding="utf-8"))
    lines = (built / "extractions.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert report["documents"] == len(records)
    assert report["undated"] == 0
    assert sum(report["stated"].values()) == sum(len(record["facts"]) for record in records)
    assert report["characters"] == sum(len(record["text"]) for record in records)
    assert report["skipped"] == []
    assert report["versions"]["kgx"] == kgx.__version__
    assert report["top_entities"][0][:2] == ["中国", "Country"]
    page = (built / "report.md").read_text(encoding="utf-8")
    for heading in ("Entities", "Facts", "Skipped", "Stopped by constraints", "Seconds", "Versions"):
        assert f"## {heading}\n" in page


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_run_gives_the_same_bytes_for_any_hash_seed_and_number_of_processes(
    examples: Path, built: Path, tmp_path: Path, seed: str
) -> None:
    program = "import sys; from kgx.cli import main; main()"
    processes = "2" if seed == "0" else "1"
    subprocess.run(
        [sys.executable, "-c", program, "build", examples, "-o", tmp_path, "--processes", processes],
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
    )
    for name in STABLE:
        assert (tmp_path / name).read_bytes() == (built / name).read_bytes(), name


def test_run_gives_the_same_graph_for_any_order_of_inputs(
    examples: Path, built: Path, tmp_path: Path
) -> None:
    run.run(sorted(examples.iterdir(), reverse=True), tmp_path)
    for name in STABLE:
        if name != "extractions.jsonl":
            assert (tmp_path / name).read_bytes() == (built / name).read_bytes(), name


def test_run_keeps_the_order_of_the_inputs(examples: Path) -> None:
    one = [extraction.document.id for extraction in run.extractions([examples])]
    two = [extraction.document.id for extraction in run.extractions([examples], processes=2)]
    assert one == two


def test_build_returns_the_graph_without_writing(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    graph = kgx.build(examples / "sco-2024.txt")
    assert graph.documents[0].date == "2024-07-05"
    assert graph.to_networkx().number_of_nodes() > 0
    assert len(graph.to_rdflib()) > 0
    assert graph.to_turtle().startswith("@prefix")
    assert list(tmp_path.iterdir()) == []


def test_extract_counts_relative_dates_from_the_date_given() -> None:
    text = "外长2日在北京会见客人。"
    assert [one.value for one in kgx.extract(text, date="2024-03-03").dates] == ["2024-03-02"]
    assert [one.value for one in kgx.extract(text).dates if one.value] == []


def test_run_tells_of_each_skip_and_document(examples: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    skips: list[Skip] = []
    documents: list[str] = []
    result = run.run(
        [tmp_path, examples / "sco-2024.txt"],
        on_skip=skips.append,
        on_document=lambda extraction: documents.append(extraction.document.id),
    )
    assert [Path(skip.path).name for skip in skips] == ["empty.txt"]
    assert tuple(skips) == result.report.skipped
    assert documents == ["sco-2024"]


def test_run_skips_a_document_that_breaks_a_stage(examples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kgx.nlp import pipeline

    real = pipeline.extract_document

    def broken(nlp, document):  # type: ignore[no-untyped-def]
        if document.id == "germany-2023":
            raise RuntimeError("broken\nstage")
        return real(nlp, document)

    monkeypatch.setattr(pipeline, "extract_document", broken)
    skips: list[Skip] = []
    found = list(run.extractions([examples], on_skip=skips.append))
    assert len(found) > 8
    assert "RuntimeError: broken stage" in str(skips[0]) and "germany-2023" in str(skips[0])


def test_run_leaves_earlier_output_when_it_fails(examples: Path, tmp_path: Path) -> None:
    (tmp_path / "graph.ttl").write_text("before", encoding="utf-8")

    def fail(_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run.run([examples], tmp_path, on_document=fail)
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".kgx-")] == ["graph.ttl"]
    assert (tmp_path / "graph.ttl").read_text(encoding="utf-8") == "before"


def test_run_refuses_an_unwritable_folder_before_it_starts(examples: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(KgxError, match="file"):
        run.run([examples], tmp_path / "file" / "out", on_document=lambda _: pytest.fail("it started"))


def test_run_uses_a_base_iri(examples: Path, tmp_path: Path) -> None:
    run.run([examples / "sco-2024.txt"], tmp_path, base_iri="https://example.org/x/")
    assert "https://example.org/x/" in (tmp_path / "graph.ttl").read_text(encoding="utf-8")
    assert "https://w3id.org/kgx-zh/id/" not in (tmp_path / "graph.nq").read_text(encoding="utf-8")


def test_staging_moves_files_only_on_success(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"
    with pytest.raises(ValueError), staged_folder(target) as stage:
        (stage / "x").write_text("x", encoding="utf-8")
        raise ValueError
    assert not (tmp_path / "a").exists()
    with staged_folder(target) as stage:
        (stage / "x").write_text("x", encoding="utf-8")
        assert not (target / "x").exists()
    assert [path.name for path in target.iterdir()] == ["x"]


def test_staging_keeps_the_old_file_on_failure(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(ValueError), staged_file(target) as stream:
        stream.write("new")
        raise ValueError
    assert target.read_text(encoding="utf-8") == "old"
    with staged_file(target) as stream:
        stream.write("new")
    assert target.read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
