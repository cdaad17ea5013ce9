"""What the stages hand to each other: named layers on a spaCy Doc.

Every layer is a tuple of frozen records with offsets in characters of `doc.text`, so that a stage
works with any tokenizer. Stages read the *normal* text (`normal_text`), which has the same length.
A layer that users may want to see is shown as spans too (`show`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc

from kgx.model import EntityType, RegionKind
from kgx.nlp.normal import normalize
from kgx.nlp.record import record

LAYERS: dict[str, Any] = {
    "kgx_document": None,  # Document
    "kgx_sentences": (),  # tuple[Sentence, ...]
    "kgx_words": None,  # Words, or None where no segmenter ran
    "kgx_topics": (),  # tuple[str, ...]
    "kgx_candidates": (),  # tuple[Candidate, ...]: every stage adds to it
    "kgx_dates": (),  # tuple[DateValue, ...]
    "kgx_mentions": (),  # tuple[Mention, ...], longest first resolved, in order, not overlapping
    "kgx_entities": (),  # tuple[Entity, ...]
    "kgx_positions": (),  # tuple[Position, ...]
    "kgx_facts": (),  # tuple[Fact, ...]
    "kgx_stopped": (),  # tuple[str, ...]: how drafts broke the schema of facts
}


@record
class Sentence:
    """A sentence, closing mark included, surrounding whitespace not.

    `paragraph` counts paragraphs of the document from 0. `repeat` is True where the same sentence
    stood earlier in the document: it makes mentions, but no second fact.
    """

    start: int
    end: int
    kind: RegionKind
    paragraph: int
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The segmenter's words: `starts` ascending, `tags` their parts of speech, of equal length."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    tags: tuple[str, ...]

    def end(self, start: int) -> int | None:
        """Where the word that begins at `start` ends, None where none begins there."""
        at = bisect_left(self.starts, start)
        return self.ends[at] if at < len(self.starts) and self.starts[at] == start else None

    def tag(self, start: int, end: int) -> str | None:
        """The part of speech of the word at `start:end`, None where no word stands just there."""
        at = bisect_left(self.starts, start)
        whole = at < len(self.starts) and (self.starts[at], self.ends[at]) == (start, end)
        return self.tags[at] if whole else None

    def over(self, at: int) -> tuple[int, int, str]:
        """The word over the character at `at`, or the last before it: its bounds and its part of speech."""
        rank = max(0, bisect_right(self.starts, at) - 1)
        return (self.starts[rank], self.ends[rank], self.tags[rank]) if self.starts else (at, at, "")


@record
class Candidate:
    """A span that one stage holds for a name. `name` is the canonical name where the stage knows it.

    `key` is the lexicon's identity, `members` are the names of a group's members.
    """

    start: int
    end: int
    type: EntityType
    name: str
    source: str
    score: float
    key: str | None = None
    members: tuple[str, ...] = ()


def register() -> None:
    """Declare the layers on `Doc`; called by each component's factory, harmless when repeated."""
    for name, default in LAYERS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)


def add_candidates(doc: Doc, found: Sequence[Candidate]) -> None:
    """Add what a stage found to the candidates of `doc`; nothing found leaves the same tuple."""
    if found:
        layers = doc._
        layers.kgx_candidates = (*layers.kgx_candidates, *found)


def take_candidates(doc: Doc, wrong: Collection[Candidate]) -> None:
    """Take these out of the candidates of `doc`, and all that stand just there with the same type."""
    spans = {(one.start, one.end, one.type) for one in wrong}
    layers = doc._
    layers.kgx_candidates = tuple(
        one for one in layers.kgx_candidates if (one.start, one.end, one.type) not in spans
    )


def normal_text(doc: Doc) -> str:
    """The text that stages read: simplified, half-width, of the same length as `doc.text`."""
    try:
        return str(doc.user_data["kgx_normal"])
    except KeyError:
        text = doc.user_data["kgx_normal"] = normalize(given_text(doc))
        return text


def given_text(doc: Doc) -> str:
    """`doc.text`, joined once: on character tokens spaCy's own property is slow."""
    try:
        return str(doc.user_data["kgx_text"])
    except KeyError:
        text = doc.user_data["kgx_text"] = doc.text
        return text


def keep_text(doc: Doc, text: str, spans: bool = True) -> None:
    """Give the Doc the text that it was made of, so that it need not be joined again.

    Without `spans` the Doc may be empty: stages read the text kept here, and `show` sets nothing.
    """
    doc.user_data["kgx_text"] = text
    doc.user_data["kgx_spans"] = spans


def show(doc: Doc, key: str, spans: Iterable[tuple[int, int, str]]) -> None:
    """Set `doc.spans[key]` to the (start, end, label) given in characters, widened to whole tokens."""
    if not doc.user_data.get("kgx_spans", True):
        return
    found = (doc.char_span(a, b, label=label, alignment_mode="expand") for a, b, label in spans)
    doc.spans[key] = [span for span in found if span is not None]
