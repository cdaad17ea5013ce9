"""Pages: regions and metadata from plain text."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgx.errors import RuleError
from kgx.model import Document
from kgx.nlp.normal import normalize
from kgx.readers.page import annotate
from kgx.readers.rules import page_rules
from kgx.rulebook import RuleFolder, shipped_rules

SCRAPED = (Path(__file__).parent / "cases/pages/scraped.txt").read_text(encoding="utf-8")
SEED = Path(__file__).resolve().parents[2] / "shared" / "gold" / "seed.json"


def regions(text: str, **fields: str) -> list[tuple[str, str]]:
    document = annotate(Document("x", text, **fields))
    return [(region.kind, text[region.start : region.end]) for region in document.regions]


def kinds(text: str) -> list[str]:
    return [kind for kind, _ in regions(text)]


def test_page_scraped_form_gives_metadata():
    document = annotate(Document("x", SCRAPED))
    assert document.title == "甲国外长张明同乙国外长李华会谈"
    assert document.subtitle == "强调拓展两国海洋合作"
    assert document.section == "海城时政数据库"
    assert document.date == "2021-03-05"
    assert document.publisher == "人民日报"
    assert document.edition == "02"
    assert document.authors == ("孙立", "周原")
    assert document.keywords == ("甲国", "乙国", "外长", "会谈")


def test_page_scraped_form_gives_regions_of_both_copies():
    assert Counter(kinds(SCRAPED)) == {
        "keywords": 2, "section": 1, "title": 1, "subtitle": 1, "published": 1, "caption": 3,
        "credit": 3, "dateline": 2, "body": 2, "source": 2,
    }  # fmt: skip
    found = regions(SCRAPED)
    assert ("credit", "新华社记者王方 摄") in found
    assert ("credit", "（人民网记者 赵 平摄）") in found
    assert ("dateline", "人民网海城3月4日电 （记者孙立、周 原）") in found


def test_page_form_is_found_in_traditional_characters():
    text = (
        "關鍵詞：外長 會談\n\n甲國外長會見乙國外長\n發佈時間：2021年3月5日\n\n"
        "新華社海城3月4日電（記者孫立）兩國外長舉行會談。\n"
    )
    document = annotate(Document("x", text))
    assert [r.kind for r in document.regions] == ["keywords", "title", "published", "dateline", "body"]
    assert document.date == "2021-03-05"
    assert document.authors == ("孫立",)
    assert document.publisher == "新华社"


def test_page_plain_article_has_title_dateline_body():
    assert regions("两国外长会谈\n\n央视网消息（新闻联播）：甲国外长今天到访。\n\n双方举行会谈。") == [
        ("title", "两国外长会谈"),
        ("dateline", "央视网消息（新闻联播）："),
        ("body", "甲国外长今天到访。\n\n双方举行会谈。"),
    ]


def test_page_dateline_of_its_own_line():
    assert kinds("快讯\n\n央视网消息（新闻联播）：\n\n甲国外长到访\n\n双方会谈。") == [
        "title",
        "dateline",
        "body",
    ]


def test_page_without_title_is_body():
    assert kinds("3月4日，甲国外长到访。\n双方举行会谈。") == ["body"]
    assert kinds("甲国外长到访") == ["body"]


def test_page_kicker_stands_above_the_title():
    text = "张明会见李华时强调\n深化海洋合作\n\n双方举行会谈，并签署文件。\n\n双方同意继续努力。"
    assert [kind for kind, _ in regions(text)][:2] == ["subtitle", "title"]
    assert annotate(Document("x", text)).title == "深化海洋合作"


def test_page_line_of_time_and_source_gives_the_date():
    text = "甲国外长到访\n\n2021年03月05日08:30 来源：海城日报\n\n双方举行会谈。\n责任编辑：王方\n"
    document = annotate(Document("x", text))
    assert [r.kind for r in document.regions] == ["title", "published", "body", "furniture"]
    assert (document.date, document.publisher) == ("2021-03-05", "海城日报")


def test_page_a_bare_date_is_no_publication_date():
    document = annotate(
        Document("x", "在海城论坛上的讲话\n（2021年3月4日）\n\n各位来宾，大家好。\n\n谢谢大家。")
    )
    assert document.date is None


def test_page_time_of_update_is_no_publication_date():
    document = annotate(
        Document("x", "两国外长会谈\n\n双方举行会谈。\n\n---\n\n更新时间：2023-09-04T14:21:03Z")
    )
    assert document.date is None
    assert [r.kind for r in document.regions] == ["title", "body", "furniture", "furniture"]


def test_page_impossible_date_is_left_out():
    assert annotate(Document("x", "会谈\n发布时间：2021-02-30\n\n双方会谈。\n")).date is None


def test_page_given_fields_are_kept():
    document = annotate(Document("x", SCRAPED, date="2020-01-01", publisher="海城日报", keywords=("a",)))
    assert (document.date, document.publisher, document.keywords) == ("2020-01-01", "海城日报", ("a",))


def test_page_reporters_are_no_stage_directions():
    text = (
        "记者会\n\n问：甲方如何评价？\n（记者点头）\n\n答：我们欢迎。（记者鼓掌）\n\n"
        "问：谢谢。\n\n答：不客气。\n\n再见。\n"
    )
    document = annotate(Document("x", text))
    assert document.authors == ()
    assert "dateline" not in {r.kind for r in document.regions}


def test_page_reporters_at_the_end():
    document = annotate(Document("x", "两国外长会谈\n\n双方举行会谈。（记者张三、李四）\n"))
    assert document.authors == ("张三", "李四")
    assert [r.kind for r in document.regions] == ["title", "body", "dateline"]


def test_page_text_without_line_breaks_is_divided_at_indents():
    text = "　　双方举行会谈。　　（新华社海城3月4日电）　　新华社海城3月4日电甲国外长到访。"
    assert kinds(text) == ["body", "dateline", "dateline", "body"]


@pytest.mark.parametrize("group", ["lines", "heads", "tails", "credits"])
def test_page_examples_of_every_pattern_hold(group: str):
    page = page_rules()
    for rule, pattern in zip(getattr(page.rules, group), getattr(page, group), strict=True):
        regex = pattern.regex
        match = {"lines": regex.fullmatch, "heads": regex.match}.get(group, regex.search)

        for example in rule.examples:
            assert match(normalize(example)), (rule.name, example)
        for example in rule.counter_examples:
            assert not match(normalize(example)), (rule.name, example)


def test_page_prefilters_let_every_example_pass():
    """`plain_end`, `credit_mark` and the joined patterns must not hide what a pattern would find."""
    page = page_rules()
    for rule in (*page.rules.tails, *page.rules.credits):
        for example in rule.examples:
            assert not page.plain_end.match(example, len(example) - 2), example
    for rule in page.rules.credits:
        assert all(page.credit_mark.search(example) for example in rule.examples), rule.name


PIECES = st.sampled_from(
    [
        "关键词：",
        "外长 会谈",
        "\n",
        "\n\n",
        "　　",
        " ",
        "\xa0",
        "新华社海城3月4日电",
        "（记者张三）",
        "双方举行会谈。",
    ]
    + [
        "张三 摄",
        "新华社记者",
        "发布时间：2021-03-04",
        "《 人民日报 》（ 2021年03月05日 02 版）",
        "责任编辑：",
        "---",
        "。",
    ]
    + [
        "甲国外长到访",
        "\r\n",
        "\u2028",
        "（",
        "）",
        "央视网消息（新闻联播）：",
        "【",
        "】",
        "題",
        "乾燥",
        "１２",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map("".join)))
def test_page_regions_are_in_order_disjoint_and_cover_all_but_whitespace(text: str):
    document = annotate(Document("x", text))
    assert document.text == text
    at = 0
    for region in document.regions:
        assert at <= region.start < region.end <= len(text)
        assert not text[at : region.start].strip()
        assert text[region.start : region.end] == text[region.start : region.end].strip()
        at = region.end
    assert not text[at:].strip()


@pytest.mark.skipif(not SEED.is_file(), reason="../shared is not here")
def test_page_seed_article():
    text = json.loads(SEED.read_text(encoding="utf-8"))["text"]
    document = annotate(Document("seed", text))
    assert document.date == "2014-05-21"
    assert (document.publisher, document.edition, len(document.authors)) == ("人民日报", "01", 2)
    assert len(document.keywords) == 20
    found = Counter(region.kind for region in document.regions)
    assert (found["caption"], found["credit"], found["dateline"], found["body"], found["source"]) == (
        12,
        12,
        2,
        2,
        2,
    )
    bodies = [text[r.start : r.end] for r in document.regions if r.kind == "body"]
    assert re.sub(r"\s", "", bodies[0]) == re.sub(r"\s", "", bodies[1])


@pytest.mark.parametrize(("old", "new"), [("(?:关键词", "((关键词"), ("fields:", "felder:"), (None, "")])
def test_page_rules_of_a_user_are_checked(tmp_path: Path, old: str | None, new: str):
    shipped = (shipped_rules() / "page.yml").read_text(encoding="utf-8")
    (tmp_path / "page.yml").write_text(shipped.replace(old, new) if old else new, encoding="utf-8")
    with pytest.raises(RuleError, match="page.yml:"):
        page_rules(RuleFolder(tmp_path))
