import pytest

from tests.reading import facts, only

TALKS = "3月2日，国家主席习近平在北京同法国总统马克龙举行会谈。"


def test_reference_both_sides_are_the_states_of_those_who_talk():
    one = only(TALKS + "双方一致同意加强能源合作。", "Agree")
    assert set(one.roles["party"]) == {"中国", "法国"}


def test_reference_two_heads_of_state_are_the_persons():
    one = only(TALKS + "会谈后，两国元首共同见证签署多项合作文件。", "Sign")
    assert one.roles["witness"] == ("习近平", "马克龙")


def test_reference_two_countries_cooperate():
    one = only(TALKS + "习近平指出，两国加强核能合作。", "Cooperate")
    assert set(one.roles["party"]) == {"中国", "法国"}


def test_reference_i_is_who_speaks():
    one = only("普京表示，我支持这一方案。", "Stance")
    assert one.roles["holder"] == ("普京",)
    assert one.source == "普京"


def test_reference_you_is_the_other_of_the_two():
    one = only(TALKS + "习近平表示，感谢你访问中国。马克龙表示，我邀请你访问法国。", "Invite")
    assert one.roles["inviter"] == ("马克龙",)
    assert one.roles["invitee"] == ("习近平",)


def test_reference_he_is_whom_the_sentence_names_first():
    text = "马克龙3月3日抵达柏林，他会见朔尔茨。"
    assert only(text, "Meet").roles["participant"] == ("马克龙", "朔尔茨")


def test_reference_unresolved_words_make_no_fact():
    assert not facts("两国元首共同见证签署多项合作文件。", "Sign")
    assert not facts("双方一致同意加强能源合作。", "Agree")
    assert not facts("他会见朔尔茨。", "Meet")


def test_reference_an_office_stands_for_its_holder():
    text = TALKS + "法国总统会见李强。"
    found = [fact.roles["participant"] for fact in facts(text, "Meet")]
    assert ("马克龙", "李强") in found


def test_reference_definite_events_are_the_named_one():
    text = "3月3日，博鳌亚洲论坛年会在海南开幕。论坛由博鳌亚洲论坛主办。李强出席本届年会。"
    one = only(text, "Attend")
    assert one.roles["event"] == ("博鳌亚洲论坛年会",)


def test_reference_this_body_is_the_last_one_named():
    one = only("3月3日，也门胡塞武装宣布，该组织对红海一艘货轮发动袭击。", "Attack")
    assert one.roles["attacker"] == ("也门胡塞武装",)


def test_reference_both_sides_inside_a_longer_word():
    one = only(TALKS + "双方同意加强能源合作。", "Agree")
    assert set(one.roles["party"]) == {"中国", "法国"}


def test_reference_leaders_of_talks_are_the_two_who_speak():
    text = "元首会谈\n\n两国元首在河内举行会谈。\n\n习近平指出，两国是邻居。\n\n武文赏表示，两国是兄弟。\n"
    (one,) = facts(text, "Meet")
    assert one.roles["participant"] == ("习近平", "武文赏")


def test_reference_a_headline_in_the_body_ends_what_双方_stood_for():
    text = (
        "国际快讯\n\n法德举行磋商\n\n法国和德国3日举行磋商。双方签署了两项协议。\n\n"
        "莱希访问肯尼亚\n\n伊朗总统莱希4日到访肯尼亚。两国签署了三项协议。\n"
    )
    signed = {fact.roles["document"]: fact.roles["signatory"] for fact in facts(text, "Sign")}
    assert signed == {("两项协议",): ("法国", "德国"), ("三项协议",): ("伊朗", "肯尼亚")}


def test_reference_two_who_receive_guests_together_are_no_principals():
    text = "习近平和彭丽媛在河内会见青年代表。他表示，两国元首一致同意深化合作。"
    assert not facts(text, "Agree")


def test_reference_they_are_those_whom_the_sentence_before_lists():
    text = "3月2日，法国总统马克龙、德国总理朔尔茨等领导人出席论坛开幕式。他们高度评价全球安全倡议。"
    assert only(text, "Stance").roles["holder"] == ("马克龙", "朔尔茨")


def test_reference_we_is_the_body_whose_statement_an_article_gives():
    title = "全国人大外事委员会就美国国会涉华法案发表声明"
    text = f"{title}\n\n3月4日，美国国会通过一项法案。\n\n我们坚决反对这一法案。\n"
    one = only(text, "Stance")
    assert one.roles["holder"] == ("全国人大外事委员会",)


def test_reference_the_body_is_no_agency_of_the_dateline():
    text = "峰会举行\n\n央视网消息（新闻联播）：该组织表示，支持这一方案。会议在明斯克举行。\n"
    assert all("央视网" not in fact.roles["holder"] for fact in facts(text, "Stance"))
    named = "峰会举行\n\n央视网消息（新闻联播）：集安组织秘书长到会。该组织支持这一方案。\n"
    assert only(named, "Stance").roles["holder"] == ("集安组织",)


def test_reference_a_delegation_is_met_in_the_person_who_leads_it():
    text = "3月4日，李强在北京会见法国前总理拉法兰率领的访华团。"
    assert only(text, "Meet").roles["participant"] == ("李强", "拉法兰")


def test_reference_two_heads_of_state_are_not_their_deputies():
    text = "3月4日，丁薛祥会见俄罗斯副总理诺瓦克。国务院副总理丁薛祥表示，今年2月，两国元首在北京举行会谈。"
    assert only(text, "Meet").roles["participant"] == ("丁薛祥", "诺瓦克")


def test_reference_he_is_the_one_person_of_the_sentence_before():
    text = "3月4日，朔尔茨抵达柏林。当天，他会见了马克龙。"
    assert only(text, "Meet").roles["participant"] == ("朔尔茨", "马克龙")


def test_reference_an_envoy_with_an_office_of_his_own_attends_alone():
    text = "3月4日，国家主席习近平特使、文化和旅游部部长孙业礼出席就职典礼。"
    assert only(text, "Attend").roles["attendee"] == ("孙业礼",)


def test_reference_bodies_of_one_office_do_not_meet_with_its_holder():
    text = "3月4日，中央外办、外交部部长王毅在北京会见布林肯。"
    assert only(text, "Meet").roles["participant"] == ("王毅", "布林肯")


def test_reference_the_other_side_is_the_one_that_the_sentence_has_not_named():
    one = only(TALKS + "习近平表示，中方将向对方提供一批救灾物资。", "Aid")
    assert (one.roles["donor"], one.roles["recipient"]) == (("中国",), ("法国",))


@pytest.mark.parametrize(
    ("text", "kind", "role", "name"),
    [
        ("习近平祝贺普拉博沃当选印尼总统，并请其转达对佐科总统的问候。", "Convey", "carrier", "普拉博沃"),
        ("王岐山3月4日在马尼拉出席菲律宾总统马科斯就职仪式并同其会见。", "Meet", "participant", "马科斯"),
    ],
)
def test_reference_it_is_whom_the_clauses_name_after_the_first(text, kind, role, name):
    assert name in only(text, kind).roles[role]


def test_reference_it_is_nobody_where_several_are_named():
    text = "佐科请韩正转达对习近平的问候，感谢马科斯近日同其通话。"
    assert [
        one.roles["participant"] for one in facts(text, "Meet") if "佐科" in one.roles["participant"]
    ] == []
