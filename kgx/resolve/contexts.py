"""What a document tells of its persons: by it those of one name are told apart, or joined, elsewhere.

Meetings of one name are told apart in the same way (`kgx.resolve.held`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kgx.iri import MIDDLE_DOT, identity
from kgx.model import Entity, Position
from kgx.resolve.policy import Policy


class Context(NamedTuple):
    """What a document tells of one person: states served, titles held, offices that one has at a time.

    `key` is that of the last part of the name, which all share who may be called so; `person` that of the
    name as it is. `fixed`: the lexicon knows who it is.
    """

    key: str
    person: str
    states: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    fixed: bool = False


def contexts_of(
    named: Iterable[Entity], positions: Iterable[Position], keys: Mapping[str, str], policy: Policy
) -> tuple[Context, ...]:
    """The contexts of a document's persons whom the lexicon does not know, or knows by a name in parts."""
    held: dict[str, list[Position]] = {}
    for one in positions:
        held.setdefault(one.person, []).append(one)
    out = []
    for entity in named:
        if entity.type != "Person":
            continue
        name = entity.name
        if entity.key is not None:
            entry = policy.lexicon.by_key.get(entity.key)
            name = entry.name if entry is not None else ""
            if MIDDLE_DOT not in name:
                continue
        mine = held.get(entity.name, ())
        key = keys[entity.name]
        kind, _, form = (key if entity.key is None else f"person/{identity(name)}").partition("/")
        out.append(
            Context(
                f"{kind}/{form.rpartition(MIDDLE_DOT)[2] or form}",
                key,
                tuple(sorted({state for one in mine if (state := _served(one, policy))})),
                tuple(sorted({one.title for one in mine})),
                tuple(sorted({office for one in mine if (office := _office(one, keys, policy))})),
                entity.key is not None,
            )
        )
    return tuple(out)


def _served(position: Position, policy: Policy) -> str | None:
    """The state that an office is of; with the office, where its holder has no other."""
    rules = policy.rules.persons
    state = policy.home(position.of) if position.of is not None else None
    if state is None or state in rules.known:
        return state
    return next((f"{state}{end}" for end in rules.apart if position.title.endswith(end)), state)


def _office(position: Position, keys: Mapping[str, str], policy: Policy) -> str | None:
    """Title and body, where two persons of one family name hardly have both: of a state only some titles."""
    body = keys.get(position.of) if position.of is not None else None
    if body is None:
        return None
    if body.startswith(("country/", "place/")) and not position.title.endswith(policy.rules.persons.single):
        return None
    return f"{position.title} {body}"
