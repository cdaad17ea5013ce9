"""Component `kgx_groups`: one-character names of countries, in runs (中俄) and alone (对华).

Whom a character names, the document says: 巴 is 巴基斯坦 where the document names that and not 巴西. The
segmenter's words tell 其中|美国 from 中美.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from kgx.lexicon import LexEntry, Lexicon, load_lexicon
from kgx.nlp.entities import standing
from kgx.nlp.layers import Candidate, Words, add_candidates, normal_text, register
from kgx.nlp.persons import any_of
from kgx.nlp.scene import LETTERS, Scene, scene
from kgx.regexes import quick
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.names import GroupRules

GROUP, SINGLE = "group", "single"  # Candidate.source
_NAME_TAGS = ("ns", "j", "nz", "nr")
_BODY_TAGS = (*_NAME_TAGS, "nt")
_JOINTS = frozenset("-—·")  # after a character that is a designation or part of a name (苏-25)


class Shorts:
    """The one-character names of a lexicon, and the rules for reading them."""

    def __init__(self, lexicon: Lexicon, rules: GroupRules) -> None:
        """Compile the patterns."""
        self._entries = lexicon.short
        self._by_key = lexicon.by_key
        self.countries = {e.name: e.key for e in lexicon.entries if e.type == "Country"}
        self._defaults = rules.defaults
        self.ministers = tuple(rules.ministers)
        self._prefers = rules.prefers
        self.usual = frozenset(rules.usual)
        self.own = next(iter(rules.usual), "")
        self._common = frozenset(rules.common)
        self.never_before = frozenset(rules.never_before)
        self.not_before = self.never_before | frozenset(rules.not_before)
        self._not_after = frozenset(rules.not_after)
        letters = "".join(sorted(set(lexicon.short) - set(rules.never_grouped)))
        every = "".join(sorted(lexicon.short))
        country = LETTERS["Country"]
        self._run = re.compile(f"[{letters}]{{2,6}}") if letters else re.compile("(?!)")
        own = "".join(c for c in letters if any(e.name == self.own for e in lexicon.short[c]))
        weak = "".join(sorted(set(lexicon.short) & set(rules.never_grouped)))
        pair = f"[{own}][{weak}]|[{weak}][{own}]"
        self._pair = re.compile(f"(?:{pair})(?={any_of(rules.sure_after)})" if own and weak else "(?!)")
        self._half = re.compile(f"[{letters}](?={country})") if letters else re.compile("(?!)")
        self._sure = re.compile(any_of(rules.sure_after))
        self.fixed: dict[str, list[LexEntry | None]] = {
            surface: [next(iter(lexicon.surfaces.get(name, ())), None) for name in names]
            for surface, names in rules.fixed.items()
        }
        self.addressed: dict[str, LexEntry] = {
            form: lexicon.surfaces[name][0]
            for form, name in rules.addressed.items()
            if name in lexicon.surfaces
        }
        self._weak = frozenset(rules.weak_after)
        one = f"[{every}]" if every else "(?!)"
        before: dict[str, str] = {}  # the characters that settle the matter, by the name they stand before
        for word in rules.always:
            before[word[-1]] = before.get(word[-1], "") + word[:-1]
        sure = "|".join(f"(?<=[{re.escape(those)}]){re.escape(last)}" for last, those in before.items())
        self.spoken = rules.spoken
        self._opening = tuple(rules.single_before)
        self._alone = frozenset(rules.alone)
        self._alone_before = tuple(rules.alone_before)
        self._single = quick(
            f"(?P<before>{any_of(rules.single_after)})(?P<a>{one})|(?P<sure>{sure})|(?P<b>{one})(?={any_of(rules.single_before)})"
        )

    def find(self, view: Scene, words: Words | None, within: Sequence[Candidate] = ()) -> Iterator[Candidate]:
        """Yield groups and singles of the masked text `view`; `within`: names that may lie inside others."""
        reader = _Reader(self, view, words, within)
        grouped: set[int] = set()
        halves = (reader.half(found.start()) for found in self._half.finditer(view.mask))
        runs = (c for found in self._run.finditer(view.mask) for c in reader.runs(found.start(), found.end()))
        pairs = (reader.pair(found.start()) for found in self._pair.finditer(view.mask))
        several = (one for one in (*halves, *pairs) if one)
        for candidate in (*runs, *several, *reader.reversed_halves()):
            grouped.update(range(candidate.start, candidate.end))
            reader.named.update(candidate.members)
            yield candidate
        at = 0
        while found := self._single.search(view.mask, at):
            spot = found.end() - 1 if found.group("a") else found.start()
            at = found.start() + 1
            if spot in grouped:
                continue
            single = reader.single(spot, found.group("before"), found.group("sure") is not None)
            if single is not None:
                grouped.add(spot)
                reader.named.add(single.key or "")
                yield single
        yield from (c for c in reader.alone() if c.start not in grouped)
        yield from reader.addressed()

    def bearers(self, letter: str) -> Sequence[LexEntry]:
        """The entries that `letter` is short for."""
        return self._entries.get(letter, ())

    def preferred(self, letter: str) -> str | None:
        """The name of the bearer that wins wherever the document names it."""
        return self._prefers.get(letter)


_PREPOSITION = "p"  # tag of a preposition


class _Reader:
    """Reads the short names of one document."""

    def __init__(
        self, shorts: Shorts, view: Scene, words: Words | None, within: Sequence[Candidate] = ()
    ) -> None:
        self.shorts, self.view, self.words = shorts, view, words
        self.support: Counter[str] = Counter()
        self.places: dict[str, list[int]] = defaultdict(list)
        for candidate in view.starts.values():
            if candidate.key:
                self.support[candidate.key] += 1
                self.places[candidate.key].append(candidate.start)
        for candidate in within:  # 埃及 in the name of an embassy there
            named = candidate.type == "Country" and candidate.source != "side"
            if named and candidate.key and not self.support[candidate.key]:
                self.support[candidate.key] = 1
                self.places[candidate.key].append(candidate.start)
        self._hear_bodies()
        self.named = set(self.support)  # whom the document names, by short names too

    def _hear_bodies(self) -> None:
        """Count a body or place of a country, which the document does not name, as a naming of it."""
        known, countries = self.shorts._by_key, self.shorts.countries
        named = [(key, known.get(key)) for key in self.support]
        for key, entry in named:
            country = countries.get(entry.located or "") if entry and entry.type != "Country" else None
            if country is not None and country not in self.support:
                self.support[country] = self.support[key]
                self.places[country] = self.places[key]

    def bearer(self, letter: str, at: int) -> LexEntry | None:
        """Whom `letter` at `at` names: whom the document names most, else the usual bearer."""
        found = self.shorts.bearers(letter)
        named = [entry for entry in found if self.support[entry.key]]
        if named:
            preferred = self.shorts.preferred(letter)
            if (first := next((e for e in named if e.name == preferred), None)) is not None:
                return first
            return max(
                named,
                key=lambda e: (self.support[e.key], -min(abs(p - at) for p in self.places[e.key])),
            )
        usual = self.shorts._defaults.get(letter)
        return next((entry for entry in found if entry.name == usual), None)

    def runs(self, start: int, end: int) -> Iterator[Candidate]:
        """The group that fills `start:end`, else the longest that begins or ends there."""
        for size in range(end - start, 1, -1):
            for a in (start, end - size) if size < end - start else (start,):
                group = self._group(a, a + size)
                if group is not None:
                    yield group
                    return

    def _group(self, start: int, end: int) -> Candidate | None:
        mask = self.view.mask
        members = self.shorts.fixed.get(mask[start:end])
        if members is None:
            members = [self.bearer(mask[i], i) for i in range(start, end)]
        if (
            end - start > 2
            and mask[start:end] not in self.shorts.fixed
            and any(m and not self._sure_of(m) for m in members)
        ):
            return None
        if not members or None in members or len({m.key for m in members if m}) < len(members):
            return None
        sure = end - start > 2 and mask[start:end] in self.shorts.fixed  # 美日韩|军事, but 非法
        if end - start > 2 and not sure and self._marks(start):
            return None  # 以|中阿建交周年为契机
        if not sure and self._cut(start, end) or not self._known(start, end, members):
            return None
        first = members[0]
        assert first is not None
        keys = tuple(m.key for m in members if m)
        return Candidate(start, end, first.type, mask[start:end], GROUP, 0.9, None, keys)

    def _marks(self, at: int) -> bool:
        """Whether the character at `at` is a preposition, or the end of a word: 愿以."""
        word = self._word(at)
        return word is not None and word[1] == at + 1 and (word[0] < at or word[2] == _PREPOSITION)

    def _known(self, start: int, end: int, members: Sequence[LexEntry | None]) -> bool:
        """Whether a run without the writer's own country names whom the document names."""
        shorts, mask = self.shorts, self.view.mask
        if mask[start:end] in shorts.fixed or any(m and m.name == shorts.own for m in members):
            return True
        if shorts._sure.match(mask, end) or all(m and self.support[m.key] for m in members):
            return True
        word = self._word(start)
        return word is not None and word[:2] == (start, end) and word[2].startswith(_NAME_TAGS)

    def _sure_of(self, entry: LexEntry) -> bool:
        """Whether the document names `entry`, or it is the writer's own country or a continent."""
        return bool(self.support[entry.key]) or entry.name in self.shorts.usual

    def _cut(self, start: int, end: int) -> bool:
        """Whether the run would cut a word at either end."""
        mask, shorts = self.view.mask, self.shorts
        sure = shorts._sure.match(mask, end) is not None
        if start and mask[start - 1] in (shorts.never_before if sure else shorts.not_before):
            return True
        if end < len(mask) and not sure and mask[end] in shorts._not_after:
            return True
        if self.words is None:
            return False
        left, right = self._word(start), self._word(end - 1)
        if left and left[0] < start and left[1] == start + 1 and not sure:
            return True
        return bool(right and right[0] == end - 1 and right[1] > end and not sure)

    def pair(self, at: int) -> Candidate | None:
        """A group with a character that is a common word too, of a country that the document names: 中老."""
        members = [self.bearer(letter, at) for letter in self.view.mask[at : at + 2]]
        return self._group(at, at + 2) if all(m and self._sure_of(m) for m in members) else None

    def half(self, at: int) -> Candidate | None:
        """A group of one character and a short form of several: 中赤几, 中印尼."""
        other = self.view.starts[at + 1]
        entry = self.shorts._by_key.get(other.key or "")
        surface = self.view.text[other.start : other.end]
        first = self.bearer(self.view.mask[at], at)
        if entry is None or first is None or first.key == entry.key:
            return None
        if surface == entry.name or surface not in entry.aliases or len(surface) > 3:
            return None
        if at and self.view.mask[at - 1] in self.shorts.not_before or self._cut_left(at):
            return None
        keys = (first.key, entry.key)
        return Candidate(at, other.end, first.type, self.view.text[at : other.end], GROUP, 0.9, None, keys)

    def reversed_halves(self) -> Iterator[Candidate]:
        """Groups of a short form of several characters and one: 赤几中两国."""
        mask, shorts = self.view.mask, self.shorts
        for other in self.view.starts.values():
            end = other.end
            if other.type != "Country" or end >= len(mask) or not shorts._sure.match(mask, end + 1):
                continue
            surface = self.view.text[other.start : end]
            entry, last = shorts._by_key.get(other.key or ""), self.bearer(mask[end], end)
            if entry is None or last is None or last.key == entry.key or last.name not in shorts.usual:
                continue
            if surface != entry.name and surface in entry.aliases and len(surface) <= 3:
                whole = self.view.text[other.start : end + 1]
                keys = (entry.key, last.key)
                yield Candidate(other.start, end + 1, other.type, whole, GROUP, 0.9, None, keys)

    def _cut_left(self, at: int) -> bool:
        word = self._word(at)
        return bool(word and word[0] < at and word[1] == at + 1)

    def single(self, at: int, before: str | None, sure: bool = False) -> Candidate | None:
        """The one-character name at `at`, after the word `before` or before a word of the rules.

        `sure`: the character before it settles the matter (来华).
        """
        mask = self.view.mask
        letter = mask[at]
        entry = self.bearer(letter, at)
        if entry is None:
            return None
        if sure:
            cut = at + 1 < len(mask) and mask[at + 1] in self.shorts._not_after
            return None if cut else Candidate(at, at + 1, entry.type, entry.name, SINGLE, 0.9, entry.key)
        word = self._word(at)
        named = letter not in self.shorts._common
        if word is not None:
            first, last, tag = word
            leads = first == at and before is None and self._leads(entry, at)
            inside = last > at + 1 and not (
                leads or first == at and before is None and mask[at + 1 : last] in self.shorts._opening
            )
            if inside or (first < at and (before is None or first < at - len(before))):
                return None
            tags = _NAME_TAGS if last == at + 1 else _BODY_TAGS  # 美政府 is a body to the segmenter
            named = named or leads or (first == at and tag.startswith(tags))
        strong = before is not None and before not in self.shorts._weak
        if before is None and self.support[entry.key] and mask.startswith(self.shorts.spoken, at + 1):
            strong = named = self._opens(at)
        if letter in self.shorts._common and not named and not strong:
            return None
        if before is None and not self._opens(at):
            return None
        if not named and not strong and before is not None:
            return None
        if letter in self.shorts._common and not strong and mask[at + 1 : at + 2] in self.shorts._not_after:
            return None
        return Candidate(at, at + 1, entry.type, entry.name, SINGLE, 0.8, entry.key)

    def _leads(self, entry: LexEntry, at: int) -> bool:
        """Whether a minister's title follows, of another country than the writer's: 以|防长."""
        shorts = self.shorts
        foreign = entry.name != shorts.own and bool(self.support[entry.key])
        return foreign and self.view.mask.startswith(shorts.ministers, at + 1)

    def alone(self) -> Iterator[Candidate]:
        """One-character names that the segmenter has as words, of countries named elsewhere."""
        mask, shorts = self.view.mask, self.shorts
        if self.words is None:
            return
        named = (shorts._by_key.get(key) for key in self.named)
        for letter in sorted({s for e in named if e and e.type == "Country" for s in e.short}):
            at = mask.find(letter)
            while at >= 0:
                entry = self.bearer(letter, at) if self._is_alone(letter, at) else None
                if entry is not None and entry.key in self.named:
                    yield Candidate(at, at + 1, entry.type, entry.name, SINGLE, 0.7, entry.key)
                at = mask.find(letter, at + 1)

    def addressed(self) -> Iterator[Candidate]:
        """Persons named by one character before a title: 习|主席."""
        mask = self.view.mask
        for form, entry in self.shorts.addressed.items():
            at = mask.find(form)
            while at >= 0:
                word = self._word(at)
                if word is None or word[0] == at:
                    yield Candidate(at, at + 1, entry.type, entry.name, SINGLE, 0.9, entry.key)
                at = mask.find(form, at + 1)

    def _is_alone(self, letter: str, at: int) -> bool:
        """Whether the segmenter has `letter` at `at` for a name, or what follows makes it one."""
        word, shorts = self._word(at), self.shorts
        if word is None or word[:2] != (at, at + 1) or self.view.mask[at + 1 : at + 2] in _JOINTS:
            return False
        before = self.view.mask[at - 1 : at]
        if before.isdigit():
            return False
        if shorts._alone_before and self.view.mask.startswith(shorts._alone_before, at + 1):
            return True
        common = letter in shorts._common and letter not in shorts._alone
        return not common and word[2].startswith(_NAME_TAGS)

    def _opens(self, at: int) -> bool:
        """Whether a clause opens at `at`, or the segmenter sees a word of its own there."""
        if at == 0 or not self.view.mask[at - 1].isalnum():
            return True
        word = self._word(at)
        return word is not None and word[0] == at and word[2].startswith(_NAME_TAGS)

    def _word(self, at: int) -> tuple[int, int, str] | None:
        words = self.words
        if words is None:
            return None
        i = bisect_right(words.starts, at) - 1
        return (words.starts[i], words.ends[i], words.tags[i]) if i >= 0 else None


@lru_cache(maxsize=4)
def shorts_of(rules: str | None) -> Shorts:
    """The short names of a rules folder (None: the shipped one), built once."""
    folder = RuleFolder(rules)
    return Shorts(load_lexicon(folder), load_yaml(folder.find("groups.yml"), GroupRules)[0])


class GroupsComponent:
    """Adds groups and singles to `doc._.kgx_candidates`."""

    def __init__(self, shorts: Shorts) -> None:
        """`shorts`: the one-character names."""
        self.shorts = shorts

    def __call__(self, doc: Doc) -> Doc:
        """Find them in the normal text of `doc`."""
        view = scene(normal_text(doc), standing(doc))
        add_candidates(doc, tuple(self.shorts.find(view, doc._.kgx_words, doc._.kgx_candidates)))
        return doc


@Language.factory("kgx_groups", default_config={"rules": None})
def make_groups(nlp: Language, name: str, rules: str | None) -> GroupsComponent:
    """Make the component; `rules` is a folder laid over the shipped rules."""
    register()
    return GroupsComponent(shorts_of(rules))
