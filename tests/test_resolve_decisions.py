"""What a user decided on who is who, from the command line to the next build."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kgx.cli import main
from kgx.errors import RuleError
from kgx.merge import merge
from kgx.model import Document, Entity, Extraction, Position
from kgx.resolve.decisions import decisions

Call = Callable[..., str]
LIN = "person/林泉生"


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Runs a command, a build of the articles given as keywords among them, and gives what it prints."""

    def run(*args: object, status: int = 0, **articles: str) -> str:
        if args[0] == "build":
            lines = [
                json.dumps({"id": name, "date": "2024-03-03", "text": text})
                for name, text in articles.items()
            ]
            (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
            args = (
                "build",
                tmp_path / "in.jsonl",
                "-o",
                tmp_path / "out",
                "--no-model",
                "--formats",
                "turtle",
            )
        else:
            args = (args[0], tmp_path / "out", *args[1:])
        result = CliRunner().invoke(main, [str(one) for one in args])
        assert result.exit_code == status, result.output
        return result.output

    return run


ONE = "德国财政部长林泉生3日在柏林会见巴西财政部长杜克明。"
TWO = "德国财政部长林泉生3日在柏林发表讲话。"
OTHER = "新加坡财政部长林泉生3日在新加坡发表讲话。"


def test_a_split_of_what_was_merged_into_an_entity_is_obeyed(call: Call) -> None:
    call("build", a=ONE, b=TWO)
    call("merge", LIN, "杜克明")
    call("build", a=ONE, b=TWO)
    call("split", "杜克明", "-d", "b", "--as", "另一人")
    assert "does nothing" not in call("build", a=ONE, b=TWO)
    listed = call("entities", "--type", "Person")
    assert "1\tPerson\tperson/另一人" in listed and "1\tPerson\tperson/杜克明" in listed


def test_a_merge_outlives_the_arrival_of_another_of_the_name(call: Call) -> None:
    call("build", a=ONE, b=TWO)
    call("merge", LIN, "杜克明")
    call("build", a=ONE, b=TWO)
    assert "does nothing" not in call("build", a=ONE, b=TWO, c=OTHER)
    listed = call("entities", "--type", "Person")
    assert "2\tPerson\tperson/杜克明" in listed and f"1\tPerson\t{LIN}-新加坡" in listed
    assert f"{LIN}-德国" not in listed


def test_a_merge_of_a_name_that_several_have_is_of_the_one_of_the_same_state(tmp_path: Path) -> None:
    path = tmp_path / "identity.tsv"
    path.write_text(f"entity\tdecision\ttarget\tdocuments\n{LIN}\tmerge\tperson/Q567\n", encoding="utf-8")
    given = []
    for state in ("德国", "新加坡", "巴西"):
        entities = (Entity("林泉生", "Person", ("林泉生",)), Entity(state, "Country", (state,)))
        held = (Position("林泉生", "财政部长", state),)
        given.append(Extraction(Document(state, f"{state}林泉生"), entities=entities, positions=held))
    graph = merge(given, decisions=decisions(tmp_path))
    assert {key for key in graph.entities if key.startswith("person/")} == {
        "person/Q567",
        f"{LIN}-新加坡",
        f"{LIN}-巴西",
    }


def test_a_build_names_decisions_that_do_nothing(call: Call, tmp_path: Path) -> None:
    call("build", a=ONE, b=TWO)
    call("merge", LIN, "杜克明")
    call("split", LIN, "-d", "b", "--as", "另一人")
    said = call("build", a=ONE, b=TWO)
    assert "does nothing" not in said
    said = call("build", c="法国总统马克龙3日在巴黎发表讲话。")
    assert f"identity.tsv:7: the document 'b' does not name {LIN}" in said
    assert "no document names" in said and "no document names" in call(
        "build", c="法国总统马克龙3日在巴黎发表讲话。"
    )


def test_decisions_are_taken_back(call: Call, tmp_path: Path) -> None:
    call("build", a=ONE, b=TWO)
    before = call("entities")
    call("merge", LIN, "杜克明")
    call("build", a=ONE, b=TWO)
    call("split", "杜克明", "-d", "a", "-d", "b", "--as", "另一人")
    call("build", a=ONE, b=TWO)
    assert "in 1 document from" in call("split", "杜克明", "-d", "a", "--undo")
    assert "in 1 document from" in call("split", "杜克明", "--undo")
    assert "is no longer person/杜克明" in call("merge", "林泉生", "--undo")
    call("build", a=ONE, b=TWO)
    assert call("entities") == before
    assert "has no merge of it" in call("merge", "林泉生", "--undo", status=4)
    assert "--undo" in call("merge", "林泉生", status=2)
    assert "--as" in call("split", "林泉生", "-d", "a", status=2)


def test_a_split_entity_has_the_identity_of_its_name_alone(call: Call) -> None:
    text = "法国总统马克龙3日在巴黎会见德国总理朔尔茨。"
    call("build", a=text)
    assert "is no country" in call("split", "马克龙", "-d", "a", "--as", "country/甲", status=4)
    call("split", "马克龙", "-d", "a", "--as", "马克龙-画家")
    call("build", a=text)
    (row,) = (line for line in call("entities").splitlines() if "person/马克龙-画家" in line)
    assert row.split("\t")[4:6] == ["", ""]
    call("split", "马克龙", "--undo")
    call("build", a=text)
    assert "person/Q567 " in call("split", "马克龙", "-d", "a", "--as", "默克尔")
    call("build", a=text)
    (row,) = (line for line in call("entities").splitlines() if "person/Q567\t" in line)
    assert row.split("\t")[3:6] == ["默克尔", "Angela Merkel", "Q567"]


def test_entities_are_found_by_any_form_of_their_iri(call: Call, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"id": "a", "date": "2024-03-03", "text": ONE}), encoding="utf-8")
    base = "https://example.org/id/"
    args = ["build", source, "-o", tmp_path / "out", "--no-model", "--formats", "none", "--base-iri", base]
    assert CliRunner().invoke(main, [str(one) for one in args]).exit_code == 0
    encoded = f"{base}person/%E6%9D%9C%E5%85%8B%E6%98%8E"
    assert "is person/杜克明" in call("merge", f"{base}{LIN}", encoded)


def test_entities_prints_no_header_before_an_error(call: Call) -> None:
    call("build", a=ONE)
    assert not call("entities", "--type", "Human", status=2).startswith("documents")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("person/甲\tmerge\tplace/甲\t", "row: entity and target are of two types"),
        ("甲\tmerge\tperson/甲\t", "entity: '甲' is no key"),
        ("person/甲\tsplit\tperson/乙\t", "row: `documents` belongs"),
    ],
)
def test_faults_of_the_table_are_told_in_our_words(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "identity.tsv"
    path.write_text(f"entity\tdecision\ttarget\tdocuments\n{row}\n", encoding="utf-8")
    with pytest.raises(RuleError) as fault:
        decisions(tmp_path)
    assert str(fault.value).startswith(f"{path}:2: {said}")


def test_a_merge_into_a_person_outlives_the_arrival_of_another_of_the_name(call: Call) -> None:
    call("build", a=ONE, b=TWO)
    call("merge", "杜克明", LIN)
    before = call("build", a=ONE, b=TWO)
    assert "does nothing" not in before and "by itself" not in before
    assert f"2\tPerson\t{LIN}\t" in call("entities")
    said = call("build", a=ONE, b=TWO, c=OTHER)
    assert "does nothing" not in said and "by itself" not in said
    listed = call("entities", "--type", "Person")
    assert f"2\tPerson\t{LIN}\t" in listed and f"1\tPerson\t{LIN}-新加坡\t" in listed
    assert f"{LIN}-德国" not in listed and "杜克明\t" not in listed
    assert "is no longer" in call("merge", "杜克明", "--undo")
    call("build", a=ONE, b=TWO, c=OTHER)
    listed = call("entities", "--type", "Person")
    assert f"2\tPerson\t{LIN}-德国\t" in listed and "1\tPerson\tperson/杜克明\t" in listed


UNTOLD = "经济学家林泉生3日发表讲话。"


def test_a_merge_tells_of_documents_that_do_not_say_which_of_the_name_they_mean(call: Call) -> None:
    call("build", a=ONE, b=TWO)
    call("merge", "杜克明", LIN)
    said = call("build", a=ONE, b=TWO, c=OTHER, d=UNTOLD)
    assert f"{LIN}-新加坡 has the name of {LIN}, too" in said and "mean (1) count" in said
    assert f"3\tPerson\t{LIN}\t" in call("entities")
    call("split", LIN, "-d", "d", "--as", f"{LIN}-新加坡")
    assert "too, into" not in call("build", a=ONE, b=TWO, c=OTHER, d=UNTOLD)
    assert f"2\tPerson\t{LIN}-新加坡\t" in call("entities")


def test_a_merge_by_hand_into_a_name_that_several_have_is_told(call: Call, tmp_path: Path) -> None:
    call("build", a=ONE, b=TWO)
    table = tmp_path / "out" / "identity.tsv"
    table.write_text(f"entity\tdecision\ttarget\tdocuments\nperson/杜克明\tmerge\t{LIN}\n", encoding="utf-8")
    assert "misses it" not in call("build", a=ONE, b=TWO)
    said = call("build", a=ONE, b=TWO, c=OTHER)
    assert f"identity.tsv:2: what had the key {LIN} has {LIN}-德国, {LIN}-新加坡 now" in said
    assert "misses it" in call("build", a=ONE, b=TWO, c=OTHER)  # nothing changed, and it is told again
    call("merge", LIN, "--undo", status=4)
    call("merge", "杜克明", "--undo")
    call("build", a=ONE, b=TWO, c=OTHER)
    call("merge", "杜克明", f"{LIN}-德国")
    assert "misses it" not in call("build", a=ONE, b=TWO, c=OTHER)
    assert f"2\tPerson\t{LIN}-德国\t" in call("entities")


def test_a_merge_into_one_of_a_name_tells_when_the_others_are_gone(call: Call) -> None:
    call("build", a=ONE, b=TWO, c=OTHER)
    call("merge", "杜克明", f"{LIN}-德国")
    assert "misses it" not in call("build", a=ONE, b=TWO, c=OTHER)
    said = call("build", a=ONE, b=TWO)
    assert f"what had the key {LIN}-德国 has {LIN} now" in said
    call("merge", "杜克明", "--undo")
    call("build", a=ONE, b=TWO)
    call("merge", "杜克明", LIN)
    assert "misses it" not in call("build", a=ONE, b=TWO)
    assert f"2\tPerson\t{LIN}\t" in call("entities")


def test_a_merge_of_a_person_whose_documents_are_parted_by_later_ones_is_told(call: Call) -> None:
    title = "财政部长林泉生3日发表讲话。"  # of which state, only others tell
    call("build", a=title, b="经济学家杜克明3日发表讲话。")
    call("merge", LIN, "杜克明")
    assert "misses it" not in call("build", a=title, b="经济学家杜克明3日发表讲话。")
    said = call("build", a=title, b="经济学家杜克明3日发表讲话。", c=TWO, d="新加坡总理林泉生3日发表讲话。")
    assert f"what had the key {LIN} has {LIN}-德国, {LIN}-新加坡 now" in said


def test_undoing_a_merge_leaves_what_others_need(call: Call, tmp_path: Path) -> None:
    call("build", a=ONE, b=TWO, c="法国财政部长沈江河3日在巴黎发表讲话。")
    call("merge", "杜克明", LIN)
    call("build", a=ONE, b=TWO, c="法国财政部长沈江河3日在巴黎发表讲话。")
    call("merge", "沈江河", LIN)
    table = tmp_path / "out" / "identity.tsv"
    call("merge", "杜克明", "--undo")
    assert f"{LIN}-德国\tmerge\t{LIN}" in table.read_text(encoding="utf-8")
    call("merge", "沈江河", "--undo")
    assert "merge\t" not in table.read_text(encoding="utf-8").partition("documents\n")[2]
