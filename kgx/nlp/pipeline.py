"""The spaCy pipeline that reads a document, and the record of what it found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from kgx import errors
from kgx.errors import RuleError
from kgx.model import Document, Extraction, Group, Mention, Single
from kgx.nlp.layers import given_text, keep_text, register
from kgx.nlp.trace import Log
from kgx.rulebook import RuleFolder

# Dates come after mentions, since a year inside the name of an event is no date.
STAGES: tuple[str, ...] = (
    "kgx_segment",
    "kgx_words",
    "kgx_gazetteer",
    "kgx_names",
    "kgx_titles",
    "kgx_groups",
    "kgx_ner",
    "kgx_mentions",
    "kgx_positions",
    "kgx_identity",
    "kgx_dates",
    "kgx_topics",
    "kgx_facts",
)
_CONTEXT = 4  # characters to each side of a one-character name that its record quotes, at first


class CharTokenizer:
    """A token for each character, so that offsets of tokens and of characters are one."""

    def __init__(self, nlp: Language) -> None:
        """`nlp`: whose vocabulary the documents use."""
        self.vocab = nlp.vocab

    def __call__(self, text: str) -> Doc:
        """Make a Doc of single characters."""
        return Doc(self.vocab, words=list(text), spaces=[False] * len(text))

    def to_bytes(self, **_: object) -> bytes:
        """Nothing to store."""
        return b""

    def from_bytes(self, _: bytes, **__: object) -> CharTokenizer:
        """Nothing to restore."""
        return self


def make_pipeline(
    rules: RuleFolder | None = None, *, model: bool | str = True, stages: Sequence[str] = STAGES
) -> Language:
    """Make the pipeline of all stages; raises RuleError or KgxError where the rules or the model are wrong.

    `model` says whether the statistical stage may run, without which the rules alone find names; a
    string names a model for it other than the shipped one, of `kgx train` or of spaCy.
    """
    import spacy

    folder = str(rules.user) if rules is not None and rules.user is not None else None
    nlp = spacy.blank("zh")
    nlp.tokenizer = CharTokenizer(nlp)
    nlp.max_length = 100_000_000
    register()
    for stage in stages:
        if stage == "kgx_ner" and not model:
            continue
        takes = Language.get_factory_meta(stage).default_config or {}
        config = {"rules": folder} if "rules" in takes and folder else {}
        if "model" in takes and isinstance(model, str):
            config["model"] = model
        try:
            nlp.add_pipe(stage, config=config)
        except re.error as fault:
            place, shown = folder or "rules", str(fault.pattern)[:80]
            raise RuleError(errors.RULES_REGEX.format(path=place, pattern=shown, reason=fault)) from None
    return nlp


def extract_document(nlp: Language, document: Document) -> Extraction:
    """Run the pipeline over one document.

    A record needs offsets but neither tokens nor spans, so none are made: a fifth of the time on a Doc
    of single characters goes into them.
    """
    doc = Doc(nlp.vocab)
    doc._.kgx_document = document
    keep_text(doc, document.text, spans=False)
    for _, stage in nlp.pipeline:
        doc = stage(doc)
    return extraction(doc)


def read_document(nlp: Language, document: Document, log: Log | None = None) -> Doc:
    """Run the pipeline over one document; what the fact stages read and refuse is noted in `log`."""
    doc = nlp.make_doc(document.text)
    doc._.kgx_document = document
    keep_text(doc, document.text)
    for name, stage in nlp.pipeline:
        noted = log is not None and name == "kgx_facts"
        doc = stage.read(doc, log) if noted else stage(doc)  # type: ignore[attr-defined]
    return doc


def extraction(doc: Doc) -> Extraction:
    """What the stages found in `doc`, as one record."""
    layers = doc._
    document: Document = layers.kgx_document or Document("text", given_text(doc))
    mentions: tuple[Mention, ...] = layers.kgx_mentions
    return Extraction(
        document=document,
        entities=layers.kgx_entities,
        groups=groups(given_text(doc), mentions),
        singles=singles(given_text(doc), mentions),
        dates=layers.kgx_dates,
        positions=layers.kgx_positions,
        facts=layers.kgx_facts,
        mentions=mentions,
        topics=layers.kgx_topics,
        stopped=layers.kgx_stopped,
    )


def groups(text: str, mentions: Sequence[Mention]) -> tuple[Group, ...]:
    """The surfaces that name several entities at once, each once, in order."""
    found = {(text[m.start : m.end], m.names): None for m in mentions if len(m.names) > 1}
    return tuple(Group(surface, names) for surface, names in found)


def singles(text: str, mentions: Sequence[Mention]) -> tuple[Single, ...]:
    """The one-character names, each with as much context as tells it from other places of the character."""
    out: dict[Single, None] = {}
    for mention in mentions:
        if mention.end - mention.start == 1 and len(mention.names) == 1:
            context = text[max(0, mention.start - _CONTEXT) : mention.end + _CONTEXT]
            out[Single(context, text[mention.start : mention.end], mention.names[0])] = None
    return tuple(out)
