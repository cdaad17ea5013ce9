"""Identity: offices decide whether a person is the one that the lexicon knows by the name."""

from kgx.lexicon import LexEntry, Lexicon, states_of
from kgx.model import Entity, Position
from kgx.nlp.identity import identify

STATES = (
    LexEntry("country/AAA", "甲国", "Country"),
    LexEntry("country/BBB", "乙国", "Country"),
    LexEntry("organization/外务院", "外务院", "Organization", located="甲国"),
)
FAMILY = (
    LexEntry("Q1", "安东尼奥·罗萨", "Person", aliases=("罗萨",), qid="Q1", en="Antonio Rosa", located="甲国"),
    LexEntry("Q2", "玛丽亚·罗萨", "Person", aliases=("罗萨",), qid="Q2", en="Maria Rosa", located="乙国"),
)
PRIVATE = frozenset({"记者"})


def lexicon(*people: LexEntry) -> Lexicon:
    entries = (*STATES, *people)
    surfaces: dict[str, tuple[LexEntry, ...]] = {}
    for entry in entries:
        for name in (entry.name, *entry.aliases):
            surfaces[name] = (*surfaces.get(name, ()), entry)
    return Lexicon(entries, {e.key: e for e in entries}, surfaces, {})


def qid(known: Lexicon, *positions: Position, name: str = "罗萨") -> str | None:
    person = Entity(name, "Person", (name,), key="Q9", qid="Q9")
    (entity,) = identify([person], positions, known, states_of(known), PRIVATE)
    return entity.qid


def test_identity_follows_the_state_of_the_office() -> None:
    known = lexicon(*FAMILY)
    assert qid(known, Position("罗萨", "总统", "甲国")) == "Q1"
    assert qid(known, Position("罗萨", "总统", "乙国")) == "Q2"


def test_identity_follows_the_state_of_the_body() -> None:
    assert qid(lexicon(*FAMILY), Position("罗萨", "院长", "外务院")) == "Q1"


def test_identity_is_none_where_the_name_is_shared_and_no_office_tells() -> None:
    assert qid(lexicon(*FAMILY)) is None


def test_identity_is_none_where_the_office_contradicts_the_lexicon() -> None:
    assert qid(lexicon(FAMILY[0]), Position("罗萨", "总统", "乙国")) is None


def test_identity_is_none_for_a_reporter_of_the_name() -> None:
    assert qid(lexicon(FAMILY[0]), Position("罗萨", "记者", "甲国")) is None


def test_identity_holds_where_nothing_speaks_against_it() -> None:
    assert qid(lexicon(FAMILY[0])) == "Q1"


def test_identity_leaves_unknown_persons_alone() -> None:
    assert qid(lexicon(*FAMILY), name="某人") == "Q9"
