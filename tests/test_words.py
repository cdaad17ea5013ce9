from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import jieba
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from kgx.errors import KgxError
from kgx.model import Document, Mention, Region
from kgx.nlp.layers import Words
from kgx.nlp.words import make_tagger, segment_words, topics
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.words import TopicRules

NAMES = {"王毅": "nr", "外长": "n", "海城论坛": "nz"}
SENTENCES = (
    "王毅同俄罗斯外长在北京举行会谈，双方就地区形势交换意见。",
    "两国元首共同出席签字仪式，见证多项合作文件的签署。",
    "联合国秘书长呼吁各方保持克制，通过对话解决争端。",
    "中方愿同各国一道，推动建设开放型世界经济。",
    "海城论坛开幕式上，来自三十多个国家的代表发表讲话。",
)


@pytest.fixture(scope="module")
def rjieba_tagger():
    return make_tagger(NAMES, "rjieba")


@pytest.fixture(scope="module")
def jieba_tagger():
    return make_tagger(NAMES, "jieba")


@pytest.fixture(scope="module")
def topic_rules() -> TopicRules:
    return load_yaml(RuleFolder().find("topics.yml"), TopicRules)[0]


def cut(text: str, tagger) -> list[tuple[str, str]]:
    words = segment_words(text, tagger)
    return [(text[a:b], tag) for a, b, tag in zip(words.starts, words.ends, words.tags, strict=True)]


def test_words_knows_the_given_names(rjieba_tagger, jieba_tagger) -> None:
    for tagger in (rjieba_tagger, jieba_tagger):
        found = cut(SENTENCES[0], tagger)
        assert found[0] == ("王毅", "nr")
        assert ("外长", "n") in found
        assert cut(SENTENCES[4], tagger)[0] == ("海城论坛", "nz")


def test_words_segmenters_agree_on_nearly_all_boundaries(rjieba_tagger, jieba_tagger) -> None:
    fast = {(i, e) for i, s in enumerate(SENTENCES) for e in segment_words(s, rjieba_tagger).ends}
    slow = {(i, e) for i, s in enumerate(SENTENCES) for e in segment_words(s, jieba_tagger).ends}
    assert len(fast & slow) / len(fast | slow) >= 0.95


def test_words_offsets_count_characters_beyond_the_basic_plane(rjieba_tagger, jieba_tagger) -> None:
    text = "😀𠮷王毅\n\n抵达  北京。"
    for tagger in (rjieba_tagger, jieba_tagger):
        assert ("王毅", "nr") in cut(text, tagger)
        assert segment_words(text, tagger).ends[-1] == len(text)


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_words_cover_any_text_without_gaps(text: str) -> None:
    words = segment_words(text, TAGGER)
    assert words.starts == (0, *words.ends[:-1]) if text else words.ends == ()
    assert not text or words.ends[-1] == len(text)
    assert all(a < b for a, b in zip(words.starts, words.ends, strict=True))


TAGGER = make_tagger({}, "rjieba")


def test_words_leaves_the_process_wide_tokenizer_alone(jieba_tagger) -> None:
    jieba_tagger("海城论坛开幕")
    assert "海城论坛" not in jieba.dt.FREQ
    assert not jieba.dt.initialized


def test_words_writes_no_cache_to_a_foreseeable_path(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    make_tagger({}, "jieba")
    assert list(tmp_path.iterdir()) == []


def test_words_unknown_segmenter_is_refused() -> None:
    with pytest.raises(KgxError, match="mecab"):
        make_tagger({}, "mecab")


@pytest.mark.parametrize("segmenter", ["rjieba", "jieba", None])
def test_words_component_works_alone(segmenter: str | None) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("kgx_words", config={"segmenter": segmenter})
    doc = nlp("中国和俄羅斯舉行會談。")
    words = doc._.kgx_words
    assert "俄羅斯" in [doc.text[a:b] for a, b in zip(words.starts, words.ends, strict=True)]


def test_words_nothing_heavy_is_imported_with_the_package() -> None:
    code = "import sys, kgx; print(sorted({'jieba', 'rjieba', 'spacy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_topics_put_the_keywords_of_the_page_first(topic_rules: TopicRules) -> None:
    text = "渔业协定签署。渔业专家欢迎渔业协定，赞赏港口建设。"
    found = topics(text, segment_words(text, TAGGER), topic_rules, given=["海洋", " 港口 ", "海洋"])
    assert found[:3] == ("海洋", "港口", "渔业")
    assert len(found) == len(set(found)) <= topic_rules.limit


def test_topics_leave_out_generic_words(topic_rules: TopicRules) -> None:
    text = "中方表示，双方关系发展，两国合作。"
    assert topics(text, segment_words(text, TAGGER), topic_rules) == ()


def test_topics_take_names_for_the_words_of_a_mention(topic_rules: TopicRules) -> None:
    text = "渔业专家访问白港大学，白大校长陪同。"
    mentions = (
        Mention(6, 10, "Organization", ("白港大学",)),
        Mention(11, 13, "Organization", ("白港大学",)),
    )
    found = topics(text, segment_words(text, TAGGER), topic_rules, mentions=mentions)
    assert "白港大学" in found
    assert not {"白港", "大学", "白大"} & set(found)


def test_topics_equal_scores_keep_the_order_of_the_text(topic_rules: TopicRules) -> None:
    text = "丁丁丁乙乙乙丙丙丙乙乙乙丙丙丙丁丁丁戊戊戊"
    words = Words(tuple(range(0, 21, 3)), tuple(range(3, 22, 3)), ("nz",) * 7)
    assert topics(text, words, topic_rules) == ("丁丁丁", "乙乙乙", "丙丙丙")


def test_topics_component_reads_title_and_body_only_and_needs_no_words() -> None:
    nlp = spacy.blank("zh")
    finder = nlp.add_pipe("kgx_topics")
    text = "渔业协定签署\n分享到微博"
    doc = nlp.make_doc(text)
    doc._.kgx_document = Document(
        "a", text, keywords=("海洋",), regions=(Region(0, 6, "title"), Region(7, 12, "furniture"))
    )
    found = finder(doc)._.kgx_topics
    assert found[0] == "海洋"
    assert "渔业" in found
    assert "微博" not in found
