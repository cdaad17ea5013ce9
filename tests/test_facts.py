import pytest

from tests.reading import facts, only, pipeline, read


def test_facts_carry_evidence_rule_code_and_offsets():
    text = "3月2日，国家主席习近平在北京同俄罗斯总统普京举行会谈。"
    one = only(text, "Meet")
    assert one.roles == {"participant": ("习近平", "普京"), "place": ("北京",)}
    assert one.evidence == text[one.start : one.end]
    assert "普京举行会谈" in one.evidence
    assert (one.rule, one.code, one.date) == ("talks", "CONSULT", "2024-03-02")


def test_facts_apart_spreads_one_meeting_over_several():
    text = "3月4日，王毅分别会见泰国外长巴恩比、越南外长裴青山。"
    assert [fact.roles["participant"] for fact in facts(text, "Meet")] == [
        ("王毅", "巴恩比"),
        ("王毅", "裴青山"),
    ]


def test_facts_read_a_relative_clause():
    text = "3月2日，习近平在北京会见来华出席博鳌亚洲论坛年会的新加坡总理李显龙。"
    assert only(text, "Meet").roles["participant"] == ("习近平", "李显龙")
    one = only(text, "Attend")
    assert one.roles["attendee"] == ("李显龙",)
    assert one.roles["event"] == ("博鳌亚洲论坛年会",)
    assert one.date is None


def test_facts_at_an_invitation_are_an_invitation_and_a_visit():
    text = "应国家主席习近平邀请，巴西总统卢拉3月1日至4日对中国进行国事访问。"
    one = only(text, "Invite")
    assert (one.roles["inviter"], one.roles["invitee"], one.date) == (("习近平",), ("卢拉",), None)
    one = only(text, "Visit")
    assert (one.roles["visitor"], one.date) == (("卢拉",), "2024-03-01/2024-03-04")


def test_facts_welcome_said_of_something():
    one = only("中方对法国的倡议表示欢迎。", "Stance")
    assert one.roles == {"holder": ("中国",), "target": ("法国的倡议",), "polarity": ("support",)}


def test_facts_exchanged_messages_are_two():
    text = "3月1日，习近平同法国总统马克龙互致贺电。"
    pairs = {(fact.roles["sender"], fact.roles["recipient"]) for fact in facts(text, "Message")}
    assert pairs == {(("习近平",), ("马克龙",)), (("马克龙",), ("习近平",))}


def test_facts_serial_verbs_share_a_subject():
    text = "马克龙3月3日访问德国并出席慕尼黑安全会议。"
    assert only(text, "Visit").roles["visitor"] == ("马克龙",)
    assert only(text, "Attend").roles["attendee"] == ("马克龙",)


def test_facts_headline_and_lead_are_one():
    text = "习近平同法国总统会谈\n\n3月2日，国家主席习近平在北京同法国总统马克龙举行会谈。\n"
    one = only(text, "Meet")
    assert one.roles["participant"] == ("习近平", "马克龙")
    assert one.date == "2024-03-02"


def test_facts_caption_and_body_are_one():
    text = (
        "习近平同马克龙会谈\n\n3月2日，国家主席习近平在北京人民大会堂同法国总统马克龙举行会谈。\n\n"
        "3月2日，国家主席习近平在北京同法国总统马克龙举行会谈。新华社记者 张三 摄\n"
    )
    assert len(facts(text, "Meet")) == 1


def test_facts_anniversary_is_background():
    one = only("今年是中国和法国建交60周年。", "Establish")
    assert (one.status, one.date) == ("past", None)
    assert one.roles["what"] == ("外交关系",)
    one = only("3月2日是中国和柬埔寨建立全面战略合作伙伴关系10周年纪念日。", "Establish")
    assert (one.status, one.date) == ("past", None)


def test_facts_passive_has_the_attacker_after_the_marker():
    one = only("3月3日，喀布尔机场遭塔利班袭击。", "Attack")
    assert one.roles["attacker"] == ("塔利班",)


@pytest.mark.parametrize(
    "text",
    [
        "中国同中国举行会谈。",
        "法国访问法国。",
        "会谈富有成果。",
        "双方商定年内再次会谈的时间。",
    ],
)
def test_facts_absurd_or_empty_ones_are_not_made(text):
    assert not facts(text)


def test_facts_without_words_or_layers_are_none():
    doc = pipeline().get_pipe("kgx_facts")(pipeline().make_doc("习近平会见普京。"))
    assert doc._.kgx_facts == ()


def test_facts_are_the_same_with_and_without_a_log():
    text = "3月2日，习近平在北京同普京举行会谈。普京表示，俄方支持这一方案。双方商定加强合作。"
    assert read(text)[0]._.kgx_facts == pipeline()(text)._.kgx_facts or facts(text)
    from kgx.model import Document
    from kgx.nlp.pipeline import extract_document

    plain = extract_document(pipeline(), Document("text", text, "2024-03-05"))
    assert plain.facts == tuple(facts(text))


def test_facts_log_tells_every_draft_and_its_fate():
    log = read("3月2日，习近平在北京同普京举行会谈。习近平同普京会谈。")[1]
    assert len(log.drafts) == len(log.fates)
    assert [fate.end for fate in log.fates] == ["fact", "merged"]
    (note,) = [note for note in log.triggers if note.drafts == (0,)]
    assert note.rule == "talks"


def test_facts_log_says_why_nothing_was_made():
    reasons = {note.rule: note.refused for note in read("习近平希望法国支持会谈机制。")[1].triggers}
    assert reasons["support"] == "not_under"
    assert reasons["talks"] == "not_after"


def test_facts_a_line_without_a_closing_mark_heads_what_follows():
    text = "国际快讯\n\n俄称打击乌克兰弹药库 法国回应\n\n3月4日，俄军打击乌克兰一座弹药库。法国没有回应。\n"
    assert [one.roles["attacker"] for one in facts(text, "Attack")] == [("俄军",)]


def test_facts_object_behind_two_joined_relative_clauses():
    text = "3月2日，习近平在北京会见来华出席博鳌亚洲论坛年会并进行正式访问的法国总统马克龙。"
    assert only(text, "Meet").roles == {"participant": ("习近平", "马克龙"), "place": ("北京",)}


def test_facts_day_of_a_return_is_not_that_of_the_visit():
    text = "3月2日，国家主席习近平结束对法国的国事访问后回到北京。"
    one = only(text, "Visit")
    assert (one.roles["visitor"], one.roles["destination"], one.date) == (("习近平",), ("法国",), None)


def test_facts_company_of_a_traveller_arrives_with_him():
    text = "3月2日，李强抵达巴黎。\n\n国务委员兼外长王毅等陪同人员同机抵达。"
    assert [(f.roles["visitor"], f.roles["destination"]) for f in facts("访问\n\n" + text, "Visit")] == [
        (("李强",), ("巴黎",)), (("王毅",), ("巴黎",)),
    ]  # fmt: skip


def test_facts_chair_of_the_meeting_that_the_report_is_about():
    text = "论坛\n\n3月2日，博鳌亚洲论坛年会在海南举行。赵乐际出席并致辞。王沪宁主持会议。"
    (held,) = facts(text, "Host")
    assert held.roles["host"] == ("王沪宁",)
    assert held.roles["event"] == ("博鳌亚洲论坛年会",)


def test_facts_day_of_what_a_meeting_is_about_is_not_its_own():
    text = "3月4日，非洲联盟就3月1日喀土穆遇袭举行紧急会议。"
    assert only(text, "Host").date == "2024-03-04"


def test_facts_several_places_under_attack_are_its_target_without_the_area_they_lie_in():
    text = "3月3日，赫拉特省西部的古里安县和北部的库什克县遭到塔利班袭击。"
    assert "赫拉特省" not in only(text, "Attack").roles["target"]


def test_facts_thanks_for_an_invitation_say_that_the_guest_came():
    text = "卢拉表示，感谢习近平主席邀请我来华出席博鳌亚洲论坛年会。"
    assert only(text, "Attend").status != "planned"


def test_facts_tell_a_ceremony_held_without_a_host():
    text = "3月4日，跨境大桥竣工仪式在河内举行。"
    assert only(text, "Host").roles == {"event": ("跨境大桥竣工仪式",), "place": ("河内",)}


def test_facts_a_noun_of_action_belongs_to_who_stands_before_it():
    one = only("联合国谴责包括以军对加沙地带一所学校的袭击。", "Attack")
    assert (one.roles["attacker"], one.roles["target"]) == (("以军",), ("加沙地带一所学校",))


def test_facts_a_sanctioned_state_may_be_named_by_one_character():
    one = only("德国专家表示，俄罗斯经济增长，欧盟对俄制裁适得其反。", "Sanction")
    assert one.roles == {"actor": ("欧盟",), "target": ("俄罗斯",)}


def test_facts_what_is_spoken_about_ends_before_a_modal():
    one = only("中国和泰国就关税安排未能达成一致。", "Agree")
    assert (one.roles["content"], one.status) == (("关税安排",), "negated")


def test_facts_both_sides_of_a_meeting_told_in_the_sentence_are_persons():
    one = only("3月2日，习近平同法国总统马克龙在北京举行会谈，双方同意扩大农产品贸易。", "Agree")
    assert one.roles["party"] == ("习近平", "马克龙")


def test_facts_thanks_for_aid_are_no_aid_to_who_gave_it():
    assert facts("汤加政府对中国提供紧急援助表示感谢。", "Aid") == []


def test_facts_a_list_keeps_its_names_before_a_common_noun():
    one = only("3月4日，中国和联合国机构向阿富汗提供一批救灾物资。", "Aid")
    assert (one.roles["donor"], one.roles["recipient"]) == (("中国",), ("阿富汗",))


def test_facts_an_office_in_a_longer_word_is_none():
    assert facts("南非总统拉马福萨宣布，南非接任二十国集团轮值主席国。", "Appoint") == []


def test_facts_what_a_meeting_is_about_ends_before_its_verb_and_has_a_day_of_its_own():
    one = only("联合国安理会3月4日就美国空袭叙利亚和伊拉克举行紧急会议。", "Attack")
    assert (one.roles["target"], one.date) == (("叙利亚和伊拉克",), None)
    one = only("3月4日，联合国安理会就上周美国空袭叙利亚举行紧急会议。", "Attack")
    assert (one.roles["target"], one.date) == (("叙利亚",), "2024-02-26/2024-03-03")
    one = only("王毅3月4日就中美合作同美国国务卿布林肯通电话。", "Meet")
    assert one.date == "2024-03-04"


def test_facts_the_day_of_a_deed_that_is_only_named_is_not_lent():
    one = only("以色列称，空袭旨在报复伊朗3月2日对以色列的空袭，意在打击伊朗军事目标。", "Attack")
    assert one.date is None


def test_facts_words_inside_a_name_as_written_say_nothing_of_the_status():
    one = only("习近平3月4日向中国与法国友好协会五十周年纪念活动致贺信。", "Message")
    assert one.status == "actual"


def test_facts_a_deed_whose_doer_has_no_name_is_nobody_s():
    assert facts("国际能源署报告显示，受西方对俄罗斯制裁影响，油价上涨。", "Sanction") == []


def test_facts_a_guest_at_somebody_s_invitation_is_not_the_host():
    one = only("习近平在北京会见应中国政府邀请访华的巴西总统卢拉。", "Invite")
    assert one.roles["invitee"] == ("卢拉",)


@pytest.mark.parametrize(
    "text",
    [
        "王岐山转达习近平主席对卢拉总统再次就任巴西总统的热烈祝贺。",
        "李强会见印度尼西亚当选总统。",
    ],
)
def test_facts_an_office_is_not_taken_by_who_only_speaks_of_it(text):
    assert [one for one in facts(text, "Appoint") if {"王岐山", "李强"} & set(one.roles["person"])] == []


def test_facts_a_state_that_has_an_office_stands_before_the_holder_of_another():
    one = only("应东盟轮值主席国印度尼西亚总统佐科和印度共和国政府邀请，李强将访问印度尼西亚。", "Member")
    assert one.roles["member"] == ("印度尼西亚",)


def test_facts_a_former_official_does_not_act_for_the_state():
    assert facts("南非前资深外交官、大学教授高度赞赏中非合作成就。", "Stance") == []


def test_facts_an_event_that_names_its_parties_after_it_is_not_held_itself():
    assert facts("由海合会倡议举行的也门冲突各方会谈3月4日在利雅得举行。", "Host") == []


def test_facts_a_long_list_of_fields_is_no_name_of_a_document():
    fields = "农业、交通、科技、电信、城市可持续发展、贸易、航天、检验检疫、能源、教育、体育"
    one = only(f"习近平和武文赏共同见证签署{fields}等领域多项合作文件。", "Sign")
    assert one.roles["document"] == ("多项合作文件",)


def test_facts_a_commemoration_is_held_and_not_past():
    one = only("纪念抗日战争胜利七十周年座谈会3月3日在北京举行。", "Host")
    assert one.status == "actual"


def test_facts_a_case_marker_between_two_is_of_the_nearer_one():
    one = only("俄罗斯外交部说，作为对美国针对俄罗斯议员的制裁的回应，俄方召回大使。", "Sanction")
    assert (one.roles["actor"], one.roles["target"]) == (("美国",), ("俄罗斯议员",))


def test_facts_two_persons_of_one_state_announce_no_agreement():
    assert facts("英国大臣戈夫以及议员利德索姆宣布，将在大选前辞去议员一职。", "Agree") == []
