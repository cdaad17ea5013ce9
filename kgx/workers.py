"""Extraction of many documents, by one process or several; the same results in the same order.

A document that takes too long, or kills the process that reads it, is skipped and named; the run goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache, partial
from io import BytesIO
from itertools import chain
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgx import errors, model
from kgx.errors import KgxError, Skip
from kgx.garbage import seldom_collected
from kgx.model import Document, Extraction
from kgx.signals import held, release
from kgx.timelimit import DOCUMENT_SECONDS, Late, time_limit

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from spacy.language import Language

CHUNK_DOCUMENTS = 64
CHUNK_CHARACTERS = 100_000  # a chunk ends at whichever comes first, so that few texts are in memory
CHUNKS_AHEAD = 2  # chunks under way for each process
_GRACE = 1.5  # times that, before a process that does not stop by itself is killed
_START = 120.0  # seconds that a process may take to make its pipeline

Prepare = Callable[[Document], Document]  # what can be sent to another process


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a process needs to make its pipeline: a folder of rules, and whether a model runs, or which."""

    rules: str | None = None
    model: bool | str = True

    def cook(self) -> Language:
        """Make the pipeline; raises RuleError or KgxError where the rules are wrong or missing."""
        from kgx.nlp.pipeline import make_pipeline
        from kgx.rulebook import RuleFolder

        return make_pipeline(RuleFolder(self.rules), model=self.model)

    def absolute_model(self) -> bool | str:
        """The model as it is called from any folder: by its path where it is a file or a folder here."""
        if isinstance(self.model, str) and Path(self.model).exists():
            return str(Path(self.model).resolve())
        return self.model

    def stamp(self) -> str:
        """What tells one model from another: its name, and size and time of its file where it is one."""
        path = Path(self.model) if isinstance(self.model, str) else None
        if path is None or not path.is_file():
            return str(self.model)
        found = path.stat()
        return f"{path.resolve()} {found.st_size} {found.st_mtime_ns}"


def extract_all(
    documents: Iterable[Document],
    recipe: Recipe,
    processes: int,
    on_skip: Callable[[Skip], None],
    *,
    prepare: Prepare | None = None,
    seconds: float = DOCUMENT_SECONDS,
    soon: bool = False,
) -> Iterator[Extraction]:
    """Yield what each document says, in the order given; `prepare` is done with each before it is read.

    A document that breaks a stage is skipped, and so is one that takes longer than `seconds`; with several
    processes, also one that kills its process. (One process can stop a document only between two steps of
    Python, and where it is the main thread.) `documents` is read only as far as results are asked for, and a
    bounded number of chunks ahead; no pipeline is made where there is none. Where one is expected `soon`, and
    there are several processes, the first begins with its pipeline before that is known. Raises RuleError or
    KgxError where the pipeline can't be made.
    """
    left = iter(documents)
    if not soon or processes == 1:
        first = next(left, None)
        if first is None:
            return
        left = chain([first], left)
    if processes == 1:
        nlp = recipe.cook()
        results: Iterable[Extraction | Skip] = (_extract(nlp, one, prepare, seconds) for one in left)
    else:
        results = _Pool(recipe, processes, prepare, seconds).results(chunks(left))
    for result in results:
        if isinstance(result, Skip):
            on_skip(result)
        else:
            yield result


def chunks(documents: Iterable[Document]) -> Iterator[tuple[Document, ...]]:
    """Cut a stream of documents into chunks of bounded size, at least one document each."""
    chunk: list[Document] = []
    size = 0
    for document in documents:
        chunk.append(document)
        size += len(document.text)
        if len(chunk) >= CHUNK_DOCUMENTS or size >= CHUNK_CHARACTERS:
            yield tuple(chunk)
            chunk, size = [], 0
    if chunk:
        yield tuple(chunk)


@dataclass(slots=True, eq=False)
class _Task:
    """A chunk: the documents still to be read, in order, and what came of those before."""

    left: deque[Document]
    results: list[Extraction | Skip] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Worker:
    """A process, the task that it has, and until when it must be heard of."""

    process: SpawnProcess
    pipe: Connection
    task: _Task | None = None
    ready: bool = False
    deadline: float = 0.0


class _Pool:
    """Processes that are started once. One that dies or hangs is replaced, and its document named."""

    def __init__(self, recipe: Recipe, processes: int, prepare: Prepare | None, seconds: float) -> None:
        self._recipe = recipe
        self._prepare = prepare
        self._number = processes
        self._seconds = seconds
        self._context = multiprocessing.get_context("spawn")  # a fork copies locks that other threads hold
        self._workers: list[_Worker] = []
        self._waiting: deque[_Task] = deque()  # tasks that no worker has
        self._starts = 0  # processes that died before they had made a pipeline

    def results(self, stream: Iterator[tuple[Document, ...]]) -> Iterator[Extraction | Skip]:
        """What comes of each document, in order."""
        order: deque[_Task] = deque()
        more = True
        try:
            self._start()  # it makes its pipeline while the first chunk is read
            while more or order:
                while more and len(order) < self._number * (CHUNKS_AHEAD + 1):
                    chunk = next(stream, None)
                    if chunk is None:
                        more = False
                        break
                    order.append(_Task(deque(chunk)))
                    self._waiting.append(order[-1])
                    self._hand_out()
                if not order:
                    return
                while order[0].left:
                    self._listen()
                yield from order.popleft().results
        finally:
            self._end()

    def _hand_out(self) -> None:
        """Give tasks to workers that have none; start workers as far as there are tasks for them."""
        while self._waiting:
            idle = next((one for one in self._workers if one.task is None), None)
            if idle is None:
                if len(self._workers) == self._number:
                    return
                idle = self._start()
            idle.task = self._waiting.popleft()
            idle.deadline = time.monotonic() + (self._allowed() if idle.ready else _START)
            try:
                idle.pipe.send(tuple(idle.task.left))
            except (BrokenPipeError, OSError):
                self._lost(idle, None)

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        orders = theirs, self._recipe, self._prepare, self._seconds
        process = self._context.Process(target=_work, args=orders, daemon=True)
        if os.name == "posix":
            resource_tracker.ensure_running()  # which would let signals through when it is started
        with held(signal.SIGINT, signal.SIGTERM):  # one half started would end with a traceback
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _allowed(self) -> float:
        return self._seconds * _GRACE + 1

    def _listen(self) -> None:
        """Take what workers send, until one has sent something or is given up."""
        busy = [one for one in self._workers if one.task is not None]
        nearest = min(one.deadline for one in busy)
        heard = wait([one.pipe for one in busy], max(0.0, nearest - time.monotonic()))
        for worker in busy:
            if worker.pipe in heard:
                try:
                    message = worker.pipe.recv()
                except (EOFError, OSError):
                    self._lost(worker, errors.WORKER_LOST)
                    continue
                self._take(worker, message)
            elif time.monotonic() >= worker.deadline:
                self._lost(worker, errors.TOO_SLOW if worker.ready else errors.WORKERS_SLOW)
        self._hand_out()

    def _take(self, worker: _Worker, message: Extraction | Skip | KgxError | None) -> None:
        if isinstance(message, KgxError):
            raise message
        worker.deadline = time.monotonic() + self._allowed()
        if message is None:
            worker.ready = True
            self._starts = 0
            return
        assert worker.task is not None
        worker.task.left.popleft()
        worker.task.results.append(message)
        if not worker.task.left:
            worker.task = None

    def _lost(self, worker: _Worker, reason: str | None) -> None:
        """Give a worker up, and the document that it had; the rest of its task goes to another."""
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        task = worker.task
        assert task is not None
        if not worker.ready:
            self._starts += 1
            if self._starts > self._number:
                raise KgxError(errors.WORKERS_DIED)
        elif reason is not None:
            document = task.left.popleft()
            text = reason.format(id=document.id, seconds=self._seconds)
            task.results.append(Skip(document.path or document.id, text))
        if task.left:
            self._waiting.appendleft(task)

    def _end(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()
        self._workers.clear()


@seldom_collected()
def _work(pipe: Connection, recipe: Recipe, prepare: Prepare | None, seconds: float) -> None:
    """The life of a worker: makes its pipeline, then answers each document of each chunk that it is sent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    release(signal.SIGINT, signal.SIGTERM)
    said: KgxError | None = None
    try:
        nlp = _pipeline(recipe)
    except KgxError as fault:
        said = fault
    reducers = _reducers()
    with suppress(EOFError, OSError):  # the parent is gone
        pipe.send(said)
        while said is None:
            for document in pipe.recv():
                pipe.send_bytes(_pickled(_extract(nlp, document, prepare, seconds), reducers))


def _reducers() -> dict[type, Callable[[Any], tuple[type, tuple[Any, ...]]]]:
    """How records are pickled: as a call of their class, in half the time that dataclasses otherwise take."""
    records = [one for one in vars(model).values() if isinstance(one, type) and is_dataclass(one)]
    return {one: partial(_reduced, one, attrgetter(*(part.name for part in fields(one)))) for one in records}


def _reduced(
    record: type, values: Callable[[Any], tuple[Any, ...]], value: Any
) -> tuple[type, tuple[Any, ...]]:
    return record, values(value)


def _pickled(value: Extraction | Skip, reducers: Mapping[type, Any]) -> bytes:
    out = BytesIO()
    pickler = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = reducers
    pickler.dump(value)
    return out.getvalue()


@lru_cache(maxsize=1)
def _pipeline(recipe: Recipe) -> Language:
    """The pipeline of a worker process."""
    return recipe.cook()


def _extract(nlp: Language, document: Document, prepare: Prepare | None, seconds: float) -> Extraction | Skip:
    from kgx.nlp.pipeline import extract_document

    try:
        with time_limit(seconds):
            return extract_document(nlp, document if prepare is None else prepare(document))
    except Late:
        reason = errors.TOO_SLOW.format(id=document.id, seconds=seconds)
    except Exception as fault:  # one bad document must not cost the others; it is named
        reason = errors.BROKEN_DOCUMENT.format(id=document.id, reason=f"{type(fault).__name__}: {fault}")
    return Skip(document.path or document.id, " ".join(reason.split()))
