"""Score the names of THULAC and of jieba's tags as mentions, beside kgx, on annotated articles.

    python tools/peers.py GOLD [--years FIRST-LAST]

Two rows for each: all mentions of the annotation, with its types; and a row that is fair to tools of three
types: persons, places and organizations alone, Country and Place one type, groups left out. A tool that is
not installed (pip install thulac) is passed over.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO

from kgx.annotated import read_records, select
from kgx.evaluate import mentions
from kgx.nlp.pipeline import extract_document, make_pipeline
from kgx.readers.reading import from_text
from kgx.scores import Tally

Span = tuple[int, int, str]
TAGS = {"nr": "Person", "ns": "Place", "nt": "Organization"}  # jieba's
GROUP = "group of "  # before the type of what names several at once
THULAC = {"np": "Person", "ns": "Place", "ni": "Organization"}


def spans(words: Iterable[tuple[str, str]], text: str, types: dict[str, str]) -> Iterator[Span]:
    """The words whose tag is a type's, where they stand in the text."""
    at = 0
    for word, tag in words:
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        kind = next((types[one] for one in types if tag.startswith(one)), None)
        if kind is not None:
            yield start, at, kind


def tools() -> dict[str, Callable[[str], Iterable[Span]]]:
    """The tools that are installed, each from a text to its names."""
    from jieba import posseg

    nlp = make_pipeline()

    def ours(text: str) -> Iterable[Span]:
        found = extract_document(nlp, from_text(text)).mentions
        return [(m.start, m.end, m.type if len(m.names) == 1 else GROUP + m.type) for m in found]

    found: dict[str, Callable[[str], Iterable[Span]]] = {
        "kgx": ours,
        "jieba's tags": lambda text: spans(((p.word, p.flag) for p in posseg.cut(text)), text, TAGS),
    }
    if find_spec("thulac") is not None:
        import thulac

        with redirect_stdout(StringIO()):  # it tells that its model is loaded
            tagger = thulac.thulac()
        found["THULAC"] = lambda text: spans(tagger.cut(text), text, THULAC)
    return found


def fair(found: Iterable[Span]) -> set[Span]:
    """Names of persons, places and organizations alone, countries among the places."""
    types = {"Country": "Place", "Person": "Person", "Place": "Place", "Organization": "Organization"}
    return {(start, end, types[kind]) for start, end, kind in found if kind in types}


def persons(found: Iterable[Span]) -> set[Span]:
    """Names of persons alone."""
    return {one for one in found if one[2] == "Person"}


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold")
    parser.add_argument("--years", default="0-9999", metavar="FIRST-LAST")
    options = parser.parse_args()
    first, last = map(int, options.years.split("-"))
    articles = select(read_records(options.gold), years=range(first, last + 1)).values()
    print("| tool | mentions | three types, no groups | persons |\n| --- | ---: | ---: | ---: |")
    for name, read in tools().items():
        tallies = Tally(), Tally(), Tally()
        for one in articles:
            gold = {(a, b, GROUP * (len(names) > 1) + kind) for a, b, kind, names in mentions(one)}
            found = set(read(one["text"]))
            for tally, view in zip(tallies, (set, fair, persons), strict=True):
                wanted, given = view(gold), view(found)
                tally.add(len(wanted & given), len(given), len(wanted))
        print(f"| {name} | " + " | ".join(f"{tally.f1:.3f}" for tally in tallies) + " |")


if __name__ == "__main__":
    main()
