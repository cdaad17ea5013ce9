"""What articles say of holders of offices: each name with the office that its title gives, and the day."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kgx.lexicon import FOLDER, PEOPLE, Lexicon, load_lexicon
from kgx.model import Document
from kgx.nlp.claims import Claim, Titles, load_titles
from kgx.nlp.layers import keep_text
from kgx.nlp.pipeline import make_pipeline
from kgx.rulebook import RuleFolder
from kgx.schemas.lexicon import PersonRow

STAGES = (
    "kgx_segment", "kgx_words", "kgx_gazetteer", "kgx_names", "kgx_titles", "kgx_groups", "kgx_mentions",
    "kgx_positions",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name that a document of that day gives an office."""

    name: str
    claim: Claim
    day: str
    document: str


class Observer:
    """Reads articles with a lexicon in which no learned person stands, so that no error feeds on itself."""

    def __init__(self) -> None:
        """Make the pipeline of the shipped rules."""
        with tempfile.TemporaryDirectory() as bare:
            table = Path(bare) / FOLDER / PEOPLE
            table.parent.mkdir()
            table.write_text("\t".join(PersonRow.model_fields) + "\n", encoding="utf-8")
            folder = RuleFolder(bare)
            self.lexicon: Lexicon = load_lexicon(folder)
            self.titles: Titles = load_titles(folder, self.lexicon)
            self._nlp: Language = make_pipeline(folder, stages=STAGES)
            self._dates: Callable[[Doc], Doc] = self._nlp.create_pipe("kgx_dates")

    def sightings(self, documents: Iterable[Document]) -> Iterator[Sighting]:
        """Yield what each dated document says of its persons' offices."""
        for document in documents:
            day = document.date or self._day(document)
            if day is None:
                continue
            doc = self._read(document)
            surfaces = {one.name: one.surfaces or (one.name,) for one in doc._.kgx_entities}
            known = {
                one.name: self.lexicon.by_key[one.key].name
                for one in doc._.kgx_entities
                if one.key in self.lexicon.by_key
            }
            for position in doc._.kgx_positions:
                of = known.get(position.of, position.of) if position.of is not None else None
                for claim in self.titles.claims(position.title, of):
                    for name in surfaces.get(position.person, ()):
                        yield Sighting(name, claim, day, document.id)

    def _read(self, document: Document) -> Doc:
        doc = Doc(self._nlp.vocab)
        doc._.kgx_document = document
        keep_text(doc, document.text, spans=False)
        for _, stage in self._nlp.pipeline:
            doc = stage(doc)
        return doc

    def _day(self, document: Document) -> str | None:
        """The day with which the title of an undated document begins."""
        title = document.title or ""
        doc = Doc(self._nlp.vocab)
        doc._.kgx_document = replace(document, text=title, regions=())
        keep_text(doc, title, spans=False)
        first = next((one for one in self._dates(doc)._.kgx_dates if one.start == 0), None)
        return first.value if first is not None and len(first.value or "") == 10 else None
