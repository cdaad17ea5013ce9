from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from kgx.errors import RuleError
from kgx.model import Document, Mention
from kgx.nlp.dateforms import load_forms
from kgx.nlp.dates import find_dates
from kgx.period import period
from kgx.rulebook import RuleFolder

PUBLISHED = "2024-05-22"  # a Wednesday


def read(text: str, published: str | None = PUBLISHED) -> list[tuple[str, str | None]]:
    return [(d.surface, d.value) for d in find_dates(text, published)]


@pytest.mark.parametrize(
    ("text", "surface", "value"),
    [
        ("2014年5月20日，两国元首会谈。", "2014年5月20日", "2014-05-20"),
        ("发布时间：2014-05-21", "2014-05-21", "2014-05-21"),
        ("二〇一四年九月三日，纪念大会举行。", "二〇一四年九月三日", "2014-09-03"),
        ("5月20日，双方会谈。", "5月20日", "2024-05-20"),
        ("外长20日表示支持。", "20日", "2024-05-20"),
        ("总理20日上午到访。", "20日", "2024-05-20"),
        ("当地时间5月7日下午，总统抵达。", "5月7日", "2024-05-07"),
        ("他们今年2月见过面。", "今年2月", "2024-02"),
        ("去年年底，协定生效。", "去年年底", "2023"),
        ("会议明年召开。", "明年", "2025"),
        ("会议大后天召开。", "大后天", "2024-05-25"),
        ("他上上周五抵达。", "上上周五", "2024-05-10"),
        ("他上上个月抵达。", "上上个月", "2024-03"),
        ("大前年，协定生效。", "大前年", "2021"),
        ("今明两年互办文化年。", "今明两年", "2024/2025"),
        ("本月将有三次访问。", "本月", "2024-05"),
        ("上月两国外长通话。", "上月", "2024-04"),
        ("下月初将签署文件。", "下月初", "2024-06"),
        ("12日至15日在海城访问。", "12日至15日", "2024-05-12/2024-05-15"),
        ("10日-12日举行展览。", "10日-12日", "2024-05-10/2024-05-12"),
        ("12至15日举行展览。", "12至15日", "2024-05-12/2024-05-15"),
        ("论坛于4月30日至5月2日举行。", "4月30日至5月2日", "2024-04-30/2024-05-02"),
        ("规划期为2021—2035年。", "2021—2035年", "2021/2035"),
        ("2022年至2023年担任主席。", "2022年至2023年", "2022/2023"),
        ("20世纪90年代建交。", "20世纪90年代", "1990/1999"),
        ("上世纪七十年代建交。", "上世纪七十年代", "1970/1979"),
        ("3月上旬成行。", "3月上旬", "2024-03-01/2024-03-10"),
        ("2月下旬成行。", "2月下旬", "2024-02-21/2024-02-29"),
        ("年底前完成谈判。", "年底", "2024"),
        ("今年上半年增长。", "今年上半年", "2024-01/2024-06"),
        ("去年第四季度增长。", "去年第四季度", "2023-10/2023-12"),
        ("今年前4个月增长。", "今年前4个月", "2024-01/2024-04"),
        ("上周五通过决议。", "上周五", "2024-05-17"),
        ("上周通过决议。", "上周", "2024-05-13/2024-05-19"),
        ("昨晚举行晚宴。", "昨晚", "2024-05-21"),
        ("1—4月出口增长。", "1—4月", "2024-01/2024-04"),
        ("三年前，我们首次见面。", "三年前", "2021"),
        ("本月20日至22日举行。", "本月20日至22日", "2024-05-20/2024-05-22"),
        ("中秋是农历八月十五。", "农历八月十五", "2024-09-17"),
        ("2023年正月初一，中心开放。", "2023年正月初一", "2023-01-22"),
        ("农历甲辰年正月初五开馆。", "农历甲辰年正月初五", "2024-02-14"),
        ("去年腊月二十三，剧团到访。", "去年腊月二十三", "2024-02-02"),
        ("航路在15世纪开通。", "15世纪", "1401/1500"),
        ("上世纪初，两国已有来往。", "上世纪", "1901/2000"),
        ("十九世纪中叶，港口开放。", "十九世纪", "1801/1900"),
        ("下周一至周三访问海城。", "下周一至周三", "2024-05-27/2024-05-29"),
        ("前晚举行晚宴。", "前晚", "2024-05-20"),
        ("大前天离开。", "大前天", "2024-05-19"),
        ("月底前完成谈判。", "月底", "2024-05"),
    ],
)
def test_dates_reads_each_form(text: str, surface: str, value: str | None) -> None:
    assert read(text) == [(surface, value)]


@pytest.mark.parametrize(
    "text",
    [
        "近年来两国走近，日前又有往来。",
        "访问为期3天，两年来还是首次。",
        "建交70周年，5年内翻番，会议10时30分开始。",
        "投资1.5亿元，占20%。",
        "到本世纪中叶建成。",
        "五千多年前的遗址有2000年历史。",
        "北京2022年冬奥会和联合国2030年可持续发展议程都提到了他。",
        "《海洋纲要（2021—2035年）》已经发布。",
        "地铁20号线和第20号令。",
        "十月革命和三月三歌会。",
        "每年9月开学，连续两个季度。",
        "今天的中国，共创美好明天。",
        "双方愿同日本合作。",
        "声明年轻一代是未来。",
        "2月30日并不存在。",
    ],
)
def test_dates_leaves_out_what_fixes_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("published", "text", "value"),
    [
        ("2024-01-05", "12月28日，外长抵达。", "2023-12-28"),
        ("2024-01-05", "外长28日抵达。", "2023-12-28"),
        ("2024-05-15", "外长18日会谈。", "2024-05-18"),
        ("2024-05-31", "条例将于1日起施行。", "2024-06-01"),
        ("2024-05-31", "总理1日会见来宾。", "2024-05-01"),
        ("2024-12-20", "协定将于1月5日生效。", "2025-01-05"),
        ("2024-12-20", "协定已于1月5日生效。", "2024-01-05"),
        ("2024-03-02", "30日至2日访问。", "2024-01-30/2024-02-02"),
        ("2024-05-02", "30日至2日访问。", "2024-04-30/2024-05-02"),
        ("2024-01-05", "12月30日至1月3日访问。", "2023-12-30/2024-01-03"),
    ],
)
def test_dates_near_the_turn_of_month_and_year(published: str, text: str, value: str) -> None:
    assert [v for _, v in read(text, published)] == [value]


def test_dates_without_publication_date_resolves_absolute_ones_only() -> None:
    text = "去年签署。2014年5月20日会谈。6月3日至5日再谈。"
    assert read(text, None) == [("去年", None), ("2014年5月20日", "2014-05-20"), ("6月3日至5日", None)]


def test_dates_bare_day_continues_the_full_date_of_its_sentence() -> None:
    assert read("2015年5月8日抵达海城，9日出席阅兵。")[1] == ("9日", "2015-05-09")
    assert read("2013年9月和10月先后提出。")[1] == ("10月", "2013-10")
    assert read("2015年5月8日抵达海城。9日出席阅兵。")[1] == ("9日", "2024-05-09")


def test_dates_pointing_back_takes_the_date_before() -> None:
    assert read("外长5月20日会谈，前一天访问。")[1] == ("前一天", "2024-05-19")
    text = "3月8日，外长抵达海城。同日，双方会谈。次日离开。"
    assert [v for _, v in read(text)] == ["2024-03-08", "2024-03-08", "2024-03-09"]
    assert read("1991年1月建交，同年5月互派大使。")[1] == ("同年5月", "1991-05")
    assert read("1991年9月建交，翌年5月互派大使。")[1] == ("翌年5月", "1992-05")


def test_dates_today_in_speech_is_the_day_of_the_speech() -> None:
    assert read("5月20日，总统会见总理。总理说，我今天很高兴。")[1] == ("今天", "2024-05-20")
    assert read("5月20日，总统会见总理。今天，协定生效。")[1] == ("今天", "2024-05-22")


def test_dates_list_without_units_is_an_interval_only_where_adjacent() -> None:
    assert read("7、8月多雨。") == [("7、8月", "2024-07/2024-08")]
    assert read("9日和10日分别会谈。") == [("9日", "2024-05-09"), ("10日", "2024-05-10")]


def test_dates_skips_given_spans() -> None:
    text = "2023年海城会晤在5月3日举行。"
    assert [d.surface for d in find_dates(text, PUBLISHED, skip=[(0, 9)])] == ["5月3日"]


def test_dates_part_that_starts_another_word_is_not_taken() -> None:
    assert read("2022年初步统计。") == [("2022年", "2022")]
    assert read("今年内蒙古丰收。") == [("今年", "2024")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_dates_component_works_alone(language: str) -> None:
    nlp = spacy.blank(language)
    nlp.add_pipe("kgx_dates")
    doc = nlp("2014年5月20日，双方会谈；明年再谈。")
    assert [(d.surface, d.value) for d in doc._.kgx_dates] == [
        ("2014年5月20日", "2014-05-20"),
        ("明年", None),
    ]
    assert len(doc.spans["kgx_dates"]) == 2


def test_dates_component_counts_from_the_document_and_skips_names() -> None:
    nlp = spacy.blank("zh")
    finder = nlp.add_pipe("kgx_dates")
    text = "2023年海城對話會去年舉行。"
    doc = nlp.make_doc(text)
    doc._.kgx_document = Document("a", text, date=PUBLISHED)
    doc._.kgx_mentions = (Mention(0, 10, "Event", ("2023年海城对话会",)),)
    assert [(d.start, d.surface, d.value) for d in finder(doc)._.kgx_dates] == [(10, "去年", "2023")]


def test_dates_surface_is_the_given_text() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("kgx_dates")
    assert [d.surface for d in nlp("２０１４年５月會談。")._.kgx_dates] == ["２０１４年５月"]


def test_dates_rules_with_unknown_key_are_refused(tmp_path) -> None:
    (tmp_path / "dates.yml").write_text("yaers: {}\n", encoding="utf-8")
    with pytest.raises(RuleError, match="dates.yml:1"):
        load_forms(RuleFolder(tmp_path))


def test_dates_published_must_be_iso() -> None:
    with pytest.raises(ValueError):
        find_dates("明年", "昨天")


@given(st.text(alphabet="0123456789〇一二十年月日号至—、今去明上下本周前底同世纪代《》，。 x", max_size=40))
def test_dates_any_text_gives_ordered_spans_and_valid_values(text: str) -> None:
    found = find_dates(text, PUBLISHED)
    assert all(text[d.start : d.end] == d.surface for d in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    for d in found:
        if d.value is not None:
            days = period(d.value)
            assert days.first <= days.last


def test_dates_take_a_bare_day_for_one_of_the_month_named_before_it():
    assert read("他4月8日抵达，9日会谈。") == [("4月8日", "2024-04-08"), ("9日", "2024-04-09")]
