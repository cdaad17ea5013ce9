"""Component `kgx_identity`: which person of the lexicon, if any, a person of the document is.

A name alone is weak evidence: 卡斯特罗 was president of Honduras and of Cuba, and a reporter may be called
what a premier is called. The offices that the document gives a person decide, with its date: who held them
on that day, who had held them before. Where they contradict the lexicon the person stays without identity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import product

from spacy.language import Language
from spacy.tokens import Doc

from kgx.iri import MIDDLE_DOT
from kgx.lexicon import LexEntry, Lexicon, load_lexicon
from kgx.model import Entity, Position
from kgx.nlp.claims import Claim, Titles, load_titles
from kgx.nlp.company import NO_CUES, Company, Cues, Scene
from kgx.nlp.layers import given_text, register
from kgx.offices import Office, heads, shift
from kgx.rulebook import RuleFolder, load_tsv, load_yaml
from kgx.schemas.names import PersonRules, TitleRow

_PRIVATE = frozenset({"press", "academic"})  # kinds of titles that holders of an office are not known by
_FAMED = frozenset({"public-figure", "astronaut"})  # kinds of those who may be called by private titles


class Verdict(IntEnum):
    """What a document's offices say of one person of the lexicon, the surest last."""

    CONTRADICTED = 0  # the offices are another's
    SILENT = 1  # no office tells
    NEAR = 2  # an office of the same state, or one held at another time
    MIXED = 3  # one that is taken for that office, on that day: head of state and of government
    HELD = 4  # the very office, on that day


@dataclass(frozen=True, slots=True)
class Given:
    """What a document gives a person: the claims of titles, the states of all offices, and their bodies."""

    claims: tuple[Claim, ...]
    homes: frozenset[str]
    bodies: frozenset[str]
    meant: frozenset[str]  # states that titles without a body are usually of: 国家副主席


class Identifier:
    """Finds the lexicon's persons among those of a document."""

    def __init__(
        self,
        lexicon: Lexicon,
        titles: Titles,
        private: Collection[str] = (),
        cues: Cues = NO_CUES,
    ) -> None:
        """`private`: titles of people without office (记者); `cues`: words by which a bare name is known."""
        self.lexicon, self.titles = lexicon, titles
        self._company = Company(lexicon, titles, cues)
        self.private = frozenset(private)
        self._mixed = frozenset(titles.rules.learn.mixed)
        self._holders: dict[tuple[str, str], list[tuple[Office, LexEntry]]] = defaultdict(list)
        self._members: dict[tuple[str, str], list[LexEntry]] = defaultdict(list)
        for entry in lexicon.entries:
            for office in entry.offices:
                self._holders[office.body, office.role].append((office, entry))
            for body, part in product(self._bodies(entry), _parts(entry)) if entry.type == "Person" else ():
                self._members[body, part].append(entry)

    def identify(
        self, entities: Iterable[Entity], positions: Sequence[Position], day: str | None, text: str = ""
    ) -> tuple[Entity, ...]:
        """The entities, each person with the one entry that its offices and the day allow, or with none.

        `day` is the document's date, None where it is not known; `text` its text.
        """
        entities = tuple(entities)
        held: dict[str, list[Position]] = defaultdict(list)
        for position in positions:
            held[position.person].append(position)
        usual = {
            one.name: self.lexicon.by_key[one.key].name
            for one in entities
            if one.key is not None and one.key in self.lexicon.by_key and one.type != "Person"
        }
        found: dict[str, LexEntry] = {}
        weak: dict[str, LexEntry] = {}
        for entity in entities:
            if entity.type == "Person":
                mine = held.get(entity.name, ())
                entry, sure = self._person(entity, mine, usual, day, text)
                if entry is not None and not _of_another(entity, entry, mine, text):
                    (found if sure else weak)[entity.name] = entry
        known = self._company.known(weak, found, Scene(entities, usual, day, text))
        return tuple(
            _as(entity, found.get(entity.name) or known.get(entity.name))
            if entity.type == "Person"
            else entity
            for entity in entities
        )

    def _person(
        self,
        entity: Entity,
        held: Sequence[Position],
        usual: Mapping[str, str],
        day: str | None,
        text: str,
    ) -> tuple[LexEntry | None, bool]:
        """The entry that an entity is, and whether its name and offices are enough to say so."""
        named = self._named(entity)
        if held and all(position.title in self.private for position in held):
            named, held = [entry for entry in named if entry.kind in _FAMED], ()
        given = self._given(held, usual)
        verdicts = {entry.key: (self._verdict(entry, given, day), entry) for entry in named}
        best = max((verdict for verdict, _ in verdicts.values()), default=Verdict.CONTRADICTED)
        fitting = [entry for verdict, entry in verdicts.values() if verdict is best]
        holder = self._holder(entity, given, day) if best < Verdict.MIXED else None
        if holder is None and best < Verdict.NEAR and held:
            holder = self._member(entity, given)
        if holder is not None or best is Verdict.CONTRADICTED:
            return holder, True
        if best is Verdict.NEAR and len(fitting) > 1 and day is not None:
            # who heads a state or government would be named by that office
            fitting = [entry for entry in fitting if not heads(entry.offices, day)] or fitting
        if best is Verdict.SILENT:
            spoken = [entry for entry in fitting if self._speaks_of(entry, day, text)]
            alone = (
                len(named) == 1
                and not (given.homes or given.bodies or entity.name in named[0].titled)
                and not self._company.common(entity.name, named[0])
            )
            name = entity.name if alone else None
            spoken = spoken or [entry for entry in fitting if self._entitled(entry, held, day, text, name)]
            if len(spoken) == 1:
                return spoken[0], True
        if len(fitting) > 1:
            return None, False
        return fitting[0], best > Verdict.SILENT

    def _speaks_of(self, entry: LexEntry, day: str | None, text: str) -> bool:
        """Whether the text has an office that the person held that day, though not beside the name."""
        return day is not None and any(
            office.holds(day, self.titles.rules.leeway)
            and any(phrase in text for phrase in self.titles.phrases(office.body, office.role))
            for office in entry.offices
        )

    def _entitled(
        self, entry: LexEntry, held: Sequence[Position], day: str | None, text: str, alone: str | None
    ) -> bool:
        """Whether a title without a body is that of the person's office.

        The text names its state, or the title follows the name (普京总统), which is no other's (`alone`).
        """
        bare = [position.title for position in held if position.of is None]
        state = self.titles.state(entry.located) if bare and day is not None else None
        if state is None:
            return False
        if not self.titles.named(text, (state,)):
            bare = [title for title in bare if alone is not None and f"{alone}{title}" in text]
        claims = (claim for title in bare for claim in self.titles.claims(title, state))
        return any((self._heard(entry, claim, day) or 0) >= Verdict.MIXED for claim in claims)

    def _named(self, entity: Entity) -> list[LexEntry]:
        """The lexicon's persons of the entity's name; of any other surface where the name has none."""
        for name in (entity.name, *entity.surfaces):
            entries = (*self.lexicon.surfaces.get(name, ()), *self.lexicon.titled.get(name, ()))
            found = [entry for entry in entries if entry.type == "Person"]
            if found:
                return found
        return []

    def _given(self, held: Sequence[Position], usual: Mapping[str, str]) -> Given:
        bodies = {p: usual.get(p.of, p.of) for p in held if p.of is not None}
        homes = {state for of in bodies.values() if (state := self.titles.state(of)) is not None}
        # a title without a body (国家主席) belongs to the state of the others, if there is one
        rest = next(iter(homes)) if len(homes) == 1 else None
        claims = [c for p in held for c in self.titles.claims(p.title, bodies.get(p, rest))]
        meant = {state for c in claims if (state := self.titles.state(c.body)) is not None}
        return Given(
            tuple(claims),
            frozenset(homes),
            frozenset(of for of in bodies.values() if of is not None),
            frozenset(meant),
        )

    def _verdict(self, entry: LexEntry, given: Given, day: str | None) -> Verdict:
        found = [self._heard(entry, claim, day) for claim in given.claims]
        told = [verdict for verdict in found if verdict is not None]
        if told:
            return max(told)
        if given.bodies and (entry.located in given.bodies or self._belongs(entry, given.bodies)):
            return Verdict.NEAR
        state = self.titles.state(entry.located)
        if not given.homes and state in given.meant:
            return Verdict.NEAR
        if not given.homes or state is None:
            return Verdict.SILENT  # the head of a body of no state may be called after any
        return Verdict.NEAR if state in given.homes else Verdict.CONTRADICTED

    def _belongs(self, entry: LexEntry, bodies: Collection[str]) -> bool:
        """Whether one of the bodies is the person's, or begins with its name: 非盟委员会 with 非盟."""
        own = self._bodies(entry)
        return any(body.startswith(own) for body in bodies)

    def _bodies(self, entry: LexEntry) -> tuple[str, ...]:
        """The bodies for which a person is known, no state among them."""
        own = (*entry.bodies, *((entry.located,) if entry.located else ()))
        return tuple(body for body in own if self.titles.state(body) != body)

    def _heard(self, entry: LexEntry, claim: Claim, day: str | None) -> Verdict | None:
        """What one claim says; None where the lexicon knows nothing of that office."""
        roles = self._mixed if claim.role in self._mixed else (claim.role,)
        offices = [one for one in entry.offices if one.body == claim.body and one.role in roles]
        if not offices:
            return None
        if day is None:
            return Verdict.NEAR
        agreeing = [office for office in offices if self._agrees(office, claim, day)]
        if agreeing:
            very = any(office.role == claim.role for office in agreeing)
            return Verdict.HELD if very else Verdict.MIXED
        ahead = self.titles.rules.ahead
        return Verdict.CONTRADICTED if all(one.later(day, ahead) for one in offices) else Verdict.NEAR

    def _agrees(self, office: Office, claim: Claim, day: str) -> bool:
        leeway = self.titles.rules.leeway
        if claim.when == "now":
            return office.holds(day, leeway)
        if claim.when == "former":
            return office.last is not None and office.last <= shift(day, leeway)
        return not office.later(day, self.titles.rules.ahead) and office.later(day, -leeway)

    def _holder(self, entity: Entity, given: Given, day: str | None) -> LexEntry | None:
        """Who held the office on that day, if the name is part of one of his, or the other way round."""
        for claim in given.claims if day is not None else ():
            holders = {
                entry.key: entry
                for office, entry in self._holders.get((claim.body, claim.role), ())
                if self._agrees(office, claim, day or "")
            }
            if len(holders) == 1:
                (entry,) = holders.values()
                known = (entry.name, *entry.aliases)
                if any(_shared(mine, its) for mine in (entity.name, *entity.surfaces) for its in known):
                    return entry
        return None

    def _member(self, entity: Entity, given: Given) -> LexEntry | None:
        """Who is known for the body of an office, if one name is part of the other: 主席弗朗西斯."""
        found = {
            entry.key: entry
            for part in {entity.name, entity.name.rpartition(MIDDLE_DOT)[2]}
            for body in given.bodies
            for entry in self._members.get((body, part), ())
            if part == entity.name or part in (entry.name, *entry.aliases)
        }
        return next(iter(found.values())) if len(found) == 1 else None


def _parts(entry: LexEntry) -> Iterator[str]:
    """The names of a person, and the first and last parts of one in parts."""
    for name in (entry.name, *entry.aliases):
        yield from {name, name.partition(MIDDLE_DOT)[0], name.rpartition(MIDDLE_DOT)[2]}


def _shared(one: str, other: str) -> bool:
    """Whether one name is part of the other."""
    return one in other or other in one


def _of_another(entity: Entity, entry: LexEntry, held: Sequence[Position], text: str) -> bool:
    """Whether a form of the name has the given name of another of the family, and no office beside it."""
    whole = [name for name in (entry.name, *entry.aliases) if MIDDLE_DOT in name]
    forms = {name for name in (entity.name, *entity.surfaces) if MIDDLE_DOT in name}
    forms = {name for name in forms if f"{MIDDLE_DOT}{name}" not in text}  # the rest of a longer one
    if not whole or all(any(_alike(form, name) for name in whole) for form in forms):
        return False
    beside = (text[max(one.start - len(form), 0) : one.end + len(form)] for form in forms for one in held)
    return not any(form in words for words in beside for form in forms)


def _alike(one: str, other: str) -> bool:
    """Whether two names in parts share one beside the last, or have a short form of it (萨·扎帕罗夫)."""
    mine, its = (name.split(MIDDLE_DOT)[:-1] for name in (one, other))
    return any(a.startswith(b) or b.startswith(a) for a in mine for b in its)


def _as(entity: Entity, entry: LexEntry | None) -> Entity:
    if entry is None:
        return replace(entity, key=None, qid=None, label_en=None, kind=None)
    return replace(entity, key=entry.key, qid=entry.qid, label_en=entry.en, kind=entry.kind)


class IdentityComponent:
    """Revises the identity of persons in `doc._.kgx_entities` by `doc._.kgx_positions` and the date."""

    def __init__(self, identifier: Identifier) -> None:
        """`identifier`: who knows the persons."""
        self.identifier = identifier

    def __call__(self, doc: Doc) -> Doc:
        """Revise the entities of `doc`."""
        layers = doc._
        document = layers.kgx_document
        layers.kgx_entities = self.identifier.identify(
            layers.kgx_entities,
            layers.kgx_positions,
            document.date if document is not None else None,
            given_text(doc),
        )
        return doc


@Language.factory("kgx_identity", default_config={"rules": None})
def make_identity(nlp: Language, name: str, *, rules: str | None) -> IdentityComponent:
    """Make the component; `rules` is a folder laid over the shipped rules, or None."""
    register()
    folder = RuleFolder(rules)
    lexicon = load_lexicon(folder)
    titles = load_tsv(folder.find("titles.tsv"), TitleRow)
    private = frozenset(row.title for row in titles if row.kind in _PRIVATE)
    (persons,) = load_yaml(folder.find("persons.yml"), PersonRules)
    known = load_titles(folder, lexicon)
    cues = Cues(persons.attendance, persons.leading, persons.opening, persons.headlines, persons.bearing)
    return IdentityComponent(Identifier(lexicon, known, private, cues))
