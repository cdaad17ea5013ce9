"""The course of a report: what its later sentences lean on, noted as its facts are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kgx.model import Status
from kgx.nlp.clauses import Clause
from kgx.nlp.grammar import Grammar
from kgx.nlp.layers import Sentence
from kgx.nlp.reference import Discourse
from kgx.nlp.setting import Filler, Setting
from kgx.nlp.view import View

Roles = Mapping[str, Sequence[Filler]]


def note(setting: Setting, roles: Roles, status: Status, sentence: Sentence) -> None:
    """Note who talks with whom, what the main event is called, and where somebody arrived or visits."""
    discourse, frame, trigger = setting.discourse, setting.trigger.frame, setting.trigger
    told = sentence.kind == "body" and not discourse.in_speech
    if frame.anchor and status == "actual" and not discourse.in_speech:
        discourse.meet([f.text for f in roles.get("participant", ())])
        if "participant" in roles and told:
            word = setting.view.text[trigger.start : trigger.end]
            discourse.met = discourse.met or setting.grammar.light.sub("", word, count=1) or word
            discourse.event = discourse.event or discourse.met
    opens = frame.emits in ("Host", "Attend") and "event" in roles and setting.head is None
    if opens and told and discourse.event is None:
        discourse.event = roles["event"][0].text
    reached = roles.get("destination", ())
    if frame.emits == "Visit" and status == "actual" and reached and reached[-1].type != "Organization":
        discourse.arrived = reached[-1].text
        visitors = frozenset(f.text for f in roles["visitor"])
        discourse.visiting = sentence.start, visitors, discourse.arrived


def where(setting: Setting, roles: Roles, sentence: Sentence) -> dict[str, list[Filler]]:
    """The place of a meeting that is told of somebody on a visit, in the sentence that tells of it."""
    discourse = setting.discourse
    if setting.trigger.frame.emits != "Meet" or "place" in roles or discourse.visiting is None:
        return {}
    begin, visitors, place = discourse.visiting
    if begin != sentence.start or visitors.isdisjoint(f.text for f in roles["participant"]):
        return {}
    return {"place": [Filler(place, discourse.types.get(place), sentence.start, sentence.start)]}


def carried_on(discourse: Discourse, grammar: Grammar, view: View, start: int) -> list[Clause]:
    """The clause before a semicolon whose subject the sentence after it goes on with: 甲…；支持…."""
    if not view.text.endswith(grammar.semicolons, 0, start):
        return []
    for clause in reversed(discourse.last_voice):
        if clause.subject is not None:
            return [clause]
        if clause.blocked:
            break
    return []


def on_a_journey(setting: Setting) -> bool:
    """Whether an earlier clause, whose subject the trigger shares, tells of a journey for this one."""
    grammar, earlier = setting.grammar, setting.clauses[setting.first : setting.at]
    if setting.masked.startswith(grammar.afterwards, setting.clause.start):
        return False
    return any(True for c in earlier for _ in grammar.under(grammar.travel, setting.view, c.start, c.end))
