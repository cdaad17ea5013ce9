"""The schemas of `posts.tsv` and `posts.yml`, the English names of posts."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from kgx.model import EntityType
from kgx.rulebook import Rule
from kgx.schemas.names import OneCharacter, Words, WordSet

SLOT = re.compile(r"\{([a-z]+)\}")
KNOWN = frozenset(("title", "place"))  # what may stand in braces beside the lists of words
Types = Annotated[frozenset[EntityType], BeforeValidator(lambda v: v.split() if isinstance(v, str) else v)]
English = Annotated[str, Field(min_length=1)]


class PostRow(Rule):
    """A title that has one English name, of `posts.tsv`."""

    title: Annotated[str, Field(min_length=2)]
    en: English


class PostBody(Rule):
    """What titles are in English at some bodies; None where none is sure.

    All that is given must hold of a body; `none` stands for no body at all.
    """

    names: WordSet = frozenset()
    starts: Words = ()
    ends: Words = ()
    types: Types = frozenset()
    home: str | None = None
    none: bool = False
    titles: dict[str, English | None]


class PostPattern(Rule):
    """A title put together: `zh` has one slot in braces, `en` the same one."""

    zh: str
    en: str

    @model_validator(mode="after")
    def _one_slot(self) -> PostPattern:
        if len(SLOT.findall(self.zh)) != 1 or SLOT.findall(self.zh) != SLOT.findall(self.en):
            raise ValueError("`zh` and `en` need one slot in braces each, the same one, as in 前{title}")
        return self


class PostRules(Rule):
    """English names of posts by the body, and how longer ones are put together, of `posts.yml`."""

    bodies: tuple[PostBody, ...] = ()
    patterns: tuple[PostPattern, ...] = ()
    words: dict[Annotated[str, Field(pattern=r"^[a-z]+$")], dict[str, English]] = {}
    joins: Words = ()
    the: frozenset[str] = frozenset()
    past: dict[OneCharacter, English] = {}

    @model_validator(mode="after")
    def _known_slots(self) -> PostRules:
        for one in self.patterns:
            (slot,) = SLOT.findall(one.zh)
            if slot not in KNOWN and slot not in self.words:
                raise ValueError(f"{one.zh!r}: there is no list {slot!r} in `words`")
        return self
