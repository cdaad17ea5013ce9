"""Which state a person, a body or a place belongs to, so that what they do counts for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from kgx.knowledge import KnowledgeGraph
from kgx.lexicon import Lexicon

STEPS = 4  # how deep places lie within others: a hall, a city, a province, a state


def homes(graph: KnowledgeGraph, lexicon: Lexicon) -> Mapping[str, str]:
    """The key of the state of each entity of a graph that belongs to one, by key; a state's is its own.

    Bodies and places belong where the lexicon locates them; persons to the state of whose offices, or of
    whose bodies' offices, most documents tell.
    """
    countries = {entity.label: key for key, entity in graph.entities.items() if entity.type == "Country"}
    located = {(entry.type, entry.name): entry.located for entry in lexicon.entries if entry.located}
    parents = {entry.name: entry.located for entry in lexicon.entries if entry.located}
    out: dict[str, str] = {key: key for key in countries.values()}
    for key, entity in graph.entities.items():
        at = located.get((entity.type, entity.label))
        for _ in range(STEPS):
            if at is None or at in countries:
                break
            at = parents.get(at)
        if at is not None and at in countries:
            out.setdefault(key, countries[at])
    votes: dict[str, Counter[str]] = {}
    for position in graph.positions.values():
        state = out.get(position.organization or "")
        if state is not None:
            votes.setdefault(position.person, Counter())[state] += len(position.sightings)
    for person, counts in votes.items():
        out[person] = min(counts, key=lambda state: (-counts[state], state))
    return out
