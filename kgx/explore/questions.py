"""The page of questions: ready-made ones and any in SPARQL, over the store of the build."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kgx.errors import KgxError
from kgx.explore.asked import asked
from kgx.explore.corpus import Corpus
from kgx.explore.files import Saved
from kgx.explore.pages import Answer, Page
from kgx.store.ask import bound
from kgx.store.embedded import FOLDER, state
from kgx.store.evaluate import Evaluator, Request
from kgx.store.parts import QUADS
from kgx.store.questions import FACTS, Question, filled, questions
from kgx.store.results import GRAPHS
from kgx.store.serve import Limits, Pool
from kgx.viz.links import Statement

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest

ROWS = 200  # that are shown; a file has all
LIMITS = Limits(seconds=20.0, rows=20_000, workers=2)
FORMS = {"csv": "csv", "tsv": "tsv", "json": "json", "xml": "xml", "ttl": "ttl"}
PREFIX = "p_"  # before the name of a parameter in an address
_SHOWN = 5  # statements of one row
_FIRST = """SELECT ?type (COUNT(?fact) AS ?number) WHERE {
  ?fact a ?type ; kgx:status ?status .
}
GROUP BY ?type
ORDER BY DESC(?number)
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A term of a result: its text, and the entity, document or statements that it stands for."""

    text: str
    entity: str | None = None
    document: int | None = None
    statements: tuple[Statement, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """An answer to show: a table, or a text where it is a graph; `total` counts the rows."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: int = 0
    text: str | None = None


class Questions:
    """Answers from the store in the folder of the build; it may come or change while we run."""

    def __init__(self, corpus: Corpus) -> None:
        """Raises RuleError where a ready-made question is wrong."""
        self.corpus = corpus
        self.ready: Mapping[str, Question] = questions(corpus.rules)
        self._evaluator = Evaluator(str(corpus.folder))
        self._pool = Pool(corpus.folder, LIMITS)

    def close(self) -> None:
        """End the processes."""
        self._pool.close()

    async def page(self, request: HttpRequest) -> Answer:
        """The questions, the form of one, and its answer where all that it needs is given."""
        given = request.query_params
        chosen = self.ready.get(given.get("ask", ""))
        text = given.get("query", "").strip()
        form = given.get("format", "")
        parameters = self._parameters(chosen, given) if chosen else {}
        fault, result = None, None
        if not self.stored:
            fault = None
        elif text or (chosen and self._complete(chosen, parameters, given)):
            try:
                if chosen and not text:
                    text = filled(chosen, bound(self._evaluator.solve, chosen, parameters), self.corpus.rules)
                if form in FORMS:
                    return await self._file(text, form)
                result = await self._result(text)
            except KgxError as failed:
                fault = str(failed)
        return Page(
            "questions.html",
            {
                "ready": self.ready,
                "chosen": chosen,
                "parameters": parameters,
                "query": text or (None if chosen else _FIRST),
                "result": result,
                "fault": fault,
                "stored": self.stored,
                "stale": self.stored and self._stale,
                "folder": str(self.corpus.folder),
                "prefix": PREFIX,
                "shown": ROWS,
                "want": asked(request, self.corpus.graph),
            },
        )

    @property
    def stored(self) -> bool:
        """Whether the folder has a store that can be asked."""
        try:
            return state(self.corpus.folder, missing=None) is not None
        except KgxError:
            return False

    @property
    def _stale(self) -> bool:
        """Whether the build was made anew after its store was loaded."""
        try:
            built = (self.corpus.folder / QUADS).stat().st_mtime
            return built > (self.corpus.folder / FOLDER / "store.json").stat().st_mtime
        except OSError:
            return False

    @staticmethod
    def _parameters(chosen: Question, given: Mapping[str, str]) -> dict[str, str]:
        names = chosen.head.parameters
        held = {name: given.get(PREFIX + name, "").strip() for name in names}
        return {name: value for name, value in held.items() if value}

    @staticmethod
    def _complete(chosen: Question, parameters: Mapping[str, str], given: Mapping[str, str]) -> bool:
        """Whether the question is to be answered: nothing that it needs is missing, and it was sent."""
        needed = [name for name, rule in chosen.head.parameters.items() if rule.required]
        return all(name in parameters for name in needed) and (bool(parameters) or given.get("go") == "1")

    async def _file(self, text: str, form: str) -> Saved:
        rows = form if form != "ttl" else "csv"
        asked_ = Request(text, rows=rows, graph="turtle", limit=LIMITS.rows, local=True)
        body, media = await self._pool.answer(asked_)
        graph = media in GRAPHS.values()
        return Saved(f"answer.{'ttl' if graph else rows}", media, body)

    async def _result(self, text: str) -> Result:
        asked_ = Request(text, rows="json", graph="turtle", limit=LIMITS.rows, local=True)
        body, media = await self._pool.answer(asked_)
        if media in GRAPHS.values():
            return Result(text=body.decode())
        data = json.loads(body)
        if "boolean" in data:
            return Result(text=str(data["boolean"]).lower())
        columns = tuple(data["head"]["vars"])
        found = [row for row in data["results"]["bindings"] if row]
        rows = tuple(tuple(self._cell(name, row.get(name)) for name in columns) for row in found[:ROWS])
        return Result(columns, rows, len(found))

    def _cell(self, column: str, term: Mapping[str, Any] | None) -> Cell:
        if term is None:
            return Cell("")
        value = str(term["value"])
        if column in FACTS:
            held = [self.corpus.facts[iri] for iri in value.split() if iri in self.corpus.facts]
            return Cell(str(len(value.split())), statements=tuple(held[:_SHOWN]), more=len(held[_SHOWN:]))
        if term["type"] != "uri":
            return Cell(value)
        if (fact := self.corpus.facts.get(value)) is not None:
            return Cell(value, statements=(fact,))
        return Cell(self._short(value), self.corpus.keys.get(value), self._documents.get(value))

    @cached_property
    def _documents(self) -> Mapping[str, int]:
        mint = self.corpus.minter.document
        return {mint(one.id): number for number, one in enumerate(self.corpus.graph.documents)}

    def _short(self, iri: str) -> str:
        """An IRI as it is written in queries, where a prefix fits."""
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        spaces: Sequence[tuple[str, str]] = list(self._evaluator.prefixes().items())
        return next((f"{p}:{iri[cut:]}" for p, space in spaces if space == iri[:cut] and iri[cut:]), iri)
