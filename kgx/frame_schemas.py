"""The schemas of the rule files that facts are read by: grammar, reference, speech, context, frames."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from kgx.model import EntityType, Status
from kgx.rulebook import Rule

CaseName = Literal[
    "subject", "object", "with", "to", "for", "at", "by", "invited", "disposal", "from", "about",
    "parties", "speaker", "other", "definite", "object-place", "near", "owner", "greeted",
    "object-names", "title", "member-before",
    "modifier", "domain", "framework", "theme", "before", "at-text", "urged", "obliged", "levied",
    "span", "word", "same-event", "witnessed", "invited-one", "invited-to",
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
    title_prefixes: Words
    title_join: str
    not_inside: Words
    lies: Words
    pivots: Words
    temporal: Words
    being: Words
    domain: Words
    signing: Words
    coming: Words
    apart: Words
    determiners: Words
    et_cetera: str
    genitive: str
    aspect: Words
    and_then: str
    building: Words


class ReferenceRule(Rule):
    """One set of `reference.yml`: words that stand for somebody named elsewhere."""

    name: str
    words: Words
    means: Literal["speaker", "other", "states", "persons", "both", "third", "we", "text"]
    titles: Words = ()
    note: str = ""


class SpeechRules(Rule):
    """`speech.yml`: verbs that report what somebody said, and words that bound a report."""

    verbs: Words
    closing: Words
    not_after: Words = ()
    not_before: Words = ()
    goes_on: Words = ()


class ContextRule(Rule):
    """One set of `context.yml`: words that put what follows (or precedes) them into a status."""

    name: str
    words: Words
    status: Status | None = None
    scope: Literal["clause", "sentence", "verb"] = "clause"
    unless: str = ""
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
    we: bool = False
    rest: bool = False
    ends: Words = ()
    cut: bool = False
    text_only: tuple[EntityType, ...] = ()

    @field_validator("source", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class Example(Rule):
    """A sentence with the facts that it gives."""

    text: str
    gives: tuple[dict[str, Any], ...]
    date: str = "2024-03-05"

    @field_validator("gives", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value


class Frame(Rule):
    """One rule of `frames/*.yml`: a trigger and the case slots around it. See docs/rules.md."""

    name: str
    emits: str
    triggers: Words
    slots: dict[str, SlotSource]
    need: dict[str, int] = {}
    any: Words = ()
    not_under: Words = ()
    not_case: tuple[CaseName, ...] = ()
    past_with: Words = ()
    within: Words = ()
    set: dict[str, str] = {}
    before: Words = ()
    after: Words = ()
    not_before: Words = ()
    not_after: Words = ()
    aligned: bool = True
    each: Words = ()
    mutual: tuple[str, ...] = ()
    status: Status | None = None
    in_speech: Status | None = None
    dated: bool = True
    anchor: bool = False
    relative: bool = False
    confidence: float = Field(default=0.8, ge=0, le=1)
    plover: str | None = None
    examples: tuple[Example, ...] = ()
    counter_examples: Words = ()

    @field_validator("slots", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """`place: at` and `participant: [subject, with]` stand for `{from: …}`."""
        if not isinstance(value, dict):
            return value
        return {role: slot if isinstance(slot, dict) else {"from": slot} for role, slot in value.items()}
