"""Training of the linear-chain model: a conditional random field, by AdaGrad, in numpy.

Sequences of like length are trained together, so that the forward and backward passes are matrix
products over the batch. Features are dropped out at random, whole groups of them for whole sequences
too: a model that can't always ask the lexicon learns what names look like and where they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_NUMBER_BITS = 26  # of a key, told apart while training


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. `groups`: (first row, last row + 1, share of sequences without these features)."""

    passes: int = 8
    rate: float = 0.15
    batch: int = 2500  # characters
    dropout: float = 0.15
    least_gradient: float = 0.01  # characters that the model has right up to this teach it nothing
    groups: tuple[tuple[int, int, float], ...] = ()
    seed: int = 0


def with_seed(settings: Settings, seed: int) -> Settings:
    """The same settings with another seed."""
    return replace(settings, seed=seed)


@dataclass(slots=True)
class Data:
    """Sequences laid end to end.

    `rows`: for each template (first axis) and character the number of its feature, 0 for none;
    `labels`: of each character; `starts`: of each sequence, and the end of the last.
    """

    rows: npt.NDArray[np.int32]
    labels: npt.NDArray[np.int8]
    starts: Ints


def train(
    data: Data, features: int, labels: int, settings: Settings, heard: Callable[[int, float], None]
) -> tuple[Floats, Floats]:
    """Return the weights (`features` + 1 rows, `labels` columns) and the transitions.

    `heard` is told the number of each pass and the mean loss a character.
    """
    random = np.random.default_rng(settings.seed)
    width = -(-labels // 16) * 16
    weights = np.zeros((features + 1, width), np.float32)
    squares = np.full((features + 1, width), 1e-2, np.float32)
    moves = np.zeros((labels, labels), np.float32)
    move_squares = np.full((labels, labels), 1.0, np.float32)
    rate, keep = np.float32(settings.rate), np.float32(1 - settings.dropout)
    lengths = np.diff(data.starts)
    for number in range(1, settings.passes + 1):
        loss = 0.0
        for chosen in _batches(lengths, settings.batch, random):
            where, at, steps, order = _layout(data.starts[chosen], lengths[chosen])
            rows = data.rows[:, where]
            _drop(rows, at, len(chosen), settings, random)
            total = weights[rows[0]]
            for row in rows[1:]:
                total += weights[row]
            total /= keep
            gold = data.labels[where].astype(np.int64)
            found, gradient, pairs = _gradient(total[:, :labels], gold, steps, order, moves)
            loss += found
            move_squares += pairs * pairs
            moves -= rate * pairs / np.sqrt(move_squares)
            teach = np.flatnonzero(np.abs(gradient).max(axis=1) > settings.least_gradient)
            if len(teach):
                _update(weights, squares, rows[:, teach], gradient[teach], rate)
        heard(number, loss / max(len(data.labels), 1))
    return weights[:, :labels], moves


def _batches(lengths: Ints, size: int, random: np.random.Generator) -> Iterator[Ints]:
    """Numbers of sequences of like length, about `size` characters at a time, in random order."""
    order = random.permutation(len(lengths))
    pieces: list[Ints] = []
    for start in range(0, len(order), 2000):
        some = order[start : start + 2000]
        some = some[np.argsort(lengths[some], kind="stable")]
        edges = np.flatnonzero(np.diff(np.cumsum(lengths[some]) // size)) + 1
        pieces += np.split(some, edges)
    for place in random.permutation(len(pieces)):
        if len(pieces[place]):
            yield pieces[place]


def _layout(starts: Ints, lengths: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Characters of a batch by step, longest sequence first: all first ones, all second ones, …

    Returns their places in the data, the sequence of each, how many sequences reach each step, and
    where each step begins.
    """
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    steps = np.searchsorted(-lengths, -np.arange(int(lengths[0])), side="left")
    at = np.concatenate([np.arange(n) for n in steps])
    when = np.repeat(np.arange(len(steps)), steps)
    return starts[at] + when, at, steps, np.concatenate(([0], np.cumsum(steps)))


def _drop(
    rows: npt.NDArray[np.int32], at: Ints, sequences: int, settings: Settings, random: np.random.Generator
) -> None:
    """Set features to none at random: single ones, and each group for some sequences."""
    if settings.dropout:
        rows *= random.random(rows.shape, np.float32) >= settings.dropout
    for first, last, share in settings.groups:
        rows[first:last] *= (random.random(sequences) >= share)[at]


def _gradient(
    scores: Floats, gold: Ints, steps: Ints, order: Ints, moves: Floats
) -> tuple[float, Floats, Floats]:
    """The loss of a batch, and its gradient by scores and by transitions."""
    top = scores.max(axis=1, keepdims=True)
    emit = np.exp(scores - top)
    ways = np.exp(moves)
    forward = np.empty_like(emit)
    norms = np.empty(len(emit), np.float32)
    count = len(steps)
    for step in range(count):
        a, n = order[step], steps[step]
        now = emit[a : a + n].copy()
        if step:
            now *= forward[order[step - 1] : order[step - 1] + n] @ ways
        norm = now.sum(axis=1)
        norms[a : a + n] = norm
        forward[a : a + n] = now / norm[:, None]
    backward = np.ones_like(emit)
    pairs = np.zeros_like(moves)
    for step in range(count - 1, 0, -1):
        a, n, b = order[step], steps[step], order[step - 1]
        later = emit[a : a + n] * backward[a : a + n] / norms[a : a + n, None]
        backward[b : b + n] = later @ ways.T
        pairs += forward[b : b + n].T @ later
    pairs *= ways
    gradient = forward * backward
    loss = float(np.log(norms).sum() + top.sum())
    every = np.arange(len(gold))
    loss -= float(scores[every, gold].sum())
    gradient[every, gold] -= 1
    for step in range(1, count):
        n, b, a = steps[step], order[step - 1], order[step]
        before, after = gold[b : b + n], gold[a : a + n]
        np.subtract.at(pairs, (before, after), np.float32(1))
        loss -= float(moves[before, after].sum())
    return loss, gradient, pairs


def _update(
    weights: Floats, squares: Floats, rows: npt.NDArray[np.int32], gradient: Floats, rate: np.float32
) -> None:
    """One step of AdaGrad on the features of `rows`, each by the sum of its characters' gradients."""
    flat = rows.ravel()
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    sums = np.add.reduceat(gradient[order % rows.shape[1]], first, axis=0)
    which = ordered[first]
    if which[0] == 0:  # no feature
        which, sums = which[1:], sums[1:]
    size = gradient.shape[1]
    squares[which, :size] += sums * sums
    weights[which, :size] -= rate * sums / np.sqrt(squares[which, :size])


def number_features(keys: list[npt.NDArray[np.generic]], least: int) -> npt.NDArray[np.uint64]:
    """Replace each block of keys by its features' numbers, from 1; return the keys of the numbers.

    A key that occurs fewer than `least` times gets 0. Of keys that share their first bits, which is
    rare, the last met stands for all.
    """
    size = 1 << _NUMBER_BITS
    counts = np.zeros(size, np.uint8)
    found = np.zeros(size, np.uint64)
    for block in keys:
        slots, times = np.unique(_numbers(block), return_counts=True)
        counts[slots] = np.minimum(counts[slots] + np.minimum(times, least), least).astype(np.uint8)
        found[_numbers(block)] = block.ravel()
    often = np.flatnonzero(counts >= least)
    number = np.zeros(size, np.int32)
    number[often] = np.arange(1, len(often) + 1, dtype=np.int32)
    for at, block in enumerate(keys):
        keys[at] = number[_numbers(block)].reshape(block.shape)
    return found[often]


def _numbers(keys: npt.NDArray[np.generic]) -> Ints:
    return (keys.ravel().astype(np.uint64, copy=False) >> np.uint64(64 - _NUMBER_BITS)).astype(np.int64)
