"""Component `kgx_titles`: personal names that the lexicon lacks, found beside words of office.

总统X, X主席, 外长X、Y, and lists of names of which one is known (甲、乙、丙等参加会见).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from kgx.iri import MIDDLE_DOT
from kgx.lexicon import load_lexicon
from kgx.nlp.entities import standing
from kgx.nlp.layers import Candidate, Words, add_candidates, normal_text, register, take_candidates
from kgx.nlp.persons import PersonShapes, any_of
from kgx.nlp.scene import LETTERS, REST, Scene, scene
from kgx.nlp.words import idf_table
from kgx.rulebook import RuleFolder, load_tsv, load_yaml
from kgx.schemas.names import PersonRules, TitleRow

SOURCE = "title"  # Candidate.source
_PERSON = LETTERS["Person"]
_HAN = "[一-龥]"
# Parts of speech of words that are no name, nor begin one.
_NOT_NAMES = frozenset(
    ("v", "vn", "vd", "d", "a", "ad", "an", "p", "c", "u", "uj", "ul", "m", "t", "f", "b", "q", "l", "i")
) | {"n", "ng", "s", "r"}
# Parts of speech of one character that joins words, though it is a family name too.
_JOINING = frozenset(("p", "d", "c", "v", "u", "f"))
# Parts of speech that the segmenter gives names it does not know.
_UNSURE = frozenset(("", "x", "nz", "ns", "j"))
# Kinds of title that stand before common words too (代表团结…): a Chinese name after one needs a sign.
_WEAK = frozenset({"office", "academic", "party", "press", "address", "military"})


class Titles:
    """The words of office, and the names found beside them."""

    def __init__(
        self, rows: list[TitleRow], persons: PersonRules, parts: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        """Compile the automaton and the shapes of names; `parts`: of the names in parts of known persons."""
        self._parts = parts or {}
        self.rows: Mapping[str, TitleRow] = {row.title: row for row in rows}
        self.persons = persons
        self._titles = tuple(row.title for row in rows)
        self._automaton = AhoCorasick(self._titles, matchkind=MatchKind.LeftmostLongest)
        self._shapes = PersonShapes(persons)
        self._joins = frozenset(persons.joins)
        self._not_names = frozenset(persons.not_names)
        item = f"(?:{_PERSON}{REST}*|{_HAN}{{2,4}})"
        mark = re.escape(persons.title_list)
        self._lists = re.compile(f"(?:{item}{mark})+{item}")
        self._item = re.compile(f"{_PERSON}{REST}*|{_HAN}{{2,4}}")
        self._attending = re.compile(
            rf"(?:^|(?<=[。\n])\s*)({item}(?:{mark}{item})*)"
            rf"(?=(?:{re.escape(persons.others)})?(?:{any_of(persons.attendance)}))",
            re.M,
        )

    def doubted(self, text: str, chosen: Sequence[Candidate]) -> list[Candidate]:
        """`chosen` without short names inside a transcription: 尚达曼 is a person although 达曼 is a city."""
        ends = {c.end for c in chosen}
        return [c for c in chosen if not self._doubts(text, c, ends)]

    def torn(self, text: str, chosen: Sequence[Candidate], words: Words) -> frozenset[Candidate]:
        """The short names of persons that the segmenter sees go on: 塞西|莉亚, 李德|仁."""
        starts, ends = {c.start for c in chosen}, {c.end for c in chosen}
        short = (c for c in chosen if c.type == "Person" and c.end - c.start <= 3)
        return frozenset(c for c in short if self._goes_on(text, c, starts, ends, words))

    def _goes_on(
        self, text: str, candidate: Candidate, starts: set[int], ends: set[int], words: Words
    ) -> bool:
        """Whether words cut the candidate out of a name, or one that is no known name goes on with it."""
        start, end = candidate.start, candidate.end
        first, last = words.over(start), words.over(end - 1)
        begun, left_over = first[0] < start, last[1] > end  # a word reaches out of the candidate
        if begun and left_over or begun and _is_name(first) or left_over and _is_name(last):
            return True
        before, after = words.over(start - 1), words.over(end)
        if before[1] == start and start not in ends and start - before[0] == 1 and _is_name(before):
            return True
        beside = after[0] == end and end not in starts and _is_name(after)
        return beside and (after[1] - end == 1 or self._shapes.transcribed(text, end, after[1]))

    def _doubts(self, text: str, candidate: Candidate, ends: set[int]) -> bool:
        """Whether a transcription runs on beside the candidate; before a person's name, by two characters."""
        start, end = candidate.start, candidate.end
        if candidate.type == "Place" and text[end : end + 1] in self._joins:
            return self._shapes.transcribed(text, end + 1, end + 2)
        if end - start > 3:
            return False
        if candidate.type in ("Country", "Organization", "Place") and self._shapes.transcribed(
            text, start, end
        ):
            if text[start - 1 : start] == MIDDLE_DOT and self._shapes.transcribed(text, start - 2, start - 1):
                return True  # 埃尔默·利马
            name = self._shapes.at(text, start) if text.endswith(self._titles, 0, start) else None
            if name is not None and name > end and self._shapes.transcribed(text, end, name):
                return True  # 外长马里诺
        if candidate.type == "Place":
            return self._shapes.inside_name(text, start, end)
        before = candidate.type == "Person" and start > 1 and not ends & {start, start - 1}
        return before and self._shapes.transcribed(text, start - 2, end)

    def find(self, view: Scene, words: Words | None) -> Iterator[Candidate]:
        """Yield a Person candidate for each unknown name beside a title or in a list of names."""
        mask, floor = view.mask, 0
        tags = _tags(words)
        for index, start, end in self._automaton.find_matches_as_indexes(mask):
            row = self.rows[self._titles[index]]
            at = end + 1 if end < len(mask) and mask[end] == " " else end
            before = view.ends.get(start)
            if at in view.starts or (before is not None and before.type == "Person"):
                floor = end
                continue
            stop = self._after(mask, at, row, tags)
            if words is not None and before is not None and before.type != "Person":
                stop = self._worded(mask, at, words, row) or stop or self._coined(mask, at, words)
            if stop is None:
                begin = self._shapes.before(mask, start, floor)
                if begin is not None and row.kind not in ("press", "academic", "party"):
                    yield self._person(view, begin, start)
            while stop is not None:
                rest = view.starts.get(stop + 1)
                if rest is not None and rest.type == "Person" and mask[stop] in self.persons.joins:
                    yield replace(rest, start=at, source=SOURCE)  # the lexicon knows the last parts
                    break
                yield self._person(view, at, stop)
                at = stop + 1
                more = row.shared and stop < len(mask) and mask[stop] == self.persons.title_list
                stop = self._after(mask, at, row, tags) if more else None
            floor = end
        yield from self._listed(view, tags)
        if tags is not None:
            yield from self._dotted(view, tags)

    def _dotted(self, view: Scene, tags: Mapping[int, str]) -> Iterator[Candidate]:
        """Names in parts without a title, and known persons with more of their name before them.

        A name begins where a word does: 总理|埃里克·斯文森.
        """
        for start, end in self._shapes.given(view.mask):
            first = self._begin(view.text, start, end - 1, tags)
            first = start if view.text[first] in self._joins else first  # no word begins: 致|电约|瑟夫·甲
            if first < end - 1:
                yield self._longer(view, first, view.starts[end].end, view.starts[end])
        for start, end in self._shapes.family(view.mask):
            yield self._longer(view, view.ends[start].start, end, view.ends[start])
        for mark in self._shapes.marks(view.mask):
            left, right = view.ends.get(mark), view.starts.get(mark + 1)
            if left is not None and right is not None and left.type == right.type == "Person":
                yield self._longer(view, left.start, right.end, right)
        for start, end in self._shapes.joined(view.mask):
            first = self._begin(view.text, start, end, tags)
            whole = first < end and view.mask[first] not in self._joins
            if whole and not view.mask.startswith(self.persons.not_persons, end):
                yield replace(self._person(view, first, end), score=0.6)

    def _begin(self, text: str, start: int, end: int, tags: Mapping[int, str]) -> int:
        """Where in [start, end) a name begins: after a title, else where a word or a joining mark does."""
        titled = (at for at in range(start, end) if text.endswith(self._titles, 0, at))
        worded = (at for at in range(start, end) if at in tags or text[at] in self._joins)
        return next(titled, next(worded, end))

    def _longer(self, view: Scene, start: int, end: int, known: Candidate) -> Candidate:
        """A longer name of a known person; another's where the known one has other parts: 甲·乙, 丙·乙."""
        end = self._shapes.onward(view.mask, end)
        name, own = view.text[start:end], self._parts.get(known.key or "")
        others = set(name.split(MIDDLE_DOT)) - {known.name}
        if own and not others & own:
            return self._person(view, start, end)
        return replace(known, start=start, end=end, name=name, source=SOURCE)

    def _after(self, mask: str, at: int, row: TitleRow, tags: Mapping[int, str] | None) -> int | None:
        """The end of a name at `at`; where the segmenter ran, a short one needs its consent."""
        stop = self._shapes.at(mask, at)
        if stop is not None and mask[at:stop] in self._not_names:
            return None
        if stop is None or tags is None or stop - at > 3:
            return stop
        tag = tags.get(at, "")
        if tag.startswith("nr"):
            return stop
        if tag in _NOT_NAMES or row.kind in _WEAK and tag or not tag and stop - at < 3:
            return None
        return stop

    def _coined(self, mask: str, at: int, words: Words) -> int | None:
        """The end of a Chinese name at `at` where no word of the dictionary begins: 中国大使|姜再冬."""
        stop, end = self._shapes.at(mask, at), words.end(at)
        if stop is None or end is None or mask[at:end] in idf_table()[0] or end > stop:
            return None
        shaped = self._shapes.chinese(mask, at, stop)
        shaped = shaped or stop - at > 2 and self._shapes.transcribed(mask, at, stop)
        return stop if shaped and mask[at:stop] not in self._not_names else None

    def _worded(self, mask: str, at: int, words: Words, row: TitleRow) -> int | None:
        """The end of a Chinese name whose given part is a word of two characters: 甲部副部长|张|万里|出席."""
        family, given = words.over(at), words.over(at + 1)
        split = family[:2] == (at, at + 1) and given[:2] == (at + 1, at + 3) and family[2] not in _JOINING
        named = split and row.kind not in _WEAK and mask[at] in self.persons.surnames
        return at + 3 if named and self._shapes.follows(mask, at + 3) else None

    def _listed(self, view: Scene, tags: Mapping[int, str] | None) -> Iterator[Candidate]:
        """Unknown Chinese names in lists that hold a known one, or that attend a meeting."""
        mask = view.mask
        for found in self._lists.finditer(mask):
            if _PERSON in found.group():
                yield from self._items(view, found.start(), found.end(), found.start() in view.starts, tags)
        for found in self._attending.finditer(mask):
            yield from self._items(view, found.start(1), found.end(1), True, tags)

    def _items(
        self, view: Scene, start: int, end: int, first: bool, tags: Mapping[int, str] | None
    ) -> Iterator[Candidate]:
        at = start
        for item in view.mask[start:end].split(self.persons.title_list):
            stop = at + len(item)
            if item[0] != _PERSON and (first or at > start):
                last = self._shapes.at(view.mask, at) if stop == end else stop
                tag = tags.get(at, "") if tags is not None else "nr"
                if (
                    last is not None
                    and item not in self._not_names
                    and tag not in _NOT_NAMES
                    and self._shapes.chinese(view.mask, at, last)
                ):
                    yield self._person(view, at, last)
            at = stop + 1

    def _person(self, view: Scene, start: int, end: int) -> Candidate:
        end = self._shapes.onward(view.mask, end)
        return Candidate(start, end, "Person", view.text[start:end], SOURCE, 0.8)


def _is_name(word: tuple[int, int, str]) -> bool:
    return word[2].startswith("nr")


def _tags(words: Words | None) -> Mapping[int, str] | None:
    """The part of speech of the word at each start; None where no segmenter ran."""
    return dict(zip(words.starts, words.tags, strict=True)) if words is not None else None


@lru_cache(maxsize=4)
def titles_of(rules: str | None) -> Titles:
    """The titles of a rules folder (None: the shipped one), built once."""
    folder = RuleFolder(rules)
    (persons,) = load_yaml(folder.find("persons.yml"), PersonRules)
    parts = {
        entry.key: frozenset(
            part for name in entry.aliases if MIDDLE_DOT in name for part in name.split(MIDDLE_DOT)
        )
        - {entry.name}
        for entry in load_lexicon(folder).entries
        if entry.type == "Person"
    }
    return Titles(load_tsv(folder.find("titles.tsv"), TitleRow), persons, parts)


class TitlesComponent:
    """Adds names beside titles to `doc._.kgx_candidates`; takes out those that are part of a longer one."""

    def __init__(self, titles: Titles) -> None:
        """`titles`: the words of office."""
        self.titles = titles

    def __call__(self, doc: Doc) -> Doc:
        """Find the names in the normal text of `doc`."""
        text, words = normal_text(doc), doc._.kgx_words
        if words is not None and (torn := self.titles.torn(text, standing(doc), words)):
            take_candidates(doc, torn)
        view = scene(text, self.titles.doubted(text, standing(doc)))
        add_candidates(doc, tuple(self.titles.find(view, words)))
        return doc


@Language.factory("kgx_titles", default_config={"rules": None})
def make_titles(nlp: Language, name: str, rules: str | None) -> TitlesComponent:
    """Make the component; `rules` is a folder laid over the shipped rules."""
    register()
    return TitlesComponent(titles_of(rules))
