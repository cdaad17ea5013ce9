"""The statistical model at work: a linear chain over characters.

A model is trained by `kgx.nlp.crf`; here its weights are laid out for speed. Each feature key
has a slot in a table that says where its weights stand, one for each label. Characters that are clearly
outside any name need no search, so that Viterbi's runs over the short stretches between them only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from kgx import errors
from kgx.errors import KgxError
from kgx.nlp.features import TEMPLATES, Keys

FORMAT = 1  # of model files
OUTSIDE = "O"

_SLOT_BITS = 22
_CHECK_BITS = 12  # of a key, kept beside the row: a foreign key is taken for a known one once in 4,096 hits
MOST_FEATURES = (1 << 32 - _CHECK_BITS) - 1
_BLOCK = 2048  # characters scored at once: what fits the processor's cache
_LARGEST = 32_000  # a sum of weights, in units
_NEVER = -1e4
_BEAM = 3.0  # a label that scores less than the best at its place by this is not tried

_Row = list[tuple[int, float]]  # labels and their scores
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Span:
    """A name that the model found, in characters; `score` from 0 to 1 says how far from none it is."""

    start: int
    end: int
    label: str
    score: float


def slots_of(keys: Keys) -> npt.NDArray[np.int64]:
    """The slot of each key."""
    return (keys >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)


def _checks_of(keys: Keys) -> npt.NDArray[np.uint32]:
    return (keys >> np.uint64(20)).astype(np.uint32) & np.uint32((1 << _CHECK_BITS) - 1)


class Tagger:
    """Finds names by weights of features and of pairs of labels."""

    def __init__(
        self,
        labels: tuple[str, ...],
        keys: Keys,
        weights: Floats,
        transitions: Floats,
        clusters: npt.NDArray[np.uint16],
        *,
        scale: float = 1.0,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        """`labels`: `O` first, then `B-…` and `I-…` of each type in turn.

        `weights` has a row for each of `keys`, which fill different slots, and a column for each
        label; `transitions[a, b]` is the weight of label b after label a. `scale`: what a span's gain
        in score is divided by to make its log-odds. `about`: what the model was trained on.
        """
        self.labels, self.keys, self.weights = labels, keys, weights
        self.transitions, self.clusters = transitions, clusters
        self.scale, self.about = scale, dict(about or {})
        size = len(labels)
        self._table = np.zeros(1 << _SLOT_BITS, np.uint32)
        rows = np.arange(1, len(keys) + 1, dtype=np.uint32)
        self._table[slots_of(keys)] = rows << np.uint32(_CHECK_BITS) | _checks_of(keys)
        # Whole numbers of 16 bits add up several times as fast as floats; no sum can overflow.
        self._unit = _LARGEST / (TEMPLATES * max(float(np.abs(weights).max(initial=0)), 1e-3))
        self._weights = np.zeros((len(keys) + 1, -(-size // 8) * 8), np.int16)
        self._weights[1:, :size] = np.round(weights * self._unit)
        self._moves = self._allowed()
        # A name's gain over O is at most the sum of what its characters' best labels gain, each with the
        # best step, less a threshold for the steps into the name and out of it.
        inner = float(transitions.max() - transitions[0, 0])
        edges = float(transitions[0, 1:].max() + transitions[1:, 0].max() - 2 * transitions[0, 0])
        self._margin = int(self._unit * inner)
        self._threshold = int(self._unit * (inner - edges))

    def _allowed(self) -> list[list[float]]:
        """The transitions, with those that break a name's form forbidden."""
        moves: list[list[float]] = self.transitions.tolist()
        for before, row in zip(self.labels, moves, strict=True):
            for i, label in enumerate(self.labels):
                if label.startswith("I-") and before[2:] != label[2:]:
                    row[i] = _NEVER
        return moves

    def scores(self, keys: Keys) -> npt.NDArray[np.int16]:
        """The score of each label (columns) for each character (rows), in whole units, steps apart."""
        size = keys.shape[1]
        out = np.empty((size, self._weights.shape[1]), np.int16)
        for start in range(0, size, _BLOCK):
            block = keys[:, start : start + _BLOCK]
            found = self._table.take(slots_of(block))
            rows = found >> np.uint32(_CHECK_BITS)
            rows *= ((found ^ _checks_of(block)) & np.uint32((1 << _CHECK_BITS) - 1)) == 0
            total = self._weights.take(rows[0], axis=0)
            for row in rows[1:]:
                total += self._weights.take(row, axis=0)
            out[start : start + _BLOCK] = total
        return out[:, : len(self.labels)]

    def spans(self, keys: Keys, settled: npt.NDArray[np.bool_] | None = None) -> Iterator[Span]:
        """Yield the names in a text of which these are the feature keys, by start.

        `settled` marks characters of names known before: where nothing else may be in a name, no
        search is made, and names that lie on such characters only may be left out.
        """
        if not keys.shape[1]:
            return
        scores = self.scores(keys)
        outside = scores[:, :1].astype(np.int32)
        near: npt.NDArray[np.bool_] = np.any(scores[:, 1:] > outside - self._margin, axis=1)
        near[1:-1] |= near[:-2] & near[2:]  # a character between two that may be in a name
        places = np.flatnonzero(near)
        if not len(places):
            return
        above = scores[places] - outside[places]
        stretch = np.cumsum(np.diff(places, prepend=places[0]) > 1)
        reach = np.maximum(above[:, 1:].max(axis=1) + self._margin, 0)
        wanted = np.bincount(stretch, weights=reach) > self._threshold
        if settled is not None:
            wanted &= np.bincount(stretch, weights=~settled[places]) > 0
        kept = wanted[stretch]
        places, above = places[kept], above[kept]
        if not len(places):
            return
        tried = above > above.max(axis=1, keepdims=True) - int(min(_BEAM * self._unit, 1e9))
        tried[:, 0] = True
        which, labels = np.nonzero(tried)
        values = (above[which, labels] / self._unit).tolist()
        rows: list[_Row] = [[] for _ in range(len(places))]
        for row, label, value in zip(which.tolist(), labels.tolist(), values, strict=True):
            rows[row].append((label, value))
        edges = [0, *(np.flatnonzero(np.diff(places) > 1) + 1).tolist(), len(places)]
        for first, last in pairwise(edges):
            yield from self._decode(rows[first:last], int(places[first]))

    def _decode(self, rows: Sequence[_Row], at: int) -> Iterator[Span]:
        """Yield the names of the best path through a stretch that begins `at`, nothing but O around it.

        `rows`: for each character the labels to try, with their scores above that of O.
        """
        moves = self._moves
        best = [(0, 0.0)]  # labels, with the score of the best path to each
        back: list[dict[int, int]] = []
        for row in rows:
            now = []
            origin = {}
            for label, score in row:
                before, top = best[0]
                top += moves[before][label]
                for other, value in best[1:]:
                    value += moves[other][label]
                    if value > top:
                        before, top = other, value
                origin[label] = before
                now.append((label, top + score))
            back.append(origin)
            best = now
        label = max(best, key=lambda pair: pair[1] + moves[pair[0]][0])[0]
        path = [label]
        for origin in reversed(back):
            path.append(origin[path[-1]])
        path.reverse()  # path[0] is what stands before the stretch
        start = 1
        while start < len(path):
            label, end = path[start], start + 1
            if label % 2:
                while end < len(path) and path[end] == label + 1:
                    end += 1
                yield self._span(rows[start - 1 : end - 1], at + start - 1, label)
            start = end

    def _span(self, rows: Sequence[_Row], start: int, label: int) -> Span:
        """The name of type `label` (its B-) on these characters; its log-odds are its gain over O."""
        moves = self._moves
        gain = moves[0][label] - moves[0][0] * (len(rows) + 1)
        last = label
        for place, row in enumerate(rows):
            now = label + (place > 0)
            gain += dict(row)[now] + (moves[last][now] if place else 0.0)
            last = now
        gain += moves[last][0]
        score = 1 / (1 + exp(-max(min(gain / self.scale, 30.0), -30.0)))
        return Span(start, start + len(rows), self.labels[label][2:], score)

    def save(self, out: IO[bytes]) -> None:
        """Write the model, the same bytes for the same model."""
        step = float(np.abs(self.weights).max() or 1) / 127
        order = np.argsort(self.keys)
        meta = {
            "format": FORMAT,
            "labels": self.labels,
            "step": step,
            "scale": self.scale,
            "about": self.about,
        }
        np.savez_compressed(
            out,
            meta=np.frombuffer(json.dumps(meta, ensure_ascii=False, sort_keys=True).encode(), np.uint8),
            keys=self.keys[order],
            weights=np.round(self.weights[order] / step).astype(np.int8).T,
            transitions=self.transitions,
            clusters=self.clusters,
        )


def load_tagger(path: str | Path) -> Tagger:
    """Read a model file; raises KgxError where it can't be read or is none."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            meta = json.loads(stored["meta"].tobytes())
            if meta["format"] != FORMAT:
                raise KgxError(errors.MODEL_FORMAT.format(path=path, found=meta["format"], expected=FORMAT))
            return Tagger(
                tuple(meta["labels"]),
                stored["keys"],
                stored["weights"].T.astype(np.float32) * np.float32(meta["step"]),
                stored["transitions"],
                stored["clusters"],
                scale=meta["scale"],
                about=meta["about"],
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as fault:
        raise KgxError(errors.MODEL_BAD.format(path=path, reason=errors.reason_of(fault))) from None
