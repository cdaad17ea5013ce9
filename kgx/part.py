"""A part of a graph: some of its facts and positions, with all that they name and who says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kgx.knowledge import KnowledgeGraph


def part(graph: KnowledgeGraph, keys: Collection[str]) -> KnowledgeGraph:
    """The graph of the facts and positions that have these keys.

    Of the documents only those are left that state one of them, without their mentions.
    """
    facts = {key: fact for key, fact in graph.facts.items() if key in keys}
    positions = {key: position for key, position in graph.positions.items() if key in keys}
    named = {filler.value for fact in facts.values() for _, filler in fact.roles if filler.entity}
    numbers = {one.document for fact in facts.values() for one in fact.evidence}
    for fact in facts.values():
        named |= {one.source.value for one in fact.evidence if one.source and one.source.entity}
    for position in positions.values():
        named |= {position.person, position.organization or position.person}
        numbers |= {one.document for one in position.sightings}
    place = {number: rank for rank, number in enumerate(sorted(numbers))}

    def moved(documents: Collection[int]) -> tuple[int, ...]:
        return tuple(place[number] for number in documents if number in place)

    return replace(
        graph,
        documents=tuple(replace(graph.documents[number], mentions=()) for number in place),
        entities={
            key: replace(
                entity,
                names={name: moved(found) for name, found in entity.names.items()},
                documents=moved(entity.documents),
            )
            for key, entity in graph.entities.items()
            if key in named
        },
        facts={
            key: replace(
                fact,
                evidence=tuple(replace(one, document=place[one.document]) for one in fact.evidence),
            )
            for key, fact in facts.items()
        },
        positions={
            key: replace(
                position,
                sightings=tuple(replace(one, document=place[one.document]) for one in position.sightings),
            )
            for key, position in positions.items()
        },
        shortcuts=tuple(
            replace(one, grounds=held)
            for one in graph.shortcuts
            if (held := tuple(key for key in one.grounds if key in keys))
        ),
    )
