"""Which persons of one name, whom no lexicon knows, are one person: by the states that they serve.

Two documents contradict each other where they put the person in the service of different states. A
document that tells no state joins others only where these all agree, or where it gives a title that one
of the persons alone holds: so nobody is joined with two others through a third.
"""

from __future__ import annotations

from collections.abc import Mapping

from kgx.resolve.claims import Context


def persons(contexts: Mapping[str, Context]) -> dict[str, str]:
    """The key of the person in each document, given what each tells of the name: {document: key}.

    All contexts are of one key, `person/李明`. It stays the key where no two documents contradict each
    other; else each state has a person of its own, `person/李明-甲国`.
    """
    served = {one.states for one in contexts.values() if one.states}
    states = {state for group in served for state in group}
    if len(states) < 2 or any(states == set(group) for group in served):
        return {name: one.key for name, one in contexts.items()}  # one document knows that it is one person
    holders: dict[str, set[tuple[str, ...]]] = {}
    for one in contexts.values():
        if one.states:
            for title in one.titles:
                holders.setdefault(title, set()).add(one.states)
    out = {}
    for name, one in contexts.items():
        group = one.states
        if not group:
            known = {held for title in one.titles for held in holders.get(title, ())}
            group = next(iter(known)) if len(known) == 1 else ()
        out[name] = "-".join((one.key, *group))
    return out
