from __future__ import annotations

import pytest
import spacy

import kgx
from kgx.nlp import mentions, positions, titles, words  # noqa: F401  # registers the components

STAGES = (
    "kgx_words",
    "kgx_gazetteer",
    "kgx_names",
    "kgx_titles",
    "kgx_groups",
    "kgx_mentions",
    "kgx_positions",
)


def pipeline(stages=STAGES):
    nlp = spacy.blank("zh")
    for stage in stages:
        nlp.add_pipe(stage)
    return nlp


@pytest.fixture(scope="module")
def read():
    nlp = pipeline()

    def run(text: str):
        doc = nlp(text)
        return {(p.person, p.title, p.of) for p in doc._.kgx_positions}, doc

    return run


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("肯尼亚总统姆万吉加在海城发表讲话。", "姆万吉加"),
        ("挪威外长埃里克·斯文森抵达。", "埃里克·斯文森"),
        ("肯尼亚外交部长郑晓楠表示欢迎。", "郑晓楠"),
    ],
)
def test_titles_find_names_that_the_lexicon_lacks(read, text, person):
    _, doc = read(text)
    assert person in {e.name for e in doc._.kgx_entities if e.type == "Person"}


@pytest.mark.parametrize(
    "text", ["两国元首商定加强合作。", "总统强调和平。", "各国领导人齐聚海城。", "大使表示感谢。"]
)
def test_titles_take_no_verb_for_a_name(read, text):
    _, doc = read(text)
    assert not [e for e in doc._.kgx_entities if e.type == "Person"]


def test_titles_find_names_in_lists(read):
    _, doc = read("王毅、郑晓楠等参加会见。")
    assert {"王毅", "郑晓楠"} <= {e.name for e in doc._.kgx_entities}


def test_titles_work_without_words():
    doc = pipeline([s for s in STAGES if s != "kgx_words"])("肯尼亚总统姆万吉加在海城发表讲话。")
    assert ("姆万吉加", "总统", "肯尼亚") in {(p.person, p.title, p.of) for p in doc._.kgx_positions}


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("中国国家主席习近平抵达。", ("习近平", "国家主席", "中国")),
        ("中方欢迎。国家主席习近平抵达中国上海。", ("习近平", "国家主席", "中国")),
        ("俄罗斯外交部发言人扎哈罗娃表示关切。", ("扎哈罗娃", "发言人", "俄罗斯外交部")),
        ("欧盟外交与安全政策高级代表博雷利到访。", ("博雷利", "外交与安全政策高级代表", "欧盟")),
        ("美国商务部长雷蒙多到访。", ("雷蒙多", "商务部长", "美国")),
        ("中国驻挪威大使郑晓楠出席。", ("郑晓楠", "驻挪威大使", "中国")),
        ("挪威常驻联合国代表郑晓楠出席。", ("郑晓楠", "常驻联合国代表", "挪威")),
        ("全国人大外事委员会主任委员郑晓楠出席。", ("郑晓楠", "主任委员", "全国人大外事委员会")),
        ("新华社记者郑晓楠、王晓明摄。", ("王晓明", "记者", "新华社")),
        ("新华社北京5月20日电 （记者郑晓楠）今天开幕。", ("郑晓楠", "记者", "新华社")),
        ("全国政协主席王沪宁出席。", ("王沪宁", "主席", "全国政协")),
    ],
)
def test_positions_read_title_and_body(read, text, position):
    assert position in read(text)[0]


def test_positions_read_titles_in_a_row(read):
    found, _ = read("中国的中共中央总书记、国家主席、中央军委主席习近平发表讲话。")
    assert {
        ("习近平", "总书记", "中共中央"),
        ("习近平", "国家主席", "中国"),
        ("习近平", "主席", "中央军委"),
    } <= found


def test_positions_drop_the_address_beside_a_fuller_title(read):
    found, _ = read("俄罗斯总统普京抵达。会谈中，普京总统表示感谢。")
    assert found == {("普京", "总统", "俄罗斯")}


def test_positions_of_an_address_are_those_of_the_person_s_country(read):
    found, _ = read("普京总统说，俄罗斯愿意合作。")
    assert found == {("普京", "总统", "俄罗斯")}


def test_positions_make_no_office_of_a_marriage(read):
    found, _ = read("中国国家主席习近平夫人彭丽媛出席。")
    assert not [p for p in found if p[0] == "彭丽媛"]


def test_positions_give_the_offsets_of_the_title(read):
    _, doc = read("俄罗斯总统普京抵达。")
    (position,) = doc._.kgx_positions
    assert doc.text[position.start : position.end] == "总统"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("研究中心负责人瓦尔姆巴赫指出，情况好转。", "瓦尔姆巴赫"),
        ("伊朗石油部长帕克内贾德到访。", "帕克内贾德"),
        ("副总统萨赫勒-维克致电。", "萨赫勒-维克"),
    ],
)
def test_titles_take_a_name_whole_although_a_known_one_ends_or_begins_it(text, name):
    doc = pipeline()(text)
    assert name in {text[m.start : m.end] for m in doc._.kgx_mentions if m.type == "Person"}


@pytest.mark.parametrize("text", ["多国领导人祝贺大会召开。", "全体官员敬礼。", "各位顾问发言。"])
def test_titles_take_no_common_word_for_a_name(text):
    assert not [m for m in pipeline()(text)._.kgx_mentions if m.type == "Person"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("总统助理尤里·乌沙科夫作了说明。", {"尤里·乌沙科夫"}),
        ("诗人埃里克·斯文森获奖。", {"埃里克·斯文森"}),
        ("“埃里克·斯文森”号货轮靠岸。", set()),
    ],
)
def test_titles_take_a_name_in_parts_without_an_office(text, names):
    doc = pipeline()(text)
    assert {text[m.start : m.end] for m in doc._.kgx_mentions if m.type == "Person"} == names


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("会上转达了金正恩总书记的祝贺。", ("金正恩", "总书记", None)),
        ("国务委员兼国务院秘书长郑晓楠出席。中国代表团同行。", ("郑晓楠", "国务委员兼国务院秘书长", "中国")),
        ("挪威副首相兼海洋部大臣埃里克·斯文森来访。", ("埃里克·斯文森", "副首相兼海洋部大臣", "挪威")),
        ("挪威首相中国事务特使埃里克·斯文森来访。", ("埃里克·斯文森", "中国事务特使", "挪威")),
        ("联合国利比亚问题特别代表埃里克·斯文森发言。", ("埃里克·斯文森", "利比亚问题特别代表", "联合国")),
        ("代表团抵达挪威。首相埃里克·斯文森到机场迎接。", ("埃里克·斯文森", "首相", "挪威")),
    ],
    ids=["address", "joined", "joined with a body", "envoy of a head", "envoy", "country of the document"],
)
def test_titles_positions_in_full(read, text, position):
    found, _ = read(text)
    assert position in found


def test_titles_country_of_the_document_is_none_where_it_is_about_several(read):
    found, _ = read("代表团访问了挪威、肯尼亚。首相埃里克·斯文森表示欢迎。")
    assert ("埃里克·斯文森", "首相", None) in found


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("中国驻挪威大使姜再冬等到机场送行。", "姜再冬"),
        ("俄罗斯总统普京·埃里克森发表讲话。", "普京·埃里克森"),
    ],
    ids=["no word of the dictionary", "more of a known name"],
)
def test_titles_find_names_that_the_segmenter_cuts(read, text, person):
    _, doc = read(text)
    assert person in {e.name for e in doc._.kgx_entities if e.type == "Person"}


@pytest.mark.parametrize(
    "text", ["挪威大使强烈谴责袭击。", "挪威大使高度评价成果。", "挪威大使方面表示满意。"]
)
def test_titles_take_no_word_after_an_office_with_its_body_for_a_name(read, text):
    _, doc = read(text)
    assert not [e for e in doc._.kgx_entities if e.type == "Person"]


@pytest.mark.parametrize(
    ("text", "name", "not_name"),
    [
        ("法国总统夫人塞西莉亚到访中国。", "塞西莉亚", "塞西"),
        ("院士李德仁介绍了情况。", "李德仁", "德仁"),
        ("运动员奥利弗夺冠。", "奥利弗", "奥利"),
    ],
)
def test_titles_takes_no_known_person_out_of_a_longer_name(text: str, name: str, not_name: str) -> None:
    names = {entity.name for entity in kgx.extract(text).entities}
    assert name in names
    assert not_name not in names


def test_titles_keeps_a_known_person_beside_a_word_that_is_no_name() -> None:
    names = {
        entity.name for entity in kgx.extract("国家副主席韩正在北京会见美国总统拜登上月派来的特使。").entities
    }
    assert {"韩正", "拜登"} <= names


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("黎巴嫩看守政府总理米卡提表示，局势严峻。", ("米卡提", "看守政府总理", "黎巴嫩")),
        ("加蓬过渡总统恩圭马会见王毅。", ("恩圭马", "过渡总统", "加蓬")),
        ("法国总统外事顾问博纳会见王毅。", ("博纳", "总统外事顾问", "法国")),
        ("全国人大法律委员会副主任委员、委员徐辉出席。", ("徐辉", "委员", "全国人大法律委员会")),
        ("王毅主席特使、外交部副部长何平安出席典礼。", ("何平安", "特使", None)),
        ("外交部副部长陈晓东、马朝旭出席会议。", ("马朝旭", "副部长", "外交部")),
    ],
)
def test_positions_keep_offices_whole_and_give_each_its_body(read, text, position):
    assert position in read(text)[0]


@pytest.mark.parametrize("text", ["韩正会见尼日尔总理 韩正会见加蓬总统", "高市早苗当选日本首相 李强致贺电"])
def test_positions_take_no_title_across_the_blank_of_a_headline(read, text):
    assert read(text)[0] == set()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("挪威外长马里诺会见王毅。", "马里诺"),
        ("叙利亚外长阿萨德·希巴尼会见王毅。", "阿萨德·希巴尼"),
        ("美国副助理国务卿埃尔默·利马表示欢迎。", "埃尔默·利马"),
        ("匈牙利外长西雅尔多·彼得表示欢迎。", "西雅尔多·彼得"),
        ("法国外长让·伊夫·勒德里昂访问北京。", "让·伊夫·勒德里昂"),
        ("芬兰共和国总统亚历山大·斯图布访问中国。", "亚历山大·斯图布"),
        ("加纳总统何亚非会见王毅。", "何亚非"),
        ("教育部副部长何平安出席会议。", "何平安"),
        ("以色列外长佳普金会见布林肯。", "佳普金"),
        ("芬兰国防军司令奥拉夫·久里的职务被免去。", "奥拉夫·久里"),
        ("习近平致电奥拉夫·埃里克·楚韦，祝贺他就任芬兰总统。", "奥拉夫·埃里克·楚韦"),
        ("尼泊尔部长维克多·金表示欢迎。", "维克多·金"),
    ],
)
def test_titles_take_a_name_beside_an_office_whole(text, name):
    assert name in {entity.name for entity in kgx.extract(text).entities if entity.type == "Person"}


def test_titles_take_no_name_of_which_the_last_part_is_cut():
    names = {one.name for one in kgx.extract("德国议员奥拉夫·达代伦称，制裁无效。").entities}
    assert "奥拉夫·达" not in names


def test_titles_take_no_relative_for_the_known_person():
    (one,) = [entity for entity in kgx.extract("亨特·拜登出庭。").entities if entity.type == "Person"]
    assert (one.name, one.key) == ("亨特·拜登", None)


def test_positions_part_two_persons_of_one_name():
    found = kgx.extract("挪威首相哈康3日会见肯尼亚外长哈康。肯尼亚外长哈康表示感谢。", date="2024-03-05")
    assert {(p.person, p.of) for p in found.positions} == {("哈康", "挪威"), ("哈康（外长）", "肯尼亚")}
    (met,) = [fact for fact in found.facts if fact.type == "Meet"]
    assert dict(met.roles)["participant"] == ("哈康", "哈康（外长）")
    assert {e.name for e in found.entities if e.type == "Person"} == {"哈康", "哈康（外长）"}


@pytest.mark.parametrize(
    "text",
    [
        "挪威首相哈康会见肯尼亚前总统肯雅塔。挪威首相哈康讲话。",
        "前挪威首相哈康会见来宾。联合国特使哈康讲话。",
    ],
)
def test_positions_leave_one_person_of_several_offices_one(text):
    found = kgx.extract(text, date="2024-03-05")
    assert [e.name for e in found.entities if e.name.startswith("哈康")] == ["哈康"]


def test_titles_begin_a_name_in_parts_with_its_first_part():
    text = "国家主席习近平致电约瑟夫·尼乌马·博阿凯，祝贺他当选利比里亚总统。"
    assert "约瑟夫·尼乌马·博阿凯" in {text[m.start : m.end] for m in pipeline()(text)._.kgx_mentions}


def test_titles_of_a_committee_take_the_last_character_of_its_place():
    (position,) = pipeline()("宁波市委书记彭佳学参加座谈。")._.kgx_positions
    assert (position.title, position.of) == ("市委书记", "宁波市")
