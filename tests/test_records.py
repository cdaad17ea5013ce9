import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgx import model
from kgx.errors import KgxError
from kgx.facttypes import fact_types
from kgx.records import dumps, from_json, to_json

GOLD = Path(__file__).parents[2] / "shared" / "gold"
TYPES = fact_types()

words = st.text(min_size=1, max_size=6)
some = st.lists(words, min_size=1, max_size=3).map(tuple)
spans = st.tuples(st.integers(0, 50), st.integers(51, 99))


@st.composite
def facts(draw):
    kind = TYPES[draw(st.sampled_from(sorted(TYPES)))]
    names = draw(st.lists(st.sampled_from(sorted(kind.roles)), unique=True))
    start, end = draw(spans)
    return model.Fact(
        type=kind.name,
        roles={name: draw(some) for name in names},
        status=draw(st.sampled_from(model.STATUSES)),
        evidence=draw(words),
        start=start,
        end=end,
        rule=draw(words),
        confidence=draw(st.floats(0, 1)),
        date=draw(st.none() | words),
        source=draw(st.none() | words),
        code=draw(st.none() | words),
    )


documents = st.builds(
    model.Document,
    id=words,
    text=words,
    date=st.none() | words,
    title=st.none() | words,
    subtitle=st.none() | words,
    publisher=st.none() | words,
    authors=some,
    keywords=some,
    section=st.none() | words,
    edition=st.none() | words,
    url=st.none() | words,
    language=st.sampled_from(["zh", "en"]),
)
types = st.sampled_from(model.ENTITY_TYPES)
entities = st.builds(
    model.Entity,
    words,
    types,
    surfaces=some,
    key=st.none() | words,
    qid=st.none() | words,
    label_en=st.none() | words,
    kind=st.none() | words,
)
extractions = st.builds(
    model.Extraction,
    documents,
    entities=st.lists(entities, max_size=3).map(tuple),
    groups=st.lists(st.builds(model.Group, words, some), max_size=2).map(tuple),
    singles=st.lists(st.builds(model.Single, words, words, words), max_size=2).map(tuple),
    dates=st.lists(
        st.builds(model.DateValue, st.integers(0, 9), st.integers(10, 19), words, st.none() | words),
        max_size=2,
    ).map(tuple),
    positions=st.lists(
        st.builds(model.Position, words, words, st.none() | words, st.integers(0, 9), st.integers(10, 19)),
        max_size=2,
    ).map(tuple),
    facts=st.lists(facts(), max_size=3).map(tuple),
    mentions=st.lists(
        st.builds(model.Mention, st.integers(0, 9), st.integers(10, 19), types, some, words, st.floats(0, 1)),
        max_size=2,
    ).map(tuple),
    topics=st.just(()) | some,
)


@settings(deadline=None)
@given(extractions)
def test_records_round_trip_through_a_line_of_json(extraction):
    line = dumps(extraction)
    assert "\n" not in line
    assert from_json(json.loads(line.encode().decode())) == extraction


def test_records_write_single_roles_as_a_string_and_entities_as_a_list():
    fact = model.Fact(
        type="Stance",
        roles={"target": ("自由贸易",), "holder": ("法国",), "polarity": ("support",)},
        status="actual",
        evidence="法方支持自由贸易",
        start=0,
        end=8,
        rule="stance",
        confidence=0.9,
    )
    data = to_json(model.Extraction(model.Document("1", "法方支持自由贸易"), facts=(fact,)))["facts"][0]
    assert list(data.items())[:4] == [
        ("type", "Stance"),
        ("holder", ["法国"]),
        ("polarity", "support"),
        ("target", "自由贸易"),
    ]


def test_records_find_offsets_that_an_annotation_leaves_out():
    data = {
        "id": "1",
        "date": "2024-03-02",
        "text": "法国总统2日抵达。",
        "dates": [{"surface": "2日", "value": "2024-03-02"}],
        "facts": [{"type": "Visit", "visitor": ["法国"], "status": "actual", "evidence": "2日抵达"}],
    }
    extraction = from_json(data)
    assert (extraction.dates[0].start, extraction.dates[0].end) == (4, 6)
    assert (extraction.facts[0].start, extraction.facts[0].end) == (4, 8)


@pytest.mark.parametrize("data", [{}, {"id": "7", "text": "a", "facts": [{"type": "Meet"}]}, {"id": "7"}, []])
def test_records_refuse_another_form_with_one_line(data):
    with pytest.raises(KgxError) as fault:
        from_json(data)
    assert "\n" not in str(fault.value)


@pytest.mark.skipif(not GOLD.is_dir(), reason="../shared/gold is not there")
def test_records_keep_the_gold_form():
    def module(name):
        spec = importlib.util.spec_from_file_location(name, GOLD / f"{name}.py")
        found = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found)
        return found

    gold = module("score").read(GOLD / "dev.jsonl")
    again = {name: to_json(from_json(doc)) for name, doc in gold.items()}
    tally, errors = module("score").score(gold, json.loads(json.dumps(again)))
    for name in ("mentions", "entities", "dates", "positions", "facts", "status"):
        assert tally[name].prf() == (1.0, 1.0, 1.0), errors[:3]
    own = {"rule", "confidence", "start", "end", "source", "code"}
    for doc in again.values():
        for fact in doc["facts"]:
            for key in own:
                fact.pop(key, None)
    before = [line for doc in gold.values() for line in module("check").check(doc)]
    assert [line for doc in again.values() for line in module("check").check(doc)] == before
