"""The sentences of a document in which an unknown name may stand, as one text for the model to read.

The segmenter tags most words that may be names, known or not, as such. A sentence without any such word
outside the known names has no name for the model to find; two thirds of news is left out thereby.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from kgx.nlp.layers import Candidate, Words
from kgx.nlp.tagger import Span

Settled = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Stretches of a document laid end to end.

    `words` and `candidates` are the document's that lie in them (these without keys), `settled` marks
    characters of known names; all offsets count the excerpt's `text`. `starts` are where the stretches
    stand in the document, `places` where they stand here.
    """

    text: str
    words: Words | None
    candidates: Sequence[Candidate]
    settled: Settled
    starts: tuple[int, ...]
    places: tuple[int, ...]

    def restore(self, spans: Iterable[Span]) -> Iterator[Span]:
        """The spans with offsets of the document; what goes over the end of a stretch is left out."""
        for span in spans:
            at = bisect_right(self.places, span.start) - 1
            if at + 1 == len(self.places) or span.end <= self.places[at + 1]:
                move = self.starts[at] - self.places[at]
                yield Span(span.start + move, span.end + move, span.label, span.score)


def excerpt(
    text: str,
    words: Words | None,
    candidates: Sequence[Candidate],
    chosen: Sequence[Candidate],
    bounds: Sequence[int],
    tags: frozenset[str],
) -> Excerpt:
    """The sentences that hold a word of two characters and more with one of `tags` outside `chosen`.

    `bounds` are where sentences begin, ascending. Without words or `tags` the whole text is taken.
    """
    settled = np.zeros(len(text), np.bool_)
    for c in chosen:
        settled[c.start : c.end] = True
    if words is None or not tags:
        return Excerpt(text, words, candidates, settled, (0,), (0,))
    edges = [0, *bounds, len(text)]
    wanted = set[int]()
    for i, tag in enumerate(words.tags):
        if tag in tags:
            start, end = words.starts[i], words.ends[i]
            if end - start > 1 and not (settled[start] and settled[end - 1]):
                wanted.add(bisect_right(edges, start) - 1)
    stretches = [(edges[i], edges[i + 1]) for i in sorted(wanted)]
    return _laid(text, words, candidates, settled, stretches)


def _laid(
    text: str,
    words: Words,
    candidates: Sequence[Candidate],
    settled: Settled,
    stretches: Sequence[tuple[int, int]],
) -> Excerpt:
    """These stretches of the text, end to end."""
    starts = tuple(a for a, _ in stretches)
    places = tuple(accumulate((b - a for a, b in stretches), initial=0))[:-1]
    begun, ended, tags = list[int](), list[int](), list[str]()
    for (a, b), place in zip(stretches, places, strict=True):
        first, last = bisect_left(words.starts, a), bisect_left(words.starts, b)
        begun += [start - a + place for start in words.starts[first:last]]
        ended += [end - a + place for end in words.ends[first:last]]
        tags += words.tags[first:last]
    moved = []
    for c in candidates:
        at = bisect_right(starts, c.start) - 1
        if at >= 0 and c.end <= stretches[at][1]:
            move = places[at] - starts[at]
            moved.append(Candidate(c.start + move, c.end + move, c.type, c.name, c.source, c.score))
    return Excerpt(
        "".join(text[a:b] for a, b in stretches),
        Words(tuple(begun), tuple(ended), tuple(tags)),
        moved,
        np.concatenate([np.zeros(0, np.bool_), *(settled[a:b] for a, b in stretches)]),
        starts,
        places,
    )
