"""Whether a name that a pattern or the model found cuts a word of the language: 京滨城|际, 壮|丽山河.

Only words of the segmenter's dictionary count, since it takes much for a word that is none. What a word
begins with may be left before a name where it is a name itself or one that never stands inside a name
(广西|南宁机场, 从|东海), what it ends with after it where that is a word or tells a place (市|议会, 村|里).
"""

from __future__ import annotations

from collections.abc import Collection

from kgx.lexicon import Lexicon, load_lexicon
from kgx.model import EntityType
from kgx.nlp.layers import Words
from kgx.nlp.words import idf_table
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.names import BoundRules, NameRules


class Bounds:
    """Knows the words of the language, and what may stand beside a name inside one."""

    def __init__(self, rules: BoundRules, before: Collection[str], words: Collection[str]) -> None:
        """`before`: what a word may begin with before a name; `words`: the words of the language."""
        self._types = frozenset(rules.types)
        self._after = frozenset(rules.after)
        self._before, self._words = before, words

    def cut(self, type_: EntityType, text: str, start: int, end: int, words: Words | None) -> bool:
        """Whether a name of this type at `start:end` of `text` begins or ends inside a word."""
        if words is None or type_ not in self._types:
            return False
        return self._begins_inside(text, start, words) or self._ends_inside(text, end, words)

    def _begins_inside(self, text: str, at: int, words: Words) -> bool:
        first, last, _ = words.over(at)
        return first < at < last and text[first:last] in self._words and text[first:at] not in self._before

    def _ends_inside(self, text: str, at: int, words: Words) -> bool:
        first, last, _ = words.over(at - 1)
        if not first < at < last or text[first:last] not in self._words:
            return False
        rest = text[at:last]
        return rest not in (self._after if len(rest) == 1 else self._words)


def load_bounds(folder: RuleFolder, lexicon: Lexicon | None = None) -> Bounds:
    """The bounds of `names.yml` and the lexicon of a rules folder. Raises RuleError where a file is wrong."""
    (rules,) = load_yaml(folder.find("names.yml"), NameRules)
    surfaces = (lexicon or load_lexicon(folder)).surfaces
    return Bounds(rules.bounds, frozenset((*surfaces, *rules.breaks)), idf_table()[0])
