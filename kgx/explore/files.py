"""What can be saved: facts and entities as CSV, facts as Turtle."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgx.explore.corpus import Corpus
from kgx.part import part
from kgx.stats import safe_cell
from kgx.viz.links import Statement

if TYPE_CHECKING:
    from kgx.explore.show import Show


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that the browser saves."""

    name: str
    media_type: str
    body: bytes


def facts_csv(facts: Iterable[Statement], show: Show) -> Saved:
    """A row for each statement, with its surest sentence."""
    rows: list[list[object]] = []
    for one in facts:
        said = one.evidence[0]
        document = show.corpus.graph.documents[said.document]
        roles = "; ".join(f"{role}={show.filled(one, role, filler)}" for role, filler in one.roles)
        dates = [one.date or "", *((one.days.first, one.days.last) if one.days else ("", ""))]
        rows.append([one.type, one.status, *dates, roles, one.support, document.id, said.quote])
    head = ["type", "status", "date", "first_day", "last_day", "roles", "documents", "document", "evidence"]
    return as_csv("facts.csv", head, rows)


def entities_csv(keys: Iterable[str], corpus: Corpus) -> Saved:
    """A row for each entity."""
    entities = (corpus.graph.entities[key] for key in keys)
    rows = [
        [corpus.minter.entity(one.key), one.type, one.label, one.label_en or "", one.qid or "",
         corpus.weight(one.key), len(one.documents)]
        for one in entities
    ]  # fmt: skip
    head = ["iri", "type", "label", "label_en", "qid", "statements", "documents"]
    return as_csv("entities.csv", head, rows)


def as_csv(name: str, head: Sequence[str], rows: Iterable[Iterable[object]]) -> Saved:
    """A table that spreadsheets read as UTF-8; no cell of it is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return Saved(name, "text/csv; charset=utf-8", ("\ufeff" + out.getvalue()).encode("utf-8", "replace"))


def turtle(facts: Iterable[Statement], corpus: Corpus) -> Saved:
    """Statements as RDF, with all that they name and the sentences that state them."""
    small = part(corpus.graph, {one.key for one in facts})
    body = small.to_turtle(corpus.minter.base).encode()
    return Saved("facts.ttl", "text/turtle; charset=utf-8", body)
