"""A spaCy model of the user's in place of ours: `--model zh_core_web_trf`, or a folder.

It reads the normal text line by line with its own tokenizer; what its labels are called here is in
`model.yml`, and so is the score that its names get, since it gives none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc

from kgx import errors
from kgx.errors import OptionError
from kgx.nlp.layers import Candidate, normal_text
from kgx.nlp.tagger import Span

if TYPE_CHECKING:
    from pathlib import Path

# What a stock pipeline has beside its names, and what takes time: none of it is read here.
_UNREAD = ("parser", "tagger", "morphologizer", "attribute_ruler", "lemmatizer", "senter")
_NAMES = "doc.ents"  # what a component that finds names says it assigns


class SpacyNames:
    """The names that a spaCy pipeline finds, in characters of the normal text."""

    def __init__(self, model: Language, score: float) -> None:
        """`model`: a pipeline that sets `doc.ents`; `score`: what each of its names gets."""
        self._model, self._score = model, score

    def __call__(self, doc: Doc, chosen: Sequence[Candidate]) -> Iterator[Span]:
        """Yield the names in the text of `doc`; `chosen`, the names known before, are not asked for."""
        lines = []
        at = 0
        for line in normal_text(doc).splitlines(keepends=True):
            if line.strip():
                lines.append((line, at))
            at += len(line)
        for found, start in self._model.pipe(lines, as_tuples=True):
            for name in found.ents:
                yield Span(start + name.start_char, start + name.end_char, name.label_, self._score)


def load_spacy(model: str | Path, score: float) -> SpacyNames:
    """Load an installed spaCy model by its name, or one from a folder.

    Raises OptionError where there is none, it can't be loaded, or it finds no names.
    """
    import spacy

    try:
        nlp = spacy.load(model, exclude=_UNREAD)
    except (OSError, ImportError, ValueError) as fault:
        raise OptionError(errors.MODEL_SPACY.format(name=model, reason=_first_line(fault))) from None
    if not any(_NAMES in nlp.get_pipe_meta(name).assigns for name in nlp.pipe_names):
        raise OptionError(errors.MODEL_NO_NAMES.format(name=model, found=", ".join(nlp.pipe_names) or "none"))
    return SpacyNames(nlp, score)


def _first_line(fault: Exception) -> str:
    return str(fault).partition("\n")[0]
