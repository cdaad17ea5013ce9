from __future__ import annotations

import pytest

from kgx.nlp.gazetteer import gazetteer_of

GAZETTEER = gazetteer_of(None)


def found(text: str) -> set[tuple[str, str]]:
    return {(text[c.start : c.end], c.name) for c in GAZETTEER.find(text)}


@pytest.mark.parametrize(
    ("text", "surface", "name"),
    [
        ("代表团抵达俄罗斯。", "俄罗斯", "俄罗斯"),
        ("俄方提出建议。", "俄方", "俄罗斯"),
        ("中国政府发表声明。", "中国政府", "中国"),
        ("欧方愿意合作。", "欧方", "欧盟"),
        ("多方坚定支持合作。", "多方", "多米尼克"),
        ("中方面临新形势。", "中方", "中国"),
        ("我国已经批准。", "我国", "中国"),
        ("代表团抵达卡塔尔。", "卡塔尔", "卡塔尔"),
        ("加利福尼亚州长滩市下雨。", "加利福尼亚州", "加利福尼亚州"),
    ],
)
def test_gazetteer_finds_names_and_sides(text, surface, name):
    assert (surface, name) in found(text)


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("双方提出新方案。", "新方"),
        ("采取集中方式办理。", "中方"),
        ("发展中国家需要支持。", "中国"),
        ("西方媒体报道。", "西方"),
        ("外交部长到访。", "外交部"),
        ("他在中国人民银行工作。", "中国"),
        ("日本国内舆论。", "日本国"),
    ],
)
def test_gazetteer_leaves_out_what_only_looks_like_a_name(text, surface):
    assert surface not in {s for s, _ in found(text)}


def test_gazetteer_gives_the_shorter_name_where_the_longer_is_cut():
    assert ("日本", "日本") in found("日本国内舆论。")
    assert ("也门", "也门") in found("也门政府军撤出。")


def test_gazetteer_keeps_every_entry_of_a_shared_surface():
    assert {name for _, name in found("巴方表示感谢。")} >= {"巴基斯坦", "巴西"}


def test_gazetteer_guards_the_edges_of_latin_names():
    letters = [s for s in GAZETTEER._named if s.isascii()]
    if not letters:
        pytest.skip("the lexicon has no Latin names")
    assert found(f"说{letters[0]}。") and not found(f"说x{letters[0]}x。")


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("美国防部拒绝置评。", "美国"),
        ("阿曼苏丹发来贺电。", "苏丹"),
        ("他从首都柏林启程。", "都柏林"),
        ("巴勒斯坦卫生部门通报伤亡。", "巴勒斯坦卫生部"),
        ("挪威海军举行演练。", "挪威海"),
        ("美国批准涉乌军售。", "乌军"),
        ("军舰穿越南海。", "越南"),
        ("各国隆重庆祝节日。", "重庆"),
        ("多哥代表呼吁多方努力。", "多方"),
    ],
)
def test_gazetteer_leaves_what_a_longer_word_takes(text, surface):
    assert surface not in {s for s, _ in found(text)}


def test_gazetteer_gives_the_nation_back_to_the_minister_s_title():
    assert found("以色列国防部长到访。") == {("以色列", "以色列")}


def test_gazetteer_finds_no_place_in_a_name_in_parts():
    found = [c.name for c in gazetteer_of(None).find("嘉木样·洛桑久美先生到过洛桑。")]
    assert found.count("洛桑") == 1
