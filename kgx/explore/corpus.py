"""A build in memory, indexed for the pages of the explorer."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from pathlib import Path

from kgx import errors
from kgx.built import EXTRACTIONS
from kgx.errors import KgxError
from kgx.explore.sides import homes
from kgx.iri import DEFAULT_BASE, Minter
from kgx.knowledge import EntityNode, KnowledgeGraph
from kgx.lexicon import load_lexicon
from kgx.merge import merge
from kgx.model import Extraction
from kgx.records import from_json
from kgx.resolve.decisions import of_build
from kgx.rulebook import RuleFolder
from kgx.viz.links import POSITION, Choice, Pair, Statement, statements

SUGGESTIONS = 12
WITHIN = ("Located", POSITION)  # what joins a state's own people and places, and is no dealing of states
_BASE = re.compile(r"@prefix country: <([^>]*)country/> \.")
_BETWEEN = re.compile(r"[\s,，、;；/–—-]+|和|与|and")


@dataclass(frozen=True, slots=True)
class Count:
    """An entity, and how many statements or documents tie it to another."""

    key: str
    number: int


class Corpus:
    """The graph of a build with what its pages need; texts stay on disk and are read one at a time.

    `statements` are the latest first (see `when`); so are those of `by_entity`, which holds them by
    the key of each entity that they name. `kinds` are the types of facts, the commonest first; `states` the
    keys of the states, by that of each entity which belongs to one; `pages` the keys of the entities that
    each document names.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        rules: RuleFolder | None = None,
        heard: Callable[[Extraction], object] | None = None,
    ) -> None:
        """Read the build in `folder`, telling `heard` of each document.

        Raises KgxError where there is none or it can't be read, RuleError where the rules are wrong.
        """
        self.folder = Path(folder)
        self.path = self.folder / EXTRACTIONS
        self.rules = rules or RuleFolder()
        self._offsets: dict[str, int] = {}
        try:
            told = of_build(self.folder, self.rules)
            self.graph: KnowledgeGraph = merge(
                self._read(heard), rules=self.rules, mentions=True, decisions=told
            )
        except OSError as fault:
            reason = errors.reason_of(fault)
            raise KgxError(errors.STORE_NO_BUILD.format(path=self.path, reason=reason)) from None
        held = statements(self.graph)
        held.sort(key=when, reverse=True)
        self.statements: Sequence[Statement] = held
        self.by_entity: dict[str, list[Statement]] = {}
        self.by_document: dict[int, list[Statement]] = {}
        self.by_pair: dict[Pair, list[Statement]] = {}
        for one in held:
            for key in one.entities:
                self.by_entity.setdefault(key, []).append(one)
            for number in dict.fromkeys(said.document for said in one.evidence):
                self.by_document.setdefault(number, []).append(one)
            for pair in one.pairs:
                self.by_pair.setdefault(pair, []).append(one)
        counts = Counter(one.type for one in held if one.type not in WITHIN)
        self.kinds: Sequence[str] = sorted(counts, key=lambda kind: (-counts[kind], kind))
        self.states: Mapping[str, str] = homes(self.graph, load_lexicon(self.rules))
        self.pages: Sequence[Sequence[str]] = self._pages()
        self._dealings = self._dealt()

    def _read(self, heard: Callable[[Extraction], object] | None) -> Iterator[Extraction]:
        with self.path.open("rb") as lines:
            at = 0
            for number, line in enumerate(lines, 1):
                try:
                    data = json.loads(line)
                except ValueError as fault:
                    reason = errors.reason_of(fault)
                    message = errors.NOT_JSON.format(path=self.path, line=number, reason=reason)
                    raise KgxError(message) from None
                extraction = from_json(data)
                self._offsets[extraction.document.id] = at
                at += len(line)
                if heard is not None:
                    heard(extraction)
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

    def _pages(self) -> list[list[str]]:
        out: list[list[str]] = [[] for _ in self.graph.documents]
        for key, entity in self.graph.entities.items():
            for number in entity.documents:
                out[number].append(key)
        return out

    @cached_property
    def minter(self) -> Minter:
        """Makes the IRIs of this build: under the base that its graph.ttl has."""
        try:
            with (self.folder / "graph.ttl").open(encoding="utf-8") as lines:
                found = _BASE.search("".join(line for _, line in zip(range(20), lines, strict=False)))
        except (OSError, ValueError):
            found = None
        return Minter(found[1] if found else DEFAULT_BASE)

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The key of each entity by its IRI."""
        return {self.minter.entity(key): key for key in self.graph.entities}

    @cached_property
    def facts(self) -> Mapping[str, Statement]:
        """The statement of each fact and position by its IRI."""
        mint = self.minter
        return {
            mint.position(one.key) if one.type == POSITION else mint.fact(one.type, one.key): one
            for one in self.statements
        }

    @cached_property
    def _names(self) -> Sequence[tuple[str, str]]:
        """Every name in small letters, with the key of what it names."""
        out = set()
        for key, entity in self.graph.entities.items():
            out |= {(name.lower(), key) for name in (*self.graph.called(key), entity.qid) if name}
        return sorted(out)

    @cached_property
    def _groups(self) -> Mapping[str, Pair]:
        """Surfaces that name two entities at once, 中俄, with the two that most documents mean by them."""
        found: dict[str, Counter[Pair]] = {}
        for document in self.graph.documents:
            for one in document.mentions:
                if len(one.keys) == 2:
                    found.setdefault(one.surface.lower(), Counter())[one.keys[0], one.keys[1]] += 1
        return {
            surface: min(counts, key=lambda pair: (-counts[pair], pair)) for surface, counts in found.items()
        }

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

    def two(self, text: str) -> Pair | None:
        """The two entities that a text names: a group such as 中俄, or two names with a space between."""
        wanted = " ".join(text.lower().split())
        if wanted in self._groups:
            return self._groups[wanted]
        for cut in _BETWEEN.finditer(wanted):
            ends = [wanted[: cut.start()].strip(), wanted[cut.end() :].strip()]
            found = [next(iter(self.search(end, 1)), None) for end in ends]
            if all(found) and len({one.key for one in found if one}) == 2:
                return tuple(one.key for one in found if one)  # type: ignore[return-value]
        return None

    def titled(self, text: str) -> list[int]:
        """The documents that have the text in their title or id, the latest first."""
        wanted = text.strip().lower()
        documents = self.graph.documents
        return [n for n in self._latest if wanted in f"{documents[n].title or ''} {documents[n].id}".lower()]

    @cached_property
    def _latest(self) -> Sequence[int]:
        documents = self.graph.documents
        return sorted(range(len(documents)), key=lambda n: (documents[n].date or "", n), reverse=True)

    def partners(self, key: str, held: Iterable[Statement]) -> list[Count]:
        """Whom statements link an entity with, most linked first."""
        found: Counter[str] = Counter()
        for one in held:
            found.update({b if a == key else a for a, b in one.pairs if key in (a, b)})
        return _ranked(found)

    def companions(self, key: str, first: str | None = None, last: str | None = None) -> list[Count]:
        """Who is named in the same documents as an entity, of a time where one is given; most often first."""
        numbers: Iterable[int] = self.graph.entities[key].documents
        if first or last:
            numbers = self.dated(numbers, first, last)
        found = Counter(chain.from_iterable(self.pages[number] for number in numbers))
        del found[key]
        return _ranked(found)

    def dated(self, numbers: Iterable[int], first: str | None, last: str | None) -> list[int]:
        """Those of the documents that were published between two days."""
        documents = self.graph.documents
        return [n for n in numbers if (first or "0") <= (documents[n].date or "") <= (last or "9999")]

    def offices(self, key: str) -> list[Statement]:
        """The positions of a person, by the first day that a document gives them."""
        held = [
            one
            for one in self.by_entity.get(key, ())
            if one.type == POSITION and ("person", key) in {(role, f.value) for role, f in one.roles}
        ]
        return sorted(held, key=when)

    def holders(self, key: str) -> list[Statement]:
        """The positions at a state or body, those first of which most documents tell."""
        held = [
            one
            for one in self.by_entity.get(key, ())
            if one.type == POSITION and ("of", key) in {(role, f.value) for role, f in one.roles}
        ]
        return sorted(held, key=lambda one: (-one.support, one.key))

    @cached_property
    def _sides(self) -> Mapping[str, frozenset[str]]:
        """Who and what belongs to each state."""
        out: dict[str, set[str]] = {}
        for key, state in self.states.items():
            out.setdefault(state, set()).add(key)
        return {state: frozenset(keys) for state, keys in out.items()}

    def side(self, key: str) -> frozenset[str]:
        """An entity with all that belongs to it, if it is a state: its people, bodies and places."""
        return self._sides.get(key, frozenset()) | {key}

    def between(self, one: str, other: str, *, wide: bool = True) -> list[Statement]:
        """The facts that name both of two entities; with `wide` also those of their people and places."""
        sides = [self.side(key) if wide else frozenset([key]) for key in (one, other)]
        small, large = sorted(sides, key=lambda keys: sum(self.weight(key) for key in keys))
        found = {
            said.key
            for key in small
            for said in self.by_entity.get(key, ())
            if said.type not in WITHIN and not large.isdisjoint(set(said.entities) - small)
        }
        return [said for said in self._of(small) if said.key in found]

    def _of(self, keys: Iterable[str]) -> list[Statement]:
        """The statements that name any of the entities, each once, in the usual order."""
        held = {said.key: said for key in keys for said in self.by_entity.get(key, ())}
        return sorted(held.values(), key=when, reverse=True)

    def _dealt(self) -> list[tuple[Statement, list[Pair]]]:
        """The statements that name two states, or what belongs to them, with each two of those."""
        out = []
        for one in self.statements:
            states = {self.states[key] for key in one.entities if key in self.states}
            if len(states) > 1 and one.type not in WITHIN:
                out.append((one, list(combinations(sorted(states), 2))))
        return out

    def dealings(self, choice: Choice) -> list[tuple[Pair, int]]:
        """Which two states, with their people and places, facts name together; most often first."""
        found = Counter(pair for one, pairs in self._dealings if choice.holds(one) for pair in pairs)
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def when(one: Statement) -> tuple[str, str]:
    """What statements are sorted by: the day on which one begins, or an undated one is first told."""
    return (one.days.first if one.days else one.told[0] if one.told else "", one.key)


def _ranked(found: Mapping[str, int]) -> list[Count]:
    return [Count(key, found[key]) for key in sorted(found, key=lambda key: (-found[key], key))]
