import csv
import datetime
import subprocess
import sys
import xml.etree.ElementTree as ET

import networkx as nx
import pytest
from articles import first, second
from click.testing import CliRunner

from kgx import exchange
from kgx.cli import main
from kgx.errors import KgxError
from kgx.merge import merge
from kgx.records import dumps


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "build"
    made.mkdir()
    lines = "".join(f"{dumps(one)}\n" for one in (first(), second()))
    (made / "extractions.jsonl").write_text(lines, encoding="utf-8")
    return made


def table(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_neo4j_files_name_their_columns_as_neo4j_admin_wants(folder, tmp_path):
    exchange.export(folder, "neo4j", tmp_path / "out")
    for path in (tmp_path / "out").glob("*.csv"):
        columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        nodes = "id:ID" in columns and ":LABEL" in columns
        edges = {":START_ID", ":END_ID", ":TYPE"} <= set(columns)
        assert nodes != edges, path


def test_neo4j_edges_join_nodes_that_are_there(folder, tmp_path):
    exchange.export(folder, "neo4j", tmp_path / "out")
    nodes, edges = [], []
    for path in sorted((tmp_path / "out").glob("*.csv")):
        rows = table(path)
        (nodes if "id:ID" in rows[0] else edges).extend(rows)
    ids = [row["id:ID"] for row in nodes]
    assert len(ids) == len(set(ids))
    assert {end for row in edges for end in (row[":START_ID"], row[":END_ID"])} <= set(ids)
    assert "HOLDS_POSITION_AT" in {row[":TYPE"] for row in edges}
    assert any(row[":LABEL"] == "Entity;Person" for row in nodes)
    assert any(row.get("quote") == "山国总理林泉会见海国总统高山" for row in edges)


def test_parquet_tables_hold_types_dates_and_sentences(folder, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    names = exchange.export(folder, "parquet", tmp_path / "out")
    assert {"nodes.parquet", "facts.parquet", "evidence.parquet"} <= set(names)
    read = {name: parquet.read_table(tmp_path / "out" / name).to_pylist() for name in names}
    graph = merge([first(), second()])
    assert len(read["nodes.parquet"]) == len(graph.entities)
    assert len(read["facts.parquet"]) == len(graph.facts)
    met = [one for one in read["facts.parquet"] if one["type"] == "Meet"]
    assert {one["first"] for one in met} == {datetime.date(2024, 3, 2)}
    facts = {one["id"] for one in read["facts.parquet"]}
    assert {one["fact"] for one in read["evidence.parquet"]} == facts
    assert {one["fact"] for one in read["roles.parquet"]} == facts


def test_parquet_without_pyarrow_says_what_to_install(folder, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(KgxError, match=r"kgx-zh\[parquet\]"):
        exchange.export(folder, "parquet", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_package_does_not_import_pyarrow():
    code = "import sys, kgx.exchange; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_gexf_has_types_dates_and_weights_as_attributes(folder, tmp_path):
    exchange.export(folder, "gexf", tmp_path / "out")
    root = ET.parse(tmp_path / "out" / "graph.gexf").getroot()
    space = {"g": "http://www.gexf.net/1.2draft"}
    titles = {one.get("title") for one in root.iterfind(".//g:attribute", space)}
    assert {"type", "kind", "status", "date", "first", "last", "evidence"} <= titles
    edges = root.findall(".//g:edge", space)
    assert len({one.get("id") for one in edges}) == len(edges)
    met = [one for one in edges if one.get("label") == "met"]
    assert {one.get("weight") for one in met} == {"1"}


def test_graphml_reads_back_with_types_dates_and_weights(folder, tmp_path):
    exchange.export(folder, "graphml", tmp_path / "out")
    graph = nx.read_graphml(tmp_path / "out" / "graph.graphml")
    assert graph.nodes["person/Q101"]["type"] == "Person"
    facts = [data for _, data in graph.nodes(data=True) if data["kind"] == "fact"]
    assert any(data.get("first") == "2024-03-02" for data in facts)
    assert {data["weight"] for *_, data in graph.edges(data=True) if data["label"] == "met"} == {1}


def test_export_writes_the_same_bytes_twice(folder, tmp_path):
    for format_ in ("neo4j", "gexf", "graphml"):
        exchange.export(folder, format_, tmp_path / "a")
        exchange.export(folder, format_, tmp_path / "b")
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_export_says_what_it_can_not_read(tmp_path):
    run = CliRunner().invoke(main, ["export", str(tmp_path), "--format", "neo4j", "-o", str(tmp_path / "x")])
    assert run.exit_code != 0
    assert "kgx build" in run.output
    (tmp_path / "extractions.jsonl").write_text("{}\n{oops\n")
    with pytest.raises(KgxError):
        exchange.export(tmp_path, "neo4j", tmp_path / "x")
