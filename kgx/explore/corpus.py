"""A build in memory, indexed for the pages of the explorer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kgx import errors
from kgx.built import EXTRACTIONS
from kgx.errors import KgxError
from kgx.knowledge import EntityNode, KnowledgeGraph
from kgx.merge import merge
from kgx.model import Extraction
from kgx.records import from_json
from kgx.viz.links import POSITION, Statement, statements

SUGGESTIONS = 12


@dataclass(frozen=True, slots=True)
class Partner:
    """An entity that statements link with another, and how many of them do."""

    key: str
    statements: int


class Corpus:
    """The graph of a build with what its pages need; texts stay on disk and are read one at a time."""

    def __init__(self, folder: str | Path) -> None:
        """Read the build in `folder`. Raises KgxError where there is none or it can't be read."""
        self.path = Path(folder) / EXTRACTIONS
        self._offsets: dict[str, int] = {}
        try:
            self.graph: KnowledgeGraph = merge(self._read(), mentions=True)
        except (OSError, ValueError) as fault:
            reason = errors.reason_of(fault)
            raise KgxError(errors.STORE_NO_BUILD.format(path=self.path, reason=reason)) from None
        self.statements = statements(self.graph)
        self.by_entity: dict[str, list[Statement]] = {}
        self.by_document: dict[int, list[Statement]] = {}
        for one in self.statements:
            for key in one.entities:
                self.by_entity.setdefault(key, []).append(one)
            for number in {said.document for said in one.evidence}:
                self.by_document.setdefault(number, []).append(one)

    def _read(self) -> Iterator[Extraction]:
        with self.path.open("rb") as lines:
            at = 0
            for line in lines:
                extraction = from_json(json.loads(line))
                self._offsets[extraction.document.id] = at
                at += len(line)
                yield extraction

    def extraction(self, name: str) -> Extraction | None:
        """What the document of that id says, with its text; None where there is none."""
        if name not in self._offsets:
            return None
        with self.path.open("rb") as lines:
            lines.seek(self._offsets[name])
            return from_json(json.loads(lines.readline()))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The index of each document in the graph, by id."""
        return {one.id: number for number, one in enumerate(self.graph.documents)}

    @cached_property
    def _names(self) -> Sequence[tuple[str, str]]:
        """Every name in small letters, with the key of what it names."""
        out = set()
        for key, entity in self.graph.entities.items():
            names = [entity.label, entity.label_en, entity.qid, *entity.names]
            out |= {(name.lower(), key) for name in names if name}
        return sorted(out)

    def weight(self, key: str) -> int:
        """The number of statements that name an entity."""
        return len(self.by_entity.get(key, ()))

    def search(self, text: str, most: int = SUGGESTIONS) -> list[EntityNode]:
        """Entities that a name like the text names: exact ones first, then by weight."""
        wanted = text.strip().lower()
        if not wanted:
            return []
        best: dict[str, int] = {}
        for name, key in self._names:
            at = name.find(wanted)
            if at >= 0:
                rank = 0 if name == wanted else 1 if at == 0 else 2
                best[key] = min(best.get(key, 9), rank)
        order = sorted(best, key=lambda key: (best[key], -self.weight(key), key))
        return [self.graph.entities[key] for key in order[:most]]

    def top(self, most: int) -> list[EntityNode]:
        """The weightiest entities."""
        order = sorted(self.by_entity, key=lambda key: (-len(self.by_entity[key]), key))
        return [self.graph.entities[key] for key in order[:most]]

    def partners(self, key: str) -> list[Partner]:
        """Whom statements link an entity with, most linked first."""
        found: Counter[str] = Counter()
        for one in self.by_entity.get(key, ()):
            found.update({b if a == key else a for a, b in one.pairs if key in (a, b)})
        return [Partner(other, found[other]) for other in sorted(found, key=lambda k: (-found[k], k))]

    def offices(self, key: str) -> list[Statement]:
        """The positions of a person, by the first day that a document gives them."""
        held = [
            one
            for one in self.by_entity.get(key, ())
            if one.type == POSITION and ("person", key) in {(role, f.value) for role, f in one.roles}
        ]
        return sorted(held, key=lambda one: (one.days.first if one.days else "", one.key))

    def facts(self, key: str, other: str | None = None) -> list[Statement]:
        """The facts that name an entity, or both of two; the latest first, undated ones last."""
        held = [one for one in self.by_entity.get(key, ()) if one.type != POSITION]
        if other is not None:
            held = [one for one in held if other in one.entities]
        return sorted(held, key=lambda one: (one.days.first if one.days else "", one.key), reverse=True)
