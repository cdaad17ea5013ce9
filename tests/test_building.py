from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from articles import first, second
from hypothesis import given, settings
from hypothesis import strategies as st

from kgx import building, run
from kgx.building import Plan, build_into
from kgx.errors import KgxError
from kgx.model import Document, Entity, Extraction, Position
from kgx.outputs import FORMATS
from kgx.rulebook import RuleFolder
from kgx.state.folder import BuildFolder, Journal

TEXTS = ("turtle", "trig", "nquads", "jsonld")
FILES = ("graph.ttl", "graph.trig", "graph.nq", "graph.jsonld", "extractions.jsonl")


def variants() -> list[Extraction]:
    """Documents that share entities, facts, names of different persons, and labels that may tip over."""
    one, two = first(), second()
    long = replace(one.entities[0], name="高山山")
    named = replace(one, entities=(long, *one.entities[1:]), facts=(), positions=())
    undated = replace(one, facts=tuple(replace(fact, date=None) for fact in one.facts))
    later = replace(two, document=replace(two.document, date="2024-05-01"))
    out = [one, two, named, undated, later]
    for state in ("中国", "法国", "美国"):
        text = f"{state}部长方明说。"
        out.append(
            Extraction(
                Document("x", text, date="2024-03-03", publisher=f"{state}日报"),
                entities=(Entity("方明", "Person", ("方明",)), Entity(state, "Country", (state,))),
                positions=(Position("方明", "部长", state, 0, 6),),
                topics=("部长", state),
            )
        )
    lone = Entity("方明", "Person", ("方明",))
    out.append(Extraction(Document("x", "方明来访。", date="2024-03-05"), entities=(lone,)))
    return out


RULES = RuleFolder()
VARIANTS = variants()
CORPUS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, len(VARIANTS) - 1), min_size=1)


def made(out: Path, corpus: dict[str, int], formats: tuple[str, ...] = TEXTS) -> building.Made:
    """Build a folder of some variants, under the ids given."""
    held = {
        name: replace(VARIANTS[n], document=replace(VARIANTS[n].document, id=name, section=str(n)))
        for name, n in corpus.items()
    }

    def extract(documents: Iterable[Document], _: bool) -> Iterator[Extraction]:
        return (held[one.id] for one in documents)

    plan = Plan(RULES, "the same", formats, ("test",))
    with BuildFolder.hold(out) as folder:
        documents = [one.document for one in held.values()]
        return build_into(folder, documents, extract, plan, lambda _: None, lambda _: None)


def bytes_of(folder: Path, names: Iterable[str] = FILES) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names}


@settings(max_examples=15, deadline=None)
@given(st.lists(CORPUS, min_size=2, max_size=3))
def test_building_by_changes_gives_the_bytes_of_a_build_from_nothing(corpora: list[dict[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as root:
        for number, corpus in enumerate(corpora):
            after = made(Path(root) / "kept", corpus)
            anew = made(Path(root) / str(number), corpus)
            assert bytes_of(Path(root) / "kept") == bytes_of(Path(root) / str(number))
            assert after.counts == anew.counts
            assert after.tally == anew.tally


def test_building_again_reads_and_writes_nothing(tmp_path: Path) -> None:
    made(tmp_path, {"a": 0, "b": 1}, FORMATS)
    times = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = made(tmp_path, {"a": 0, "b": 1}, FORMATS)
    assert (again.read, again.withdrawn, again.changed) == (0, 0, False)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == times


def test_building_reads_only_what_is_new_and_withdraws_what_is_gone(tmp_path: Path) -> None:
    made(tmp_path, {"a": 0, "b": 1})
    assert made(tmp_path, {"a": 0, "b": 1, "c": 5}).read == 1
    gone = made(tmp_path, {"c": 5})
    assert (gone.read, gone.withdrawn) == (0, 2)
    assert "高山" not in (tmp_path / "graph.ttl").read_text(encoding="utf-8")


def test_building_writes_a_missing_file_again_without_reading(tmp_path: Path) -> None:
    made(tmp_path, {"a": 0, "b": 1})
    whole = bytes_of(tmp_path)
    (tmp_path / "graph.nq").unlink()
    assert made(tmp_path, {"a": 0, "b": 1}).read == 0
    assert bytes_of(tmp_path) == whole


def test_building_removes_files_of_forms_no_longer_wanted(tmp_path: Path) -> None:
    made(tmp_path, {"a": 0})
    before = (tmp_path / "graph.ttl").stat().st_mtime_ns
    assert made(tmp_path, {"a": 0}, ("turtle",)).read == 0
    assert (tmp_path / "graph.ttl").stat().st_mtime_ns == before  # what stays is not written again
    assert {path.name for path in tmp_path.iterdir()} == {"graph.ttl", "extractions.jsonl", "state.db"}


def test_building_begins_anew_where_the_state_is_no_state(tmp_path: Path) -> None:
    made(tmp_path, {"a": 0})
    whole = bytes_of(tmp_path)
    (tmp_path / "state.db").write_bytes(b"no database at all" * 100)
    assert made(tmp_path, {"a": 0}).read == 1
    assert bytes_of(tmp_path) == whole


@pytest.mark.parametrize("fresh", [True, False])
def test_building_finishes_moves_that_were_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    corpus = {"a": 0, "b": 1}
    made(tmp_path / "other", corpus)
    if not fresh:
        made(tmp_path / "kept", {"a": 0})
    killed = False

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(BuildFolder, "_move", die)
        patch.setattr("kgx.state.folder.shutil.rmtree", lambda *_, **__: None)  # as if it had no time to
        patch.setattr(BuildFolder, "staged", lambda self: (self.stage.mkdir(), self.stage)[1])
        try:
            made(tmp_path / "kept", corpus)
        except KeyboardInterrupt:
            killed = True
    assert killed
    assert made(tmp_path / "kept", corpus).changed is False
    assert bytes_of(tmp_path / "kept") == bytes_of(tmp_path / "other")


def test_building_keeps_the_old_files_where_the_disk_is_full(tmp_path: Path) -> None:
    made(tmp_path, {"a": 0})
    whole = bytes_of(tmp_path)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, limit[1]))  # writes fail as on a full disk
    try:
        with pytest.raises((KgxError, OSError)):
            made(tmp_path, {name: n for n, name in enumerate("abcdefgh")})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert bytes_of(tmp_path) == whole
    assert made(tmp_path, {"a": 0}).changed is False


def test_building_refuses_a_folder_that_another_build_has(tmp_path: Path) -> None:
    with BuildFolder.hold(tmp_path), pytest.raises(KgxError, match="another"), BuildFolder.hold(tmp_path):
        pass


def test_journal_cuts_off_what_was_not_finished(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with path.open("a+b") as stream:
        journal = Journal(stream)
        journal.add(b"\1" * 16, {"characters": 3}, '{"id": "一"}')
        journal.add(b"\2" * 16, {}, "{}")
    path.write_bytes(path.read_bytes()[:-2])
    with path.open("a+b") as stream:
        journal = Journal(stream)
        assert b"\1" * 16 in journal and b"\2" * 16 not in journal
        journal.add(b"\3" * 16, {}, "[]")
        assert journal.line(b"\1" * 16).decode() == '{"id": "一"}\n'
        assert journal.line(b"\3" * 16) == b"[]\n"
        assert journal.tally(b"\1" * 16) == {"characters": 3}


def test_building_goes_on_after_a_kill(examples: Path, tmp_path: Path) -> None:
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    run.run([examples], undisturbed, formats=TEXTS, model=False)
    program = (
        "import os, sys\n"
        "from kgx import run\n"
        "seen = []\n"
        "def count(one):\n"
        "    seen.append(one)\n"
        "    if len(seen) == 4:\n"
        "        os.kill(os.getpid(), 9)\n"
        f"run.run([{str(examples)!r}], {str(killed)!r}, formats={TEXTS!r}, model=False, on_document=count)\n"
    )
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", program], env=os.environ).returncode == -9
    told = run.begun(killed)
    heard: list[str] = []
    result = run.run(out=killed, on_document=lambda one: heard.append(one.document.id), **told)
    assert len(heard) == result.report.documents - 8
    assert bytes_of(killed) == bytes_of(undisturbed)
    with pytest.raises(KgxError, match="no interrupted build"):
        run.begun(killed)
