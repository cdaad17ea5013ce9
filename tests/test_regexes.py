"""What is known of regular expressions before they run."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgx.regexes import quick

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
