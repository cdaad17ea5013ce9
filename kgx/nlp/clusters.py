"""Clusters of characters that stand in like company, learnt from plain text.

Each character is described by what stands right before and right after it (positive pointwise mutual
information, reduced by singular value decomposition), and k-means groups the descriptions.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

_LEAST = 5  # a rarer character is in no cluster
_CODES = 0x10000


def cluster_characters(
    texts: Iterable[str], *, number: int = 200, dimensions: int = 50, seed: int = 0
) -> npt.NDArray[np.uint16]:
    """The cluster of each of the first 65,536 code points, counted from 1; 0 where it has none."""
    codes, counts, kept = _read(texts)
    clusters = np.zeros(_CODES, np.uint16)
    if len(kept) <= number:
        clusters[kept] = np.arange(1, len(kept) + 1)
        return clusters
    vectors = _vectors(codes, kept, min(dimensions, len(kept)))
    clusters[kept] = _kmeans(vectors, number, np.random.default_rng(seed), counts[kept]) + 1
    return clusters


def character_vectors(
    texts: Iterable[str], *, dimensions: int = 50
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The code points that occur often enough, and a unit vector for each."""
    codes, _, kept = _read(texts)
    return kept, _vectors(codes, kept, min(dimensions, len(kept)))


def _read(
    texts: Iterable[str],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The code points of the texts, how often each occurs, and those that are not too rare."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    codes = codes[codes < _CODES]
    counts = np.bincount(codes, minlength=_CODES)
    return codes, counts, np.flatnonzero(counts >= _LEAST)


def _vectors(
    codes: npt.NDArray[np.int64], kept: npt.NDArray[np.int64], dimensions: int
) -> npt.NDArray[np.float64]:
    """A unit vector for each kept character."""
    size = len(kept)
    index = np.full(_CODES, size)
    index[kept] = np.arange(size)
    rows = index[codes]
    pairs = np.bincount(rows[:-1] * (size + 1) + rows[1:], minlength=(size + 1) ** 2)
    after = pairs.reshape(size + 1, size + 1)[:size, :size].astype(np.float64)
    table = np.hstack([_ppmi(after), _ppmi(after.T)])
    values, basis = np.linalg.eigh(table @ table.T)
    vectors = basis[:, -dimensions:] * np.sqrt(np.sqrt(np.maximum(values[-dimensions:], 0)))
    out: npt.NDArray[np.float64] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return out


def _ppmi(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    expected = counts.sum(1, keepdims=True) * (counts.sum(0, keepdims=True) ** 0.75)
    expected *= counts.sum() / np.maximum(expected.sum(), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(counts * counts.sum() / expected)
    return np.asarray(np.nan_to_num(np.maximum(ratio, 0), posinf=0, neginf=0), dtype=np.float64)


def _kmeans(
    vectors: npt.NDArray[np.float64], number: int, random: np.random.Generator, weights: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Spherical k-means from `number` vectors drawn by the characters' frequency; 30 rounds."""
    start = random.choice(len(vectors), number, replace=False, p=weights**0.5 / (weights**0.5).sum())
    centres = vectors[start]
    nearest = np.zeros(len(vectors), np.int64)
    for _ in range(30):
        nearest = np.argmax(vectors @ centres.T, axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors * (weights[:, None] ** 0.5))
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(norms > 0, sums / np.maximum(norms, 1e-9), centres)
    return nearest
