"""Which meeting a name means: series, editions, years, numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kgx.merge import merge
from kgx.model import Document, Entity, Extraction, Fact
from kgx.run import run

SCO = "event/上海合作组织成员国元首理事会会议"


def told(name: str, day: str, *names: str, text: str = "", held: str | None = None) -> Extraction:
    """A document that names meetings, and says when the first of them is held."""
    text = text or "，".join(names)
    facts: tuple[Fact, ...] = ()
    if held is not None:
        facts = (Fact("Host", {"event": (names[0],)}, "actual", text, 0, len(text), "rule", 0.9, held),)
    entities = tuple(Entity(one, "Event", (one,)) for one in names)
    return Extraction(Document(name, text, date=day), entities=entities, facts=facts)


def keys(*given: Extraction) -> list[str]:
    """The key of the one meeting of each document."""
    graph = merge(given)
    places = {one.id: index for index, one in enumerate(graph.documents)}
    return [
        next(k for k, e in graph.entities.items() if places[one.document.id] in e.documents) for one in given
    ]


def key(day: str, name: str, text: str = "", held: str | None = None) -> str:
    return keys(told("1", day, name, text=text, held=held))[0]


def test_an_edition_that_the_table_lacks_is_known_by_its_number_or_its_year() -> None:
    assert key("2001-06-20", "上海合作组织成员国元首理事会第三次会议") == f"{SCO}-3"
    assert key("2005-07-06", "2005年上合组织峰会") == key("2005-07-06", "上合组织峰会") == f"{SCO}-@2005"
    assert key("2006-06-16", "上合组织峰会") == f"{SCO}-@2006"
    (one,) = merge([told("1", "2005-07-06", "上合组织峰会")]).entities.values()
    assert one.label_en == "SCO summit 2005"
    (one,) = merge([told("1", "2022-09-16", "上合组织峰会")]).entities.values()
    assert one.label_en == "22nd SCO summit"


def test_a_place_names_an_edition_only_near_the_day_or_after_it() -> None:
    assert key("2005-07-06", "上合组织阿斯塔纳峰会") == f"{SCO}-@2005"
    assert key("2011-06-15", "上海合作组织阿斯塔纳峰会") == f"{SCO}-@2011"
    assert key("2017-06-09", "上海合作组织阿斯塔纳峰会") == f"{SCO}-17"
    assert (
        key("2023-09-01", "上合组织阿斯塔纳峰会") == key("2025-09-01", "上合组织阿斯塔纳峰会") == f"{SCO}-24"
    )
    assert key("2021-08-09", "巴黎奥运会") == "event/夏季奥林匹克运动会-33"


def test_a_bare_name_of_games_held_every_four_years_is_no_edition_of_the_years_between() -> None:
    assert key("2010-06-09", "夏季奥运会") == "event/夏季奥林匹克运动会"


def test_the_words_before_a_name_tell_the_year_though_not_right_before_it() -> None:
    assert key("2024-01-09", "北约峰会", "甲方在去年举行的北约峰会上发言。") == "event/北约峰会-2023"
    assert key("2024-01-09", "欧盟峰会", "甲方在去年12月的欧盟峰会上发言。") == "event/欧盟峰会-2023"
    assert key("2024-01-09", "欧盟峰会", "甲方去年当选，在欧盟峰会上发言。") == "event/欧盟峰会-2024"
    assert key("2024-01-09", "欧盟峰会", held="2023-12-14") == "event/欧盟峰会-2023"


def test_a_longer_name_of_another_series_is_not_taken_for_its_end() -> None:
    winter = "event/冬季残疾人奥林匹克运动会-13"
    assert key("2022-03-04", "残奥会", "北京冬季残奥会开幕。") == winter
    assert key("2021-08-24", "残奥会", "北京残奥会开幕。").startswith("event/夏季")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第14届海湖论坛", "第十四届海湖论坛"),
        ("第十五届伊斯兰合作组织首脑会议", "伊斯兰合作组织第15届首脑会议"),
        ("首届海湖论坛", "第一届海湖论坛"),
        ("中国—上合组织海湖论坛", "中国-上海合作组织海湖论坛"),
        ("第三届上合组织海湖论坛", "上海合作组织第3届海湖论坛"),
        ("2023年第三届海湖论坛", "第三届海湖论坛"),
    ],
)
def test_figures_places_of_numbers_and_short_bodies_make_one_key(one: str, other: str) -> None:
    assert key("2023-09-01", one) == key("2023-09-01", other)


def test_numbers_of_different_things_stay_apart() -> None:
    assert key("2023-09-01", "第14届海湖论坛") != key("2023-09-01", "第15届海湖论坛")
    assert key("2023-09-01", "第三届海湖理事会第五次会议") != key("2023-09-01", "第五届海湖理事会第三次会议")
    assert len(set(keys(told("1", "2023-09-01", "首届年会"), told("2", "2023-09-01", "首届年会")))) == 2


def test_a_meeting_held_in_different_years_is_one_of_each_year() -> None:
    name = "海湖工作会议"
    given = [
        told("1", "2022-12-16", name, held="2022-12-15"),
        told("2", "2023-12-12", name, held="2023-12-11/2023-12-12"),
        told("3", "2023-03-01", name),
        told("4", "2023-12-01", name),
        told("5", "2020-12-01", name),
        told("6", "2024-03-01", name, text=f"去年召开的{name}指出。"),
        told("7", "2024-03-01", name, text=f"历次{name}。"),
    ]
    expected = [f"event/{name}{end}" for end in ("-2022", "-2023", "-2022", "-2023", "", "-2023", "")]
    assert keys(*given) == expected
    assert keys(*given[::-1]) == expected[::-1]
    assert set(keys(*given[1:5])) == {f"event/{name}"}


def test_a_name_by_which_a_document_means_several_editions_is_that_of_the_series() -> None:
    names = ("世界杯", "2030年世界杯", "首届世界杯")
    text = "首届世界杯在乌拉圭举行，2030年世界杯也在那里。"
    cup = Entity("世界杯", "Event", names, "event/世界杯", kind="games")
    graph = merge([Extraction(Document("1", text, date="2023-10-05"), entities=(cup,))])
    assert list(graph.entities) == ["event/世界杯"]


def test_a_bare_name_beside_a_longer_one_is_not_that_of_the_series() -> None:
    diving = Entity("跳水世界杯", "Event", ("跳水世界杯",))
    cup = Entity("世界杯", "Event", ("世界杯",), "event/世界杯")
    document = Document("1", "跳水世界杯落幕，世界杯很精彩。", date="2022-10-23")
    graph = merge([Extraction(document, entities=(diving, cup))])
    assert list(graph.entities) == ["event/跳水世界杯-2022"]


def test_a_meeting_told_of_long_after_is_the_last_of_its_name() -> None:
    name = "海湖座谈会"
    given = [
        told("1", "2020-11-20", name, held="2020-11-19"),
        told("2", "2022-07-22", name),
        told("3", "2023-10-20", name, held="2023-10-19"),
    ]
    assert keys(*given) == [f"event/{name}{end}" for end in ("-2020", "-2020", "-2023")]


def test_reports_of_a_forum_that_lie_months_apart_are_of_several() -> None:
    days = ["2022-11-03", "2022-11-05", "2023-02-01", "2023-11-10", "2024-06-01"]
    given = [told(str(number), day, "海湖论坛") for number, day in enumerate(days)]
    assert keys(*given) == [f"event/海湖论坛{end}" for end in ("-2022", "-2022", "-2022", "-2023", "-2023")]
    assert set(keys(*given[:3])) == {"event/海湖论坛"}


def test_a_war_a_festival_and_what_lasts_for_years_are_one_though_told_of_several() -> None:
    for entity in (
        Entity("春节", "Event", ("春节",), "event/春节", None, None, "festival"),
        Entity("海湖文化年", "Event"),
    ):
        given = [told(day, day, entity.name, held=day) for day in ("2022-02-01", "2024-02-10")]
        given = [replace(one, entities=(entity,)) for one in given]
        assert len(set(keys(*given))) == 1


def test_a_build_that_grows_parts_meetings_as_a_build_from_nothing(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    texts = [
        ("2022-12-16", "中央经济工作会议12月15日至16日在北京举行。习近平出席会议。"),
        ("2023-02-16", "李强说，要落实中央经济工作会议部署。"),
        ("2023-12-12", "中央经济工作会议12月11日至12日在北京举行。习近平出席会议。"),
    ]
    options = {"model": False, "formats": "turtle"}
    for number, (day, text) in enumerate(texts):
        record = {"id": str(number), "date": day, "text": text}
        (source / f"{number}.json").write_text(json.dumps(record), encoding="utf-8")
        run(source, tmp_path / "grown", **options)  # type: ignore[arg-type]
    run(source, tmp_path / "new", **options)  # type: ignore[arg-type]
    ours, theirs = ((tmp_path / name / "graph.ttl").read_bytes() for name in ("grown", "new"))
    assert ours == theirs
    assert "中央经济工作会议-2022" in ours.decode()


def test_an_outcome_is_that_of_the_last_meeting_and_a_preparation_that_of_the_next() -> None:
    brics = "event/金砖国家领导人会晤"
    assert key("2023-01-03", "金砖峰会", "甲国谈到金砖峰会。") == brics
    assert key("2023-01-03", "金砖峰会", "甲国将为金砖峰会做好准备。") == f"{brics}-15"
    assert key("2023-01-03", "金砖峰会", "甲国支持乙国办好金砖峰会。") == f"{brics}-15"
    assert key("2023-06-20", "金砖峰会", "双方落实金砖峰会共识。") == f"{brics}-14"
    assert key("2023-06-20", "金砖峰会", "双方将出席金砖峰会。") == f"{brics}-15"


def test_a_year_that_leads_the_sentence_is_that_of_the_meeting() -> None:
    text = "消息：2022年4月，张三在{name}上发言。"
    name = "博鳌亚洲论坛年会"
    assert key("2023-04-21", name, text.format(name=name)) == f"event/{name}-2022"
    assert key("2023-04-21", "欧盟峰会", text.format(name="欧盟峰会")) == "event/欧盟峰会-2022"
    since = "2022年以来，甲方在欧盟峰会上发言。"
    assert key("2023-04-21", "欧盟峰会", since) == "event/欧盟峰会-2023"


def test_the_olympics_beside_winter_games_are_no_summer_games() -> None:
    summer = "event/夏季奥林匹克运动会"
    assert key("2022-02-01", "奥运会", "北京冬奥会开幕，奥运会促进和平。") == summer
    assert key("2023-08-01", "奥运会", "她在伦敦奥运会上夺冠。") == f"{summer}-30"
    assert key("2023-08-01", "奥运会", "她在2024年冬季青年奥运会上夺冠。") == summer


def test_numbers_that_begin_anew_with_a_term_are_of_the_term() -> None:
    sixth = "国务院第六次全体会议"
    assert key("2022-01-20", sixth) == "event/国务院全体会议-2018-6"
    assert key("2024-10-25", sixth) == "event/国务院全体会议-2023-6"
    first = "中央国家安全委员会第一次会议"
    assert key("2024-04-14", first, f"2014年4月15日，张三主持召开{first}。").endswith("-2014-1")
    assert key("2023-05-30", f"二十届{first}") == key("2023-06-30", first)
    told_of = f"2014年4月15日，张三主持召开{first}。二十届{first}昨天举行。"
    graph = merge([told("1", "2024-04-14", first, f"二十届{first}", text=told_of)])
    assert sorted(key[-7:] for key in graph.entities) == ["-2014-1", "-2023-1"]


def test_a_year_told_alone_is_taken_for_the_month_at_which_others_are_held() -> None:
    name = "海湖工作会议"
    given = [
        told("1", "2022-12-16", name, held="2022-12-15"),
        told("2", "2022-02-16", name, text=f"去年底召开的{name}指出。"),
        told("3", "2022-05-16", name),
    ]
    assert keys(*given) == [f"event/{name}{end}" for end in ("-2022", "-2021", "-2021")]


def test_a_number_before_the_short_forms_of_two_states_changes_nothing() -> None:
    assert key("2023-06-20", "第七轮中德政府磋商") == key("2023-06-20", "第七轮中国—德国政府磋商")


def test_a_year_without_games_is_that_in_which_they_were_prepared() -> None:
    text = "2016年3月18日，张三听取冬残奥会筹办工作汇报。"
    assert key("2022-02-09", "冬残奥会", text) == "event/冬季残疾人奥林匹克运动会-13"
