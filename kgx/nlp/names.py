"""Component `kgx_names`: names that follow a pattern, over text whose known names are masked.

中俄投资合作委员会, 金砖国家领导人第十六次会晤, 《…协定》, 俄罗斯国防部: an anchor (a known name, an
ordinal, a quotation), words that may qualify, and a head. The patterns are in `names.yml`; words that
never stand inside a name (出席, 表示, 在) end every one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from kgx.lexicon import Lexicon, load_lexicon
from kgx.model import ENTITY_TYPES
from kgx.name_schemas import GroupRules, NameRules, PersonRules
from kgx.nlp.entities import resolve
from kgx.nlp.layers import Candidate, normal_text, register
from kgx.nlp.persons import any_of
from kgx.nlp.scene import LETTERS, REST, choose
from kgx.rulebook import RuleFolder, load_yaml

SOURCE = "pattern"  # Candidate.source
BREAK = chr(0xE1FF)
_CLASS = 0xE180  # letters of the rules' own classes start here
_MACRO = re.compile(r"\{([A-Za-z]+)\}")


class NameGrammar:
    """The compiled patterns of `names.yml`."""

    def __init__(self, rules: NameRules, shorts: str, transcription: str) -> None:
        """`shorts`: one-character names for {pair}; `transcription`: characters for {t}."""
        words = [*dict.fromkeys((*rules.keeps, *rules.breaks))]
        keeps = frozenset(rules.keeps)
        self._breaks = [word not in keeps for word in words]
        self._automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)
        self._classes = [
            (cls.type, tuple(cls.endings), frozenset(cls.sources), chr(_CLASS + i))
            for i, cls in enumerate(rules.classes.values())
        ]
        table = {kind[0]: LETTERS[kind] for kind in ENTITY_TYPES}
        table["N"], table["P"] = LETTERS["Person"], LETTERS["Place"]
        table |= {name: letter for name, (*_, letter) in zip(rules.classes, self._classes, strict=True)}
        macros = {name: f"{letter}{REST}*" for name, letter in table.items()}
        macros |= {"short": f"[{shorts}]", "t": f"[{re.escape(transcription)}]"}
        macros |= {name: f"(?:{any_of(listed)})" for name, listed in rules.lists.items()}
        for name, text in rules.macros.items():
            macros[name] = f"(?:{_expand(text, macros)})"
        self.stages: list[list[tuple[re.Pattern[str], str, float, str]]] = [[], [], []]
        for pattern in rules.patterns:
            compiled = re.compile(_expand(pattern.match, macros))
            self.stages[pattern.stage - 1].append((compiled, pattern.type, pattern.score, pattern.name))

    def find(self, text: str, chosen: Sequence[Candidate]) -> Iterator[Candidate]:
        """Yield candidates for the names in `text`, in which `chosen` are known."""
        breaks = [
            (start, end)
            for index, start, end in self._automaton.find_matches_as_indexes(text)
            if self._breaks[index]
        ]
        for stage in self.stages:
            found = []
            mask = self._mask(text, chosen, breaks)
            for pattern, kind, score, _ in stage:
                for match in pattern.finditer(mask):
                    start, end = match.span("n") if "n" in pattern.groupindex else match.span()
                    found.append(Candidate(start, end, kind, text[start:end], SOURCE, score))  # type: ignore[arg-type]
            yield from found
            chosen = choose([*chosen, *found])

    def _mask(self, text: str, chosen: Sequence[Candidate], breaks: Sequence[tuple[int, int]]) -> str:
        """`text` with names and breaking words masked."""
        mask = list(text)
        for start, end in breaks:
            mask[start:end] = BREAK * (end - start)
        for c in chosen:
            mask[c.start : c.end] = self._letter(text, c) + REST * (c.end - c.start - 1)
        return "".join(mask)

    def _letter(self, text: str, candidate: Candidate) -> str:
        for kind, endings, sources, letter in self._classes:
            if kind == candidate.type and (
                candidate.source in sources or (endings and text.endswith(endings, candidate.start, candidate.end))
            ):
                return letter
        return LETTERS[candidate.type]


def _expand(pattern: str, macros: Mapping[str, str]) -> str:
    """Replace `{name}` by the macro of that name; `{2,8}` is left alone."""
    return _MACRO.sub(lambda m: macros[m[1]], pattern)


def load_names(folder: RuleFolder, lexicon: Lexicon) -> NameGrammar:
    """Read `names.yml` and what its macros need."""
    (rules,) = load_yaml(folder.find("names.yml"), NameRules)
    (groups,) = load_yaml(folder.find("groups.yml"), GroupRules)
    (persons,) = load_yaml(folder.find("persons.yml"), PersonRules)
    shorts = "".join(sorted(set(lexicon.short) - set(groups.never_grouped)))
    return NameGrammar(rules, shorts or BREAK, persons.transcription)


@lru_cache(maxsize=4)
def names_of(rules: str | None) -> NameGrammar:
    """The names of a rules folder (None: the shipped one), built once."""
    folder = RuleFolder(rules)
    return load_names(folder, load_lexicon(folder))


class NamesComponent:
    """Adds names by pattern to `doc._.kgx_candidates`."""

    def __init__(self, grammar: NameGrammar) -> None:
        """`grammar`: the patterns."""
        self.grammar = grammar

    def __call__(self, doc: Doc) -> Doc:
        """Find the names in the normal text of `doc`."""
        chosen = choose(resolve(doc._.kgx_candidates))
        found = tuple(self.grammar.find(normal_text(doc), chosen))
        doc._.kgx_candidates = (*doc._.kgx_candidates, *found)
        return doc


@Language.factory("kgx_names", default_config={"rules": None})
def make_names(nlp: Language, name: str, rules: str | None) -> NamesComponent:
    """Make the component; `rules` is a folder laid over the shipped rules."""
    register()
    return NamesComponent(names_of(rules))
