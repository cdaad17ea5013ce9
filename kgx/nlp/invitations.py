"""Sources of invitations: who comes at one, and to what."""

from __future__ import annotations

from kgx.nlp.setting import Filler, Setting, subject_of
from kgx.nlp.wording import names_of
from kgx.schemas.frames import SlotSource

_NEXT = 4  # characters between a country and the event for which one comes there


def invited_one(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Who comes at an invitation: the subject of this clause, of the next, or of one before."""
    following = setting.clauses[setting.at + 1 : setting.at + 2]
    subject = setting.clause.subject
    invited = next((p.marker for p in setting.clause.phrases if p.case == "invited"), None)
    beside = any(p.end == invited for p in setting.clause.phrases)  # 欢迎*乙*应甲邀请来访
    if invited is not None and not beside and _acts(setting, setting.clause.start, invited):
        return _guest(setting)  # 会见应甲邀请来访的*乙*
    if (subject is None or subject.start > setting.trigger.end) and following and following[0].subject:
        subject = following[0].subject
    elif subject is None:
        subject = subject_of(setting)
    return names_of(subject) if subject is not None else []


def _acts(setting: Setting, start: int, stop: int) -> bool:
    """Whether a verb other than the copula stands in [start, stop)."""
    view = setting.view
    return any(
        view.tags[at] == "v" and view.masked[at] != setting.grammar.copula for at in range(start, stop)
    )


def _guest(setting: Setting) -> list[Filler]:
    """The person whom the relative clause around the trigger describes."""
    mark = setting.masked.find(setting.grammar.genitive, setting.trigger.end, setting.clause.end)
    after = (p for p in setting.clause.phrases if p.start > mark >= 0 and "Person" in p.types)
    head = next(after, None)
    near = head is not None and "v" not in setting.view.tags[mark + 1 : head.start]
    return names_of(head) if head is not None and near and not head.tail else []


def invited_to(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What an invitation is to: the events attended and the countries visited, to the sentence's end.

    A city is one only where nothing else is; a country is not where an event is named after it (来华出席).
    """
    out: list[Filler] = []
    for clause in setting.clauses[setting.at :]:
        for phrase in clause.phrases:
            if phrase.start < setting.trigger.end:
                continue
            before = setting.masked[max(0, phrase.start - 3) : phrase.start]
            comes = any(mark in before for mark in setting.grammar.coming)
            event = "Event" in phrase.types
            if event and out and out[-1].type == "Country" and phrase.start - out[-1].end <= _NEXT:
                out.pop()
            if event or comes:
                out += [f for f in names_of(phrase) if f.type in ("Event", "Country", "Place")]
    far = next((c.end for c in setting.clauses[setting.at :] if any(f.start < c.end for f in out)), 0)
    return [f for f in out if f.type != "Place"] or [f for f in out if f.start < far]
