"""The schema of `page.yml`: fields of records, page furniture, titles, HTML metadata."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kgx.model import RegionKind
from kgx.rulebook import Rule


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
