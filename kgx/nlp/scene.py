"""A text with its names masked: what the name and title grammars match against.

The mask has the text's length. The first character of a name is its type's letter, the rest are
`REST`; so `NAME_OF["Country"] + REST + "*"` matches one country, whatever it is called, and a name's
own characters (会 in 联合国大会) can't be taken for something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from kgx.model import ENTITY_TYPES, EntityType
from kgx.nlp.layers import Candidate

LETTERS: dict[EntityType, str] = {kind: chr(0xE100 + i) for i, kind in enumerate(ENTITY_TYPES)}
REST = chr(0xE10F)


@dataclass(frozen=True, slots=True)
class Scene:
    """`text` as stages read it, `mask` of equal length, and the names masked, by start and by end."""

    text: str
    mask: str
    starts: dict[int, Candidate]
    ends: dict[int, Candidate]


def scene(text: str, chosen: Sequence[Candidate]) -> Scene:
    """Mask `chosen`, which must not overlap and stand in order."""
    parts, at = [], 0
    for c in chosen:
        parts.append(text[at : c.start])
        parts.append(LETTERS[c.type] + REST * (c.end - c.start - 1))
        at = c.end
    parts.append(text[at:])
    return Scene(text, "".join(parts), {c.start: c for c in chosen}, {c.end: c for c in chosen})


def choose(candidates: Iterable[Candidate], sources: Sequence[str] = ()) -> list[Candidate]:
    """Return the candidates that win, by start, without overlap.

    The longest wins, of equals the one whose source stands first in `sources`, then the surer.
    """
    placed = sorted(candidates, key=attrgetter("start"))
    if all(a.end <= b.start for a, b in pairwise(placed)):
        return placed
    rank = {source: i for i, source in enumerate(sources)}

    def order(c: Candidate) -> tuple[int, int, float, int]:
        return c.start - c.end, rank.get(c.source, len(rank)), -c.score, c.start

    ranked = sorted(placed, key=order)
    taken = bytearray(max((c.end for c in ranked), default=0))
    chosen: list[Candidate] = []
    for candidate in ranked:
        start, end = candidate.start, candidate.end
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            chosen.append(candidate)
    return sorted(chosen, key=attrgetter("start"))
