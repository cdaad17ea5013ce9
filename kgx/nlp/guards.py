"""Guards: by which key of its frame a trigger is refused, once its clause is known."""

from __future__ import annotations

from collections.abc import Callable

from kgx.model import Status
from kgx.nlp.clauses import Phrase
from kgx.nlp.frames import has_object
from kgx.nlp.layers import Sentence
from kgx.nlp.setting import Setting
from kgx.nlp.view import NAME, PRONOUN
from kgx.nlp.wording import after_aspect

_ADDRESSED = 6  # characters from a wish to the party of whom it is wished

# The status at a trigger, given the frame's own ones.
StatusOf = Callable[[Setting, Status | None, Status | None], Status]


def refusal(setting: Setting, sentence: Sentence, status: StatusOf) -> str:
    """The key of the frame by which the clause or the sentence forbids it to fire, or nothing."""
    frame, trigger, clause, view = setting.trigger.frame, setting.trigger, setting.clause, setting.view
    if any(True for _ in setting.grammar.under(frame.not_under, view, clause.start, trigger.start)):
        return "not_under"
    if any(word in view.masked[trigger.end : clause.end] for word in frame.not_with):
        return "not_with"
    if trigger.lead_length and _told(setting):
        return "told"
    if any(p.case in frame.not_case and p.start < trigger.start for p in clause.phrases):
        return "not_case"
    if frame.transitive:
        after = after_aspect(setting, trigger.end, clause.end)
        if after >= clause.end or not has_object(view.tags, after):
            return "transitive"
    if not frame.relative and _counted(setting):
        return "relative"
    if frame.not_carried and _carried(setting):
        return "not_carried"
    if frame.not_status and status(setting, None, None) in frame.not_status:
        return "not_status"
    told = view.masked[sentence.start : sentence.end] if frame.within else ""
    return "within" if frame.within and not any(word in told for word in frame.within) else ""


def _told(setting: Setting) -> bool:
    """Whether the first part of a trigger only tells what somebody else does: 表示*甲方*支持…"""
    trigger, masked = setting.trigger, setting.masked
    end = trigger.lead + trigger.lead_length
    if not masked.startswith((NAME, PRONOUN), end) or not masked.endswith(
        setting.grammar.tellers, trigger.lead, end
    ):
        return False
    return not any("span" in slot.source for slot in trigger.frame.slots.values())


def _counted(setting: Setting) -> bool:
    """Whether the trigger describes what a number of things do: 制裁三家*支持甲国的*公司."""
    start = setting.trigger.start
    counted = setting.masked.endswith(setting.grammar.counters, setting.clause.start, start)
    return counted and bool(setting.view.bounds[start]) and setting.grammar.genitive in setting.rest


def _carried(setting: Setting) -> bool:
    """Whether an earlier clause, which the trigger's goes on without a subject, forbids it to fire.

    希望甲方支持乙，反对丙: what is wished of 甲 in the first clause is wished of it in the second.
    """
    if setting.clause.subject is not None or setting.clause.blocked:
        return False
    words = setting.trigger.frame.not_carried
    for clause in reversed(setting.clauses[setting.first : setting.at]):
        wished = setting.grammar.under(words, setting.view, clause.start, clause.end)
        if any(_asks(setting, at, p) for at in wished for p in clause.phrases):
            return True
        if clause.subject is not None or clause.blocked:
            return False
    return False


def _asks(setting: Setting, wish: int, phrase: Phrase) -> bool:
    """Whether the wish at an offset is for what the party named right after it shall do."""
    if phrase.case is not None or not 0 < phrase.start - wish <= _ADDRESSED:
        return False
    verb = setting.view.bounds.find(1, wish + 1)
    return "v" not in setting.view.tags[verb : phrase.start]
