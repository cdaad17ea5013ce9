"""What `english.yml` must look like."""

from __future__ import annotations

import re
from string import Formatter

from pydantic import field_validator, model_validator

from kgx.model import EntityType
from kgx.rulebook import Rule

GROUPS = frozenset("xywnmd")  # names of groups of a pattern
LISTED = re.compile(r"\{([a-z]+)\}")  # a list of words in a pattern
SLOTS = GROUPS | {"ax", "ay"}  # … and what a name is made of


class EnglishRow(Rule):
    """Things of a type whose names the pattern fits, and what they are called in English."""

    type: EntityType
    pattern: str
    parts: tuple[EntityType, ...] = ()
    en: str

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        groups = re.compile(LISTED.sub("w", value)).groupindex
        if wrong := sorted(set(groups) - GROUPS):
            raise ValueError(f"no group is called {', '.join(wrong)}; they are {', '.join(sorted(GROUPS))}")
        return value

    @model_validator(mode="after")
    def _told(self) -> EnglishRow:
        groups = re.compile(LISTED.sub("w", self.pattern)).groupindex
        slots = {slot for _, slot, _, _ in Formatter().parse(self.en) if slot is not None}
        for slot in sorted(slots):
            if slot not in SLOTS or slot.removeprefix("a") not in groups:
                raise ValueError(f"{self.en}: the pattern has no group for {{{slot}}}")
        return self


class EnglishRules(Rule):
    """English names from parts: lists of `words` for the patterns, and the `rows`, in their order."""

    words: dict[str, dict[str, str]] = {}
    rows: tuple[EnglishRow, ...] = ()

    @model_validator(mode="after")
    def _listed(self) -> EnglishRules:
        asked = {name for row in self.rows for name in LISTED.findall(row.pattern)}
        if unknown := sorted(asked - self.words.keys()):
            raise ValueError(f"no list of words is called {unknown[0]}")
        return self
