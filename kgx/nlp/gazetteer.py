"""Component `kgx_gazetteer`: every name of the lexicon, found over characters, longest match first.

Names of countries also make names with a suffix: 俄罗斯方 is rare, but 俄方, 中国政府 and 伊朗当局 name the
country as a whole. Which suffixes do, and what must not stand beside them, is in `gazetteer.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from kgx.iri import MIDDLE_DOT
from kgx.lexicon import LexEntry, Lexicon, load_lexicon
from kgx.nlp.layers import Candidate, add_candidates, normal_text, register
from kgx.regexes import quick
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.names import GazetteerRules

RULES = "gazetteer.yml"
LEXICON = "lexicon"  # Candidate.source
SIDE = "side"  # Candidate.source of a short name with a suffix: 俄方
_WORDY = re.compile(r"[0-9A-Za-z]")


class Gazetteer:
    """An automaton over all surfaces of a lexicon, blocks and suffixed names of countries included."""

    def __init__(self, lexicon: Lexicon, rules: GazetteerRules) -> None:
        """Build it once; it is immutable and may be shared between threads."""
        named: dict[str, list[LexEntry]] = {s: list(found) for s, found in lexicon.surfaces.items()}
        sides: dict[str, list[LexEntry]] = {}
        for entry in lexicon.entries:
            if (
                entry.type in rules.side_types
                or entry.kind in rules.side_kinds
                or entry.name in rules.side_names
            ):
                for surface in (entry.name, *entry.aliases):
                    for suffix in rules.suffixes:
                        _add(sides, surface + suffix, entry)
                for short in (*entry.short, *(s for s in entry.aliases if len(s) == 2)):
                    _add(sides, short + rules.side, entry)
        for surface, key_name in rules.extra.items():
            named.setdefault(surface, []).extend(lexicon.surfaces.get(key_name, ())[:1])
        for surface in (*rules.blocks, *lexicon.blocks):
            named[surface] = []
        for surface in named:
            sides.pop(surface, None)
        self._not_after = frozenset(rules.not_after)
        self._not_before = frozenset(rules.not_before)
        patterns = [*named, *sides]
        self._entries = [(tuple(named[s]), LEXICON) for s in named] + [(tuple(sides[s]), SIDE) for s in sides]
        self._wordy = [(bool(_WORDY.match(s[0])), bool(_WORDY.match(s[-1]))) for s in patterns]
        self._rules = rules
        self._nameless = nameless_of(rules)
        self._body = [s[-1] in rules.bodies for s in patterns]
        self._ranks = {patterns.index(s): of for s, of in rules.ranks.items() if s in named}
        self._named = named
        self._automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield candidates in `text` by start; a surface of several entries gives one for each."""
        yield from outside(nameless_spans(text, self._nameless), self._find(text))

    def _find(self, text: str) -> Iterator[Candidate]:
        size = len(text)
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            entries, source = self._entries[index]
            if not entries:
                continue
            left, right = self._wordy[index]
            if left and start and _WORDY.match(text[start - 1]):
                continue
            if right and end < size and _WORDY.match(text[end]):
                continue
            if index in self._ranks and text.endswith(self._ranks[index], 0, start):
                continue
            cut = self._cut(text, start, end, index)
            if cut < end:
                end = cut
                while end > start and not (entries := tuple(self._named.get(text[start:end], ()))):
                    end -= 1
                end = self._cut_nation(text, start, end)
                entries, source = tuple(self._named.get(text[start:end], ())), LEXICON
            score = 1.0 if source is LEXICON else 0.9
            if start and text[start - 1] == MIDDLE_DOT:  # part of a person's name (嘉木样·洛桑久美)
                entries = tuple(
                    one for one in entries if one.type != "Place" or one.located == self._rules.own
                )
            for entry in entries:
                yield Candidate(start, end, entry.type, entry.name, source, score, entry.key)

    def _cut(self, text: str, start: int, end: int, index: int) -> int:
        """Where the find of a pattern ends, before `end` where its last character belongs to what follows."""
        rules, last = self._rules, text[end - 1]
        if self._body[index] and text.startswith(rules.office, end):
            return end if text.startswith(rules.office_not, end) else end - 1
        if self._body[index] and text.startswith(rules.body_words, end - 1):
            return end - 1
        if last == rules.sea and text.startswith(rules.sea_words, end - 1):
            return end - 1
        if last == rules.army and end - start == 2 and text.startswith(rules.army_words, end - 1):
            return end - 1
        if last == rules.nation:
            return self._cut_nation(text, start, end)
        if self._entries[index][1] is SIDE and end < len(text) and text[end] in rules.suffix_not:
            suffix = next((x for x in rules.suffixes if text.endswith(x, start, end)), "")
            return end - len(suffix)
        if last == rules.side and self._entries[index][1] is SIDE:
            needed = rules.side_before.get(text[start]) if end - start == 2 else None
            if needed is not None and not text.startswith(needed, end):
                return end - 1
            after = end < len(text) and text[end] in self._not_after
            if after and text.startswith(rules.verbs_after, end) and text[start] not in rules.weak_sides:
                after = False
            before = start and end - start == 2 and text[start - 1] in self._not_before
            return end - 1 if after or before else end
        return end

    def _cut_nation(self, text: str, start: int, end: int) -> int:
        """Where a name that ends with `nation` ends: `end`, or before a word that takes that character."""
        rules = self._rules
        if end <= start or text[end - 1] != rules.nation or not text.startswith(rules.nation_words, end - 1):
            return end
        run = start > 0 and text.startswith(rules.nation_runs, start - 1)
        sure = run or text.startswith(rules.nation_sure, end - 1)
        return end - 1 if sure or text[start : end - 1] in self._named else end


def nameless_of(rules: GazetteerRules) -> re.Pattern[str] | None:
    """What holds no name (“里根”号), as one pattern; None where the rules list nothing."""
    return quick("|".join(rules.nameless)) if rules.nameless else None


def nameless_spans(text: str, nameless: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Where `nameless` matches in `text`."""
    return [match.span() for match in nameless.finditer(text)] if nameless is not None else []


def outside(spans: Sequence[tuple[int, int]], candidates: Iterable[Candidate]) -> Iterable[Candidate]:
    """The candidates that don't lie within one of `spans`."""
    if not spans:
        return candidates
    return [c for c in candidates if not any(a <= c.start and c.end <= b for a, b in spans)]


def _add(table: dict[str, list[LexEntry]], surface: str, entry: LexEntry) -> None:
    """Append `entry` under `surface`, once."""
    found = table.setdefault(surface, [])
    if entry not in found:
        found.append(entry)


@lru_cache(maxsize=4)
def gazetteer_of(rules: str | None) -> Gazetteer:
    """The gazetteer of a rules folder (None: the shipped one), built once."""
    folder = RuleFolder(rules)
    return Gazetteer(load_lexicon(folder), load_yaml(folder.find(RULES), GazetteerRules)[0])


class GazetteerComponent:
    """Adds the lexicon's names to `doc._.kgx_candidates`."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """`gazetteer`: what to look for."""
        self.gazetteer = gazetteer

    def __call__(self, doc: Doc) -> Doc:
        """Find the names in the normal text of `doc`."""
        add_candidates(doc, tuple(self.gazetteer.find(normal_text(doc))))
        return doc


@Language.factory("kgx_gazetteer", default_config={"rules": None})
def make_gazetteer(nlp: Language, name: str, rules: str | None) -> GazetteerComponent:
    """Make the component; `rules` is a folder laid over the shipped rules."""
    register()
    return GazetteerComponent(gazetteer_of(rules))
