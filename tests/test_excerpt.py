"""`kgx.nlp.excerpt`: which sentences the model reads."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kgx.nlp.excerpt import excerpt
from kgx.nlp.layers import Candidate, Words
from kgx.nlp.tagger import Span

TEXT = "海城下雨。沈若谷来了。天气转好。白石镇开会。"
WORDS = Words(
    (0, 2, 4, 5, 8, 10, 11, 13, 15, 16, 19, 21), (2, 4, 5, 8, 10, 11, 13, 15, 16, 19, 21, 22),
    ("ns", "v", "x", "nr", "v", "x", "n", "v", "x", "ns", "v", "x"),
)  # fmt: skip
BOUNDS = (0, 5, 11, 16)
HAICHENG = Candidate(0, 2, "Place", "海城", "lexicon", 1.0)
TAGS = frozenset({"nr", "ns"})


def test_excerpt_leaves_out_sentences_whose_names_are_all_known():
    part = excerpt(TEXT, WORDS, [HAICHENG], [HAICHENG], BOUNDS, TAGS)
    assert part.text == "沈若谷来了。白石镇开会。"
    assert part.candidates == []
    assert part.words.tag(0, 3) == "nr" and part.words.tag(6, 9) == "ns"


def test_excerpt_keeps_known_names_beside_unknown_ones():
    known = Candidate(19, 21, "Event", "开会", "pattern", 0.8)
    part = excerpt(TEXT, WORDS, [known], [known], BOUNDS, TAGS)
    at = part.candidates[0]
    assert part.text[at.start : at.end] == "开会"
    assert np.flatnonzero(part.settled).tolist() == [at.start, at.start + 1]


def test_excerpt_gives_spans_back_in_the_document():
    part = excerpt(TEXT, WORDS, [], [HAICHENG], BOUNDS, TAGS)
    spans = [Span(0, 3, "Person", 0.9), Span(6, 9, "Place", 0.9), Span(5, 8, "Person", 0.9)]
    assert [(TEXT[s.start : s.end], s.label) for s in part.restore(spans)] == [
        ("沈若谷", "Person"),
        ("白石镇", "Place"),
    ]


def test_excerpt_is_the_whole_text_where_there_are_no_words_or_tags():
    assert excerpt(TEXT, None, [], [], BOUNDS, TAGS).text == TEXT
    assert excerpt(TEXT, WORDS, [], [], BOUNDS, frozenset()).text == TEXT


@given(st.lists(st.sampled_from(["ns", "v", "nr"]), min_size=12, max_size=12))
def test_excerpt_holds_each_word_that_may_be_a_name(tags):
    part = excerpt(TEXT, Words(WORDS.starts, WORDS.ends, tuple(tags)), [], [], BOUNDS, TAGS)
    named = [
        TEXT[a:b] for a, b, t in zip(WORDS.starts, WORDS.ends, tags, strict=True) if t in TAGS and b - a > 1
    ]
    assert all(name in part.text for name in named)
    assert part.text == "".join(
        TEXT[a:b] for a, b in zip(BOUNDS, (*BOUNDS[1:], len(TEXT)), strict=True) if TEXT[a:b] in part.text
    )
