"""A text with its names masked: what the name and title grammars match against.

The mask has the text's length. The first character of a name is its type's letter, the rest are
`REST`; so `NAME_OF["Country"] + REST + "*"` matches one country, whatever it is called, and a name's
own characters (会 in 联合国大会) can't be taken for something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    chosen: list[Candidate] = []
    rivals: list[Candidate] = []  # that overlap, each one of those before it
    reach = 0
    for candidate in sorted(candidates, key=attrgetter("start")):
        if candidate.start >= reach:
            chosen += rivals if len(rivals) < 2 else _winners(rivals, sources)
            rivals = []
        rivals.append(candidate)
        reach = max(reach, candidate.end)
    chosen += rivals if len(rivals) < 2 else _winners(rivals, sources)
    return chosen


def _winners(rivals: Sequence[Candidate], sources: Sequence[str]) -> list[Candidate]:
    rank = {source: i for i, source in enumerate(sources)}

    def order(c: Candidate) -> tuple[int, int, float, int]:
        return c.start - c.end, rank.get(c.source, len(rank)), -c.score, c.start

    won: list[Candidate] = []
    for one in sorted(rivals, key=order):
        if all(one.end <= other.start or other.end <= one.start for other in won):
            won.append(one)
    return sorted(won, key=attrgetter("start"))
