"""The schemas of the lexicon's tables: one model a file, its fields the columns, in order."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kgx.rulebook import Rule

Qid = Annotated[str, Field(pattern=r"^Q[1-9]\d*$")]
Surface = Annotated[str, Field(min_length=2)]
OneCharacter = Annotated[str, Field(min_length=1, max_length=1)]


class LexiconRow(Rule):
    """One named thing of `lexicon/*.tsv`; the file says its type."""

    name: Surface
    aliases: tuple[Surface, ...] = ()
    short: tuple[OneCharacter, ...] = ()
    qid: Qid | None = None
    en: str | None = None
    kind: str | None = None
    located: str | None = None


class CountryRow(LexiconRow):
    """A state, of `lexicon/countries.tsv`; former states have no ISO code."""

    iso3: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None


class BlockRow(Rule):
    """A string of `lexicon/blocks.tsv` that holds no mention, and why."""

    text: Surface
    note: str | None = None


class CoordinateRow(Rule):
    """The place of a name of the lexicon, in degrees; north and east are positive."""

    name: str = Field(min_length=1)
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
