"""What is known of regular expressions before they run."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgx.regexes import explodes, quick
from kgx.timelimit import time_limit

PATTERNS = (
    "ab|ba",
    "(?<!a)(?:ab|b+c)",
    "(?:a|[bc])d",
    "(?:ab)*c",
    "(?:ab)*",
    "(?=a)[ab]+|d",
    "[^a]b|c",
    "(?i)(?<!a)B",
    r"(?<!c)(a|b)\1|[a-c]+d",
    "^a|d$",
    r"(?P<x>[b-d])?(?:-|\])",
)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text("abcd-]", max_size=12), start=st.integers(0, 4))
def test_regexes_quick_finds_what_re_finds(pattern: str, text: str, start: int) -> None:
    plain = re.compile(pattern)
    found = [(m.span(), m.groupdict()) for m in quick(pattern).finditer(text, start)]
    assert found == [(m.span(), m.groupdict()) for m in plain.finditer(text, start)]


@pytest.mark.parametrize("pattern", ["ab|ba", "[ab]c", "(?:ab)*"])
def test_regexes_quick_leaves_alone_what_re_searches_quickly(pattern: str) -> None:
    assert quick(pattern).pattern == pattern


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+", "(?:x|x)+", "(?:1|1)+", "(?:打转|打转)*完", "(?:ab|a|b)+", "(?:a?a)+", r"(?:\w|[a-z]x)+",
        r"(?:.|\s)*", r"(?:.{2,4}、)+", "(?:aa|aaa)+", "(?P<x>a|a)*",
    ],
)  # fmt: skip
def test_regexes_that_explode_are_told(pattern: str) -> None:
    assert explodes(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+,)+", "(?:a|b)+", "(?:ab|ac)+", r"(?:\d|1)+", r"(?:\d{1,2}日|\d{1,3}月)+", r"(?:.|\n)*",
        "(?:[一-龥]{2,4}、)+", "(?:x|x){2,3}", "(?:x{1,9},)*", "(?:甲国|乙国|甲方)+", "a|a",
    ],
)  # fmt: skip
def test_regexes_that_do_not_explode_pass(pattern: str) -> None:
    assert not explodes(pattern)


PIECES = st.recursive(
    st.sampled_from(["a", "b", "[ab]", "ab"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, inner).map("".join),
        inner.map(lambda one: f"(?:{one})?"),
        inner.map(lambda one: f"(?:{one})+"),
    ),
    max_leaves=6,
)


@given(body=PIECES, text=st.text("ab", min_size=1, max_size=4))
def test_regexes_that_pass_end_on_any_text(body: str, text: str) -> None:
    pattern = f"(?:{body})+c"
    if not explodes(pattern):
        with time_limit(30):  # one that explodes would take years
            assert re.fullmatch(pattern, text * 40) is None
