"""The statistical model at work: a linear-chain model over characters, decoded with numpy.

A model is trained by CRFsuite (`kgx.train`); here its weights are laid out for speed. Each feature key
has a slot in a table that says where its weights stand, one for each label. Characters that are clearly
outside any name need no search, so that Viterbi's runs over the short stretches between them only, all
at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from kgx import errors
from kgx.errors import KgxError
from kgx.nlp.features import Keys

FORMAT = 1  # of model files
OUTSIDE = "O"

_SLOT_BITS = 22
_CHECK_BITS = 12  # of a key, kept beside the row: a foreign key is taken for a known one once in 4,096 hits
_ROWS = 1 << 32 - _CHECK_BITS
_BLOCK = 2048  # characters scored at once: what fits the processor's cache
_NEVER = np.float32(-1e4)

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
        self._weights = np.zeros((len(keys) + 1, -(-size // 16) * 16), np.float32)
        self._weights[1:, :size] = weights
        self._moves = self._allowed()
        inside = self._moves > _NEVER / 2
        self._margin = np.float32(2 * (self._moves[inside].max() - self._moves[0, 0]))

    def _allowed(self) -> Floats:
        """The transitions, with those that break a name's form forbidden."""
        moves = self.transitions.copy()
        for j, label in enumerate(self.labels):
            if label.startswith("I-"):
                for i, before in enumerate(self.labels):
                    if before[2:] != label[2:]:
                        moves[i, j] = _NEVER
        return moves

    def scores(self, keys: Keys) -> Floats:
        """The score of each label (columns) for each character (rows), neighbours' labels apart."""
        size = keys.shape[1]
        out = np.empty((size, len(self.labels)), np.float32)
        for start in range(0, size, _BLOCK):
            block = keys[:, start : start + _BLOCK]
            found = self._table[slots_of(block)]
            rows = found >> np.uint32(_CHECK_BITS)
            rows *= ((found ^ _checks_of(block)) & np.uint32((1 << _CHECK_BITS) - 1)) == 0
            total = self._weights[rows[0]]
            for row in rows[1:]:
                total += self._weights[row]
            out[start : start + _BLOCK] = total[:, : len(self.labels)]
        return out

    def spans(self, keys: Keys) -> Iterator[Span]:
        """Yield the names in a text of which these are the feature keys, by start."""
        if not keys.shape[1]:
            return
        scores = self.scores(keys)
        open_at = np.flatnonzero(scores[:, 0] - scores[:, 1:].max(axis=1) <= self._margin)
        if not len(open_at):
            return
        breaks = np.flatnonzero(np.diff(open_at) > 1)
        starts = open_at[np.concatenate(([0], breaks + 1))]
        ends = open_at[np.concatenate((breaks, [len(open_at) - 1]))] + 1
        path = np.zeros(len(scores), np.int8)
        self._decode(scores, starts, ends - starts, path)
        yield from self._read(scores, path)

    def _decode(
        self,
        scores: Floats,
        starts: npt.NDArray[np.int64],
        lengths: npt.NDArray[np.int64],
        path: npt.NDArray[np.int8],
    ) -> None:
        """Write the best labels of the stretches into `path`; what stands around them is outside."""
        order = np.argsort(-lengths, kind="stable")
        starts, lengths = starts[order], lengths[order]
        into = np.ascontiguousarray(self._moves.T)  # [label, label before]
        best = self._moves[0] + scores[starts]
        final = np.zeros(len(starts), np.int64)
        active = len(starts)
        back: list[npt.NDArray[np.int64]] = []
        for step in range(1, int(lengths[0]) + 1):
            left = int(np.searchsorted(-lengths, -step, side="left"))  # stretches longer than `step`
            if left < active:
                final[left:active] = np.argmax(best[left:active] + self._moves[:, 0], axis=1)
            if not left:
                break
            ways = best[:left, None, :] + into
            back.append(ways.argmax(axis=2))
            best = ways.max(axis=2) + scores[starts[:left] + step]
            active = left
        labels = final
        for step in range(int(lengths[0]) - 1, -1, -1):
            left = int(np.searchsorted(-lengths, -step, side="left"))
            path[starts[:left] + step] = labels[:left]
            if step:
                before = back[step - 1]
                labels[:left] = before[np.arange(left), labels[:left]]

    def _read(self, scores: Floats, path: npt.NDArray[np.int8]) -> Iterator[Span]:
        """The spans that the labels of `path` spell."""
        moves = self.transitions
        begins = np.flatnonzero(path % 2 == 1).tolist()
        gains = scores[np.arange(len(path)), path] - scores[:, 0]
        for start in begins:
            label = int(path[start])
            end = start + 1
            while end < len(path) and path[end] == label + 1:
                end += 1
            gain = (
                float(gains[start:end].sum())
                + float(moves[0, label])
                - (end - start + 1) * float(moves[0, 0])
            )
            if end - start > 1:
                gain += float(moves[label, label + 1] + (end - start - 2) * moves[label + 1, label + 1])
                gain += float(moves[label + 1, 0])
            else:
                gain += float(moves[label, 0])
            score = 1 / (1 + float(np.exp(-np.clip(gain / self.scale, -30, 30))))
            yield Span(start, end, self.labels[label][2:], score)

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
