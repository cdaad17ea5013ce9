"""Which of a user's decisions do nothing, or no longer what was meant, since documents or keys changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from kgx import errors
from kgx.resolve.decisions import Decisions, Mark

_TOLD = 5  # decisions, or keys of one, that a build names


def idle(decisions: Decisions, marks: Iterable[Sequence[str]]) -> list[str]:
    """A line for each decision that a build's documents do not obey, or not as it was meant; of many, some.

    `marks` are those of all documents (`Decisions.applied`).
    """
    done = Counter(tuple(one) for one in marks)
    merged = {mark[1] for mark in done if mark[0] == "merge"}
    moved: dict[str, list[str]] = {}
    for _, one, key in sorted(mark for mark in done if mark[0] == "moved"):
        moved.setdefault(one, []).append(key)
    out: list[str] = []
    told: set[str] = set()
    for mark, place in decisions.places.items():
        if mark[0] == "split":
            if mark not in done:
                out.append(errors.DECISION_IDLE_IN.format(place=place, entity=mark[1], document=mark[2]))
            continue
        entity, target = mark[1], decisions.merged[mark[1]]
        if decisions.parted(entity):
            continue  # it waits for another of the name
        ends = [one for one in (entity, target) if one not in decisions.known]
        gone = [(one, line) for one in ends if (line := _gone(one, moved.get(one, ()), done))]
        for name, line in gone[:1]:
            if name not in told:
                keys = ", ".join(moved[name][:_TOLD])
                number = done["at", name]
                out.append(
                    line.format(
                        place=place, entity=entity, target=target, name=name, keys=keys, number=number
                    )
                )
            told.add(name)
        if not gone and mark not in done and not _met(decisions, entity, merged):
            out.append(errors.DECISION_IDLE.format(place=place, entity=entity))
    if len(out) > _TOLD:
        return [*out[:_TOLD], errors.DECISIONS_IDLE.format(number=len(out) - _TOLD)]
    return out


def _gone(key: str, others: Sequence[str], done: Mapping[Mark, int]) -> str | None:
    """What to tell of a merge of or into `key`, under which some documents have `others` now."""
    here = done.get(("at", key), 0)
    if not others or (here and all(key.startswith(f"{one}-") for one in others)):
        return None  # of one of a name: that others have the name alone says nothing against it
    if ("joined", key) not in done:
        return errors.DECISION_PARTED
    return errors.DECISION_MIXED if here else None


def _met(decisions: Decisions, key: str, merged: Collection[str]) -> bool:
    """Whether a row was obeyed that says the same of the person by name alone, or by name and state."""
    target = decisions.merged[key]
    same = (one for one in merged if decisions.merged[one] == target)
    return any(one.startswith(f"{key}-") or key.startswith(f"{one}-") for one in same)
