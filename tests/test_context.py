import pytest

from tests.reading import facts, only


def status(text, kind):
    return only(text, kind).status


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("3月4日，马克龙访问德国。", "Visit", "actual"),
        ("马克龙将访问德国。", "Visit", "planned"),
        ("马克龙拟访问德国。", "Visit", "planned"),
        ("马克龙定于下月访问德国。", "Visit", "planned"),
        ("马克龙曾访问德国。", "Visit", "past"),
        ("去年，马克龙访问德国。", "Visit", "past"),
        ("马克龙没有访问德国。", "Visit", "negated"),
        ("马克龙取消访问德国。", "Visit", "negated"),
        ("李强拒绝会见莫迪。", "Meet", "negated"),
    ],
)
def test_context_sets_the_status(text, kind, wanted):
    assert status(text, kind) == wanted


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("中国和法国不断深化能源合作。", "Cooperate"),
        ("中国毫不动摇地支持巴勒斯坦人民的正义事业。", "Stance"),
        ("中国和法国不仅加强能源合作。", "Cooperate"),
    ],
)
def test_context_pseudo_negation_negates_nothing(text, kind):
    assert status(text, kind) == "actual"


def test_context_lists_words_that_only_look_like_a_negation():
    from kgx.nlp.context import load_context
    from kgx.rulebook import RuleFolder

    rules = load_context(RuleFolder()).rules
    for word in ("毫不动摇", "不断", "不仅", "不可分割", "坚定不移"):
        assert rules[word].pseudo, word


def test_context_negation_reaches_the_next_verb_only():
    one = only("马克龙没有回应质疑，3月4日访问德国。", "Visit")
    assert one.status == "actual"


def test_context_intention_reaches_later_clauses_of_the_same_subject():
    text = "马克龙将访问德国，会见朔尔茨。"
    assert {fact.type: fact.status for fact in facts(text)} == {"Visit": "planned", "Meet": "planned"}


def test_context_role_markers_are_no_modals():
    one = only("应习近平邀请，普京3月1日对中国进行国事访问。", "Visit")
    assert one.status == "actual"


def test_context_negated_support_is_no_support():
    assert all(fact.status == "negated" for fact in facts("中国不支持这一方案。", "Stance"))


def test_context_a_wish_is_no_stance():
    assert not facts("习近平希望法国支持这一方案。", "Stance")
    assert not facts("中国期待法国支持这一方案。", "Stance")
    assert only("法国支持这一方案。", "Stance").status == "actual"
