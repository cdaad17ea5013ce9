"""The records of kgx: what a document is, and what it says.

All are frozen. Offsets are in characters of the document's text *as it was given* (before any
normalization); `end` is exclusive. Names of types, roles and statuses are those of the annotation
guidelines (docs/annotation.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

EntityType = Literal["Person", "Country", "Place", "Organization", "Agreement", "Event", "Initiative"]
Status = Literal["actual", "planned", "past", "negated"]
RegionKind = Literal[
    "keywords",  # a list of keywords, as scraped
    "section",  # the name of the column or database the page belongs to
    "title",
    "subtitle",
    "published",  # a line that says when it was published
    "caption",  # a photo's caption, its credit excepted
    "credit",  # who took the photo
    "dateline",  # 新华社北京5月20日电 （记者…） and the like
    "body",
    "source",  # the paper, date and edition
    "furniture",  # navigation, editors, counters
]

ENTITY_TYPES: tuple[EntityType, ...] = (
    "Person", "Country", "Place", "Organization", "Agreement", "Event", "Initiative",
)  # fmt: skip
STATUSES: tuple[Status, ...] = ("actual", "planned", "past", "negated")


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a document's text that has one function on the page."""

    start: int
    end: int
    kind: RegionKind


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it was read.

    `text` is what offsets count. `date` is the publication date (ISO, `YYYY-MM-DD`) or None where it
    is not known; nothing is guessed. `regions` cover the text in order; whitespace between them
    belongs to none.
    """

    id: str
    text: str
    date: str | None = None
    title: str | None = None
    subtitle: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    section: str | None = None
    edition: str | None = None
    url: str | None = None
    language: str = "zh"
    regions: tuple[Region, ...] = ()
    path: str | None = None  # where it was read from; never written to the graph


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that names one entity, or several at once (a group such as 中俄).

    `names` are the names of the entities in the document's own list. `source` says which stage won
    (lexicon, pattern, title, model, document) and `score` how sure it was, from 0 to 1.
    """

    start: int
    end: int
    type: EntityType
    names: tuple[str, ...]
    source: str = "lexicon"
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity of one document: its fullest usual name there, and every string that names it.

    `key` is the lexicon's identity of it (stable across documents) or None; `qid` its Wikidata id,
    only where certain; `kind` a finer class (`ministry`, `city`, `treaty`, …) used for subclasses.
    """

    name: str
    type: EntityType
    surfaces: tuple[str, ...] = ()
    key: str | None = None
    qid: str | None = None
    label_en: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A surface that names several entities at once, in the order written: 中俄, 中哈吉."""

    surface: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Single:
    """A one-character name of a country (or 京) outside a group, with enough context to find it."""

    context: str
    surface: str
    name: str


@dataclass(frozen=True, slots=True)
class DateValue:
    """An expression that fixes a day, month, year or interval, with its ISO value.

    `value` is `2014-05-20`, `2014-05`, `2014` or an interval of two such, `2025-12-01/2025-12-03`;
    None where it can't be resolved (no publication date to count from).
    """

    start: int
    end: int
    surface: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Position:
    """An office that a document gives a named person: `title` as written, `of` whose office it is."""

    person: str
    title: str
    of: str | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a document states.

    `roles` maps a role to its fillers in the order written; a filler that equals an entity's name in
    the same document is that entity, any other is text as written. `date` is ISO or None. `evidence`
    is the quoted sentence or clause, `start` and `end` its offsets. `source` is the speaker where the
    fact is reported speech; `code` the PLOVER event code.
    """

    type: str
    roles: Mapping[str, tuple[str, ...]]
    status: Status
    evidence: str
    start: int
    end: int
    rule: str
    confidence: float
    date: str | None = None
    source: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one document says: the unit from which a graph is merged."""

    document: Document
    entities: tuple[Entity, ...] = ()
    groups: tuple[Group, ...] = ()
    singles: tuple[Single, ...] = ()
    dates: tuple[DateValue, ...] = ()
    positions: tuple[Position, ...] = ()
    facts: tuple[Fact, ...] = ()
    mentions: tuple[Mention, ...] = ()
    topics: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()  # how what the rules read broke the schema of facts; not written
