"""`--model`: a spaCy model of the user's in place of ours."""

import json
import random

import pytest
import spacy
from click.testing import CliRunner
from spacy.training import Example

from kgx.cli.app import main
from kgx.nlp.pipeline import extract_document, make_pipeline
from kgx.readers import from_text

TOWNS = ("梧桐岭", "白鹭洲", "青石湾", "落雁坪", "望海崖", "银杏坡")
PEOPLE = ("沈若谷", "陶知行", "陆怀川", "苏望舒", "顾清和", "白映雪")
TEXT = "记者来到青石湾，见到了沈若谷。\n\n陶知行住在望海崖。"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small spaCy model with labels of OntoNotes, trained here and saved."""
    nlp = spacy.blank("zh")
    nlp.add_pipe("ner")
    examples = []
    for person in PEOPLE:
        for town in TOWNS:
            text = f"记者来到{town}，见到了{person}。"
            at = text.index(person)
            names = [(4, 4 + len(town), "GPE"), (at, at + len(person), "PERSON")]
            examples.append(Example.from_dict(nlp.make_doc(text), {"entities": names}))
            text = f"{person}住在{town}。"
            names = [(0, len(person), "PERSON"), (len(person) + 2, len(text) - 1, "GPE")]
            examples.append(Example.from_dict(nlp.make_doc(text), {"entities": names}))
    spacy.util.fix_random_seed(0)
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(8):
        random.Random(0).shuffle(examples)
        for start in range(0, len(examples), 8):
            nlp.update(examples[start : start + 8], sgd=optimizer)
    path = tmp_path_factory.mktemp("models") / "own"
    nlp.to_disk(path)
    return str(path)


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def names(extraction):
    text = extraction.document.text
    return {(text[m.start : m.end], m.type, m.source) for m in extraction.mentions}


def test_spacymodel_names_bear_our_types_and_right_offsets(folder):
    found = extract_document(make_pipeline(model=folder), from_text(TEXT))
    assert {("青石湾", "Place", "model"), ("望海崖", "Place", "model")} <= names(found)


def test_spacymodel_speaks_after_the_other_sources(folder):
    found = extract_document(make_pipeline(model=folder), from_text("记者来到青石湾，见到了主席沈若谷。"))
    assert ("沈若谷", "Person", "title") in names(found)


def test_spacymodel_is_taken_by_the_commands(folder, article):
    result = CliRunner().invoke(main, ["extract", article, "--model", folder])
    assert result.exit_code == 0
    mentions = json.loads(result.stdout)["mentions"]
    assert ("Place", ["望海崖"]) in [(m["type"], m["names"]) for m in mentions]


def test_spacymodel_that_is_not_installed_is_refused_in_one_line(article, tmp_path):
    out = tmp_path / "out"
    result = CliRunner().invoke(main, ["build", article, "-o", str(out), "--model", "zh_none"])
    assert result.exit_code == 2
    assert result.stderr.startswith("kgx: --model zh_none: ") and result.stderr.count("\n") == 1
    assert not out.exists()


def test_spacymodel_without_names_is_refused(article, tmp_path):
    spacy.blank("zh").to_disk(tmp_path / "bare")
    result = CliRunner().invoke(main, ["extract", article, "--model", str(tmp_path / "bare")])
    assert result.exit_code == 2
    assert "finds names" in result.stderr


def test_spacymodel_folder_that_is_none_is_refused(article, tmp_path):
    result = CliRunner().invoke(main, ["extract", article, "--model", str(tmp_path)])
    assert result.exit_code == 2
    assert "can't load it" in result.stderr


def test_model_and_no_model_exclude_each_other(article):
    result = CliRunner().invoke(main, ["extract", article, "--model", "x", "--no-model"])
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr
