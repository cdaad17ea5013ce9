"""What titles say: whose office, which, and whether it is held now, was, or will be."""

from __future__ import annotations

import pytest

from kgx.lexicon import load_lexicon
from kgx.nlp.claims import Claim, Titles, load_titles
from kgx.offices import Office, parse_office
from kgx.rulebook import RuleFolder


@pytest.fixture(scope="module")
def titles() -> Titles:
    return load_titles(RuleFolder(), load_lexicon())


@pytest.mark.parametrize(
    ("title", "of", "claims"),
    [
        ("总统", "俄罗斯", [("俄罗斯", "head-of-state", "now")]),
        ("总统", "俄罗斯联邦", [("俄罗斯", "head-of-state", "now")]),
        ("前总统", "美国", [("美国", "head-of-state", "former")]),
        ("首任总统", "哈萨克斯坦", [("哈萨克斯坦", "head-of-state", "former")]),
        ("当选总统", "巴西", [("巴西", "head-of-state", "elect")]),
        ("过渡总统", "乍得", [("乍得", "head-of-state", "now")]),
        ("总理", "国务院", [("中国", "head-of-government", "now")]),
        ("国家主席", None, [("中国", "head-of-state", "now")]),
        ("主席", "中国", [("中国", "head-of-state", "now")]),
        ("主席", "上海合作组织", [("上海合作组织", "chair", "now")]),
        (
            "副总理兼外长",
            "意大利",
            [("意大利", "vice-premier", "now"), ("意大利", "foreign-minister", "now")],
        ),
        ("部长", "俄罗斯外交部", [("俄罗斯", "foreign-minister", "now")]),
        ("国务卿", "美国", [("美国", "foreign-minister", "now")]),
        ("秘书长", "联合国", [("联合国", "secretary-general", "now")]),
        ("副外长", "日本", []),
        ("副部长", "俄罗斯外交部", []),
        ("总督", "加拿大", []),  # speaks for the head of state and is none
        ("总统", None, []),
    ],
)
def test_claims_of_a_title(
    titles: Titles, title: str, of: str | None, claims: list[tuple[str, str, str]]
) -> None:
    assert titles.claims(title, of) == tuple(Claim(*claim) for claim in claims)  # type: ignore[arg-type]


def test_claims_know_the_state_of_a_body_by_its_beginning(titles: Titles) -> None:
    assert titles.state("老挝人民革命党中央") == "老挝"
    assert titles.state("某某委员会") is None


@pytest.mark.parametrize(
    ("day", "leeway", "holds"),
    [("2012-05-06", 0, False), ("2012-05-06", 1, True), ("2018-05-07", 0, True), ("2018-05-09", 1, False)],
)
def test_office_holds_within_its_term(day: str, leeway: int, holds: bool) -> None:
    assert Office("甲国", "head-of-state", "2012-05-07", "2018-05-07").holds(day, leeway) is holds


def test_office_is_written_as_it_is_read() -> None:
    office = parse_office("甲国 head-of-state 2012/2018-05")
    assert (office.first, office.last) == ("2012-01-01", "2018-05-31")
    assert parse_office(str(office)) == office
    with pytest.raises(ValueError, match="no office"):
        parse_office("甲国")
