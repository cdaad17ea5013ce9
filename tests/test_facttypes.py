import pytest

from kgx.facttypes import fact_types, fault
from kgx.model import Fact
from kgx.rulebook import load_yaml
from kgx.schemas.facts import FactSchema

TYPES = fact_types()
NAMES = {"李明": "Person", "王强": "Person", "法国": "Country", "巴黎": "Place", "甲公约": "Agreement"}


def fact(kind, *, status="actual", date=None, evidence="某句", start=0, end=2, **roles):
    return Fact(kind, roles, status, evidence, start, end, "test", 1.0, date)


def test_facttypes_are_the_eighteen_of_the_guidelines():
    assert list(TYPES) == [
        "Meet", "Visit", "Attend", "Host", "Sign", "Message", "Convey", "Invite", "Stance", "Cooperate",
        "Establish", "Appoint", "Agree", "Member", "Located", "Attack", "Aid", "Sanction",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (fact("Meet", participant=("李明", "王强"), date="2024-03-02"), None),
        (fact("Meet", participant=("李明", "多国代表"), date="2024-03"), None),
        (fact("Meet", participant=("李明",)), "Meet.participant: needs 2"),
        (fact("Meet", participant=("李明", "李明")), "Meet.participant: needs 2"),
        (fact("Meet", participant=("李明", "王强"), place=("会场",)), "Meet.place: not an entity"),
        (fact("Meet", participant=("李明", "甲公约")), "Meet.participant: a Agreement"),
        (fact("Meet", participant=("李明", "王强"), date="2024-02-30"), "Meet: not a date"),
        (fact("Meet", participant=("李明", "王强"), date="2024-03-02/2024-03-01"), "Meet: not a date"),
        (fact("Meet", participant=("李明", "王强"), status="maybe"), "Meet: unknown status"),
        (fact("Meet", participant=("李明", "王强"), evidence="", end=0), "Meet: no evidence"),
        (fact("Meet", participant=("李明", "王强"), guest=("法国",)), "Meet.guest: no such role"),
        (fact("Walk", participant=("李明",)), "Walk: no such fact type"),
        (fact("Stance", holder=("法国",), polarity=("like",), target=("甲",)), "Stance.polarity: not in"),
        (fact("Convey", sender=("法国",), recipient=("王强",), date="2024"), "Convey: takes no date"),
        (fact("Stance", holder=("法国",), polarity=("support",), target=(" ",)), "Stance.target: empty"),
        (fact("Attack", date="2024"), "Attack: needs one of"),
    ],
)  # fmt: skip
def test_facttypes_find_the_fault_of_a_fact(one, words):
    found = fault(one, NAMES, TYPES)
    assert found is None if words is None else found.startswith(words)


def test_facttypes_refuse_a_role_that_is_not_declared(tmp_path):
    from kgx.errors import RuleError

    path = tmp_path / "facts.yml"
    path.write_text(
        "values: {}\nroles: {}\ntypes:\n  Meet:\n    zh: 会见\n    en: meeting\n    comment_zh: 会\n"
        "    comment_en: m\n    roles:\n      participant: {holds: text}\n",
        encoding="utf-8",
    )
    with pytest.raises(RuleError, match="undeclared roles: participant"):
        load_yaml(path, FactSchema)
