"""The static picture of a network, fit for print: communities coloured, types by shape."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgx.knowledge import KnowledgeGraph
from kgx.stats import communities
from kgx.viz.figure import INK, sheet
from kgx.viz.layout import CELL, place
from kgx.viz.links import Choice, Network, Pair, backbone, network
from kgx.viz.words import word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOP = 60  # nodes, where nobody says otherwise
EACH = 4  # links of each node that are drawn
MARKERS = {
    "Person": "o",
    "Country": "s",
    "Organization": "D",
    "Place": "^",
    "Event": "*",
    "Agreement": "h",
    "Initiative": "p",
}
# After Okabe and Ito, readable with all kinds of colour vision, then greys for small communities.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8a7a00", "#7a3fa0")
REST = "#8b949e"
RED = "#b3261e"
LONGEST = 12  # characters of a label


def picture(
    graph: KnowledgeGraph, out: str | Path, *, choice: Choice, title: str, font: str | Path | None = None
) -> None:
    """Draw the chosen part of a graph into a PNG, SVG or PDF file. Raises as `figure.sheet`."""
    drawn = network(graph, choice)
    linked = {key for pair in drawn.links for key in pair}
    keys = [key for key in drawn.weights if key in linked or key == choice.ego]
    strengths = {pair: len(held) for pair, held in drawn.links.items()}
    points = place(keys, strengths, core=len(keys) if len(keys) <= 400 else 150)
    shown = backbone(strengths, EACH)
    side = min(max(7.0, 1.15 * math.sqrt(len(keys) + 1)), 24.0)
    with sheet(out, side * 1.15, side, font=font) as figure:
        axes = figure.add_axes((0.01, 0.06, 0.98, 0.89))
        axes.set_axis_off()
        axes.set_title(title, fontsize=13, loc="left")
        if not keys:
            return
        _draw_links(axes, drawn, shown, points)
        colours = _colours(keys, strengths)
        sizes = _draw_nodes(axes, graph, drawn, points, colours)
        xs, ys = [x for x, _ in points.values()], [-y for _, y in points.values()]
        axes.set_xlim(min(xs) - CELL[0], max(xs) + CELL[0])
        axes.set_ylim(min(ys) - 1.5 * CELL[1], max(ys) + CELL[1])
        _draw_labels(figure, axes, graph, keys, points, sizes)
        _draw_legend(figure, graph, keys)


def _draw_links(axes: Axes, drawn: Network, shown: Sequence[Pair], points: Mapping[str, Any]) -> None:
    from matplotlib.collections import LineCollection

    for style, colour in (("solid", "#7d8791"), ("dashed", "#7d8791"), ("solid", RED)):
        held = [pair for pair in shown if _style(drawn.links[pair]) == (style, colour)]
        lines = [[(points[key][0], -points[key][1]) for key in pair] for pair in held]
        widths = [0.5 + 0.75 * math.log2(len(drawn.links[pair])) for pair in held]
        axes.add_collection(
            LineCollection(lines, linewidths=widths, colors=colour, linestyles=style, alpha=0.5, zorder=1)
        )
        if colour == RED and lines:
            middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in lines]
            xs, ys = [x for x, _ in middles], [y for _, y in middles]
            axes.scatter(xs, ys, marker="x", color=RED, s=25, zorder=2)


def _style(held: Sequence[Any]) -> tuple[str, str]:
    statuses = {one.status for one in held}
    if statuses == {"negated"}:
        return "solid", RED
    return ("dashed" if statuses == {"planned"} else "solid"), "#7d8791"


def _colours(keys: Sequence[str], strengths: Mapping[Pair, int]) -> dict[str, str]:
    parts = communities(keys, strengths)
    return {
        key: COLOURS[rank] if rank < len(COLOURS) and len(part) > 1 else REST
        for rank, part in enumerate(parts)
        for key in part
    }


def _draw_nodes(
    axes: Axes, graph: KnowledgeGraph, drawn: Network, points: Mapping[str, Any], colours: Mapping[str, str]
) -> dict[str, float]:
    """Draws the nodes; returns the radius of each, in points."""
    most = max(drawn.weights.values())
    sizes = {key: 3.5 + 10 * math.sqrt(drawn.weights[key] / most) for key in points}
    for type_, marker in MARKERS.items():
        held = [key for key in points if graph.entities[key].type == type_]
        if held:
            axes.scatter(
                [points[key][0] for key in held],
                [-points[key][1] for key in held],
                s=[(2 * sizes[key]) ** 2 for key in held],
                c=[colours[key] for key in held],
                marker=marker,
                edgecolors="white",
                linewidths=0.8,
                zorder=3,
            )
    return sizes


def _draw_labels(
    figure: Any,
    axes: Axes,
    graph: KnowledgeGraph,
    keys: Sequence[str],
    points: Mapping[str, Any],
    sizes: Mapping[str, float],
) -> None:
    """Labels, those of the weightiest first; one that would cover another is left out."""
    from matplotlib.patheffects import withStroke

    scale = figure.dpi / 72
    taken: list[tuple[float, float, float, float]] = []
    for key in keys:
        label = graph.entities[key].label
        text = label if len(label) <= LONGEST else label[: LONGEST - 1] + "…"
        x, y = axes.transData.transform((points[key][0], -points[key][1]))
        wide = sum(1.0 if ord(char) > 0x2E80 else 0.58 for char in text) * 8.5 * scale / 2
        top = y - sizes[key] * scale
        box = (x - wide, top - 12 * scale, x + wide, top)
        if any(a[0] < box[2] and box[0] < a[2] and a[1] < box[3] and box[1] < a[3] for a in taken):
            continue
        taken.append(box)
        axes.annotate(
            text,
            (points[key][0], -points[key][1]),
            xytext=(0, -sizes[key] - 1),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=8.5,
            color=INK,
            zorder=4,
            path_effects=[withStroke(linewidth=2, foreground="white")],
        )


def _draw_legend(figure: Any, graph: KnowledgeGraph, keys: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    used = {graph.entities[key].type for key in keys}
    handles = [
        Line2D([], [], marker=marker, linestyle="", color=REST, markersize=7, label=word(type_))
        for type_, marker in MARKERS.items()
        if type_ in used
    ]
    figure.legend(handles=handles, loc="lower center", ncol=len(handles), frameon=False, fontsize=9)
