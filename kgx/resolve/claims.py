"""What one document claims, in the terms that merging needs: entities by key, positions, facts.

A claim depends on its document and the rules alone, so that a document is added or withdrawn without a
look at any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import NamedTuple

from kgx.facttypes import fault
from kgx.iri import identity
from kgx.knowledge import DocumentNode, MentionSpan
from kgx.lexicon import LexEntry
from kgx.model import Document, Entity, EntityType, Extraction, Fact, Position, Status
from kgx.period import is_period, period
from kgx.resolve.contexts import Context, contexts_of
from kgx.resolve.held import held_of
from kgx.resolve.keys import BY_NAME, called, dates_of, keys_of, told_of
from kgx.resolve.names import told_by
from kgx.resolve.policy import Policy

OFFICES = frozenset(("Country", "Organization", "Place", "Event", "Initiative"))  # what has positions
_META = ("title", "subtitle", "publisher", "section", "edition", "url", "language")

_key = attrgetter("key")

Pair = tuple[str, bool, str]  # role; whether an entity fills it; its key, or words as written


class Named(NamedTuple):
    """An entity as a document has it. `labels` are its names there, `names` those that hold elsewhere too."""

    key: str
    type: EntityType
    labels: tuple[str, ...]
    names: tuple[str, ...]
    qid: str | None
    label_en: str | None
    kind: str | None


class Held(NamedTuple):
    """A position, and where the document gives it; `end` is 0 where only the document is known."""

    person: str
    title: str
    organization: str | None
    start: int
    end: int
    quote: str


class Stated(NamedTuple):
    """A fact, and the sentence that states it."""

    type: str
    status: Status
    date: str | None
    roles: tuple[Pair, ...]
    start: int
    end: int
    quote: str
    rule: str
    confidence: float
    source: tuple[bool, str] | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Claims:
    """All that one document claims. `stopped` are the reasons why something broke the schema of facts."""

    document: DocumentNode
    entities: tuple[Named, ...] = ()
    contexts: tuple[Context, ...] = ()
    positions: tuple[Held, ...] = ()
    facts: tuple[Stated, ...] = ()
    stopped: tuple[str, ...] = ()

    def renamed(self, keys: Mapping[str, str], entities: Iterable[Named] | None = None) -> Claims:
        """The same claims about the entities that other keys stand for.

        `entities` are those of the document as they are to be named, under their old keys.
        """
        if not keys:
            return self
        new = {key: keys.get(key, key) for key in (one.key for one in self.entities)}
        named = self.entities if entities is None else entities
        spans = tuple(
            replace(span, keys=tuple(sorted({new.get(key, key) for key in span.keys})))
            for span in self.document.mentions
        )
        return Claims(
            document=replace(self.document, mentions=spans),
            entities=joined([_edition_of(one, new[one.key]) for one in named]),
            contexts=self.contexts,
            positions=tuple(
                one._replace(
                    person=new.get(one.person, one.person),
                    organization=new.get(one.organization, one.organization) if one.organization else None,
                )
                for one in self.positions
            ),
            facts=tuple(_renamed(one, new) for one in self.facts),
            stopped=self.stopped,
        )


def _edition_of(one: Named, key: str) -> Named:
    """An entity under another key; one meeting of those of its name, if that is the name with a year."""
    year = key.removeprefix(f"{one.key}-")
    if one.type == "Event" and year != key and year.isdecimal():
        english = one.label_en and f"{one.label_en} {year}"
        return one._replace(key=key, qid=None, label_en=english)
    return one._replace(key=key)


def _renamed(one: Stated, new: Mapping[str, str]) -> Stated:
    roles = {(name, known, new.get(value, value) if known else value) for name, known, value in one.roles}
    source = one.source
    if source is not None and source[0]:
        source = (True, new.get(source[1], source[1]))
    return one._replace(roles=tuple(sorted(roles)), source=source)


def claims_of(extraction: Extraction, policy: Policy, *, mentions: bool = False) -> Claims:
    """What the document of an extraction claims; `mentions` keeps where it names entities."""
    document = extraction.document
    stopped = list(extraction.stopped)
    named = []
    for entity in extraction.entities:
        if identity(entity.name):
            named.append(entity)
        else:
            stopped.append("Entity: no name")
    types: dict[str, EntityType] = {one.name: one.type for one in named}
    told = told_by(extraction, policy.lexicon)
    usual = {one.name: policy.names.usual(one.type, called(one), told) for one in named if _unknown(one)}
    named = [_known(one, usual[one.name][1]) if one.name in usual else one for one in named]
    dates = dates_of(extraction, policy)
    held = {one.name: told_of(one, dates, document, policy) for one in named if one.type == "Event"}
    keys = keys_of(named, document, {name: form for name, (form, _) in usual.items()}, held, policy)
    key_of = {name: key for name, (key, _) in keys.items()}
    positions = []
    for position in extraction.positions:
        reason = _position_fault(position, types)
        if reason is None:
            positions.append(_held(position, document, key_of))
        else:
            stopped.append(reason)
    facts = []
    for fact in extraction.facts:
        reason = fault(fact, types, policy.types)
        if document.text[fact.start : fact.end] != fact.evidence:
            reason = reason or f"{fact.type}: its evidence does not stand at its offsets"
        if reason is None:
            facts.append(_stated(fact, key_of, policy))
        else:
            stopped.append(reason)
    node = _node(document, extraction.topics)
    if mentions:
        node = replace(node, mentions=_spans(extraction, key_of))
    return Claims(
        document=node,
        entities=joined([_named(one, *keys[one.name], policy) for one in named]),
        contexts=(
            *contexts_of(named, extraction.positions, key_of, policy),
            *held_of(named, key_of, held, document, policy),
        ),
        positions=tuple(dict.fromkeys(positions)),
        facts=tuple(dict.fromkeys(facts)),
        stopped=tuple(stopped),
    )


def _unknown(entity: Entity) -> bool:
    """Whether the lexicon may know the entity by another form of its name only."""
    return entity.key is None and entity.type not in BY_NAME


def _known(entity: Entity, entry: LexEntry | None) -> Entity:
    """The entity with the identity of the entry that another form of its name has, if there is one."""
    if entry is None:
        return entity
    return replace(entity, key=entry.key, qid=entry.qid, label_en=entry.en, kind=entry.kind)


def _named(entity: Entity, key: str, own: bool, policy: Policy) -> Named:
    # What else names it here is known to hold elsewhere only where the lexicon knows the entity; of others it
    # may be a short form that this document alone defines.
    name = called(entity)
    if not own:  # one meeting of a series, or what one document means by a name
        usual = key.partition("/")[2]
        english = policy.meetings.label_en(usual) or policy.composed.label(entity.type, usual)
        return Named(key, entity.type, (name,), (name,), None, english, entity.kind)
    composed = policy.composed.label(entity.type, key.partition("/")[2]) if entity.label_en is None else None
    if entity.key is None:
        english = entity.label_en or composed
        return Named(key, entity.type, (name,), (name,), entity.qid, english, entity.kind)
    names = tuple(sorted({name, *entity.surfaces}))
    english = policy.english.get(key, entity.label_en or composed)
    label = _table_name(entity, policy) or name
    return Named(key, entity.type, (label,), names, entity.qid, english, entity.kind)


def _table_name(entity: Entity, policy: Policy) -> str | None:
    """The name that the lexicon has of a thing; persons are called as most documents call them."""
    entry = policy.lexicon.by_key.get(entity.key or "")
    return entry.name if entry is not None and entity.type != "Person" else None


def joined(entities: list[Named]) -> tuple[Named, ...]:
    """The entities, sorted, those of one key made one."""
    out: dict[str, Named] = {}
    for one in sorted(entities, key=_key):
        held = out.get(one.key)
        if held is None:
            out[one.key] = one
            continue
        out[one.key] = Named(
            one.key,
            held.type,
            tuple(sorted({*held.labels, *one.labels})),
            tuple(sorted({*held.names, *one.names})),
            held.qid or one.qid,
            held.label_en or one.label_en,
            held.kind or one.kind,
        )
    return tuple(out.values())


def _position_fault(position: Position, types: Mapping[str, EntityType]) -> str | None:
    if types.get(position.person) != "Person":
        return "Position: its holder is no Person of the document"
    if position.of is not None and types.get(position.of) not in OFFICES:
        return "Position: `of` is no body, place or event of the document"
    if not position.title.strip():
        return "Position: no title"
    return None


def _held(position: Position, document: Document, keys: Mapping[str, str]) -> Held:
    start, end = position.start, position.end
    quote = document.text[start:end] if 0 <= start < end else ""
    organization = keys[position.of] if position.of is not None else None
    place = (start, end) if quote else (0, 0)
    return Held(keys[position.person], position.title, organization, *place, quote)


def _stated(fact: Fact, keys: Mapping[str, str], policy: Policy) -> Stated:
    roles = set()
    for name, role in policy.types[fact.type].roles.items():
        for filler in fact.roles.get(name, ()):
            known = role.takes_entities and filler in keys
            roles.add((name, known, keys[filler] if known else filler.strip()))
    source: tuple[bool, str] | None = None
    if fact.source and fact.source.strip():
        known = fact.source in keys
        source = (known, keys[fact.source] if known else fact.source.strip())
    return Stated(
        fact.type,
        fact.status,
        fact.date,
        tuple(sorted(roles)),
        fact.start,
        fact.end,
        fact.evidence,
        fact.rule,
        fact.confidence,
        source,
        fact.code,
    )


def _node(document: Document, topics: tuple[str, ...]) -> DocumentNode:
    date = document.date
    if date is not None and not (is_period(date) and period(date).grain == "day"):
        date = None
    return DocumentNode(
        id=document.id,
        date=date,
        authors=tuple(dict.fromkeys(document.authors)),
        keywords=tuple(dict.fromkeys(document.keywords)),
        topics=tuple(sorted({topic for topic in topics if topic.strip()})),
        **{name: getattr(document, name) for name in _META},
    )


def _spans(extraction: Extraction, keys: Mapping[str, str]) -> tuple[MentionSpan, ...]:
    text = extraction.document.text
    return tuple(
        MentionSpan(
            one.start,
            one.end,
            text[one.start : one.end],
            tuple(sorted({keys[name] for name in one.names})),
            one.score,
        )
        for one in sorted(extraction.mentions, key=lambda one: (one.start, one.end, one.names))
        if one.names and all(name in keys for name in one.names) and 0 <= one.start < one.end <= len(text)
    )
