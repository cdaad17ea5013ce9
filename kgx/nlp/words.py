"""Components `kgx_words`, the words and parts of speech of a text, and `kgx_topics`, its keywords.

Words are hints: stages read characters, and ask here where characters alone mislead. The segmenter is
rjieba, or jieba itself; either is an instance of its own that knows the names of the lexicon, so that
no other user of the process-wide tokenizer is disturbed. The two cut alike; rjieba is far faster.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from spacy.language import Language
from spacy.tokens import Doc

from kgx import errors
from kgx.errors import KgxError
from kgx.lexicon import Lexicon, load_lexicon
from kgx.model import Document, Mention
from kgx.nlp.layers import Words, normal_text, register
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.words import TopicRules, WordRules

SEGMENTERS = ("rjieba", "jieba")  # in order of preference
Tagger = Callable[[str], Sequence[tuple[str, str]]]  # text to its words, none left out, and their tags
TOPIC_REGIONS = frozenset({"title", "subtitle", "body"})


def vocabulary(lexicon: Lexicon, rules: WordRules) -> dict[str, str]:
    """Word to tag: the names of the lexicon (the first entry decides) and the rules' own words."""
    words = dict(rules.words)
    for surface, entries in lexicon.surfaces.items():
        if not re.search(r"\s", surface):
            words.setdefault(surface, rules.tags[entries[0].type])
    return words


def make_tagger(words: Mapping[str, str], segmenter: str | None = None) -> Tagger:
    """A private segmenter that knows `words` (word to tag).

    `segmenter` is one of SEGMENTERS, None for the first that is installed. Raises KgxError where the
    name is unknown or the package is not installed.
    """
    if segmenter is None:
        segmenter = next((name for name in SEGMENTERS if find_spec(name)), SEGMENTERS[-1])
    if segmenter not in SEGMENTERS:
        raise KgxError(errors.SEGMENTER_UNKNOWN.format(name=segmenter, known=", ".join(SEGMENTERS)))
    if find_spec(segmenter) is None:
        raise KgxError(errors.SEGMENTER_MISSING.format(name=segmenter))
    return _rjieba(words) if segmenter == "rjieba" else _jieba(words)


def _rjieba(words: Mapping[str, str]) -> Tagger:
    import rjieba

    tokenizer = rjieba.Jieba()
    for word, tag in words.items():
        tokenizer.add_word(word, None, tag)
    return tokenizer.tag


def _jieba(words: Mapping[str, str]) -> Tagger:
    import jieba
    from jieba.posseg import POSTokenizer

    tokenizer = jieba.Tokenizer()
    log = logging.getLogger(jieba.__name__)
    level = log.level
    log.setLevel(logging.WARNING)  # it reports its loading on standard error
    try:
        with TemporaryDirectory() as private:  # its cache would lie at a path that others can foresee
            tokenizer.tmp_dir = private
            tokenizer.initialize()
    finally:
        log.setLevel(level)
    for word, tag in words.items():
        tokenizer.add_word(word, None, tag)
    tagger = POSTokenizer(tokenizer)
    return lambda text: [(pair.word, pair.flag) for pair in tagger.cut(text)]


def segment_words(text: str, tagger: Tagger, tags: Mapping[str, str] = MappingProxyType({})) -> Words:
    """The words of `text`, whitespace and marks among them, with offsets in characters of it.

    `tags` corrects what the segmenter takes a word for: rjieba keeps to its own tag for one it knows.
    """
    pairs = tagger(text)
    if not pairs:
        return Words((), (), ())
    words, given = zip(*pairs, strict=True)
    ends = tuple(accumulate(map(len, words)))
    return Words((0, *ends[:-1]), ends, tuple(map(tags.get, words, given)))


class WordFinder:
    """Sets `doc._.kgx_words`."""

    def __init__(self, tagger: Tagger, tags: Mapping[str, str] = MappingProxyType({})) -> None:
        """`tagger`: from `make_tagger`; `tags` as for `segment_words`."""
        self.tagger = tagger
        self.tags = tags

    def __call__(self, doc: Doc) -> Doc:
        """Segment the normal text of `doc`."""
        doc._.kgx_words = segment_words(normal_text(doc), self.tagger, self.tags)
        return doc


@lru_cache(maxsize=1)
def idf_table() -> tuple[Mapping[str, float], float]:
    """jieba's inverse document frequencies by word, and their median, which an unknown word gets."""
    spec = find_spec("jieba")  # the file alone is read: importing jieba.analyse would set up its own state
    assert spec is not None and spec.origin is not None
    cells = (Path(spec.origin).parent / "analyse" / "idf.txt").read_text(encoding="utf-8").split()
    table = dict(zip(cells[::2], map(float, cells[1::2]), strict=True))
    return table, sorted(table.values())[len(table) // 2]


def topics(
    text: str,
    words: Words,
    rules: TopicRules,
    given: Iterable[str] = (),
    regions: Sequence[tuple[int, int]] | None = None,
    mentions: Sequence[Mention] = (),
) -> tuple[str, ...]:
    """The keywords of `text`: those `given` with the page, then its own up to `rules.limit` in all.

    A document's own are the nouns whose frequency in it (inside `regions`, where those are given) times
    their inverse document frequency is greatest; of equals the one that comes first in the text. Where
    `mentions` (in order) are known, the name of the entity stands for the words of each.
    """
    tags = rules.tags
    nouns = [
        (a, text[a:b])
        for a, b, tag in zip(words.starts, words.ends, words.tags, strict=True)
        if tag in tags and b - a > 1
    ]
    if mentions:
        starts, ends = [m.start for m in mentions], [0, *(m.end for m in mentions)]
        nouns = [
            (a, word)
            for a, word in nouns
            if ends[bisect_right(starts, a + len(word) - 1)] <= a  # no mention overlaps it
        ]
        nouns = sorted(nouns + [(m.start, m.names[0]) for m in mentions if len(m.names) == 1])
    if regions is not None:
        starts, ends = [a for a, _ in regions], [0, *(b for _, b in regions)]
        nouns = [(a, word) for a, word in nouns if a < ends[bisect_right(starts, a)]]
    counts = Counter(word for _, word in nouns)
    table, median = idf_table()
    known = {name for m in mentions for name in m.names}
    weights: dict[str, float] = {}
    for word, count in counts.items():
        rarity = table.get(word)
        if count >= (rules.least if rarity is not None or word in known else rules.least_unknown):
            weights[word] = count * (median if rarity is None else rarity)
    ranked = sorted(weights, key=weights.__getitem__, reverse=True)
    found = dict.fromkeys(word for word in (raw.strip() for raw in given) if word)
    for word in ranked:
        if len(found) >= rules.limit:
            break
        if not _generic(word, rules):
            found.setdefault(word)
    return tuple(found)


def _generic(word: str, rules: TopicRules) -> bool:
    """Whether a word tells no article of the genre from another."""
    return word in rules.stop or (len(word) == 2 and word.endswith(rules.endings))


class TopicFinder:
    """Sets `doc._.kgx_topics`; reads `doc._.kgx_words`, and segments for itself where there are none."""

    def __init__(self, rules: TopicRules, tagger: Callable[[], Tagger]) -> None:
        """`tagger` makes a segmenter; it is called only for a document without words."""
        self.rules = rules
        self._make = tagger
        self._tagger: Tagger | None = None
        idf_table()

    def __call__(self, doc: Doc) -> Doc:
        """Choose the topics of `doc` from its titles and body."""
        layers = doc._
        document: Document | None = layers.kgx_document
        text, words = normal_text(doc), layers.kgx_words
        if words is None:
            if self._tagger is None:
                self._tagger = self._make()
            words = segment_words(text, self._tagger)
        regions = None
        if document is not None and document.regions:
            regions = [(r.start, r.end) for r in document.regions if r.kind in TOPIC_REGIONS]
        given = document.keywords if document else ()
        layers.kgx_topics = topics(text, words, self.rules, given, regions, layers.kgx_mentions)
        return doc


def _tagger(rules: str | None, segmenter: str | None) -> Tagger:
    folder = RuleFolder(rules)
    (word_rules,) = load_yaml(folder.find("words.yml"), WordRules)
    return make_tagger(vocabulary(load_lexicon(folder), word_rules), segmenter)


@Language.factory("kgx_words", default_config={"segmenter": None, "rules": None})
def make_words(nlp: Language, name: str, segmenter: str | None, rules: str | None) -> WordFinder:
    """Make the component.

    `segmenter`: "rjieba", "jieba", or None for the first that is installed; `rules`: a folder that
    overrides the shipped rules, or None.
    """
    register()
    (word_rules,) = load_yaml(RuleFolder(rules).find("words.yml"), WordRules)
    return WordFinder(_tagger(rules, segmenter), word_rules.words)


@Language.factory("kgx_topics", default_config={"segmenter": None, "rules": None})
def make_topics(nlp: Language, name: str, segmenter: str | None, rules: str | None) -> TopicFinder:
    """Make the component; the settings are those of `kgx_words`."""
    register()
    (topic_rules,) = load_yaml(RuleFolder(rules).find("topics.yml"), TopicRules)
    return TopicFinder(topic_rules, lambda: _tagger(rules, segmenter))
