from __future__ import annotations

import pytest
import spacy

from kgx.nlp import groups, mentions, names, words  # noqa: F401  # registers the components


@pytest.fixture(scope="module")
def read():
    nlp = spacy.blank("zh")
    for stage in ("kgx_words", "kgx_gazetteer", "kgx_groups", "kgx_mentions"):
        nlp.add_pipe(stage)
    return lambda text: {(text[m.start : m.end], m.names) for m in nlp(text)._.kgx_mentions}


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("中俄关系发展顺利。", ("中俄", ("中国", "俄罗斯"))),
        ("巴基斯坦总理抵达。中巴友谊长存。", ("中巴", ("中国", "巴基斯坦"))),
        ("巴西总统抵达。中巴合作顺利。", ("中巴", ("中国", "巴西"))),
        ("中非合作不断深化。", ("中非", ("中国", "非洲"))),
        ("欧盟代表到访，中欧关系重要。", ("中欧", ("中国", "欧盟"))),
        ("赤几总统到访，中赤几友谊深厚。", ("中赤几", ("中国", "赤几"))),
        ("他访问港澳地区。", ("港澳", ("香港", "澳门"))),
        ("法国总统说，法中文化交流活跃。", ("法中", ("法国", "中国"))),
        ("秘鲁总统说，2031年中秘建立新机制。", ("中秘", ("中国", "秘鲁"))),
        ("美日韩军事合作引发关切。", ("美日韩", ("美国", "日本", "韩国"))),
        ("多哥总统到访，中多友谊深厚。", ("中多", ("中国", "多哥"))),
        ("中国同拉美国家合作，拉方支持。中拉航天合作顺利。", ("中拉", ("中国", "拉美"))),
    ],
)
def test_groups_name_whom_the_document_names(read, text, group):
    assert group in read(text)


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("其中美国提出建议。", "中美"),
        ("希望明日美好。", "日美"),
        ("中巴友谊长存。", "中巴"),
        ("在发展中印证了这一点。", "中印"),
    ],
)
def test_groups_leave_out_what_cuts_a_word_or_names_nobody(read, text, surface):
    assert surface not in {s for s, _ in read(text)}


@pytest.mark.parametrize(
    ("text", "single"),
    [
        ("他来华访问。", ("华", ("中国",))),
        ("会议在京召开。", ("京", ("北京",))),
        ("俄称击落无人机。", ("俄", ("俄罗斯",))),
        ("西方对俄制裁升级。", ("俄", ("俄罗斯",))),
    ],
)
def test_groups_find_one_character_names(read, text, single):
    assert single in read(text)


@pytest.mark.parametrize("text", ["促进以人为本。", "他在京剧团工作。", "法律规定如此。", "日前开幕。"])
def test_groups_take_no_common_character_for_a_country(read, text):
    assert not read(text)


@pytest.mark.parametrize(
    ("text", "single"),
    [
        ("俄罗斯通报战况，称俄防空系统击落无人机。", ("俄", ("俄罗斯",))),
        ("以色列通报说，火箭弹飞向以北部城镇。", ("以", ("以色列",))),
        ("黎巴嫩媒体报道，黎南部多地停电。", ("黎", ("黎巴嫩",))),
        ("美国民众担忧，美制导弹再度升空。", ("美", ("美国",))),
    ],
)
def test_groups_read_a_lone_character_of_a_country_that_the_document_names(read, text, single):
    assert single in read(text)


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("一架苏-25飞机降落。苏丹没有回应。", "苏"),
        ("非洲多国打击非法捕捞，法国提供帮助。", "非法"),
        ("愿以柬中建交周年为契机。柬埔寨表示欢迎。", "以柬"),
    ],
)
def test_groups_leave_words_and_designations(read, text, surface):
    assert surface not in {s for s, _ in read(text)}


@pytest.mark.parametrize(
    ("text", "single"),
    [
        ("西班牙代表发言。以色列国防军称已撤离，以防长表示继续。", ("以", ("以色列",))),
        ("美国批准涉乌军售。乌克兰表示欢迎。", ("乌", ("乌克兰",))),
        ("俄方称击退进攻，打击俄防空系统。", ("俄", ("俄罗斯",))),
    ],
    ids=[
        "before a minister's title",
        "before a word that begins with a body's last character",
        "named by X方 alone",
    ],
)
def test_groups_find_one_character_names_that_words_hide(read, text, single):
    assert single in read(text)


def test_groups_hear_a_country_in_its_bodies(read):
    assert ("中古", ("中国", "古巴")) in read("古巴共产党代表团来访，中古双方举行会谈。")


def test_groups_read_a_person_by_one_character_before_a_title(read):
    assert ("习", ("习近平",)) in read("习主席会见来宾。")
    assert not read("大家学习主席团的决定。")


def test_groups_hear_a_country_in_the_name_of_a_body():
    nlp = spacy.blank("zh")
    for stage in ("kgx_words", "kgx_gazetteer", "kgx_names", "kgx_groups", "kgx_mentions"):
        nlp.add_pipe(stage)
    doc = nlp("中国驻埃及大使馆举行活动，中埃各界同庆佳节。")
    assert ("中国", "埃及") in {m.names for m in doc._.kgx_mentions}


def test_groups_a_preposition_is_no_country_before_a_pair(read):
    found = read("以色列总理、阿联酋总统来访，愿以中阿建交40周年为契机扩大合作。")
    assert ("中阿", ("中国", "阿联酋")) in found
