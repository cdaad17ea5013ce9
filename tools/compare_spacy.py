"""Train spaCy's own NER on labelled data for a bounded time, to compare it with the model of kgx.

    python tools/compare_spacy.py TRAIN... --test FILE [--seconds N] [--limit CHARACTERS] [-o FOLDER]

It is fed what our model is fed, as far as spaCy takes it: characters, the segmenter's word boundaries and
tags, and vectors of the characters learnt from the same text. Prints F1 and characters a second after each
pass; the folder can be given to `kgx eval --model`.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example as SpacyExample
from spacy.util import fix_random_seed

from kgx.nlp.clusters import character_vectors
from kgx.nlp.words import make_tagger, segment_words
from kgx.train import Example, read_examples, units

WIDTH, DEPTH = 96, 4
PLACES = "SBIE"


def make_model(texts: Sequence[str]) -> Language:
    """A CNN over characters, their words' tags and their vectors, with spaCy's transition parser."""
    nlp = spacy.blank("zh")
    kept, vectors = character_vectors(texts)
    nlp.vocab.vectors.resize((len(kept), vectors.shape[1]))
    for code, vector in zip(kept, vectors, strict=True):
        nlp.vocab.set_vector(chr(code), vector.astype(np.float32))
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": WIDTH,
        "attrs": ["NORM", "TAG", "SHAPE"],
        "rows": [8000, 1000, 200],
        "include_static_vectors": True,
    }
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": WIDTH,
        "depth": DEPTH,
        "window_size": 1,
        "maxout_pieces": 3,
    }
    tok2vec = {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}
    parser = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": tok2vec,
    }
    nlp.add_pipe("ner", config={"model": parser})
    return nlp


class Reader:
    """Makes spaCy's Docs of characters, with the segmenter's words as tags."""

    def __init__(self, nlp: Language) -> None:
        """`nlp`: whose vocabulary the Docs use."""
        self._vocab, self._words = nlp.vocab, make_tagger({})

    def __call__(self, text: str) -> Doc:
        """The Doc of one sentence; a character's tag is its word's, with its place in it."""
        words, tags = segment_words(text, self._words), []
        for start, end, tag in zip(words.starts, words.ends, words.tags, strict=True):
            size = end - start
            places = "S" if size == 1 else f"B{'I' * (size - 2)}E"
            tags += [f"{place}-{tag}" for place in places]
        return Doc(self._vocab, words=list(text), spaces=[False] * len(text), tags=tags)


def sentences(examples: Sequence[Example]) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Each sentence that may be learnt, with its names."""
    for example in examples:
        for start, end in units(example.text):
            if any(a < end and start < b for a, b in example.ignored) or not example.text[start:end].strip():
                continue
            names = [(a - start, b - start, kind) for a, b, kind in example.spans if start <= a and b <= end]
            yield example.text[start:end], names


def main() -> None:
    """Train, score, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("train", nargs="+")
    parser.add_argument("--test", required=True)
    parser.add_argument("--seconds", type=float, default=480, help="processor time of training")
    parser.add_argument("--limit", type=int, default=0, help="characters of the training data, 0 for all")
    parser.add_argument("-o", "--output")
    options = parser.parse_args()
    fix_random_seed(0)
    dice = random.Random(0)
    data = list(sentences([e for path in options.train for e in read_examples(path)]))
    dice.shuffle(data)
    if options.limit:
        total, kept = 0, []
        for one in data:
            total += len(one[0])
            if total > options.limit:
                break
            kept.append(one)
        data = kept
    nlp = make_model([text for text, _ in data])
    read = Reader(nlp)
    made = [SpacyExample.from_dict(read(text), {"entities": names}) for text, names in data]
    optimizer = nlp.initialize(lambda: made[:2000])
    size, seen, started = sum(len(text) for text, _ in data), 0, time.process_time()
    while time.process_time() - started < options.seconds:
        dice.shuffle(made)
        for at in range(0, len(made), 64):
            batch = made[at : at + 64]
            nlp.update(batch, sgd=optimizer, drop=0.2)
            seen += sum(len(one.reference) for one in batch)
            if time.process_time() - started >= options.seconds:
                break
        spent = time.process_time() - started
        print(f"{size:,} characters, {seen / size:.1f} passes in {spent:.0f} s")
        report(nlp, read, options.test)
        started += time.process_time() - started - spent  # scoring is no training
    if options.output:
        nlp.to_disk(options.output)


def report(nlp: Language, read: Reader, path: str) -> None:
    """Print precision, recall and F1 on labelled text, and characters a second."""
    right, given, wanted = Counter[str](), Counter[str](), Counter[str]()
    characters, clock = 0, time.process_time()
    tests = ((read(text), names) for text, names in sentences(list(read_examples(path))))
    for doc, names in nlp.pipe(tests, as_tuples=True):
        characters += len(doc)
        found = {(e.start, e.end, e.label_) for e in doc.ents}
        gold = set(names)
        for counts, spans in ((right, gold & found), (given, found), (wanted, gold)):
            counts.update(kind for _, _, kind in spans)
    seconds = time.process_time() - clock
    for kind in ("all", *sorted(wanted)):
        r, g, w = (c.total() if kind == "all" else c[kind] for c in (right, given, wanted))
        p, q = r / max(g, 1), r / max(w, 1)
        print(f"{kind:14} P {p:.3f} R {q:.3f} F1 {2 * p * q / max(p + q, 1e-9):.3f}")
    print(f"{characters / seconds:,.0f} characters a second", flush=True)


if __name__ == "__main__":
    main()
