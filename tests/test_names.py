from __future__ import annotations

import re

import pytest

import kgx
from kgx.nlp.entities import resolve
from kgx.nlp.gazetteer import gazetteer_of
from kgx.nlp.names import names_of
from kgx.nlp.scene import choose
from kgx.nlp.words import make_tagger, segment_words
from kgx.rulebook import RuleFolder, load_named
from kgx.schemas.names import NamePattern

TAGGER = make_tagger({})
PATTERNS = [one.rule for one in load_named(RuleFolder(), "names/*.yml", NamePattern)]
EXAMPLES = [(p, text) for p in PATTERNS for text in p.examples]
COUNTER = [(p, text) for p in PATTERNS for text in p.counter_examples]


def names(text: str) -> set[tuple[str, str]]:
    known = choose(resolve(list(gazetteer_of(None).find(text))))
    found = choose([*known, *names_of(None).find(text, known, segment_words(text, TAGGER))])
    return {(text[c.start : c.end], c.type) for c in found}


@pytest.mark.parametrize(("pattern", "marked"), EXAMPLES, ids=[f"{p.name}:{t}" for p, t in EXAMPLES])
def test_names_examples_of_the_rules_hold(pattern, marked):
    text = re.sub(r"[\[\]]", "", marked)
    wanted = {(name, pattern.type) for name in re.findall(r"\[(.+?)\]", marked)}
    assert wanted and wanted <= names(text)


@pytest.mark.parametrize(("pattern", "text"), COUNTER, ids=[f"{p.name}:{t}" for p, t in COUNTER])
def test_names_counter_examples_of_the_rules_hold(pattern, text):
    known = choose(resolve(list(gazetteer_of(None).find(text))))
    assert not [c for c in names_of(None).find(text, known) if c.type == pattern.type]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("双方在金砖国家领导人第十六次会晤期间见面。", "金砖国家领导人第十六次会晤"),
        ("首届中国国际供应链促进博览会在北京开幕。", "首届中国国际供应链促进博览会"),
        ("他强调要办好中俄文化年。", "中俄文化年"),
    ],
)
def test_names_keep_ordinals_of_events(text, name):
    assert (name, "Event") in names(text)


def test_names_of_foreign_bodies_are_not_china_s():
    found = names("冈比亚国防部同中国国防部商谈。") | names("土耳其国防部发表声明。")
    assert ("土耳其国防部", "Organization") in found


def test_names_end_before_an_office():
    assert not [n for n, _ in names("美国商务部长到访。") if n.startswith("美国商务部")]


def test_names_take_a_paper_in_title_marks_for_a_medium():
    assert ("海城人报", "Organization") in names("他在《海城人报》上发表文章。")


def test_names_go_on_where_a_breaking_word_begins_within_the_name_before():
    assert ("马尔代夫人民议会", "Organization") in names("代表团到访马尔代夫人民议会。")


def test_names_of_bodies_keep_a_conjunction_that_belongs_to_them():
    assert ("挪威外交与国际合作部", "Organization") in names("挪威外交与国际合作部发表声明。")


def test_names_of_a_users_folder_stand_for_the_shipped_ones_of_their_name(tmp_path):
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "mine.yml").write_text(
        "- {name: embassy, type: Organization}\n- {name: own, type: Event, match: '海城竞走周'}\n",
        encoding="utf-8",
    )
    grammar, text = names_of(str(tmp_path)), "中国驻挪威大使馆、海城竞走周。"
    known = choose(resolve(list(gazetteer_of(None).find(text))))
    found = {(text[c.start : c.end], c.type) for c in grammar.find(text, known)}
    assert ("海城竞走周", "Event") in found and ("中国驻挪威大使馆", "Organization") not in found
    assert ("中国驻挪威大使馆", "Organization") in names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("两国总理主持中俄总理第二十九次定期会晤。", "中俄总理第二十九次定期会晤"),
        ("他出席第27次中国—东盟（10+1）领导人会议。", "第27次中国—东盟（10+1）领导人会议"),
        ("总台第四届海外影像节开幕。", "第四届海外影像节"),
    ],
)
def test_names_of_events_go_on_over_offices_brackets_and_kinds_of_festival(text, name):
    assert (name, "Event") in names(text)


def test_names_of_forums_between_states_are_events():
    assert ("中国—东盟百校合作论坛", "Event") in names("中国—东盟百校合作论坛在海城举行。")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("哈萨克斯坦三架空军战机升空护航。", "Organization"),
        ("秘鲁部长会议主席出席活动。", "Event"),
        ("美国最大廉价航空公司申请破产。", "Organization"),
    ],
)
def test_names_take_no_counted_or_superlative_things_for_bodies(text, wrong):
    assert wrong not in {kind for _, kind in names(text)}


@pytest.mark.parametrize(
    "text",
    [
        "“佛罗里达”号潜艇与“哈里·杜鲁门”号航母驶离港口。",
        "“伊丽莎白女王”号航母停靠码头。",
        "“里斯本丸”号沉船打捞出水，“福建号”启航。",
        "“彼得大帝”级驱逐舰下水，“莫斯科”轮靠岸。",
        "他谈到古希腊文明和古埃及。",
    ],
)
def test_names_that_a_ship_a_class_of_ships_or_an_ancient_state_bears_are_none(text):
    assert not kgx.extract(text).entities


def test_names_in_marks_before_a_word_that_only_begins_like_a_kind_of_ship_stay():
    assert ("中国", "Country") in names("他响应“支持中国”号召。")
    assert not names("北京时间3日晚，比赛在水立方开始，泳池注水两千立方米。")


def test_names_shipped_patterns_all_compile():
    names_of(None).compile()
