"""Training of the statistical model from labelled text (`kgx train`).

Data are JSON Lines in the form of `kgx extract` or of the annotation guidelines (names found by their
surfaces, where no mentions are listed), or characters with BIO labels, one a line; each also in .gz.
A record may say with `ignore`, a list of [start, end], of which stretches nothing is to be learnt.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from kgx import errors
from kgx.errors import KgxError, Skip
from kgx.evaluate import mentions
from kgx.model import ENTITY_TYPES, Document
from kgx.nlp import crf
from kgx.nlp.clusters import cluster_characters
from kgx.nlp.features import CONTEXT_ROWS, KNOWN_ROWS, FeatureReader
from kgx.nlp.layers import Candidate, Words, normal_text
from kgx.nlp.normal import normalize
from kgx.nlp.pipeline import STAGES, make_pipeline
from kgx.nlp.tagger import MOST_FEATURES, OUTSIDE, Tagger, slots_of
from kgx.rulebook import RuleFolder
from kgx.staging import staged_file

LEAST_COUNT = 3  # of a feature
LEAST_WEIGHT = 0.1  # of a feature that is kept
_BLOCK_LINES = 200  # of BIO segments that make one text
_UNITS = re.compile(r"[。！？；\n]+[”’」』）)]*")
_SETTINGS = crf.Settings(dropout=0.4, groups=((*KNOWN_ROWS, 0.4), (*CONTEXT_ROWS, 0.05)))

OnPass = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its names: (start, end, type) in characters; nothing is learnt of `ignored` stretches."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    ignored: tuple[tuple[int, int], ...] = ()


def read_examples(path: str | Path) -> Iterator[Example]:
    """Yield the labelled texts of a file; raises KgxError, with the line, where it is malformed."""
    path = Path(path)
    kind = path.suffixes[-2:-1] if path.suffix == ".gz" else path.suffixes[-1:]
    reader = {".jsonl": _records, ".bio": _segments}.get("".join(kind))
    if reader is None:
        raise KgxError(errors.TRAIN_KIND.format(path=path))
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as f
        ):
            yield from reader(path, f)
    except (OSError, EOFError, UnicodeDecodeError) as fault:
        raise KgxError(errors.CANNOT_READ.format(path=path, reason=errors.reason_of(fault))) from None


def _records(path: Path, lines: IO[str]) -> Iterator[Example]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                record = json.loads(line)
                found = sorted((a, b, kind) for a, b, kind, _ in mentions(record))
                if any(not 0 <= a < b <= len(record["text"]) for a, b, _ in found):
                    raise ValueError("a mention lies outside the text")
                ignored = tuple((int(a), int(b)) for a, b in record.get("ignore", ()))
                yield Example(record["text"], tuple(found), ignored)
            except (ValueError, KeyError, TypeError, AttributeError) as fault:
                reason = errors.reason_of(fault)
                raise KgxError(errors.TRAIN_RECORD.format(path=path, line=number, reason=reason)) from None


def _segments(path: Path, lines: IO[str]) -> Iterator[Example]:
    """Segments that follow each other make one text, a segment a line."""
    text: list[str] = []
    labels: list[str] = []
    segments = 0
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip("\r\n")
        character, _, label = line.rpartition(" ") if " " in line else line.rpartition("\t")
        if line.strip():
            if len(character) > 1 or not re.fullmatch(r"O|[BIES]-\S+", label):
                raise KgxError(errors.TRAIN_LINE.format(path=path, line=number))
            text.append(character or " ")
            labels.append(label)
        elif text and text[-1] != "\n":
            text.append("\n")
            labels.append(OUTSIDE)
            segments += 1
            if segments % _BLOCK_LINES == 0:
                yield Example("".join(text), tuple(_spans(labels)))
                text, labels = [], []
    if text:
        yield Example("".join(text), tuple(_spans(labels)))


def _spans(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    start, kind = 0, ""
    for at, label in enumerate([*labels, OUTSIDE]):
        mark, _, now = label.partition("-")
        if kind and (mark in "OBS" or now != kind):
            yield start, at, kind
            kind = ""
        if mark != OUTSIDE and not kind:
            start, kind = at, now


def train_files(
    data: Sequence[str],
    out: str | Path,
    *,
    plain: Sequence[str] = (),
    seed: int = 0,
    rules: str | None = None,
    heard: OnPass = lambda number, loss: None,
    on_skip: Callable[[Skip], None] = lambda skip: None,
) -> Tagger:
    """Train on the files `data` and write the model to `out`, whole or not at all.

    `plain` are inputs of unlabelled articles. Raises KgxError where a file is malformed or can't be
    read or written.
    """
    from kgx.readers import read

    articles = read(list(plain), fields=None, date=None, encoding=None, on_skip=on_skip) if plain else ()
    about = ", ".join(Path(path).name for path in data)
    texts = (article.text for article in articles)
    with staged_file(out) as stage:
        examples = [example for path in data for example in read_examples(path)]
        tagger = train(examples, texts=texts, seed=seed, rules=rules, about=about, heard=heard)
        tagger.save(stage.buffer)
    return tagger


def train(
    examples: Iterable[Example],
    *,
    texts: Iterable[str] = (),
    seed: int = 0,
    rules: str | None = None,
    about: str = "",
    heard: OnPass = lambda number, loss: None,
) -> Tagger:
    """Train a model; raises KgxError where no example has a name.

    `texts` are plain texts from which, with the examples, the clusters of characters are learnt.
    `heard` is told of each pass and its mean loss a character. The same data and seed give the same
    model on the same machine.
    """
    data = list(examples)
    found = {kind for example in data for _, _, kind in example.spans}
    if not found:
        raise KgxError(errors.TRAIN_EMPTY.format(path=about or "the data"))
    kinds = [*(k for k in ENTITY_TYPES if k in found), *sorted(found - set(ENTITY_TYPES))]
    labels = (OUTSIDE, *(f"{mark}-{kind}" for kind in kinds for mark in "BI"))
    clusters = cluster_characters([normalize(text) for text in (*(e.text for e in data), *texts)], seed=seed)
    blocks, answers, starts = _features(data, kinds, FeatureReader(clusters), rules)
    if not blocks:
        raise KgxError(errors.TRAIN_EMPTY.format(path=about or "the data"))
    keys = crf.number_features(blocks, LEAST_COUNT)
    rows = np.concatenate(blocks, axis=1).astype(np.int32, copy=False)
    blocks.clear()
    settings = crf.with_seed(_SETTINGS, seed)
    weights, moves = crf.train(crf.Data(rows, answers, starts), len(keys), len(labels), settings, heard)
    kept = _kept(keys, weights[1:])
    return Tagger(labels, keys[kept], weights[1:][kept], moves, clusters, about={"data": about, "seed": seed})


def _features(
    examples: Sequence[Example], kinds: Sequence[str], reader: FeatureReader, rules: str | None
) -> tuple[list[npt.NDArray[np.generic]], npt.NDArray[np.int8], npt.NDArray[np.int64]]:
    """Feature keys in blocks, labels, and where each sentence that is learnt begins, and the last ends."""
    blocks: list[npt.NDArray[np.generic]] = []
    answers: list[npt.NDArray[np.int8]] = []
    starts = [0]
    for example, (text, words, known) in zip(examples, reading(examples, rules), strict=True):
        keys = reader(text, words, known)
        answer = np.zeros(len(example.text), np.int8)
        for start, end, kind in example.spans:
            answer[start:end] = 2 + 2 * kinds.index(kind)
            answer[start] -= 1
        learnt = [
            u for u in units(example.text) if not any(a < u[1] and u[0] < b for a, b in example.ignored)
        ]
        for start, end in learnt:
            starts.append(starts[-1] + end - start)
            answers.append(answer[start:end])
        if learnt:
            blocks.append(np.concatenate([keys[:, a:b] for a, b in learnt], axis=1))
    return blocks, np.concatenate([np.empty(0, np.int8), *answers]), np.array(starts)


def reading(
    examples: Iterable[Example], rules: str | None
) -> Iterator[tuple[str, Words | None, Sequence[Candidate]]]:
    """What the model reads of each text: the normal text, the words, the names found before it speaks."""
    stages = STAGES[: STAGES.index("kgx_ner")]
    nlp = make_pipeline(RuleFolder(rules), stages=stages)
    for example in examples:
        doc = nlp.make_doc(example.text)
        doc._.kgx_document = Document("text", example.text)
        for _, stage in nlp.pipeline:
            doc = stage(doc)
        yield normal_text(doc), doc._.kgx_words, doc._.kgx_candidates


def units(text: str) -> Iterator[tuple[int, int]]:
    """Sentences, with all that stands between them, so that they cover the text."""
    start = 0
    for found in _UNITS.finditer(text):
        yield start, found.end()
        start = found.end()
    if start < len(text):
        yield start, len(text)


def _kept(keys: npt.NDArray[np.uint64], weights: crf.Floats) -> npt.NDArray[np.int64]:
    """Which features weigh enough; of those that share a slot the weightiest."""
    if not len(keys):
        return np.empty(0, np.int64)
    weight = np.abs(weights).max(axis=1)
    slots = slots_of(keys)
    order = np.lexsort((-weight, slots))
    first = np.concatenate(([True], np.diff(slots[order]) > 0))
    kept = order[first]
    kept = kept[weight[kept] > LEAST_WEIGHT]
    kept = kept[np.argsort(-weight[kept], kind="stable")[:MOST_FEATURES]]
    return np.sort(kept)
