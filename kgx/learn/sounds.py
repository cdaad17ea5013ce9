"""How well a name in Chinese characters fits one in Latin script, by the consonants of both."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin

from kgx.schemas.lexicon import SoundRules

_JOIN = re.compile("[·‧・•-]")
_TWICE = re.compile(r"([a-z])\1")
_WORD = re.compile("[a-z]+")
_LIKE = 0.6  # what first names, short as they are, must reach
Sounds = tuple[tuple[str, float], ...]  # classes that a consonant may belong to, and its weight


class Fit:
    """Compares names by the rules of `sounds.yml`."""

    def __init__(self, rules: SoundRules) -> None:
        """`rules`: the classes of consonants."""
        self.rules = rules
        self._plain = str.maketrans(rules.plain)
        letters = sorted(rules.latin, key=lambda one: (-len(one), one))
        self._letter = re.compile("|".join(letters))
        self._latin = lru_cache(maxsize=None)(self._sounds_of_latin)
        self._chinese = lru_cache(maxsize=None)(self._sounds_of_chinese)

    def words(self, name: str) -> list[str]:
        """The words of a Latin name in plain lower-case letters."""
        lower = unicodedata.normalize("NFKD", name.casefold().translate(self._plain))
        return _WORD.findall("".join(c for c in lower if not unicodedata.combining(c) and c not in "'’ʻ`-"))

    def __call__(self, chinese: str, latin: str) -> float:
        """From 0 to 1: 1 where every consonant has its like, or where the name is its pinyin.

        The last part of a name in parts decides, against any word or two of the other, and the whole.
        """
        words = self.words(latin)
        whole = "".join(words)
        if self.reads(chinese, latin):
            return 1.0
        last = self._chinese(_JOIN.split(chinese)[-1])
        near = [*words, *(a + b for a, b in zip(words, words[1:], strict=False))]
        end = max((_alike(last, self._latin(word)) for word in near), default=0.0)
        all_ = _alike(self._chinese(_JOIN.sub("", chinese)), self._latin(whole))
        return max(end, (end + all_) / 2)

    def reads(self, chinese: str, latin: str) -> bool:
        """Whether the Latin name is the pinyin of the other, the family name first or last."""
        words = self.words(latin)
        return "".join(lazy_pinyin(chinese)) in ("".join(words), "".join(words[1:] + words[:1]))

    def begins(self, chinese: str, latin: str) -> bool:
        """Whether the first part of a name in parts is like a word of the other but its last."""
        first = self._chinese(_JOIN.split(chinese)[0])
        return any(_alike(first, self._latin(word)) >= _LIKE for word in self.words(latin)[:-1])

    def _sounds_of_latin(self, word: str) -> Sounds:
        found = []
        for letter in self._letter.findall(_TWICE.sub(r"\1", word)):
            weight = self.rules.weight_of_faint if letter in self.rules.faint else 1.0
            found.append((self.rules.latin[letter], weight))
        return tuple(found)

    def _sounds_of_chinese(self, part: str) -> Sounds:
        found = []
        starts = [one[0] for one in pinyin(part, style=Style.INITIALS, strict=False)]
        for start, syllable in zip(starts, lazy_pinyin(part), strict=True):
            if start in self.rules.initials:
                found.append((self.rules.initials[start], 1.0))
            end = next(
                (e for e in self.rules.finals if syllable.endswith(e) and (e != "er" or not start)), None
            )
            if end is not None:
                found.append((self.rules.finals[end], self.rules.weight_of_finals))
        return tuple(found)


def _alike(one: Sounds, other: Sounds) -> float:
    """The weight of what stands in both in one order, as a share of the weight of all."""
    total = sum(weight for _, weight in (*one, *other))
    row = [0.0] * (len(other) + 1)
    for sound, weight in one:
        above = row
        row = [0.0]
        for at, (like, its) in enumerate(other):
            best = max(row[at], above[at + 1])
            row.append(max(best, above[at] + weight + its) if set(sound) & set(like) else best)
    return row[-1] / total if total else 0.0
