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
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgx import errors
from kgx.errors import KgxError, OptionError, Skip
from kgx.garbage import seldom_collected
from kgx.model import Document, Extraction
from kgx.report import Report, make_report
from kgx.staging import staged_file
from kgx.timelimit import DOCUMENT_SECONDS
from kgx.workers import Recipe, extract_all

if TYPE_CHECKING:
    from spacy.language import Language

    from kgx.knowledge import KnowledgeGraph
    from kgx.rulebook import RuleFolder

Inputs = str | Path | Iterable[str | Path]
OnSkip = Callable[[Skip], None]
OnDocument = Callable[[Extraction], None]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a run made: the report and, when it is asked for, the graph.

    `read` documents were new or changed, `withdrawn` are no longer there; `changed` tells whether any file
    was written. `idle` has a line for each of the user's decisions on who is who that nothing is about.
    """

    report: Report
    read: int
    withdrawn: int
    changed: bool
    _graph: Callable[[], KnowledgeGraph]
    idle: tuple[str, ...] = ()

    @property
    def graph(self) -> KnowledgeGraph:
        """The graph of all documents."""
        return self._graph()


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


@seldom_collected()
def run(
    inputs: Inputs,
    out: str | Path | None = None,
    *,
    rules: str | Path | None = None,
    base_iri: str | None = None,
    formats: str | Iterable[str] | None = None,
    processes: int = 1,
    model: bool | str = True,
    fields: str | Mapping[str, str] | None = None,
    date: str | None = None,
    encoding: str | None = None,
    document_timeout: float = DOCUMENT_SECONDS,
    stream: bool = False,
    on_skip: OnSkip | None = None,
    on_document: OnDocument | None = None,
) -> BuildResult:
    """Build the graph of all articles in `inputs`, and write it into the folder `out`.

    What an earlier build into the folder read, by the same rules, is not read again; `on_document` hears of
    every document that is. `formats` are those of `kgx.outputs.FORMATS` (all where it is None), and
    `document_timeout` the seconds that one document may take. `on_skip` hears of every input that is left
    out. With `stream` all is read, sorted on disk and written as N-Quads alone, and memory never holds the
    graph. Files are written whole or not at all. Raises KgxError where the folder can't be written, the rules
    are wrong, or no article was found.
    """
    from kgx.iri import check_base
    from kgx.outputs import formats_of
    from kgx.rulefiles import known_rules

    if base_iri is not None:
        check_base(base_iri)
    wanted = formats_of("nquads" if stream and formats is None else formats)
    if stream and (out is None or wanted != ("nquads",)):
        raise OptionError(errors.STREAM_OPTIONS)
    folder = known_rules(rules)
    skipped: list[Skip] = []
    job = _Job(
        inputs=tuple(_paths(inputs)),
        recipe=Recipe(None if rules is None else str(rules), model),
        rules=folder,
        processes=processes,
        reading={"fields": fields, "date": date, "encoding": encoding},
        seconds=document_timeout,
        on_skip=_both(skipped.append, on_skip),
        on_document=on_document or _unheard,
    )
    if out is None:
        return _in_memory(job, skipped)
    if stream:
        return _streamed(job, Path(out), base_iri, skipped)
    return _into(job, Path(out), wanted, base_iri, skipped)


@dataclass(frozen=True, slots=True)
class _Job:
    """What is read, and how."""

    inputs: tuple[str, ...]
    recipe: Recipe
    rules: RuleFolder
    processes: int
    reading: Mapping[str, Any]
    seconds: float
    on_skip: OnSkip
    on_document: OnDocument

    def documents(self) -> Iterator[Document]:
        """The documents, as the readers give them before they are annotated."""
        from kgx.readers import read

        return read(
            self.inputs,
            **self.reading,
            on_skip=self.on_skip,
            rules=self.rules,
            annotated=False,
            document_timeout=self.seconds,
        )

    def extract(self, documents: Iterable[Document], soon: bool = False) -> Iterator[Extraction]:
        """What these documents say; `soon` as for `extract_all`."""
        from kgx.readers.reading import finished

        prepare = partial(finished, date=self.reading["date"], rules=self.rules)
        rest = self.recipe, self.processes, self.on_skip
        return extract_all(documents, *rest, prepare=prepare, seconds=self.seconds, soon=soon)


def _in_memory(job: _Job, skipped: list[Skip]) -> BuildResult:
    from kgx.merge import Merger
    from kgx.provenance import this_run
    from kgx.report import Tally, counted, counts_of
    from kgx.resolve.claims import claims_of
    from kgx.resolve.decisions import of_build
    from kgx.resolve.idle import idle
    from kgx.resolve.policy import load_policy

    clock = _Clock()
    policy = load_policy(job.rules)
    merger = Merger(policy, of_build(None, job.rules))
    tallies = []
    for extraction in job.extract(job.documents()):
        claims = claims_of(extraction, policy)
        merger.add(claims)
        tallies.append(counted(extraction, claims.stopped))
        job.on_document(extraction)
    if not tallies:
        raise KgxError(errors.NOTHING_READ.format(inputs=", ".join(job.inputs)))
    graph = merger.graph(this_run(job.rules))
    clock.lap("extract and merge")
    report = make_report(counts_of(graph), Tally.of(tallies), skipped, clock.seconds, graph.run.rules)
    lines = idle(merger.decisions, (mark for marks in merger.obeyed.values() for mark in marks))
    return BuildResult(report, len(tallies), 0, False, lambda: graph, tuple(lines))


def _into(
    job: _Job, out: Path, formats: tuple[str, ...], base_iri: str | None, skipped: list[Skip]
) -> BuildResult:
    from kgx.building import Plan, build_into, reading_of
    from kgx.built import read_build
    from kgx.provenance import this_run
    from kgx.state.folder import BuildFolder
    from kgx.state.folder import begun as noted

    clock = _Clock()
    reading = reading_of(job.rules, model=job.recipe.stamp(), **job.reading)
    plan = Plan(job.rules, reading, formats, job.inputs, base_iri, job.processes)
    documents = job.documents()  # before anything is begun: an import that is interrupted ends the process
    with BuildFolder.hold(out) as folder:
        resumed = noted(out) is not None  # it may have died with its files in place, and no report
        folder.begin(
            {
                "inputs": [one if one == "-" else _absolute(one) for one in job.inputs],
                "rules": job.recipe.rules and _absolute(job.recipe.rules),
                "model": job.recipe.absolute_model(),
                "base_iri": base_iri,
                "formats": list(formats),
                "processes": job.processes,
                "document_timeout": job.seconds,
                **job.reading,
            }
        )
        made = build_into(folder, documents, job.extract, plan, job.on_document, clock.lap)
        rules = this_run(job.rules).rules
        report = make_report(made.counts, made.tally, skipped, clock.seconds, rules)
        if made.changed or skipped or resumed:
            _write_report(report, out)
        folder.forget()
    graph = made.graph
    return BuildResult(
        report,
        made.read,
        made.withdrawn,
        made.changed,
        lambda: graph if graph is not None else read_build(out, mentions=False, rules=job.rules),
        made.idle,
    )


def _streamed(job: _Job, out: Path, base_iri: str | None, skipped: list[Skip]) -> BuildResult:
    from kgx.built import read_build
    from kgx.resolve.decisions import of_build
    from kgx.state.folder import BuildFolder
    from kgx.streaming import Streamed

    clock = _Clock()
    with BuildFolder.hold(out) as folder:
        stage = folder.staged()
        made = Streamed(stage, job.rules, of_build(out, job.rules), base_iri)
        counts = made.build(job.extract(job.documents()), job.on_document)
        if not made.tally.documents:
            raise KgxError(errors.NOTHING_READ.format(inputs=", ".join(job.inputs)))
        clock.lap("read, extract, sort and write")
        report = make_report(counts, made.tally, skipped, clock.seconds, made.run.rules)
        _write_report(report, stage)
        for path in sorted(stage.glob("[!.]*")):
            path.replace(out / path.name)
    return BuildResult(
        report, made.tally.documents, 0, True, lambda: read_build(out, mentions=False, rules=job.rules)
    )


def _write_report(report: Report, folder: Path) -> None:
    with staged_file(folder / "report.json") as stream:
        stream.write(report.to_json())
    with staged_file(folder / "report.md") as stream:
        stream.write(report.to_markdown())


def resumable(out: str | Path) -> bool:
    """Whether there is an interrupted build into the folder to go on with."""
    from kgx.state.folder import begun as noted

    return noted(Path(out)) is not None


def begun(out: str | Path) -> dict[str, Any]:
    """What an interrupted build into the folder was told: the arguments of `run`.

    Raises KgxError where there is none to go on with.
    """
    from kgx.state.folder import begun as noted

    found = noted(Path(out))
    if found is None:
        raise KgxError(errors.RESUME_NOTHING.format(path=out))
    return found


def extractions(
    inputs: Inputs,
    *,
    rules: str | Path | None = None,
    processes: int = 1,
    model: bool | str = True,
    fields: str | Mapping[str, str] | None = None,
    date: str | None = None,
    encoding: str | None = None,
    document_timeout: float = DOCUMENT_SECONDS,
    on_skip: OnSkip | None = None,
) -> Iterator[Extraction]:
    """Yield what each article says, in the order of the inputs, while they are read."""
    from kgx.rulefiles import known_rules

    job = _Job(
        inputs=tuple(_paths(inputs)),
        recipe=Recipe(None if rules is None else str(rules), model),
        rules=known_rules(rules),
        processes=processes,
        reading={"fields": fields, "date": date, "encoding": encoding},
        seconds=document_timeout,
        on_skip=on_skip or _ignore,
        on_document=_unheard,
    )
    return job.extract(job.documents())


@seldom_collected()
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


@seldom_collected()
def predict(inputs: Inputs, **options: Any) -> dict[str, dict[str, Any]]:
    """{id: record} of what each article says; the options are those of `extractions`."""
    from kgx.facttypes import fact_types
    from kgx.records import to_json
    from kgx.rulebook import RuleFolder

    types = fact_types(RuleFolder(options.get("rules")))
    return {one.document.id: to_json(one, types) for one in extractions(inputs, **options)}


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


def _both(first: OnSkip, second: OnSkip | None) -> OnSkip:
    def hear(skip: Skip) -> None:
        first(skip)
        if second is not None:
            second(skip)

    return hear


def _ignore(_: Skip) -> None:
    return None


def _unheard(_: Extraction) -> None:
    return None


def _absolute(path: str) -> str:
    return str(Path(path).resolve())


def _paths(inputs: Inputs) -> list[str]:
    return [str(inputs)] if isinstance(inputs, (str, Path)) else [str(path) for path in inputs]


@lru_cache(maxsize=1)
def _shipped_pipeline() -> Language:
    return Recipe().cook()
