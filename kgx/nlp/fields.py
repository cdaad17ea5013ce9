"""Sources of fields and frameworks: in what, and within what, parties cooperate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kgx.nlp.grammar import alternation
from kgx.nlp.objects import having
from kgx.nlp.setting import Filler, Setting
from kgx.nlp.view import DATE, NAME, PRONOUN
from kgx.nlp.wording import MARKS, QUOTES, names_of, words_at
from kgx.schemas.frames import SlotSource


def _light_end(setting: Setting, start: int, stop: int) -> int:
    """Where the light verbs at the head of [start, stop) end, which may be joined (扩大和深化).

    A light verb that is itself in the list that follows is a noun there (可持续发展、扶贫).
    """
    view, grammar, end = setting.view, setting.grammar, start
    for found in grammar.light.finditer(view.masked, start, stop):
        if not (view.bounds[found.start()] and view.bounds[found.end()]):
            continue
        between = view.masked[end : found.start()]
        begun = end > start and any(mark in between for mark in grammar.list_marks)
        follows = view.masked[found.end() : stop]
        verb = view.tags[found.start()] == "v" if not follows else not follows.startswith(grammar.list_marks)
        anew = verb and between.endswith(grammar.list_marks)
        if begun and between not in grammar.list_marks and not anew:
            break
        mark = next((m for m in grammar.list_marks if view.masked.startswith(m, found.end())), None)
        if mark and not grammar.light.match(view.masked, found.end() + len(mark), stop):
            break
        end = found.end()
    return end


def modifier(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The words that modify a noun of action: from the last light verb, subject or companion to it.

    A slot that takes a noun gets all that stands between the last name and the trigger.
    """
    begin, end = setting.clause.start, setting.edge
    subject = setting.clause.subject
    if subject is not None and subject.end <= end:
        begin = max(begin, subject.end)
    for phrase in setting.clause.phrases:
        if phrase.case == "with" and phrase.end <= end:
            begin = max(begin, phrase.end)
    if slot.take == "noun":
        items = setting.view.items_in(begin, end)
        return having(setting, slot, words_at(setting, items[-1].end if items else begin, end))
    start = _light_end(setting, begin, end)
    marked = setting.grammar.domain.search(setting.masked, start, end)
    end = marked.start() if marked else end
    return _listed(setting, start, end, slot.words) if slot.take == "list" else words_at(setting, start, end)


def domain(setting: Setting, slot: SlotSource) -> list[Filler]:
    """在A、B等领域: the field that is marked as one, in the trigger's clause or the one before."""
    grammar, masked = setting.grammar, setting.masked
    for clause in (
        setting.clause,
        *reversed(setting.clauses[max(setting.first, setting.at - 1) : setting.at]),
    ):
        for found in grammar.domain.finditer(masked, clause.start, clause.end):
            if clause is setting.clause and found.start() > setting.edge:
                break
            named = [p.end for p in clause.phrases if p.case in (None, "with") and p.end <= found.start()]
            begin = _light_end(setting, max(named, default=clause.start), found.start())
            fillers = _listed(setting, begin, found.start(), slot.words)
            if fillers:
                return fillers
    return []


@lru_cache(maxsize=64)
def _strippers(words: Sequence[str], joins: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    general = alternation(words) or "(?!)"
    return (
        re.compile(f"^(?:{general})+"),
        re.compile(f"(?:{general})+$"),
        re.compile("[，]|" + alternation(joins)),
    )


def _listed(setting: Setting, start: int, stop: int, words: Sequence[str]) -> list[Filler]:
    """The items of a coordination in [start, stop), without the general words at their ends."""
    text, masked, bounds = setting.view.text, setting.masked, setting.view.bounds
    head, tail, split = _strippers(tuple(words), setting.grammar.joins)
    marks = [m for m in split.finditer(masked, start, stop) if bounds[m.start()] and bounds[m.end()]]
    edges = [start, *(edge for m in marks for edge in (m.start(), m.end())), stop]
    unfit = {NAME, DATE, PRONOUN, setting.grammar.genitive, setting.grammar.copula}
    out: list[Filler] = []
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        begin = first
        while begin < end and masked[begin] in (NAME, PRONOUN, DATE):
            begin += 1
        beyond = masked.find(setting.grammar.et_cetera, begin, end)
        if beyond > begin and setting.view.tags[beyond] == "u":
            end = beyond
        lead = head.match(masked[begin:end])
        begin += lead.end() if lead and bounds[begin + lead.end()] else 0
        whole = end
        rest = tail.search(masked[begin:end])
        end = begin + rest.start() if rest and bounds[begin + rest.start()] else end
        piece = masked[begin:end].strip(MARKS)
        cut = end < whole  # 中老铁路*建设*, but 中美禁毒合作
        of_name = cut and begin > first and masked[begin - 1] == NAME and len(piece) <= 2
        if (
            1 < len(piece) <= 14
            and not unfit & set(piece)
            and not of_name
            and _is_field(setting, begin, end, alone=not marks)
        ):
            out.append(Filler(text[begin:end].strip(MARKS + QUOTES), None, begin, end))
    return out


def _is_field(setting: Setting, start: int, stop: int, alone: bool) -> bool:
    """Whether the words in [start, stop) can name a field: no number, no particle, and adjectives
    or a bare verb of furthering only in a list, where a segmenter may have mistaken a noun for one."""
    tags = setting.view.tags[start:stop]
    if alone and setting.grammar.light.fullmatch(setting.masked, start, stop):
        return False
    return tags[0] not in "cpum" and "u" not in tags and not (alone and set(tags) <= set("adz"))


def framework(setting: Setting, slot: SlotSource) -> list[Filler]:
    """Bodies, initiatives and mechanisms that the clause marks as a framework."""
    clause, grammar, out = setting.clause, setting.grammar, []
    for phrase in clause.phrases:
        if phrase is clause.subject:
            continue
        after = phrase.tail + setting.masked[phrase.end : phrase.end + 14]
        marked = any(word in after for word in slot.words)
        if marked or setting.masked[clause.start : phrase.start].rstrip(QUOTES).endswith(grammar.building):
            out += [f for f in names_of(phrase) if not slot.types or f.type in slot.types]
    return out
