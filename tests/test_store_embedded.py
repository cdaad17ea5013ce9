import json
import signal
import subprocess
import sys
import time

import pytest
from articles import first, second

from kgx.errors import KgxError
from kgx.merge import merge
from kgx.rdf.write import write
from kgx.store import embedded
from kgx.store.parts import Build


def build(folder, *extractions):
    folder.mkdir(exist_ok=True)
    with (folder / "graph.nq").open("wb") as out:
        write(merge(extractions), out, "nquads")
    return folder


def quads(folder):
    return sorted(map(str, embedded.open_store(folder)))


def default_graph(folder):
    store = embedded.open_store(folder)
    import pyoxigraph as ox

    return {str(quad.triple) for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}


def named_graphs(folder):
    store = embedded.open_store(folder)
    import pyoxigraph as ox

    default = ox.DefaultGraph()
    return {str(quad.triple) for quad in store if quad.graph_name != default}


def test_load_holds_each_document_as_a_named_graph_and_their_union(tmp_path):
    folder = build(tmp_path / "a", first(), second())
    loaded = embedded.load(folder)
    assert (loaded.added, loaded.replaced, loaded.removed, loaded.unchanged) == (2, 0, 0, 0)
    names = {one.value for one in embedded.open_store(folder).named_graphs()}
    assert names == set(Build(folder).parts)
    assert default_graph(folder) == named_graphs(folder)


def test_load_knows_the_base_of_a_build_that_has_graphs_of_tables_too(tmp_path):
    folder = build(tmp_path / "one", first())
    lines = (folder / "graph.nq").read_text(encoding="utf-8")
    (folder / "graph.nq").write_text(
        f"<https://a/> <https://b/> <https://c/> <https://a/table/x.tsv> .\n{lines}", "utf-8"
    )
    embedded.load(folder)
    assert embedded.current(folder).base == "https://w3id.org/kgx-zh/id/"


def test_load_again_changes_nothing(tmp_path):
    folder = build(tmp_path / "a", first(), second())
    embedded.load(folder)
    before = (folder / "store" / "store.json").read_bytes()
    assert embedded.load(folder).unchanged == 2
    assert (folder / "store" / "store.json").read_bytes() == before


def many(count, text="原"):
    extractions = []
    for number in range(count):
        one = first()
        document = one.document.__class__(f"d{number:03}", one.document.text, date="2024-03-03", title=text)
        extractions.append(one.__class__(document, one.entities, facts=one.facts))
    return extractions


def test_load_replaces_the_graph_of_a_changed_document_only(tmp_path):
    folder = build(tmp_path / "a", *many(20))
    embedded.load(folder)
    build(folder, *many(20)[:18], *many(20, "新")[18:19], second())
    loaded = embedded.load(folder)
    assert (loaded.added, loaded.replaced, loaded.removed, loaded.unchanged) == (1, 1, 1, 18)
    afresh = build(tmp_path / "b", *many(20)[:18], *many(20, "新")[18:19], second())
    embedded.load(afresh)
    assert quads(folder) == quads(afresh)
    assert default_graph(folder) == named_graphs(folder)


def test_load_keeps_a_reader_of_the_store_of_before_going(tmp_path):
    folder = build(tmp_path / "a", *many(20))
    embedded.load(folder)
    reader = embedded.open_store(folder)
    before = len(reader)
    build(folder, *many(20)[:19])
    embedded.load(folder)
    assert len(list(reader)) == before > len(embedded.open_store(folder))


def test_load_killed_and_repeated_equals_one_undisturbed(tmp_path):
    folder = build(tmp_path / "a", *many(300))
    whole = build(tmp_path / "b", *many(300))
    embedded.load(whole)
    code = f"from kgx.store.embedded import load; load({str(folder)!r})"
    for pause in (0.15, 0.3, 0.45, 0.6):
        process = subprocess.Popen([sys.executable, "-c", code])
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
    embedded.load(folder)
    assert quads(folder) == quads(whole)
    left = [path.name for path in (folder / "store").iterdir() if path.is_dir()]
    assert len(left) <= 2


def test_load_broken_off_leaves_the_store_of_before(tmp_path, monkeypatch):
    folder = build(tmp_path / "a", *many(20))
    embedded.load(folder)
    before = quads(folder)
    build(folder, *many(20, "新"))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(embedded, "_point", full)
    with pytest.raises(KgxError, match="No space left on device.*as it was before"):
        embedded.load(folder)
    assert quads(folder) == before


@pytest.mark.parametrize(
    "line",
    [
        "no quads at all",
        "<a:a> <a:b> <a:c> .",
        '<a:a> <a:b> "unfinished <a:g> .',
        "<a:a> <a b> <a:c> <a:g> .",
    ],
)
def test_load_refuses_a_broken_file_and_leaves_no_store(tmp_path, line):
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "graph.nq").write_text(f"<a:a> <a:b> <a:c> <a:g> .\n{line}\n", encoding="utf-8")
    with pytest.raises(KgxError, match=r"graph\.nq"):
        embedded.load(folder)
    with pytest.raises(KgxError, match="holds no store"):
        embedded.open_store(folder)


def test_load_without_a_build_says_so(tmp_path):
    with pytest.raises(KgxError, match="kgx build"):
        embedded.load(tmp_path)


def test_open_refuses_a_store_of_a_newer_version(tmp_path):
    folder = build(tmp_path / "a", first())
    embedded.load(folder)
    path = folder / "store" / "store.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "form": 99, "kgx": "9.0"}))
    for use in (embedded.open_store, embedded.load):
        with pytest.raises(KgxError, match=r"newer kgx \(9\.0"):
            use(folder)


@pytest.mark.parametrize("body", ["", "{", "[]", '{"form": "x"}', '{"form": 1, "generation": "g000009"}'])
def test_open_says_that_a_store_is_broken(tmp_path, body):
    folder = build(tmp_path / "a", first())
    embedded.load(folder)
    (folder / "store" / "store.json").write_text(body)
    with pytest.raises(KgxError, match="can't be opened"):
        embedded.open_store(folder)


def test_load_waits_for_nobody(tmp_path):
    folder = build(tmp_path / "a", first())
    (folder / "store").mkdir()
    with (folder / "store" / "lock").open("w") as lock:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(KgxError, match="another `kgx load`"):
            embedded.load(folder)


def test_load_into_a_folder_that_cannot_be_written(tmp_path):
    folder = build(tmp_path / "a", first())
    (folder / "store").write_text("a file stands here")
    with pytest.raises(KgxError, match="can't be"):
        embedded.load(folder)


def test_parts_read_in_pieces_give_each_statement_once(tmp_path):
    folder = build(tmp_path / "a", first(), second())
    one, other = Build(folder).merged(), Build(folder).merged()
    pieces = b"".join(iter(lambda: one.read(7), b""))
    assert pieces == other.read()
    lines = pieces.splitlines()
    assert len(lines) == len(set(lines))


def test_load_names_the_line_of_a_fault_wherever_it_stands(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    lines = [f"<a:a{number}> <a:b> <a:c> <a:g> .\n" for number in range(40)]
    lines[30] = "<a:a> <a b> <a:c> <a:g> .\n"
    (folder / "graph.nq").write_text("".join(lines), encoding="utf-8")
    with pytest.raises(KgxError, match="line 31"):
        embedded.load(folder)
