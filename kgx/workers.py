"""Extraction of many documents, by one process or several; the same results in the same order."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kgx import errors
from kgx.errors import KgxError, Skip
from kgx.model import Document, Extraction

if TYPE_CHECKING:
    from spacy.language import Language

CHUNK_DOCUMENTS = 64
CHUNK_CHARACTERS = 100_000  # a chunk ends at whichever comes first, so that few texts are in memory
CHUNKS_AHEAD = 2  # chunks under way for each process


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


def extract_all(
    documents: Iterable[Document], recipe: Recipe, processes: int, on_skip: Callable[[Skip], None]
) -> Iterator[Extraction]:
    """Yield what each document says, in the order given; a document that breaks a stage is skipped.

    `documents` is read only as far as results are asked for, and a bounded number of chunks ahead.
    Raises RuleError or KgxError where the pipeline can't be made or a process dies.
    """
    if processes == 1:
        nlp = recipe.cook()
        results: Iterable[Extraction | Skip] = (_extract(nlp, document) for document in documents)
    else:
        results = _in_pool(chunks(documents), recipe, processes)
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


def _in_pool(
    stream: Iterable[tuple[Document, ...]], recipe: Recipe, processes: int
) -> Iterator[Extraction | Skip]:
    under_way: deque[Future[list[Extraction | Skip]]] = deque()
    context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
    pool = ProcessPoolExecutor(processes, mp_context=context)
    try:
        for chunk in stream:
            under_way.append(pool.submit(_extract_chunk, recipe, chunk))
            if len(under_way) > processes * CHUNKS_AHEAD:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()
    except BrokenProcessPool:
        raise KgxError(errors.WORKERS_DIED) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@lru_cache(maxsize=1)
def _pipeline(recipe: Recipe) -> Language:
    """The pipeline of a worker process, made at its first chunk."""
    return recipe.cook()


def _extract_chunk(recipe: Recipe, chunk: tuple[Document, ...]) -> list[Extraction | Skip]:
    nlp = _pipeline(recipe)
    return [_extract(nlp, document) for document in chunk]


def _extract(nlp: Language, document: Document) -> Extraction | Skip:
    from kgx.nlp.pipeline import extract_document

    try:
        return extract_document(nlp, document)
    except Exception as fault:  # one bad document must not cost the others; it is named
        reason = errors.BROKEN_DOCUMENT.format(id=document.id, reason=f"{type(fault).__name__}: {fault}")
        return Skip(document.path or document.id, " ".join(reason.split()))
