"""Where entities lie on the earth, as far as `rules/coordinates.tsv` knows."""

from __future__ import annotations

from collections.abc import Mapping

from kgx.knowledge import KnowledgeGraph
from kgx.rulebook import RuleFolder, load_tsv
from kgx.schemas.lexicon import CoordinateRow

PLACED = ("Place", "Country")


def coordinates(graph: KnowledgeGraph, rules: RuleFolder | None = None) -> Mapping[str, tuple[float, float]]:
    """Longitude and latitude of the places and countries of a graph that the table has, by key.

    Raises RuleError where the table is wrong.
    """
    path = (rules or RuleFolder()).find("coordinates.tsv")
    known = {row.name: (row.longitude, row.latitude) for row in load_tsv(path, CoordinateRow)}
    out = {}
    for key, entity in graph.entities.items():
        if entity.type in PLACED:
            name = next((one for one in (entity.label, *entity.names) if one in known), None)
            if name is not None:
                out[key] = known[name]
    return out
