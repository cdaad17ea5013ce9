"""Which persons of one name are one person: by the states that they serve, and the offices that they hold.

Two documents contradict each other where they put the person in the service of different states. A
document that tells no state joins others only where these all agree, or nearly all, or where it gives a title
that one of the persons alone holds: so nobody is joined with two others through a third.

A family name alone is also the last part of whole names. It is the person of that one whole name which has
the same office elsewhere, such as 议长 of one parliament; where two have it, it is neither. Where no document
gives it an office, it is that of the one whole name that many documents have, and others hardly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

from kgx.resolve.contexts import Context

Place = TypeVar("Place")
_FAMED = 8  # documents that have a whole name, by which its last part alone is understood
_LEADS = 10  # … if all others of that last part have so many times fewer
_CLEAR = 3  # so many times as many places as put the person in another service put nearly all


def persons(contexts: Mapping[Place, Context]) -> dict[Place, str]:
    """The key of the person in each place, given what is told there: {place: key}.

    All contexts are of one `key`, `person/李明`. It stays the key where no two of that very name contradict
    each other; else each state has a person of its own, `person/李明-甲国`.
    """
    names: dict[str, dict[Place, Context]] = {}
    out: dict[Place, str] = {}
    for place, one in contexts.items():
        if one.fixed:
            out[place] = one.person
        else:
            names.setdefault(one.person, {})[place] = one
    for told in names.values():
        out.update(_apart(told))
    if len({one.person for one in contexts.values()}) > 1:
        out.update(_whole(contexts, out))
    return out


def _apart(contexts: Mapping[Place, Context]) -> dict[Place, str]:
    """The persons of one and the same name, by their states."""
    served = Counter(one.states for one in contexts.values() if one.states)
    states = {state for group in served for state in group}
    if len(states) < 2 or any(states == set(group) for group in served):
        return {
            name: one.person for name, one in contexts.items()
        }  # one document knows that it is one person
    holders: dict[str, set[tuple[str, ...]]] = {}
    for one in contexts.values():
        if one.states:
            for title in one.titles:
                holders.setdefault(title, set()).add(one.states)
    (usual, most), *rest = served.most_common()
    clear = usual if most >= _CLEAR * max(number for _, number in rest) else ()
    out = {}
    for name, one in contexts.items():
        group = one.states
        if not group:
            known = {held for title in one.titles for held in holders.get(title, ())}
            group = next(iter(known)) if len(known) == 1 else clear
        out[name] = of_states(one, group)
    return out


def of_states(context: Context, states: tuple[str, ...] | None = None) -> str:
    """The key of a person told apart from others of the name by states: those of the context, or others."""
    return "-".join((context.person, *(context.states if states is None else states)))


def _whole(contexts: Mapping[Place, Context], known: Mapping[Place, str]) -> dict[Place, str]:
    """Where a family name alone is the person of a whole name; `known` are the persons so far."""
    holders: dict[str, set[str]] = {}
    named = Counter(known[place] for place, one in contexts.items() if one.person != one.key)
    famed = [person for person, number in named.items() if number >= _FAMED]
    most = max(named.values(), default=0)
    short: dict[str, dict[Place, Context]] = {}
    for place, one in contexts.items():
        if one.person == one.key:
            short.setdefault(known[place], {})[place] = one
        else:
            for office in one.offices:
                holders.setdefault(office, set()).add(known[place])
    out: dict[Place, str] = {}
    for told in short.values():
        found = {place: _holder(one, holders) for place, one in told.items()}
        whole = {person for person in found.values() if person is not None}
        untold = not any(one.states or one.titles for one in told.values())
        if not whole and untold and len(famed) == 1 and _LEADS * (named.total() - most) <= most:
            out.update(dict.fromkeys(told, *famed))
        if len(whole) != 1:
            continue
        alone = len(famed) == 1 and whole == set(famed) and _LEADS * (named.total() - most) <= most
        sure = {place for place, one in told.items() if found[place] or one.states}
        titles = {title for place in sure for title in told[place].titles}
        sure |= {place for place, one in told.items() if one.titles and titles.issuperset(one.titles)}
        sure |= {place for place, one in told.items() if alone and not one.states and not one.titles}
        out.update(dict.fromkeys(sure, *whole))
    return out


def _holder(one: Context, holders: Mapping[str, set[str]]) -> str | None:
    """The one person of a whole name who holds an office that is told here."""
    found = {person for office in one.offices for person in holders.get(office, ())}
    return next(iter(found)) if len(found) == 1 else None
