"""Filling the slots of a frame: each slot's sources in order, kept to the types that it accepts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kgx.facttypes import FactType
from kgx.nlp.setting import Filler, Setting
from kgx.nlp.sources import SOURCES
from kgx.schemas.frames import Frame, SlotSource

# Sources that only stand in for what the clause itself does not say.
_FALLBACK = frozenset(
    {
        "parties",
        "sides",
        "before",
        "before-this",
        "domain",
        "near",
        "speaker",
        "other",
        "definite",
        "same-event",
        "people",
        "pair",
        "stricken-place",
    }
)

Roles = dict[str, list[Filler]]


def fill_all(setting: Setting, frame: Frame, kind: FactType) -> Roles:
    """The fillers of every slot that has any, up to one that lacks what the frame needs."""
    roles: Roles = {}
    for role, slot in frame.slots.items():
        fillers = fill(setting, slot, frame.need.get(role, 0), kind.roles[role].takes_text)
        if kind.roles[role].refines == "place":  # 在*甲*对乙发动袭击之后: who does it is not where
            doers = {
                (f.text, f.start)
                for done in roles
                if kind.roles[done].refines == "actor"
                for f in roles[done]
            }
            fillers = [f for f in fillers if (f.text, f.start) not in doers]
        if fillers:
            roles[role] = fillers
        if len(fillers) < frame.need.get(role, 0):
            break
    return roles


def lacking(frame: Frame, roles: Roles, dated: bool = False) -> str:
    """What a frame needs and did not find, in a few words; nothing where all is there.

    `dated`: a date that counts among what the frame needs any of was found.
    """
    for role in (*frame.slots, *frame.need):
        found, least = len(roles.get(role, ())), frame.need.get(role, 0)
        if found < least:
            return f"{role}: {found} of {least}"
    if frame.any and not dated and not any(role in roles for role in frame.any):
        return f"one of {', '.join(frame.any)}"
    return ""


def fill(setting: Setting, slot: SlotSource, least: int, words: bool) -> list[Filler]:
    """The fillers of one slot: a fallback source is asked only where the others gave too few.

    `words` says whether the role may hold words as written (各国) beside names.
    """
    out: dict[str, Filler] = {}
    for source in slot.source:
        if out and slot.first or source in _FALLBACK and len(out) >= max(1, least):
            continue
        if source == "near" and slot.first and _else_near(setting, slot):
            return []
        if source == "parties" and len(out) == 1:
            out |= {f.text: f for f in _partners(setting, next(iter(out.values())))}
            continue
        for filler in SOURCES[source](setting, slot):
            one = _lift(filler, setting) if slot.lift else filler
            allowed = one.type in slot.types if slot.types and one.type else True
            if slot.shuns and one.text.endswith(slot.shuns):
                continue
            if allowed and (one.type is not None or words and not slot.typed):
                out.setdefault(one.text, one)
        if source == "just-before" and out:
            break  # they are all there are
    return [] if slot.alone and len(out) > 1 else list(out.values())


def _else_near(setting: Setting, slot: SlotSource) -> bool:
    """Whether something else than the slot takes stands right before the trigger: 会见*甲国*当选总统."""
    beside = setting.view.item_at(setting.edge - 1) if setting.edge else None
    if beside is None or beside.end != setting.edge or beside.type in (*slot.types, None):
        return False
    return any(
        p.start <= beside.start < p.end + len(p.tail) and p.case is None for p in setting.clause.phrases
    )


def _partners(setting: Setting, one: Filler) -> list[Filler]:
    """The other side of a party that stands alone: person to person, state to state."""
    discourse = setting.discourse
    sides = discourse.persons if one.text in discourse.persons else discourse.sides()
    if one.text not in sides:
        return []
    return [Filler(n, discourse.types.get(n), one.start, one.end) for n in sides if n != one.text]


def _lift(filler: Filler, setting: Setting) -> Filler:
    """A person as the state or body for which he or she acts."""
    home = setting.discourse.home.get(filler.text) if filler.type == "Person" else None
    if home is None:
        return filler
    return replace(filler, text=home, type=setting.discourse.types.get(home))


def extent(fillers: Iterable[Filler], start: int, end: int) -> tuple[int, int]:
    """The stretch that holds all fillers and [start, end)."""
    ends = [(f.start, f.end) for f in fillers]
    return min([start, *(a for a, _ in ends)]), max([end, *(b for _, b in ends)])


def distribute(
    each: Sequence[str], mutual: Sequence[str], roles: Mapping[str, list[Filler]], spread: bool
) -> Iterator[dict[str, list[Filler]]]:
    """One fact, or several: one for each filler of a role in `each`, two for a mutual pair,
    one for each object where 分别 spreads the first participant over the others."""
    if mutual and len(roles.get(mutual[0], ())) >= 2 and not roles.get(mutual[1]):
        pair = roles[mutual[0]][:2]
        for one, other in (pair, pair[::-1]):
            yield {**roles, mutual[0]: [one], mutual[1]: [other]}
        return
    if spread and len(roles.get("participant", ())) > 2:
        first, *others = roles["participant"]
        for other in others:
            yield {**roles, "participant": [first, other]}
        return
    for role in each:
        if len(roles.get(role, ())) > 1:
            for filler in roles[role]:
                yield from distribute(each, (), {**roles, role: [filler]}, False)
            return
    yield dict(roles)
