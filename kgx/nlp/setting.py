"""A trigger in its surroundings: the clause, those that share its subject, and whom the subject names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from kgx.model import EntityType
from kgx.nlp.clauses import Clause, Parser, Phrase
from kgx.nlp.frames import Trigger
from kgx.nlp.grammar import Grammar
from kgx.nlp.record import record
from kgx.nlp.reference import Discourse
from kgx.nlp.view import NAME, View


@record
class Setting:
    """A trigger, its clause and the clauses before it in the sentence."""

    grammar: Grammar
    parser: Parser
    discourse: Discourse
    clauses: Sequence[Clause]  # of the sentence
    at: int  # index of the trigger's clause
    first: int  # index of the first clause that shares its subject
    trigger: Trigger
    stop: int  # where the next serial verb begins, or the clause's end
    head: Phrase | None = None  # whom a relative clause around the trigger describes

    @property
    def clause(self) -> Clause:
        """The trigger's clause."""
        return self.clauses[self.at]

    @property
    def edge(self) -> int:
        """Where the words before the trigger end: at its lead, unless that is a role marker (对*访问)."""
        t = self.trigger
        marked = self.masked[t.lead : t.lead + t.lead_length] in self.grammar.case_of
        return t.start if marked else t.lead

    @property
    def judged(self) -> int | None:
        """Where what the clause judges begins, if the trigger is part of it: 谴责*乙袭击丙*."""
        found = self.grammar.judging.finditer(self.masked, self.clause.start, self.edge)
        last = max((one.end() for one in found), default=None)
        return last if last is not None and self.view.bounds[last] else None

    @property
    def rest(self) -> str:
        """The words of its clause after the trigger, masked."""
        return self.masked[self.trigger.end : self.clause.end]

    @property
    def view(self) -> View:
        """The document, masked."""
        return self.parser.view

    @property
    def masked(self) -> str:
        """The masked text of the document."""
        return self.view.masked


NOBODY = Phrase(0, 0, (), ())  # a subject that names nobody
_NOUN = re.compile("[nNjbsxmqafl]*")  # tags of a noun phrase
_COMMON = re.compile("[^vpN]*[nrm]")  # tags of a common noun before any verb


@record
class Filler:
    """What fills a role: an entity's name with its type, or words as written (type None)."""

    text: str
    type: str | None
    start: int
    end: int


def subject_of(setting: Setting, types: Collection[EntityType] = ()) -> Phrase | None:
    """The subject of the trigger's clause: its own, or that of an earlier clause that it shares.

    One of an earlier clause that names nothing of `types`, where those are given, is passed over:
    甲方认为，丙地属于乙，支持… says what 甲 supports.
    """
    if setting.head is not None:
        return setting.head
    own = setting.clause.subject
    begin = own.end if own is not None and own.end <= setting.edge else setting.clause.start
    pivot = _pivot(setting, begin)
    if pivot is not None:
        after = [
            p
            for p in setting.clause.phrases
            if pivot <= p.start < setting.edge
            and p.case is None
            and "v" not in setting.view.tags[pivot : p.start]
        ]
        if after:
            return after[0] if not after[0].tail and not after[0].genitive else NOBODY
        urged = setting.masked.endswith(setting.grammar.urges, begin, pivot) and any(
            slot.stated for slot in setting.trigger.frame.slots.values()
        )
        judged = setting.judged == pivot and set(setting.view.tags[pivot : setting.edge]) & {"p", "n"}
        if urged or judged or _COMMON.match(setting.view.tags, pivot, setting.edge):
            return NOBODY  # 甲方支持*尽快*召开峰会, 甲方谴责*对乙的*袭击
    stated = _stated(setting)
    if stated is not None:
        return stated
    told = next(
        (p for p in setting.clause.phrases if p.case in ("to", "about") and _beside(setting, p)), None
    )
    slots = setting.trigger.frame.slots.values()
    addressed = any("to" in slot.source or "theme" in slot.source for slot in slots)
    topical = told is not None and told.case == "about" and not (told.tail or setting.trigger.frame.nominal)
    felt = told is not None and told.case == "to" and not told.tail
    felt = felt and topic(setting.grammar, setting.view, setting.trigger, setting.clause) is not None
    if told is not None and (topical or felt or set(told.types) == {"Person"}) and not addressed:
        return told  # 随着*甲国*加入…, 对*甲国*空袭乙地表示担忧
    if own is not None and own.start < setting.edge:
        return NOBODY if _describes(setting, own) else own
    if setting.clause.blocked:
        return None
    for clause in reversed(setting.clauses[setting.first : setting.at]):
        if clause.subject is not None:
            if types and None not in clause.subject.types and not set(types) & set(clause.subject.types):
                continue
            return clause.subject
        if clause.blocked:
            return None
    temporal = setting.grammar.temporal.search(setting.masked, setting.clause.start, setting.clause.end)
    if temporal and setting.clause.phrases:
        return next((c.subject for c in setting.clauses[setting.at + 1 : setting.at + 2] if c.subject), None)
    return None


def _beside(setting: Setting, phrase: Phrase) -> bool:
    """Whether nothing but adverbs stands between a phrase and the trigger."""
    return phrase.end <= setting.edge and not setting.view.tags[phrase.end : setting.edge].strip("bd")


def _stated(setting: Setting) -> Phrase | None:
    """Who does what a verb of telling says: 宣布*甲国*支持…, 宣布多个政党支持…"""
    tellers, masked = setting.grammar.tellers, setting.masked
    for phrase in setting.clause.phrases:
        if phrase.end > setting.edge or phrase.case is not None or phrase.tail or phrase.genitive:
            continue
        told = masked.endswith(tellers, setting.clause.start, phrase.start)
        if told and "v" not in setting.view.tags[phrase.end : setting.edge]:
            return phrase
    return None


def _describes(setting: Setting, subject: Phrase) -> bool:
    """Whether the subject belongs to a relative clause (甲提出的倡议…), so that another noun acts."""
    mark = setting.masked.find(setting.grammar.genitive, subject.end, min(setting.edge, subject.end + 10))
    if mark < 0 or "v" not in setting.view.tags[subject.end : mark]:
        return False
    return not setting.grammar.case.search(setting.masked, subject.end, mark)


def _pivot(setting: Setting, start: int) -> int | None:
    """The end of the last verb before the trigger whose object acts in its stead; 应…邀请 is none."""
    bounds, end = setting.view.bounds, None
    edge = setting.edge
    if any("theme" in slot.source for slot in setting.trigger.frame.slots.values()):
        edge = next(setting.grammar.themes(setting.view, start, edge), edge)
    invited = [p.end for p in setting.clause.phrases if p.case == "invited"]
    for found in setting.grammar.pivots.finditer(setting.masked, start, edge):
        at_invitation = any(0 <= found.start() - at <= 6 for at in invited)
        begins = bounds[found.start()] or setting.view.tags[found.start() - 1] == "v"  # 衷心感谢
        if begins and bounds[found.end()] and not at_invitation:
            end = found.end()
    return end


def pivoted(setting: Setting) -> Phrase | None:
    """Whom the clause before praises or thanks for what it did: 甲方赞赏*乙方*恪守…，多次…"""
    for clause in reversed(setting.clauses[setting.first : setting.at]):
        verbs = [
            found.end() for found in setting.grammar.pivots.finditer(setting.masked, clause.start, clause.end)
        ]
        for phrase in clause.phrases:
            if phrase.start in verbs and phrase.case is None and not phrase.tail and not phrase.genitive:
                return phrase
        if clause.subject is not None or clause.blocked:
            return None
    return None


def topic(grammar: Grammar, view: View, trigger: Trigger, clause: Clause) -> tuple[int, int] | None:
    """The (start, end) of what the clause is about, if the trigger is in it: *就甲袭击乙*举行会议.

    It ends at the verb of the deed that is about it, or of what somebody feels: *对甲袭击乙*表示担忧.
    """
    if not grammar.about.search(view.masked, clause.start, trigger.lead):
        return None
    start = next(grammar.whole(grammar.topic, view, clause.start, trigger.lead), None)
    if start is not None and "p" not in view.tags[start + 1 : trigger.lead]:
        end = next(grammar.whole(grammar.light, view, trigger.end + 1, clause.end), None)
        return (start, end) if end is not None else None
    start = next(grammar.whole(grammar.toward, view, clause.start, trigger.lead), None)
    if start is None or "p" in view.tags[start + 1 : trigger.lead]:
        return None
    felt = grammar.feeling.finditer(view.masked, trigger.end, clause.end)  # 表示感谢 may be one word
    end = next((one.start() for one in felt if view.bounds[one.start()]), None)
    return (start, end) if end is not None else None


def relative_head(setting: Setting) -> tuple[int, Phrase] | None:
    """来访的甲国总统张三: where 的 stands, and the person whom the clause before it describes.

    Where that is people without a name (来访的外国元首) the phrase is NOBODY.
    """
    mark = setting.masked.find(setting.grammar.genitive, setting.trigger.end, setting.clause.end)
    if mark < 0:
        return None
    slots = setting.trigger.frame.slots.values()
    wanted = {t for slot in slots if "subject" in slot.source for t in slot.types} & {"Person", "Event"}
    for phrase in setting.clause.phrases:
        if phrase.start > mark:
            near = phrase.start - mark <= 10 and "v" not in setting.view.tags[mark + 1 : phrase.start]
            if near and set(phrase.types) and set(phrase.types) <= wanted:
                return mark, phrase
            break
    people = _people(setting, mark + 1)
    return (mark, people) if people is not None else None


def _people(setting: Setting, start: int) -> Phrase | None:
    """People without a name: as written where they are counted or somebody's (甲方代表), else NOBODY."""
    view = setting.view
    noun = _NOUN.match(view.tags, start, setting.clause.end)
    end = noun.end() if noun else start
    if not any(found.end() == end for found in setting.grammar.people.finditer(view.masked, start, end)):
        return None
    if any(item.type == "Event" for item in view.items_in(start, end)):
        return None  # 峰会领导人配偶活动
    if NAME not in view.masked[start:end] and "m" not in view.tags[start : start + 3]:
        return NOBODY
    return Phrase(start, end, (view.text[start:end],), (None,))
