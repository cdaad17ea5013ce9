"""Agreement, co-operation, aid, attacks, sanctions, offices, greetings: who does what to whom."""

import pytest

from tests.reading import facts, only

TALKS = "3月2日，国家主席习近平在北京同法国总统马克龙举行会谈。"


def test_agree_what_one_side_alone_agrees_to_is_no_joint_deed():
    assert not facts(TALKS + "法国同意延长免签安排。", "Agree")


def test_agree_the_two_who_met_reach_a_consensus_in_the_next_clause():
    one = only("去年，习近平主席同马克龙总统举行会谈，就发展两国关系达成重要共识。", "Agree")
    assert one.roles["party"] == ("习近平", "马克龙")


def test_agree_what_is_announced_together_is_agreed():
    one = only(TALKS + "两国元首宣布建立战略伙伴关系。", "Agree")
    assert one.roles["party"] == ("习近平", "马克龙")
    assert one.roles["content"] == ("建立战略伙伴关系",)


def test_agree_comment_on_it_is_no_part_of_it():
    text = "李强表示，习近平主席同马克龙总统共同宣布建立战略伙伴关系，引领两国合作取得丰硕成果。"
    assert only(text, "Agree").roles["content"] == ("建立战略伙伴关系",)


def test_agree_a_hope_for_agreement_is_none():
    assert not facts("普京表示，俄方希望同中方尽早达成协议。", "Agree")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("中国和埃及加强绿色经济、创新等新兴领域合作。", ("绿色经济", "创新")),
        ("中国和埃及落实双方共识、深化核能合作。", ("核能",)),
        ("中国和埃及开展更加紧密的核能合作。", ("核能",)),
    ],
    ids=["et-cetera", "second-verb", "adjective"],
)
def test_cooperate_fields_are_nouns(text, fields):
    assert only(text, "Cooperate").roles["field"] == fields


@pytest.mark.parametrize("text", ["埃及期待同中国加强合作。", "中国和埃及见证签署核能合作文件。"])
def test_cooperate_without_a_field_is_none(text):
    assert not facts(text, "Cooperate")


def test_establish_names_right_before_the_verb_are_its_parties():
    text = TALKS + "马克龙表示，今年是中越建立全面战略合作伙伴关系15周年。"
    assert set(only(text, "Establish").roles["party"]) == {"中国", "越南"}


def test_convey_a_greeting_that_somebody_is_asked_to_pass_on():
    one = only("洪森请王毅转达对习近平主席的诚挚问候。", "Convey")
    assert one.roles == {"sender": ("洪森",), "carrier": ("王毅",), "recipient": ("习近平",)}
    assert one.status == "planned"


def test_convey_the_one_addressed_carries_nothing():
    one = only("韩正向马克龙转达习近平主席的亲切问候。", "Convey")
    assert one.roles["carrier"] == ("韩正",)


def test_attack_arms_act_for_their_party():
    one = only("3月3日，莫斯科遭到乌克兰5架无人机袭击。", "Attack")
    assert one.roles["attacker"] == ("乌克兰",)


def test_attack_a_judgement_is_no_part_of_the_target():
    one = only("3月3日，王毅表示，以军空袭加沙城一所学校的行为令人震惊。", "Attack")
    assert one.roles["target"] == ("加沙城一所学校",)


def test_attack_arms_named_in_between_belong_to_no_target():
    (one,) = facts("3月3日，俄军对敖德萨进行无人机袭击。", "Attack")
    assert one.roles["target"] == ("敖德萨",)


def test_attack_repelled_is_not_the_defender_s():
    assert not [
        one for one in facts("俄军在多地击退乌军攻击。", "Attack") if one.roles["attacker"] == ("俄军",)
    ]


def test_attack_place_is_where_its_own_subject_acted():
    text = "3月3日，俄空军在敖德萨打击乌军阵地，俄军还摧毁了一座乌军弹药库。"
    places = {one.roles["target"]: one.roles.get("place") for one in facts(text, "Attack")}
    assert places[("一座乌军弹药库",)] is None


def test_aid_that_somebody_calls_for_is_not_his():
    found = facts("阿巴斯呼吁停止冲突，并加快向加沙地带提供人道主义援助。", "Aid")
    assert not [one for one in found if "阿巴斯" in one.roles.get("donor", ())]


def test_sanction_author_stands_before_its_object():
    found = facts("3月3日，俄罗斯对立陶宛采取制裁，以此回应欧盟对俄罗斯的制裁。", "Sanction")
    assert {(one.roles["actor"], one.roles["target"]) for one in found} == {
        (("俄罗斯",), ("立陶宛",)),
        (("欧盟",), ("俄罗斯",)),
    }


def test_sanction_to_cope_with_sanctions_is_none():
    assert not facts("伊朗愿同叙利亚共同应对美国的制裁。", "Sanction")


def test_appoint_who_is_announced_as_elected():
    one = only("3月1日，印尼选举委员会宣布普拉博沃当选总统。", "Appoint")
    assert one.roles["person"] == ("普拉博沃",)
    assert not facts("印度尼西亚当选总统普拉博沃来访。", "Appoint")


def test_appoint_what_a_ministry_reports_is_news_and_what_a_person_recalls_is_past():
    assert only("俄罗斯外交部表示，普拉博沃当选印度尼西亚总统。", "Appoint").status == "actual"
    assert only("普京表示，普拉博沃当选印度尼西亚总统。", "Appoint").status == "past"


def test_member_is_whoever_stands_before_the_verb_of_being():
    one = only("普京表示，俄方支持印度担任上海合作组织轮值主席国。", "Member")
    assert one.roles["member"] == ("印度",)


@pytest.mark.parametrize(
    "text",
    [
        "3月1日，国家副主席韩正前往越南驻华使馆，吊唁越共中央总书记阮富仲逝世。",
        "国家副主席韩正前往英国驻华使馆，吊唁英国女王伊丽莎白二世逝世。",
        "3月1日，州长科瓦奇确认，飞机上人员全部遇难。",
        "联合国儿童基金会执行主任拉塞尔发表声明称，超过50名儿童遭袭身亡。",
    ],
)
def test_appoint_who_mourns_or_reports_a_death_is_not_dead(text):
    dead = {one.roles["person"] for one in facts(text, "Appoint")}
    assert dead <= {("阮富仲",), ("伊丽莎白二世",)}


def test_stance_of_what_one_approves_is_no_other_verb():
    text = "会谈后，叙方高度赞赏、坚定支持。叙利亚总统表示满意。"
    assert facts(text, "Stance") == []


def test_attack_who_is_only_concerned_strikes_nobody():
    one = only("巴基斯坦、土耳其等国对以色列大规模空袭拉法表示担忧。", "Attack")
    assert one.roles["attacker"] == ("以色列",)


@pytest.mark.parametrize(
    "text",
    [
        "3月4日，塞拉利昂政府发表声明称，一群不明身份的武装人员袭击了位于首都弗里敦的军营。",
        "巴勒斯坦电信公司说，受持续袭击影响，通信中断。",
    ],
)
def test_attack_of_unnamed_men_is_not_that_of_who_tells_it(text):
    assert [one for one in facts(text, "Attack") if "attacker" in one.roles] == []


def test_attack_place_between_the_subject_and_the_blow_does_not_strike():
    text = "以军发表声明称，今天凌晨在黎巴嫩和叙利亚边境地区打击黎真主党武器运输线。"
    assert only(text, "Attack").roles["attacker"] == ("以军",)


def test_meet_those_who_only_mourn_together_have_not_met():
    text = "习近平、李强、赵乐际等前往医院看望或通过各种形式对其逝世表示哀悼。"
    assert facts(text, "Meet") == []


def test_sanction_who_is_against_sanctions_has_imposed_none():
    assert facts("匈牙利反对对俄罗斯制裁的立场不会改变。", "Sanction") == []


def test_aid_that_only_describes_a_target_is_none():
    assert facts("俄军打击了为乌军提供燃料的油料库。", "Aid") == []


def test_agree_what_has_not_been_agreed_with_several_is_negated():
    one = only("乌克兰尚未与土耳其和俄罗斯就解除封锁达成协议。", "Agree")
    assert one.status == "negated"


def test_stance_what_is_felt_about_a_deed_is_no_part_of_it():
    found = {one.roles["polarity"]: one for one in facts("普京对中方支持俄方担任主席国表示感谢。", "Stance")}
    assert found[("support",)].roles["holder"] == ("中国",)
    assert found[("support",)].roles["target"] == ("俄方担任主席国",)
    assert found[("thank",)].roles["holder"] == ("普京",)


def test_appoint_who_is_congratulated_takes_office():
    found = facts("会见莎拉时，王岐山祝贺她当选履新。", "Appoint")
    assert all("王岐山" not in one.roles["person"] for one in found)


def test_member_is_who_joins_and_not_who_ratifies_it():
    assert only("土耳其无法批准瑞典加入北约。", "Member").roles["member"] == ("瑞典",)
