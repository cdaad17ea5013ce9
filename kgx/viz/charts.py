"""Charts: facts over time, who met whom, where visits led."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from kgx import errors
from kgx.errors import KgxError
from kgx.graph import HAPPENED
from kgx.knowledge import KnowledgeGraph
from kgx.viz.figure import sheet
from kgx.viz.links import POSITION, Choice, Network, network
from kgx.viz.words import word

KINDS = 8  # of facts with a colour of their own
WHO = 20  # rows of the matrix
MONTHS = 36  # more than that are shown by year
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8a7a00", "#7a3fa0")
REST = "#aab2bb"


def timeline(
    graph: KnowledgeGraph, out: str | Path, *, choice: Choice, title: str, font: str | Path | None = None
) -> None:
    """Dated facts by type, a bar for each month, or for each year of a long time.

    Raises as `figure.sheet`, and KgxError where no fact is dated.
    """
    held = [one for one in _facts(network(graph, choice)) if one.date and one.days]
    if not held:
        raise KgxError(errors.CHART_EMPTY.format(what="dated facts"))
    months = sorted({one.days.first[:7] for one in held})
    cut = 7 if _span(months) <= MONTHS else 4
    counts = Counter((one.type, one.days.first[:cut]) for one in held)
    steps = _steps(months[0], months[-1], cut)
    total = Counter(one.type for one in held)
    kinds = [kind for kind, _ in sorted(total.items(), key=lambda item: (-item[1], item[0]))]
    with sheet(out, max(8.0, min(0.28 * len(steps), 22.0)), 4.5, font=font) as figure:
        axes = figure.add_subplot()
        floor = [0] * len(steps)
        rows = [
            ([kind], PALETTE[rank], graph.types[kind].label_zh) for rank, kind in enumerate(kinds[:KINDS])
        ]
        rows += [(kinds[KINDS:], REST, word("others"))] if len(kinds) > KINDS else []
        for names, colour, label in rows:
            heights = [sum(counts[name, step] for name in names) for step in steps]
            axes.bar(range(len(steps)), heights, bottom=floor, color=colour, label=label, width=0.85)
            floor = [low + high for low, high in zip(floor, heights, strict=True)]
        each = max(1, len(steps) // 18)
        axes.set_xticks(range(0, len(steps), each), steps[::each], rotation=45, ha="right", fontsize=8)
        axes.set_title(title, loc="left")
        axes.set_ylabel(word("amountOfFacts"))
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
        figure.tight_layout()


def meetings(
    graph: KnowledgeGraph, out: str | Path, *, choice: Choice, title: str, font: str | Path | None = None
) -> None:
    """A matrix of how often those who met most met each other.

    Raises as `figure.sheet`, and KgxError where nobody met.
    """
    met: Counter[tuple[str, str]] = Counter()
    for one in network(graph, choice).statements:
        if one.type == "Meet" and one.status in HAPPENED:
            keys = sorted(
                {filler.value for role, filler in one.roles if role == "participant" and filler.entity}
            )
            met.update(combinations(keys, 2))
    total: Counter[str] = Counter()
    for pair, count in met.items():
        for key in pair:
            total[key] += count
    who = sorted(total, key=lambda key: (-total[key], key))[: choice.top or WHO]
    if not who:
        raise KgxError(errors.CHART_EMPTY.format(what="meetings"))
    table = [[met[min(a, b), max(a, b)] for b in who] for a in who]
    names = [graph.entities[key].label for key in who]
    side = 2.6 + 0.36 * len(who)
    with sheet(out, side, side, font=font) as figure:
        axes = figure.add_subplot()
        axes.imshow([[count**0.5 for count in row] for row in table], cmap="Blues")
        axes.set_xticks(range(len(who)), names, rotation=60, ha="right", fontsize=8)
        axes.set_yticks(range(len(who)), names, fontsize=8)
        most = max(max(row) for row in table) ** 0.5
        for row, counts in enumerate(table):
            for column, count in enumerate(counts):
                if count:
                    light = count**0.5 > 0.6 * most
                    axes.text(column, row, str(count), ha="center", va="center", fontsize=7,
                              color="white" if light else "#1a1d21")  # fmt: skip
        axes.set_title(title, loc="left")
        figure.tight_layout()


def visits(
    graph: KnowledgeGraph,
    out: str | Path,
    *,
    choice: Choice,
    title: str,
    known: Mapping[str, tuple[float, float]],
    font: str | Path | None = None,
) -> None:
    """Where visits led, a disc for each place or country whose longitude and latitude are `known`, by key.

    Several visits to cities of a country and to the country itself are told apart. Raises as
    `figure.sheet`, and KgxError where no destination has known coordinates.
    """
    count: Counter[str] = Counter()
    lost = 0
    for one in network(graph, choice).statements:
        if one.type == "Visit" and one.status in HAPPENED:
            ends = {filler.value for role, filler in one.roles if role == "destination" and filler.entity}
            count.update(key for key in ends if key in known)
            lost += not any(key in known for key in ends)
    if not count:
        raise KgxError(errors.CHART_EMPTY.format(what="visits to places whose coordinates are known"))
    keys = sorted(count, key=lambda key: (-count[key], key))
    most = count[keys[0]]
    with sheet(out, 12.0, 6.6, font=font) as figure:
        axes = figure.add_axes((0.05, 0.07, 0.93, 0.86))
        xs, ys = [known[key][0] for key in keys], [known[key][1] for key in keys]
        sizes = [12 + 380 * count[key] / most for key in keys]
        axes.scatter(xs, ys, s=sizes, color=PALETTE[0], alpha=0.55, edgecolors="white", zorder=2)
        axes.set_xlim(max(-180, min(xs) - 12), min(180, max(xs) + 12))
        axes.set_ylim(max(-60, min(ys) - 8), min(80, max(ys) + 8))
        axes.grid(color="#dde2e7", linewidth=0.6, zorder=0)
        axes.spines[:].set_color("#c3c9d0")
        axes.set_xlabel(word("longitude"), fontsize=8)
        axes.set_ylabel(word("latitude"), fontsize=8)
        taken: list[tuple[float, float, float, float]] = []
        scale = figure.dpi / 72
        for key, size in zip(keys, sizes, strict=True):
            text = f"{graph.entities[key].label} {count[key]}"
            x, y = axes.transData.transform(known[key])
            low = y - (size**0.5 / 2 + 10) * scale
            half = sum(1.0 if ord(char) > 0x2E80 else 0.58 for char in text) * 4 * scale
            box = (x - half, low, x + half, low + 9 * scale)
            if not any(a[0] < box[2] and box[0] < a[2] and a[1] < box[3] and box[1] < a[3] for a in taken):
                taken.append(box)
                below = (0, -(size**0.5) / 2 - 1)
                axes.annotate(text, known[key], xytext=below, textcoords="offset points", ha="center",
                              va="top", fontsize=8, zorder=3)  # fmt: skip
        axes.set_title(f"{title}" + (f" ({word('unplaced').format(n=lost)})" if lost else ""), loc="left")


def _facts(drawn: Network) -> list[Any]:
    return [one for one in drawn.statements if one.type != POSITION]


def _span(months: Sequence[str]) -> int:
    first, last = months[0], months[-1]
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1


def _steps(first: str, last: str, cut: int) -> list[str]:
    years = range(int(first[:4]), int(last[:4]) + 1)
    if cut == 4:
        return [f"{year:04}" for year in years]
    return [
        step for year in years for month in range(1, 13) if first <= (step := f"{year:04}-{month:02}") <= last
    ]
