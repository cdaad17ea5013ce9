"""Offsets of all that the pipeline finds, in any text."""

from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st
from reading import TODAY

from kgx.model import Document
from kgx.nlp.pipeline import extract_document, make_pipeline
from kgx.readers.page import annotate
from kgx.records import from_json, to_json

PARTS = (
    "3月2日", "昨天", "2024年5月至6月", "中国", "中法", "访法", "法国总统马克龙", "国家主席习近平",
    "王毅", "外长", "联合国", "上海合作组织", "在北京", "同", "和", "、", "，", "。", "；", "\n",
    "\n\n", "“", "”", "《巴黎协定》", "举行会谈", "会见", "访问", "签署", "支持", "反对", "不", "将",
    "表示", "双方", "两国元首", "他", "我", "关于", "（", "）", "記者", "國務院總理", "Ａ", "G20",
    "😀", "\u3000", "é", "第十届", "峰会", "外交部发言人", "毛宁",
)  # fmt: skip
pipeline = lru_cache(maxsize=1)(lambda: make_pipeline(model=False))


@settings(deadline=None, max_examples=120)
@given(st.lists(st.sampled_from(PARTS) | st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40))
def test_offsets_fit_the_text_as_given(parts):
    text = "".join(parts)
    if not text.strip():
        return
    found = extract_document(pipeline(), annotate(Document("x", text, TODAY)))
    names = {one.name for one in found.entities}
    for mention in found.mentions:
        assert 0 <= mention.start < mention.end <= len(text)
        assert set(mention.names) <= names
    for fact in found.facts:
        assert text[fact.start : fact.end] == fact.evidence
        assert fact.evidence.strip()
    for date in found.dates:
        assert text[date.start : date.end] == date.surface
    for position in found.positions:
        assert 0 <= position.start <= position.end <= len(text)
        assert position.person in names
    assert from_json(to_json(found)).facts == found.facts
