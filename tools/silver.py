"""Label news by the rules, as training data of the statistical model.

    python tools/silver.py INPUT... -o FILE.jsonl.gz [--leave-out RECORDS] [--model FILE] [--seed N]

Every text whose share of foreign countries marks it as diplomatic is taken, and a sample of the others.
Half of them, drawn at random, are disguised: persons and foreign towns get new names, spliced of known ones,
so that what is learnt is where names stand and how they are made, not which there are. A sentence is
marked to be ignored where the segmenter sees a name and the rules do not, or where the rules hold a
string for a name that elsewhere they mostly do not. With --model, names that the model finds count too
(self-training). `--leave-out`: annotated records whose texts must not be trained on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ahocorasick_rs import AhoCorasick
from spacy.tokens import Doc

from kgx.lexicon import Lexicon, load_lexicon
from kgx.model import Document
from kgx.nlp.gazetteer import gazetteer_of
from kgx.nlp.layers import normal_text
from kgx.nlp.pipeline import STAGES, make_pipeline
from kgx.nlp.words import make_tagger, segment_words
from kgx.readers import read
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.names import PersonRules

FOREIGN = 0.008  # foreign countries named, a character, from which a text counts as diplomatic
OTHERS = 600_000  # characters of other texts
DISGUISED = 0.5
RELIABLE = 0.5  # share of a string's occurrences that must be names
NAME_TAGS = frozenset({"nr", "nrt", "nrfg", "ns", "nt"})
TOWNS = frozenset({"city", "prefecture", "province", "port"})
SUFFIXES = "市省州县区"
HOME = "中国"

Span = tuple[int, int, str]


@dataclass(slots=True)
class Labelled:
    """A text with the names found in it."""

    id: str
    text: str
    spans: list[Span]
    ignored: list[tuple[int, int]]
    towns: frozenset[int]  # where names of towns begin


class Disguise:
    """Makes new names out of the lexicon's."""

    def __init__(self, lexicon: Lexicon, persons: PersonRules) -> None:
        """Sort the lexicon's names by how they are made."""
        self._transcribed = frozenset(persons.transcription)
        self._surnames = frozenset(persons.surnames)
        people = [e.name for e in lexicon.entries if e.type == "Person"]
        towns = [e.name.rstrip(SUFFIXES) for e in lexicon.entries if e.type == "Place" and e.kind in TOWNS]
        parts = sorted({p for name in people for p in name.split("·")})
        self._foreign = [p for p in parts if len(p) > 2 and self._foreign_made(p)]
        self._chinese = [p for p in parts if self._chinese_made(p)]
        self._far = sorted({t for t in towns if len(t) > 2 and self._foreign_made(t)})

    def _foreign_made(self, name: str) -> bool:
        return self._transcribed.issuperset(name)

    def _chinese_made(self, name: str) -> bool:
        return len(name) in (2, 3) and name[0] in self._surnames

    def person(self, part: str, dice: random.Random) -> str:
        """A new name, or part of one, that is made like `part`; itself where that is unclear."""
        if len(part) > 3 and self._foreign_made(part):
            return _splice(self._foreign, dice)
        if self._chinese_made(part):
            return dice.choice(self._chinese)[0] + dice.choice(self._chinese)[1:]
        return _splice(self._foreign, dice) if len(part) > 1 and self._foreign_made(part) else part

    def town(self, name: str, dice: random.Random) -> str:
        """A new name of a foreign town, made like `name`, with its suffix; itself for any other."""
        bare = name.rstrip(SUFFIXES)
        if len(bare) > 2 and self._foreign_made(bare):
            return _splice(self._far, dice) + name[len(bare) :]
        return name  # the list of Chinese towns is complete, and any two characters would do

    def apply(self, one: Labelled, dice: random.Random) -> Labelled:
        """The text with its persons and towns renamed, the same name alike throughout."""
        known: dict[tuple[str, str], str] = {}
        pieces, spans, at, size = [], [], 0, 0
        moved: list[tuple[int, int]] = []  # (place before, shift from there)
        for start, end, kind in one.spans:
            name = new = one.text[start:end]
            if kind == "Person":
                new = "·".join(known.setdefault((kind, p), self.person(p, dice)) for p in name.split("·"))
            elif start in one.towns:
                new = known.setdefault((kind, name), self.town(name, dice))
            pieces += [one.text[at:start], new]
            size += start - at
            spans.append((size, size + len(new), kind))
            size += len(new)
            at = end
            moved.append((end, size - end))
        pieces.append(one.text[at:])

        def shift(place: int) -> int:
            by = 0
            for before, shifted in moved:
                if before > place:
                    break
                by = shifted
            return max(place + by, 0)

        ignored = [(shift(a), shift(b)) for a, b in one.ignored]
        return Labelled(one.id + "-disguised", "".join(pieces), spans, ignored, frozenset())


def _splice(names: Sequence[str], dice: random.Random) -> str:
    """The first part of one name and the last of another."""
    first, last = dice.choice(names), dice.choice(names)
    return first[: (len(first) + 1) // 2] + last[(len(last) + dice.randrange(2)) // 2 :]


def choose(paths: Sequence[str], left_out: str | None, dice: random.Random) -> list[Document]:
    """The diplomatic texts of `paths`, and a sample of the others."""
    ids, texts = set(), set()
    if left_out is not None:
        for line in Path(left_out).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            ids.add(record["id"])
            texts.add(record["text"][:60])
    gazetteer = gazetteer_of(None)
    diplomatic, others = [], []
    for document in read(paths, fields=None, date=None, encoding=None, on_skip=print):
        if document.id in ids or document.text[:60] in texts:
            continue
        countries = [c for c in gazetteer.find(document.text) if c.type == "Country" and c.name != HOME]
        foreign = len(countries) / max(len(document.text), 1)
        (diplomatic if foreign > FOREIGN else others).append(document)
    dice.shuffle(others)
    size = 0
    for document in others:
        size += len(document.text)
        if size > OTHERS:
            break
        diplomatic.append(document)
    return diplomatic


def label(documents: Sequence[Document], model: str | None) -> Iterator[tuple[Labelled, list[str]]]:
    """The names that the pipeline finds in each text, and its words that look like further names."""
    stages = [s for s in STAGES[: STAGES.index("kgx_mentions") + 1] if s != "kgx_ner"]
    nlp = make_pipeline(stages=stages)
    if model is not None:
        nlp.add_pipe("kgx_ner", before="kgx_mentions", config={"model": model})
    plain = make_tagger({})
    towns = {e.key for e in load_lexicon(RuleFolder()).entries if e.type == "Place" and e.kind in TOWNS}
    for document in documents:
        doc: Doc = nlp.make_doc(document.text)
        doc._.kgx_document = document
        for _, stage in nlp.pipeline:
            doc = stage(doc)
        text = normal_text(doc)
        known = {c.start for c in doc._.kgx_candidates if c.key in towns}
        spans = [(m.start, m.end, m.type) for m in doc._.kgx_mentions]
        taken = bytearray(len(text))
        for start, end, _ in spans:
            taken[start:end] = b"\1" * (end - start)
        words = segment_words(text, plain)
        doubtful = [
            (a, b)
            for a, b, tag in zip(words.starts, words.ends, words.tags, strict=True)
            if tag in NAME_TAGS and b - a > 1 and not any(taken[a:b])
        ]
        named = [text[a:b] for a, b, kind in spans if b - a > 1]
        places = frozenset(a for a, _, kind in spans if kind == "Place" and a in known)
        yield Labelled(document.id, text, spans, doubtful, places), named


def unreliable(labelled: Sequence[Labelled], named: Counter[str]) -> AhoCorasick | None:
    """An automaton of the strings that are names in fewer than half of the places where they stand."""
    surfaces = sorted(named)
    automaton = AhoCorasick(surfaces)
    seen = Counter(surfaces[i] for one in labelled for i, _, _ in _overlapping(automaton, one.text))
    bad = [s for s in surfaces if named[s] < RELIABLE * seen[s]]
    return AhoCorasick(bad) if bad else None


def _overlapping(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    return automaton.find_matches_as_indexes(text, overlapping=True)


def main() -> None:
    """Label and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--leave-out")
    parser.add_argument("--model")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    labelled, named = [], Counter[str]()
    for one, names in label(choose(options.inputs, options.leave_out, dice), options.model):
        labelled.append(one)
        named.update(names)
    bad = unreliable(labelled, named)
    (persons,) = load_yaml(RuleFolder().find("persons.yml"), PersonRules)
    disguise = Disguise(load_lexicon(RuleFolder()), persons)
    with gzip.GzipFile(options.output, "wb", mtime=0) as out:
        for one in labelled:
            if bad is not None:
                doubted = {(a, b) for _, a, b in _overlapping(bad, one.text)}
                one.ignored += sorted((a, b) for a, b, _ in one.spans if (a, b) in doubted)
            if dice.random() < DISGUISED:
                one = disguise.apply(one, dice)
            record = {
                "id": one.id,
                "text": one.text,
                "mentions": [
                    {"start": a, "end": b, "type": kind, "names": [one.text[a:b]]} for a, b, kind in one.spans
                ],
                "ignore": one.ignored,
            }
            out.write(json.dumps(record, ensure_ascii=False, sort_keys=True).encode() + b"\n")


if __name__ == "__main__":
    main()
