"""Sources of actors: the subject, who speaks, who stands under a role marker."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from kgx.nlp.clauses import Phrase
from kgx.nlp.setting import Filler, Setting, pivoted, subject_of
from kgx.nlp.view import NAME
from kgx.nlp.wording import names_of, words_at
from kgx.schemas.frames import SlotSource

_PEOPLE_TAGS = frozenset("nNjbsxmqaflc")  # of a noun phrase
_COUNTS = frozenset("ml")  # of numbers: 近百家
_DOERS = frozenset("nsjcN")  # of nouns that may act

Source = Callable[[Setting, SlotSource], list[Filler]]


def subject(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The subject of the trigger, also where it is dropped; else, in reported speech, the speaker."""
    if "agent" in slot.source and _nameless(setting):
        return []
    phrase = subject_of(setting, slot.types)
    if phrase is None and slot.wide:
        return _wide(setting)
    if phrase is None:
        return [] if setting.clause.blocked or slot.stated else speaker(setting, slot)
    if any(item.pronoun == "we" for item in phrase.items):
        return _we(setting, slot, phrase)
    acted = _acted_on(setting) if phrase.end < setting.clause.start else frozenset()
    if acted and acted <= set(phrase.names):
        others = [filler for filler in names_of(phrase) if filler.text not in acted]
        other = pivoted(setting)
        if others or other is not None:  # 双方…，支持甲方…
            return others or names_of(other or phrase)
        return [] if slot.stated else speaker(setting, slot)
    if slot.asserts and _obliged(setting, phrase):
        return speaker(setting, slot)
    if slot.we and any(item.pronoun == "states" for item in phrase.items):
        return _principal(setting, phrase)
    return names_of(phrase)


def _principal(setting: Setting, phrase: Phrase) -> list[Filler]:
    """双方 where the sentence tells of a meeting: not the two states, but those who meet.

    在同乙会谈时，双方…, 甲同乙会谈，双方…; of 双方同乙会谈 it is the one who meets 乙.
    """
    persons, subject = setting.discourse.persons, setting.clause.subject
    met = [p for p in setting.clause.phrases if p.case == "with" and set(p.types) == {"Person"}]
    if met and persons and subject is not phrase:
        return [Filler(persons[0], "Person", phrase.start, phrase.end)]
    earlier = setting.clauses[setting.first : setting.at] if subject is phrase else ()
    told = {name for clause in earlier for p in clause.phrases if not p.tail for name in p.names}
    guest = [
        name
        for clause in earlier[-1:]
        if clause.subject is None
        and setting.grammar.temporal.search(setting.masked, clause.start, clause.end)
        for p in clause.phrases
        if p.case == "with" and set(p.types) == {"Person"} and not p.tail
        for name in p.names
    ]
    host = next((p for p in persons if p not in guest), None)
    if persons and told.issuperset(persons):
        names: tuple[str, ...] = persons
    else:
        names = (host, guest[0]) if host is not None and len(guest) == 1 else ()
    return [Filler(name, "Person", phrase.start, phrase.end) for name in names] or names_of(phrase)


def _acted_on(setting: Setting) -> frozenset[str]:
    """On whom the trigger acts, who may be the subject of an earlier clause: 甲方取得成就，赞赏*甲方*…"""
    acted = next((p for p in setting.clause.phrases if p.start == setting.trigger.end), None)
    if acted is None or acted.tail or any(item.pronoun for item in acted.items):
        return frozenset()  # 支持乙国企业, 支持彼此
    return frozenset(acted.names)


def _obliged(setting: Setting, phrase: Phrase) -> bool:
    """Whether the subject of an earlier clause, no named party, is told what to do: 各方应…，支持…"""
    if phrase.end > setting.clause.start or any(item.pronoun != "text" for item in phrase.items):
        return False
    return setting.masked.startswith(setting.grammar.obliging, phrase.end)


def _wide(setting: Setting) -> list[Filler]:
    """A subject that a common noun heads, as written: 甲市一所学校遭袭击."""
    first = next(iter(setting.clause.phrases), None)
    if first is None or first.case is not None or not first.tail or first.end > setting.edge:
        return []
    return [Filler(setting.view.text[first.start : first.end], None, first.start, first.end)]


def subject_place(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The place that such a subject begins with."""
    first = next(iter(setting.clause.phrases), None)
    return names_of(first) if _wide(setting) and first is not None else []


def struck(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What stands before 遭 where several names do: those that no other one follows to say what lies there.

    甲地南部的*乙城*遭袭击, 甲地的*乙城*和*丙城*遭袭击. All of it, as written, where a common noun heads it.
    """
    by = next((p for p in setting.clause.phrases if p.case == "by" and p.end <= setting.edge), None)
    if by is None or by.marker is None:
        return []
    named = [p for p in setting.clause.phrases if p.end <= by.marker]
    if len(named) < 2 or named[0].case is not None or any(p.case not in (None, "with") for p in named):
        return []
    if named[-1].tail:
        return words_at(setting, named[0].start, named[-1].end)
    joins = setting.grammar.joins
    gaps = [setting.masked[a.end : b.start] for a, b in itertools.pairwise(named)]
    last = [p for p, gap in zip(named, gaps, strict=False) if gap.startswith(tuple(joins))]
    return [filler for p in (*last, named[-1]) for filler in names_of(p)]


def people(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Who acts without a name, as written: 近百家甲国企业参加. They are counted, or of somebody named."""
    view, clause = setting.view, setting.clause
    found = None
    for one in setting.grammar.people.finditer(view.masked, clause.start, setting.edge):
        if view.bounds[one.end()] and "n" not in view.tags[one.end() : setting.edge]:
            found = one
    start = setting.grammar.past_openers(view, clause.start)
    if found is None or not set(view.tags[start : found.end()]) <= _PEOPLE_TAGS:
        return []
    told = not _COUNTS.isdisjoint(view.tags[start : start + 3]) or NAME in view.masked[start : found.start()]
    return words_at(setting, start, found.end()) if told else []


def voices(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Those who are reported to speak after the trigger: whose letters they are that the report tells of."""
    after = [(at, name) for at, name in setting.discourse.voices if at > setting.trigger.end]
    return [Filler(name, "Person", setting.trigger.start, setting.trigger.end) for _, name in after]


def whom_next(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The person whom the next clause names first: …致电致函，祝贺*乙*当选."""
    following = setting.clauses[setting.at + 1 : setting.at + 2]
    named = (p for clause in following for p in clause.phrases if "Person" in p.types and p.case is None)
    first = next(named, None)
    return names_of(first) if first is not None and not first.genitive and not first.tail else []


def _we(setting: Setting, slot: SlotSource, phrase: Phrase) -> list[Filler]:
    """我们: the two who talk, where the slot takes it so; else who speaks, or whose statement it all is."""
    discourse = setting.discourse
    if slot.we and discourse.speaker in discourse.persons:
        return [Filler(name, "Person", phrase.start, phrase.end) for name in discourse.persons]
    if slot.stated:
        return []
    return speaker(setting, slot) if discourse.speaker else names_of(phrase)


def other(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The other principal of the talks: to whom a greeting is passed on, where nothing else is said."""
    phrase, at = subject_of(setting), setting.trigger.start
    persons = setting.discourse.persons
    if phrase is None or len(phrase.names) != 1 or phrase.names[0] not in persons:
        return []
    return [Filler(p, "Person", at, at) for p in persons if p != phrase.names[0]]


def speaker(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Whoever is reported to speak."""
    name, at = setting.discourse.speaker, setting.clause.start
    if name is None or not setting.discourse.in_speech:
        return []
    return [Filler(name, setting.discourse.types.get(name), at, at)]


def parties(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The two sides in question, where a clause names none."""
    at = setting.trigger.start
    if setting.clause.blocked and not setting.discourse.in_speech:
        return []
    return [Filler(n, setting.discourse.types.get(n), at, at) for n in setting.discourse.sides()]


def sides(setting: Setting, slot: SlotSource) -> list[Filler]:
    """As `parties`, where the clause has no subject at all: what one side alone does is no joint deed."""
    alone = setting.clause.blocked or subject_of(setting) is not None
    discourse = setting.discourse
    own = [p for p in setting.clause.phrases if p.case is None and p.tail and p.end <= setting.edge]
    alone = alone or any(item.pronoun is None for p in own for item in p.items)  # *甲组织外长会*达成一致
    alone = alone or discourse.in_speech and discourse.types.get(discourse.speaker or "") == "Organization"
    return [] if alone else parties(setting, slot)


def by_case(case: str) -> Source:
    """Fillers of the phrases under one role marker, in the clause or one that shares its subject."""

    def source(setting: Setting, slot: SlotSource) -> list[Filler]:
        clauses = [setting.clause]
        if case == "at" and setting.head is not None:
            return []
        shared = setting.clause.subject is None and not setting.clause.blocked
        judged = setting.judged if case == "at" else None
        if judged is None and (case == "at" or case == "with" and shared):
            for clause in reversed(setting.clauses[setting.first : setting.at]):
                if not shared and clause.subject is not None:
                    break  # where somebody else did something
                clauses.append(clause)
        for clause in clauses:
            own = clause is setting.clause
            found = [
                p
                for p in clause.phrases
                if p.case == case
                and (not own or (judged or 0) <= p.start < setting.edge)
                and (not p.tail or slot.take != "names" or case in ("to", "for", "at"))
                and not (p.genitive and case == "with" and slot.take == "names")
                and not (slot.types and not set(p.types) & {*slot.types, None})
                and not (case == "at" and any(len(item.names) > 1 for item in p.items))  # 在*甲乙*建交之际
                and not (case == "by" and _remarked(setting, p))
                and not (p.tail and any(item.pronoun == "states" for item in p.items))  # 为*两国*合作提供…
            ]
            if found:
                return _fit(found[-1], slot, setting)
        return []

    return source


def _remarked(setting: Setting, phrase: Phrase) -> bool:
    """Whether the marker of a phrase comes again after it: 由*甲公司*运营的货船遭袭击."""
    found = setting.grammar.case.finditer(setting.masked, phrase.end, setting.trigger.start)
    return any(setting.grammar.case_of[one.group()] == phrase.case for one in found)


def _fit(phrase: Phrase, slot: SlotSource, setting: Setting) -> list[Filler]:
    """A phrase as fillers: its names, or all of it as written where a common noun heads it."""
    if phrase.tail and slot.lift:
        return []
    if phrase.tail and slot.take in ("either", "noun"):
        if slot.ends and not phrase.tail.endswith(slot.ends):
            return []
        return [Filler(setting.view.text[phrase.start : phrase.end], None, phrase.start, phrase.end)]
    return names_of(phrase)


def near(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The names right before the trigger: 中俄建交, 联合国安理会常任理事国."""
    for phrase in setting.clause.phrases:
        if phrase.end == setting.edge and not phrase.tail:
            where = phrase.case == "at" and "Person" not in phrase.types
            return [] if where else names_of(phrase)
    item = setting.view.item_at(setting.edge - 1) if setting.edge else None
    if item is not None and item.end == setting.edge and item.names:
        return [Filler(name, item.type, item.start, item.end) for name in item.names]
    return []


def just_before(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Two or more names right before the trigger, under no role marker: 今年是*甲乙*建立伙伴关系十周年."""
    for phrase in setting.clause.phrases:
        if phrase.end == setting.edge and phrase.case is None and not phrase.tail and len(phrase.names) > 1:
            return names_of(phrase)
    return []


def member_before(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Who is said to be a member: the subject, with a verb of being between it and the trigger."""
    grammar, start = setting.grammar, setting.clause.start
    verbs = [found.start() for found in grammar.being.finditer(setting.masked, start, setting.edge)]
    if not verbs:
        return []
    beside = (p for p in setting.clause.phrases if p.end in verbs and not p.tail)  # 支持*乙*担任主席国
    phrase = next(beside, None) or subject_of(setting)
    return names_of(phrase) if phrase is not None else []


def owner(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Whose: the first phrase after the trigger (转达甲的问候, 转达甲对乙的问候), unless that is 他."""
    after = next((p for p in setting.clause.phrases if p.start >= setting.trigger.end), None)
    if after is None or after.case is not None or after.tail:
        return []
    return [] if any(item.pronoun == "third" for item in after.items) else names_of(after)


def agent(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Who does what a noun of action names: the phrase right before 对 (回应*甲*对乙的制裁)."""
    marked = setting.grammar.struck(setting.view, setting.clause.start, setting.edge)
    if marked is None:
        return []
    marker = marked[0]
    light = setting.grammar.light
    own = [
        p for p in setting.clause.phrases if p.end <= marker and (not p.tail or light.fullmatch(p.tail))
    ]  # 甲*不断扩大*对乙的制裁
    own = [p for p in own if p.case is None or p.end == marker and p.case in ("about", "at", "by", "to")]
    if not own or "v" in setting.view.tags[own[-1].end : marker]:
        return []
    return names_of(own[-1])


def _nameless(setting: Setting) -> bool:
    """Whether a noun that names nobody does the deed, right before 对: 受*西方*对乙制裁影响."""
    clause, view = setting.clause, setting.view
    marker, _ = next(setting.grammar.aimed(view, clause.start, setting.edge), (clause.start, 0))
    named = any(p.start < marker <= p.end for p in clause.phrases)
    if named or marker == clause.start or view.tags[marker - 1] not in "nsj":
        return False
    at = marker
    while at > clause.start and view.tags[at - 1] in _DOERS:
        at -= 1
    begins = at == clause.start or view.tags[at - 1] in "p"
    return begins or setting.grammar.case_of.get(view.masked[at - 1]) == "by"


def asked(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Who is asked: between the two parts of a trigger (请*转达)."""
    t = setting.trigger
    inside = [p for p in setting.clause.phrases if t.lead < p.start and p.end <= t.start and not p.tail]
    return names_of(inside[0]) if inside else []


def giver(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Who gives: right before the last 向 or 为 (阻断*甲国*向乙国提供武器的路线)."""
    given = [p for p in setting.clause.phrases if p.case in ("to", "for") and p.end <= setting.edge]
    marker = given[-1].marker if given else None
    if marker is None:
        return []
    own = [p for p in setting.clause.phrases if p.end <= marker and not p.tail]
    near = own and setting.view.tags[own[-1].end : marker].strip("dN") == "" and own[-1].case != "at"
    return names_of(own[-1]) if near else []


def held_office(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The office, of the document's offices, of the person named before the trigger: 甲国*总理*张三辞职."""
    held, at = _held(setting), setting.trigger.start
    return [Filler(held[1], None, at, at)] if held is not None else []


def held_of(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Whose that office is: *甲国*总理张三辞职."""
    held, at = _held(setting), setting.trigger.start
    return [Filler(held[0], setting.discourse.types.get(held[0]), at, at)] if held is not None else []


def _held(setting: Setting) -> tuple[str, str] | None:
    """The one (of, title) of the only person whom the subject names."""
    phrase = subject_of(setting)
    if phrase is None or len(phrase.names) != 1:
        return None
    held = [office for office, holder in setting.discourse.offices.items() if holder == phrase.names[0]]
    return held[0] if len(held) == 1 else None


def seen_by(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Before whose eyes: 在*甲和乙*见证下, in the clause or in those before that it goes on from."""
    grammar, masked = setting.grammar, setting.masked
    for clause in reversed(setting.clauses[setting.first : setting.at + 1]):
        for phrase in clause.phrases:
            if phrase.case == "at" and grammar.witnessing.match(masked, phrase.end - len(phrase.tail)):
                return names_of(phrase)
    return []


def alongside(setting: Setting, slot: SlotSource) -> list[Filler]:
    """With whom of one's own kind, in the trigger's clause: 甲同*乙*共同主持."""
    own = [p for p in setting.clause.phrases if p.case == "with" and p.end <= setting.edge and not p.tail]
    subject = subject_of(setting)
    alike = own and subject is not None and set(own[-1].types) == set(subject.types)
    return names_of(own[-1]) if alike and not own[-1].genitive else []


def pair(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Two states named at once before the trigger: *中法*关系在建交60周年之际…"""
    kinds = setting.discourse.types
    for item in reversed(setting.view.items_in(setting.clause.start, setting.edge)):
        if len(item.names) == 2 and item.type == "Country":
            return [Filler(name, kinds.get(name), item.start, item.end) for name in item.names]
    return []


def banned(setting: Setting, slot: SlotSource) -> list[Filler]:
    """With whom trade is forbidden: under 从 or 对 between the two parts of a trigger (禁止从*乙*进口)."""
    t = setting.trigger
    inside = [p for p in setting.clause.phrases if t.lead < p.start and p.end <= t.start and not p.tail]
    return next((names_of(p) for p in inside if p.case in ("from", "to")), [])


def greeted(setting: Setting, slot: SlotSource) -> list[Filler]:
    """To whom the greeting goes: the phrase under 对 or 向 after the trigger."""
    after = [p for p in setting.clause.phrases if p.start >= setting.trigger.end and p.case == "to"]
    return names_of(after[0]) if after and not after[0].tail else []
