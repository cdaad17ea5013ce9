"""The build into a folder: only what is new or changed is read again, merged again and written again.

Each document is known by a digest of its text and of all that reads it. A build over the same documents does
nothing; one over a few others withdraws what the old ones claimed, adds the claims of the new, and writes
anew the blocks of the files that this touches. The files are then, byte for byte, those of a build from
nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

from kgx import errors, outputs
from kgx.errors import KgxError
from kgx.forking import side_by_side
from kgx.knowledge import KnowledgeGraph
from kgx.merge import Groups, Merger, grounds_of
from kgx.model import Document, Extraction
from kgx.provenance import Run, source_hash, this_run
from kgx.report import Counts, Tally, counted, counts_of, versions
from kgx.resolve.claims import Claims, claims_of
from kgx.resolve.decisions import Decisions, of_build
from kgx.resolve.idle import idle
from kgx.resolve.policy import Policy, load_policy
from kgx.rulebook import RuleFolder
from kgx.state.aside import aside
from kgx.state.blocks import copy_ranges
from kgx.state.change import Added, Updater
from kgx.state.database import FILE, Database
from kgx.state.folder import BuildFolder, Journal, stamps

_LINES = "lines"  # note: ids and lengths of the records, in order
_SETTINGS = "settings"  # note: what the files depend on beside the documents
_OBEYED = "obeyed"  # note: which of the user's decisions hold in which documents
_INPUTS = "inputs"  # note: size and time of each input, where all are files
_FEW = 0.05  # the part of all documents up to which a change is made block by block
_LEAST = 50  # so many documents always are

Extract = Callable[[Iterable[Document], bool], Iterator[Extraction]]  # whether one is expected soon


@dataclass(frozen=True, slots=True)
class Plan:
    """How a build reads and writes. `reading` is all that an extraction depends on beside its document."""

    rules: RuleFolder
    reading: str
    formats: tuple[str, ...]
    inputs: tuple[str, ...]
    base_iri: str | None = None
    processes: int = 1  # that write files


@dataclass(slots=True)
class Made:
    """What a build did: `read` documents were extracted, the graph was made of so many.

    `idle` has a line for each of the user's decisions that nothing in the graph is about.
    """

    read: int
    withdrawn: int
    changed: bool
    counts: Counts
    tally: Tally
    graph: KnowledgeGraph | None = None
    idle: tuple[str, ...] = ()


@dataclass(slots=True)
class _Read:
    """The documents of a run in their order, with their digests; those that were extracted now or before."""

    digests: dict[str, bytes] = field(default_factory=dict)
    fresh: dict[str, Claims | None] = field(default_factory=dict)  # None: its record is in the journal


def digests_by(reading: str) -> Callable[[Document], bytes]:
    """What tells whether a document is the one that was read before, by the same rules: a digest of it."""
    begun = hashlib.blake2b(reading.encode("utf-8", "surrogatepass"), digest_size=16)
    rest = attrgetter(*(one.name for one in fields(Document) if one.name not in ("path", "text")))

    def digest(document: Document) -> bytes:
        out = begun.copy()
        out.update(repr(rest(document)).encode("utf-8", "surrogatepass"))
        out.update(document.text.encode("utf-8", "surrogatepass"))
        return out.digest()

    return digest


def reading_of(rules: RuleFolder, **settings: Any) -> str:
    """All that an extraction depends on beside its document: code, libraries, rules, settings."""
    run = this_run(rules)
    held = {"code": source_hash(), "rules": run.rules, **versions(), **settings}
    return json.dumps(held, sort_keys=True, default=str)


def build_into(
    folder: BuildFolder,
    documents: Iterable[Document],
    extract: Extract,
    plan: Plan,
    on_document: Callable[[Extraction], None],
    lap: Callable[[str], None],
) -> Made:
    """Bring a folder up to date with the documents; `extract` reads those that are not known.

    `lap` is told of each stage that is done. The folder is as it was where anything fails; the records made
    so far are kept for the next run.
    """
    with folder.journal() as journal:
        return _Build(folder, journal, plan, lap).run(documents, extract, on_document)


class _Build:
    """One run."""

    def __init__(self, folder: BuildFolder, journal: Journal, plan: Plan, lap: Callable[[str], None]) -> None:
        self.lap = lap
        self.folder = folder
        self.journal = journal
        self.plan = plan
        self.run_: Run = this_run(plan.rules)
        self.decisions: Decisions = of_build(folder.path, plan.rules)
        self.inputs = stamps(plan.inputs)
        self.intact = folder.intact()
        self.known: dict[str, bytes] = {}
        self.lines: dict[str, tuple[int, int]] = {}
        base = folder.base
        if base is not None and outputs.EXTRACTIONS in self.intact:
            self.known = base.digests()
            at = 0
            for name, length in base.note(_LINES) or ():
                self.lines[name] = at, at + length
                at += length

    @cached_property
    def policy(self) -> Policy:
        """The rules that decide what is one; a build that changes nothing asks for none."""
        return load_policy(self.plan.rules)

    def run(
        self, documents: Iterable[Document], extract: Extract, on_document: Callable[[Extraction], None]
    ) -> Made:
        read = self._read(documents, extract, on_document)
        self.lap("read and extract")
        if not read.digests:
            raise KgxError(errors.NOTHING_READ.format(inputs=", ".join(self.plan.inputs)))
        withdrawn = set(self.known) - set(read.digests)
        settings = self._settings()
        base = self.folder.base
        same = base is not None and base.note(_SETTINGS) == settings and self._whole()
        order = list(read.digests) == list(self.lines)
        if base is not None and same and not read.fresh and not withdrawn and order and not self._stale():
            self.folder.forget()
            if self._expecting():  # the same, written again
                base.keep(_INPUTS, self.inputs)
            tally = Tally.of(base.tallies().values())
            return Made(0, 0, False, base_counts(base), tally, idle=self._idle(base))
        few = len(read.fresh) + len(withdrawn) <= max(_LEAST, _FEW * len(self.known))
        if base is not None and same and few:
            return self._change(base, read, withdrawn, settings)
        return self._anew(read, withdrawn, settings)

    def _whole(self) -> bool:
        """Whether all files that this run is to write are as the last one left them."""
        return {outputs.EXTRACTIONS, *(outputs.FILES[form] for form in self.plan.formats)} <= self.intact

    def _stale(self) -> set[str]:
        """The files of forms that are not wanted any more."""
        return self.folder.noted() - {
            outputs.EXTRACTIONS,
            *(outputs.FILES[form] for form in self.plan.formats),
        }

    def _settings(self) -> dict[str, Any]:
        decided = json.dumps(
            [sorted(self.decisions.merged.items()), sorted(self.decisions.split.items())], ensure_ascii=True
        )
        return {
            "reading": self.plan.reading,
            "base": self.plan.base_iri,
            "decisions": hashlib.sha256(decided.encode()).hexdigest(),
        }

    # -- reading ---------------------------------------------------------------------------------------

    def _read(
        self, documents: Iterable[Document], extract: Extract, on_document: Callable[[Extraction], None]
    ) -> _Read:
        digests: dict[str, bytes] = {}
        fresh: dict[str, Claims | None] = {}

        digest_of = digests_by(self.plan.reading)
        expecting = self._expecting()

        def unknown() -> Iterator[Document]:
            if expecting:
                _ = self.policy  # while another process, if there is one, loads its rules
            for document in documents:
                digest = digests[document.id] = digest_of(document)
                if self.known.get(document.id) == digest:
                    continue
                fresh[document.id] = None
                if digest not in self.journal:
                    yield document

        from kgx.records import dumps

        done = set()
        for extraction in extract(unknown(), expecting):
            name = extraction.document.id
            claims = claims_of(extraction, self.policy)
            tally = counted(extraction, claims.stopped)
            self.journal.add(digests[name], tally, dumps(extraction, self.policy.types))
            fresh[name] = claims
            done.add(name)
            on_document(extraction)
        skipped = {name for name in fresh if name not in done and digests[name] not in self.journal}
        return _Read(
            {name: digest for name, digest in digests.items() if name not in skipped},
            {name: one for name, one in fresh.items() if name not in skipped},
        )

    def _expecting(self) -> bool:
        """Whether a document is likely to be new: a file of the inputs is another than the last time."""
        base = self.folder.base
        return base is not None and self.inputs is not None and base.note(_INPUTS) != self.inputs

    def _added(self, name: str, read: _Read) -> Added:
        digest = read.digests[name]
        claims = read.fresh[name] or claims_of(_parsed(self.journal.line(digest)), self.policy)
        return Added(claims, digest, self.journal.tally(digest))

    # -- writing ---------------------------------------------------------------------------------------

    def _change(self, base: Database, read: _Read, withdrawn: set[str], settings: Mapping[str, Any]) -> Made:
        stage = self.folder.staged()
        added = {name: self._added(name, read) for name in read.fresh}
        graph = None
        with base.transaction():
            copies: Iterable[Callable[[], None]] = ()
            if added or withdrawn:
                updater = Updater(base, self.policy, self.decisions, self._unchanged)
                change = updater.apply(added, withdrawn, self.run_)
                held = {**(base.note(_OBEYED) or {}), **change.obeyed}
                base.keep(_OBEYED, {name: held[name] for name in sorted(held.keys() - withdrawn)})
                old, formats = self.folder.path, self.plan.formats
                copies = outputs.changing(change, old, stage, formats, self.plan.base_iri, base)
            with aside(copies):
                lengths = self._write_records(stage / outputs.EXTRACTIONS, read)
                base.keep(_LINES, lengths)
                base.keep(_SETTINGS, settings)
                base.keep(_INPUTS, self.inputs)
            if set(self.plan.formats) - outputs.BY_BLOCK and (added or withdrawn):
                graph = self._merged(stage / outputs.EXTRACTIONS).graph(self.run_)
                outputs.write_others(graph, stage, self.plan.formats, self.plan.rules)
            new = self.folder.seal(base, (outputs.FILES[form] for form in self.plan.formats))
        self.lap("merge and write")
        counts, tally, idle = base_counts(base), Tally.of(base.tallies().values()), self._idle(base)
        self.folder.replace(new)
        return Made(len(added), len(withdrawn), True, counts, tally, graph, idle)

    def _idle(self, base: Database) -> tuple[str, ...]:
        held = base.note(_OBEYED) or {}
        return tuple(idle(self.decisions, (mark for marks in held.values() for mark in marks)))

    def _anew(self, read: _Read, withdrawn: set[str], settings: Mapping[str, Any]) -> Made:
        stage = self.folder.staged()
        fresh = len(read.fresh)
        tallies = self._tallies(read)
        lengths = self._write_records(stage / outputs.EXTRACTIONS, read)
        merger = Merger(self.policy, self.decisions)
        with (stage / outputs.EXTRACTIONS).open("rb") as lines:
            for name, line in zip(read.digests, lines, strict=True):
                merger.add(read.fresh.pop(name, None) or claims_of(_parsed(line), self.policy))
        base = Database(stage / FILE)
        try:
            with base.transaction():
                base.clear()
                people = merger.persons()
                groups = Groups(self.policy)
                for claims in merger.resolved(people):
                    groups.add(claims)
                graph = groups.graph(self.run_)
                del groups
                self.lap("merge")
                graph = replace(graph, stopped=Tally.of(tallies.values()).stopped)
                works = outputs.writing(graph, stage, self.plan.formats, self.plan.base_iri, self.plan.rules)
                with side_by_side(works, self.plan.processes) as written:
                    for claims in merger.resolved(people):
                        name = claims.document.id
                        base.add(claims, read.digests[name], tallies[name], self.policy)
                        base.take(name, merger.claims[name].contexts, people.get(name, {}))
                    merger.claims.clear()
                    base.put_entities(graph.entities.values())
                    base.put_facts((key, fact.type) for key, fact in graph.facts.items())
                    base.put_edges(grounds_of(graph))
                    base.index()
                    for file, lengths_of in written:
                        base.put_blocks(file, lengths_of)
                self.lap("write")
                base.keep(_LINES, lengths)
                base.keep(_SETTINGS, settings)
                base.keep(_INPUTS, self.inputs)
                base.keep(_OBEYED, merger.obeyed)
                idle = self._idle(base)
                new = self.folder.seal(base)
        finally:
            base.close()
        self.folder.replace(new)
        tally = Tally.of(tallies.values())
        return Made(fresh, len(withdrawn), True, counts_of(graph), tally, graph, idle)

    def _tallies(self, read: _Read) -> dict[str, dict[str, Any]]:
        base = self.folder.base
        old = base.tallies() if base is not None and self.known else {}
        return {
            name: self.journal.tally(digest) if name in read.fresh else old[name]
            for name, digest in read.digests.items()
        }

    def _write_records(self, path: Path, read: _Read) -> list[tuple[str, int]]:
        """Write the records in the order of the documents; their ids and lengths."""
        lengths = []
        with path.open("wb", buffering=1 << 20) as out:
            old = (self.folder.path / outputs.EXTRACTIONS).open("rb") if self.lines else None
            try:
                waiting: list[tuple[int, int]] = []
                for name, digest in read.digests.items():
                    if name in read.fresh:
                        _flush(old, out, waiting)
                        line = self.journal.line(digest)
                        out.write(line)
                        lengths.append((name, len(line)))
                    else:
                        start, end = self.lines[name]
                        waiting.append((start, end))
                        lengths.append((name, end - start))
                _flush(old, out, waiting)
            finally:
                if old is not None:
                    old.close()
        return lengths

    def _unchanged(self, names: Iterable[str]) -> dict[str, Added]:
        """What documents claim whose records stand in the folder."""
        base = self.folder.base
        assert base is not None
        wanted = sorted(names)
        tallies = base.tallies(wanted)
        out = {}
        with (self.folder.path / outputs.EXTRACTIONS).open("rb") as lines:
            for name in wanted:
                lines.seek(self.lines[name][0])
                claims = claims_of(_parsed(lines.readline()), self.policy)
                out[name] = Added(claims, self.known[name], tallies[name])
        return out

    def _merged(self, path: Path) -> Merger:
        merger = Merger(self.policy, self.decisions)
        with path.open("rb") as lines:
            for line in lines:
                merger.add(claims_of(_parsed(line), self.policy))
        return merger


def base_counts(base: Database) -> Counts:
    """What the graph of a state has."""
    from kgx.model import ENTITY_TYPES

    types = base.count("entity", "type")
    return Counts(
        entities={ENTITY_TYPES[type_]: types[type_] for type_ in sorted(types)},
        facts=base.count("fact", "type"),
        positions=base.positions(),
        top=tuple((one.label, one.type, len(one.documents)) for one in base.top(Counts.MOST)),
    )


def _flush(old: IO[bytes] | None, out: IO[bytes], waiting: list[tuple[int, int]]) -> None:
    if old is not None and waiting:
        copy_ranges(old, out, waiting)
    waiting.clear()


def _parsed(line: bytes) -> Extraction:
    from kgx.records import from_json

    return from_json(json.loads(line))
