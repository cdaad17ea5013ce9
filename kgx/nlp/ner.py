"""Component `kgx_ner`: names that a statistical model sees and no other stage found.

The model speaks last: a name of it may hold names found before (中国 in a company's name), but never
crosses one, nor stands inside one. Which types it may add, how sure it must be, and what such names
look like is in `model.yml`. It is ours (`kgx.nlp.tagger`) or a spaCy model of the user's
(`kgx.nlp.spacymodel`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import is_package

from kgx import errors
from kgx.errors import KgxError, OptionError
from kgx.nlp.bounds import Bounds, load_bounds
from kgx.nlp.entities import standing
from kgx.nlp.excerpt import excerpt
from kgx.nlp.features import FeatureReader
from kgx.nlp.layers import Candidate, Words, add_candidates, normal_text, register
from kgx.nlp.spacymodel import load_spacy
from kgx.nlp.tagger import Span, Tagger, load_tagger
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.names import ModelRules, ModelType

SOURCE = "model"  # Candidate.source
SHIPPED = "zh_news.npz"

# A model at work: the names in a document, of which some are known before.
Names = Callable[[Doc, Sequence[Candidate]], Iterable[Span]]


class NamePolicy:
    """Which of the model's spans become candidates."""

    def __init__(self, rules: ModelRules, bounds: Bounds | None = None) -> None:
        """`rules`: of `model.yml`; `bounds` knows the words that no name cuts."""
        self._bounds = bounds
        self._types = {entry.type: entry for entry in rules.types}
        self._shapes = {entry.type: re.compile(entry.shape) for entry in rules.types}
        self._labels = rules.labels
        self._never, self._common = frozenset(rules.never), rules.common

    def accept(
        self, spans: Iterable[Span], text: str, chosen: Sequence[Candidate], words: Words | None = None
    ) -> Iterator[Candidate]:
        """Yield candidates; `chosen` are the names found before, in order, not overlapping.

        What the model takes for names of two types in one document is of the type that it has more often, or
        that it was found to have before; else of neither.
        """
        found = tuple(self._fitting(spans, text, chosen, words))
        types: dict[str, Counter[str]] = defaultdict(Counter)
        for one in found:
            types[one.name][one.type] += 1
        for one in chosen:
            if (name := text[one.start : one.end]) in types:
                types[name][one.type] += len(found)
        for one in found:
            (_, most), *rest = types[one.name].most_common()
            if types[one.name][one.type] == most and all(number < most for _, number in rest):
                yield one

    def _fitting(
        self, spans: Iterable[Span], text: str, chosen: Sequence[Candidate], words: Words | None
    ) -> Iterator[Candidate]:
        """Yield what the rules of its type leave of each span."""
        ends = [c.end for c in chosen]
        for span in spans:
            entry = self._types.get(self._labels.get(span.label, span.label))  # type: ignore[call-overload]
            if entry is None or span.score < entry.least:
                continue
            first = bisect_left(ends, span.start + 1)
            end = _end(text, span, entry, chosen, first)
            inside = list(_until(chosen, first, end))
            start = self._begin(span, entry, text, inside)
            inside = [c for c in inside if c.end > start]
            name = text[start:end]
            if name in self._never or name in entry.never or not self._shapes[entry.type].fullmatch(name):
                continue
            if text.startswith(entry.not_before, end) or self._is_common(start, end, words):
                continue
            if self._bounds is not None and self._bounds.cut(entry.type, text, start, end, words):
                continue
            if inside and not _ends_well(name, end, entry, inside[-1], words):
                continue
            if entry.not_quoted and text[start - 1 : start] in entry.not_quoted and start:
                continue
            if all(
                start <= c.start and c.end <= end and c.end - c.start < end - start and c.type in entry.holds
                for c in inside
            ):
                yield Candidate(start, end, entry.type, name, SOURCE, round(span.score, 3))

    def _begin(self, span: Span, entry: ModelType, text: str, inside: Sequence[Candidate]) -> int:
        """Where the name begins: in a chain of divisions (甲省|乙县) after those that are known."""
        start = span.start
        if entry.divisions and text.endswith(entry.divisions, span.start, span.end):
            for known in inside:
                if known.start == start and known.type == entry.type and known.end < span.end - 1:
                    start = known.end
        return start

    def _is_common(self, start: int, end: int, words: Words | None) -> bool:
        """Whether the segmenter takes the stretch for one word that is no name."""
        return words is not None and words.tag(start, end) in self._common


def _end(text: str, span: Span, entry: ModelType, chosen: Sequence[Candidate], first: int) -> int:
    """The end of a name with what belongs to it behind it (金莲花|广场), without what does not (李明|以).

    `first` is the first of the names found before that ends inside it or behind it.
    """
    start, end = span.start, span.end
    if entry.trailing and text[end - 1] in entry.trailing:
        return end - 1
    if first < len(chosen) and (chosen[first].start, chosen[first].end) == (start, end):
        return end
    longer = end + max((len(word) for word in entry.behind if text.startswith(word, end)), default=0)
    return end if any(c.start >= end for c in _until(chosen, first, longer)) else longer


def _ends_well(name: str, end: int, entry: ModelType, last: Candidate, words: Words | None) -> bool:
    """Whether a name that holds known names is one, and not a name and some word: 甲市|香梨."""
    if not entry.heads or name.endswith(entry.heads):
        return True
    if last.end == end:
        return last.type == entry.type
    return (
        words is not None and bool(entry.parts) and (words.tag(last.end, end) or "").startswith(entry.parts)
    )


def _until(chosen: Sequence[Candidate], at: int, end: int) -> Iterator[Candidate]:
    while at < len(chosen) and chosen[at].start < end:
        yield chosen[at]
        at += 1


class OwnNames:
    """The names that our model finds."""

    def __init__(self, tagger: Tagger, tags: frozenset[str] = frozenset()) -> None:
        """`tagger`: the model; `tags`: it reads sentences with a word that has one of them (none: all)."""
        self._tagger, self._reader, self._tags = tagger, FeatureReader(tagger.clusters), tags

    def __call__(self, doc: Doc, chosen: Sequence[Candidate]) -> Iterator[Span]:
        """Yield the names in the normal text of `doc`; those that lie on `chosen` only may be left out."""
        bounds = [sentence.start for sentence in doc._.kgx_sentences]
        part = excerpt(normal_text(doc), doc._.kgx_words, doc._.kgx_candidates, chosen, bounds, self._tags)
        keys = self._reader(part.text, part.words, part.candidates)
        return part.restore(self._tagger.spans(keys, part.settled))


class NerComponent:
    """Adds the model's names to `doc._.kgx_candidates`."""

    def __init__(self, names: Names, policy: NamePolicy) -> None:
        """`names`: the model; `policy`: which of its names to take."""
        self.names, self.policy = names, policy

    def __call__(self, doc: Doc) -> Doc:
        """Find names in the normal text of `doc`."""
        chosen = standing(doc)
        names = self.names(doc, chosen)
        add_candidates(doc, tuple(self.policy.accept(names, normal_text(doc), chosen, doc._.kgx_words)))
        return doc


def shipped_model() -> Path:
    """Where the model that comes with the package lies; raises KgxError where it was left out."""
    path = Path(str(resources.files("kgx.models"))) / SHIPPED
    if not path.is_file():
        raise KgxError(errors.MODEL_ABSENT)
    return path


@lru_cache(maxsize=2)
def tagger_of(model: str | None) -> Tagger:
    """The model in a file (None: the shipped one), loaded once."""
    return load_tagger(shipped_model() if model is None else model)


@lru_cache(maxsize=2)
def names_of_model(model: str | None, score: float, tags: frozenset[str] = frozenset()) -> Names:
    """The model of that name, loaded once: a file of `kgx train` (None: the shipped one), or a spaCy model.

    `score`: what a name gets whose model gives none; `tags`: see `OwnNames`. Raises OptionError
    where there is no such model.
    """
    if model is None or Path(model).is_file():
        return OwnNames(tagger_of(model), tags)
    if Path(model).is_dir() or is_package(model):
        return load_spacy(model, score)
    raise OptionError(errors.MODEL_MISSING.format(path=model))


@Language.factory("kgx_ner", default_config={"model": None, "rules": None})
def make_ner(nlp: Language, name: str, model: str | None, rules: str | None) -> NerComponent:
    """Make the component.

    `model` is a file that `kgx train` wrote (None: the shipped one), or the name or folder of a spaCy
    model; `rules` a folder laid over the shipped rules.
    """
    register()
    folder = RuleFolder(rules)
    (policy,) = load_yaml(folder.find("model.yml"), ModelRules)
    found = names_of_model(model, policy.unscored, frozenset(policy.unknown))
    return NerComponent(found, NamePolicy(policy, load_bounds(folder)))
