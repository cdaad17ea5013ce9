"""Identity: offices and the date decide whether a person is the one that the lexicon knows by the name."""

import pytest

from kgx.lexicon import LexEntry, Lexicon
from kgx.model import Entity, Position
from kgx.nlp.claims import load_titles
from kgx.nlp.company import Cues
from kgx.nlp.identity import Identifier
from kgx.offices import parse_office
from kgx.rulebook import RuleFolder

STATES = (
    LexEntry("country/AAA", "甲国", "Country"),
    LexEntry("country/BBB", "乙国", "Country"),
    LexEntry("country/CHN", "中国", "Country"),
    LexEntry("organization/外务院", "外务院", "Organization", located="甲国"),
    LexEntry("organization/甲民党", "甲民党", "Organization", located="甲国", kind="party"),
    LexEntry("organization/海盟", "海盟", "Organization"),
    LexEntry("organization/央会", "央会", "Organization", located="中国", kind="party-body"),
)
FAMILY = (
    LexEntry("Q1", "安东尼奥·罗萨", "Person", aliases=("罗萨",), qid="Q1", en="Antonio Rosa", located="甲国"),
    LexEntry("Q2", "玛丽亚·罗萨", "Person", aliases=("罗萨",), qid="Q2", en="Maria Rosa", located="乙国"),
)


def holder(qid: str, name: str, *offices: str, located: str = "甲国", **more: tuple[str, ...]) -> LexEntry:
    """A person of the lexicon who held offices."""
    held = tuple(map(parse_office, offices))
    return LexEntry(qid, name, "Person", qid=qid, located=located, offices=held, kind="politician", **more)


OLDER = holder("Q3", "老罗萨", "甲国 head-of-state 1989-01-20/1993-01-20", aliases=("罗萨",))
YOUNGER = holder("Q4", "小罗萨", "甲国 head-of-state 2001-01-20/2009-01-20", aliases=("罗萨",))


def identifier(*people: LexEntry) -> Identifier:
    entries = (*STATES, *people)
    surfaces: dict[str, tuple[LexEntry, ...]] = {}
    titled: dict[str, tuple[LexEntry, ...]] = {}
    for entry in entries:
        for name in (entry.name, *entry.aliases):
            surfaces[name] = (*surfaces.get(name, ()), entry)
        for name in entry.titled:
            titled[name] = (*titled.get(name, ()), entry)
    known = Lexicon(entries, {e.key: e for e in entries}, surfaces, {}, titled=titled)
    cues = Cues(("参加", "陪同"), ("同志任",), ("主持会议",), ("出席", "会见"), ("主任委员",))
    return Identifier(known, load_titles(RuleFolder(), known), ("记者", "教授"), cues)


def qid(
    known: Identifier,
    *positions: Position,
    name: str = "罗萨",
    day: str | None = None,
    beside: tuple[Entity, ...] = (),
    text: str = "",
) -> str | None:
    person = Entity(name, "Person", (name,), key="Q9", qid="Q9")
    entity, *_ = known.identify([person, *beside], positions, day, text)
    return entity.qid


def test_identity_follows_the_state_of_the_office() -> None:
    known = identifier(*FAMILY)
    assert qid(known, Position("罗萨", "总统", "甲国")) == "Q1"
    assert qid(known, Position("罗萨", "总统", "乙国")) == "Q2"


def test_identity_follows_the_state_of_the_body() -> None:
    assert qid(identifier(*FAMILY), Position("罗萨", "院长", "外务院")) == "Q1"


def test_identity_is_none_where_the_name_is_shared_and_no_office_tells() -> None:
    assert qid(identifier(*FAMILY)) is None


def test_identity_is_none_where_the_office_contradicts_the_lexicon() -> None:
    assert qid(identifier(FAMILY[0]), Position("罗萨", "总统", "乙国")) is None


def test_identity_is_none_for_a_reporter_of_the_name() -> None:
    assert qid(identifier(FAMILY[0]), Position("罗萨", "记者", "甲国")) is None


def test_identity_is_none_for_a_person_whom_the_lexicon_lacks() -> None:
    assert qid(identifier(*FAMILY), name="某人") is None


@pytest.mark.parametrize(
    ("title", "day", "who"),
    [
        ("总统", "1990-05-01", "Q3"),
        ("总统", "2005-05-01", "Q4"),
        ("总统", "2001-01-19", "Q4"),  # on the eve
        ("总统", "1995-05-01", "Q3"),  # of the past, when the younger was yet to come
        ("当选总统", "2000-12-20", "Q4"),
        ("前总统", "1995-05-01", "Q3"),
        ("前总统", "2015-05-01", None),  # both were
        ("总统", None, None),
    ],
)
def test_identity_follows_the_date(title: str, day: str | None, who: str | None) -> None:
    assert qid(identifier(OLDER, YOUNGER), Position("罗萨", title, "甲国"), day=day) == who


def test_identity_is_none_where_the_office_was_held_long_after() -> None:
    assert qid(identifier(YOUNGER), Position("罗萨", "总统", "甲国"), day="1985-05-01") is None


def test_identity_takes_the_holder_of_the_day_for_a_part_of_his_name() -> None:
    known = identifier(
        holder("Q5", "石原文彦", "甲国 head-of-government 2021-10-04/2024-10-01"),
        holder("Q6", "山本一郎", "甲国 head-of-government 2024-10-01/"),
    )
    premier = Position("石原", "首相", "甲国")
    assert qid(known, premier, name="石原", day="2022-05-01") == "Q5"
    assert qid(known, premier, name="石原", day="2024-11-01") is None


def test_identity_prefers_the_very_office_to_one_that_is_taken_for_it() -> None:
    known = identifier(
        holder("Q5", "老罗萨", "甲国 head-of-state 2020/", aliases=("罗萨",)),
        holder("Q6", "小罗萨", "甲国 head-of-government 2020/", aliases=("罗萨",)),
    )
    assert qid(known, Position("罗萨", "总统", "甲国"), day="2022-05-01") == "Q5"
    assert qid(known, Position("罗萨", "总理", "甲国"), day="2022-05-01") == "Q6"


def test_identity_takes_a_titled_name_only_with_the_title() -> None:
    known = identifier(holder("Q5", "布朗尼", "甲国 head-of-state 2020/", titled=("布朗",)))
    assert qid(known, Position("布朗", "总统", "甲国"), name="布朗", day="2022-05-01") == "Q5"
    assert qid(known, name="布朗", day="2022-05-01", beside=(Entity("甲国", "Country"),)) is None


def test_identity_of_a_common_name_needs_the_office_or_leaders_beside_it() -> None:
    known = identifier(
        holder("Q5", "张三", "中国 head-of-government 2023-03-11/", located="中国"),
        holder("Q6", "王小五", "中国 head-of-state 2013-03-14/", located="中国"),
        holder("Q7", "赵小六", "中国 vice-premier 2018-03-19/", located="中国"),
    )
    premier = Position("张三", "总理", "中国")
    leaders = (Entity("王小五", "Person", ("王小五",)), Entity("赵小六", "Person", ("赵小六",)))
    assert qid(known, premier, name="张三", day="2023-06-20") == "Q5"
    assert qid(known, name="张三", day="2023-06-20") is None
    assert qid(known, name="张三", day="2023-06-20", beside=leaders) == "Q5"
    with_one = {"day": "2023-06-20", "beside": leaders[:1]}
    assert qid(known, name="张三", **with_one, text="王小五前来视察。村民张三说，生活变好了。") is None
    assert qid(known, name="张三", **with_one, text="王小五会见来宾。张三、李四等参加。") == "Q5"


def test_identity_gives_a_title_without_a_body_to_the_state_of_the_others() -> None:
    known = identifier(holder("Q5", "通达", "甲国 head-of-state 2020/"))
    offices = (Position("通达", "总书记", "甲国人民党中央"), Position("通达", "国家主席", None))
    assert qid(known, *offices, name="通达", day="2022-05-01") == "Q5"


def test_identity_without_an_office_needs_the_state_in_the_document() -> None:
    known = identifier(holder("Q5", "罗萨", "甲国 head-of-state 2020/"))
    assert qid(known, day="2022-05-01") is None
    assert qid(known, day="2022-05-01", beside=(Entity("甲国", "Country", key="country/AAA"),)) == "Q5"


def test_identity_takes_the_holder_of_an_office_that_the_text_names_elsewhere() -> None:
    known = identifier(OLDER, YOUNGER)
    assert qid(known, day="2003-05-01", text="甲国总统接受采访。罗萨说。") == "Q4"
    assert qid(known, day="2003-05-01", text="罗萨说。") is None


def test_identity_of_a_common_name_follows_an_office_beside_it() -> None:
    minister = holder("Q5", "李山", "财政部 head 2018-03-19/2023-10-24", located="中国")
    known = identifier(minister)
    text = "会议决定免去李山的财政部部长职务。"
    body = LexEntry("organization/财政部", "财政部", "Organization", located="中国")
    known = Identifier(
        Lexicon((*STATES, body, minister), {}, {"李山": (minister,)}, {}),
        load_titles(RuleFolder(), Lexicon((*STATES, body, minister), {}, {}, {})),
    )
    assert qid(known, name="李山", day="2023-10-24", text=text) == "Q5"
    assert qid(known, name="李山", day="2023-10-24", text="村民李山说，财政部发了通知。") is None


def test_identity_follows_a_body_of_the_person_and_its_parts() -> None:
    known = identifier(
        LexEntry("person/林泽", "林泽", "Person", located="甲国", bodies=("海盟",), kind="diplomat"),
        LexEntry("person/高米", "高米", "Person", located="海盟", kind="organization-head"),
    )
    text = "海盟秘书长林泽和海盟委员会主席高米讲话。"
    given = [
        Entity("林泽", "Person", ("林泽",)),
        Entity("高米", "Person", ("高米",)),
        Entity("海盟", "Organization", ("海盟",), key="organization/海盟"),
        Entity("海盟委员会", "Organization", ("海盟委员会",)),
    ]
    offices = [Position("林泽", "秘书长", "海盟"), Position("高米", "主席", "海盟委员会")]
    keys = [one.key for one in known.identify(given, offices, "2024-01-01", text)[:2]]
    assert keys == ["person/林泽", "person/高米"]


def test_identity_follows_the_state_of_the_party_that_an_organ_is_named_after() -> None:
    offices = Position("罗萨", "委员", "甲民党中央局"), Position("罗萨", "书记", "央会")
    assert qid(identifier(*FAMILY), *offices) == "Q1"


def test_identity_of_a_common_name_is_a_leader_where_only_leaders_are_named_so() -> None:
    known = identifier(holder("Q5", "张三", located="中国"))
    organ = (Entity("央会", "Organization", ("央会",), key="organization/央会"),)
    for text in ("央会决定：张三同志任主任。", "央会发出通知。\n张三主持会议。"):
        assert qid(known, name="张三", beside=organ, text=text) == "Q5"
        assert qid(known, name="张三", text=text) is None
    assert qid(known, name="张三", beside=organ, text="央会发出通知。村民张三主持会议。") is None


def test_identity_of_a_title_without_a_body_is_its_holder_where_the_text_names_the_state() -> None:
    known = identifier(holder("Q5", "通达", "甲国 head-of-state 2020/"), holder("Q6", "通达", located="乙国"))
    title = Position("通达", "总统", None)
    assert qid(known, title, name="通达", day="2022-05-01", text="甲国来信。通达总统致谢。") == "Q5"
    assert qid(known, title, name="通达", day="2019-05-01", text="甲国来信。通达总统致谢。") is None
    assert qid(known, title, name="通达", day="2022-05-01", text="通达总统致谢。") is None


def test_identity_of_a_public_figure_is_not_denied_by_a_private_title() -> None:
    singer = LexEntry("Q5", "高小山", "Person", qid="Q5", located="中国", kind="public-figure")
    known = identifier(singer, holder("Q6", "林小泉", located="中国"))
    assert qid(known, Position("高小山", "教授", None), name="高小山") == "Q5"
    assert qid(known, Position("林小泉", "教授", None), name="林小泉") is None


def test_identity_of_a_crew_is_known_by_its_longer_names() -> None:
    crew = [
        LexEntry(f"person/{name}", name, "Person", located="中国", kind="astronaut")
        for name in ("林泽", "高小山")
    ]
    assert [
        one.key
        for one in identifier(*crew).identify(
            [Entity(one.name, "Person", (one.name,)) for one in crew], (), "2024-01-01", "林泽、高小山返回。"
        )
    ] == ["person/林泽", "person/高小山"]
    assert identifier(*crew).identify([Entity("林泽", "Person", ("林泽",))], (), None)[0].key is None


def test_identity_headline_that_begins_with_the_bare_name_of_the_head_of_government() -> None:
    premier = holder("Q7", "李川", "中国 head-of-government 2023-03-11/", located="中国")
    known = identifier(premier)
    assert qid(known, name="李川", day="2024-01-05", text="李川出席甲国总理举行的欢迎仪式") == "Q7"
    assert qid(known, name="李川", day="2022-01-05", text="李川出席甲国总理举行的欢迎仪式") is None
    assert qid(known, name="李川", day="2024-01-05", text="李川：一名教师的二十年") is None


def test_identity_title_that_only_officials_bear_in_news_of_the_state() -> None:
    known = identifier(holder("Q7", "李川", "中国 head-of-government 2013-03-11/2018-03-11", located="中国"))
    council = Entity("央会", "Organization", ("央会",), key="organization/央会")
    text = "央会听取了主任委员李川的报告"
    assert qid(known, name="李川", day="2024-01-05", text=text, beside=(council,)) == "Q7"
    assert qid(known, name="李川", day="2024-01-05", text=text) is None


def test_identity_part_of_the_name_of_who_is_known_for_the_body() -> None:
    known = identifier(LexEntry("person/a", "安娜·维索卡", "Person", en="Anna Wysocka", located="海盟"))
    person = Entity("维索卡", "Person", ("维索卡",))
    (found,) = known.identify([person], [Position("维索卡", "主席", "海盟")], "2024-01-05")
    assert found.key == "person/a"
    (found,) = known.identify([person], [Position("维索卡", "总统", "乙国")], "2024-01-05")
    assert found.key is None


def test_identity_of_two_of_one_state_and_name_who_heads_it_would_be_named_so() -> None:
    father = holder("Q5", "老维索卡", "甲国 head-of-state 2007-01-01/2022-03-01", aliases=("维索卡",))
    son = holder("Q6", "小维索卡", "甲国 head-of-state 2022-03-01/", aliases=("维索卡",))
    known = identifier(father, son)
    held = Position("维索卡", "民族领袖", "甲国")
    assert qid(known, held, name="维索卡", day="2023-10-18") == "Q5"
    assert qid(known, Position("维索卡", "总统", "甲国"), name="维索卡", day="2023-10-18") == "Q6"


def test_identity_event_named_after_a_body_names_the_body() -> None:
    chair = LexEntry(
        "Q8", "潘川文", "Person", qid="Q8", located="乙国", bodies=("海盟",), kind="organization-head"
    )
    known = identifier(chair)
    assert qid(known, name="潘川文") is None
    assert qid(known, name="潘川文", beside=(Entity("海盟年会", "Event", ("海盟年会",)),)) == "Q8"


def test_identity_is_none_for_another_given_name_without_an_office_beside_it() -> None:
    known = identifier(holder("Q5", "通达", "甲国 head-of-state 2020/", aliases=("约翰·通达",)))
    text = "甲国总统通达发言。彼得·通达不在。"
    son = Entity("彼得·通达", "Person", ("通达", "彼得·通达"), key="Q5", qid="Q5")
    title = Position("彼得·通达", "总统", "甲国", 2, 4)
    assert known.identify([son], [title], "2022-05-01", text)[0].qid is None
    text = "甲国总统彼得·通达发言。"
    beside = Position("彼得·通达", "总统", "甲国", 2, 4)
    assert known.identify([son], [beside], "2022-05-01", text)[0].qid == "Q5"
    short = Entity("约·通达", "Person", ("约·通达", "通达"))
    assert known.identify([short], [Position("约·通达", "总统", "甲国")], "2022-05-01")[0].qid == "Q5"


def test_identity_of_the_only_one_of_a_name_needs_no_state_beside_a_bare_title() -> None:
    known = identifier(holder("Q5", "通达安", "甲国 head-of-state 2020/"))
    title = Position("通达安", "总统", None)
    assert qid(known, title, name="通达安", day="2022-05-01", text="通达安总统致谢。") == "Q5"
    assert qid(known, title, name="通达安", day="2019-05-01", text="通达安总统致谢。") is None
    assert qid(known, title, name="通达安", day="2022-05-01", text="理事会总统通达安致谢。") is None
    other = Position("通达安", "部长", "乙国")
    assert qid(known, title, other, name="通达安", day="2022-05-01", text="通达安总统致谢。") is None


def test_identity_of_a_common_name_is_who_heads_the_ministry_that_is_named() -> None:
    ministry = Entity("海务部", "Organization", ("海务部",))
    known = identifier(holder("Q5", "张三", "海务部 head 2022-06-01/2024-12-31", located="中国"))
    person = {"name": "张三", "text": "海务部举行发布会。张三表示，甲。"}
    assert qid(known, day="2023-05-01", beside=(ministry,), **person) == "Q5"
    assert qid(known, day="2021-05-01", beside=(ministry,), **person) is None
    assert qid(known, day="2023-05-01", **person) is None
