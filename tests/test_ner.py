"""`kgx_ner`: what the statistical model adds to the names that other stages found."""

import io

import numpy as np
import pytest

from kgx.errors import KgxError, OptionError
from kgx.nlp.features import KNOWN_ROWS, FeatureReader
from kgx.nlp.layers import Candidate, Words
from kgx.nlp.ner import NamePolicy, names_of_model, shipped_model
from kgx.nlp.pipeline import make_pipeline
from kgx.nlp.tagger import Span, Tagger, load_tagger
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.names import ModelRules, ModelType

PERSON = ModelType(type="Person", least=0.8, shape="[一-龥]{2,4}")
BODY = ModelType(type="Organization", least=0.8, shape="[一-龥]{2,9}", holds=("Place",))
POLICY = NamePolicy(ModelRules(types=(PERSON, BODY)))
READER = FeatureReader(np.zeros(65536, np.uint16))
TEXT = "海城大学的沈若谷先生来了"


def accepted(*spans, chosen=()):
    return [(c.start, c.end, c.type, c.source) for c in POLICY.accept(spans, TEXT, chosen)]


def known(start, end, kind):
    return Candidate(start, end, kind, TEXT[start:end], "lexicon", 1.0)


def test_ner_takes_a_sure_name_of_the_right_shape():
    assert accepted(Span(5, 8, "Person", 0.9)) == [(5, 8, "Person", "model")]


@pytest.mark.parametrize(
    "span",
    [
        Span(5, 8, "Person", 0.7),
        Span(5, 8, "Place", 0.9),
        Span(0, 8, "Person", 0.9),
        Span(5, 6, "Person", 0.9),
    ],
    ids=["unsure", "type not wanted", "too long", "too short"],
)
def test_ner_drops(span):
    assert accepted(span) == []


def test_ner_name_may_hold_known_names_of_listed_types():
    assert accepted(Span(0, 4, "Organization", 0.9), chosen=[known(0, 2, "Place")])
    assert not accepted(Span(0, 4, "Organization", 0.9), chosen=[known(0, 2, "Person")])


@pytest.mark.parametrize(("start", "end"), [(5, 8), (4, 9), (3, 6), (7, 9)])
def test_ner_never_replaces_or_crosses_a_known_name(start, end):
    assert not accepted(Span(5, 8, "Person", 1.0), chosen=[known(start, end, "Place")])


def test_ner_chain_of_divisions_is_a_name_a_step():
    policy = NamePolicy(
        ModelRules(types=(ModelType(type="Place", shape=".{2,9}", holds=("Place",), divisions="县"),))
    )
    text = "记者到了海省山原县"
    known = Candidate(4, 6, "Place", "海省", "lexicon", 1.0)
    assert [c.name for c in policy.accept([Span(4, 9, "Place", 0.9)], text, [known])] == ["山原县"]


PLACE = ModelType(
    type="Place",
    shape="[一-龥]{2,9}",
    holds=("Place", "Person"),
    heads=("广场", "县"),
    parts=("ns",),
    behind=("广场",),
)


def places(text, start, end, *chosen, words=None):
    policy = NamePolicy(ModelRules(types=(PLACE,)))
    return [one.name for one in policy.accept([Span(start, end, "Place", 0.9)], text, chosen, words)]


def test_ner_name_takes_the_head_right_behind_it():
    assert places("升旗在金荷花广场举行", 3, 6) == ["金荷花广场"]
    square = Candidate(6, 10, "Place", "广场南路", "lexicon", 1.0)
    assert places("升旗在金荷花广场南路举行", 3, 6, square) == ["金荷花"]


def test_ner_name_that_holds_a_known_one_ends_as_names_do():
    town = Candidate(2, 4, "Place", "海城", "lexicon", 1.0)
    assert places("盛产海城香梨", 2, 6, town) == []
    assert places("到了海城山原县", 2, 7, town) == ["海城山原县"]
    words = Words((0, 2, 4), (2, 4, 6), ("v", "ns", "ns"))
    assert places("到了海城山原", 2, 6, town, words=words) == ["海城山原"]
    person = Candidate(4, 7, "Person", "沈若谷", "lexicon", 1.0)
    assert places("会见酋长沈若谷", 2, 7, person) == []


def test_ner_name_leaves_the_word_behind_it():
    policy = NamePolicy(ModelRules(types=(PERSON.model_copy(update={"trailing": "以"}),)))
    found = policy.accept([Span(0, 4, "Person", 0.9)], "沈若谷以一分获胜", [])
    assert [one.name for one in found] == ["沈若谷"]


def test_ner_name_of_two_types_is_of_the_one_that_it_has_more_often():
    policy = NamePolicy(ModelRules(types=(PERSON, PLACE)))
    text = "沈若谷和沈若谷和沈若谷和"
    spans = [Span(0, 3, "Person", 0.9), Span(4, 7, "Place", 0.9), Span(8, 11, "Person", 0.9)]
    assert {(one.start, one.type) for one in policy.accept(spans, text, [])} == {(0, "Person"), (8, "Person")}
    assert list(policy.accept(spans[:2], text, [])) == []
    known = Candidate(8, 11, "Place", "沈若谷", "lexicon", 1.0)
    assert [one.start for one in policy.accept(spans[:2], text, [known])] == [4]


def test_ner_known_names_beside_do_not_matter():
    assert accepted(Span(5, 8, "Person", 1.0), chosen=[known(0, 5, "Place"), known(8, 10, "Place")])


def test_features_depend_on_the_window_only():
    words = Words((0, 2, 4), (2, 4, 6), ("n", "v", "n"))
    one, other = READER("甲乙丙丁戊己", words), READER("甲乙丙丁戊己", words)
    assert (one == other).all()
    far = READER("甲乙丙丁戊庚", Words((0, 2, 4), (2, 4, 6), ("n", "v", "n")))
    assert (one[:12, :3] == far[:12, :3]).all()  # characters in a window of five
    assert (one[:12, 5] != far[:12, 5]).any()


def test_features_of_no_text_and_of_odd_characters():
    assert READER("", None).shape[1] == 0
    assert READER("a\ud800𠮷", None).shape[1] == 3


def test_features_show_known_names():
    first, last = KNOWN_ROWS
    plain = READER(TEXT, None)
    shown = READER(TEXT, None, [known(0, 2, "Place")])
    assert (plain[:first] == shown[:first]).all()
    assert (plain[first:last, :2] != shown[first:last, :2]).any()
    assert (plain[first:last, 4:] == shown[first:last, 4:]).all()


def small_tagger():
    """A model that knows two characters: 甲 begins a person, 乙 goes on."""
    reader = FeatureReader(np.zeros(65536, np.uint16))
    keys = reader("丙甲乙丙", None)
    chosen = np.array([keys[2, 1], keys[2, 2]])  # the row of the character itself
    weights = np.array([[0, 5, 0], [0, 0, 5]], np.float32)
    moves = np.array([[1, 0, -3], [0, -1, 1], [0, -1, 1]], np.float32)
    labels = ("O", "B-Person", "I-Person")
    return reader, Tagger(labels, chosen, weights, moves, np.zeros(65536, np.uint16))


def test_tagger_finds_names_anywhere():
    reader, tagger = small_tagger()
    text = "丙甲乙丙丙甲丙甲乙乙"
    found = [(s.start, s.end, s.label) for s in tagger.spans(reader(text, None))]
    assert found == [(1, 3, "Person"), (5, 6, "Person"), (7, 10, "Person")]
    assert list(tagger.spans(reader("", None))) == []
    assert list(tagger.spans(reader("丙丙丙", None))) == []


def test_tagger_leaves_settled_stretches_alone():
    reader, tagger = small_tagger()
    settled = np.zeros(7, np.bool_)
    settled[1:3] = True
    found = [(s.start, s.end) for s in tagger.spans(reader("丙甲乙丙丙甲乙", None), settled)]
    assert found == [(5, 7)]


def test_tagger_name_never_goes_on_without_beginning():
    reader, tagger = small_tagger()
    assert all(s.end - s.start >= 1 for s in tagger.spans(reader("丙乙乙丙", None)))
    assert not any(s.label != "Person" for s in tagger.spans(reader("丙乙乙丙", None)))


def test_tagger_saved_is_the_same_tagger(tmp_path):
    reader, tagger = small_tagger()
    first, second = io.BytesIO(), io.BytesIO()
    tagger.save(first)
    path = tmp_path / "m.npz"
    path.write_bytes(first.getvalue())
    loaded = load_tagger(path)
    loaded.save(second)
    assert first.getvalue() == second.getvalue()
    keys = reader("丙甲乙丙丙甲丙甲乙乙", None)
    assert [(s.start, s.end) for s in loaded.spans(keys)] == [(s.start, s.end) for s in tagger.spans(keys)]


def test_tagger_refuses_what_is_no_model(tmp_path):
    path = tmp_path / "m.npz"
    path.write_text("no model", encoding="utf-8")
    with pytest.raises(KgxError, match="not a model of kgx"):
        load_tagger(path)
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(KgxError, match="not a model of kgx"):
        load_tagger(tmp_path / "other.npz")


def test_ner_missing_model_file_is_a_wrong_option(tmp_path):
    with pytest.raises(OptionError, match="neither a file of kgx train"):
        names_of_model(str(tmp_path / "m.npz"), 1.0)


def test_ner_shipped_model_is_small_and_loads():
    assert shipped_model().stat().st_size < 15_000_000
    assert load_tagger(shipped_model()).labels[0] == "O"


def test_ner_runs_before_mentions_and_can_be_left_out():
    names = make_pipeline().pipe_names
    assert names.index("kgx_groups") < names.index("kgx_ner") < names.index("kgx_mentions")
    assert "kgx_ner" not in make_pipeline(model=False).pipe_names


def test_ner_rules_name_each_type_once():
    (rules,) = load_yaml(RuleFolder().find("model.yml"), ModelRules)
    kinds = [entry.type for entry in rules.types]
    assert len(kinds) == len(set(kinds))
