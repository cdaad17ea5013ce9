from articles import first, second

from kgx.merge import merge
from kgx.viz.links import POSITION, Choice, backbone, network, statements

GRAPH = merge([first(), second()], mentions=True)


def pairs_of(kind):
    return {pair for one in statements(GRAPH) if one.type == kind for pair in one.pairs}


def test_links_join_those_who_meet_and_where():
    assert pairs_of("Meet") == {
        ("person/Q101", "person/林泉"),
        ("person/Q101", "place/河城"),
        ("person/林泉", "place/河城"),
    }


def test_links_join_persons_and_the_bodies_of_their_offices():
    assert ("country/SEA", "person/Q101") in pairs_of(POSITION)


def test_links_weigh_entities_by_the_statements_that_name_them():
    drawn = network(GRAPH)
    assert list(drawn.weights)[0] == "person/林泉"
    assert all(drawn.weights[a] for pair in drawn.links for a in pair)


def test_links_of_a_period_leave_out_what_is_undated_or_outside():
    drawn = network(GRAPH, Choice(first="2024-03-01", last="2024-03-31"))
    assert {one.type for one in drawn.statements} == {"Meet", "Visit", POSITION}
    assert not network(GRAPH, Choice(first="2025-01-01")).statements


def test_links_of_a_type_and_of_an_ego():
    assert {one.type for one in network(GRAPH, Choice(types=frozenset(["Visit"]))).statements} == {"Visit"}
    drawn = network(GRAPH, Choice(ego="place/河城", depth=1))
    assert set(drawn.weights) == {"place/河城", "person/Q101", "person/林泉"}


def test_links_keep_the_ego_among_the_top():
    assert list(network(GRAPH, Choice(ego="place/河城", top=1)).weights) == ["place/河城"]


def test_links_backbone_keeps_the_strongest_of_either_end():
    links = {("a", "b"): 5, ("a", "c"): 4, ("b", "c"): 1}
    assert backbone(links, 1) == [("a", "b"), ("a", "c")]
