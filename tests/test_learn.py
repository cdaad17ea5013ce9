"""Learning persons: whose name is that of which holder of an office, by office, date and sound."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kgx.cli import main
from kgx.errors import KgxError
from kgx.learn.observe import Sighting
from kgx.learn.people import Clerk, Judge, ties_of
from kgx.learn.reference import SOURCES, Reference, read_reference
from kgx.learn.sounds import Fit
from kgx.learn.table import as_table
from kgx.lexicon import load_lexicon
from kgx.nlp.claims import Claim, Titles, load_titles
from kgx.rulebook import RuleFolder, load_tsv, load_yaml
from kgx.schemas.lexicon import PersonRow, SoundRules

HEADERS = {
    "epol_china_current.csv": "position,person,personID,start",
    "epol_china_holders21.csv": "position,person,personID,start,end",
    "epol_foreign_ministers_2023.csv": "person,name,country,start",
    "epol_un_officeholders.csv": "position,person,personID,start,end",
    "epol_world_leaders_2021.csv": (
        "countryid,positionLabel,officeholder,officeholderLabel,start_year,end_year"
    ),
    "leaders_current.csv": "iso3,role,person,person_qid,start,end",
    "leaders_history.csv": "iso3,role,person,person_qid,start,end",
}
TERMS = [
    "RUS,head_of_state,Vladimir Putin,Q7747,2012-05-07T00:00:00Z,",
    "RUS,head_of_government,Mikhail Mishustin,Q4298520,2020-01-16T00:00:00Z,",
    "BGR,head_of_government,Ivan Testov,Q901,2010-01-01T00:00:00Z,2012-06-30T00:00:00Z",
    "BGR,head_of_government,Ivan Testov,Q901,2012-07-01T00:00:00Z,2014-01-01T00:00:00Z",
    "BGR,head_of_government,Petar Malkov,Q902,2014-01-02T00:00:00Z,",
    "BGR,head_of_government,Boris Kolev,Q903,2018-01-02T00:00:00Z,",
    "JPN,head_of_government,Ichiro Test,Q904,2021-01-01T00:00:00Z,2022-01-01T00:00:00Z",
]


def write_reference(folder: Path, *terms: str) -> Path:
    """A folder with all tables; the terms stand in the history, the last of each office also in the other."""
    folder.mkdir(exist_ok=True)
    for name in SOURCES:
        (folder / name).write_text(HEADERS[name] + "\n", encoding="utf-8")
    rows = "\n".join(terms or TERMS)
    (folder / "leaders_history.csv").write_text(
        f"{HEADERS['leaders_history.csv']}\n{rows}\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def titles() -> Titles:
    return load_titles(RuleFolder(), load_lexicon())


@pytest.fixture(scope="module")
def fit() -> Fit:
    return Fit(load_yaml(RuleFolder().find("sounds.yml"), SoundRules)[0])


@pytest.fixture
def reference(tmp_path: Path, titles: Titles) -> Reference:
    return read_reference(write_reference(tmp_path / "reference"), load_lexicon(), titles.rules)


def seen(name: str, body: str, role: str, *days: str, when: str = "now") -> list[Sighting]:
    claim = Claim(body, role, when)  # type: ignore[arg-type]
    return [Sighting(name, claim, day, f"{name}-{day}") for day in days]


def learned(
    reference: Reference, titles: Titles, fit: Fit, sightings: list[Sighting]
) -> dict[str, PersonRow]:
    """Rows by QID, learned with no person known by hand."""
    lexicon = load_lexicon()
    judge = Judge(reference, type(lexicon)((), {}, {}, {}), titles, fit)
    ties, _ = ties_of(sightings, judge)
    rows, _ = Clerk(judge, type(lexicon)((), {}, {}, {}), lambda name: name == "布朗").rows(ties)
    return {row.qid or "": row for row in rows}


def test_reference_joins_terms_that_follow_each_other(reference: Reference) -> None:
    (one,) = reference.by_person()["Q901"]
    assert str(one.office) == "保加利亚 head-of-government 2010-01-01/2014-01-01"


def test_reference_ends_an_open_term_where_a_successor_began(reference: Reference) -> None:
    assert [str(one.office) for one in reference.by_person()["Q902"]] == [
        "保加利亚 head-of-government 2014-01-02/2018-01-02"
    ]


def test_reference_names_the_table_that_is_missing(tmp_path: Path, titles: Titles) -> None:
    folder = write_reference(tmp_path / "reference")
    (folder / "leaders_current.csv").unlink()
    with pytest.raises(KgxError, match=r"leaders_current\.csv: can't be read"):
        read_reference(folder, load_lexicon(), titles.rules)


def test_reference_names_the_column_that_is_missing(tmp_path: Path, titles: Titles) -> None:
    folder = write_reference(tmp_path / "reference")
    (folder / "leaders_history.csv").write_text("iso3,role\n", encoding="utf-8")
    with pytest.raises(KgxError, match=r"leaders_history\.csv:1: has no column 'person'"):
        read_reference(folder, load_lexicon(), titles.rules)


@pytest.mark.parametrize(
    ("chinese", "latin", "least", "most"),
    [
        ("普京", "Vladimir Putin", 0.75, 1),
        ("弗拉基米尔·普京", "Vladimir Putin", 0.75, 1),
        ("米舒斯京", "Mikhail Mishustin", 0.75, 1),
        ("卢卡申科", "Vladimir Putin", 0, 0.6),
        ("李强", "Li Qiang", 1, 1),
        ("李强", "Li Keqiang", 0, 0.99),
    ],
)
def test_sounds_tell_whether_a_transcription_fits(
    fit: Fit, chinese: str, latin: str, least: float, most: float
) -> None:
    assert least <= fit(chinese, latin) <= most


def test_people_are_the_holders_of_the_day(reference: Reference, titles: Titles, fit: Fit) -> None:
    rows = learned(
        reference,
        titles,
        fit,
        seen("特斯托夫", "保加利亚", "head-of-government", "2011-02-01", "2013-02-01")
        + seen("马尔科夫", "保加利亚", "head-of-government", "2015-02-01", "2016-02-01"),
    )
    assert (rows["Q901"].name, rows["Q902"].name) == ("特斯托夫", "马尔科夫")
    assert rows["Q902"].offices == ("保加利亚 head-of-government 2014-01-02/2018-01-02",)
    assert rows["Q902"].support == 2


def test_people_take_no_name_that_does_not_sound_alike(
    reference: Reference, titles: Titles, fit: Fit
) -> None:
    assert not learned(
        reference, titles, fit, seen("卢卡申科", "保加利亚", "head-of-government", "2015-02-01", "2016-02-01")
    )


def test_people_take_no_name_from_one_article(reference: Reference, titles: Titles, fit: Fit) -> None:
    assert not learned(
        reference, titles, fit, seen("马尔科夫", "保加利亚", "head-of-government", "2015-02-01")
    )


def test_people_of_states_whose_names_say_no_sound_need_more(
    reference: Reference, titles: Titles, fit: Fit
) -> None:
    days = ("2021-03-01", "2021-05-01", "2021-07-01")
    office = ("日本", "head-of-government")
    assert not learned(reference, titles, fit, seen("石原文彦", *office, *days[:2]))
    assert learned(reference, titles, fit, seen("石原文彦", *office, *days))["Q904"].name == "石原文彦"


def test_people_believe_no_title_of_another_time(reference: Reference, titles: Titles, fit: Fit) -> None:
    assert not learned(
        reference, titles, fit, seen("特斯托夫", "保加利亚", "head-of-government", "2021-02-01", "2021-03-01")
    )


def test_people_whose_president_heads_the_government_are_found(
    reference: Reference, titles: Titles, fit: Fit
) -> None:
    rows = learned(
        reference, titles, fit, seen("马尔科夫", "保加利亚", "head-of-state", "2015-02-01", "2016-02-01")
    )
    assert list(rows) == ["Q902"]


def test_people_called_by_a_word_are_so_only_beside_the_title(
    tmp_path: Path, titles: Titles, fit: Fit
) -> None:
    folder = write_reference(tmp_path / "r", "GBR,head_of_government,Tom Brown,Q905,2007-06-27T00:00:00Z,")
    tables = read_reference(folder, load_lexicon(), titles.rules)
    days = tuple(f"2008-{month:02}-01" for month in range(1, 13))
    row = learned(tables, titles, fit, seen("布朗", "英国", "head-of-government", *days))["Q905"]
    assert row.titled == ("布朗",)


def test_table_can_be_read_again(tmp_path: Path, reference: Reference, titles: Titles, fit: Fit) -> None:
    office = ("保加利亚", "head-of-government", "2015-02-01", "2016-02-01")
    rows = list(learned(reference, titles, fit, seen("马尔科夫", *office)).values())
    path = tmp_path / "people.tsv"
    path.write_text(as_table(rows), encoding="utf-8")
    assert load_tsv(path, PersonRow) == rows


def test_lexicon_build_learns_from_articles(tmp_path: Path) -> None:
    folder = write_reference(
        tmp_path / "reference", "BGR,head_of_state,Petar Malkov,Q902,2014-01-02T00:00:00Z,"
    )
    news = tmp_path / "news.jsonl.gz"
    with gzip.open(news, "wt", encoding="utf-8") as stream:
        for day in (1, 2, 3):
            text = f"{day}日，保加利亚总统马尔科夫在索非亚会见来访的客人。马尔科夫说，保方愿意合作。"
            record = {"id": str(day), "date": f"2016-03-0{day}", "text": text}
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
    out = tmp_path / "people.tsv"
    done = CliRunner().invoke(
        main, ["lexicon", "build", str(news), "--reference", str(folder), "-o", str(out)]
    )
    assert done.exit_code == 0, done.output
    found = {row.qid: row for row in load_tsv(out, PersonRow)}
    assert (found["Q902"].name, found["Q902"].located, found["Q902"].support) == ("马尔科夫", "保加利亚", 3)


def test_lexicon_build_writes_nothing_where_nothing_is_read(tmp_path: Path) -> None:
    folder, out = write_reference(tmp_path / "reference"), tmp_path / "people.tsv"
    (tmp_path / "a.txt").write_text("天气很好。", encoding="utf-8")
    done = CliRunner().invoke(
        main, ["lexicon", "build", str(tmp_path / "a.txt"), "--reference", str(folder), "-o", str(out)]
    )
    assert done.exit_code == 4
    assert not out.exists()


def test_lexicon_build_names_the_package_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypinyin", None)
    monkeypatch.delitem(sys.modules, "kgx.learn.sounds", raising=False)
    words = ["lexicon", "build", "a.txt", "--reference", str(tmp_path), "-o", str(tmp_path / "people.tsv")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2
    assert "pypinyin" in done.stderr


def test_shipped_people_are_in_order_and_have_offices() -> None:
    rows = load_tsv(RuleFolder().find("lexicon/people.tsv"), PersonRow)
    assert all(row.qid and row.en and row.located for row in rows)
    assert {row.name: row.qid for row in rows}["普京"] == "Q7747"
    assert len({row.qid for row in rows}) == len(rows)
