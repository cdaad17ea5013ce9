"""What posts are called in English, by title and body, as the rules and the lexicon have them.

Whole titles stand in `rules/posts.tsv`, what follows from the body, and parts of longer ones, in `posts.yml`.
Only what is sure has English: a whole title that the rules know, at that body where it depends on the body,
or one that is put together from such words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kgx.lexicon import LexEntry
from kgx.model import ENTITY_TYPES
from kgx.rulebook import RuleFolder, load_tsv, load_yaml
from kgx.schemas.posts import KNOWN, SLOT, PostBody, PostRow, PostRules

_STEPS = 4  # how deep bodies and places lie within others
_DEEP = 4  # how many words may stand before a title (前常务副部长)
_PLACES = ("Country", "Organization", "Place")
_TYPES = {one.lower(): one for one in ENTITY_TYPES}


@dataclass(frozen=True, slots=True)
class Body:
    """Whose post it is; `home` is the state that the lexicon has it in, or itself."""

    name: str
    type: str
    home: str | None = None
    en: str | None = None


@dataclass(frozen=True)
class Posts:
    """The English of titles.

    `titles` are whole ones, `bodies` the lexicon's by key, `places` English names by Chinese ones.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    rules: PostRules = field(default_factory=PostRules)
    bodies: Mapping[str, Body] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def title(self, title: str, key: str | None) -> str | None:
        """A title in English, at the body of that key; None where the rules don't tell."""
        return self._title(title, None if key is None else self._body(key), _DEEP)

    def label(self, title: str, key: str | None) -> str | None:
        """The same with the body, where that has an English name: `president (France)`."""
        english = self.title(title, key)
        body = None if key is None else self.bodies.get(key)
        return f"{english} ({body.en})" if english and body is not None and body.en else english

    def _body(self, key: str) -> Body:
        """The body of a key; one that the lexicon does not have is known by the name in its key."""
        kind, _, name = key.partition("/")
        return self.bodies.get(key) or Body(name, _TYPES.get(kind, kind))

    def _title(self, title: str, body: Body | None, deep: int) -> str | None:
        for one in self.rules.bodies:
            if title in one.titles and _is(one, body):
                return one.titles[title]
        if title in self.titles:
            return self.titles[title]
        return self._composed(title, body, deep - 1) if deep else None

    def _composed(self, title: str, body: Body | None, deep: int) -> str | None:
        """A title of several words, by the first rule that knows all of them."""
        for mark in self.rules.joins:
            if mark in title and (parts := self._all(title.split(mark), body, deep)):
                return " and ".join(parts)
        for before, slot, after, english in self._patterns:
            if len(title) > len(before) + len(after) and title.startswith(before) and title.endswith(after):
                words = title[len(before) : len(title) - len(after)]
                filled = self._title(words, body, deep) if slot == "title" else self._words(slot, words)
                if filled is not None:
                    return english.replace(f"{{{slot}}}", filled)
        for mark, english in self.rules.past.items():
            left, found, right = title.partition(mark)
            if found and left and right and (filled := self._title(left + right, body, deep)):
                return SLOT.sub(lambda _, filled=filled: filled, english)  # type: ignore[misc]
        return None

    def _all(self, titles: Iterable[str], body: Body | None, deep: int) -> list[str] | None:
        found = [self._title(one, body, deep) for one in titles]
        return None if None in found else [one for one in found if one]

    def _words(self, slot: str, words: str) -> str | None:
        """What fills a slot: a word of its list, or several that are joined."""
        known = self.places if slot in KNOWN else self.rules.words[slot]
        if words in known:
            return known[words]
        for mark in self.rules.joins:
            parts = [known.get(one) for one in words.split(mark)]
            if len(parts) > 1 and None not in parts:
                return " and ".join(filter(None, parts))
        return None

    @cached_property
    def _patterns(self) -> tuple[tuple[str, str, str, str], ...]:
        """What stands before the slot, the slot, what stands after it, the English."""
        return tuple((*SLOT.split(one.zh), one.en) for one in self.rules.patterns)  # type: ignore[misc]


def load_posts(
    folder: RuleFolder, entries: Mapping[str, LexEntry], english: Mapping[str, str], articled: Collection[str]
) -> Posts:
    """The posts of a rules folder; raises RuleError where a file is wrong.

    `entries` are the lexicon's by key, `english` their English names where those are others than it has,
    `articled` the English names that have the article.
    """
    (rules,) = load_yaml(folder.find("posts.yml"), PostRules)
    states = {one.name for one in entries.values() if one.type == "Country"}
    within = {one.name: one.located for one in entries.values() if one.located}
    bodies = {
        key: Body(one.name, one.type, _home(one.name, within, states), english.get(key, one.en))
        for key, one in entries.items()
        if one.type != "Person"
    }
    titles = {one.title: one.en for one in load_tsv(folder.find("posts.tsv"), PostRow)}
    return Posts(titles, rules, bodies, dict(_places(entries.values(), rules.the | {*articled})))


def _places(entries: Collection[LexEntry], the: Collection[str]) -> Iterator[tuple[str, str]]:
    """(Chinese name, English name) of what envoys are sent to; a state's name goes before another's."""
    shared = Counter(name for one in entries for name in one.short)
    for kind in reversed(_PLACES):
        for one in entries:
            if one.type == kind and one.en:
                english = f"the {one.en}" if one.en in the else one.en
                names = (*(name for name in one.short if shared[name] == 1), *one.aliases, one.name)
                yield from ((name, english) for name in names)


def _home(name: str, within: Mapping[str, str], states: Collection[str]) -> str | None:
    at: str | None = name
    for _ in range(_STEPS):
        if at is None or at in states:
            return at
        at = within.get(at)
    return at if at in states else None


def _is(rule: PostBody, body: Body | None) -> bool:
    """Whether a body is one of those that a rule is of."""
    if body is None or rule.none:
        return body is None and rule.none
    return (
        (not rule.names or body.name in rule.names)
        and (not rule.starts or body.name.startswith(rule.starts))
        and (not rule.ends or body.name.endswith(rule.ends))
        and (not rule.types or body.type in rule.types)
        and (rule.home is None or body.home == rule.home)
    )
