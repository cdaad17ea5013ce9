"""The schemas of `sentences.yml`, `words.yml` and `topics.yml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kgx.model import EntityType
from kgx.rulebook import Rule


class SentenceRules(Rule):
    """Where sentences end, of `sentences.yml`: marks, what belongs to them, the length of a headline."""

    ends: Annotated[str, Field(min_length=1)]
    closing: Annotated[str, Field(min_length=1)]
    headline: Annotated[int, Field(ge=0)]


class WordRules(Rule):
    """What the word segmenter is told, of `words.yml`."""

    tags: dict[EntityType, str]
    words: dict[str, str]


class TopicRules(Rule):
    """How keywords are chosen, of `topics.yml`."""

    limit: Annotated[int, Field(ge=1)]
    least: Annotated[int, Field(ge=1)]
    least_unknown: Annotated[int, Field(ge=1)]
    tags: frozenset[str]
    endings: tuple[str, ...]
    stop: frozenset[str]
