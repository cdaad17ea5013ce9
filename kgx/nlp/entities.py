"""The entities of one document: which candidates name one thing, and what it is called there.

Two candidates name one entity where they share the lexicon's key, or type and surface, or where one
surface is a short form of exactly one other (夏巴兹 of 夏巴兹·谢里夫, 西郊会议中心 of 上海西郊会议中心).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from spacy.tokens import Doc

from kgx.iri import MIDDLE_DOT
from kgx.lexicon import Lexicon
from kgx.model import Entity
from kgx.nlp.layers import Candidate
from kgx.nlp.scene import choose

_LEAST_REST = 5  # characters of a venue's name without its city
_LEAST_TITLE = 5  # characters of the title of a document that is looked for without its marks
_LEAST_SHORT = {"Agreement": 2, "Organization": 3}  # characters of a short form that ends a full one
ECHOED = frozenset({"pattern", "title", "model"})  # sources that see a name in one place and not in another
Ident = tuple[str, str]  # (type, key or surface)


def ident(candidate: Candidate) -> Ident:
    """What a candidate names, as far as it knows by itself: its key, else its name."""
    return candidate.type, candidate.key or candidate.name


def resolve(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Keep one candidate of each span and source where several entries share the surface.

    The entry that unambiguous candidates of the document name most often wins, of equals the one
    named nearest before; a short form (俄方) whose entries the document never names is dropped unless
    it has one entry only.
    """
    spans: dict[tuple[int, int, str], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        spans[candidate.start, candidate.end, candidate.source].append(candidate)
    if len(spans) == len(candidates):
        yield from candidates
        return
    support: Counter[Ident] = Counter()
    places: dict[Ident, list[int]] = defaultdict(list)
    for (start, _, source), found in spans.items():
        if len({ident(c) for c in found}) == 1 and source != "side":
            support[ident(found[0])] += 1
            places[ident(found[0])].append(start)
    for (start, _, source), found in spans.items():
        if len(found) == 1:
            yield found[0]
            continue
        named = [c for c in found if support[ident(c)]]
        if named:
            yield max(named, key=lambda c: (support[ident(c)], -_distance(places[ident(c)], start)))
        elif source != "side":
            yield max(found, key=attrgetter("score"))


def standing(doc: Doc) -> Sequence[Candidate]:
    """The candidates of `doc` that win so far, in order; chosen anew only where a stage has added some."""
    candidates = doc._.kgx_candidates
    chosen: list[Candidate]
    before, chosen = doc.user_data.get("kgx_standing", (None, []))
    if before is not candidates:
        chosen = choose(resolve(candidates))
        doc.user_data["kgx_standing"] = candidates, chosen
    return chosen


def _distance(places: Sequence[int], at: int) -> int:
    """How far `at` is from the nearest of `places`."""
    return min(abs(place - at) for place in places)


class Registry:
    """Clusters of candidates, each an entity of the document."""

    def __init__(self, lexicon: Lexicon, text: str, given: str, candidates: Sequence[Candidate]) -> None:
        """`text` is the normal text, `given` the text as it was given, of equal length."""
        self.lexicon = lexicon
        self.text = text
        self.given = given
        self._root: dict[Ident, Ident] = {}
        self._surfaces: dict[Ident, dict[str, None]] = {}
        for candidate in candidates:
            if not candidate.members:
                self._see(candidate)
        self._join()
        self._names = self._name_all()

    def _see(self, candidate: Candidate) -> None:
        who = ident(candidate)
        self._root.setdefault(who, who)
        if candidate.source != "single":
            self._surfaces.setdefault(who, {})[self.text[candidate.start : candidate.end]] = None
        else:
            self._surfaces.setdefault(who, {})

    def _join(self) -> None:
        """Join short forms to the one full form that holds them."""
        by_type: dict[str, list[Ident]] = defaultdict(list)
        for who in self._root:
            by_type[who[0]].append(who)
        for kind, idents in by_type.items():
            if kind in ("Country", "Initiative"):
                continue
            for who in idents:
                full = [
                    w for w in idents if w != who and (self._is_known(who, w) or self._is_short(kind, who, w))
                ]
                if len(full) == 1 and self._root[full[0]] != who:
                    self._root[who] = self._root[full[0]]
        for who in self._root:
            root = self._find(who)
            if root != who:
                self._surfaces[root].update(self._surfaces[who])

    def _is_known(self, who: Ident, known: Ident) -> bool:
        """Whether `who`, found without the lexicon, is called as an entity of the lexicon is here."""
        unknown = who[1] not in self.lexicon.by_key and known[1] in self.lexicon.by_key
        return unknown and not self._surfaces[who].keys().isdisjoint(self._surfaces[known])

    def _is_short(self, kind: str, who: Ident, full: Ident) -> bool:
        """Whether any surface of `who`, which has no key of its own, is a short form of one of `full`."""
        if who[1] in self.lexicon.by_key and (kind != "Event" or full[1] in self.lexicon.by_key):
            return False
        long_forms = self._surfaces[full]
        for short in self._surfaces[who]:
            for long in long_forms:
                if len(short) >= len(long):
                    continue
                if kind == "Organization" and self._abroad(short, long):
                    return True
                if kind == "Person":
                    if short in long.split(MIDDLE_DOT):
                        return True
                elif len(short) >= _LEAST_SHORT.get(kind, 4) and long.endswith(short):
                    return True
        return False

    def _abroad(self, short: str, long: str) -> bool:
        """Whether both begin with a name of one country and go on alike: 匈国会, 匈牙利国会."""
        rest = short[1:]
        if len(rest) < 2 or not long.endswith(rest):
            return False
        bearers = (one for one in self.lexicon.short.get(short[0], ()) if one.type == "Country")
        return any(long.removesuffix(rest) in (one.name, *one.aliases) for one in bearers)

    def _find(self, who: Ident) -> Ident:
        while self._root[who] != who:
            who = self._root[who]
        return who

    def _name_all(self) -> dict[Ident, str]:
        names: dict[Ident, str] = {}
        taken: set[str] = set()
        for who, root in self._root.items():
            if root != who:
                continue
            name = self._usual(who)
            if name in taken:
                name = f"{name}（{who[0]}）"
            taken.add(name)
            names[who] = name
        return names

    def _usual(self, who: Ident) -> str:
        """The fullest usual form found in the document; of a country its common name."""
        found = list(self._surfaces[who])
        entry = self.lexicon.by_key.get(who[1])
        if entry is not None and (not found or (entry.name in found and entry.type != "Person")):
            return entry.name
        if entry is not None and entry.type == "Country":
            usual = [
                s for s in found if s in entry.aliases and len(s) <= len(entry.name) and s[0] == entry.name[0]
            ]
            return max(usual, key=len, default=entry.name)
        return max(found, key=len) if found else who[1]

    def names(self, candidate: Candidate) -> tuple[str, ...]:
        """The document's names of what the candidate names: several for a group, none if unknown."""
        if candidate.members:
            found = tuple(self._names.get(self._find(m)) for m in self._members(candidate))
            return found if None not in found else ()  # type: ignore[return-value]
        who = ident(candidate)
        return (self._names[self._find(who)],) if who in self._root else ()

    def _members(self, candidate: Candidate) -> list[Ident]:
        """A group's members are keys of the lexicon; those that the document names in no other way join."""
        idents: list[Ident] = []
        for key in candidate.members:
            entry = self.lexicon.by_key[key]
            who = (entry.type, key)
            if who not in self._root:
                self._root[who] = who
                self._surfaces[who] = {}
                self._names[who] = entry.name
            idents.append(who)
        return idents

    def echoes(self, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
        """Candidates for every further occurrence of what patterns, titles and the model found once.

        A short title (《征程》) is a word elsewhere.

        A person's name in parts (夏巴兹·谢里夫) is looked for by each part that is no other person's, a
        venue also without its city (上海西郊会议中心, 西郊会议中心).
        """
        known: dict[str, Candidate | None] = {}
        cities = {
            self.text[c.start : c.end] for c in candidates if c.type == "Place" and c.source == "lexicon"
        }
        for candidate in candidates:
            surface = self.text[candidate.start : candidate.end]
            title = candidate.type == "Agreement" and len(surface) < _LEAST_TITLE
            if candidate.source in ECHOED and len(surface) > 1 and not title:
                known.setdefault(surface, candidate)
            if candidate.type == "Place" and candidate.source == "pattern":
                city = max((s for s in cities if surface.startswith(s)), key=len, default="")
                if len(surface) - len(city) >= _LEAST_REST:
                    known.setdefault(surface[len(city) :], candidate)
            if candidate.type == "Person" and (parts := surface.split(MIDDLE_DOT))[1:]:
                for part in parts:
                    if len(part) > 1:
                        other = known.setdefault(part, candidate)
                        if other is not None and self._of(other) != self._of(candidate):
                            known[part] = None
        for surface, found in known.items():
            at = self.text.find(surface) if found is not None else -1
            while found is not None and at >= 0:
                yield replace(found, start=at, end=at + len(surface), source="document")
                at = self.text.find(surface, at + 1)

    def _of(self, candidate: Candidate) -> Ident:
        return self._find(ident(candidate))

    def entities(self, chosen: Iterable[Candidate]) -> tuple[Entity, ...]:
        """All entities that `chosen` names, in the order in which they are met first."""
        order: dict[Ident, dict[str, None]] = {}
        for candidate in chosen:
            if candidate.members:
                for who in self._members(candidate):
                    order.setdefault(self._find(who), {})
            elif ident(candidate) in self._root:
                surfaces = order.setdefault(self._find(ident(candidate)), {})
                if candidate.source != "single":
                    surfaces[self.given[candidate.start : candidate.end]] = None
        return tuple(self._entity(who, tuple(surfaces)) for who, surfaces in order.items())

    def _entity(self, who: Ident, surfaces: tuple[str, ...]) -> Entity:
        entry = self.lexicon.by_key.get(who[1])
        name = self._names[who]
        if entry is None:
            return Entity(name, who[0], surfaces)  # type: ignore[arg-type]
        return Entity(name, entry.type, surfaces, entry.key, entry.qid, entry.en, entry.kind)
