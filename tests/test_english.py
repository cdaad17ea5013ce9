"""English names put together from those of parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgx.errors import RuleError
from kgx.lexicon import load_lexicon
from kgx.merge import merge
from kgx.model import Document, Entity, Extraction
from kgx.resolve.english import English
from kgx.resolve.policy import load_policy
from kgx.rulebook import load_yaml
from kgx.schemas.english import EnglishRules


@pytest.mark.parametrize(
    ("kind", "name", "english"),
    [
        ("Initiative", "中国-芬兰命运共同体", "China–Finland community with a shared future"),
        ("Place", "芬兰北部地区", "northern Finland"),
        ("Organization", "荷兰驻芬兰大使馆", "Embassy of the Netherlands in Finland"),
        ("Organization", "芬兰武装部队总参谋部", "General Staff of the Armed Forces of Finland"),
        ("Event", "全国政协21届3次会议", "3rd session of the 21st CPPCC National Committee"),
        ("Event", "中国-芬兰旅游年", "China–Finland Year of Tourism"),
        ("Organization", "某国驻芬兰大使馆", None),
        ("Organization", "芬兰驻某国大使馆", None),
        ("Place", "芬兰海军", None),
    ],
)
def test_english_of_a_name_is_that_of_its_parts(kind: str, name: str, english: str | None) -> None:
    assert load_policy().composed.label(kind, name) == english  # type: ignore[arg-type]


def test_english_counts_the_first_row_that_fits_and_whose_parts_are_known() -> None:
    rules = EnglishRules.model_validate(
        {
            "words": {"seats": {"馆": "house"}},
            "rows": [
                {"type": "Place", "pattern": "(?P<x>.+)城馆", "parts": ["Country"], "en": "{x} city house"},
                {
                    "type": "Place",
                    "pattern": "(?P<x>.+)(?P<w>{seats})",
                    "parts": ["Country"],
                    "en": "{w} of {ax}",
                },
            ],
        }
    )
    english = English(rules, load_lexicon(), ["Netherlands"])
    assert english.label("Place", "荷兰城馆") == "Netherlands city house"
    assert english.label("Place", "荷兰馆") == "house of the Netherlands"
    assert english.label("Place", "某城馆") is None


def test_english_stands_on_nodes_that_no_table_names() -> None:
    name = "芬兰驻肯尼亚大使馆"
    graph = merge([Extraction(Document("1", name), entities=(Entity(name, "Organization", (name,)),))])
    assert [one.label_en for one in graph.entities.values()] == ["Embassy of Finland in Kenya"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rows:\n- {type: Place, pattern: '(?P<z>.+)城', en: x}\n", "no group is called z"),
        ("rows:\n- {type: Place, pattern: '.+城', en: '{x}'}\n", "the pattern has no group for {x}"),
        (
            "rows:\n- {type: Place, pattern: '(?P<w>{seats})', en: '{w}'}\n",
            "no list of words is called seats",
        ),
    ],
)
def test_english_wrong_row_is_told(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "english.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=message):
        load_yaml(file, EnglishRules)
