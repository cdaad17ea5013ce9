"""The schema of `scoring.yml`."""

from __future__ import annotations

from kgx.rulebook import Rule


class Scoring(Rule):
    """The annotation's conventions that scoring needs, of `scoring.yml`."""

    blocks: tuple[str, ...]
    anaphoric: frozenset[str]
    vague: tuple[str, ...]
    marks: str
