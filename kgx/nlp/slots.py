"""Filling the slots of a frame: one function for each place where a filler can stand.

A source function takes the `Scene` around a trigger and yields fillers as (text, type) pairs: the
type of an entity, or None for words as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kgx.frame_schemas import SlotSource
from kgx.nlp.clauses import Clause, Parser, Phrase
from kgx.nlp.frames import Trigger
from kgx.nlp.grammar import DATE, NAME, PRONOUN, Grammar
from kgx.nlp.reference import Discourse

_QUOTES = "“”\"'《》 "
_MARKS = "，,。；;：:、！？!? \n"
_ASPECT = re.compile("^(?:了|过|着|的|到|好)?")
_LIST = re.compile("[、，]|(?<=[^共])和(?=[^平谐解睦])|及其|以及|及")
LONGEST = 40  # characters of a text filler, by the guidelines


@dataclass(frozen=True, slots=True)
class Scene:
    """A trigger, its clause and the clauses before it in the sentence."""

    grammar: Grammar
    parser: Parser
    discourse: Discourse
    clauses: Sequence[Clause]  # of the sentence
    at: int  # index of the trigger's clause
    first: int  # index of the first clause that shares its subject
    trigger: Trigger
    stop: int  # where the next serial verb begins, or the clause's end

    @property
    def clause(self) -> Clause:
        """The trigger's clause."""
        return self.clauses[self.at]

    @property
    def masked(self) -> str:
        """The masked text of the document."""
        return self.parser.view.masked


@dataclass(frozen=True, slots=True)
class Filler:
    """What fills a role: an entity's name with its type, or words as written (type None)."""

    text: str
    type: str | None
    start: int
    end: int


def subject_of(scene: Scene) -> Phrase | None:
    """The subject of the trigger's clause: its own, or that of an earlier clause that it shares."""
    own = scene.clause.subject
    if own is not None and own.start < scene.trigger.lead:
        return own
    if scene.clause.blocked:
        return None
    for clause in reversed(scene.clauses[scene.first : scene.at]):
        if clause.subject is not None:
            return clause.subject
        if clause.blocked:
            return None
    return None


def _named(phrase: Phrase) -> list[Filler]:
    return [Filler(n, t, phrase.start, phrase.end) for n, t in zip(phrase.names, phrase.types, strict=True)]


def _subject(scene: Scene, slot: SlotSource) -> list[Filler]:
    phrase = subject_of(scene)
    if phrase is not None:
        return _named(phrase)
    if scene.clause.blocked or slot.named:
        return []
    speaker = scene.discourse.speaker
    if speaker and scene.discourse.in_speech:
        return [Filler(speaker, scene.discourse.types.get(speaker), scene.clause.start, scene.clause.start)]
    return []


def _by_case(case: str) -> Callable[[Scene, SlotSource], list[Filler]]:
    def source(scene: Scene, slot: SlotSource) -> list[Filler]:
        spans = [scene.clause]
        if case in ("with", "at") and (scene.clause.subject is None or case == "at"):
            spans += reversed(scene.clauses[scene.first : scene.at])
        for clause in spans:
            found = [
                p
                for p in clause.phrases
                if p.case == case
                and (p.start < scene.trigger.lead or clause is not scene.clause)
                and (not p.tail or slot.take != "names")
                and not (p.genitive and case != "at" and slot.take == "names")
            ]
            if found:
                return _fit(found[-1], slot, scene)
        return []

    return source


def _fit(phrase: Phrase, slot: SlotSource, scene: Scene) -> list[Filler]:
    """A phrase as fillers: its names, or all of it as written where a common noun heads it."""
    if phrase.tail and slot.take in ("either", "noun"):
        text = scene.parser.view.text[phrase.start : phrase.end]
        return [Filler(text, None, phrase.start, phrase.end)]
    return _named(phrase)


def _object(scene: Scene, slot: SlotSource) -> list[Filler]:
    start, stop = scene.trigger.end, scene.stop
    if slot.take == "clause":
        return _text(scene, start, scene.clause.end)
    phrases = [p for p in scene.clause.phrases if start <= p.start < stop and p.case in (None, "at", "disposal")]
    if phrases:
        best = next((p for p in phrases if scene.masked[p.start - 1] == "的" and not p.genitive), phrases[0])
        near = best.start - start <= 24
        if slot.take in ("noun", "either"):
            whole = _noun(scene, start, stop)
            typed = [t for t in best.types if t in slot.types] if slot.types else best.types
            if typed and near and not best.tail and not best.genitive and best.end >= _trim_end(scene, stop) - 3:
                return _named(best)
            return whole
        if near and not best.tail and not best.genitive:
            return _named(best)
        return []
    if slot.take in ("noun", "either"):
        return _noun(scene, start, stop)
    return []


def _trim_end(scene: Scene, stop: int) -> int:
    while stop > scene.trigger.end and scene.masked[stop - 1] in _MARKS + "”》":
        stop -= 1
    return stop


def _noun(scene: Scene, start: int, stop: int) -> list[Filler]:
    """The noun phrase in [start, stop), from its last modifier's 的 on."""
    masked = scene.masked
    start += _ASPECT.match(masked[start:stop]).end()  # type: ignore[union-attr]  # always matches
    last = masked.rfind("的", start, stop)
    if last >= 0 and stop - last > 2:
        inner = masked[start:last]
        if NAME in inner or "v" in scene.parser.view.tags[start:last]:
            start = last + 1
    return _text(scene, start, stop)


def _text(scene: Scene, start: int, stop: int) -> list[Filler]:
    text = scene.parser.view.text
    found = _ASPECT.match(text[start:stop])
    start += found.end() if found else 0
    while start < stop and text[start] in _MARKS:
        start += 1
    while stop > start and text[stop - 1] in _MARKS:
        stop -= 1
    if text[start:stop].count("“") != text[start:stop].count("”"):
        while start < stop and text[start] in _QUOTES:
            start += 1
        while stop > start and text[stop - 1] in _QUOTES:
            stop -= 1
    if stop - start < 2:
        return []
    if stop - start > LONGEST:
        comma = max(text.rfind(mark, start, start + LONGEST) for mark in "，、")
        stop = comma if comma > start + 8 else start + LONGEST
    item = scene.parser.view.item_at(start)
    if item is not None and item.start == start and item.end == stop and len(item.names) == 1:
        return [Filler(item.names[0], item.type, start, stop)]
    return [Filler(text[start:stop], None, start, stop)]


def _theme(scene: Scene, slot: SlotSource) -> list[Filler]:
    """对 X 表示…: all that stands between the marker and the trigger."""
    masked, end = scene.masked, scene.trigger.lead
    begin = -1
    for found in scene.grammar.case.finditer(masked, scene.clause.start, end):
        if scene.grammar.case_of[found.group()] in ("to", "about") and scene.parser.view.bounds[found.start()]:
            begin = found.end()
            break
    if begin < 0:
        return []
    tags = scene.parser.view.tags
    while end > begin and tags[end - 1] == "d":
        end -= 1
    return _text(scene, begin, end)


def _modifier_start(scene: Scene) -> int:
    """Where the words that modify a noun of action begin: after the last light verb before it."""
    view, end = scene.parser.view, scene.trigger.lead
    begin = scene.clause.start
    subject = scene.clause.subject
    if subject is not None and subject.end <= end:
        begin = max(begin, subject.end)
    for phrase in scene.clause.phrases:
        if phrase.case in ("with",) and phrase.end <= end:
            begin = max(begin, phrase.end)
    start = begin
    for found in scene.grammar.light.finditer(scene.masked, begin, end):
        if view.bounds[found.start()] and view.bounds[found.end()]:
            start = found.end()
    return start


def _list(scene: Scene, start: int, stop: int, words: Sequence[str]) -> list[Filler]:
    """The items of a coordination in [start, stop), without the general words in `words`."""
    text, masked = scene.parser.view.text, scene.masked
    strip = re.compile("(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")+$") if words else None
    head = re.compile("^(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")+") if words else None
    region = masked[start:stop]
    if strip:
        found = strip.search(region)
        if found:
            stop = start + found.start()
            region = masked[start:stop]
    out: list[Filler] = []
    at = start
    for mark in [*_LIST.finditer(region), None]:
        end = stop if mark is None else start + mark.start()
        begin, after = at, stop if mark is None else start + mark.end()
        piece = masked[begin:end]
        if head:
            lead = head.match(piece)
            begin += lead.end() if lead else 0
        if strip:
            cutoff = strip.search(masked[begin:end])
            if cutoff:
                end = begin + cutoff.start()
        piece = masked[begin:end].strip(_MARKS)
        if 1 < len(piece) <= 14 and not {NAME, DATE, PRONOUN} & set(piece) and "的" not in piece[:1]:
            out.append(Filler(text[begin:end].strip(_MARKS + _QUOTES), None, begin, end))
        at = after
    return out


def _modifier(scene: Scene, slot: SlotSource) -> list[Filler]:
    start = _modifier_start(scene)
    if slot.take == "list":
        return _list(scene, start, scene.trigger.lead, slot.words)
    return _text(scene, start, scene.trigger.lead)


def _domain(scene: Scene, slot: SlotSource) -> list[Filler]:
    """在A、B等领域: the field that is marked as one, in the trigger's clause or the one before."""
    masked = scene.masked
    for clause in (scene.clause, *reversed(scene.clauses[max(scene.first, scene.at - 1) : scene.at])):
        for word in slot.words:
            at = masked.find(word, clause.start, clause.end)
            if at < 0 or at > scene.trigger.lead and clause is scene.clause:
                continue
            begin = clause.start
            for found in scene.grammar.light.finditer(masked, clause.start, at):
                if scene.parser.view.bounds[found.start()] and scene.parser.view.bounds[found.end()]:
                    begin = found.end()
            fillers = _list(scene, begin, at, slot.words)
            if fillers:
                return fillers
    return []


def _framework(scene: Scene, slot: SlotSource) -> list[Filler]:
    """Bodies, initiatives and mechanisms that the clause marks as a framework."""
    clause, out = scene.clause, []
    for phrase in clause.phrases:
        if phrase is clause.subject:
            continue
        after = scene.masked[phrase.end : phrase.end + 14]
        marked = any(word in (phrase.tail + after) for word in slot.words) or scene.masked[
            clause.start : phrase.start
        ].endswith(("共建", "共建“", "推进", "用好", "发挥"))
        if marked:
            out += [f for f in _named(phrase) if not slot.types or f.type in slot.types]
    return out


def _parties(scene: Scene, slot: SlotSource) -> list[Filler]:
    at = scene.trigger.start
    return [Filler(n, scene.discourse.types.get(n), at, at) for n in scene.discourse.sides()]


def _before(scene: Scene, slot: SlotSource) -> list[Filler]:
    """The clause before, as a text: …，对此表示祝贺."""
    if scene.at == 0:
        return []
    clause = scene.clauses[scene.at - 1]
    return _text(scene, clause.start, clause.end)


SOURCES: Mapping[str, Callable[[Scene, SlotSource], list[Filler]]] = {
    "subject": _subject,
    "object": _object,
    "theme": _theme,
    "modifier": _modifier,
    "domain": _domain,
    "framework": _framework,
    "parties": _parties,
    "before": _before,
    **{
        case: _by_case(case)
        for case in ("with", "to", "for", "at", "by", "invited", "disposal", "from", "about")
    },
}


def fill(scene: Scene, slot: SlotSource, least: int) -> list[Filler]:
    """The fillers of one slot: its sources in order, until there are enough where `least` asks for some."""
    out: dict[str, Filler] = {}
    for source in slot.source:
        if source in ("parties", "before", "domain", "theme") and len(out) >= max(1, least):
            continue
        for filler in SOURCES[source](scene, slot):
            lifted = _lift(filler, scene) if slot.lift else filler
            allowed = lifted.type in slot.types if slot.types and lifted.type else True
            if allowed and (lifted.type is not None or slot.take != "names"):
                out.setdefault(lifted.text, lifted)
    return list(out.values())


def _lift(filler: Filler, scene: Scene) -> Filler:
    """A person as the state or body for which he or she acts."""
    home = scene.discourse.home.get(filler.text) if filler.type == "Person" else None
    if home is None:
        return filler
    return Filler(home, scene.discourse.types.get(home), filler.start, filler.end)


def extent(fillers: Iterable[Filler], start: int, end: int) -> tuple[int, int]:
    """The stretch that holds all fillers and [start, end)."""
    ends = [(f.start, f.end) for f in fillers]
    return min([start, *(a for a, _ in ends)]), max([end, *(b for _, b in ends)])


