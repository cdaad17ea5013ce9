"""The schema of each rule file: one pydantic model a file, its fields the columns or keys, in order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kgx.model import EntityType, RegionKind
from kgx.rulebook import Rule

# -- lexicon -----------------------------------------------------------------------------------------
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


# -- facts -------------------------------------------------------------------------------------------
Name = Annotated[str, Field(pattern=r"^[A-Za-z]+$")]


class Label(Rule):
    """A name in Chinese and in English."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class RoleRule(Label):
    """A role of `facts.yml`: its labels, and the SEM property that it refines."""

    refines: Literal["actor", "place", "none"]


class SlotRule(Rule):
    """What one role of one fact type holds."""

    holds: Literal["entity", "text", "either"]
    accepts: tuple[EntityType, ...] = ()
    least: Annotated[int, Field(ge=0)] = 0
    single: bool = False
    values: Name | None = None

    @model_validator(mode="after")
    def _consistent(self) -> SlotRule:
        if (self.holds == "text") == bool(self.accepts):
            raise ValueError("`accepts` belongs to every role that may hold an entity, and to no other")
        if self.values and self.holds != "text":
            raise ValueError("a controlled vocabulary needs `holds: text`")
        return self


class FactTypeRule(Label):
    """A fact type of `facts.yml`."""

    comment_zh: Annotated[str, Field(min_length=1)]
    comment_en: Annotated[str, Field(min_length=1)]
    dated: bool = False
    some_of: tuple[Name, ...] = ()
    identity: tuple[Name, ...] = ()
    distinct: tuple[Name, ...] = ()
    abroad: tuple[Name, ...] = ()
    roles: dict[Name, SlotRule]


class ShortcutRule(Label):
    """An edge between entities that `facts.yml` derives from facts of one type."""

    type: Name
    start: Name
    end: Name
    where: dict[Name, str] = {}
    symmetric: bool = False


class FactAdditions(Rule):
    """`facts.yml` of a user's folder: what it adds to the shipped one, or replaces there, by name."""

    values: dict[Name, dict[str, Label]] = {}
    roles: dict[Name, RoleRule] = {}
    types: dict[Name, FactTypeRule] = {}
    shortcuts: dict[Name, ShortcutRule] = {}
    former: tuple[str, ...] = ()


class FactSchema(FactAdditions):
    """`facts.yml`: the fact types, their roles, the controlled vocabularies, the short cuts."""

    @model_validator(mode="after")
    def _declared(self) -> FactSchema:
        used = {name for one in self.types.values() for name in one.roles}
        for what, names in (("undeclared", used - set(self.roles)), ("unused", set(self.roles) - used)):
            if names:
                raise ValueError(f"{what} roles: {', '.join(sorted(names))}")
        for name, one in self.types.items():
            for what in ("some_of", "identity", "distinct", "abroad"):
                if missing := set(getattr(one, what)) - set(one.roles):
                    raise ValueError(f"{name}: {what} names {', '.join(sorted(missing))}, no role of it")
            for role, slot in one.roles.items():
                if slot.values and slot.values not in self.values:
                    raise ValueError(f"{name}.{role}: no vocabulary {slot.values}")
        for name, edge in self.shortcuts.items():
            if edge.type not in self.types:
                raise ValueError(f"shortcut {name}: no fact type {edge.type}")
            if missing := {edge.start, edge.end, *edge.where} - set(self.types[edge.type].roles):
                raise ValueError(f"shortcut {name}: {edge.type} has no role {', '.join(sorted(missing))}")
        return self


# -- scoring -----------------------------------------------------------------------------------------
class Scoring(Rule):
    """The annotation's conventions that scoring needs, of `scoring.yml`."""

    blocks: tuple[str, ...]
    anaphoric: frozenset[str]
    vague: tuple[str, ...]
    marks: str

# -- dates -------------------------------------------------------------------------------------------
Unit = Literal["day", "month", "year"]
DateWords = tuple[Annotated[str, Field(min_length=1)], ...]


class DateGuard(Rule):
    """Where an expression of the kinds or words `of` is no date, of `dates.yml`: regular expressions."""

    of: DateWords
    before: str = ""
    after: str = ""


class FirstMonths(Rule):
    """The words around the number in 前8个月."""

    before: str
    after: DateWords


class DateRules(Rule):
    """The words and marks of dates, of `dates.yml`."""

    numerals: dict[Annotated[str, Field(min_length=1, max_length=1)], int]
    year_marks: DateWords
    month_marks: DateWords
    day_marks: DateWords
    range_marks: DateWords
    list_marks: DateWords
    sentence_marks: str
    title_marks: tuple[str, str]
    years: dict[str, int]
    same_years: DateWords
    year_pairs: dict[str, tuple[int, int]]
    months: dict[str, int]
    weeks: dict[str, int]
    week_names: DateWords
    weekdays: dict[str, tuple[int, int]]
    days: dict[str, int]
    backward: dict[str, tuple[Unit, int]]
    year_parts: dict[str, tuple[int, int]]
    year_suffixes: DateWords
    first_months: FirstMonths
    month_parts: dict[str, tuple[int, int]]
    century_mark: str
    centuries: dict[str, int]
    decade_mark: str
    decade_parts: DateWords
    lunar: DateWords
    lunar_months: DateWords
    lunar_days: str
    ago: dict[str, Unit]
    ago_marks: DateWords
    ahead_before: DateWords
    ahead_after: DateWords
    hours: DateWords
    first_person: DateWords
    guards: tuple[DateGuard, ...]
    part_words: str
    part_open: str


# -- pages -------------------------------------------------------------------------------------------
class PagePattern(Rule):
    """A pattern of `page.yml`, what its line (or part of a line) is, and where it holds."""

    name: str
    kind: RegionKind
    pattern: str
    where: Literal["anywhere", "header"] = "anywhere"
    examples: Annotated[tuple[str, ...], Field(min_length=1)]
    counter_examples: tuple[str, ...] = ()


class TitleRules(Rule):
    """How the title, its kicker, subtitle and the section's name are told from the body."""

    longest: int
    not_at_end: str
    not_within: str
    kicker: str
    subtitle: str
    section: str
    noise: tuple[str, ...]


class ScriptPatterns(Rule):
    """Patterns of statements in a page's scripts; group 1 is the value."""

    url: str
    date: str


class HtmlRules(Rule):
    """Names of the meta elements that hold a document's metadata, in order of trust."""

    title: tuple[str, ...]
    date: tuple[str, ...]
    publisher: tuple[str, ...]
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    section: tuple[str, ...]
    url: tuple[str, ...]
    scripts: ScriptPatterns


class RecordFields(Rule):
    """The names under which records hold a document's fields."""

    id: tuple[str, ...]
    text: tuple[str, ...]
    date: tuple[str, ...]
    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    publisher: tuple[str, ...]
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    section: tuple[str, ...]
    edition: tuple[str, ...]
    url: tuple[str, ...]


class PageRules(Rule):
    """All of `page.yml`: fields of records, page furniture, titles, HTML metadata."""

    fields: RecordFields
    separators: str
    date: str
    date_field: str
    macros: dict[str, str]
    agencies: dict[str, str]
    plain_end: str
    credit_mark: str
    lines: tuple[PagePattern, ...]
    heads: tuple[PagePattern, ...]
    tails: tuple[PagePattern, ...]
    credits: tuple[PagePattern, ...]
    titles: TitleRules
    html: HtmlRules


# -- words -------------------------------------------------------------------------------------------
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
