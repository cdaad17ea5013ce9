"""The whole run: read, extract, merge, write; and its parts as plain functions.

`build` and `extract` are what users of the package call (`kgx.build`, `kgx.extract`); the command line
calls `run`, `extract_files` and `predict`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgx import errors
from kgx.errors import KgxError, Skip
from kgx.model import Extraction
from kgx.report import Report, Tally, make_report
from kgx.staging import staged_file, staged_folder
from kgx.workers import Recipe, extract_all

if TYPE_CHECKING:
    from spacy.language import Language

    from kgx.merge import KnowledgeGraph
    from kgx.rulebook import RuleFolder

RDF_FILES = {
    "graph.ttl": "turtle",
    "graph.trig": "trig",
    "graph.nq": "nquads",
    "graph.jsonld": "jsonld",
}

Inputs = str | Path | Iterable[str | Path]
OnSkip = Callable[[Skip], None]
OnDocument = Callable[[Extraction], None]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a run made: the graph and the report."""

    graph: KnowledgeGraph
    report: Report


def build(inputs: Inputs, out: str | Path | None = None, **options: Any) -> KnowledgeGraph:
    """Read articles and return their knowledge graph; write it to the folder `out` where one is given.

    `inputs` is a path or several: files, folders, globs. The options are those of `run`. Raises
    KgxError where nothing could be read or written.
    """
    return run(inputs, out, **options).graph


def extract(text: str, *, date: str | None = None, **fields: Any) -> Extraction:
    """What one text states. Offsets count characters of `text`; relative dates count from `date`.

    `date` is the publication date, `YYYY-MM-DD`; without it relative dates stay unresolved. `fields`
    are further fields of Document (`id`, `title`, `publisher`, …).
    """
    from kgx.nlp.pipeline import extract_document
    from kgx.readers import from_text

    return extract_document(_shipped_pipeline(), from_text(text, date=date, **fields))


def run(
    inputs: Inputs,
    out: str | Path | None = None,
    *,
    rules: str | Path | None = None,
    base_iri: str | None = None,
    processes: int = 1,
    model: bool | str = True,
    fields: str | Mapping[str, str] | None = None,
    date: str | None = None,
    encoding: str | None = None,
    on_skip: OnSkip | None = None,
    on_document: OnDocument | None = None,
) -> BuildResult:
    """Build the graph of all articles in `inputs`, and write all files into the folder `out`.

    `on_skip` hears of every input that is left out, `on_document` of every document. Files are written
    whole or not at all. Raises KgxError where the folder can't be written, the rules are wrong, or no
    article was found.
    """
    from kgx.iri import check_base
    from kgx.merge import merge
    from kgx.rulebook import RuleFolder

    if base_iri is not None:
        check_base(base_iri)
    folder = RuleFolder(rules)

    clock = _Clock()
    skipped: list[Skip] = []
    tally = Tally()
    with ExitStack() as stack:
        stage = stack.enter_context(staged_folder(out)) if out is not None else None
        stream = extractions(
            inputs,
            rules=rules,
            processes=processes,
            model=model,
            fields=fields,
            date=date,
            encoding=encoding,
            on_skip=_both(skipped.append, on_skip),
        )
        graph = merge(_observed(stream, stage, tally, on_document, folder), rules=folder)
        clock.lap("extract and merge")
        if not tally.documents:
            raise KgxError(errors.NOTHING_READ.format(inputs=", ".join(map(str, _paths(inputs)))))
        if stage is not None:
            write_graph(graph, stage, base=base_iri)
            clock.lap("write")
            write_page(graph, stage)
            clock.lap("page")
        report = make_report(graph, tally, skipped, clock.seconds)
        if stage is not None:
            (stage / "report.json").write_text(report.to_json(), encoding="utf-8")
            (stage / "report.md").write_text(report.to_markdown(), encoding="utf-8")
    return BuildResult(graph, report)


def extractions(
    inputs: Inputs,
    *,
    rules: str | Path | None = None,
    processes: int = 1,
    model: bool | str = True,
    fields: str | Mapping[str, str] | None = None,
    date: str | None = None,
    encoding: str | None = None,
    on_skip: OnSkip | None = None,
) -> Iterator[Extraction]:
    """Yield what each article says, in the order of the inputs, while they are read."""
    from kgx.readers import read
    from kgx.rulebook import RuleFolder

    heard = on_skip or _ignore
    documents = read(
        _paths(inputs), fields=fields, date=date, encoding=encoding, on_skip=heard, rules=RuleFolder(rules)
    )
    recipe = Recipe(None if rules is None else str(rules), model)
    return extract_all(documents, recipe, processes, heard)


def extract_files(
    inputs: Inputs, out: str | Path = "-", *, on_document: OnDocument | None = None, **options: Any
) -> int:
    """Write what each article says to `out` as JSON Lines (`-`: standard output).

    Returns how many inputs were skipped; the options are those of `extractions`. Raises KgxError where
    the file can't be written or no article was found.
    """
    from kgx.facttypes import fact_types
    from kgx.records import dumps
    from kgx.rulebook import RuleFolder

    types = fact_types(RuleFolder(options.get("rules")))
    skipped: list[Skip] = []
    options["on_skip"] = _both(skipped.append, options.get("on_skip"))
    with ExitStack() as stack:
        stream = sys.stdout if out == "-" else stack.enter_context(staged_file(out))
        number = 0
        for extraction in extractions(inputs, **options):
            number += 1
            stream.write(dumps(extraction, types) + "\n")
            if on_document is not None:
                on_document(extraction)
        if not number:
            raise KgxError(errors.NOTHING_READ.format(inputs=", ".join(map(str, _paths(inputs)))))
    return len(skipped)


def predict(inputs: Inputs, **options: Any) -> dict[str, dict[str, Any]]:
    """{id: record} of what each article says; the options are those of `extractions`."""
    from kgx.facttypes import fact_types
    from kgx.records import to_json
    from kgx.rulebook import RuleFolder

    types = fact_types(RuleFolder(options.get("rules")))
    return {one.document.id: to_json(one, types) for one in extractions(inputs, **options)}


def write_graph(graph: KnowledgeGraph, folder: Path, *, base: str | None = None) -> None:
    """Write every form of the graph into a folder; `base` is what the IRIs of the data begin with."""
    from kgx.graph import write_gexf, write_graphml
    from kgx.rdf.write import write

    for name, format_ in RDF_FILES.items():
        with (folder / name).open("wb") as stream:
            write(graph, stream, format_, base=base)
    write_graphml(graph, folder / "graph.graphml")
    write_gexf(graph, folder / "graph.gexf")


def write_page(graph: KnowledgeGraph, folder: Path) -> None:
    """Write the page that shows the weightiest part of the graph, network.html, into a folder."""
    from kgx.viz.draw import PAGE
    from kgx.viz.page import page

    (folder / PAGE).write_text(page(graph), encoding="utf-8", newline="\n")


class _Clock:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._start = self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self.seconds["total"] = round(now - self._start, 3)
        self._last = now


def _observed(
    stream: Iterator[Extraction],
    stage: Path | None,
    tally: Tally,
    on_document: OnDocument | None,
    rules: RuleFolder,
) -> Iterator[Extraction]:
    """Pass extractions on, writing each to the stage's extractions.jsonl and counting it."""
    from kgx.facttypes import fact_types
    from kgx.records import dumps

    types = fact_types(rules)
    with ExitStack() as stack:
        lines = None
        if stage is not None:
            path = stage / "extractions.jsonl"
            lines = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
        for extraction in stream:
            tally.add(extraction)
            if lines is not None:
                lines.write(dumps(extraction, types) + "\n")
            if on_document is not None:
                on_document(extraction)
            yield extraction


def _both(first: OnSkip, second: OnSkip | None) -> OnSkip:
    def hear(skip: Skip) -> None:
        first(skip)
        if second is not None:
            second(skip)

    return hear


def _ignore(_: Skip) -> None:
    return None


def _paths(inputs: Inputs) -> list[str]:
    return [str(inputs)] if isinstance(inputs, (str, Path)) else [str(path) for path in inputs]


@lru_cache(maxsize=1)
def _shipped_pipeline() -> Language:
    return Recipe().cook()
