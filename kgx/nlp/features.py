"""What the statistical model reads: a matrix of feature keys, one column a character.

A key is a 64-bit hash of a template and what it found: characters and their clusters in a window of
five, the segmenter's words and tags, the names that other stages found. All is numpy over whole texts,
since a Python loop over characters would cost more than the rest of the pipeline.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from kgx.model import ENTITY_TYPES
from kgx.nlp.layers import Candidate, Words

Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint64]

# Rows of the matrix: those that look at words beside the character's own, those that see known names.
CONTEXT_ROWS = (18, 24)
KNOWN_ROWS = (24, 27)
TEMPLATES = 27

KNOWN_SOURCES = frozenset({"lexicon", "side"})  # a name's own string is known, against one that was inferred
_PAD = 2  # the window reaches this far to each side
_PLACES = 4  # single, begin, inside, end
_EDGE = 10  # the character that stands beyond either end of a text: a line break
_TYPES = {kind: i for i, kind in enumerate(ENTITY_TYPES)}

_BESIDE = np.arange(-1, 2)[:, None]
_PRIME = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_PRIME, -1, 1 << 64)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


def _powers(base: int, size: int) -> Codes:
    out, value = np.empty(size, np.uint64), 1
    for i in range(size):
        out[i] = value
        value = value * base & 0xFFFFFFFFFFFFFFFF
    return out


class FeatureReader:
    """Makes the feature keys of texts; the clusters of characters are its only knowledge."""

    def __init__(self, clusters: npt.NDArray[np.uint16]) -> None:
        """`clusters`: for each of the first 65,536 code points the number of its cluster, 0 for none."""
        self._clusters = clusters.astype(np.uint64)
        self._size = 0
        self._tags: dict[str, int] = {}

    def __call__(self, text: str, words: Words | None, known: Iterable[Candidate] = ()) -> Keys:
        """The keys of `text`: a row a template, a column a character.

        `words` are the segmenter's, `known` the names found so far, longest first resolved or not.
        """
        size = len(text)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
        word, tag, place = self._words(codes, words)
        keys = [
            *_windows(_padded(codes, _EDGE), size),
            *_clustered(_padded(self._clusters[np.minimum(codes, 0xFFFF)], 0), size),
            *_worded(word, tag, place),
            *_named(_names(size, known), tag, place),
        ]
        return _hashed(np.stack(keys)) if size else np.empty((len(keys), 0), np.uint64)

    def _words(self, codes: Codes, words: Words | None) -> tuple[Codes, Codes, Codes]:
        """For each character: hashes of its word and those beside it (3 rows), their tags (3), its place."""
        size = len(codes)
        if words is None or not words.starts:
            return np.zeros((3, size), np.uint64), np.zeros((3, size), np.uint64), np.zeros(size, np.uint64)
        starts, ends = np.array(words.starts), np.array(words.ends)
        if self._size <= size:
            self._size = max(2 * size, 4096)
            self._power, self._inverse = _powers(_PRIME, self._size), _powers(_INVERSE, self._size)
        sums = np.zeros(size + 1, np.uint64)
        np.cumsum(codes * self._power[:size], out=sums[1:])
        hashes = (sums[ends] - sums[starts]) * self._inverse[starts]
        known = self._tags
        tags = np.array(
            [
                known.get(t) or known.setdefault(t, int.from_bytes(t.encode()[:6], "big") + 1)
                for t in words.tags
            ],
            np.uint64,
        )
        lengths = ends - starts
        which = np.repeat(np.arange(1, len(starts) + 1), lengths)
        place = np.full(size, 2, np.uint64)
        place[starts] = 1
        place[ends - 1] = 3
        place[starts[lengths == 1]] = 0
        hashes, tags = _padded(hashes, 1, 1), _padded(tags, 1, 1)
        near = which + _BESIDE
        return hashes.take(near), tags.take(near), place


def _padded(values: Codes, edge: int, by: int = _PAD) -> Codes:
    side = np.full(by, edge, np.uint64)
    return np.concatenate([side, values, side])


def _joined(*parts: Codes) -> Codes:
    """One number for several: a polynomial of them, modulo 2**64."""
    out = parts[0]
    for part in parts[1:]:
        out = out * np.uint64(_PRIME) + part
    return out


def _windows(c: Codes, n: int) -> list[Codes]:
    """Each of five characters, the four pairs and the three triples of them."""
    pairs = _joined(c[:-1], c[1:])
    triples = _joined(pairs[:-1], c[2:])
    return [values[i : i + n] for values, size in ((c, 5), (pairs, 4), (triples, 3)) for i in range(size)]


def _clustered(c: Codes, n: int) -> list[Codes]:
    """The cluster of the character itself, the two pairs that it stands in, and the three triples."""
    pairs = _joined(c[:-1], c[1:])
    triples = _joined(pairs[:-1], c[2:])
    return [c[2 : 2 + n], pairs[1 : 1 + n], pairs[2 : 2 + n], *(triples[i : i + n] for i in range(3))]


def _worded(word: Codes, tag: Codes, place: Codes) -> list[Codes]:
    (w1, w2, w3), (t1, t2, t3) = word, tag
    t12 = _joined(t1, t2, place)
    return [
        _joined(w2, place), _joined(w1, place), _joined(w3, place), t12, _joined(t2, t3, place),
        _joined(t12, t3),
    ]  # fmt: skip


def _names(size: int, known: Iterable[Candidate]) -> Codes:
    """For each character the type, place and kind of source of the longest name on it; 0 for none."""
    found = [0] * size
    for c in sorted(known, key=lambda c: (c.end - c.start, c.source in KNOWN_SOURCES)):
        code = 1 + _PLACES * (_TYPES[c.type] + len(_TYPES) * (c.source not in KNOWN_SOURCES))
        start, end = c.start, c.end
        if end - start == 1:
            found[start] = code
        else:
            found[start:end] = [code + 1, *[code + 2] * (end - start - 2), code + 3]
    return np.array(found, np.uint64)


def _named(names: Codes, tag: Codes, place: Codes) -> list[Codes]:
    padded = _padded(names, 0, 1)
    before, after = padded[:-2], padded[2:]
    return [_joined(before, names), _joined(names, after), _joined(names, tag[1], place)]


def _hashed(keys: Codes) -> Keys:
    """Spread the keys over all 64 bits, each row by itself; 0 is never returned."""
    rows = np.arange(1, len(keys) + 1, dtype=np.uint64)[:, None]
    keys = (keys * np.uint64(64) + rows) * np.uint64(_PRIME)
    keys ^= keys >> np.uint64(31)
    keys *= _MIX
    keys ^= keys >> np.uint64(29)
    keys *= np.uint64(_PRIME)
    keys |= np.uint64(1)
    return keys
