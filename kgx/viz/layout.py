"""Where the nodes of a picture stand: computed beforehand, so that it opens settled.

The weightiest nodes are laid out by their links (Graphviz sfdp where it is installed, else igraph); all
others are put near those that they are linked with. Every node has a cell of a grid to itself, large
enough for its label, so that no two labels overlap at the natural size.
"""

from __future__ import annotations

import json
import math
import random
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kgx.viz.links import Pair, backbone

CORE = 150  # nodes that are laid out by their links
CELL = (64.0, 36.0)  # width and height of a label with its node, in pixels
SLACK = 2.2  # area of the core, in cells for each node
ASPECT = 1.1  # width to height
STRONGEST = 4  # links of each node that shape the layout
SECONDS = 20  # for sfdp

Points = dict[str, tuple[float, float]]


def place(
    order: Sequence[str], strengths: Mapping[Pair, int], *, core: int = CORE, aspect: float = ASPECT
) -> Points:
    """The position of each node, in pixels around (0, 0). `order` has the weightiest first.

    `core` of them are laid out by their links; `aspect` is the width to the height of the whole.

    The same nodes and links give the same positions, as long as the same layout program is installed.
    """
    if not order:
        return {}
    known = set(order)
    held = {pair: weight for pair, weight in strengths.items() if pair[0] in known and pair[1] in known}
    centre = list(order[:core])
    raw = _arrange(centre, held)
    grid = _Grid(len(order), aspect)
    area = len(centre) * SLACK * CELL[0] * CELL[1]
    wanted = _spread(raw) * np.array([math.sqrt(area * aspect), math.sqrt(area / aspect)]) * 1.15
    placed: Points = {key: grid.take(wanted[rank]) for rank, key in enumerate(centre)}
    near: dict[str, list[tuple[str, int]]] = {}
    for (one, other), weight in held.items():
        near.setdefault(one, []).append((other, weight))
        near.setdefault(other, []).append((one, weight))
    for key in order[core:]:
        anchors = [(placed[other], weight) for other, weight in near.get(key, ()) if other in placed]
        if anchors:
            weights = np.array([weight for _, weight in anchors], dtype=float)
            spot = (np.array([point for point, _ in anchors]) * weights[:, None]).sum(0) / weights.sum()
        else:
            spot = np.zeros(2)
        placed[key] = grid.take(spot)
    return placed


class _Grid:
    """Cells in rows, each second row set off by half a cell; a cell is taken once."""

    def __init__(self, nodes: int, aspect: float) -> None:
        area = max(nodes, 4) * SLACK * 1.6 * CELL[0] * CELL[1]
        wide = math.ceil(math.sqrt(area * aspect) / CELL[0]) + 4
        high = math.ceil(math.sqrt(area / aspect) / CELL[1]) + 4
        rows, columns = np.mgrid[0:high, 0:wide]
        xs = (columns - wide / 2 + (rows % 2) / 2) * CELL[0]
        ys = (rows - high / 2) * CELL[1]
        self._points = np.stack([xs.ravel(), ys.ravel()], axis=1)

    def take(self, spot: Any) -> tuple[float, float]:
        """The free cell nearest to a spot."""
        away = (self._points[:, 0] - spot[0]) ** 2 + (self._points[:, 1] - spot[1]) ** 2 * 1.2
        best = int(away.argmin())
        x, y = self._points[best]
        self._points[best] = self._points[-1]
        self._points = self._points[:-1]
        return round(float(x), 1), round(float(y), 1)


def _spread(points: Any) -> Any:
    """Coordinates from -0.5 to 0.5 on each axis, evenly enough that no knot is left in the middle.

    Half the true place and half its rank: hubs with all around them otherwise leave the rim empty.
    """
    out = np.zeros_like(points)
    for axis in (0, 1):
        values = points[:, axis]
        width = float(values.max() - values.min()) or 1.0
        ranks = values.argsort(kind="stable").argsort(kind="stable") / max(len(values) - 1, 1) - 0.5
        out[:, axis] = 0.35 * ((values - values.min()) / width - 0.5) + 0.65 * ranks
    return out


def _arrange(nodes: Sequence[str], strengths: Mapping[Pair, int]) -> Any:
    """Raw positions of the core, one row a node."""
    index = {key: rank for rank, key in enumerate(nodes)}
    inner = {pair: weight for pair, weight in strengths.items() if pair[0] in index and pair[1] in index}
    edges = [(index[one], index[other]) for one, other in backbone(inner, STRONGEST)]
    weights = [1.0 + math.log(inner[pair]) for pair in backbone(inner, STRONGEST)]
    edges, weights = _joined(len(nodes), edges, weights)
    found = _by_sfdp(len(nodes), edges, weights)
    return found if found is not None else _by_igraph(len(nodes), edges, weights)


def _joined(
    size: int, edges: list[tuple[int, int]], weights: list[float]
) -> tuple[list[tuple[int, int]], list[float]]:
    """The edges with weak ones added from each separate part to the weightiest node."""
    import networkx as nx

    net = nx.Graph()
    net.add_nodes_from(range(size))
    net.add_edges_from(edges)
    loose = [min(part) for part in nx.connected_components(net) if 0 not in part]
    return edges + [(0, one) for one in sorted(loose)], weights + [0.3] * len(loose)


def _by_igraph(size: int, edges: list[tuple[int, int]], weights: list[float]) -> Any:
    import igraph

    if size < 3:
        return np.array([(float(rank), float(rank)) for rank in range(size)])
    igraph.set_random_number_generator(random.Random(0))
    try:
        net = igraph.Graph(n=size, edges=edges)
        start = net.layout_circle().coords
        found = net.layout_fruchterman_reingold(weights=weights, seed=start, niter=1500, grid=False)
    finally:
        igraph.set_random_number_generator(random)
    return np.array(found.coords)


def _by_sfdp(size: int, edges: list[tuple[int, int]], weights: list[float]) -> Any:
    """None where Graphviz is not installed, or fails."""
    program = shutil.which("sfdp")
    if program is None or size < 3:
        return None
    lines = [f"{node};" for node in range(size)]
    lines += [f"{one} -- {other} [weight={w:.2f}];" for (one, other), w in zip(edges, weights, strict=True)]
    source = "graph { graph [start=1]; node [shape=point];\n" + "\n".join(lines) + "\n}"
    try:
        done = subprocess.run(
            [program, "-Tjson"], input=source, capture_output=True, text=True, timeout=SECONDS, check=True
        )
        objects = json.loads(done.stdout)["objects"]
        points = {int(one["name"]): one["pos"].split(",") for one in objects}
        return np.array([[float(part) for part in points[node]] for node in range(size)])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError):
        return None
