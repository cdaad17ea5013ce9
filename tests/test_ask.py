import re

import pyoxigraph as ox
import pytest
from articles import FIRST, SECOND, first, second
from click.testing import CliRunner
from test_store_embedded import build

from kgx.cli import main
from kgx.errors import KgxError, OptionError, RuleError
from kgx.facttypes import fact_schema
from kgx.model import Document, Entity, Extraction, Fact, Position
from kgx.rdf.vocab import prefixes
from kgx.rulebook import RuleFolder, load_tsv, shipped_rules
from kgx.schemas.stores import MembershipRow
from kgx.store import embedded
from kgx.store.ask import ask
from kgx.store.evaluate import Evaluator
from kgx.store.questions import filled, load_question, question, questions

LATER = (
    "4月1日，林泉访问海国，会见高山。两国签署《海山联合声明》，在能源领域合作。"
    "海国反对关税。山国和海国是上海合作组织成员国。"
)


def later():
    text = LATER

    def fact(kind, quote, status="actual", date=None, **roles):
        start = text.index(quote)
        return Fact(kind, roles, status, quote, start, start + len(quote), "test", 0.9, date)

    return Extraction(
        Document("third", text, date="2024-04-02"),
        entities=(
            Entity("高山", "Person", ("高山",), key="Q101", qid="Q101", label_en="Gao Shan"),
            Entity("林泉", "Person", ("林泉",)),
            Entity("海国", "Country", ("海国",), key="country/SEA", qid="Q102"),
            Entity("山国", "Country", ("山国",)),
            Entity("海山联合声明", "Agreement"),
            Entity("上海合作组织", "Organization"),
        ),
        positions=(Position("高山", "总统", "海国"),),
        facts=(
            fact("Visit", "林泉访问海国", date="2024-04-01", visitor=("林泉",), destination=("海国",)),
            fact("Meet", "会见高山", date="2024-04-01", participant=("高山", "林泉")),
            fact("Sign", "两国签署《海山联合声明》", signatory=("海国", "山国"), document=("海山联合声明",)),
            fact("Cooperate", "在能源领域合作", party=("海国", "山国"), field=("能源",)),
            fact("Stance", "海国反对关税", holder=("海国",), polarity=("oppose",), target=("关税",)),
            fact(
                "Member",
                "山国和海国是上海合作组织成员国",
                member=("山国", "海国"),
                organization=("上海合作组织",),
            ),
        ),
    )


@pytest.fixture(scope="module")
def solve(tmp_path_factory):
    folder = build(tmp_path_factory.mktemp("ask") / "a", first(), second(), later())
    embedded.load(folder)
    return Evaluator(str(folder)).solve


def rows(solve, question_name, /, evidence=False, **parameters):
    table = ask(solve, question(question_name), parameters, evidence=evidence)
    return [
        {column: term.value for column, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    ]


def test_ask_who_met_whom(solve):
    [one] = rows(solve, "who-met-whom")
    assert {one["name"], one["other"]} == {"高山", "林泉"}
    assert (one["meetings"], one["first"], one["last"]) == ("2", "2024-03-02", "2024-04-01")
    assert rows(solve, "who-met-whom", who="高山", to="2024-03")[0]["meetings"] == "1"
    assert rows(solve, "who-met-whom", who="高山", whom="高山") == []


def test_ask_meetings_of_a_person_between_days(solve):
    days = [one["day"] for one in rows(solve, "meetings", person="林泉")]
    assert days == ["2024-03-02", "2024-04-01"]  # two documents tell of the first, one of them where
    march = rows(solve, "meetings", person="Q101", **{"from": "2024-03-01", "to": "2024-03-31"})
    assert {(one["others"], one.get("place"), one["state"]) for one in march} == {
        ("林泉", "河城", "actual"),
    }


def test_ask_timeline_of_two_countries_either_way(solve):
    one = rows(solve, "timeline", one="海国", other="山国")
    assert [(row.get("day"), row["state"]) for row in one if "会见" in row["what"]] == [
        ("2024-03-02", "actual"),
        ("2024-04-01", "actual"),
    ]
    assert one == rows(solve, "timeline", one="山国", other="海国")
    march = rows(solve, "timeline", one="山国", other="海国", **{"from": "2024-03", "to": "2024-03"})
    assert [row["day"] for row in march] == ["2024", "2024-03-02"]


def test_ask_agreements_and_their_signatories(solve):
    [one] = rows(solve, "agreements", party="海国", name="声明")
    assert one["document"] == "海山联合声明"
    assert set(one["signatories"].split("; ")) == {"海国", "山国"}
    assert rows(solve, "agreements", name="条约") == []


def test_ask_stances(solve):
    found = {(one["stance"], one["target"], one["state"]) for one in rows(solve, "stances", who="海国")}
    assert found == {("support", "关税", "negated"), ("oppose", "关税", "actual")}
    [one] = rows(solve, "stances", polarity="support", target="航行")
    assert (one["holder"], one["target"]) == ("林泉", "自由航行倡议")


def test_ask_members_says_where_documents_and_table_differ(solve):
    found = {one["member"]: one for one in rows(solve, "members", organization="上海合作组织")}
    assert found["海国"]["says"] == "documents only"
    assert found["印度"]["says"] == "table only"
    assert found["印度"]["table"] == "2017-06-09"


def test_ask_visits_by_place(solve):
    [one] = rows(solve, "visits")  # the planned one is left out
    assert (one["destination"], one["visitors"], one["visits"]) == ("海国", "林泉", "1")


def test_ask_cooperation_fields(solve):
    [one] = rows(solve, "cooperation", one="山国", other="海国")
    assert (one["partner"], one["field"], one["state"]) == ("海国", "能源", "actual")


def test_ask_office_holders_on_a_day(solve):
    [one] = rows(solve, "office-holders", day="2024-03-20", title="总统")
    assert (one["holder"], one["organization"], one["says"]) == ("高山", "海国", "between")
    assert rows(solve, "office-holders", day="2020", title="总统")[0]["says"] == "seen after"
    assert rows(solve, "office-holders", day="2024-03-20", title="President") == [one]
    assert [found["title"] for found in rows(solve, "office-holders", day="2024-03-20")] == ["总统", "总理"]


def test_ask_promises_and_whether_they_were_kept(solve):
    [one] = rows(solve, "promises", who="林泉")
    assert (one["said"], one["since"]) == ("2024-03-04", "2024-04-02")
    assert one["matched"].startswith("访问")


def stated(name, day, text, kind, status, date=None, **roles):
    """A document of one sentence with one fact."""
    names = {"林泉": "Person", "海国": "Country", "山国": "Country", "印度": "Country"}
    names["上海合作组织"] = "Organization"
    entities = tuple(Entity(one, type_, (one,)) for one, type_ in names.items() if one in text)
    fact = Fact(kind, roles, status, text, 0, len(text), "test", 0.9, date)
    return Extraction(Document(name, text, date=day), entities=entities, facts=(fact,))


def test_ask_promises_are_kept_by_the_first_fact_that_matches_in_day_and_matter(tmp_path):
    visit = {"visitor": ("林泉",), "destination": ("海国",)}
    party = ("海国", "山国")
    documents = [
        stated("a", "2024-01-01", "林泉将于3月2日访问海国", "Visit", "planned", "2024-03-02", **visit),
        stated("b", "2024-02-02", "林泉2月1日访问海国", "Visit", "actual", "2024-02-01", **visit),
        stated("c", "2024-03-02", "林泉3月2日访问海国", "Visit", "actual", "2024-03-02", **visit),
        stated("d", "2024-03-04", "林泉3月4日访问海国", "Visit", "actual", "2024-03-04", **visit),
        stated("e", "2024-01-01", "海国愿同山国在能源领域合作", "Cooperate", "planned",
               field=("能源",), party=party),
        stated("f", "2024-02-01", "海国同山国在教育领域合作", "Cooperate", "actual",
               field=("教育",), party=party),
        stated("g", "2024-03-01", "海国同山国在能源、教育领域合作", "Cooperate", "actual",
               field=("能源", "教育"), party=party),
    ]  # fmt: skip
    embedded.load(build(tmp_path / "a", *documents))
    ask_of = Evaluator(str(tmp_path / "a")).solve
    [visited] = rows(ask_of, "promises", who="林泉")
    assert (visited["since"], visited["matched"][-12:]) == ("2024-03-02", "(2024-03-02)")
    [worked] = rows(ask_of, "promises", who="山国")
    assert worked["since"] == "2024-03-01"
    [promised] = rows(ask_of, "promises", who="海国")  # to be visited is no promise
    assert promised["promise"] == worked["promise"]


def test_ask_members_known_to_documents_and_table_since_when(tmp_path):
    roles = {"member": ("印度",), "organization": ("上海合作组织",)}
    one = stated("a", "2024-01-01", "印度是上海合作组织成员国", "Member", "actual", **roles)
    embedded.load(build(tmp_path / "a", one))
    found = rows(Evaluator(str(tmp_path / "a")).solve, "members", organization="上海合作组织")
    [both] = [row for row in found if row["says"] == "both"]
    assert (both["member"], both["stated"], both["table"]) == ("印度", "1", "2017-06-09")
    shown = rows(Evaluator(str(tmp_path / "a")).solve, "members", True, organization="上海合作组织")
    assert [row["evidence"] for row in shown if row["says"] == "both"] == ["印度是上海合作组织成员国"]


def test_question_of_promises_knows_the_roles_of_all_who_act():
    [listed] = set(re.findall(r"VALUES \?role \{ (.*) \}", question("promises").text))
    actors = {name for name, role in fact_schema().roles.items() if role.refines == "actor"}
    undergo = {"carrier", "honoree", "invitee", "recipient", "witness"}
    assert {one.removeprefix("kgx:") for one in listed.split()} == actors - undergo


def test_questions_put_one_entity_in_its_place_and_several_into_values():
    one = question("meetings")
    assert "kgx:participant <urn:a>" in filled(one, {"person": "<urn:a>"})
    assert "VALUES ?person { <urn:a> <urn:b> }" in filled(one, {"person": "<urn:a> <urn:b>"})


def test_ask_shows_the_sentences_behind_each_row(solve):
    [one] = rows(solve, "who-met-whom", evidence=True)
    assert one["evidence"].split(" | ") == [
        FIRST[: FIRST.index("。")],
        SECOND[: SECOND.index("。")],
        "会见高山",
    ]
    assert len(one["documents"].split()) == 3
    for name in questions():
        required = {
            "timeline": {"one": "海国", "other": "山国"},
            "meetings": {"person": "高山"},
            "cooperation": {"one": "海国"},
            "office-holders": {"day": "2024"},
            "promises": {"who": "林泉"},
        }
        for row in rows(solve, name, evidence=True, **required.get(name, {})):
            assert row.get("documents") or row.get("says") == "table only", (name, row)


@pytest.mark.parametrize("name", questions())
def test_questions_are_valid_as_they_stand_and_filled(name):
    one = question(name)
    spaces = dict(prefixes("https://w3id.org/kgx-zh/id/"))
    given = {
        key: "<https://example.org/a>" if rule.holds == "entity" else '"2024-01-01"'
        for key, rule in one.head.parameters.items()
    }
    for text in (one.text, filled(one, {}), filled(one, given)):
        list(ox.Store().query(text, prefixes=spaces))
    marked = {key for key in one.head.parameters if f"# {key}\n" in one.text}
    assert marked == set(one.head.parameters)


def test_questions_can_be_added_by_a_folder_of_rules(tmp_path):
    (tmp_path / "questions").mkdir()
    path = tmp_path / "questions" / "mine.rq"
    path.write_text("# title: {en: Mine, zh: 我的}\n# description: All.\nSELECT * WHERE { ?s ?p ?o }\n")
    assert "mine" in questions(RuleFolder(tmp_path))
    path.write_text("# title: {en: Mine}\n# description: All.\nSELECT * WHERE { ?s ?p ?o }\n")
    with pytest.raises(RuleError, match=r"mine\.rq:1: title\.zh"):
        load_question(path)
    path.write_text("# title: {en: M, zh: 我}\n# description: All.\nSELECT * WHERE {\n?s ?p ?o  # who\n}\n")
    with pytest.raises(RuleError, match=r"mine\.rq:4: .*'who'"):
        load_question(path)


def test_table_of_memberships_names_what_the_lexicon_names():
    names = set()
    for path in (shipped_rules() / "lexicon").glob("*.tsv"):
        names |= {line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines()}
    for row in load_tsv(shipped_rules() / "memberships.tsv", MembershipRow):
        assert {row.organization, row.member} <= names


@pytest.mark.parametrize(
    ("name", "parameters", "fault", "words"),
    [
        ("no-such", {}, OptionError, "take one of agreements"),
        ("meetings", {}, OptionError, "needs --param person"),
        ("meetings", {"who": "高山"}, OptionError, "no parameter 'who'"),
        ("meetings", {"person": "高山", "from": "March"}, OptionError, "not a date"),
        ("meetings", {"person": "高"}, KgxError, "there is 高山"),
        ("meetings", {"person": "海国"}, KgxError, "no Person of that name"),
        ("meetings", {"person": 'x"} DROP'}, KgxError, "no Person of that name"),
    ],
)
def test_ask_says_what_is_wrong_with_parameters(solve, name, parameters, fault, words):
    with pytest.raises(fault, match=words):
        rows(solve, name, **parameters)


def test_ask_command(tmp_path):
    folder = build(tmp_path / "a", first(), second())
    embedded.load(folder)
    listed = CliRunner().invoke(main, ["ask", "--list"])
    assert all(name in listed.output for name in questions())
    run = CliRunner().invoke(main, ["ask", str(folder), "who-met-whom", "-p", "who=高山", "--evidence"])
    assert run.exit_code == 0, run.output
    assert "山国总理林泉会见海国总统高山" in run.output
    assert CliRunner().invoke(main, ["ask", str(folder), "who-met-whom", "-p", "who"]).exit_code == 2
    query = CliRunner().invoke(main, ["ask", str(folder), "visits", "--sparql"]).output
    assert list(embedded.open_store(folder).query(query)) == []  # as it stands, its prefixes declared
