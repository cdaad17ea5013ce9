"""Characters a second of each stage and of the whole, in one process, with or without the statistical model.

    python bench/speed.py [--items N] [--file FILE] [--model]

The sample is the first N items (5,000 by default) of ../shared/corpus/xwlb-2022-2024.jsonl.gz; where
that is absent, the articles of examples/, over and over under new ids. The whole is what `kgx build`
does up to graph.ttl: reading apart, extraction, merging, Turtle. The table goes to standard output and
to outputs/bench.md.
"""

from __future__ import annotations

import argparse
import platform
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import islice
from pathlib import Path

from kgx.merge import merge
from kgx.model import Document, Extraction
from kgx.nlp.pipeline import extract_document, make_pipeline
from kgx.rdf.write import write
from kgx.readers import read
from kgx.rulebook import RuleFolder

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "xwlb-2022-2024.jsonl.gz"
OUTPUT = ROOT / "outputs" / "bench.md"


def sample(path: Path | None, items: int) -> tuple[str, list[Document]]:
    """What the sample is, and its documents."""
    source = path or (CORPUS if CORPUS.is_file() else None)
    if source is not None:
        return f"the first {items:,} items of {source.name}", list(islice(_read(source), items))
    articles = list(_read(ROOT / "examples"))
    repeated = [replace(articles[i % len(articles)], id=f"{i}") for i in range(items)]
    return f"the {len(articles)} example articles, repeated to {items:,}", repeated


def _read(path: Path) -> Iterator[Document]:
    return read([str(path)], fields=None, date=None, encoding=None, on_skip=print)


class Stages:
    """Seconds spent in each component, by wrapping what the pipeline calls."""

    def __init__(self, nlp: object) -> None:
        """`nlp`: the pipeline; its components are timed from now on."""
        self.seconds: dict[str, float] = {}
        pipeline = nlp._components  # type: ignore[attr-defined]
        for place, (name, component) in enumerate(pipeline):
            pipeline[place] = (name, self._timed(name, component))

    def _timed(self, name: str, component: Callable) -> Callable:  # type: ignore[type-arg]
        self.seconds[name] = 0.0

        def run(doc, **settings):  # type: ignore[no-untyped-def]
            start = time.perf_counter()
            try:
                return component(doc, **settings)
            finally:
                self.seconds[name] += time.perf_counter() - start

        return run


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds that the work took, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def whole(nlp: object, documents: Iterable[Document]) -> bytes:
    """Extraction to Turtle, as a build does it."""
    graph = merge(extract_document(nlp, document) for document in documents)
    out = BytesIO()
    write(graph, out, "turtle")
    return out.getvalue()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=5000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--model", action="store_true", help="run the statistical model too")
    options = parser.parse_args()
    name, documents = sample(options.file, options.items)
    characters = sum(len(document.text) for document in documents)
    loading, nlp = timed(lambda: make_pipeline(RuleFolder(), model=options.model))
    whole(nlp, documents[:20])  # caches filled, as in any longer run
    total, turtle = timed(lambda: whole(nlp, documents))

    # A second pass for the stages: timing each of them costs a little, so it is kept out of the first.
    stages = Stages(nlp)
    extractions: list[Extraction] = []
    extraction, _ = timed(lambda: extractions.extend(extract_document(nlp, one) for one in documents))
    merging, graph = timed(lambda: merge(extractions))
    writing, _ = timed(lambda: write(graph, BytesIO(), "turtle"))  # type: ignore[arg-type]
    rows = [(f"- {stage}", seconds) for stage, seconds in stages.seconds.items()]
    rows += [("extraction", extraction), ("merge", merging), ("Turtle", writing), ("**whole**", total)]
    lines = [
        f"Sample: {name}; {characters:,} characters; {len(turtle):,} bytes of Turtle.",  # type: ignore[arg-type]
        f"Machine: {platform.machine()}, Python {platform.python_version()}, one process; rules loaded in "
        f"{loading:.1f} s; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB.",
        "",
        "| stage | seconds | characters a second |",
        "| --- | ---: | ---: |",
    ]
    for stage, seconds in rows:
        lines.append(f"| {stage} | {seconds:.2f} | {characters / seconds if seconds else 0:,.0f} |")
    text = "\n".join(lines) + "\n"
    print(text, end="")
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
