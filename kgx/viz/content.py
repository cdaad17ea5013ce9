"""What the page holds: the chosen nodes, their statements and sentences, as compact plain data.

Nodes, documents and statements are lists of lists, so that names of fields are not repeated; the order of
fields is that of the tuples here, and `static/data.js` reads them in the same order. Sentences are split
where their marked words begin and end: every second piece is marked.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from kgx.facttypes import fact_schema
from kgx.iri import clean
from kgx.knowledge import Evidence, KnowledgeGraph, Sighting
from kgx.rulebook import RuleFolder
from kgx.viz.links import POSITION, Network, Statement

QUOTE = 400  # characters of a sentence; what is longer is cut
NAMES = 12  # names of one entity
SENTENCES = 3  # of one statement, the surest first; one where the page is too small for all
_SHORTEST = 2  # characters of a name that is marked where no mention says that it is one


class Content:
    """The data of a page: the nodes of a network, and as many of its statements as are asked for.

    Statements that join two of the nodes go first, and of them those with most documents, but each link
    has one before any has two.
    """

    def __init__(
        self,
        graph: KnowledgeGraph,
        network: Network,
        points: Mapping[str, tuple[float, float]],
        *,
        title: str,
        limit: int | None = None,
        sentences: int = SENTENCES,
        rules: RuleFolder | None = None,
    ) -> None:
        """`points` has the place of each node; `limit` statements at most, with so many sentences each.

        A sentence of a document that is in the page already is preferred to one that is not.
        """
        index = {key: rank for rank, key in enumerate(network.weights)}
        documents: dict[int, int] = {}
        self._rows: list[list[Any]] = []
        self._reach: list[int] = [0]  # how many documents the first so many rows refer to
        self._kinds: list[str] = []
        for one in _ranked(network, index)[:limit]:
            self._rows.append(_statement(graph, one, index, documents, sentences))
            self._reach.append(len(documents))
            self._kinds.append(one.type)
        self._documents = [_document(graph, number) for number in documents]
        self._graph = graph
        self._values = value_names(rules)
        self._head = {
            "title": clean(title),
            "kgx": graph.run.version,
            "totals": [len(graph.entities), len(graph.facts) + len(graph.positions), len(graph.documents)],
            "nodes": [_node(graph, key, network.weights[key], points[key]) for key in index],
        }

    def __len__(self) -> int:
        """The number of statements there are."""
        return len(self._rows)

    def data(self, statements: int | None = None) -> dict[str, Any]:
        """The data with so many statements (by default all), as `static/data.js` reads it."""
        rows = self._rows[:statements]
        return self._head | {
            "types": _types(self._graph, set(self._kinds[: len(rows)]), self._values),
            "documents": self._documents[: self._reach[len(rows)]],
            "statements": rows,
        }

    def packed(self, statements: int | None = None) -> bytes:
        """The same as gzipped JSON; the same data give the same bytes."""
        return gzip.compress(dumps(self.data(statements)).encode("utf-8", "replace"), 6, mtime=0)


def dumps(data: Any) -> str:
    """JSON without spaces, Chinese as it is."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _ranked(network: Network, index: Mapping[str, int]) -> list[Statement]:
    """The statements, those that a page can least do without first."""
    first = {found[0].key for found in network.links.values()}

    def rank(one: Statement) -> tuple[bool, bool, int, str]:
        joins = any(a in index and b in index for a, b in one.pairs)
        return (one.key not in first, not joins, -one.support, one.key)

    return sorted(network.statements, key=rank)


def _types(
    graph: KnowledgeGraph, wanted: Collection[str], names: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, kind in graph.types.items():
        if name in wanted:
            roles: dict[str, list[Any]] = {}
            for role in kind.roles.values():
                values = names if role.values is not None else {}
                named = {one: list(values[one]) for one in sorted(role.values or ()) if one in values}
                roles[role.name] = [role.label_zh, role.label_en, *([named] if named else [])]
            out[name] = [kind.label_zh, kind.label_en, roles]
    if POSITION in wanted:
        roles = {}
        for kind in graph.types.values():
            roles |= {
                role.name: [role.label_zh, role.label_en]
                for role in kind.roles.values()
                if role.name in ("person", "position", "of")
            }
        out[POSITION] = ["", "", roles]  # the page's own word, of its interface
    return out


@lru_cache(maxsize=8)
def value_names(rules: RuleFolder | None = None) -> Mapping[str, tuple[str, str]]:
    """The Chinese and English names of all values of the controlled vocabularies."""
    held = fact_schema(rules).values.values()
    return {name: (label.zh, label.en) for values in held for name, label in values.items()}


def _node(graph: KnowledgeGraph, key: str, weight: int, point: tuple[float, float]) -> list[Any]:
    """key, type, label, English label, QID, kind, names, weight, documents, x, y."""
    entity = graph.entities[key]
    names = sorted(entity.names, key=lambda name: (-len(entity.names[name]), name))
    others = [clean(name) for name in names if name != entity.label][:NAMES]
    return [
        clean(key),
        entity.type,
        clean(entity.label),
        clean(entity.label_en or ""),
        entity.qid or "",
        entity.kind or "",
        others,
        weight,
        len(entity.documents),
        *point,
    ]


def _document(graph: KnowledgeGraph, number: int) -> list[Any]:
    """title or id, date, publisher, address."""
    one = graph.documents[number]
    return [clean(one.title or one.id), one.date or "", clean(one.publisher or ""), clean(one.url or "")]


def _statement(
    graph: KnowledgeGraph, one: Statement, index: Mapping[str, int], documents: dict[int, int], most: int
) -> list[Any]:
    """type, status, date, first day, last day, roles, pairs, sentences, number of sentences.

    A filler is a node's index, or words, with their English where they have it; a sentence is a document's
    index and its pieces.
    """
    roles: list[list[Any]] = []
    for role, filler in one.roles:
        held_by, english = _filler(graph, filler.entity, filler.value, index), one.english(role, filler)
        roles.append([role, held_by if english is None else [held_by, clean(english)]])
    pairs = [[index[a], index[b]] for a, b in one.pairs if a in index and b in index]
    held: list[Evidence | Sighting] = list(one.evidence)
    told = sorted(held, key=lambda said: (said.document not in documents, *_sureness(said)))[:most]
    sentences = []
    for said in told:
        place = documents.setdefault(said.document, len(documents))
        sentences.append([place, [clean(piece) for piece in marked(graph, one, said)]])
    days = [one.days.first, one.days.last] if one.days else ["", ""]
    return [one.type, one.status, one.date or "", *days, roles, pairs, sentences, len(one.evidence)]


def _filler(graph: KnowledgeGraph, entity: bool, value: str, index: Mapping[str, int]) -> int | str:
    if not entity:
        return clean(value)
    return index[value] if value in index else clean(graph.entities[value].label)


def _sureness(one: Evidence | Sighting) -> tuple[float, int, int]:
    sure = one.confidence if isinstance(one, Evidence) else 1.0
    return (-sure, one.document, one.start)


def marked(graph: KnowledgeGraph, statement: Statement, said: Evidence | Sighting) -> list[str]:
    """The quoted sentence in pieces, those at odd places being the words that fill the statement's roles."""
    quote = said.quote
    spans = _spans(graph, statement, said)
    cut = len(quote) if len(quote) <= QUOTE else QUOTE
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        if start >= at and end <= cut:
            pieces += [quote[at:start], quote[start:end]]
            at = end
    return [*pieces, quote[at:cut] + ("…" if cut < len(quote) else "")]


def _spans(graph: KnowledgeGraph, statement: Statement, said: Evidence | Sighting) -> list[tuple[int, int]]:
    quote = said.quote
    keys = {filler.value for _, filler in statement.roles if filler.entity}
    mentions = graph.documents[said.document].mentions
    spans: set[tuple[int, int]] = set()
    found: set[str] = set()
    if said.end:
        for one in mentions:
            if said.start <= one.start and one.end <= said.end and keys.intersection(one.keys):
                spans.add((one.start - said.start, one.end - said.start))
                found |= keys.intersection(one.keys)
    words = [filler.value for _, filler in statement.roles if not filler.entity]
    for key in sorted(keys - found):
        entity = graph.entities[key]
        words += [name for name in (entity.label, *entity.names) if len(name) >= _SHORTEST]
    for word in words:
        start = quote.find(word) if word else -1
        if start >= 0:
            spans.add((start, start + len(word)))
    return _apart(sorted(spans, key=lambda one: (one[0], -one[1])))


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that don't overlap; of those that do, the one that begins first, or else is longer."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        if not out or start >= out[-1][1]:
            out.append((start, end))
    return out
