"""English names of what no table names, put together from the names of its parts.

中国驻芬兰使馆 is the Embassy of China in Finland, since the lexicon has both states in English; what a name
is made of, and how that reads in English, is in `english.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from kgx.iri import identity
from kgx.lexicon import Lexicon
from kgx.model import EntityType
from kgx.nlp.persons import any_of
from kgx.resolve.meetings import nth
from kgx.schemas.english import LISTED, EnglishRow, EnglishRules

_NAMES = ("x", "y")  # groups that are names
_NUMBERS = ("n", "m")  # groups that are numbers


class English:
    """The rows of `english.yml`, and the English of the lexicon."""

    def __init__(self, rules: EnglishRules, lexicon: Lexicon, articled: Collection[str]) -> None:
        """`articled`: English names of states that have an article."""
        self._articled = frozenset(articled)
        self._words = {word: english for words in rules.words.values() for word, english in words.items()}
        lists = {name: f"(?:{any_of(tuple(words))})" for name, words in rules.words.items()}
        self._rows: dict[EntityType, list[tuple[re.Pattern[str], EnglishRow]]] = {}
        for row in rules.rows:
            pattern = re.compile(LISTED.sub(lambda one: lists[one[1]], row.pattern))
            self._rows.setdefault(row.type, []).append((pattern, row))
        self._names: dict[str, dict[EntityType, set[str]]] = {}
        for surface, entries in lexicon.surfaces.items():
            for entry in entries:
                if entry.en:
                    kinds = self._names.setdefault(identity(surface), {})
                    kinds.setdefault(entry.type, set()).add(entry.en)

    def label(self, type_: EntityType, name: str) -> str | None:
        """What a thing of this name is called in English, where a row fits and all its parts have a name."""
        for pattern, row in self._rows.get(type_, ()):
            found = pattern.fullmatch(name)
            if found is not None:
                parts = self._parts(found.groupdict(), row)
                if parts is not None:
                    return row.en.format_map(parts)
        return None

    def _parts(self, groups: Mapping[str, str], row: EnglishRow) -> dict[str, str] | None:
        """What stands for each group; None where one is not known."""
        out: dict[str, str] = {}
        for key, text in groups.items():
            if key in _NAMES:
                names = {one for kind in row.parts for one in self._names.get(text, {}).get(kind, ())}
                if len(names) != 1:
                    return None
                (name,) = names
                out[key], out[f"a{key}"] = name, f"the {name}" if name in self._articled else name
            elif key in _NUMBERS:
                out[key] = nth(int(text))
            else:
                out[key] = self._words.get(text, text)
        return out
