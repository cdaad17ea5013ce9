"""`kgx stats`: from the folder of a build to a table of measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kgx.built import read_build
from kgx.choose import choose
from kgx.choose import periods as two_periods
from kgx.rulebook import RuleFolder
from kgx.stats import Change, Row, change, stats

_HIDDEN = ("entity", "label_en")


def measure(
    folder: str | Path,
    *,
    projection: str = "facts",
    periods: str | None = None,
    rules: str | Path | None = None,
    **chosen: Any,
) -> list[Row] | list[Change]:
    """The measures of the build in `folder`, or with `periods` (`2022:2023`) what changed between them.

    `chosen` are the options of `kgx.choose.choose`. Raises OptionError where an option is wrong, KgxError
    where the build can't be read, RuleError where the rules are wrong.
    """
    compared = two_periods(periods) if periods is not None else None
    graph = read_build(folder, rules=RuleFolder(rules), mentions=False)
    choice = choose(graph, **chosen)
    if compared is None:
        return stats(graph, choice, projection=projection)
    return change(graph, choice, *compared, projection=projection)


def as_table(rows: Sequence[Row] | Sequence[Change], most: int) -> str:
    """The first rows as a table of plain text, aligned also where characters are wide."""
    from rich.cells import cell_len

    shown = [asdict(row) for row in rows[:most]]
    if not shown:
        return "nothing is linked in the chosen part"
    names = [name for name in shown[0] if name not in _HIDDEN]
    cells = [[name.replace("_", " ") for name in names]]
    cells += [[_cell(row[name]) for name in names] for row in shown]
    widths = [max(cell_len(row[column]) for row in cells) for column in range(len(names))]
    lines = []
    for row in cells:
        padded = []
        for column, cell in enumerate(row):
            space = " " * (widths[column] - cell_len(cell))
            padded.append(cell + space if column < 2 else space + cell)
        lines.append("  ".join(padded).rstrip())
    left = len(rows) - len(shown)
    return "\n".join(
        lines + ([f"and {left:,} more; --rows shows them, --output writes them all"] if left else [])
    )


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)
