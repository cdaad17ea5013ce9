"""The shared grammar of facts: role markers, joins and bounds, compiled once from `rules/grammar.yml`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kgx.nlp.view import DATE, NAME, PRONOUN, View
from kgx.regexes import quick
from kgx.rulebook import RuleFolder, load_tsv, load_yaml
from kgx.schemas.frames import GrammarRules
from kgx.schemas.names import TitleRow


def alternation(words: Iterable[str]) -> str:
    """A regular expression that matches any of `words`, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


@lru_cache(maxsize=512)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(alternation(words))


@dataclass(frozen=True, slots=True)
class Grammar:
    """Compiled patterns; all of them run over masked text."""

    case_of: Mapping[str, str]
    case: re.Pattern[str]  # one role marker
    joins: frozenset[str]
    companions: frozenset[str]  # joining words that are role markers too: 与, 同
    closers: re.Pattern[str]
    openers: re.Pattern[str]
    serial: re.Pattern[str]
    light: re.Pattern[str]
    list_marks: tuple[str, ...]
    title: re.Pattern[str]
    kind_of: Mapping[str, str]  # of each word of office
    title_join: str
    telling: re.Pattern[str]  # what may stand between a name and the noun that heads it
    spouses: frozenset[str]  # words of office of those who have none but by marriage
    transparent: frozenset[str]
    forces: tuple[str, ...]
    deeds: re.Pattern[str]
    causing: tuple[str, ...]
    deictic: re.Pattern[str]
    hearing: re.Pattern[str]  # words that bring in what somebody has heard of, at its start
    occasion: re.Pattern[str]  # and at its end
    adverbs: tuple[str, ...]
    not_inside: re.Pattern[str]
    lies: re.Pattern[str]
    within: re.Pattern[str]  # between an area and what lies in it
    areas: re.Pattern[str]
    area_words: frozenset[str]
    deputies: re.Pattern[str]  # and spouses, before an office of their own
    envoys: re.Pattern[str]  # right before their names
    states: frozenset[str]  # between an area and a state in it
    pivots: re.Pattern[str]
    urges: tuple[str, ...]
    counters: tuple[str, ...]
    people: re.Pattern[str]
    temporal: re.Pattern[str]  # at the end of a clause
    when: re.Pattern[str]  # right after a noun
    localizers: re.Pattern[str]
    led: re.Pattern[str]  # between a person and those whom he or she leads
    obliging: tuple[str, ...]
    being: re.Pattern[str]
    domain: re.Pattern[str]
    reports: re.Pattern[str]
    modal: re.Pattern[str]  # at the end of what stands before a verb
    signing: re.Pattern[str]
    witnessing: re.Pattern[str]
    apart: re.Pattern[str]
    determiner: re.Pattern[str]
    et_cetera: str
    semicolons: tuple[str, ...]
    genitive: str
    tellers: tuple[str, ...]
    announcing: re.Pattern[str]
    afterwards: tuple[str, ...]
    judging: re.Pattern[str]
    posted: str
    over: tuple[str, ...]
    topical: tuple[str, ...]
    topic: re.Pattern[str]  # one of them
    toward: re.Pattern[str]
    about: re.Pattern[str]  # any of topical or toward
    feeling: re.Pattern[str]
    travel: tuple[str, ...]
    gatherings: frozenset[str]
    welcome: str
    ordinal: re.Pattern[str]
    copula: str
    glued: tuple[str, ...]
    unmarked: tuple[str, ...]
    aspect: re.Pattern[str]
    and_then: str
    coming: tuple[str, ...]
    building: tuple[str, ...]

    @staticmethod
    def whole(pattern: re.Pattern[str], view: View, start: int, stop: int) -> Iterator[int]:
        """Where `pattern` matches whole words of [start, stop)."""
        for found in pattern.finditer(view.masked, start, stop):
            if found.start() == start or view.bounds[found.start()] and view.bounds[found.end()]:
                yield found.start()

    def plain(self, event: str) -> str:
        """The name of an event without its number."""
        return self.ordinal.sub("", event)

    def themes(self, view: View, start: int, stop: int) -> Iterator[int]:
        """Where a marker of what is spoken about (对, 就) stands in [start, stop)."""
        for found in self.case.finditer(view.masked, start, stop):
            whole = view.bounds[found.start()] and view.bounds[found.end()]
            if whole and self.case_of[found.group()] in ("to", "about"):
                yield found.start()

    def aimed(self, view: View, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """The (start, end) of the markers in [start, stop) of whom a deed is aimed at: 对, 向, 针对."""
        for found in self.case.finditer(view.masked, start, stop):
            aims = self.case_of[found.group()] == "to" or found.group() in self.topical
            glued = view.masked.startswith(self.glued, max(0, found.start() - 1), found.start())
            whole = (view.bounds[found.start()] or glued) and view.bounds[found.end()]
            if aims and whole and not view.masked.endswith(self.unmarked, start, found.end()):
                yield found.span()

    def struck(self, view: View, start: int, stop: int) -> tuple[int, int] | None:
        """The (start, end) of the last marker in [start, stop) of whom a blow is aimed at: 对 before 向."""
        found = list(self.aimed(view, start, stop))
        nearer = [
            (a, b)
            for a, b in found
            if view.masked[a:b] in self.topical or self.toward.fullmatch(view.masked, a, b)
        ]
        return next(reversed(nearer or found), None)

    def past_openers(self, view: View, start: int, stop: int = sys.maxsize) -> int:
        """Where a clause that stands in [start, stop) begins, the words that only open it left out."""
        found = self.openers.match(view.masked, start, stop)
        return found.end() if found else start

    def under(self, words: tuple[str, ...], view: View, start: int, stop: int) -> Iterator[int]:
        """Where one of `words` stands in [start, stop) as a word."""
        if not words:
            return
        pattern = _any_of(words)
        found = pattern.search(view.masked, start, stop)
        while found:  # one that is cut wrongly may hide a shorter one inside it
            if view.bounds[found.start()] and view.bounds[found.end()]:
                yield found.start()
            found = pattern.search(view.masked, found.start() + 1, stop)


def load_grammar(folder: RuleFolder) -> Grammar:
    """Compile `grammar.yml` and the words of office of `titles.tsv`; raises RuleError where one is wrong."""
    (rules,) = load_yaml(folder.find("grammar.yml"), GrammarRules)
    rows = load_tsv(folder.find("titles.tsv"), TitleRow)
    titles = alternation(row.title for row in rows)
    spouses = frozenset(row.title for row in rows if row.kind == "spouse")
    one_title = f"(?:{alternation(rules.title_prefixes)})*(?:{titles})"
    case_of = {word: case for case, words in rules.cases.items() for word in words}
    markers = alternation(case_of)
    return Grammar(
        case_of=case_of,
        case=re.compile(markers),
        joins=frozenset(rules.joins),
        companions=frozenset(rules.companions),
        closers=re.compile(alternation(rules.closers)),
        openers=re.compile(f"(?:(?:{alternation(rules.openers)})|{DATE}|[，、：:“”‘’（）() ])*"),
        serial=re.compile(alternation(rules.serial)),
        light=re.compile(f"(?:{alternation(rules.light)})+"),
        list_marks=(*rules.joins, rules.et_cetera),
        title=quick(f"{one_title}(?:{re.escape(rules.title_join)}{one_title})*"),
        kind_of={row.title: row.kind for row in rows},
        title_join=rules.title_join,
        telling=re.compile(f"“[^“”{NAME}{PRONOUN}{DATE}]{{1,12}}”|{alternation(rules.telling)}"),
        spouses=spouses,
        transparent=frozenset(rules.transparent),
        forces=rules.forces,
        deeds=re.compile(alternation(rules.deeds)),
        causing=rules.causing,
        deictic=re.compile(alternation(rules.deictic)),
        hearing=re.compile(alternation(rules.hearing)),
        occasion=re.compile(f"(?:{alternation(rules.occasion)})$"),
        adverbs=rules.adverbs,
        areas=re.compile(f"(?:{alternation(rules.areas)})$"),
        area_words=frozenset(rules.areas),
        deputies=re.compile(
            f"{alternation(rules.deputies)}|^(?:{alternation(spouses)})(?:{alternation(rules.joins)})$"
        ),
        envoys=re.compile(f"(?:{alternation(rules.deputies)})$"),
        states=frozenset(rules.states),
        lies=re.compile(f"(?:{alternation(rules.lies)})$"),
        within=re.compile(f"(?:{alternation(rules.parts)})?(?:{alternation(rules.settlements)})?[“《]?"),
        being=re.compile(alternation(rules.being)),
        reports=re.compile(alternation(rules.reports)),
        modal=re.compile(f"(?:{alternation(rules.modals)})+$"),
        domain=re.compile(alternation(rules.domain)),
        signing=re.compile(alternation(rules.signing)),
        witnessing=re.compile(alternation(rules.witnessing)),
        apart=re.compile(alternation(rules.apart)),
        determiner=re.compile(f"^(?:{alternation(rules.determiners)})"),
        et_cetera=rules.et_cetera,
        semicolons=rules.semicolons,
        genitive=rules.genitive,
        tellers=rules.tellers,
        judging=re.compile(alternation(rules.judging)),
        afterwards=rules.afterwards,
        announcing=re.compile(alternation(rules.announcing)),
        posted=rules.posted,
        over=rules.over,
        topical=rules.topical,
        topic=re.compile(alternation(rules.topical)),
        toward=re.compile(alternation(rules.toward)),
        about=re.compile(alternation((*rules.topical, *rules.toward))),
        feeling=re.compile(alternation(rules.feeling)),
        travel=rules.travel,
        gatherings=frozenset(rules.gatherings),
        welcome=rules.welcome,
        ordinal=re.compile(rules.ordinal),
        copula=rules.copula,
        glued=rules.glued,
        unmarked=rules.unmarked,
        aspect=re.compile(f"(?:{alternation(rules.aspect)})?"),
        and_then=rules.and_then,
        coming=rules.coming,
        building=rules.building,
        temporal=re.compile(f"(?:{alternation(rules.temporal)})$"),
        when=re.compile(alternation(rules.temporal)),
        localizers=re.compile(alternation(rules.localizers)),
        led=re.compile(f"(?:{alternation(rules.led)})[^，]{{0,12}}$"),
        obliging=rules.obliging,
        pivots=re.compile(alternation(rules.pivots)),
        urges=rules.urges,
        counters=rules.counters,
        people=re.compile(alternation(rules.people)),
        not_inside=re.compile(f"(?:{alternation(rules.not_inside)})$"),
    )
