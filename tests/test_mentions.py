from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

import kgx
from kgx.nlp import mentions, names, titles, words  # noqa: F401  # registers the components
from kgx.nlp.layers import Candidate
from kgx.nlp.mentions import SOURCES
from kgx.nlp.scene import choose


@pytest.fixture(scope="module")
def nlp():
    made = spacy.blank("zh")
    for stage in ("kgx_words", "kgx_gazetteer", "kgx_names", "kgx_titles", "kgx_groups", "kgx_mentions"):
        made.add_pipe(stage)
    return made


def entities(doc):
    return {e.name: set(e.surfaces) for e in doc._.kgx_entities}


def test_mentions_choose_the_longest(nlp):
    doc = nlp("俄罗斯外交部发表声明。")
    assert [(doc.text[m.start : m.end], m.type) for m in doc._.kgx_mentions] == [
        ("俄罗斯外交部", "Organization")
    ]


def test_mentions_prefer_the_lexicon_to_a_pattern():
    pair = [
        Candidate(0, 4, "Agreement", "x", "pattern", 0.8),
        Candidate(0, 4, "Organization", "y", "lexicon", 1.0),
    ]
    assert [c.source for c in choose(pair, SOURCES)] == ["lexicon"]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8), st.sampled_from(SOURCES)), max_size=20))
def test_mentions_chosen_never_overlap(spans):
    chosen = choose([Candidate(a, a + n, "Place", "x", s, 0.5) for a, n, s in spans], SOURCES)
    assert all(a.end <= b.start for a, b in zip(chosen, chosen[1:], strict=False))


def test_mentions_give_a_country_its_common_name(nlp):
    assert entities(nlp("俄罗斯联邦和中华人民共和国签署协议，俄方满意。")) == {
        "俄罗斯": {"俄罗斯联邦", "俄方"},
        "中国": {"中华人民共和国"},
    }


def test_mentions_join_short_names_to_full_ones(nlp):
    found = entities(nlp("挪威总理埃里克·斯文森抵达。斯文森表示感谢。"))
    assert found["埃里克·斯文森"] == {"埃里克·斯文森", "斯文森"}


def test_mentions_join_a_body_to_that_of_the_state_s_short_name(nlp):
    found = entities(nlp("挪威议会通过决议。挪议会发表声明。"))
    assert found["挪威议会"] == {"挪威议会", "挪议会"}


def test_mentions_know_a_name_that_only_another_stage_sees_as_the_known_person():
    registry_names = {
        entity.name
        for entity in kgx.extract("普京表示支持。国防部长绍伊古在向普京做工作汇报时发言。").entities
    }
    assert "普京" in registry_names and "普京（Person）" not in registry_names


def test_mentions_join_a_short_title_of_a_document(nlp):
    found = entities(nlp("双方发表《中挪海上合作联合声明》。《联合声明》说，合作顺利。"))
    assert found["中挪海上合作联合声明"] == {"中挪海上合作联合声明", "联合声明"}


def test_mentions_found_once_count_everywhere(nlp):
    doc = nlp("肯尼亚总统姆万吉加到访。晚上，姆万吉加离开。")
    assert sum(m.names == ("姆万吉加",) for m in doc._.kgx_mentions) == 2


def test_mentions_carry_the_lexicon_s_identity(nlp):
    (country,) = nlp("法国队获胜。")._.kgx_entities
    assert (country.key, country.qid, country.kind) == ("country/FRA", "Q142", "state")


def test_mentions_are_spans_too(nlp):
    doc = nlp("法国和挪威。")
    assert [(s.text, s.label_) for s in doc.spans["kgx_mentions"]] == [
        ("法国", "Country"),
        ("挪威", "Country"),
    ]


@settings(max_examples=50, deadline=None)
@given(text=st.text(alphabet="中俄巴美国方总统普京在同和、，。《》“”第届会议A1 \n", max_size=60))
def test_mentions_hold_for_any_text(nlp, text):
    doc = nlp(text)
    names_ = [e.name for e in doc._.kgx_entities]
    assert len(names_) == len(set(names_))
    for m in doc._.kgx_mentions:
        assert 0 <= m.start < m.end <= len(text) and set(m.names) <= set(names_)


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("两人在白宫会谈。", "白宫", "Place"),
        ("白宫发言人拒绝置评。", "白宫", "Organization"),
        ("人群在克里姆林宫附近聚集。", "克里姆林宫", "Place"),
        ("克里姆林宫发言人回答提问。", "克里姆林宫", "Organization"),
    ],
)
def test_mentions_tell_a_seat_of_power_from_the_power(nlp, text, surface, kind):
    assert (surface, kind) in {(text[m.start : m.end], m.type) for m in nlp(text)._.kgx_mentions}


def test_mentions_give_a_bare_ministry_to_the_state_that_the_document_is_about(nlp):
    there = nlp("叙利亚外交部发表声明。外交部还说，将召见大使。")._.kgx_entities
    assert [(e.name, e.surfaces) for e in there] == [("叙利亚外交部", ("叙利亚外交部", "外交部"))]
    (ours,) = nlp("外交部发表声明。")._.kgx_entities
    assert ours.key is not None  # no other state is near
    here = {e.name: e.key for e in nlp("外交部发言人说，中方支持叙利亚外交部的声明。")._.kgx_entities}
    assert here["外交部"] is not None


def test_mentions_find_local_and_foreign_towns(nlp):
    text = "记者来到大同市云岗区北岭新村。火箭弹落在米尔斯基市，埃斯特拉维奇等方向爆发激战。"
    places = {text[m.start : m.end] for m in nlp(text)._.kgx_mentions if m.type == "Place"}
    assert {"大同市", "云岗区", "北岭新村", "米尔斯基市", "埃斯特拉维奇"} <= places
