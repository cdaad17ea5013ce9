"""Rename the persons and towns of annotated articles, to measure how names that no list has are found.

    python tools/unseen.py GOLD -o FILE.jsonl [--seed N]
    kgx eval FILE.jsonl --detail

Writes records of mentions only: other measures of the second command mean nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

from kgx.annotated import read_records
from kgx.evaluate import mentions
from kgx.lexicon import load_lexicon
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.names import PersonRules

sys.path.insert(0, str(Path(__file__).resolve().parent))
from silver import TOWNS, Disguise, Labelled


def main() -> None:
    """Rename and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    lexicon = load_lexicon(RuleFolder())
    (persons,) = load_yaml(RuleFolder().find("persons.yml"), PersonRules)
    disguise = Disguise(lexicon, persons)
    dice = random.Random(options.seed)
    lines = []
    for key, record in read_records(options.gold).items():
        text = record["text"]
        found = sorted(mentions(record), key=lambda m: (m[0], m[1]))
        several = {(a, b): len(names) for a, b, _, names in found}
        spans = [(a, b, kind) for a, b, kind, _ in found]
        towns = frozenset(
            a
            for a, b, kind in spans
            if kind == "Place" and any(e.kind in TOWNS for e in lexicon.surfaces.get(text[a:b], ()))
        )
        new = disguise.apply(Labelled(key, text, spans, [], towns), dice)
        named = [
            {"start": a, "end": b, "type": kind, "names": [str(i) for i in range(several[old[:2]])]}
            for (a, b, kind), old in zip(new.spans, spans, strict=True)
        ]
        lines.append(
            json.dumps(
                {
                    "id": key,
                    "date": record.get("date"),
                    "text": new.text,
                    "entities": [],
                    "facts": [],
                    "mentions": named,
                },
                ensure_ascii=False,
            )
        )
    options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
