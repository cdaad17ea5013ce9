"""Which of overlapping candidates win."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kgx.nlp.layers import Candidate
from kgx.nlp.scene import choose

SOURCES = ("title", "lexicon", "pattern")


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    spans = draw(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=12))
    return [
        Candidate(
            start,
            start + length,
            "Place",
            "x",
            draw(st.sampled_from((*SOURCES, "model"))),
            draw(st.sampled_from((0.5, 0.9))),
        )
        for start, length in spans
    ]


@given(candidates())
def test_scene_choose_lets_the_longest_win_then_the_surer_source(found: list[Candidate]) -> None:
    def rank(c: Candidate) -> tuple[int, int, float, int]:
        place = SOURCES.index(c.source) if c.source in SOURCES else len(SOURCES)
        return c.start - c.end, place, -c.score, c.start

    won: list[Candidate] = []
    for one in sorted(sorted(found, key=lambda c: c.start), key=rank):
        if all(one.end <= other.start or other.end <= one.start for other in won):
            won.append(one)
    assert choose(found, SOURCES) == sorted(won, key=lambda c: c.start)
