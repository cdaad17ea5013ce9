"""The schemas of the rule files that facts are read by: grammar, reference, speech, context, frames."""

from __future__ import annotations

from datetime import date as Day
from typing import Any, Literal

from pydantic import Field, field_validator

from kgx.model import EntityType, Status
from kgx.rulebook import NamedRule, Rule

CaseName = Literal[
    "subject", "object", "with", "to", "for", "at", "by", "invited", "disposal", "from", "about",
    "parties", "sides", "speaker", "voices", "whom-next", "other", "definite", "object-place",
    "within-object", "near", "just-before", "owner", "asked", "agent", "greeted", "subject-place",
    "struck", "object-names", "title", "member-before", "modifier", "domain", "framework", "theme",
    "aimed-at", "stricken", "stricken-place", "giver", "arriving", "given", "whose", "alongside", "pair",
    "held-office", "held-of", "banned", "before", "before-this", "at-text", "urged", "obliged", "levied",
    "span", "word", "same-event", "described", "doer", "beside", "people", "same-place", "is-said",
    "inside", "guest", "host-state", "welcomed", "to-gathering", "witnessed", "invited-one", "invited-to",
    "held", "addressee", "title-lost", "seen-by",
    "disposed",
]  # fmt: skip
Words = tuple[str, ...]


class GrammarRules(Rule):
    """`grammar.yml`: the words that mark roles, join names and bound clauses."""

    cases: dict[str, Words]
    joins: Words
    companions: Words
    closers: Words
    openers: Words
    serial: Words
    light: Words
    adverbs: Words
    transparent: Words
    forces: Words
    deeds: Words
    causing: Words
    deictic: Words
    hearing: Words
    occasion: Words
    title_prefixes: Words
    title_join: str
    telling: Words
    not_inside: Words
    lies: Words
    parts: Words
    settlements: Words
    areas: Words
    states: Words
    deputies: Words
    pivots: Words
    urges: Words
    counters: Words
    people: Words
    tellers: Words
    announcing: Words
    afterwards: Words
    judging: Words
    temporal: Words
    localizers: Words
    led: Words
    obliging: Words
    being: Words
    domain: Words
    modals: Words
    reports: Words
    signing: Words
    witnessing: Words
    coming: Words
    apart: Words
    determiners: Words
    et_cetera: str
    semicolons: Words
    genitive: str
    posted: str
    over: Words
    topical: Words
    toward: Words
    feeling: Words
    travel: Words
    ordinal: str
    gatherings: Words
    welcome: str
    copula: str
    glued: Words
    unmarked: Words
    aspect: Words
    and_then: str
    building: Words


class ReferenceRule(Rule):
    """One set of `reference.yml`: words that stand for somebody named elsewhere."""

    name: str
    words: Words
    means: Literal[
        "speaker",
        "other",
        "states",
        "persons",
        "both",
        "counterpart",
        "third",
        "it",
        "those",
        "we",
        "country",
        "body",
        "text",
    ]
    not_after: Words = ()
    only_after: Words = ()
    kinds: Words = ()
    note: str = ""


class SpeechRules(Rule):
    """`speech.yml`: verbs that report what somebody said, and words that bound a report."""

    verbs: Words
    quoting: Words
    quotes: Words
    closing: Words
    proposing: Words
    proposals: Words
    leads: Words
    not_after: Words = ()
    not_before: Words = ()
    goes_on: Words = ()
    glued: Words
    narrator: Words = ()
    issuing: Words
    statements: Words


class ContextRule(Rule):
    """One set of `context.yml`: words that put what follows (or precedes) them into a status."""

    name: str
    words: Words
    status: Status | None = None
    scope: Literal["clause", "sentence", "verb"] = "clause"
    unless: Words = ()
    unless_after: Words = ()
    verbal: bool = False
    terminate: bool = False
    pseudo: bool = False


class SlotSource(Rule):
    """Where the fillers of a role are found, and in which form they are taken."""

    source: tuple[CaseName, ...] = Field(alias="from")
    take: Literal["names", "either", "noun", "clause", "list"] = "names"
    types: tuple[EntityType, ...] = ()
    lift: bool = False
    words: Words = ()
    has_types: tuple[EntityType, ...] = ()
    has_words: Words = ()
    lacks_words: Words = ()
    stated: bool = False
    named: bool = False
    typed: bool = False
    eager: bool = False
    shuns: Words = ()
    keeps: tuple[EntityType, ...] = ()
    wide: bool = False
    alone: bool = False
    addressed: bool = False
    first: bool = False
    we: bool = False
    asserts: bool = False
    rest: bool = False
    ends: Words = ()
    cut: bool = False
    heads: bool = False
    text_only: tuple[EntityType, ...] = ()

    @field_validator("source", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class PloverTable(Rule):
    """`plover.yml`: the events of PLOVER with the modes of each, and the contexts."""

    events: dict[str, Words]
    contexts: Words


class PloverCode(Rule):
    """An event of PLOVER, with its mode and context where it has any."""

    event: str
    mode: str = ""
    context: str = ""

    def __str__(self) -> str:
        """`CONSULT:visit`, `SUPPORT::diplomatic`: the three parts, without empty ones at the end."""
        return ":".join((self.event, self.mode, self.context)).rstrip(":")


class Plover(PloverCode):
    """The code of a frame's facts; `words` has another one for triggers that hold a word."""

    words: dict[str, PloverCode] = {}

    def code(self, trigger: str) -> str:
        """The code of a fact, given the trigger as written."""
        return str(next((code for word, code in self.words.items() if word in trigger), self))


EXAMPLE_DATE = "2024-03-05"


class Example(Rule):
    """A text with the facts that a frame makes of it: role to filler or fillers, `date`, `status`.

    `date` of the example is the day of publication; a fact's date may leave out the year of it.
    """

    text: str
    gives: tuple[dict[str, Any], ...]
    date: str = EXAMPLE_DATE

    @field_validator("gives", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @field_validator("date", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return value.isoformat() if isinstance(value, Day) else value


class Frame(NamedRule):
    """One rule of `frames/*.yml`: a trigger and the case slots around it. See docs/rules.md."""

    emits: str
    triggers: Words
    slots: dict[str, SlotSource]
    need: dict[str, int] = {}
    any: Words = ()
    not_under: Words = ()
    not_carried: Words = ()
    not_with: Words = ()
    not_case: tuple[CaseName, ...] = ()
    past_with: Words = ()
    actual_with: Words = ()
    within: Words = ()
    set: dict[str, str] = {}
    before: Words = ()
    after: Words = ()
    not_before: Words = ()
    not_after: Words = ()
    aligned: bool = True
    each: Words = ()
    apart: bool = False
    mutual: tuple[str, ...] = ()
    status: Status | None = None
    not_status: tuple[Status, ...] = ()
    in_speech: Status | None = None
    purpose: Status | None = None
    dated: bool = True
    anchor: bool = False
    relative: bool = False
    transitive: bool = False
    nominal: bool = False
    confidence: float = Field(default=0.8, ge=0, le=1)
    plover: Plover | None = None
    examples: tuple[Example, ...] = ()
    counter_examples: Words = ()

    @field_validator("slots", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """`place: at` and `participant: [subject, with]` stand for `{from: …}`."""
        if not isinstance(value, dict):
            return value
        return {role: slot if isinstance(slot, dict) else {"from": slot} for role, slot in value.items()}

    @field_validator("plover", mode="before")
    @classmethod
    def _event_alone(cls, value: Any) -> Any:
        """`plover: CONSULT` stands for `{event: CONSULT}`."""
        return {"event": value} if isinstance(value, str) else value
