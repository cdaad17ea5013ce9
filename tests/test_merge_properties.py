"""Merging: neither the order of documents nor a repeat leaves a trace; what one says is all it adds."""

from dataclasses import replace

from articles import first, second
from hypothesis import given, settings
from hypothesis import strategies as st

from kgx.merge import merge
from kgx.model import Document, Entity, Extraction, Fact, Mention, Position

PEOPLE = ("高山", "林泉", "方明")
STATES = ("海国", "山国", "法国")


@st.composite
def documents(draw, number):
    """A document that names a few of the same things as others do, and tells of them."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=3, unique=True))
    state, day = draw(st.sampled_from(STATES)), draw(st.integers(1, 9))
    text = f"{state}总统{people[0]}在河城同{people[1]}会谈。"
    date = draw(st.sampled_from((None, f"2024-03-0{day}", "2024-03", "2024")))
    roles = {"participant": tuple(people[:2])}
    if draw(st.booleans()):
        roles["place"] = ("河城",)
    status = draw(st.sampled_from(("actual", "planned", "past")))
    fact = Fact("Meet", roles, status, text, 0, len(text), draw(st.sampled_from("ab")), 0.9, date)
    labels = [Entity(name, "Person", (name,)) for name in people]
    return Extraction(
        Document(f"d{number}", text, date=f"2024-03-1{day}", publisher=draw(st.sampled_from((None, "某报")))),
        entities=(*labels, Entity(state, "Country", (state,)), Entity("河城", "Place", ("河城",))),
        positions=(Position(people[0], "总统", state, 0, 6),),
        facts=(fact,),
    )


@st.composite
def collections(draw):
    return [draw(documents(number)) for number in range(draw(st.integers(1, 5)))] + [first(), second()]


@settings(deadline=None, max_examples=60)
@given(collections(), st.randoms(use_true_random=False))
def test_merge_gives_one_graph_for_any_order_and_any_repeats(given_documents, chance):
    again = [*given_documents, *chance.sample(given_documents, 2)]
    chance.shuffle(again)
    assert merge(again) == merge(given_documents)
    assert merge(again).to_nquads() == merge(given_documents).to_nquads()


@settings(deadline=None, max_examples=60)
@given(collections())
def test_merge_counts_each_document_once_and_loses_no_evidence(given_documents):
    graph = merge(given_documents)
    assert len(graph.documents) == len(given_documents)
    stated = sum(len(one.evidence) for one in graph.facts.values())
    assert stated == sum(len(merge([one]).facts) for one in given_documents)
    for fact in graph.facts.values():
        keys = {filler.value for _, filler in fact.roles if filler.entity}
        assert keys <= set(graph.entities)
        assert 0 < fact.confidence <= 1


def test_merge_takes_very_many_mentions_of_one_name():
    text = "高山，" * 30_000
    mentions = tuple(Mention(start, start + 2, "Person", ("高山",)) for start in range(0, len(text), 3))
    one = replace(first(), document=Document("many", text), facts=(), positions=(), mentions=mentions)
    graph = merge([one], mentions=True)
    assert len(graph.documents[0].mentions) == 30_000
    assert graph.to_nquads().count("RFC5147String") == 30_000
