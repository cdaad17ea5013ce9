"""The page of measures: taken in another process, so that other pages are not kept waiting, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from multiprocessing import active_children, get_context
from typing import TYPE_CHECKING, Any

from kgx.explore.asked import PAGE, asked, date_of
from kgx.explore.corpus import Corpus
from kgx.explore.files import Saved
from kgx.explore.nets import drawing, small
from kgx.explore.pages import Answer, Page
from kgx.explore.show import Show
from kgx.model import ENTITY_TYPES
from kgx.period import period
from kgx.stats import PROJECTIONS, Change, Edges, Measures, Row, change, measured, stats, to_csv
from kgx.viz.links import Choice, Network, backbone, network

if TYPE_CHECKING:
    from starlette.requests import Request

PATIENCE = 0.15  # seconds that a page waits for measures before it says that they are being taken
KEPT = 32  # results, and networks
PARTS = 12  # communities that are listed
DRAWN = 60  # entities of the picture
EACH = 3
COLUMNS = ("pagerank", "degree", "strength", "betweenness", "core", "facts", "documents")
CHANGES = ("pagerank_after", "pagerank_before", "strength_after", "strength_before")

Periods = tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which measures: of what part, by which links, between which two periods where they are compared."""

    choice: Choice
    projection: str
    periods: Periods | None


class Figures:
    """Takes measures when they are first asked for."""

    def __init__(self, corpus: Corpus) -> None:
        """Nothing is started before it is needed."""
        self.corpus = corpus
        self._held: dict[Wanted, Future[list[Row] | list[Change]]] = {}
        self._nets: dict[Choice, Network] = {}
        self._process: ProcessPoolExecutor | None = None
        self._closed = False
        self._threads = ThreadPoolExecutor(1, "measures")

    def begin(self, wanted: Wanted) -> Future[list[Row] | list[Change]]:
        """The measures, when they are taken."""
        found = self._held.get(wanted)
        if found is None or (found.done() and found.exception() is not None):
            while len(self._held) >= KEPT:
                del self._held[next(iter(self._held))]
            found = self._held[wanted] = self._threads.submit(self._take, wanted)
        return found

    def close(self) -> None:
        """End the process; what is not done is left."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._process is not None:
            for child in active_children():
                child.kill()  # a computation can't be asked to stop
            self._process.shutdown(cancel_futures=True)

    def _take(self, wanted: Wanted) -> list[Row] | list[Change]:
        graph, choice = self.corpus.graph, wanted.choice
        options: dict[str, Any] = {
            "projection": wanted.projection,
            "said": self.corpus.statements,
            "measure": self._elsewhere,
        }
        if wanted.periods is None:
            return stats(graph, choice, **options)
        return change(graph, choice, *wanted.periods, **options)

    def _elsewhere(self, size: int, edges: Edges) -> Measures:
        if self._process is None:
            self._process = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        try:
            return self._process.submit(measured, size, edges).result()
        except BrokenProcessPool:  # it was killed for want of memory, or could not start
            if self._closed:
                raise
            self._process = None
            return measured(size, edges)

    async def page(self, request: Request) -> Answer:
        """The table of measures, or that they are being taken; as CSV where that is asked for."""
        wanted = self.wanted(request)
        job = self.begin(wanted)
        await asyncio.to_thread(wait, [job], PATIENCE)
        rows = job.result() if job.done() else None
        if rows is not None and request.query_params.get("format") == "csv":
            return Saved("measures.csv", "text/csv; charset=utf-8", f"\ufeff{to_csv(rows)}".encode())
        want = asked(request, self.corpus.graph)
        columns: Sequence[str] = COLUMNS if wanted.periods is None else CHANGES
        by = request.query_params.get("by", columns[0])
        by = by if by in columns else "shift" if wanted.periods else columns[0]
        start = (want.page - 1) * PAGE
        ordered = _ordered(rows or [], by)
        return Page(
            "figures.html",
            {
                "rows": [asdict(row) for row in ordered[start : start + PAGE]],
                "total": len(ordered),
                "pages": -(-len(ordered) // PAGE),
                "columns": columns,
                "by": by,
                "waiting": rows is None,
                "compared": wanted.periods is not None,
                "groups": _parts(rows or []) if wanted.periods is None else [],
                "projection": wanted.projection,
                "projections": PROJECTIONS,
                "types": sorted(wanted.choice.types),
                "entity_types": wanted.choice.entity_types,
                "all_entity_types": ENTITY_TYPES,
                "all_types": list(self.corpus.kinds),
                "before": request.query_params.get("before", ""),
                "after": request.query_params.get("after", ""),
                "net_url": f"/measures/net?{request.url.query}",
                "want": want,
            },
        )

    def net(self, request: Request) -> dict[str, Any]:
        """The picture of the foremost entities of the part that is measured."""
        choice = replace(self.wanted(request).choice, top=DRAWN // 2 if small(request) else DRAWN)
        drawn = self._nets.get(choice)
        if drawn is None:
            if len(self._nets) >= KEPT:
                self._nets.clear()
            drawn = self._nets[choice] = network(self.corpus.graph, choice, self.corpus.statements)
        strengths = {pair: len(held) for pair, held in drawn.links.items()}
        shown = {pair: (strengths[pair], "actual") for pair in backbone(strengths, EACH)}
        linked = {key for pair in shown for key in pair}
        keys = [key for key in drawn.weights if key in linked]
        show = Show(self.corpus, request, asked(request, self.corpus.graph))
        return drawing(show, keys, shown, strengths)

    def wanted(self, request: Request) -> Wanted:
        """What a request asks for."""
        given = request.query_params
        want = asked(request, self.corpus.graph)
        kinds = frozenset(one for one in given.getlist("entities") if one in ENTITY_TYPES)
        projection = given.get("links", "")
        ends = [date_of(given.get(name, "")) for name in ("before", "after")]
        days = [(period(one).first, period(one).last) for one in ends if one]
        return Wanted(
            choice=replace(want.choice, entity_types=kinds),  # type: ignore[arg-type]
            projection=projection if projection in PROJECTIONS else PROJECTIONS[0],
            periods=(days[0], days[1]) if len(days) == 2 else None,
        )


def _ordered(rows: Sequence[Row] | Sequence[Change], by: str) -> list[Row | Change]:
    if by == "shift":
        return list(rows)  # as they are: the greatest shift first
    return sorted(rows, key=lambda row: (-getattr(row, by), row.entity))


def _parts(rows: Sequence[Any]) -> list[tuple[int, int, list[str]]]:
    """The largest communities: number, size, and those of highest PageRank in them."""
    held: dict[int, list[str]] = {}
    for row in rows:
        held.setdefault(row.community, []).append(row.entity)
    return [(number, len(keys), keys[:8]) for number, keys in sorted(held.items())[:PARTS] if len(keys) > 2]
