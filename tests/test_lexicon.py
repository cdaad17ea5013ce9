from __future__ import annotations

import re
from pathlib import Path

import pytest

from kgx.errors import RuleError
from kgx.lexicon import BLOCKS, FILES, FOLDER, Lexicon, load_lexicon
from kgx.rulebook import RuleFolder, iter_tsv, shipped_rules
from kgx.schemas.lexicon import CountryRow

# Of the 193 members of the United Nations, and the four states beside them that the lexicon holds.
MEMBERS = 193
# Family names that several persons are called by alone: later stages tell them apart by office and date.
SHARED = {
    *(
        "伯恩斯",
        "克林顿",
        "别尔德穆哈梅多夫",
        "卡斯特罗",
        "图尔克",
        "吉拉尼",
        "奥恩",
        "布什",
        "扎帕罗夫",
        "拉索",
    ),
    *("查韦斯", "桑切斯", "沙利文", "穆里略", "罗斯福", "肯尼迪", "阿萨德"),
}
BESIDE = {"VAT", "PSE", "COK", "NIU"}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def write_folder(tmp_path: Path, name: str, *rows: str) -> RuleFolder:
    """A user's folder with one lexicon file, its cells separated by `;`."""
    (tmp_path / FOLDER).mkdir()
    header = "name;aliases;short;qid;en;kind;located"
    if name == "countries.tsv":
        header += ";iso3"
    if name == BLOCKS:
        header = "text;note"
    text = "\n".join((header, *rows)).replace(";", "\t")
    (tmp_path / FOLDER / name).write_text(text + "\n", encoding="utf-8")
    return RuleFolder(tmp_path)


def test_lexicon_holds_every_type(lexicon: Lexicon) -> None:
    assert {entry.type for entry in lexicon.entries} == set(FILES.values())


def test_lexicon_holds_all_members_of_the_united_nations() -> None:
    rows = [row for _, row in iter_tsv(shipped_rules() / FOLDER / "countries.tsv", CountryRow)]
    codes = [row.iso3 for row in rows if row.iso3]
    assert len(codes) == len(set(codes))
    assert set(codes) >= BESIDE
    assert len(set(codes) - BESIDE) == MEMBERS


def test_lexicon_keys_are_unique_and_point_back(lexicon: Lexicon) -> None:
    assert len(lexicon.by_key) == len(lexicon.entries)
    assert all(lexicon.by_key[entry.key] is entry for entry in lexicon.entries)


def test_lexicon_key_is_the_best_identity(lexicon: Lexicon) -> None:
    assert lexicon.by_key["country/RUS"].name == "俄罗斯"
    assert lexicon.by_key["Q7184"].name == "北约"
    assert lexicon.by_key["organization/国务院"].type == "Organization"


def test_lexicon_qids_have_their_form_and_name_one_thing(lexicon: Lexicon) -> None:
    qids = [entry.qid for entry in lexicon.entries if entry.qid]
    assert all(re.fullmatch(r"Q[1-9]\d*", qid) for qid in qids)
    assert len(qids) == len(set(qids))


def test_lexicon_located_names_an_entry(lexicon: Lexicon) -> None:
    names = {entry.name for entry in lexicon.entries}
    assert [e.name for e in lexicon.entries if e.located is not None and e.located not in names] == []


def test_lexicon_surfaces_are_found_under_every_alias(lexicon: Lexicon) -> None:
    for entry in lexicon.entries:
        for surface in (entry.name, *entry.aliases):
            found = lexicon.titled if surface in entry.titled else lexicon.surfaces
            assert entry in found[surface]


def test_lexicon_surface_names_one_entry_of_a_type_unless_shared(lexicon: Lexicon) -> None:
    doubtful = {
        surface: [entry.name for entry in entries]
        for surface, entries in lexicon.surfaces.items()
        if len({entry.type for entry in entries}) < len(entries)
    }
    assert set(doubtful) == SHARED, doubtful


def test_lexicon_surfaces_are_names_without_outer_marks(lexicon: Lexicon) -> None:
    wrong = re.compile(r"^\s|\s$|[|\t]|^《[^》]*》$|^“[^”]*”$")
    assert [surface for surface in lexicon.surfaces if wrong.search(surface)] == []
    assert min(map(len, lexicon.surfaces)) >= 2


def test_lexicon_aliases_repeat_nothing(lexicon: Lexicon) -> None:
    for entry in lexicon.entries:
        strings = (entry.name, *entry.aliases)
        assert len(strings) == len(set(strings)), entry


def test_lexicon_short_names_keep_their_ambiguity(lexicon: Lexicon) -> None:
    assert [entry.name for entry in lexicon.short["俄"]] == ["俄罗斯"]
    assert {"巴西", "巴基斯坦", "巴勒斯坦"} <= {entry.name for entry in lexicon.short["巴"]}
    assert all(len(short) == 1 for short in lexicon.short)


def test_lexicon_long_forms_name_the_country(lexicon: Lexicon) -> None:
    for surface, name in [
        ("中华人民共和国", "中国"),
        ("大韩民国", "韩国"),
        ("沙特阿拉伯王国", "沙特"),
        ("刚果民主共和国", "刚果（金）"),
        ("印尼", "印度尼西亚"),
    ]:
        assert [entry.name for entry in lexicon.surfaces[surface]] == [name]


def test_lexicon_regions_of_china_are_places(lexicon: Lexicon) -> None:
    for surface in ("香港特别行政区", "澳门", "台湾"):
        (entry,) = lexicon.surfaces[surface]
        assert (entry.type, entry.located) == ("Place", "中国")


def test_lexicon_blocks_are_no_names_and_hide_one(lexicon: Lexicon) -> None:
    assert "发展中国家" in lexicon.blocks
    assert len(lexicon.blocks) == len(set(lexicon.blocks))
    assert set(lexicon.blocks).isdisjoint(lexicon.surfaces)


@pytest.mark.parametrize("surface", ["日照", "大庆", "巴中", "里加", "上合", "他信", "一战", "民进"])
def test_lexicon_leaves_out_names_that_are_common_words(lexicon: Lexicon, surface: str) -> None:
    assert surface not in lexicon.surfaces


def test_lexicon_is_loaded_once() -> None:
    assert load_lexicon() is load_lexicon()


def test_lexicon_takes_a_users_file(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, "figures.tsv", "张三;;;;Zhang San;;中国")
    (entry,) = load_lexicon(folder).surfaces["张三"]
    assert (entry.key, entry.type, entry.en) == ("person/张三", "Person", "Zhang San")


def test_lexicon_refuses_two_rows_of_one_identity(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, "figures.tsv", "张三;;;Q15031", "李四;;;Q15031")
    with pytest.raises(RuleError, match=r"figures\.tsv:3: .*Q15031"):
        load_lexicon(folder)


def test_lexicon_refuses_a_located_that_nothing_names(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, "figures.tsv", "张三;;;;;;无此国")
    with pytest.raises(RuleError, match=r"figures\.tsv:2: .*无此国"):
        load_lexicon(folder)


def test_lexicon_takes_further_bodies_of_a_person_and_refuses_unknown_ones(tmp_path: Path) -> None:
    for name in ("right", "wrong"):
        (tmp_path / name).mkdir()
    folder = write_folder(tmp_path / "right", "figures.tsv", "张三;;;;;;中国|新开发银行")
    (entry,) = load_lexicon(folder).surfaces["张三"]
    assert (entry.located, entry.bodies) == ("中国", ("新开发银行",))
    with pytest.raises(RuleError, match=r"figures\.tsv:2: .*无此行"):
        load_lexicon(write_folder(tmp_path / "wrong", "figures.tsv", "张三;;;;;;中国|无此行"))


@pytest.mark.parametrize("row", ["张三;;;15031", "张;;", "张三;;张三"])
def test_lexicon_refuses_a_cell_of_the_wrong_form(tmp_path: Path, row: str) -> None:
    with pytest.raises(RuleError, match=r"figures\.tsv:2: "):
        load_lexicon(write_folder(tmp_path, "figures.tsv", row))


def test_lexicon_refuses_rows_out_of_order(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"blocks\.tsv:3: "):
        load_lexicon(write_folder(tmp_path, BLOCKS, "李四的", "张三的"))
