"""Sources around a relative clause that describes an event: 甲在乙地举行的*论坛*."""

from __future__ import annotations

import re

from kgx.nlp.clauses import Phrase
from kgx.nlp.objects import having
from kgx.nlp.setting import Filler, Setting
from kgx.nlp.view import DATE
from kgx.nlp.wording import LONGEST, names_of, words_at
from kgx.schemas.frames import SlotSource

_NOUN = re.compile("[nNjbsxmqztlvai]*")  # tags of a noun phrase, its verbs nominal: 欢迎宴会
_COUNTED = re.compile("[dv]+(?=[mN])")
_DAYS = f"{DATE}（）()"
_NEAR = 8  # how far after 的 the event's name may begin, in characters


def described(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The event after the 的 that follows the trigger: its name, or the noun as written."""
    view, start, stop = setting.view, setting.trigger.end, setting.clause.end
    if not setting.masked.startswith(setting.grammar.genitive, start):
        return []
    start += len(setting.grammar.genitive)
    named = next((p for p in setting.clause.phrases if p.start >= start), None)
    if named is not None and set(named.types) & set(slot.types):
        near = named.start - start <= _NEAR and "v" not in view.tags[start : named.start]
        return names_of(named) if near and not named.tail else []
    if slot.take != "either":
        return []
    noun = _NOUN.match(view.tags, start, stop)
    last = noun.end() if noun else start
    for found in re.finditer("|".join(map(re.escape, slot.ends)), setting.masked[start:last]):
        end = start + found.end()
        if view.bounds[end] and (end == stop or view.tags[end] not in "nv"):
            return [f for f in words_at(setting, start, end) if f.type is None or f.type in slot.types]
    return []


def given(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What a relative clause describes, up to a word that the slot asks for: 甲向乙提供的*一批药品*已经…"""
    start = setting.trigger.end
    if not setting.masked.startswith(setting.grammar.genitive, start):
        return []
    start += len(setting.grammar.genitive)
    noun = _NOUN.match(setting.view.tags, start, setting.clause.end)
    return having(setting, slot, words_at(setting, start, noun.end() if noun else start))


def arriving(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What comes, at the head of the clause: *一批药品*运抵甲地. By which way it comes is no part of it."""
    view, clause = setting.view, setting.clause
    start = setting.grammar.past_openers(view, clause.start)
    counted = _COUNTED.match(view.tags, start, setting.edge)  # 已有*80吨*物资
    start = counted.end() if counted else start
    marked = setting.grammar.case.search(view.masked, start, setting.edge)
    end = marked.start() if marked and view.bounds[marked.start()] else setting.edge
    return having(setting, slot, words_at(setting, start, end))


def stricken(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What is struck, as written, where it holds a name: *甲市一所收容平民的学校*3日遭乙军袭击."""
    span = _stricken(setting)
    if span is None or not setting.view.items_in(*span):
        return []
    listed = next((p for p in setting.clause.phrases if (p.start, p.end) == span and not p.tail), None)
    if listed is not None:
        return names_of(listed)
    return [f for f in words_at(setting, *span) if f.type is None or f.type in slot.types]


def stricken_place(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The places that it begins with: *甲市*一所学校遭袭击."""
    span = _stricken(setting)
    first = next((p for p in setting.clause.phrases if span is not None and p.start == span[0]), None)
    whole = first is not None and span is not None and first.end == span[1] and not first.tail
    return names_of(first) if first is not None and first.case is None and not whole else []


def _stricken(setting: Setting) -> tuple[int, int] | None:
    """Where the words stand that name what is struck: before 遭 or 被, the day and adverbs left out."""
    view, clause = setting.view, setting.clause
    by = next((p for p in clause.phrases if p.case == "by" and p.end <= setting.edge), None)
    end = by.marker if by is not None and by.marker is not None else setting.trigger.lead
    start = setting.grammar.past_openers(view, clause.start, end)
    while end > start and (view.masked[end - 1] in _DAYS or view.tags[end - 1] in "dtm"):
        end -= 1
    mark = view.masked.rfind(setting.grammar.genitive, start, end)
    told = "v" in view.tags[max(start, mark) : end] or "p" in view.tags[start:end]
    told = told or setting.grammar.reports.search(view.masked, start, end) is not None
    return None if told or not 1 < end - start <= LONGEST else (start, end)


def doer(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Who stands right before the trigger: 由*甲*举办的展览, *甲*举办的展览."""
    phrase = _beside(setting)
    return names_of(phrase) if phrase is not None and phrase.case in (None, "by", "subject") else []


def beside(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The place under 在 or 于 right before the trigger: 在*乙地*举行的论坛."""
    phrase = _beside(setting)
    return names_of(phrase) if phrase is not None and phrase.case == "at" else []


def guest(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Whom a bare relative clause describes: 来访的甲国总统*张三*."""
    start = setting.trigger.end + len(setting.grammar.genitive)
    near = next((p for p in setting.clause.phrases if p.start >= start), None)
    if (
        near is None
        or near.start - start > _NEAR
        or near.tail
        or "v" in setting.view.tags[start : near.start]
    ):
        return []
    return names_of(near)


def host_state(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The state of whoever receives a guest: the subject's, else the place where it happens."""
    discourse, before = setting.discourse, [p for p in setting.clause.phrases if p.end <= setting.edge]
    subject = setting.clause.subject
    if subject is not None and subject in before and set(subject.types) == {"Person"}:
        home = discourse.home.get(subject.names[0])
        if home is not None and discourse.types.get(home) == "Country":
            return [Filler(home, "Country", subject.start, subject.end)]
    places = [p for p in before if p.case == "at" and not p.tail]
    return names_of(places[-1]) if places else []


def inside(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Those named between the two parts of a trigger, whatever noun follows: 取消*中法*外长会晤."""
    t = setting.trigger
    kinds = setting.discourse.types
    items = setting.view.items_in(t.lead, t.start)
    return [Filler(name, kinds.get(name), item.start, item.end) for item in items for name in item.names]


def welcomed(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Whom the words after the trigger welcome: 举行仪式，欢迎*乙*来访."""
    for clause in setting.clauses[setting.at : setting.at + 2]:
        for phrase in clause.phrases:
            before = setting.masked[max(clause.start, setting.trigger.end) : phrase.start]
            if before.startswith(setting.grammar.welcome) and "Person" in phrase.types:
                return names_of(phrase)
    return []


def to_gathering(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The event that the report is about, where a clause speaks to it as 大会: 向*大会*致贺信."""
    discourse, grammar = setting.discourse, setting.grammar
    event = discourse.event or ""
    if discourse.types.get(event) != "Event":
        return []
    for found in grammar.case.finditer(setting.masked, setting.clause.start, setting.edge):
        addressed = grammar.case_of[found.group()] == "to"
        if addressed and setting.masked.startswith(tuple(grammar.gatherings), found.end()):
            return [Filler(event, "Event", found.start(), found.end())]
    return []


def is_said(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Of what a clause of being speaks, wherever it begins: 坚定认为*甲地*是乙国的一部分."""
    be = setting.grammar.copula
    subjects = [
        p for p in setting.clause.phrases if p.end < setting.edge and setting.masked.startswith(be, p.end)
    ]
    return names_of(subjects[-1]) if subjects and not subjects[-1].tail else []


def _beside(setting: Setting) -> Phrase | None:
    last = next((p for p in setting.clause.phrases if p.end == setting.edge), None)
    return last if last is not None and not last.tail else None
