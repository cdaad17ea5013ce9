"""Score a model alone, without the rules' names or policy, on labelled text.

    python tools/score_ner.py MODEL DATA... [--map FROM=TO]...

Prints precision, recall and F1 of each type and of all (exact spans), and characters a second.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

from kgx.nlp.features import FeatureReader
from kgx.nlp.tagger import load_tagger
from kgx.train import read_examples, reading


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model")
    parser.add_argument("data", nargs="+")
    parser.add_argument("--map", action="append", default=[], metavar="FROM=TO", help="rename a type")
    options = parser.parse_args()
    renamed = dict(pair.split("=") for pair in options.map)
    tagger = load_tagger(options.model)
    reader = FeatureReader(tagger.clusters)
    right, given, wanted = Counter[str](), Counter[str](), Counter[str]()
    size, seconds = 0, 0.0
    examples = [example for path in options.data for example in read_examples(path)]
    for example, (text, words, known) in zip(examples, reading(examples, None), strict=True):
        start = time.process_time()
        spans = list(tagger.spans(reader(text, words, known)))
        seconds += time.process_time() - start
        size += len(text)
        gold = {(a, b, renamed.get(kind, kind)) for a, b, kind in example.spans}
        found = {(s.start, s.end, renamed.get(s.label, s.label)) for s in spans}
        for kinds, counted in ((right, gold & found), (given, found), (wanted, gold)):
            kinds.update(kind for _, _, kind in counted)
    total = (right.total(), given.total(), wanted.total())
    for kind, (r, g, w) in [
        ("all", total),
        *((k, (right[k], given[k], wanted[k])) for k in sorted(wanted | given)),
    ]:
        p, q = r / g if g else 0.0, r / w if w else 0.0
        print(f"{kind:14}P {p:.4f}  R {q:.4f}  F1 {2 * p * q / (p + q) if p + q else 0:.4f}  ({w})")
    print(f"{size:,} characters, {size / seconds:,.0f} a second")


if __name__ == "__main__":
    main()
