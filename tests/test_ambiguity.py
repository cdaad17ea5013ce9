"""The table of ambiguous short names in docs/ambiguity.md: each example is read as it says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from kgx import Document
from kgx.nlp.pipeline import extract_document, make_pipeline

TABLE = Path(__file__).resolve().parents[1] / "docs" / "ambiguity.md"
ROWS = [
    (name, text, reading)
    for name, text, reading in re.findall(
        r"^\| (\S+) \| (\S+) \| (.+?) \| .+ \|$", TABLE.read_text(encoding="utf-8"), re.M
    )
    if name != "class" and not name.startswith("-")
]

pipeline = cache(make_pipeline)


def test_ambiguity_table_is_found():
    assert len(ROWS) > 50


@pytest.mark.parametrize(("text", "reading"), [row[1:] for row in ROWS], ids=[row[1] for row in ROWS])
def test_ambiguity_example_is_read_as_the_table_says(text, reading):
    found = extract_document(pipeline(), Document("d", text))
    if reading == "—":
        assert not found.groups and not found.singles
    else:
        surface, names = reading.split(" = ")
        named = {(text[m.start : m.end], m.names) for m in found.mentions}
        assert (surface, tuple(names.split(" + "))) in named
