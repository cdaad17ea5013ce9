"""Sources of texts: what is spoken about, urged, or said before; and words of the trigger itself."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from kgx.nlp.setting import Filler, Setting
from kgx.nlp.wording import LONGEST, noun, words_at
from kgx.schemas.frames import SlotSource

_BREAKS = "\n"
_COMMAS = re.compile("[，,：:]")
_SENTENCE_MARKS = "。！？!?\n"
_MODIFIERS = 3  # verbs between whom a deed is aimed at and its noun, at most: 长期实施、发起
_CLAUSE_MARKS = "，,。；;！？!?\n"


def theme(setting: Setting, slot: SlotSource) -> list[Filler]:
    """对 X 表示…: all that stands between the marker and the trigger."""
    marked = list(setting.grammar.aimed(setting.view, setting.clause.start, setting.edge))
    if not marked:
        return []
    # 就对*乙*实施制裁, 针对甲对*乙*实施制裁的提案: the nearer one
    begin = marked[-1 if slot.take == "either" and len(setting.trigger.frame.slots) > 2 else 0][1]
    end, tags = setting.edge, setting.view.tags
    leads = [lead for lead, star, _ in (t.partition("*") for t in setting.trigger.frame.triggers) if star]
    while end > begin and tags[end - 1] in "da":
        end -= 1
    for lead in leads:  # 对*袭击 over 对…发动导弹袭击, where 发动*袭击 is a trigger too
        at = setting.masked.rfind(lead, begin + 1, end)
        if at >= 0 and (setting.view.bounds[at] or setting.view.bounds[at + len(lead)]):
            end = at
            break
    while end > begin and tags[end - 1] == "d":
        end -= 1
    arm = next((f for f in setting.grammar.forces if setting.masked.endswith(f, begin, end)), "")
    if arm and setting.masked.endswith(setting.grammar.genitive + arm, begin, end):
        end -= len(arm) + 1  # 对*甲城*的导弹袭击
    modal = setting.grammar.modal.search(setting.masked, begin, end)  # 就某事未能达成一致
    end = modal.start() if modal else end
    item = setting.view.item_at(begin)
    if item is not None and item.end >= end and slot.take == "clause" and item.pronoun:
        return []
    found = words_at(setting, begin, end)
    return [one for one in found if not any(word in one.text for word in slot.lacks_words)]


def aimed_at(setting: Setting, slot: SlotSource) -> list[Filler]:
    """At whom a noun of action is aimed: 甲对*乙*实施的制裁, 甲针对*乙*的第三轮制裁."""
    marked = setting.grammar.struck(setting.view, setting.clause.start, setting.edge)
    if marked is None:
        return []
    grammar, view, (begin, end) = setting.grammar, setting.view, (marked[1], setting.edge)
    mark = view.masked.rfind(grammar.genitive, begin, end)
    listed = view.masked.endswith(tuple(grammar.joins), begin, end)  # 对*甲国*的封锁、孤立与制裁
    if mark > begin and (listed or "n" not in view.tags[mark:end]):
        end = mark  # but 对甲国的议员实施制裁 is aimed at them
    aimed = view.item_at(begin)
    if aimed is not None and grammar.light.match(view.masked, aimed.end, end):
        end = aimed.end  # 对*乙*实施的高压制裁
    for _ in range(_MODIFIERS):
        while end > begin and view.tags[end - 1] in "dabmq":
            end -= 1
        lights = [at for at in grammar.whole(grammar.light, view, begin + 1, end)]
        last = grammar.light.match(view.masked, lights[-1], end) if lights else None
        if last is None or last.end() != end:
            break
        end = last.start()
    return [f for f in words_at(setting, begin, end) if not any(w in f.text for w in slot.lacks_words)]


def addressee(setting: Setting, slot: SlotSource) -> list[Filler]:
    """To what one writes that no name alone stands for: 向*甲乙青年交流周*致贺信, 向*甲协会晚宴*致贺信."""
    view = setting.view
    found = [p for p in setting.clause.phrases if p.case == "to" and p.end <= setting.edge]
    if not found or found[-1].marker is None or view.tags.startswith("u", setting.edge - 1):
        return []  # 向甲转达乙*的*口信
    marker = setting.grammar.case.match(view.masked, found[-1].marker)
    end = setting.edge
    while end > found[-1].end and view.tags[end - 1] in "vpdu":
        end -= 1
    named = found[-1].end - len(found[-1].tail)
    if setting.grammar.case_of.get(view.masked[end - 1]) == "to":
        end -= 1  # a segmenter may glue 致 to the word before
    if marker is None or marker.end() > found[-1].start or "n" not in view.tags[named:end]:
        return []
    return words_at(setting, marker.end(), end)


def disposed(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What is dealt with, as written: 将*三家甲国企业*列入清单."""
    found = [p for p in setting.clause.phrases if p.case == "disposal" and p.end <= setting.edge]
    if not found or found[-1].marker is None:
        return []
    marker = setting.grammar.case.match(setting.masked, found[-1].marker)
    return words_at(setting, marker.end(), setting.edge) if marker is not None else []


def at_text(setting: Setting, slot: SlotSource) -> list[Filler]:
    """在 X 上相互支持: what stands between the marker and the closing locative."""
    begin = _marked(setting, ("at",))
    if begin is None:
        return []
    end = setting.edge
    locative = setting.view.tags.rfind("f", begin, end)
    end = locative if locative > begin else end
    while end > begin and setting.view.tags[end - 1] in "dfa":
        end -= 1
    found = (noun if slot.take == "either" else words_at)(setting, begin, end)
    found = [f for f in found if not slot.has_words or any(word in f.text for word in slot.has_words)]
    return [f for f in found if not slot.ends or f.type is not None or f.text.endswith(slot.ends)]


def _marked(setting: Setting, cases: Sequence[str]) -> int | None:
    grammar, view = setting.grammar, setting.view
    for found in grammar.case.finditer(view.masked, setting.clause.start, setting.edge):
        if (
            grammar.case_of[found.group()] in cases
            and view.bounds[found.start()]
            and view.bounds[found.end()]
        ):
            return found.end()
    return None


def before(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The clause before, as a text: …，对此表示祝贺."""
    if setting.at <= setting.first:
        return []
    clause = setting.clauses[setting.at - 1]
    return _told(setting, clause.start, clause.end)


def before_this(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What was said before, where the trigger's clause points to it: …，对此坚决反对.

    It does so too with a verb that ends it (甲方坚决反对), or where 对此 is a clause by itself or
    stands in the clause before (对此坚决反对，严厉谴责).
    """
    clause, trigger, deictic = setting.clause, setting.trigger, setting.grammar.deictic
    last = setting.clauses[setting.at - 1] if setting.at else None
    if deictic.search(setting.masked, clause.start, trigger.end):
        return before(setting, slot) or _said_before(setting, setting.at)
    if last is not None and deictic.fullmatch(setting.masked, last.start, last.end):
        return _said_before(setting, setting.at - 1)
    if last is None or trigger.end < clause.end:
        return []
    if deictic.search(setting.masked, last.start, last.end) and clause.subject is None:
        return _said_before(setting, setting.at - 1)
    return _said_before(setting, setting.at) if clause.subject is not None else []


def _said_before(setting: Setting, at: int) -> list[Filler]:
    """The clause before the one at an index, or the end of the sentence before in the same paragraph."""
    if at > 0:
        clause = setting.clauses[at - 1]
        if setting.grammar.openers.fullmatch(setting.masked, clause.start, clause.end):
            return _said_before(setting, at - 1)  # 此外，
        if setting.masked.endswith(setting.grammar.tellers, clause.start, clause.end):
            return []  # 甲表示，乙对此反对
        return _told(setting, clause.start, clause.end)
    masked, end = setting.masked, setting.discourse.sentence_start - 1
    if end < 1 or masked[end] in _BREAKS:
        return []
    start = max(masked.rfind(mark, 0, end) for mark in _SENTENCE_MARKS) + 1
    commas = [m.end() for m in _COMMAS.finditer(masked, start, end)]
    return _told(setting, next((c for c in (start, *commas) if end - c <= LONGEST), end), end)


def _told(setting: Setting, start: int, end: int) -> list[Filler]:
    """What a clause tells, without the words that bring it in: 值此*您当选*之际, 欣悉*您当选*."""
    opening = setting.grammar.hearing.match(setting.masked, start, end)
    closing = setting.grammar.occasion.search(setting.masked, start, end)
    return words_at(setting, opening.end() if opening else start, closing.start() if closing else end)


def urged(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What is called for: after 呼吁 and whom it addresses, or all that the clauses after it say."""
    start, stop = setting.trigger.end, setting.clause.end
    for phrase in setting.clause.phrases:
        if phrase.start == start and not phrase.tail and not phrase.genitive:
            start = phrase.end
    if slot.addressed and start == setting.trigger.end:
        return []
    if start < stop:
        return words_at(setting, start if stop - start >= 4 else setting.trigger.end, stop)
    first, *others = setting.clauses[setting.at + 1 :] or [setting.clause]
    going_on = itertools.takewhile(lambda c: c.subject is None and not c.blocked, others)
    return [filler for c in (first, *going_on) for filler in words_at(setting, c.start, c.end)]


def obliged(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What another party ought to do: the words after the modal, where its subject is not the speaker's."""
    subject, discourse = setting.clause.subject, setting.discourse
    if subject is None or subject.end > setting.edge or not discourse.in_speech:
        return []
    own = {discourse.speaker, discourse.home.get(discourse.speaker or "")}
    if len(subject.names) != 1 or own & set(subject.names):
        return []
    if setting.grammar.genitive in setting.rest[:5]:  # 应承担的义务
        return []
    return words_at(setting, setting.trigger.end, setting.clause.end)


def word(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The trigger itself: 贺电, 成员国."""
    t = setting.trigger
    return [Filler(setting.view.text[t.start : t.end], None, t.start, t.end)]


def span(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What stands between the two parts of the trigger, with the second: 达成[许多共识]."""
    t = setting.trigger
    return words_at(setting, t.lead + t.lead_length, t.end)


def same_event(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The event that the document is about, where a clause ends with 出席 or 参加 alone."""
    t = setting.trigger
    if (
        setting.masked[t.end : t.end + 1] not in (*_CLAUSE_MARKS, *setting.grammar.and_then, "")
        or setting.discourse.event is None
    ):
        return []
    name = setting.discourse.event
    if name.endswith(slot.lacks_words):
        return []  # at talks nobody makes a speech
    return [Filler(name, setting.discourse.types.get(name), t.start, t.end)]


def same_place(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Where the main person arrived, for those who come along: 李四等同机抵达."""
    place, t = setting.discourse.arrived, setting.trigger
    return [Filler(place, setting.discourse.types.get(place), t.start, t.end)] if place else []
