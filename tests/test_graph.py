from dataclasses import replace
from io import BytesIO

import networkx as nx
import pytest
from articles import first, second

from kgx.graph import comentions, project, write_gexf, write_graphml
from kgx.merge import merge
from kgx.model import Document, Entity, Extraction

GRAPH = merge([first(), second()])


def test_graph_has_a_node_for_each_entity_fact_and_position():
    graph = GRAPH.to_networkx()
    kinds = nx.get_node_attributes(graph, "kind").values()
    assert sorted(kinds) == ["entity"] * 6 + ["fact"] * 4 + ["position"] * 3
    assert graph.nodes["country/SEA"]["label_en"] == "Sea"


def test_graph_leads_from_a_fact_to_its_fillers():
    graph = GRAPH.to_networkx()
    meet = next(
        node
        for node, data in graph.nodes(data=True)
        if data["type"] == "Meet" and data["document"] == "first"
    )
    out = {(end, key) for _, end, key in graph.out_edges(meet, keys=True)}
    assert out == {
        ("person/Q101", "participant"),
        ("person/林泉", "participant"),
        ("place/河城", "place"),
    }
    assert graph.nodes[meet]["evidence"].startswith("海国总统")


def test_graph_weighs_short_cuts_and_dates_them():
    data = GRAPH.to_networkx().edges["person/Q101", "person/林泉", "met"]
    assert (data["weight"], data["first"], data["last"]) == (1, "2024-03-02", "2024-03-02")


def test_graph_projects_to_entities_joined_by_what_happened():
    graph = project(GRAPH)
    assert graph.edges["person/Q101", "person/林泉"] == {"weight": 1, "types": "Meet"}
    assert not graph.has_edge("person/林泉", "country/SEA")
    assert project(GRAPH, ["planned"]).has_edge("person/林泉", "country/SEA")


def test_graph_counts_documents_that_name_two_entities():
    assert comentions(GRAPH).edges["country/SEA", "person/Q101"]["weight"] == 2
    assert not comentions(GRAPH).has_edge("place/河城", "person/Q101")


@pytest.mark.parametrize(("write", "read"), [(write_graphml, nx.read_graphml), (write_gexf, nx.read_gexf)])
def test_graph_files_are_read_back_and_the_same_each_time(write, read, tmp_path):
    once, twice = BytesIO(), BytesIO()
    write(GRAPH, once)
    write(GRAPH, twice)
    assert once.getvalue() == twice.getvalue()
    write(GRAPH, tmp_path / "graph")
    assert (tmp_path / "graph").read_bytes() == once.getvalue()
    again, given = read(BytesIO(once.getvalue())), GRAPH.to_networkx()
    assert again.number_of_edges() == given.number_of_edges()
    assert sorted(again.nodes) == sorted(given.nodes)
    assert again.nodes["country/SEA"]["support"] == 2


@pytest.mark.parametrize("write", [write_graphml, write_gexf])
def test_graph_files_hold_hostile_names(write):
    names = ["a\x00b", "<&>\"'", "\ud800", "😀\n", "]]>", "\x0b"]
    entities = tuple(Entity(name, "Person", (name,)) for name in names)
    given = replace(first(), document=Document("\x00<", "x"), entities=entities, facts=(), positions=())
    out = BytesIO()
    write(merge([given]), out)
    from xml.etree import ElementTree

    ElementTree.fromstring(out.getvalue())


def test_graph_of_nothing_is_written():
    for write in (write_graphml, write_gexf):
        write(merge([]), BytesIO())
    assert len(merge([Extraction(Document("1", ""))]).to_networkx()) == 0
