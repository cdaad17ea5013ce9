"""Names that patterns and the model find cut no word of the language."""

from __future__ import annotations

import pytest

from kgx.nlp.bounds import load_bounds
from kgx.nlp.words import make_tagger, segment_words
from kgx.rulebook import RuleFolder

BOUNDS = load_bounds(RuleFolder())
TAGGER = make_tagger({})


@pytest.mark.parametrize(
    ("marked", "cut"),
    [
        ("乘坐[京海城]际列车", True),
        ("祖国的壮[丽山河]", True),
        ("在[海口市]里走访", False),
        ("抵达广西[南宁国际机场]的人", False),
        ("从[东海之滨]到西部", False),
    ],
)
def test_bounds_no_name_cuts_a_word(marked: str, cut: bool) -> None:
    text = marked.replace("[", "").replace("]", "")
    start, end = marked.index("["), marked.index("]") - 1
    assert BOUNDS.cut("Place", text, start, end, segment_words(text, TAGGER)) is cut


def test_bounds_hold_for_some_types_alone_and_where_words_are_known() -> None:
    text = "祖国的壮丽山河"
    assert not BOUNDS.cut("Person", text, 4, 7, segment_words(text, TAGGER))
    assert not BOUNDS.cut("Place", text, 4, 7, None)
