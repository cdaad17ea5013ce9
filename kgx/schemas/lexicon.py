"""The schemas of the lexicon's tables: one model a file, its fields the columns, in order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from kgx.rulebook import Rule

DAY = r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?)?"
OFFICE = rf"^(\S.*) ([a-z-]+) ({DAY})/({DAY})$"  # body, role, first day, last day

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


class PersonRow(LexiconRow):
    """A holder of offices, of `lexicon/people.tsv`, as `kgx lexicon build` writes it.

    `titled` are names that mean this person only where a document gives the name the office. `offices`
    are of the form `俄罗斯 head-of-state 2012-05-07/`, an open end left empty; `support` counts the articles
    in which the name was learned, 0 where the name alone tells.
    """

    titled: tuple[Surface, ...] = ()
    offices: tuple[Annotated[str, Field(pattern=OFFICE)], ...] = ()
    support: Annotated[int, Field(ge=0)] = 0


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


Words = Annotated[tuple[str, ...], BeforeValidator(lambda v: tuple(v.split()) if isinstance(v, str) else v)]


class OfficeRule(Rule):
    """Which titles are an office, of `offices.yml`."""

    role: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    of: Literal["state", "body"] = "body"
    kinds: Words = ()
    but: Words = ()
    own: Words = ()
    match: str | None = None
    labels: dict[str, str] = {}


class ByFit(Rule):
    """A number for each degree in which a name in Chinese fits one in Latin script."""

    strong: Annotated[float, Field(ge=0)]
    fair: Annotated[float, Field(ge=0)]
    unread: Annotated[float, Field(ge=0)]
    bad: Annotated[float, Field(ge=0)]


class LearnRules(Rule):
    """What `kgx lexicon build` asks of a name before it believes that it is an office's holder."""

    unread: Words
    read: str
    strong: Annotated[float, Field(ge=0, le=1)]
    fair: Annotated[float, Field(ge=0, le=1)]
    articles: ByFit
    shares: ByFit
    mixed: Words
    alone: Annotated[int, Field(ge=1)]
    sure: Annotated[float, Field(ge=0, le=1)]
    rare: Annotated[float, Field(ge=0, le=1)]


class OfficeRules(Rule):
    """What titles say of offices and of when they are held, `offices.yml`."""

    former: Words
    elect: Words
    acting: Words
    joins: Words
    leeway: Annotated[int, Field(ge=0)]
    ahead: Annotated[int, Field(ge=0)]
    learn: LearnRules
    offices: tuple[OfficeRule, ...]


class SoundRules(Rule):
    """Which Latin letters and Chinese syllables sound alike, `sounds.yml`."""

    latin: dict[str, str]
    faint: Words
    plain: dict[str, str]
    initials: dict[str, str]
    finals: dict[str, str]
    weight_of_finals: Annotated[float, Field(gt=0, le=1)]
    weight_of_faint: Annotated[float, Field(gt=0, le=1)]


class LabelRow(Rule):
    """Names by which a thing of the lexicon is searched, not looked for in texts, of `lexicon/labels.tsv`."""

    name: Surface
    zh: tuple[Surface, ...] = ()
    en: tuple[Surface, ...] = ()
