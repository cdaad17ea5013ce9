"""What parties support, oppose and ask for: whose stance it is, and what is none."""

import pytest

from tests.reading import facts, only


def told(text, kind="Stance"):
    """(holder, target) of each stance of a text."""
    return [(one.roles["holder"], one.roles["target"][0]) for one in facts(text, kind)]


def test_stances_a_wish_for_another_party_reaches_the_clauses_after_it():
    assert not told("习近平表示，希望法方恪守一个中国原则，支持各方对话，反对阵营对抗。")


def test_stances_a_wish_of_ones_own_reaches_no_further():
    found = told("马克龙表示，希望加强两国合作，支持多边主义。")
    assert found == [(("马克龙",), "多边主义")]


def test_stances_what_one_party_supports_another_in_is_not_the_other_ones():
    found = told("中方支持古巴反对外来干涉。")
    assert found == [(("中国",), "古巴反对外来干涉")]


def test_stances_go_on_with_whoever_is_praised():
    found = told("王毅表示，中方赞赏法方恪守一个中国原则，多次公开支持中国实现统一。")
    assert (("法国",), "中国实现统一") in found


def test_stances_the_object_of_praise_is_not_its_author():
    found = told("马克龙表示，中国是可靠的伙伴，赞赏中方提出的倡议。")
    assert found == [(("马克龙",), "中方提出的倡议")]


def test_stances_pass_over_a_subject_that_can_hold_none():
    found = told("汤加总理表示，汤方认为台湾是中国领土不可分割的一部分，反对“台独”分裂活动。")
    assert (("汤加",), "“台独”分裂活动") in found


def test_stances_point_to_the_clause_before():
    found = told("美方宣布向台湾出售武器，中方对此坚决反对。")
    assert found == [(("中国",), "美方宣布向台湾出售武器")]


def test_stances_two_verbs_share_an_object():
    found = told("马克龙感谢并欢迎李强访问法国。")
    assert {target for _, target in found} == {"李强访问法国"}


def test_stances_several_speakers_hold_them_together():
    found = told("卡塔尔、莫桑比克等国也重申坚持一个中国原则。")
    assert found == [(("卡塔尔", "莫桑比克"), "一个中国原则")]


def test_stances_of_people_without_a_name_are_not_their_country_s():
    assert not told("菲律宾“失踪者”家属敦促日本政府道歉。")


@pytest.mark.parametrize(
    "text",
    [
        "中方愿同法方坚持通过对话解决分歧。",
        "美国将古巴列入“支持恐怖主义国家名单”。",
        "中国和法国在维护多边主义等问题上有广泛共识。",
    ],
    ids=["wish", "quotation", "matter"],
)
def test_stances_are_not_seen_where_there_are_none(text):
    assert not told(text)


def test_stances_end_a_target_at_a_whole_word():
    assert only("中国坚持大小国家一律平等。", "Stance").roles["target"] == ("大小国家一律平等",)
