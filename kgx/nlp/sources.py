"""Where a filler can stand: one function for each source that a frame's slot may name.

A source takes the `Setting` of a trigger and the slot, and returns `Filler`s: an entity's name with
its type, or words as written (type None).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from kgx.frame_schemas import SlotSource
from kgx.nlp.clauses import Phrase
from kgx.nlp.grammar import alternation
from kgx.nlp.setting import Filler, Setting, subject_of
from kgx.nlp.view import DATE, NAME, PRONOUN

_QUOTES = "“”\"'《》 "
_MARKS = "，,。；;：:、！？!? \n"
_CLOSERS = _MARKS + "”》"
_CLAUSE_MARKS = "，,。；;！？!?\n"
_ASPECT = re.compile("^(?:了|过|着|的|到|好|以)?")
_NEAR = 24  # how far after its verb an object may begin, in characters
LONGEST = 40  # characters of a text filler, by the guidelines

Source = Callable[[Setting, SlotSource], list[Filler]]


def names_of(phrase: Phrase) -> list[Filler]:
    """A phrase's names as fillers."""
    return [Filler(n, t, phrase.start, phrase.end) for n, t in zip(phrase.names, phrase.types, strict=True)]


def words_at(setting: Setting, start: int, stop: int) -> list[Filler]:
    """The words in [start, stop), trimmed of marks and shortened; an entity where they are its name."""
    text = setting.view.text
    found = _ASPECT.match(setting.masked[start:stop])
    start += found.end() if found else 0
    while start < stop and text[start] in _MARKS:
        start += 1
    while stop > start and text[stop - 1] in _MARKS:
        stop -= 1
    if stop - start > 3 and text[stop - 1] == setting.grammar.et_cetera:
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
    item = setting.view.item_at(start)
    quoted = text[start] in _QUOTES and setting.view.item_at(start + 1)
    item = item or quoted or None
    whole = item is not None and text[start:stop].strip(_QUOTES) == text[item.start : item.end].strip(_QUOTES)
    if item is not None and whole and len(item.names) == 1:
        return [Filler(item.names[0], item.type, start, stop)]
    return [Filler(text[start:stop], None, start, stop)]


def _noun(setting: Setting, start: int, stop: int) -> list[Filler]:
    """The noun phrase in [start, stop), from its last modifier's 的 on where that is a clause or a name."""
    masked = setting.masked
    found = _ASPECT.match(masked[start:stop])
    start += found.end() if found else 0
    last = masked.rfind("的", start, stop)
    if last >= 0 and stop - last > 2:
        inner = masked[start:last]
        if NAME in inner or "v" in setting.view.tags[start:last]:
            start = last + 1
    return words_at(setting, start, stop)


# -- actors ------------------------------------------------------------------------------------------
def _subject(setting: Setting, slot: SlotSource) -> list[Filler]:
    phrase = subject_of(setting)
    if phrase is None:
        return [] if setting.clause.blocked or slot.stated else _speaker(setting, slot)
    if any(item.pronoun == "we" for item in phrase.items):
        return _we(setting, slot, phrase)
    return names_of(phrase)


def _we(setting: Setting, slot: SlotSource, phrase: Phrase) -> list[Filler]:
    """我们: the two who talk, where the slot takes it so; else whoever speaks."""
    discourse = setting.discourse
    if slot.we and discourse.speaker in discourse.persons:
        return [Filler(name, "Person", phrase.start, phrase.end) for name in discourse.persons]
    return [] if slot.stated else _speaker(setting, slot)


def _other(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The other principal of the talks: to whom a greeting is passed on, where nothing else is said."""
    phrase, at = subject_of(setting), setting.trigger.start
    persons = setting.discourse.persons
    if phrase is None or len(phrase.names) != 1 or phrase.names[0] not in persons:
        return []
    return [Filler(p, "Person", at, at) for p in persons if p != phrase.names[0]]


def _speaker(setting: Setting, slot: SlotSource) -> list[Filler]:
    speaker, at = setting.discourse.speaker, setting.clause.start
    if speaker is None or not setting.discourse.in_speech:
        return []
    return [Filler(speaker, setting.discourse.types.get(speaker), at, at)]


def _parties(setting: Setting, slot: SlotSource) -> list[Filler]:
    at = setting.trigger.start
    if setting.clause.blocked and not setting.discourse.in_speech:
        return []
    return [Filler(n, setting.discourse.types.get(n), at, at) for n in setting.discourse.sides()]


def _by_case(case: str) -> Source:
    """Fillers of the phrases under one role marker, in the clause or one that shares its subject."""

    def source(setting: Setting, slot: SlotSource) -> list[Filler]:
        clauses = [setting.clause]
        if case == "at" and setting.head is not None:
            return []
        if case == "at" or (case == "with" and setting.clause.subject is None and not setting.clause.blocked):
            clauses += reversed(setting.clauses[setting.first : setting.at])
        for clause in clauses:
            own = clause is setting.clause
            found = [
                p
                for p in clause.phrases
                if p.case == case
                and (not own or p.start < setting.edge)
                and (not p.tail or slot.take != "names" or case in ("to", "for", "at"))
                and not (p.genitive and case == "with" and slot.take == "names")
                and not (slot.types and not set(p.types) & {*slot.types, None})
            ]
            if found:
                return _fit(found[-1], slot, setting)
        return []

    return source


def _fit(phrase: Phrase, slot: SlotSource, setting: Setting) -> list[Filler]:
    """A phrase as fillers: its names, or all of it as written where a common noun heads it."""
    if phrase.tail and slot.lift:
        return []
    if phrase.tail and slot.take in ("either", "noun"):
        if slot.ends and not phrase.tail.endswith(slot.ends):
            return []
        return [Filler(setting.view.text[phrase.start : phrase.end], None, phrase.start, phrase.end)]
    return names_of(phrase)


def _near(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The names right before the trigger: 中俄建交, 联合国安理会常任理事国."""
    for phrase in setting.clause.phrases:
        if phrase.end == setting.edge and not phrase.tail:
            return names_of(phrase)
    item = setting.view.item_at(setting.edge - 1) if setting.edge else None
    if item is not None and item.end == setting.edge and item.names:
        return [Filler(name, item.type, item.start, item.end) for name in item.names]
    return []


def _member_before(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Who is said to be a member: the subject, with a verb of being between it and the trigger."""
    grammar, start = setting.grammar, setting.clause.start
    if not grammar.being.search(setting.masked, start, setting.edge):
        return []
    phrase = subject_of(setting)
    return names_of(phrase) if phrase is not None else []


def _owner(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Whose: the first phrase after the trigger (转达甲的问候, 转达甲对乙的问候)."""
    after = [p for p in setting.clause.phrases if p.start >= setting.trigger.end and p.case is None]
    return names_of(after[0]) if after and not after[0].tail else []


def _greeted(setting: Setting, slot: SlotSource) -> list[Filler]:
    """To whom the greeting goes: the phrase under 对 or 向 after the trigger."""
    after = [p for p in setting.clause.phrases if p.start >= setting.trigger.end and p.case == "to"]
    return names_of(after[0]) if after else []


def _invited_one(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Who comes at an invitation: the subject of this clause, of the next, or of one before."""
    following = setting.clauses[setting.at + 1 : setting.at + 2]
    subject = setting.clause.subject
    if (subject is None or subject.start > setting.trigger.end) and following and following[0].subject:
        subject = following[0].subject
    elif subject is None:
        subject = subject_of(setting)
    return names_of(subject) if subject is not None else []


def _invited_to(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What an invitation is to: the event attended or the country visited, to the sentence's end."""
    out: list[Filler] = []
    for clause in setting.clauses[setting.at :]:
        for phrase in clause.phrases:
            if phrase.start < setting.trigger.end:
                continue
            before = setting.masked[max(0, phrase.start - 3) : phrase.start]
            comes = any(mark in before for mark in setting.grammar.coming)
            for filler in names_of(phrase):
                if filler.type == "Event" or filler.type in ("Country", "Place") and comes:
                    out.append(filler)
        if out:
            break
    return out


# -- objects -----------------------------------------------------------------------------------------
def _trim(setting: Setting, stop: int) -> int:
    while stop > setting.trigger.end and setting.masked[stop - 1] in _CLOSERS:
        stop -= 1
    return stop


def _object(setting: Setting, slot: SlotSource) -> list[Filler]:
    start, stop = setting.trigger.end, setting.stop
    if slot.take == "clause":
        if slot.rest:
            return _rest(setting)
        # 并表示 and the like are no part of what is said before them
        whole = setting.clause.end if setting.clause.end - stop > 4 else stop
        return _having(setting, slot, words_at(setting, start, whole))
    if slot.take == "noun":
        return [f for f in _having(setting, slot, _noun(setting, start, stop)) if f.type not in slot.text_only]
    phrases = [p for p in setting.clause.phrases if start <= p.start < stop and p.case in (None, "at", "disposal")]
    if phrases:
        best = next((p for p in phrases if setting.masked[p.start - 1] == "的" and not p.genitive), phrases[0])
        fits = not slot.types or bool(set(best.types) & set(slot.types))
        listed = [n for p in phrases for n in names_of(p) if n.type in slot.types]
        if slot.take == "either" and len(phrases) > 1 and all(set(p.types) <= set(slot.types) for p in phrases):
            return listed
        close = best.start - start <= _NEAR and not best.tail and not best.genitive
        if close and fits and (slot.take == "names" or best.end >= _trim(setting, stop) - 3):
            return names_of(best)
    return _having(setting, slot, _resolve(setting, _noun(setting, start, stop))) if slot.take == "either" else []


def _rest(setting: Setting) -> list[Filler]:
    """All that is agreed: the words after the trigger, with clauses that go on without a subject."""
    stop = setting.clause.end
    for clause in setting.clauses[setting.at + 1 :]:
        if clause.subject is not None or clause.blocked or clause.end - setting.trigger.end > LONGEST + 2:
            break
        stop = clause.end
    return words_at(setting, setting.trigger.end, stop)


def _resolve(setting: Setting, fillers: list[Filler]) -> list[Filler]:
    """本届论坛 as the named forum: the nearest event before it whose name ends with the noun."""
    out = []
    for filler in fillers:
        noun = setting.grammar.determiner.sub("", filler.text)
        event = _event_before(setting, noun, filler.start) if filler.type is None and 2 <= len(noun) <= 4 else None
        out.append(Filler(event, "Event", filler.start, filler.end) if event else filler)
    return out


def _event_before(setting: Setting, noun: str, offset: int) -> str | None:
    for item in reversed(setting.view.items_in(0, offset)):
        if item.type == "Event" and len(item.names) == 1 and item.names[0].endswith(noun):
            return item.names[0]
    return None


def _definite(setting: Setting, slot: SlotSource) -> list[Filler]:
    """A common noun that begins the clause and stands for a named event: 论坛由…主办."""
    clause = setting.clause
    stop = clause.start
    while stop < setting.edge and setting.view.tags[stop] in "nrq":
        stop += 1
    if stop == clause.start:
        return []
    return [f for f in _resolve(setting, words_at(setting, clause.start, stop)) if f.type is not None]


def _object_place(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The place that the object names or begins with: 打击了甲地、乙地的目标."""
    for phrase in setting.clause.phrases:
        if setting.trigger.end <= phrase.start <= setting.trigger.end + 2:
            return [f for f in names_of(phrase) if f.type in slot.types]
    return []


def _having(setting: Setting, slot: SlotSource, fillers: list[Filler]) -> list[Filler]:
    """Keep a text that holds a name of the types, or one of the words, that the slot asks for."""
    fillers = [f for f in fillers if not any(word in f.text for word in slot.lacks_words)]
    if slot.named:
        fillers = [f for f in fillers if f.type is not None or setting.view.items_in(f.start, f.end)]
    if slot.ends:
        fillers = [f for f in fillers if f.type is not None or f.text.endswith(slot.ends)]
    if slot.cut:
        fillers = [_cut_after(setting, f, slot) for f in fillers]
    if not slot.has_types and not slot.has_words:
        return fillers
    out = []
    for filler in fillers:
        items = setting.view.items_in(filler.start, filler.end)
        typed = filler.type in slot.has_types or any(item.type in slot.has_types for item in items)
        if typed or any(word in filler.text for word in slot.has_words):
            out.append(filler)
    return out


def _cut_after(setting: Setting, filler: Filler, slot: SlotSource) -> Filler:
    """A text up to the last word or name in it that the slot asks for: 伙伴关系10周年 is 伙伴关系."""
    if filler.type is not None:
        return filler
    ends = [filler.text.rfind(word) + len(word) for word in slot.has_words if word in filler.text]
    items = setting.view.items_in(filler.start, filler.end)
    ends += [item.end - filler.start for item in items if item.type in slot.has_types]
    stop = min(max(ends, default=0), len(filler.text))
    return replace(filler, text=filler.text[:stop], end=filler.start + stop) if stop else filler


def _object_names(setting: Setting, slot: SlotSource) -> list[Filler]:
    for phrase in setting.clause.phrases:
        if setting.trigger.end <= phrase.start <= setting.trigger.end + 4 and not phrase.genitive:
            return [f for f in names_of(phrase) if f.type in slot.types]
    return []


def _title(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The office named after the trigger."""
    found = setting.grammar.title.search(setting.masked, setting.trigger.end, setting.clause.end)
    if not found or found.start() - setting.trigger.end > 16:
        return []
    return [Filler(setting.view.text[found.start() : found.end()], None, found.start(), found.end())]


def _witnessed(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What is seen signed: 见证签署X, 见证X的签署."""
    masked, start = setting.masked, setting.trigger.end
    found = setting.grammar.signing.search(masked, start, setting.clause.end)
    if not found:
        return []
    if found.start() - start <= 2:
        named = [n for p in setting.clause.phrases if p.start >= found.end() for n in names_of(p)]
        typed = [n for n in named if n.type in slot.types]
        return typed or words_at(setting, found.end(), setting.stop)
    return words_at(setting, start, found.start())


def _levied(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What is levied: 加征关税."""
    return _noun(setting, setting.trigger.start, setting.stop) if setting.stop > setting.trigger.end else []


# -- texts before the trigger ------------------------------------------------------------------------
def _theme(setting: Setting, slot: SlotSource) -> list[Filler]:
    """对 X 表示…: all that stands between the marker and the trigger."""
    begin = _marked(setting, ("to", "about"))
    if begin is None:
        return []
    end, tags = setting.edge, setting.view.tags
    while end > begin and tags[end - 1] == "d":
        end -= 1
    item = setting.view.item_at(begin)
    if item is not None and item.end >= end and slot.take == "clause" and item.pronoun:
        return []
    return words_at(setting, begin, end)


def _at_text(setting: Setting, slot: SlotSource) -> list[Filler]:
    """在 X 上相互支持: what stands between the marker and the closing locative."""
    begin = _marked(setting, ("at",))
    if begin is None:
        return []
    end = setting.edge
    while end > begin and setting.view.tags[end - 1] in "dfa":
        end -= 1
    return words_at(setting, begin, end)


def _marked(setting: Setting, cases: Sequence[str]) -> int | None:
    grammar, view = setting.grammar, setting.view
    for found in grammar.case.finditer(view.masked, setting.clause.start, setting.edge):
        if grammar.case_of[found.group()] in cases and view.bounds[found.start()] and view.bounds[found.end()]:
            return found.end()
    return None


def _before(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The clause before, as a text: …，对此表示祝贺."""
    if setting.at <= setting.first:
        return []
    clause = setting.clauses[setting.at - 1]
    return words_at(setting, clause.start, clause.end)


def _urged(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What is called for: after 呼吁 and whom it addresses, also in the clause that follows."""
    start, stop = setting.trigger.end, setting.clause.end
    for phrase in setting.clause.phrases:
        if start <= phrase.start <= start + 2 and not phrase.tail and not phrase.genitive:
            start = phrase.end
    if stop - start < 4 and setting.at + 1 < len(setting.clauses):
        clause = setting.clauses[setting.at + 1]
        start, stop = clause.start, clause.end
    return words_at(setting, start, stop)


def _obliged(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What another party ought to do: the words after the modal, where its subject is not the speaker's."""
    subject, discourse = setting.clause.subject, setting.discourse
    if subject is None or subject.end > setting.edge or not discourse.in_speech:
        return []
    own = {discourse.speaker, discourse.home.get(discourse.speaker or "")}
    if len(subject.names) != 1 or own & set(subject.names):
        return []
    return words_at(setting, setting.trigger.end, setting.clause.end)


# -- fields and frameworks ---------------------------------------------------------------------------
def _light_end(setting: Setting, start: int, stop: int) -> int:
    """The end of the last light verb in [start, stop), or `start`."""
    view, end = setting.view, start
    for found in setting.grammar.light.finditer(view.masked, start, stop):
        if view.bounds[found.start()] and view.bounds[found.end()]:
            end = found.end()
    return end


def _modifier(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The words that modify a noun of action: from the last light verb, subject or companion to it."""
    begin, end = setting.clause.start, setting.edge
    subject = setting.clause.subject
    if subject is not None and subject.end <= end:
        begin = max(begin, subject.end)
    for phrase in setting.clause.phrases:
        if phrase.case == "with" and phrase.end <= end:
            begin = max(begin, phrase.end)
    start = _light_end(setting, begin, end)
    return _listed(setting, start, end, slot.words) if slot.take == "list" else words_at(setting, start, end)


def _domain(setting: Setting, slot: SlotSource) -> list[Filler]:
    """在A、B等领域: the field that is marked as one, in the trigger's clause or the one before."""
    grammar, masked = setting.grammar, setting.masked
    for clause in (setting.clause, *reversed(setting.clauses[max(setting.first, setting.at - 1) : setting.at])):
        for found in grammar.domain.finditer(masked, clause.start, clause.end):
            if clause is setting.clause and found.start() > setting.edge:
                break
            begin = _light_end(setting, clause.start, found.start())
            fillers = _listed(setting, begin, found.start(), slot.words)
            if fillers:
                return fillers
    return []


@lru_cache(maxsize=64)
def _strippers(words: Sequence[str], joins: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    general = alternation(words) or "(?!)"
    return re.compile(f"^(?:{general})+"), re.compile(f"(?:{general})+$"), re.compile("[，]|" + alternation(joins))


def _listed(setting: Setting, start: int, stop: int, words: Sequence[str]) -> list[Filler]:
    """The items of a coordination in [start, stop), without the general words at their ends."""
    text, masked, bounds = setting.view.text, setting.masked, setting.view.bounds
    head, tail, split = _strippers(tuple(words), setting.grammar.joins)
    marks = [m for m in split.finditer(masked, start, stop) if bounds[m.start()] and bounds[m.end()]]
    edges = [start, *(edge for m in marks for edge in (m.start(), m.end())), stop]
    out: list[Filler] = []
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        while begin < end and masked[begin] in (NAME, PRONOUN, DATE):
            begin += 1
        lead = head.match(masked[begin:end])
        begin += lead.end() if lead else 0
        rest = tail.search(masked[begin:end])
        end = begin + rest.start() if rest else end
        piece = masked[begin:end].strip(_MARKS)
        if 1 < len(piece) <= 14 and not {NAME, DATE, PRONOUN} & set(piece):
            out.append(Filler(text[begin:end].strip(_MARKS + _QUOTES), None, begin, end))
    return out


def _framework(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Bodies, initiatives and mechanisms that the clause marks as a framework."""
    clause, grammar, out = setting.clause, setting.grammar, []
    for phrase in clause.phrases:
        if phrase is clause.subject:
            continue
        after = phrase.tail + setting.masked[phrase.end : phrase.end + 14]
        marked = any(word in after for word in slot.words)
        if marked or setting.masked[clause.start : phrase.start].rstrip(_QUOTES).endswith(grammar.building):
            out += [f for f in names_of(phrase) if not slot.types or f.type in slot.types]
    return out


# -- words of the trigger ----------------------------------------------------------------------------
def _word(setting: Setting, slot: SlotSource) -> list[Filler]:
    t = setting.trigger
    return [Filler(setting.view.text[t.start : t.end], None, t.start, t.end)]


def _span(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What stands between the two parts of the trigger, with the second: 达成[许多共识]."""
    t = setting.trigger
    return words_at(setting, t.lead + t.lead_length, t.end)


def _same_event(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The event that the document is about, where a clause ends with 出席 or 参加 alone."""
    t = setting.trigger
    if setting.masked[t.end : t.end + 1] not in (*_CLAUSE_MARKS, *setting.grammar.and_then, "") or setting.discourse.event is None:
        return []
    name = setting.discourse.event
    return [Filler(name, setting.discourse.types.get(name), t.start, t.end)]


SOURCES: Mapping[str, Source] = {
    "subject": _subject,
    "speaker": _speaker,
    "other": _other,
    "definite": _definite,
    "object-place": _object_place,
    "parties": _parties,
    "near": _near,
    "member-before": _member_before,
    "owner": _owner,
    "greeted": _greeted,
    "invited-one": _invited_one,
    "invited-to": _invited_to,
    "object": _object,
    "object-names": _object_names,
    "title": _title,
    "witnessed": _witnessed,
    "levied": _levied,
    "theme": _theme,
    "at-text": _at_text,
    "before": _before,
    "urged": _urged,
    "obliged": _obliged,
    "modifier": _modifier,
    "domain": _domain,
    "framework": _framework,
    "word": _word,
    "span": _span,
    "same-event": _same_event,
    **{
        case: _by_case(case)
        for case in ("with", "to", "for", "at", "by", "invited", "disposal", "from", "about")
    },
}
