"""Two persons of one name in a document (甲国总统阿里, 乙国外长阿里), parted by the offices that they hold.

A name is taken for two persons only where the text itself gives it present offices of two states, each
right before the name. A mention without an office is of whom the name meant last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kgx.model import Entity, Mention, Position
from kgx.nlp.record import record


@record
class Told:
    """That a mention at `at` has an office of a state right before it, of a given title."""

    at: int
    person: str
    state: str
    title: str


def namesakes(told: Iterable[Told], homes: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Name of each person that stands for several, to the states, each with the name for its own.

    The one of the state that `homes` has for the name keeps it, else the one met first; the others
    carry their office behind it.
    """
    states: dict[str, dict[str, str]] = {}
    for one in told:
        states.setdefault(one.person, {}).setdefault(one.state, one.title)
    out = {}
    for person, titles in states.items():
        if len(titles) > 1:
            keeps = homes.get(person) if homes.get(person) in titles else next(iter(titles))
            out[person] = {
                state: person if state == keeps else f"{person}（{title}）" for state, title in titles.items()
            }
    return out


def part(
    found: Mapping[str, Mapping[str, str]],
    told: Sequence[Told],
    mentions: Sequence[Mention],
    entities: Sequence[Entity],
    positions: Sequence[Position],
) -> tuple[tuple[Mention, ...], tuple[Entity, ...], tuple[Position, ...]]:
    """The mentions, entities and positions of a document, with its `namesakes` parted."""
    state_at = {one.at: one.state for one in told}
    meant = {person: next(iter(names.values())) for person, names in found.items()}
    named = []
    for mention in mentions:
        person = mention.names[0]
        if len(mention.names) == 1 and mention.type == "Person" and person in found:
            meant[person] = found[person].get(state_at.get(mention.start, ""), meant[person])
            mention = replace(mention, names=(meant[person],))
        named.append(mention)
    starts = [(m.start, old.names[0], m.names[0]) for m, old in zip(named, mentions, strict=True)]

    def holder(position: Position) -> str:
        after = (new for start, old, new in starts if old == position.person and start >= position.end)
        return next(after, position.person)

    listed = []
    for entity in entities:
        listed.append(entity)
        if entity.type == "Person" and entity.name in found:
            others = [name for name in found[entity.name].values() if name != entity.name]
            listed += [Entity(name, "Person", entity.surfaces) for name in others]
    held = (replace(p, person=holder(p)) if p.person in found else p for p in positions)
    return tuple(named), tuple(listed), tuple(held)
