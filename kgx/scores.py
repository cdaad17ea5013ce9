"""What scoring found: tallies, the confusion of types, the errors; and all of that as text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from kgx.model import ENTITY_TYPES

MEASURES = ("mentions", "entities", "dates", "positions", "facts", "status")
NONE = "none"  # in the confusion table: a mention that the other side does not have
_CONTEXT = 14  # characters to each side of an error that are shown


@dataclass(slots=True)
class Tally:
    """Counts of one measure: right ones, predicted ones, gold ones."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, right: int, predicted: int, gold: int) -> None:
        """Add the counts of one document."""
        self.right += right
        self.predicted += predicted
        self.gold += gold

    @property
    def precision(self) -> float:
        """The share of the predicted that is right; 0 where nothing was predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold that was found; 0 where there is no gold."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One error: in which document, of which kind (`mention missed`, `fact partly`, …), and what.

    `context` is the text around it, the error itself in brackets; empty where it stands nowhere.
    """

    document: str
    kind: str
    what: str
    detail: str
    context: str = ""

    def __str__(self) -> str:
        """The first four fields, separated by tabs."""
        return "\t".join((self.document, self.kind, self.what, self.detail))


def context_of(text: str, start: int, end: int) -> str:
    """The text around `start:end`, on one line, that stretch in brackets."""
    parts = (text[max(0, start - _CONTEXT) : start], text[start:end], text[end : end + _CONTEXT])
    before, found, after = (" ".join(part.split()) for part in parts)
    return f"{before}[{found}]{after}"


@dataclass(slots=True)
class Scores:
    """Tallies by measure (`facts`, and `facts/Meet` for a single type), and the errors."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in MEASURES})
    faults: list[Fault] = field(default_factory=list)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)  # (gold type, predicted type)

    def __getitem__(self, measure: str) -> Tally:
        """The tally of a measure, made where there is none yet."""
        return self.tallies.setdefault(measure, Tally())

    def rows(self, *, detail: bool = False) -> Iterator[tuple[str, Tally]]:
        """The measures in their order; with `detail` also one row for each type."""
        yield from ((name, self.tallies[name]) for name in MEASURES)
        if detail:
            yield from ((name, self.tallies[name]) for name in sorted(self.tallies) if "/" in name)

    def as_json(self) -> str:
        """`{measure: [P, R, F1]}` with four decimals, sorted by measure."""
        rows = {
            name: [round(tally.precision, 4), round(tally.recall, 4), round(tally.f1, 4)]
            for name, tally in sorted(self.tallies.items())
        }
        return json.dumps(rows)

    def fault_summary(self) -> str:
        """How many errors there are of each kind, on one line."""
        counts = Counter(fault.kind for fault in self.faults)
        return "errors: " + (", ".join(f"{n} {kind}" for kind, n in sorted(counts.items())) or "none")

    def fault_lines(self, each: int) -> Iterator[str]:
        """Up to `each` errors of each kind, sorted by kind, with their context."""
        shown = Counter[str]()
        for fault in sorted(self.faults, key=lambda fault: fault.kind):
            shown[fault.kind] += 1
            if shown[fault.kind] <= each:
                yield f"{fault}\t{fault.context}"

    def confusion_table(self) -> str:
        """Mentions of one span by type: a row for each gold type, a column for each predicted one.

        The column `none` counts those missed, the row `none` those that are in no gold record.
        """
        seen = {kind for pair in self.confusion for kind in pair}
        kinds = [*(k for k in ENTITY_TYPES if k in seen), *sorted(seen - {*ENTITY_TYPES, NONE}), NONE]
        width = max(map(len, kinds)) + 2
        lines = ["gold \\ found".ljust(width) + "".join(kind.rjust(width) for kind in kinds)]
        for gold in kinds:
            cells = "".join(str(self.confusion[gold, kind] or "·").rjust(width) for kind in kinds)
            lines.append(gold.ljust(width) + cells)
        return "\n".join(lines)

    def as_table(self, *, detail: bool = False) -> str:
        """A table in plain text."""
        lines = [f"{'measure':26}{'P':>7}{'R':>7}{'F1':>7}{'tp':>7}{'pred':>7}{'gold':>7}"]
        lines += [
            f"{name:26}{t.precision:7.3f}{t.recall:7.3f}{t.f1:7.3f}{t.right:7}{t.predicted:7}{t.gold:7}"
            for name, t in self.rows(detail=detail)
        ]
        return "\n".join(lines)
