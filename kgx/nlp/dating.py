"""The day of a fact: the date of its clause, or of an earlier one that leads to it, never another's."""

from __future__ import annotations

from collections.abc import Sequence

from kgx.model import DateValue
from kgx.nlp.clauses import Clause
from kgx.nlp.course import on_a_journey
from kgx.nlp.setting import Filler, Setting, topic


def date_of(setting: Setting, written: Sequence[Filler] = ()) -> str | None:
    """The date of the trigger's clause, else of an earlier one in the sentence that only leads to it.

    That inside the `written` fillers is theirs (出席*2022年国际和平日活动*), and what is judged has its own.
    """
    view, clause, grammar = setting.view, setting.clause, setting.grammar
    if any(True for _ in grammar.under(grammar.over, view, clause.start, setting.trigger.lead)):
        return None  # 结束访问后回国: the day is that of the return
    own = [
        d
        for d in view.dates_in(clause.start, clause.end)
        if d.value and not _topical(setting, d) and not any(f.start <= d.start < f.end for f in written)
    ]
    judged = setting.judged
    if judged is not None:
        own = [d for d in own if d.start >= judged]
    before = [d for d in own if d.start < setting.trigger.start]
    if own:
        return (before[-1] if before else own[0]).value
    about = topic(setting.grammar, view, setting.trigger, clause)
    if judged is not None or about is not None or on_a_journey(setting):
        return None  # 2日抵达甲地，对甲国进行访问: the day is that of the journey
    for earlier in reversed(setting.clauses[setting.first : setting.at]):
        dates = [
            d
            for d in view.dates_in(earlier.start, earlier.end)
            if d.value and not _anothers(setting, d, earlier)
        ]
        if dates:
            return dates[-1].value
        if earlier.blocked:
            return None
    return None


def _topical(setting: Setting, date: DateValue) -> bool:
    """Whether a date is that of what the deed is about, or the deed's where that is only spoken about.

    Of 5日就*上周*甲袭击乙举行会议 the first is the day of the meeting, the second that of the attack.
    """
    view, trigger = setting.view, setting.trigger
    about = topic(setting.grammar, view, trigger, setting.clause)
    if about is not None:
        return date.end <= about[0]
    marked = view.masked.endswith(setting.grammar.topical, setting.clause.start, date.start)
    return marked and "v" in view.tags[date.end : trigger.lead]


def _anothers(setting: Setting, date: DateValue, clause: Clause) -> bool:
    """Whether a date of an earlier clause is that of a deed only named there: 报复甲*3日*对乙的空袭."""
    tags, genitive = setting.view.tags, setting.grammar.genitive
    verb = tags.find("v", clause.start, date.start)
    return verb >= 0 and "N" in tags[verb : date.start] and genitive in setting.masked[date.end : clause.end]
