"""The status of a fact: by the words that scope over its trigger, else by its frame and by who tells it."""

from __future__ import annotations

from collections.abc import Sequence

from kgx.model import Status
from kgx.nlp.context import Context
from kgx.nlp.course import on_a_journey
from kgx.nlp.setting import Filler, Setting


def status_at(
    context: Context,
    setting: Setting,
    fixed: Status | None,
    in_speech: Status | None,
    written: Sequence[Filler] = (),
) -> Status:
    """The status at the trigger; `fixed` and `in_speech` are those of its frame.

    Words inside `written` fillers tell nothing of it: 向*甲会成立纪念活动*致贺信.
    """
    clause, earlier = setting.clause, setting.clauses[setting.first : setting.at]
    alone = clause.subject is not None and clause.subject.start < setting.trigger.start
    stretches = [(c.start, c.end) for c in (() if alone else earlier)] + [(clause.start, clause.end)]
    markers = frozenset().union(*(c.markers for c in (*earlier, clause)))
    markers |= {at for filler in written for at in range(filler.start, filler.end)}
    found = context.status(setting.view, stretches, setting.trigger.lead, markers)
    if fixed is not None:
        return found if found == "negated" else fixed
    if found is not None:
        return found
    if setting.trigger.frame.purpose is not None and on_a_journey(setting):
        return setting.trigger.frame.purpose
    if any(word in setting.rest for word in setting.trigger.frame.actual_with):
        return "actual"
    # persons look back in what they say; a ministry that says something reports it
    return in_speech if in_speech is not None and _looks_back(setting) else "actual"


def _looks_back(setting: Setting) -> bool:
    """Whether whoever speaks is a person, or not named, and announces nothing in the sentence."""
    discourse = setting.discourse
    if not discourse.in_speech or discourse.types.get(discourse.speaker or "", "Person") != "Person":
        return False
    start, at = discourse.sentence_start, setting.trigger.lead
    return not setting.grammar.announcing.search(setting.masked, start, at)
