from dataclasses import replace
from itertools import permutations

from articles import FIRST, HIGH, fact, first, meeting, second

from kgx.merge import entity_key, merge
from kgx.model import Document, Entity, Extraction, Position


def edges(graph):
    return {(one.start, one.name, one.end) for one in graph.shortcuts}


def test_merge_knows_an_entity_by_its_key_or_its_type_and_name():
    graph = merge([first(), second()])
    assert set(graph.entities) == {
        "person/Q101", "person/林泉", "country/SEA", "country/山国", "place/河城", "initiative/自由航行倡议",
    }  # fmt: skip
    assert graph.entities["person/Q101"].documents == (0, 1)
    assert graph.entities["country/SEA"].names == {"海国": (0, 1), "海方": (0, 1)}


def test_merge_tells_types_apart_that_share_a_name():
    assert entity_key(Entity("和平", "Person")) != entity_key(Entity("和平", "Place"))


def test_merge_ignores_quotation_marks_in_names():
    assert entity_key(Entity("“蓝海”论坛", "Event")) == entity_key(Entity("蓝海论坛", "Event"))


def test_merge_joins_facts_that_agree_and_keeps_all_evidence():
    again = replace(first(), document=replace(first().document, id="third"))
    graph = merge([first(), again])
    meets = [one for one in graph.facts.values() if one.type == "Meet"]
    assert len(meets) == 1
    assert [(one.document, one.start, one.end) for one in meets[0].evidence] == [(0, 0, 22), (1, 0, 22)]


def test_merge_keeps_facts_apart_that_differ_in_place_date_or_status():
    text = FIRST
    base = meeting(text, text)
    facts = (base, replace(base, date="2024-03-01"), replace(base, status="planned"))
    assert len(merge([replace(first(), facts=facts)]).facts) == 3


def test_merge_does_not_depend_on_the_order_or_on_repeats():
    given = [first(), second(), replace(first(), document=replace(first().document, id="0"))]
    graphs = [merge(order) for order in permutations(given)] + [merge([*given, *given])]
    assert all(graph == graphs[0] for graph in graphs)
    assert all(repr(graph) == repr(graphs[0]) for graph in graphs)


def test_merge_stops_and_counts_what_breaks_the_schema():
    text = FIRST
    one = fact("Meet", text, "林泉", participant=("林泉",))
    two = replace(meeting(text, "林泉"), start=0, end=2)
    bad = replace(
        first(), facts=(one, one, two), positions=(Position("河城", "总统"), Position("高山", "总统", "某国"))
    )
    graph = merge([bad, bad])
    assert not graph.facts
    assert not graph.positions
    assert graph.stopped == {
        "Meet.participant: needs 2 or more": 2,
        "Meet: its evidence does not stand at its offsets": 1,
        "Position: `of` is no body, place or event of the document": 1,
        "Position: its holder is no Person of the document": 1,
    }


def test_merge_gives_positions_the_dates_of_the_documents():
    graph = merge([first(), second()])
    president = next(one for one in graph.positions.values() if one.title == "总统")
    assert list(graph.as_of(president)) == ["2024-03-03", "2024-03-04"]
    assert [(one.document, one.quote) for one in president.sightings] == [(0, "海国总统高山"), (1, "")]


def test_merge_draws_short_cuts_both_ways_between_those_who_met():
    assert {("person/Q101", "met", "person/林泉"), ("person/林泉", "met", "person/Q101")} <= edges(
        merge([first()])
    )


def test_merge_draws_no_short_cut_from_what_did_not_happen():
    found = edges(merge([second()]))
    assert ("person/林泉", "visited", "country/SEA") not in found
    assert not any(name == "supports" for _, name, _ in found)
    assert ("person/林泉", "supports", "initiative/自由航行倡议") in edges(merge([first()]))


def test_merge_draws_no_short_cut_from_a_former_office():
    found = edges(merge([second()]))
    assert ("person/Q101", "holdsPositionAt", "country/SEA") in found
    assert ("person/林泉", "holdsPositionAt", "country/山国") not in found


def test_merge_gives_no_wikidata_id_where_documents_disagree():
    other = replace(second(), entities=(replace(HIGH, qid="Q999"), *second().entities[1:]))
    assert merge([first(), other]).entities["person/Q101"].qid is None


def test_merge_keeps_local_short_forms_out_of_the_names():
    law = Entity("海洋法草案", "Agreement", ("海洋法草案", "草案"))
    graph = merge([Extraction(Document("1", "海洋法草案"), entities=(law,))])
    assert list(graph.entities["agreement/海洋法草案"].names) == ["海洋法草案"]


def test_merge_leaves_an_impossible_publication_date_out():
    given = replace(first(), document=replace(first().document, date="2024-02-30"))
    assert merge([given]).documents[0].date is None


def test_merge_of_nothing_is_an_empty_graph():
    graph = merge([])
    assert not graph.entities
    assert graph.to_turtle().startswith("@prefix")
