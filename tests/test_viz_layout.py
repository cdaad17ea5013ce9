from hypothesis import given, settings
from hypothesis import strategies as st

from kgx.viz.layout import CELL, place

NODES = [f"n{number}" for number in range(40)]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.integers(1, 99)), max_size=60),
    st.integers(1, 40),
)
def test_layout_gives_every_node_a_place_of_its_own(links, core):
    strengths = {(a, b): weight for a, b, weight in links if a < b}
    points = place(NODES, strengths, core=core)
    assert list(points) == NODES
    spots = list(points.values())
    for rank, (x, y) in enumerate(spots):
        assert all(abs(x - u) >= CELL[0] / 2 or abs(y - v) >= CELL[1] for u, v in spots[:rank])


def test_layout_is_the_same_each_time():
    strengths = {(NODES[0], other): rank for rank, other in enumerate(NODES[1:], 1)}
    assert place(NODES, strengths) == place(NODES, strengths)


def test_layout_of_nothing_and_of_one():
    assert place([], {}) == {}
    assert len(place(["a"], {})) == 1
