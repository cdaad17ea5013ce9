"""What the fact stages tell of their work, where somebody asks: why a rule fired, and why it did not.

Nothing is noted, and nothing costs, unless a Log is handed to `FactReader.read` and `consolidate`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kgx.nlp.clauses import Clause
    from kgx.nlp.consolidate import Draft

End = Literal["fact", "merged", "headline", "schema"]


@dataclass(frozen=True, slots=True)
class ClauseNote:
    """A clause as it was parsed, and who was speaking in it."""

    clause: Clause
    speaker: str | None
    in_speech: bool


@dataclass(frozen=True, slots=True)
class TriggerNote:
    """A trigger found: the frame, the stretch from its lead to its end, and what came of it.

    `refused` is the key of the frame that forbade it (`not_after`, `need`, …), or empty; `detail` says
    more in a few words; `drafts` are the places of its facts among the drafts of the document.
    """

    rule: str
    emits: str
    start: int
    end: int
    refused: str = ""
    detail: str = ""
    drafts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a draft: a fact of its own, merged into the fact at `at`, or none.

    `headline`: the body tells it with more names; `schema`: the fact schema forbids it, by `why`.
    `at` counts the facts of the document before the schema is asked.
    """

    end: End
    at: int = -1
    why: str = ""


@dataclass(slots=True)
class Log:
    """Everything noted while one document was read. `fates` runs parallel to `drafts`."""

    clauses: list[ClauseNote] = field(default_factory=list)
    triggers: list[TriggerNote] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    results: list[Draft] = field(default_factory=list)  # after merging
