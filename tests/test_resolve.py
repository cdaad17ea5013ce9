from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from articles import FIRST, first, meeting, second
from click.testing import CliRunner

from kgx.cli import main
from kgx.errors import KgxError, RuleError
from kgx.merge import merge
from kgx.model import Document, Entity, Extraction, Position
from kgx.resolve.claims import claims_of
from kgx.resolve.decisions import DecisionRow, decide, decisions
from kgx.resolve.facts import together
from kgx.resolve.policy import load_policy


def said(name: str, date: str | None, *entities: Entity, **more: object) -> Extraction:
    """A document that names entities."""
    text = "，".join(one.name for one in entities)
    return Extraction(Document(name, text, date=date), entities=entities, **more)  # type: ignore[arg-type]


def event(name: str, date: str = "2022-09-16", *others: str) -> str:
    """The key of an event in a document that names others too."""
    given = [Entity(one, "Event", (one,)) for one in (name, *others)]
    claims = claims_of(said("x", date, *given), load_policy())
    return next(one.key for one in claims.entities if name in one.labels)


@pytest.mark.parametrize(
    "name",
    [
        "上合组织撒马尔罕峰会",
        "上海合作组织成员国元首理事会第二十二次会议",
        "2022年上合组织峰会",
        "上合组织峰会",
    ],
)
def test_meetings_of_one_series_and_number_are_one(name: str) -> None:
    assert event(name) == "event/上海合作组织成员国元首理事会会议-22"


def test_meetings_bare_name_means_the_edition_that_the_document_names_or_the_next_in_time() -> None:
    series = "event/金砖国家领导人会晤"
    assert event("金砖国家领导人会晤", "2023-05-01") == f"{series}-15"
    assert event("金砖国家领导人会晤", "2011-05-01") == f"{series}-@2011"
    assert event("金砖国家领导人会晤", "2011-05-01", "金砖国家领导人第十四次会晤") == f"{series}-14"


def test_meetings_of_a_recurring_kind_are_one_in_their_time_only() -> None:
    assert event("北约峰会", "2022-06-29") != event("北约峰会", "2024-07-10")
    assert event("欧盟外长会", "2022-03-22") != event("欧盟外长会", "2022-05-17")
    assert event("蓝湾对话", "2022-03-22") == event("蓝湾对话", "2024-05-17")


def test_meetings_of_a_series_of_the_lexicon_are_one_by_number_or_year() -> None:
    assert event("第30届中国—东盟博览会") == event("第三十届东博会") != event("第29届东博会")


def test_meetings_are_named_by_the_place_of_the_summit_of_the_time() -> None:
    assert event("撒马尔罕峰会", "2022-09-17") == "event/上海合作组织成员国元首理事会会议-22"
    assert event("撒马尔罕峰会", "2019-09-17") == "event/撒马尔罕峰会"
    assert event("中非合作论坛北京峰会", "2022-09-17") == "event/中非合作论坛峰会-3"


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("Event", ("十四届全国人大一次会议", "中华人民共和国第十四届全国人民代表大会第一次会议")),
        ("Event", ("中共十六大", "中国共产党第十六次全国代表大会", "第16次全国代表大会")),
        ("Event", ("中共二十届二中全会", "中国共产党第二十届中央委员会第二次全体会议")),
        ("Event", ("俄中体育交流年", "中俄体育交流年")),
        ("Event", ("阿盟首脑会议", "阿拉伯国家联盟首脑会议")),
        ("Initiative", ("中越命运共同体", "越中命运共同体", "中国—越南命运共同体", "中国-越南命运共同体")),
        ("Organization", ("美司法部", "美国司法部")),
        ("Organization", ("俄罗斯军方", "俄军方", "俄军")),
        ("Agreement", ("中华人民共和国湖泊保护法", "湖泊保护法")),
        ("Place", ("敖德萨市", "敖德萨")),
    ],
)
def test_names_of_one_thing_are_known_under_one(kind: str, names: tuple[str, ...]) -> None:
    assert len({key_of(kind, name) for name in names}) == 1


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("Event", ("十四届全国人大一次会议", "十四届全国人大二次会议")),
        ("Organization", ("中南大学", "中国-南非大学")),
        ("Organization", ("外交部", "某国外交部")),
        ("Place", ("别尔哥罗德市", "别尔哥罗德州")),
    ],
)
def test_names_of_different_things_stay_apart(kind: str, names: tuple[str, ...]) -> None:
    assert len({key_of(kind, name) for name in names}) == len(names)


def key_of(kind: str, name: str, *others: str) -> str:
    """The key of a thing whom the lexicon is not asked for, in a document that names countries beside it."""
    text = "，".join((name, *others))
    given = Extraction(Document("x", text, date="2024-01-01"), entities=(Entity(name, kind, (name,)),))  # type: ignore[arg-type]
    (one,) = claims_of(given, load_policy()).entities
    return one.key


def test_names_short_forms_of_states_mean_those_that_the_document_names() -> None:
    ours = "中巴命运共同体"
    assert key_of("Initiative", ours, "巴西") == "initiative/中国-巴西命运共同体"
    assert key_of("Initiative", ours, "巴基斯坦") == "initiative/中国-巴基斯坦命运共同体"
    assert key_of("Initiative", ours, "巴西", "巴基斯坦") == "initiative/中巴命运共同体"


def test_annual_documents_are_those_of_their_year() -> None:
    report = Entity("政府工作报告", "Agreement", ("政府工作报告",))
    graph = merge(
        [said("1", "2022-03-05", report), said("2", "2022-03-11", report), said("3", "2024-03-05", report)]
    )
    assert set(graph.entities) == {"agreement/政府工作报告-2022", "agreement/政府工作报告-2024"}


def test_generic_names_mean_another_thing_in_each_document() -> None:
    law = Entity("条例", "Agreement", ("条例",))
    graph = merge([said("1", None, law), said("2", None, law)])
    assert len(graph.entities) == 2


def test_districts_of_one_name_are_those_of_the_city_that_the_document_names() -> None:
    def told(name: str, *cities: str) -> Extraction:
        places = (Entity(one, "Place", (one,), key=f"place/{one}") for one in cities)
        return said(name, None, Entity("河东区", "Place", ("河东区",)), *places)

    graph = merge([told("1", "天津"), told("2", "临沂"), told("3"), told("4", "天津", "临沂")])
    districts = {key: len(one.documents) for key, one in graph.entities.items() if "河东区" in key}
    assert districts == {"place/河东区-天津": 1, "place/河东区-临沂": 1, "place/河东区": 2}


def person(name: str, state: str | None, title: str = "外长") -> Extraction:
    """A document in which 米兰 holds an office of a state, or is named alone."""
    given = [Entity("米兰", "Person", ("米兰",))]
    held = ()
    if state is not None:
        given.append(Entity(state, "Country", (state,)))
        held = (Position("米兰", title, state),)
    return said(name, "2024-01-01", *given, positions=held)


def people(*given: Extraction) -> set[str]:
    return {key for key in merge(given).entities if key.startswith("person/")}


def test_homonyms_are_told_apart_by_the_states_they_serve() -> None:
    assert people(person("1", "法国"), person("2", None), person("3", "法国")) == {"person/米兰"}
    assert people(person("1", "法国"), person("2", "德国")) == {"person/米兰-法国", "person/米兰-德国"}
    envoy = person("2", "法国", "驻华大使")
    assert people(person("1", "法国"), envoy) == {"person/米兰-法国", "person/米兰-法国大使"}


def test_homonyms_leave_a_document_without_a_state_to_whom_nearly_all_mean() -> None:
    given = [person(str(number), "法国") for number in range(3)]
    graph = merge([*given, person("8", "德国"), person("9", None)])
    assert {key: len(one.documents) for key, one in graph.entities.items() if one.type == "Person"} == {
        "person/米兰-法国": 4,
        "person/米兰-德国": 1,
    }


def test_homonyms_are_not_joined_through_a_third_document() -> None:
    given = (person("1", "法国"), person("2", None), person("3", "德国"))
    expected = {"person/米兰-法国", "person/米兰-德国", "person/米兰"}
    assert all(people(*order) == expected for order in permutations(given))


def reports(*given: tuple[str | None, str, tuple[str, ...]]) -> list[Extraction]:
    """Reports of one meeting: its date, the day of the report, places."""
    out = []
    for number, (date, day, places) in enumerate(given):
        fact = replace(
            meeting(FIRST, FIRST), date=date, roles={"participant": ("高山", "林泉"), "place": places}
        )
        document = replace(first().document, id=str(number), date=day)
        places_named = tuple(Entity(one, "Place", (one,)) for one in ("河城", "山城"))
        entities = tuple(one for one in first().entities if one.type != "Place") + places_named
        out.append(replace(first(), document=document, facts=(fact,), entities=entities))
    return out


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ([("2024-03-02", "2024-03-02", ()), ("2024-03", "2024-05-01", ()), (None, "2024-03-03", ())], 1),
        ([("2024-03-02", "2024-03-02", ()), ("2024-03-09", "2024-03-09", ())], 2),
        (
            [
                ("2024-03-02", "2024-03-02", ()),
                ("2024-03-09", "2024-03-09", ()),
                ("2024-03", "2024-04-01", ()),
            ],
            3,
        ),
        ([(None, "2024-03-01", ()), (None, "2024-03-03", ())], 1),
        ([(None, "2024-03-01", ()), (None, "2024-03-04", ()), (None, "2024-03-07", ())], 2),
        ([("2024-03-02", "2024-03-02", ("河城",)), ("2024-03-02", "2024-03-03", ())], 1),
        ([("2024-03-02", "2024-03-02", ("河城",)), ("2024-03-02", "2024-03-03", ("山城",))], 2),
        (
            [
                ("2024-03-02", "2024-03-02", ("河城",)),
                ("2024-03-02", "2024-03-03", ("山城",)),
                ("2024-03-02", "2024-03-03", ()),
            ],
            3,
        ),
    ],
)
def test_facts_are_one_where_dates_and_places_allow_it_and_never_by_a_chain(
    given: list[tuple[str | None, str, tuple[str, ...]]], number: int
) -> None:
    for order in permutations(reports(*given)):
        assert len(merge(order).facts) == number


@pytest.mark.parametrize(
    ("news", "retold", "number"),
    [
        ("2024-03-02", "2024-03-02", 1),
        ("2024-03-02", "2024-03-01/2024-03-03", 1),
        ("2024-03-01/2024-03-03", "2024-03-03", 1),
        ("2024-03-02", "2024-03-03", 2),
        ("2024-03-02", "2024-02-20/2024-03-20", 2),
        ("2024-03-02", "2024-03", 2),
        ("2024", "2024", 2),
        (None, None, 2),
    ],
)
def test_facts_told_again_in_retrospect_are_one_where_both_give_the_day(
    news: str | None, retold: str | None, number: int
) -> None:
    one, two = reports((news, "2024-03-02", ()), (retold, "2024-03-02", ()))
    two = replace(two, facts=tuple(replace(fact, status="past") for fact in two.facts))
    graphs = [merge(order) for order in permutations((one, two))]
    assert graphs[0] == graphs[1] and len(graphs[0].facts) == number
    assert sorted(fact.status for fact in graphs[0].facts.values()) == ["actual", "past"][:number]


def test_facts_keep_their_key_when_a_report_adds_the_place() -> None:
    bare, placed = reports(("2024-03-02", "2024-03-02", ()), ("2024-03-02", "2024-03-03", ("河城",)))
    assert set(merge([bare]).facts) == set(merge([bare, placed]).facts)


def test_facts_are_surer_with_each_independent_source() -> None:
    one, two = reports(("2024-03-02", "2024-03-02", ()), ("2024-03-02", "2024-03-02", ()))
    other = replace(two, document=replace(two.document, publisher="另一报"))
    (alone,) = merge([one]).facts.values()
    (same,) = merge([one, two]).facts.values()
    (both,) = merge([one, other]).facts.values()
    assert alone.confidence == same.confidence == 0.95
    assert both.confidence == 0.99
    assert {said.confidence for said in both.evidence} == {0.95}


def test_together_is_never_below_the_surest_report() -> None:
    from kgx.resolve.facts import Report

    claims = claims_of(first(), load_policy())
    sure = claims.facts[0]._replace(confidence=0.999)
    given = [
        Report(replace(claims.document, publisher=name), sure._replace(confidence=value))
        for name, value in (("a", 0.999), ("b", 0.5))
    ]
    assert together(given, 0.99) == 0.999


def test_decisions_merge_and_split_entities(tmp_path: Path) -> None:
    rows = [
        DecisionRow(entity="person/林泉", decision="merge", target="person/Q101"),
        DecisionRow(entity="country/山国", decision="split", target="country/山国-旧", documents=("second",)),
    ]
    for row in rows:
        decide(tmp_path, row)
    facts = (
        replace(meeting(FIRST, FIRST), type="Visit", roles={"visitor": ("林泉",), "destination": ("山国",)}),
    )
    graph = merge([replace(first(), facts=facts), second()], decisions=decisions(tmp_path))
    assert "person/林泉" not in graph.entities
    assert graph.entities["person/Q101"].qid == "Q101"
    assert graph.entities["country/山国"].documents == (0,)
    assert graph.entities["country/山国-旧"].documents == (1,)
    (visit,) = (one for one in graph.facts.values() if one.type == "Visit" and one.status == "actual")
    assert [filler.value for _, filler in visit.roles] == ["country/山国", "person/Q101"]


def test_decisions_refuse_circles_and_other_types(tmp_path: Path) -> None:
    decide(tmp_path, DecisionRow(entity="person/甲", decision="merge", target="person/乙"))
    with pytest.raises(KgxError, match="can't be merged"):
        decide(tmp_path, DecisionRow(entity="person/乙", decision="merge", target="person/甲"))
    with pytest.raises(ValueError):
        DecisionRow(entity="person/甲", decision="merge", target="place/甲")
    table = tmp_path / "identity.tsv"
    table.write_text(table.read_text(encoding="utf-8") + "person/龙\tmerge\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"identity\.tsv:\d+: target"):
        decisions(tmp_path)


def test_cli_lists_entities_and_records_decisions_that_builds_obey(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out"
    source.write_text(
        '{"id": "1", "date": "2024-03-03", "text": "法国总统马克龙3日在巴黎会见德国总理朔尔茨。"}\n',
        encoding="utf-8",
    )

    def call(*args: object, status: int = 0) -> str:
        result = CliRunner().invoke(main, [str(one) for one in args])
        assert result.exit_code == status, result.output
        return result.output

    build = ("build", source, "-o", out, "--no-model", "--formats", "turtle")
    call(*build)
    listed = call("entities", out, "--type", "Country")
    assert "country/FRA" in listed and "person/" not in listed
    assert "Q142" not in call("entities", out, "--unresolved")
    assert "two identities" in call("merge", out, "法国", "country/DEU", status=4)
    call("split", out, "德国", "-d", "1", "--as", "另一国")
    call(*build)
    call("merge", out, "另一国", "country/FRA")
    call(*build)
    assert "country/DEU" not in call("entities", out) and "country/另一国" not in call("entities", out)
    assert "kgx: 'XX'" in call("merge", out, "XX", "德国", status=4)
    assert "does not name it" in call("split", out, "country/FRA", "-d", "9", "--as", "x", status=4)
    assert "holds no build" in call("entities", tmp_path, status=4)


def named_whole(id_: str, name: str, title: str, of: Entity) -> Extraction:
    """A document that gives a person an office."""
    return said(
        id_, "2024-01-01", Entity(name, "Person", (name,)), of, positions=(Position(name, title, of.name),)
    )


def test_a_family_name_is_the_person_whose_whole_name_has_its_office() -> None:
    council, court = (Entity(name, "Organization", (name,)) for name in ("河城议事会", "河城法院"))
    whole = named_whole("1", "安娜·维索卡", "议长", council)
    alone, other = named_whole("2", "维索卡", "议长", council), named_whole("3", "维索卡", "院长", court)
    assert all(people(*order) == {"person/安娜·维索卡"} for order in permutations((whole, alone)))
    assert people(whole, other) == {"person/安娜·维索卡", "person/维索卡"}
    assert people(whole, alone, other) == {"person/安娜·维索卡", "person/维索卡"}
    second = named_whole("4", "玛丽·维索卡", "议长", council)
    assert "person/维索卡" in people(whole, second, alone)  # two have the office: it is neither


def test_a_family_name_with_a_title_that_many_of_a_state_have_stays_apart() -> None:
    state = Entity("法国", "Country", ("法国",))
    runner, other = (
        named_whole("1", "安娜·维索卡", "运动员", state),
        named_whole("2", "维索卡", "运动员", state),
    )
    assert people(runner, other) == {"person/安娜·维索卡", "person/维索卡"}
    minister = named_whole("3", "安娜·维索卡", "财政部长", state)
    assert people(minister, named_whole("4", "维索卡", "财政部长", state)) == {"person/安娜·维索卡"}


def event_told(name: str, text: str, date: str = "2024-04-29") -> set[str]:
    """The keys of a document of this text that names one event."""
    given = said("1", date, Entity(name, "Event", (name,)))
    given = replace(given, document=replace(given.document, text=text))
    return {key for key in merge([given]).entities if key.startswith("event/")}


def test_the_year_before_the_bare_name_of_a_series_tells_the_edition() -> None:
    name = "亚太经合组织领导人非正式会议"
    assert event_told(name, f"甲方支持乙方办好今年{name}。") == {f"event/{name}-31"}
    assert event_told(name, f"甲方参加了去年{name}。") == {f"event/{name}-30"}
    assert event_told(name, f"甲方办过两届{name}。", "2024-10-29") == {f"event/{name}"}
    assert event_told(name, f"甲方将出席{name}。", "2024-10-29") == {f"event/{name}-31"}


def test_short_forms_in_names_mean_whom_headline_or_sentence_names() -> None:
    def keys(text: str, name: str, type_: str = "Initiative") -> set[str]:
        given = said("1", "2024-04-29", Entity(name, type_, (name,)))
        return set(merge([replace(given, document=replace(given.document, text=text))]).entities)

    text = "中国—阿拉伯国家峰会举行\n\n阿尔及利亚总理出席。各方共建中阿命运共同体。"
    assert keys(text, "中阿命运共同体") == {"initiative/中国-阿拉伯国家命运共同体"}
    text = "巴拿马代表发言。巴西友人、巴中友好协会会长致辞。"
    assert keys(text, "巴中友好协会", "Organization") == {"organization/中国-巴西友好协会"}


def test_a_name_of_many_things_means_what_the_campaign_is_about() -> None:
    rules = "各地党纪学习教育紧扣《条例》逐条学习。"
    given = said("1", "2024-05-01", Entity("条例", "Agreement", ("条例",)))
    given = replace(given, document=replace(given.document, text=rules))
    assert set(merge([given]).entities) == {"agreement/中国共产党纪律处分条例"}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("美国防部", "organization/美国国防部"),
        ("美国会", "organization/美国国会"),
        ("印度国防部", "organization/印度国防部"),
    ],
)
def test_names_of_a_body_are_one_where_the_state_s_last_character_is_left_out(name: str, key: str) -> None:
    entity = Entity(name, "Organization", (name,))
    (found,) = claims_of(said("a", "2024-03-04", entity), load_policy(None)).entities
    assert found.key == key


def entity_keys(kind: str, name: str, *texts: str) -> list[str]:
    """The key of an entity in documents that have these texts."""
    out = []
    for number, text in enumerate(texts):
        one = Extraction(Document(str(number), text, date="2023-05-01"), (Entity(name, kind, (name,)),))  # type: ignore[arg-type]
        out.append(claims_of(one, load_policy()).entities[0].key)
    return out


def test_papers_of_one_name_are_told_apart_by_the_state_before_them() -> None:
    texts = ("据美国《政治报》报道。", "在塞尔维亚《政治报》发表文章。", "《政治报》报道。")
    one, other, bare = entity_keys("Organization", "政治报", *texts)
    assert (one, other, bare) == (
        "organization/政治报-美国",
        "organization/政治报-塞尔维亚",
        "organization/政治报",
    )


def test_actions_that_are_only_counted_are_each_document_s_own() -> None:
    assert len(set(entity_keys("Initiative", "八大行动", "实施“八大行动”。", "开展“八大行动”。"))) == 2
    assert len(set(entity_keys("Event", "2024年新春招待会", "甲馆举办招待会。", "乙馆举办招待会。"))) == 2


def test_a_part_of_a_state_by_its_short_form_is_that_by_its_name() -> None:
    assert entity_keys("Place", "黎南部", "黎巴嫩说，黎南部遭袭。") == ["place/黎巴嫩南部"]


def test_a_family_name_without_an_office_is_the_one_whom_many_documents_name() -> None:
    whole = Entity("卡尔·施瓦本", "Person", ("卡尔·施瓦本",))
    short = Entity("施瓦本", "Person", ("施瓦本",))
    given = [said(f"{number:02}", "2023-05-01", whole) for number in range(8)]
    assert list(merge([*given, said("x", "2023-05-02", short)]).entities) == ["person/卡尔·施瓦本"]
    assert len(merge([*given[1:], said("x", "2023-05-02", short)]).entities) == 2
    doctor = (Position("卡尔·施瓦本", "院长", "河城法院"), Position("施瓦本", "院长", "河城法院"))
    court = Entity("河城法院", "Organization", ("河城法院",))
    held = said("h", "2023-05-03", whole, court, positions=doctor[:1])
    named = said("n", "2023-05-04", short, court, positions=doctor[1:])
    assert people(*given, held, named, said("x", "2023-05-02", short)) == {"person/卡尔·施瓦本"}
    other = Entity("汉斯·施瓦本", "Person", ("汉斯·施瓦本",))
    assert len(merge([*given, said("o", "2023-05-03", other), said("x", "2023-05-02", short)]).entities) == 3


def test_persons_are_of_the_state_in_which_their_province_lies() -> None:
    province, norway = Entity("夏威夷州", "Place", ("夏威夷州",)), Entity("挪威", "Country", ("挪威",), "NOR")
    given = (named_whole("1", "维索卡", "州长", province), named_whole("2", "维索卡", "议员", norway))
    assert people(*given) == {"person/维索卡-挪威", "person/维索卡-美国"}


def test_a_dialogue_with_europe_is_one_with_its_union() -> None:
    name = "第五次中欧湖泊高层对话"
    assert len(set(entity_keys("Event", name, f"张三赴欧洲出席{name}。", f"张三同欧盟代表举行{name}。"))) == 1


def test_joint_statements_of_one_name_are_those_of_their_years() -> None:
    name = "海湾共和国和山地共和国联合声明"
    (early,) = merge([said("1", "2022-09-15", Entity(name, "Agreement", (name,)))]).entities
    (late,) = merge([said("2", "2023-05-18", Entity(name, "Agreement", (name,)))]).entities
    assert (early, late) == (f"agreement/{name}-2022", f"agreement/{name}-2023")
