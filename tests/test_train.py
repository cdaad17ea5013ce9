"""`kgx.train`: reading labelled text, and training a model from it."""

import gzip
import io
import json

import pytest

from kgx.errors import KgxError
from kgx.nlp.tagger import load_tagger
from kgx.train import Example, read_examples, train, train_files

NAMES = ("高明远", "沈若谷", "陶知行", "陆怀川", "苏望舒", "顾清和", "白映雪", "程思远", "江晚舟", "谢知秋")
FRAMES = ("{}在会上发言。", "记者昨天见到了{}。", "{}说，天气很好。", "大家都认识{}先生。")


@pytest.fixture(scope="session")
def sentences():
    """Sentences with one person each, and one without."""
    out = []
    for name in NAMES:
        for frame in FRAMES:
            at = frame.index("{}")
            out.append(Example(frame.format(name), ((at, at + len(name), "Person"),)))
        out.append(Example("会议在雨天照常举行，没有人迟到。", ()))
    return out


@pytest.fixture(scope="session")
def tagger(sentences):
    """A model of these sentences."""
    return train(sentences)


def as_bytes(tagger):
    out = io.BytesIO()
    tagger.save(out)
    return out.getvalue()


def test_train_labels_are_those_of_the_data(tagger):
    assert tagger.labels == ("O", "B-Person", "I-Person")


def test_train_same_data_and_seed_give_the_same_bytes(tagger, sentences):
    assert as_bytes(train(sentences)) == as_bytes(tagger)


def test_train_another_seed_gives_another_model(tagger, sentences):
    assert as_bytes(train(sentences, seed=1)) != as_bytes(tagger)


def test_train_loss_falls(sentences):
    losses = []
    train(sentences, heard=lambda number, loss: losses.append(loss))
    assert losses[-1] < losses[0]


def test_train_needs_a_name():
    with pytest.raises(KgxError, match="no labelled name"):
        train([Example("会议照常举行。", ())])


def test_train_needs_a_sentence_to_learn_from():
    with pytest.raises(KgxError, match="no labelled name"):
        train([Example("高明远来了。", ((0, 3, "Person"),), ((0, 6),))])


def test_train_learns_nothing_where_told_to_ignore(sentences):
    ignored = [Example("山名水在会上发言。", (), ((0, 9),))]
    whole = train([*sentences, *ignored])
    assert len(whole.keys) == len(train(sentences).keys)


def test_train_reads_records_with_mentions_and_gold(tmp_path):
    path = tmp_path / "data.jsonl"
    mention = {"start": 0, "end": 3, "type": "Person", "names": ["高明远"]}
    entity = {"name": "高明远", "type": "Person", "surfaces": ["高明远"]}
    rows = [
        {"id": "1", "text": "高明远来了。", "mentions": [mention], "ignore": [[4, 5]]},
        {"id": "2", "text": "昨天高明远走了。", "entities": [entity]},
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    first, second = read_examples(path)
    assert first == Example("高明远来了。", ((0, 3, "Person"),), ((4, 5),))
    assert second.spans == ((2, 5, "Person"),)


def test_train_reads_bio_with_segments_as_lines(tmp_path):
    path = tmp_path / "data.bio.gz"
    body = "高 B-PER\n远 I-PER\n来 O\n\n在 O\n海 B-LOC\n城 I-LOC\n江 B-LOC\n"
    path.write_bytes(gzip.compress(body.encode()))
    (example,) = read_examples(path)
    assert example == Example("高远来\n在海城江", ((0, 2, "PER"), (5, 7, "LOC"), (7, 8, "LOC")))


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("data.bio", "高 B-PER\n高远\n", r"data\.bio:2: not a character"),
        ("data.jsonl", '{"id": "1"}\n', r"data\.jsonl:1: not a record"),
        ("data.jsonl", "\n{\n", r"data\.jsonl:2: not a record"),
        ("data.jsonl", "[1]\n", r"data\.jsonl:1: not a record"),
        ("data.txt", "高远", r"data\.txt: neither"),
        (
            "data.jsonl",
            '{"id": "1", "text": "高", "mentions": [{"start": 0, "end": 2, "type": "Person", "names": []}]}',
            r"data\.jsonl:1: .*outside the text",
        ),
    ],
)
def test_train_names_file_and_line_of_what_is_wrong(tmp_path, name, body, message):
    path = tmp_path / name
    path.write_text(body, encoding="utf-8")
    with pytest.raises(KgxError, match=message):
        list(read_examples(path))


def test_train_missing_file_is_one_line():
    with pytest.raises(KgxError, match="can't be read"):
        list(read_examples("no-such.jsonl"))


def test_train_files_writes_a_model_that_loads(tmp_path):
    path = tmp_path / "data.bio"
    labels = ("B-PER", "I-PER", "I-PER")
    lines = ["".join(f"{c} {label}\n" for c, label in zip(name, labels, strict=True)) for name in NAMES]
    path.write_text("\n".join(lines * 3), encoding="utf-8")
    out = tmp_path / "model.npz"
    trained = train_files([str(path)], out)
    loaded = load_tagger(out)
    assert loaded.labels == trained.labels == ("O", "B-PER", "I-PER")
    assert loaded.about == {"data": "data.bio", "seed": 0}
    assert (loaded.keys == sorted(trained.keys)).all()


def test_train_failure_leaves_no_file(tmp_path):
    path = tmp_path / "data.bio"
    path.write_text("高\n", encoding="utf-8")
    with pytest.raises(KgxError):
        train_files([str(path)], tmp_path / "model.npz")
    assert [p.name for p in tmp_path.iterdir()] == ["data.bio"]
