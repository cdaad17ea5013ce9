"""The pipeline: its stages as registered components, in kgx's own order and in a user's pipeline."""

import subprocess
import sys

import pytest
import spacy

from kgx.model import Document
from kgx.nlp.pipeline import STAGES, extract_document, extraction, groups, make_pipeline, singles

TEXT = (
    "3月2日，中国外长王毅在北京同俄罗斯外长拉夫罗夫举行会谈。王毅表示，中方愿同俄方深化能源、农业等领域合作。"
)
OWN = [stage for stage in STAGES if stage != "kgx_ner"]


def told(nlp: spacy.Language) -> list[tuple[str, dict[str, tuple[str, ...]]]]:
    return [(fact.type, dict(fact.roles)) for fact in extraction(nlp(TEXT)).facts]


@pytest.mark.parametrize("language", ["zh", "en", "xx"])
def test_pipeline_stages_work_with_any_tokenizer(language: str) -> None:
    nlp = spacy.blank(language)
    for stage in OWN:
        nlp.add_pipe(stage)
    meet, cooperate = told(nlp)
    assert meet == ("Meet", {"participant": ("王毅", "拉夫罗夫"), "place": ("北京",)})
    assert cooperate == ("Cooperate", {"party": ("中国", "俄罗斯"), "field": ("能源", "农业")})


def test_pipeline_stages_are_found_by_name_alone() -> None:
    code = (
        "import spacy; nlp = spacy.blank('zh');"
        f"[nlp.add_pipe(s) for s in {OWN!r}]; doc = nlp({TEXT!r});"
        "print(len(doc._.kgx_facts), [s.label_ for s in doc.spans['kgx_facts']])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "2 ['Meet', 'Cooperate']", done.stderr


def test_pipeline_gives_the_same_with_its_own_tokenizer() -> None:
    nlp = make_pipeline(model=False)
    record = extract_document(nlp, Document("d", TEXT, "2024-03-03"))
    assert [fact.type for fact in record.facts] == ["Meet", "Cooperate"]
    assert record.facts[0].date == "2024-03-02"
    assert TEXT[record.facts[0].start : record.facts[0].end] == record.facts[0].evidence
    assert record.facts[1].source == "王毅"


def test_pipeline_resolves_no_relative_date_without_a_publication_date() -> None:
    record = extract_document(make_pipeline(model=False), Document("d", TEXT, None))
    assert record.facts[0].date is None


def test_pipeline_reads_traditional_text_with_offsets_of_the_given_text() -> None:
    text = "國家主席習近平在北京會見法國總統馬克龍。"
    record = extract_document(make_pipeline(model=False), Document("d", text, "2023-04-06"))
    assert record.facts[0].roles["participant"] == ("习近平", "马克龙")
    assert record.facts[0].evidence in text
    assert {text[m.start : m.end] for m in record.mentions} >= {"習近平", "馬克龍", "法國", "北京"}


def test_pipeline_records_groups_and_singles() -> None:
    text = "中俄元首会谈后，普京访华，中俄关系向前。"
    mentions = extract_document(make_pipeline(model=False), Document("d", text, None)).mentions
    assert [(g.surface, g.members) for g in groups(text, mentions)] == [("中俄", ("中国", "俄罗斯"))]
    (single,) = singles(text, mentions)
    assert (single.surface, single.name) == ("华", "中国") and single.context in text
