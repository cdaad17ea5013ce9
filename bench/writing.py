"""Triples a second of writing a graph, beside rdflib on the same triples.

python bench/writing.py [--items N]
"""

from __future__ import annotations

import argparse
from io import BytesIO

import rdflib
from sample import sample, table, timed

from kgx.merge import merge
from kgx.nlp.pipeline import extract_document, make_pipeline
from kgx.rdf.write import write

FORMS = (("turtle", "turtle"), ("nquads", "nt"))  # ours, and rdflib's of the same triples


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=500)
    options = parser.parse_args()
    nlp = make_pipeline(model=False)
    graph = merge(extract_document(nlp, one) for one in sample(options.items)[1])
    rows = []
    for ours, theirs in FORMS:
        out = BytesIO()
        seconds, _ = timed(lambda ours=ours, out=out: write(graph, out, ours))
        parsed = rdflib.Dataset() if ours == "nquads" else rdflib.Graph()
        parsed.parse(data=out.getvalue(), format=ours)
        triples = len(parsed)
        form = "nquads" if ours == "nquads" else theirs
        other, _ = timed(lambda parsed=parsed, form=form: parsed.serialize(format=form))
        rows.append(
            (
                ours,
                f"{triples:,}",
                f"{triples / seconds:,.0f}",
                f"{triples / other:,.0f}",
                f"{other / seconds:.1f}",
            )
        )
    header = ("form", "statements", "kgx, a second", "rdflib, a second", "times as fast")
    print("Writing; what kgx takes holds the making of the statements out of the graph.\n")
    print(table(header, rows), end="")


if __name__ == "__main__":
    main()
