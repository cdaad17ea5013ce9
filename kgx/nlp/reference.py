"""Reference: whom 双方, 两国元首, 我, 你, 他 stand for, from what the document has said so far."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kgx.model import Entity, EntityType, Mention, Position
from kgx.nlp.clauses import Clause
from kgx.nlp.grammar import alternation
from kgx.nlp.view import Item, View
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.frames import ReferenceRule

_KINDS: Mapping[str, EntityType] = {"country": "Country", "body": "Organization"}
_COMMAS = "，,；;"
_ACTORS = ("Country", "Person", "Organization", "Place")
Named = tuple[str, EntityType | None]


@dataclass(frozen=True, slots=True)
class Pronouns:
    """The words of `reference.yml`: a pattern that finds them, and what each stands for."""

    pattern: re.Pattern[str]
    means: Mapping[str, str]
    kinds: Mapping[str, frozenset[str]]  # of the offices that those whom a word means hold

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, meaning) of each such word in `text`, longest first at a place."""
        for found in self.pattern.finditer(text):
            yield found.start(), found.end(), self.means[found.group()]


def load_pronouns(folder: RuleFolder) -> Pronouns:
    """Compile `reference.yml`; raises RuleError where it is wrong."""
    rules = {word: r for r in load_yaml(folder.find("reference.yml"), ReferenceRule) for word in r.words}
    words = (
        re.escape(word)
        + _after(rule.only_after, word)
        + (f"(?!{alternation(rule.not_after)})" if rule.not_after else "")
        for word, rule in sorted(rules.items(), key=lambda pair: (-len(pair[0]), pair[0]))
    )
    return Pronouns(
        re.compile("|".join(words)),
        {word: rule.means for word, rule in rules.items()},
        {word: frozenset(rule.kinds) for word, rule in rules.items() if rule.kinds},
    )


def _after(words: Sequence[str], word: str) -> str:
    """A regular expression for where `word` ends right after one of `words`; anywhere, if there are none."""
    return f"(?:{'|'.join(f'(?<={re.escape(one + word)})' for one in words)})" if words else ""


@dataclass(slots=True)
class Discourse:
    """What is known while a document is read from start to end.

    `home` gives the state (or international body) for which a person acts, `offices` the holder of an
    (of, title), `ranks` the kinds of the offices that a person holds, `kinds` those that a word
    (两国元首) asks for. `speaker` is whoever is being reported, `persons` the two principals of the talks,
    `states` the two sides.
    """

    view: View
    types: Mapping[str, EntityType]
    home: Mapping[str, str]
    offices: Mapping[tuple[str, str], str]
    ranks: Mapping[str, frozenset[str]]
    kinds: Mapping[str, frozenset[str]]
    speaker: str | None = None
    in_speech: bool = False
    voices: tuple[tuple[int, str], ...] = ()  # who is reported to speak, and where first
    persons: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    event: str | None = None  # what the document's main meeting is called: 会见
    met: str | None = None  # what its first meeting is called
    arrived: str | None = None  # where somebody last arrived
    visiting: tuple[int, frozenset[str], str] | None = None  # where the sentence begins, who visits, where
    sentence_start: int = 0
    issuer: str | None = None  # whose statement the whole document is
    last: Sequence[Clause] = ()  # the clauses of the sentence before
    last_voice: Sequence[Clause] = ()  # those of them that whoever spoke last says
    theme: int = 0  # which of the reports of a round-up this is

    def resolve(self, item: Item) -> list[Named]:
        """The (name, type) pairs behind an item; empty where a reference can't be resolved."""
        if item.pronoun is None:
            known = item.type if len(item.names) == 1 else None
            return [(name, known or self.types.get(name, item.type)) for name in item.names]
        if item.pronoun == "speaker":
            names: Sequence[str] = (self.speaker,) if self.speaker else ()
        elif item.pronoun == "other":
            names = [p for p in self.persons if p != self.speaker] if self.speaker in self.persons else ()
            names = names if len(names) == 1 else ()
        elif item.pronoun == "we":
            said = self.speaker or self.issuer
            names = (said,) if said else ()
        elif item.pronoun == "third":
            names = self._third(item)
        elif item.pronoun == "it":
            names = self._it(item)
        elif item.pronoun == "counterpart":
            names = self._counterpart(item)
        elif item.pronoun == "those":
            names = self._those(item)
        elif item.pronoun in _KINDS:
            names = self._last(item, _KINDS[item.pronoun])
        elif item.pronoun == "persons":
            kinds = self.kinds.get(self.view.text[item.start : item.end], frozenset())
            fit = all(not kinds or kinds & self.ranks.get(person, kinds) for person in self.persons)
            names = self.persons if fit else ()
        elif item.pronoun == "states":
            names = self.sides() or self._two_before(item)
        else:
            return [(self.view.text[item.start : item.end], None)]
        return [(name, self.types.get(name)) for name in names]

    def _third(self, item: Item) -> Sequence[str]:
        """他: the person whom the sentence names first, else the speaker.

        As the object of a verb (祝贺他就任…) it is another than the first: the one named last.
        """
        before = self.view.items_in(self.sentence_start, item.start)
        named = [other.names[0] for other in before if other.type == "Person" and len(other.names) == 1]
        if self.view.tags[item.start - 1 : item.start] == "v":
            comma = max(self.view.masked.rfind(mark, self.sentence_start, item.start) for mark in _COMMAS)
            own = [o.names[0] for o in before if o.type == "Person" and o.start > comma and len(o.names) == 1]
            others = [name for name in named if name != (own or named)[0]]
            return others[-1:]
        if named or self.speaker is None:
            return named[:1] or self._alone()
        return () if any(other.pronoun == "speaker" for other in before) else (self.speaker,)  # 我对*他*…

    def _it(self, item: Item) -> Sequence[str]:
        """其 after a verb or role marker: whom its clause and the one before name after the first.

        A person where they name one, else a state or body; nobody where they name several.
        """
        masked, start = self.view.masked, self.sentence_start
        comma = max(masked.rfind(mark, start, item.start) for mark in _COMMAS)
        start = max(start, *(masked.rfind(mark, start, max(comma, start)) + 1 for mark in _COMMAS))
        named = [o for o in self.view.items_in(start, item.start) if o.type in _ACTORS and len(o.names) == 1]
        others = {o.names[0]: o.type for o in named if o.names != named[0].names}
        persons = [name for name, kind in others.items() if kind == "Person"]
        found = persons or list(others)
        return found if len(found) == 1 else ()

    def _alone(self) -> Sequence[str]:
        """The one person whom the sentence before names, of the same paragraph."""
        if not self.last or "\n" in self.view.text[self.last[-1].end : self.sentence_start]:
            return ()
        before = self.view.items_in(self.last[0].start, self.last[-1].end)
        named = {name for item in before if item.type == "Person" for name in item.names}
        return tuple(named) if len(named) == 1 else ()

    def _counterpart(self, item: Item) -> Sequence[str]:
        """对方: of the two sides the one that the sentence has not named, else not the speaker's."""
        sides = self.sides()
        before = self.view.items_in(self.sentence_start, item.start)
        named = {name for other in before for name in other.names} & set(sides)
        own = named or {self.home.get(self.speaker or "", "")} & set(sides)
        return [one for one in sides if one not in own] if len(sides) == 2 and len(own) == 1 else ()

    def _last(self, item: Item, kind: EntityType) -> Sequence[str]:
        """该国, 该组织: whichever of its kind the paragraph has named last."""
        paragraph = self.view.text.rfind("\n", 0, item.start) + 1
        for other in reversed(self.view.items_in(paragraph, item.start)):
            if other.type == kind:
                return other.names if len(other.names) == 1 else ()
        return ()

    def _two_before(self, item: Item) -> Sequence[str]:
        """The two countries that the paragraph has named, where it has named just two so far."""
        paragraph = self.view.text.rfind("\n", 0, item.start) + 1
        named = (o for o in self.view.items_in(paragraph, item.start) if o.type == "Country")
        two = tuple(dict.fromkeys(name for other in named for name in other.names))
        return two if len(two) == 2 else ()

    def _those(self, item: Item) -> Sequence[str]:
        """他们: the persons whom the sentence names, but for the first, who does something with them.

        Where it names none: those whom the sentence before lists together.
        """
        before = self.view.items_in(self.sentence_start, item.start)
        named = dict.fromkeys(o.names[0] for o in before if o.type == "Person" and len(o.names) == 1)
        if named:
            return tuple(named)[1:] if len(named) > 2 else ()
        lists = [p for c in self.last for p in c.phrases if len(p.names) > 1 and set(p.types) == {"Person"}]
        return lists[0].names if len(lists) == 1 and lists[0].case is None else ()

    def sides(self) -> tuple[str, ...]:
        """The two sides of which the speaker's is one, where somebody speaks; else those in question."""
        home = self.home.get(self.speaker or "")
        if home is None or home in self.states:
            return self.states
        others = [s for s in self.states if s != self.home.get(self.persons[0] if self.persons else "")]
        return (home, *others[:1]) if len(others) == 1 and len(self.states) == 2 else ()

    def office(self, of: str, title: str) -> str | None:
        """Who holds `title` of `of` in this document, where just one does."""
        return self.offices.get((of, title))

    def meet(self, persons: Sequence[str]) -> None:
        """Note the principals of talks; their sides become the sides in question.

        Two of one side who receive somebody else together are none.
        """
        if len(persons) != 2 or any(self.types.get(p) != "Person" for p in persons):
            return
        homes = tuple(dict.fromkeys(self.home[p] for p in persons if p in self.home))
        self.persons = tuple(persons)
        if len(homes) == 2:
            self.states = homes

    def head(self, start: int, end: int) -> None:
        """Read a headline in the body: one that names somebody new begins another report."""
        known = {*self.states, *self.persons, *(self.home.get(p) for p in self.persons)}
        items = [i for i in self.view.items_in(start, end) if i.type in _ACTORS]
        if not items or any(known.intersection(item.names) for item in items):
            return
        self.theme += 1
        self.states, self.persons, self.event, self.met = (), (), None, None
        self.arrived, self.visiting = None, None

    def enter(self, mentions: Sequence[Mention]) -> None:
        """Begin a paragraph: the sides that it names first are the sides in question."""
        for mention in mentions:
            if len(mention.names) == 2 and mention.type in ("Country", "Place"):
                self.states = mention.names
                return
        named = dict.fromkeys(m.names[0] for m in mentions if m.type == "Country" and len(m.names) == 1)
        if len(named) == 2:
            self.states = tuple(named)


def homes(
    positions: Sequence[Position], entities: Sequence[Entity], located: Mapping[str, str]
) -> dict[str, str]:
    """For each person with a position: the state, else the body, for which he or she acts.

    `located` gives the state of an organization or person, by name (from the lexicon).
    """
    types = {entity.name: entity.type for entity in entities}
    states = sorted((e.name for e in entities if e.type == "Country"), key=len, reverse=True)
    out: dict[str, str] = {}
    for position in positions:
        body = position.of
        if body is None or position.person in out and types.get(out[position.person]) == "Country":
            continue
        if types.get(body) == "Country":
            out[position.person] = body
        elif body in located:
            out[position.person] = located[body]
        else:
            state = next((s for s in states if body.startswith(s)), body)
            out.setdefault(position.person, state)
    for entity in entities:
        if entity.type == "Person" and entity.name not in out and entity.name in located:
            out[entity.name] = located[entity.name]
    return out


def ranks(positions: Sequence[Position], kind_of: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The kinds of the offices of each person, by `kind_of` of the longest known title that ends one."""
    out: dict[str, frozenset[str]] = {}
    for position in positions:
        ends = (position.title[at:] for at in range(len(position.title)))
        kind = next((kind_of[end] for end in ends if end in kind_of), None)
        if kind is not None:
            out[position.person] = out.get(position.person, frozenset()) | {kind}
    return out


def offices(positions: Sequence[Position]) -> dict[tuple[str, str], str]:
    """(of, title) → person, for the offices that one person alone holds in the document."""
    out: dict[tuple[str, str], str] = {}
    twice: set[tuple[str, str]] = set()
    for position in positions:
        if position.of is None:
            continue
        key = (position.of, position.title)
        if out.setdefault(key, position.person) != position.person:
            twice.add(key)
    return {key: person for key, person in out.items() if key not in twice}
