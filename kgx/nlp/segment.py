"""Component `kgx_segment`: cuts each region of the document into sentences.

A sentence ends at one of the marks of `sentences.yml` or a line break; closing quotes and brackets that
follow belong to it. A short line of the body without such a mark, with another line after it, is a
headline of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from kgx.model import Document, Region
from kgx.nlp.layers import Sentence, given_text, normal_text, register, show
from kgx.regexes import quick
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.words import SentenceRules

_WORD = re.compile(r"\w")


class Segmenter:
    """Sets `doc._.kgx_sentences` and `doc.spans["kgx_sentences"]`."""

    def __init__(self, rules: SentenceRules) -> None:
        """`rules`: of `sentences.yml`."""
        self._rules = rules
        self._marks = quick(rf"[{re.escape(rules.ends)}]+[{re.escape(rules.closing)}]*|\n+")

    def __call__(self, doc: Doc) -> Doc:
        """Segment by the document's regions, or take all of it as body where it has none."""
        layers = doc._
        document: Document | None = layers.kgx_document
        regions = (
            document.regions if document and document.regions else (Region(0, len(given_text(doc)), "body"),)
        )
        found = layers.kgx_sentences = tuple(self.sentences(normal_text(doc), regions))
        show(doc, "kgx_sentences", ((s.start, s.end, s.kind) for s in found))
        return doc

    def sentences(self, text: str, regions: Sequence[Region]) -> Iterator[Sentence]:
        """Yield the sentences of `text`, region by region; a string met again is marked a repeat."""
        seen: set[str] = set()
        paragraph, last_end = -1, 0
        for region in regions:
            start = region.start
            if paragraph < 0 or "\n" in text[last_end : region.start]:
                paragraph += 1
            while start < region.end:
                found = self._marks.search(text, start, region.end)
                end = found.end() if found else region.end
                raw = text[start:end]
                body = raw.strip()
                if _WORD.search(body):
                    at = start + raw.index(body)
                    heads = region.kind == "body" and self._heads(text, start, end, body)
                    kind = "subtitle" if heads else region.kind
                    yield Sentence(at, at + len(body), kind, paragraph, body in seen)
                    seen.add(body)
                if "\n" in raw:
                    paragraph += 1
                start = end
            last_end = region.end

    def _heads(self, text: str, start: int, end: int, body: str) -> bool:
        """Whether the sentence [start, end) is a line of its own, unmarked at its end, above another."""
        alone = text[end - 1] == "\n" and (start == 0 or text[start - 1] == "\n")
        unmarked = body[-1].isalnum() or body[-1] in self._rules.closing
        return alone and unmarked and len(body) <= self._rules.headline and end < len(text)


@Language.factory("kgx_segment", default_config={"rules": None})
def make_segmenter(nlp: Language, name: str, rules: str | None) -> Segmenter:
    """Make the component; `rules` is a folder laid over the shipped rules."""
    register()
    (found,) = load_yaml(RuleFolder(rules).find("sentences.yml"), SentenceRules)
    return Segmenter(found)
