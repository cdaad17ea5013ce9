"""Words as fillers: trimming a stretch of text to the noun or clause that it holds."""

from __future__ import annotations

from collections.abc import Collection

from kgx.nlp.clauses import Phrase
from kgx.nlp.setting import Filler, Setting

OPENS, CLOSES = "“”"
QUOTES = "“”\"'《》 "
MARKS = "，,。；;：:、！？!? \n"
LONGEST = 40  # characters of a text filler, by the guidelines


def names_of(phrase: Phrase) -> list[Filler]:
    """A phrase's names as fillers."""
    return [Filler(n, t, phrase.start, phrase.end) for n, t in zip(phrase.names, phrase.types, strict=True)]


def words_at(setting: Setting, start: int, stop: int) -> list[Filler]:
    """The words in [start, stop), trimmed of marks and shortened; an entity where they are its name."""
    text = setting.view.text
    start = after_aspect(setting, start, stop)
    while start < stop and text[start] in MARKS:
        start += 1
    while stop > start and text[stop - 1] in MARKS:
        stop -= 1
    if stop > start and text[stop - 1] == setting.grammar.genitive:
        stop -= 1
    if stop - start > 3 and text[stop - 1] == setting.grammar.et_cetera and setting.view.bounds[stop - 1]:
        stop -= 1
    start, stop = paired(setting, start, stop)
    if stop - start < 2:
        one = setting.view.item_at(start)  # a country by its one character: 对俄制裁
        whole = one is not None and stop - start == 1 and one.end - one.start == 1 and len(one.names) == 1
        return [Filler(one.names[0], one.type, start, stop)] if one is not None and whole else []
    if stop - start > LONGEST:
        comma = max(text.rfind(mark, start, start + LONGEST) for mark in "，、")
        start, stop = paired(setting, start, comma if comma > start + 8 else start + LONGEST)
    item = setting.view.item_at(start)
    quoted = text[start] in QUOTES and setting.view.item_at(start + 1)
    item = item or quoted or None
    whole = item is not None and text[start:stop].strip(QUOTES) == text[item.start : item.end].strip(QUOTES)
    if item is not None and whole and len(item.names) == 1:
        return [Filler(item.names[0], item.type, start, stop)]
    return [Filler(text[start:stop], None, start, stop)]


def paired(setting: Setting, start: int, stop: int) -> tuple[int, int]:
    """The words in [start, stop) with no quotation mark but in pairs.

    They take in what stands quoted to its other mark, where that is near; else they end before the mark.
    """
    text, trigger, clause = setting.view.text, setting.trigger, setting.clause
    opened = None
    for at in range(start, stop):
        if text[at] == OPENS:
            opened = at
        elif text[at] == CLOSES and opened is None:
            least = trigger.end if start >= trigger.end else clause.start
            first = text.rfind(OPENS, least, start)
            if first < 0:
                return (start, at) if at > start else paired(setting, start + 1, stop)
            start = first
        elif text[at] == CLOSES:
            opened = None
    if opened is None:
        return start, stop
    last = text.find(CLOSES, stop, start + LONGEST)
    if last >= 0 and OPENS not in text[stop:last]:
        return start, last + 1
    if opened == start:
        return paired(setting, start + 1, stop)
    return start, start + len(text[start:opened].rstrip(MARKS))


def noun(setting: Setting, start: int, stop: int, keeps: Collection[str] = ()) -> list[Filler]:
    """The noun phrase in [start, stop), from its last modifier's 的 on where that is a clause or a name.

    Names of the types in `keeps`, and clauses with no other name, stay before their 的. The phrase
    ends where what was done is itself judged (袭击学校*的行为*, 袭击使馆*违反*…).
    """
    masked = setting.masked
    start = after_aspect(setting, start, stop)
    stop = next(setting.grammar.whole(setting.grammar.deeds, setting.view, start + 1, stop), stop)
    last = masked.rfind(setting.grammar.genitive, start, stop)
    if last >= 0 and stop - last > 2:
        named = any(item.type not in keeps for item in setting.view.items_in(start, last))
        if named or not keeps and "v" in setting.view.tags[start:last]:
            start = last + 1
    return words_at(setting, start, stop)


def after_aspect(setting: Setting, start: int, stop: int) -> int:
    """Where the words begin after an aspect particle (签署了…)."""
    found = setting.grammar.aspect.match(setting.masked, start, stop)
    whole = found is not None and bool(setting.view.bounds[found.end()])  # but 要|着力
    return found.end() if found and whole else start
