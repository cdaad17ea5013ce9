"""Component `kgx_names`: names that follow a pattern, over text whose known names are masked.

中俄投资合作委员会, 金砖国家领导人第十六次会晤, 《…协定》, 俄罗斯国防部: an anchor (a known name, an
ordinal, a quotation), words that may qualify, and a head. The patterns are in `names/*.yml`; words that
never stand inside a name (出席, 表示, 在) end every one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from itertools import chain

from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from kgx.lexicon import LexEntry, Lexicon, load_lexicon
from kgx.model import ENTITY_TYPES, EntityType
from kgx.nlp.bounds import Bounds, load_bounds
from kgx.nlp.entities import standing
from kgx.nlp.layers import Candidate, Words, add_candidates, normal_text, register
from kgx.nlp.persons import any_of
from kgx.nlp.scene import LETTERS, REST, choose
from kgx.regexes import quick
from kgx.rulebook import RuleFolder, load_named, load_yaml
from kgx.schemas.names import GazetteerRules, GroupRules, NameClass, NamePattern, NameRules, PersonRules

SOURCE = "pattern"  # Candidate.source
BREAK = chr(0xE1FF)
_CLASS = 0xE180  # letters of the rules' own classes start here
_TYPE_LETTERS: Mapping[EntityType, str] = {
    "Person": "N", "Country": "C", "Place": "P", "Organization": "O",
    "Agreement": "A", "Event": "E", "Initiative": "I",
}  # fmt: skip
_STOPS = "。\n"
Compiling = Callable[[], "re.Pattern[str]"]  # compiles a pattern when it is first called
_MACRO = re.compile(r"\{([A-Za-z]+)\}")


class NameGrammar:
    """The compiled patterns of `names/*.yml`."""

    def __init__(
        self,
        rules: NameRules,
        patterns: Sequence[NamePattern],
        gazetteer: GazetteerRules,
        shorts: str,
        own: str,
        weak: str,
        transcription: str,
        by_key: Mapping[str, LexEntry],
        bounds: Bounds,
    ) -> None:
        """`shorts`: one-character names for {short}; `transcription`: characters for {t}.

        `own`: the writer's own country's, `weak`: those that are common words too, for {weakpair};
        `bounds` knows the words that no name cuts.
        """
        words = [*dict.fromkeys((*rules.keeps, *rules.breaks))]
        keeps = frozenset(rules.keeps)
        self._breaks = [word not in keeps for word in words]
        self._soft = [word in rules.soft for word in words]
        self._automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)
        classes = [(cls, chr(_CLASS + i)) for i, cls in enumerate(rules.classes.values())]
        self._classes = {
            kind: [(cls, letter) for cls, letter in classes if cls.type == kind] for kind in ENTITY_TYPES
        }
        self._by_key = by_key
        self._bounds = bounds
        self._office = re.compile(
            f"[{re.escape(gazetteer.bodies)}](?!{any_of(gazetteer.office_not)}){re.escape(gazetteer.office)}"
        )
        letters = {kind: LETTERS[kind] for kind in ENTITY_TYPES}
        macros = {}
        for name, (cls, letter) in zip(rules.classes, classes, strict=True):
            macros[name] = f"(?:{letter}{REST}*)"
            if cls.inside:
                letters[cls.type] += letter
        for kind in ENTITY_TYPES:
            macros[_TYPE_LETTERS[kind]] = f"(?:[{letters[kind]}]{REST}*)"
        macros["Q"] = f"(?:{LETTERS['Place']}{REST}*)"
        macros["F"] = f"(?:{LETTERS['Country']}{REST}*)"
        weak = f"[{own}][{weak}]|[{weak}][{own}]" if own and weak else "(?!)"
        macros |= {"short": f"[{shorts}]", "weakpair": f"(?:{weak})", "t": f"[{re.escape(transcription)}]"}
        macros |= {name: f"(?:{any_of(listed)})" for name, listed in rules.lists.items()}
        for name, text in rules.macros.items():
            macros[name] = f"(?:{_expand(text, macros)})"
        self.stages: list[list[tuple[Compiling, NamePattern]]] = [[], []]
        patterns = [pattern for pattern in patterns if pattern.match]
        for pattern in patterns:
            compiling = cache(partial(quick, _expand(pattern.match, macros)))
            self.stages[pattern.stage - 1].append((compiling, pattern))
        self._needs = sorted({pattern.needs for pattern in patterns if pattern.needs})
        heads = sorted({word for needs in self._needs for name in needs for word in rules.lists[name]})
        self._heads = AhoCorasick(heads)
        lists = {needs: {head for name in needs for head in rules.lists[name]} for needs in self._needs}
        self._headed = [[needs for needs in self._needs if head in lists[needs]] for head in heads]

    def compile(self) -> None:
        """Compile all patterns, each of which otherwise is when it is first tried; raises re.error."""
        for compiling, _ in chain.from_iterable(self.stages):
            compiling()

    def find(self, text: str, chosen: Sequence[Candidate], words: Words | None = None) -> Iterator[Candidate]:
        """Yield candidates for the names in `text`, in which `chosen` are known; `words` are hints."""
        base = self._broken(text, chosen, words)
        for stage in self.stages:
            found = list(self._stage(text, base, stage, chosen, words))
            yield from found
            chosen = choose([*chosen, *found]) if found else chosen

    def _stage(
        self,
        text: str,
        base: str,
        stage: Sequence[tuple[Compiling, NamePattern]],
        chosen: Sequence[Candidate],
        words: Words | None,
    ) -> Iterator[Candidate]:
        """Run the patterns of one stage, each over the sentences that hold a head it needs."""
        mask = self._mask(text, base, chosen)
        ends = {c.end: c for c in chosen}
        stretches = self._stretches(mask)
        for compiling, pattern in stage:
            spans = stretches[pattern.needs] if pattern.needs else [(0, len(mask))]
            if not spans:
                continue
            compiled = compiling()
            for match in chain.from_iterable([compiled.finditer(mask, a, b) for a, b in spans]):
                start, end = match.span("n" if "n" in compiled.groupindex else 0)
                if pattern.tags and (words is None or words.tag(start, end) not in pattern.tags):
                    continue
                if self._office.match(text, end - 1):
                    continue  # 国防部|长
                if self._bounds.cut(pattern.type, text, start, end, words):
                    continue
                name, key = text[start:end], None
                if pattern.keyed and end in ends:
                    name, key = ends[end].name, ends[end].key
                yield Candidate(start, end, pattern.type, name, SOURCE, pattern.score, key)

    def _stretches(self, mask: str) -> dict[tuple[str, ...], list[tuple[int, int]]]:
        """The sentences of `mask` that hold a head, for each combination of lists that patterns need."""
        out: dict[tuple[str, ...], list[tuple[int, int]]] = {needs: [] for needs in self._needs}
        sentence, seen = (0, 0), set[int]()  # the heads seen in the sentence
        for index, start, _ in self._heads.find_matches_as_indexes(mask, overlapping=True):
            if start >= sentence[1]:
                sentence, seen = _sentence(mask, start), set()
            if index not in seen:
                seen.add(index)
                for needs in self._headed[index]:
                    spans = out[needs]
                    if not spans or spans[-1] is not sentence:
                        spans.append(sentence)
        return out

    def _broken(self, text: str, chosen: Sequence[Candidate], words: Words | None) -> str:
        """`text` with breaking words masked; none begins within a known name (马尔代夫|人民议会)."""
        parts, at = [], 0
        within = {at: c.end for c in chosen for at in range(c.start + 1, c.end)}
        ends = dict(zip(words.starts, words.ends, strict=True)) if words is not None else None
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            if self._breaks[index]:
                if ends is not None and self._soft[index] and ends.get(start) != end:
                    continue
                if within.get(start, end) < end:
                    continue
                parts.append(text[at:start])
                parts.append(BREAK * (end - start))
                at = end
        parts.append(text[at:])
        return "".join(parts)

    def _mask(self, text: str, base: str, chosen: Sequence[Candidate]) -> str:
        """`base`, which is `text` with breaks, with names masked."""
        parts, at = [], 0
        for c in chosen:
            parts.append(base[at : c.start])
            parts.append(self._letter(text, c) + REST * (c.end - c.start - 1))
            at = c.end
        parts.append(base[at:])
        return "".join(parts)

    def _letter(self, text: str, candidate: Candidate) -> str:
        for cls, letter in self._classes[candidate.type]:
            if self._belongs(cls, text, candidate):
                return letter
        return LETTERS[candidate.type]

    def _belongs(self, cls: NameClass, text: str, candidate: Candidate) -> bool:
        if candidate.source in cls.sources or candidate.name in cls.names:
            return True
        if cls.endings and text.endswith(cls.endings, candidate.start, candidate.end):
            return True
        if cls.located is None:
            return False
        entry = self._by_key.get(candidate.key or "")
        return entry is not None and entry.located == cls.located


def _sentence(mask: str, at: int) -> tuple[int, int]:
    """The stretch around `at` that no full stop or line break cuts."""
    start = max(mask.rfind(stop, 0, at) for stop in _STOPS) + 1
    ends = [end for stop in _STOPS if (end := mask.find(stop, at)) >= 0]
    return start, min(ends, default=len(mask))


def _expand(pattern: str, macros: Mapping[str, str]) -> str:
    """Replace `{name}` by the macro of that name; `{2,8}` is left alone."""
    return _MACRO.sub(lambda m: macros[m[1]], pattern)


def load_names(folder: RuleFolder, lexicon: Lexicon) -> NameGrammar:
    """Read the patterns, `names.yml` and what its macros need."""
    (rules,) = load_yaml(folder.find("names.yml"), NameRules)
    patterns = [one.rule for one in load_named(folder, "names/*.yml", NamePattern)]
    (groups,) = load_yaml(folder.find("groups.yml"), GroupRules)
    (persons,) = load_yaml(folder.find("persons.yml"), PersonRules)
    shorts = "".join(sorted(set(lexicon.short) - set(groups.never_grouped) - set(rules.not_short)))
    own = "".join(s for s in sorted(lexicon.short) if s in shorts and _is_own(lexicon, s, groups))
    weak = "".join(sorted(set(lexicon.short) & set(groups.never_grouped)))
    (gazetteer,) = load_yaml(folder.find("gazetteer.yml"), GazetteerRules)
    return NameGrammar(
        rules,
        patterns,
        gazetteer,
        shorts or BREAK,
        own,
        weak,
        persons.transcription,
        lexicon.by_key,
        load_bounds(folder, lexicon),
    )


def _is_own(lexicon: Lexicon, letter: str, groups: GroupRules) -> bool:
    """Whether `letter` is short for the writer's own country, which stands first in `usual`."""
    return any(entry.name == groups.usual[0] for entry in lexicon.short[letter])


@lru_cache(maxsize=4)
def names_of(rules: str | None) -> NameGrammar:
    """The names of a rules folder (None: the shipped one), built once; a user's patterns are all compiled.

    Raises re.error where one of those is wrong; the shipped ones are known not to be.
    """
    folder = RuleFolder(rules)
    grammar = load_names(folder, load_lexicon(folder))
    if rules is not None:
        grammar.compile()
    return grammar


class NamesComponent:
    """Adds names by pattern to `doc._.kgx_candidates`."""

    def __init__(self, grammar: NameGrammar) -> None:
        """`grammar`: the patterns."""
        self.grammar = grammar

    def __call__(self, doc: Doc) -> Doc:
        """Find the names in the normal text of `doc`."""
        add_candidates(doc, tuple(self.grammar.find(normal_text(doc), standing(doc), doc._.kgx_words)))
        return doc


@Language.factory("kgx_names", default_config={"rules": None})
def make_names(nlp: Language, name: str, rules: str | None) -> NamesComponent:
    """Make the component; `rules` is a folder laid over the shipped rules."""
    register()
    return NamesComponent(names_of(rules))
