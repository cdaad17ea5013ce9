"""A text cut where mentions and the sentences of facts begin and end, for a page that marks them in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kgx.knowledge import MentionSpan
from kgx.viz.links import Statement


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, the keys of what it names, and the numbers of the facts whose sentences hold it.

    `at` is the offset at which the sentence of a fact begins here; `ends` are the facts whose sentence ends
    with this piece.
    """

    text: str
    keys: tuple[str, ...]
    facts: tuple[int, ...]
    at: int | None
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """The pieces of a text, and its statements in the order in which the text makes them.

    A statement's number is its place in `statements`, from 1; `starts` has where the text first makes each,
    None where no sentence is known.
    """

    pieces: tuple[Piece, ...]
    statements: tuple[Statement, ...]
    starts: tuple[int | None, ...]


def marks(text: str, mentions: Sequence[MentionSpan], said: Sequence[Statement], document: int) -> Marks:
    """The text of a document, by its index, with its mentions and all that it states."""
    spans = {
        one.key: sorted((s.start, s.end) for s in one.evidence if s.document == document and s.end)
        for one in said
    }
    order = sorted(said, key=lambda one: (spans[one.key][:1] or [(len(text), 0)], one.type, one.key))
    held = [(*span, number) for number, one in enumerate(order, 1) for span in spans[one.key]]
    named = _apart(mentions)
    cuts = {0, len(text)}
    for start, end, _ in held:
        cuts |= {start, end}
    for one in named:
        cuts |= {one.start, one.end}
    ordered = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    keys = {one.start: one for one in named}
    inside: MentionSpan | None = None
    pieces = []
    begins = {start for start, _, _ in held}
    for start, end in zip(ordered, ordered[1:], strict=False):
        inside = keys.get(start, inside)
        if inside is not None and start >= inside.end:
            inside = None
        over = tuple(sorted({number for s, e, number in held if s <= start and end <= e}))
        ends = tuple(sorted({number for _, e, number in held if e == end}))
        at = start if start in begins else None
        pieces.append(Piece(text[start:end], inside.keys if inside else (), over, at, ends))
    starts = tuple(spans[one.key][0][0] if spans[one.key] else None for one in order)
    return Marks(tuple(pieces), tuple(order), starts)


def _apart(mentions: Sequence[MentionSpan]) -> list[MentionSpan]:
    """Mentions that don't overlap: of those that do, the first."""
    out: list[MentionSpan] = []
    for one in mentions:
        if not out or one.start >= out[-1].end:
            out.append(one)
    return out
