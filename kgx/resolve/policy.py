"""What decides that things of different documents are one: the rules that merging reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from kgx.background import Background, entry_key, load_background
from kgx.facttypes import FactType, fact_schema, fact_types
from kgx.iri import identity
from kgx.lexicon import LexEntry, Lexicon, load_lexicon, states_of
from kgx.posts import load_posts
from kgx.resolve.cues import Cues
from kgx.resolve.english import English
from kgx.resolve.meetings import Meetings
from kgx.resolve.names import Names, surfaces_of
from kgx.rulebook import RuleFolder, load_tsv, load_yaml
from kgx.schemas.dates import DateRules
from kgx.schemas.english import EnglishRules
from kgx.schemas.facts import FactSchema
from kgx.schemas.names import GroupRules
from kgx.schemas.resolve import ResolveRules, SeriesRow


@dataclass(frozen=True, slots=True)
class Policy:
    """The schema of facts, the rules of `resolve.yml` and `series.tsv`, and the states of bodies.

    `english` has the English labels of bodies that share theirs with those of other states, by key,
    `composed` puts together those of what has none.
    """

    types: Mapping[str, FactType]
    schema: FactSchema
    rules: ResolveRules
    names: Names
    meetings: Meetings
    cues: Cues
    lexicon: Lexicon
    states: Mapping[str, str]
    generic: frozenset[tuple[str, str]]
    annual: frozenset[tuple[str, str]]
    free: Mapping[str, frozenset[str]]  # of each fact type: roles that one report may leave out
    background: Background
    english: Mapping[str, str]
    composed: English

    def cities(self, district: str) -> frozenset[str]:
        """The cities that have a district of this name, where several have."""
        return frozenset(self.rules.districts.get(district, ()))

    def meant(self, kind: str, name: str, text: str) -> str | None:
        """The key of what a name that many things have means in a text that tells it."""
        for one in self.rules.meant:
            if one.name == name and one.type == kind and re.search(one.text, text):
                return f"{kind.lower()}/{identity(one.key)}"
        return None

    def home(self, name: str) -> str | None:
        """The state of a country, place or body by its name, or by that of one that its own begins with."""
        known = self.states.get(name)
        if known is not None:
            return known
        for length in range(len(name), 1, -1):
            entries = self.lexicon.surfaces.get(name[:length], ())
            if len(entries) == 1 and entries[0].type in ("Country", "Place"):
                return self._state(entries[0])
        return None

    def _state(self, entry: LexEntry) -> str | None:
        """The state that a place lies in, by way of the larger places that it lies in."""
        seen = {entry.name}
        while entry.type == "Place" and entry.located is not None and entry.located not in seen:
            seen.add(entry.located)
            named = self.lexicon.surfaces.get(entry.located, ())
            larger = [one for one in named if one.name == entry.located]
            if len(larger) != 1:
                return None
            (entry,) = larger
        return entry.name if entry.type == "Country" else None


@lru_cache(maxsize=4)
def load_policy(folder: RuleFolder | None = None) -> Policy:
    """The policy of a rules folder (the shipped one by default). Raises RuleError where a file is wrong."""
    folder = folder or RuleFolder()
    lexicon = load_lexicon(folder)
    rules = load_yaml(folder.find("resolve.yml"), ResolveRules)[0]
    numerals = load_yaml(folder.find("dates.yml"), DateRules)[0].numerals
    groups = load_yaml(folder.find("groups.yml"), GroupRules)[0]
    annual = rules.names.annual.items()
    english = _of_states(lexicon, rules.articled)
    entries = {entry_key(one): one for one in lexicon.entries}
    posts = load_posts(folder, entries, english, rules.articled)
    return Policy(
        types=fact_types(folder),
        schema=fact_schema(folder),
        rules=rules,
        names=Names(lexicon, rules.names, rules.persons.known[0], numerals, groups.defaults),
        meetings=Meetings(
            load_tsv(folder.find("series.tsv"), SeriesRow),
            rules.events,
            numerals,
            surfaces_of(lexicon, rules.events.kinds),
        ),
        cues=Cues(rules.events, partial(_is_place, lexicon)),
        lexicon=lexicon,
        states=states_of(lexicon),
        generic=frozenset((kind, name) for kind, names in rules.generic.items() for name in names),
        annual=frozenset((kind, identity(one)) for kind, names in annual for one in names),
        free={name: _free(kind, rules) for name, kind in fact_types(folder).items()},
        background=replace(load_background(folder), posts=posts),
        english=english,
        composed=English(load_yaml(folder.find("english.yml"), EnglishRules)[0], lexicon, rules.articled),
    )


def _is_place(lexicon: Lexicon, name: str) -> bool:
    """Whether a name is a place's alone."""
    entries = lexicon.surfaces.get(name, ())
    return bool(entries) and all(one.type == "Place" for one in entries)


def _of_states(lexicon: Lexicon, articled: Collection[str]) -> dict[str, str]:
    """English labels with the state (Ministry of Finance of Egypt), where several have a body so called."""
    states = {one.name: one.en for one in lexicon.entries if one.type == "Country" and one.en}
    shared: dict[str, list[LexEntry]] = {}
    for one in lexicon.entries:
        if one.type == "Organization" and one.en and one.located in states:
            shared.setdefault(one.en, []).append(one)
    out = {}
    for english, entries in shared.items():
        if len({one.located for one in entries}) > 1:
            for one in entries:
                state = states[one.located or ""]
                out[entry_key(one)] = f"{english} of {'the ' if state in articled else ''}{state}"
    return out


def _free(kind: FactType, rules: ResolveRules) -> frozenset[str]:
    needed = {*kind.identity, *kind.some_of, *(one.name for one in kind.roles.values() if one.least)}
    return frozenset(rules.facts.free) - needed
