"""Characters a second of each stage and of the whole, in one process, beside jieba and THULAC.

    python bench/speed.py [--items N] [--file FILE] [--no-peers]

The whole is what `kgx build` does up to graph.ttl, reading apart: extraction, merging, Turtle. All rows are
of one run over the same text; THULAC, which is slow, reads the first articles of it alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any

from sample import machine, peak, sample, table, timed

from kgx.garbage import seldom_collected
from kgx.merge import merge
from kgx.model import Document, Extraction
from kgx.nlp.pipeline import extract_document, make_pipeline
from kgx.rdf.write import write

THULAC_CHARACTERS = 100_000


class Stages:
    """Seconds spent in each component, by wrapping what the pipeline calls."""

    def __init__(self, nlp: Any) -> None:
        """`nlp`: the pipeline; its components are timed from now on."""
        self.seconds: dict[str, float] = {}
        for place, (name, component) in enumerate(nlp._components):
            nlp._components[place] = (name, self._timed(name, component))

    def _timed(self, name: str, component: Callable[..., Any]) -> Callable[..., Any]:
        self.seconds[name] = 0.0

        def run(doc: Any, **settings: Any) -> Any:
            start = time.perf_counter()
            try:
                return component(doc, **settings)
            finally:
                self.seconds[name] += time.perf_counter() - start

        return run


@seldom_collected()
def whole(nlp: Any, documents: Iterable[Document]) -> bytes:
    """Extraction to Turtle, as a build does it."""
    graph = merge(extract_document(nlp, document) for document in documents)
    out = BytesIO()
    write(graph, out, "turtle")
    return out.getvalue()


@seldom_collected()
def stages(documents: list[Document], model: bool) -> list[tuple[str, float]]:
    """(stage, seconds), the whole last; timing each stage costs a little, so it is a pass of its own."""
    nlp = make_pipeline(model=model)
    whole(nlp, documents[:20])  # caches filled, as in any longer run
    total, _ = timed(lambda: whole(nlp, documents))
    spent = Stages(nlp)
    extractions: list[Extraction] = []
    extraction, _ = timed(lambda: extractions.extend(extract_document(nlp, one) for one in documents))
    merging, graph = timed(lambda: merge(extractions))
    writing, _ = timed(lambda: write(graph, BytesIO(), "turtle"))
    rows = [(f"- {name}", seconds) for name, seconds in spent.seconds.items()]
    return [*rows, ("extraction", extraction), ("merge", merging), ("Turtle", writing), ("**whole**", total)]


def peers(documents: list[Document]) -> list[tuple[str, float, int]]:
    """(peer, seconds, characters) of the taggers that can be imported."""
    texts = [document.text for document in documents]
    out = []
    import jieba.posseg

    jieba.setLogLevel("ERROR")
    tag = jieba.posseg.POSTokenizer(jieba.Tokenizer()).lcut
    tag(texts[0])  # the dictionary loaded
    seconds, _ = timed(lambda: [tag(text) for text in texts])
    out.append(("jieba.posseg", seconds, sum(map(len, texts))))
    try:
        import thulac
    except ImportError:
        return out
    with redirect_stdout(sys.stderr):  # it says on standard output that it is there
        lac = thulac.thulac()
    ends = accumulate(map(len, texts))
    few = [text for text, end in zip(texts, ends, strict=True) if end <= THULAC_CHARACTERS] or texts[:1]
    seconds, _ = timed(lambda: [lac.cut(text) for text in few])
    out.append(("THULAC", seconds, sum(map(len, few))))
    return out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=3000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--no-peers", action="store_true", help="kgx alone")
    options = parser.parse_args()
    name, documents = sample(options.items, options.file)
    characters = sum(len(document.text) for document in documents)
    plain = stages(documents, model=False)
    memory = peak()
    full = dict(stages(documents, model=True))
    plain_of, rows = dict(plain), []
    order = list(dict.fromkeys([*full, *plain_of]))
    for stage in order:
        cells = [
            f"{characters / spent[stage]:,.0f}" if spent.get(stage) else "" for spent in (plain_of, full)
        ]
        rows.append((stage, *cells))
    if not options.no_peers:
        ours = characters / plain_of["**whole**"]
        for peer, seconds, read in peers(documents):
            rows.append(
                (f"{peer} (kgx is {ours * seconds / read:.2f} times as fast)", f"{read / seconds:,.0f}", "")
            )
    print(f"Sample: {name}; {characters:,} characters. {machine()}, one process; {memory:,.0f} MB at most.\n")
    print(table(("characters a second", "without the model", "with the model"), rows), end="")


if __name__ == "__main__":
    main()
