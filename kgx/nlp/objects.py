"""Sources of objects: what follows the trigger, as names, nouns or clauses."""

from __future__ import annotations

import itertools
from dataclasses import replace

from kgx.nlp.setting import Filler, Setting, topic
from kgx.nlp.view import DATE, NAME
from kgx.nlp.wording import LONGEST, MARKS, QUOTES, after_aspect, names_of, noun, paired, words_at
from kgx.schemas.frames import SlotSource

_CLOSERS = MARKS + "”》"
_OBJECT_CASES = (None, "at", "disposal")
_OFFICE = 16  # how far after the trigger an office may be named, in characters
_NEAR = 24  # how far after its verb an object may begin, in characters
_FAR = 60  # the same where a relative clause describes it


def _trim(setting: Setting, stop: int) -> int:
    while stop > setting.trigger.end and setting.masked[stop - 1] in _CLOSERS:
        stop -= 1
    return stop


def object_(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What follows the trigger, in the form that the slot takes: names, either, a noun, the clause."""
    start, stop = setting.trigger.end, setting.stop
    if slot.take == "clause":
        if slot.rest:
            return having(setting, slot, _rest(setting))
        start = _after_joined(setting, start, setting.clause.end)
        # 并表示 and the like are no part of what is said before them
        whole = setting.clause.end if setting.clause.end - stop > 4 else stop
        whom = setting.view.item_at(start)
        if whom is not None and setting.masked.startswith(setting.grammar.causing, whom.end):
            whole = whom.end
        return having(setting, slot, words_at(setting, start, whole))
    if slot.take == "noun":
        whom = setting.view.item_at(start) if slot.addressed else None
        start = whom.end if whom is not None else start
        found = having(setting, slot, noun(setting, start, stop, slot.keeps))
        return [filler for filler in found if filler.type not in slot.text_only]
    named = _named(setting, slot, start, stop)
    if named or slot.take != "either":
        return named
    start = _short(setting, start, stop) if slot.ends else start
    found = having(setting, slot, _resolve(setting, noun(setting, start, stop)))
    last = setting.masked.rfind(setting.grammar.genitive, start, stop)
    if not found and slot.ends and last > start:  # 签署备忘录*的国家*
        return having(setting, slot, noun(setting, start, last))
    return found


def _named(setting: Setting, slot: SlotSource, start: int, stop: int) -> list[Filler]:
    """The names that make up the object: a list, or the phrase at its head."""
    phrases = [p for p in setting.clause.phrases if start <= p.start < stop and p.case in _OBJECT_CASES]
    if not phrases:
        return []
    if slot.take == "either" and len(phrases) > 1:
        typed = all(set(p.types) <= set(slot.types) for p in phrases)
        if typed and all(_listed(setting, a.end, b.start) for a, b in itertools.pairwise(phrases)):
            return [filler for p in phrases for filler in names_of(p)]
    de = setting.grammar.genitive
    head = next((p for p in phrases if setting.masked[p.start - 1] == de and not p.genitive), None)
    best = head or phrases[0]
    fits = not slot.types or bool(set(best.types) & set(slot.types))
    if slot.take == "names" and "Person" not in slot.types and any(len(i.names) > 1 for i in best.items):
        return []  # 考察*中法*合作项目
    near = best.start - start <= (_NEAR if head is None else _FAR)
    described = setting.head is not None and best.end == stop  # *到访甲国*的乙国总理
    close = near and not best.tail and (described or not best.genitive)
    people = setting.grammar.people.search(setting.masked, best.end, stop)  # 复信*甲国*友好人士
    heads = "Person" in best.types or people is None
    whole = slot.take == "names" or slot.eager and heads or best.end >= _trim(setting, stop) - 3
    whole = whole or setting.grammar.when.match(setting.masked, best.end, stop) is not None
    whole = whole or setting.grammar.led.match(setting.masked, best.end, stop) is not None
    return names_of(best) if close and fits and whole else []


def _short(setting: Setting, start: int, stop: int) -> int:
    """Where the noun begins that heads a long list of fields: 甲、乙、丙等领域*多项合作文件*."""
    if stop - start <= LONGEST:
        return start
    last = max((m.end() for m in setting.grammar.domain.finditer(setting.masked, start, stop)), default=0)
    last = last or setting.masked.rfind(setting.grammar.et_cetera, start, stop) + 1
    return last if last > start and stop - last > 1 else start


def _listed(setting: Setting, start: int, stop: int) -> bool:
    """Whether nothing but joining words and brackets stands in [start, stop)."""
    gap = setting.masked[start:stop].strip(QUOTES)
    return not gap or gap in setting.grammar.joins


def _rest(setting: Setting) -> list[Filler]:
    """All that is agreed: the words after the trigger, with clauses that go on without a subject."""
    stop = setting.clause.end
    about = topic(setting.grammar, setting.view, setting.trigger, setting.clause)
    if about is not None:
        return words_at(setting, setting.trigger.end, about[1])  # 对甲决定*停火*表示欢迎
    following = setting.clauses[setting.at + 1 :]
    if setting.discourse.in_speech:  # in a report of it, what follows is comment
        following = following[:1] if stop - setting.trigger.end < 2 else ()
    for clause in following:
        verbal = setting.view.tags[clause.start] == "v"
        disposal = setting.grammar.case_of.get(setting.masked[clause.start]) == "disposal"
        if not (verbal or disposal) or clause.end - setting.trigger.end > LONGEST + 2:
            break
        stop = clause.end
    return words_at(setting, setting.trigger.end, stop)


def _resolve(setting: Setting, fillers: list[Filler]) -> list[Filler]:
    """本届论坛 as the named forum: the nearest event before it whose name ends with the noun."""
    out = []
    for filler in fillers:
        noun = setting.grammar.determiner.sub("", filler.text)
        event = (
            _event_before(setting, noun, filler.start)
            if filler.type is None and 2 <= len(noun) <= 4
            else None
        )
        main = setting.discourse.event or ""
        if (
            event is None
            and noun in setting.grammar.gatherings
            and setting.discourse.types.get(main) == "Event"
        ):
            event = main
        out.append(Filler(event, "Event", filler.start, filler.end) if event else filler)
    return out


def _event_before(setting: Setting, noun: str, offset: int) -> str | None:
    for item in reversed(setting.view.items_in(0, offset)):
        if item.type == "Event" and len(item.names) == 1 and item.names[0].endswith(noun):
            return item.names[0]
    return None


def definite(setting: Setting, slot: SlotSource) -> list[Filler]:
    """A common noun that begins the clause and stands for a named event: 论坛由…主办."""
    clause = setting.clause
    stop = clause.start
    while stop < setting.edge and setting.view.tags[stop] in "nrq":
        stop += 1
    if stop == clause.start:
        return []
    return [f for f in _resolve(setting, words_at(setting, clause.start, stop)) if f.type is not None]


def held(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What the clause says is held, as written: *甲国独立日招待会*4日在乙地举行."""
    view, clause = setting.view, setting.clause
    start = setting.grammar.past_openers(view, clause.start)
    while start < setting.edge and view.masked[start] == DATE:
        start += 1
    found = ((view.text.rfind(w, start, setting.edge), len(w)) for w in slot.ends)
    stop, begin = max(((at + size, at) for at, size in found if at > start), default=(start, start))
    if begin == start or not view.bounds[stop] or "v" in view.tags[stop : setting.edge]:
        return []
    name = view.item_at(stop - 1)
    if name is not None and name.end > stop:
        return []  # a word of a longer name: 甲论坛年会
    marked = any(p.marker is not None and start <= p.marker < stop for p in clause.phrases)
    return [] if marked or "v" in view.tags[start:begin].rstrip("v") else noun(setting, start, stop)


def within_object(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The parties that the object itself names as a group: 建立中突战略伙伴关系."""
    for item in setting.view.items_in(setting.trigger.end, setting.clause.end):
        if len(item.names) > 1:
            kinds = setting.discourse.types
            return [Filler(name, kinds.get(name), item.start, item.end) for name in item.names]
    return []


def object_place(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The place that the object names or begins with: 打击了甲地、乙地的目标."""
    start = setting.trigger.end
    last = max(start + 2, after_aspect(setting, start, setting.clause.end))
    for phrase in setting.clause.phrases:
        if start <= phrase.start <= last:
            return [f for f in names_of(phrase) if f.type in slot.types]
    return []


def _after_joined(setting: Setting, start: int, stop: int) -> int:
    """Where the object begins that a trigger shares with a verb joined to it: 感谢*并欢迎*乙来访."""
    view, grammar = setting.view, setting.grammar
    joins = (grammar.and_then, *sorted(grammar.joins, key=len, reverse=True))
    at = next((start + len(j) for j in joins if view.masked.startswith(j, start)), start)
    glued = view.masked.startswith(grammar.glued, at)  # 并愿 is one word to a segmenter
    if at == start or not (view.bounds[at] or glued):
        return start
    while at < stop and (view.tags[at] in "ad" or view.masked.startswith(grammar.glued, at)):
        at += 1  # 支持*并愿积极落实*倡议
    end = at
    joined = "viln" if at - start == 1 else "vil"  # 坚持和*发展*…: what 和 joins to a verb is one
    while end < stop and view.tags[end] in joined and (end == at or not view.bounds[end]):
        end += 1
    if end > at and not view.tags[end:stop].strip("v"):
        return stop  # 赞赏、*感谢*: of what, is not said
    return end if end > at else start


def having(setting: Setting, slot: SlotSource, fillers: list[Filler]) -> list[Filler]:
    """Keep a text that holds a name of the types, or one of the words, that the slot asks for."""
    fillers = [f for f in fillers if not any(word in f.text for word in slot.lacks_words)]
    if slot.named:
        fillers = [f for f in fillers if f.type is not None or setting.view.items_in(f.start, f.end)]
    if slot.ends:
        fillers = [f for f in fillers if f.type is not None or f.text.endswith(slot.ends)]
    if slot.cut:
        fillers = [_cut_after(setting, f, slot) for f in fillers]
    if slot.heads:  # 提供*燃料*的基地: a thing that describes another is not what is given
        fillers = [f for f in fillers if not setting.masked.startswith(setting.grammar.genitive, f.end)]
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
    length = min(max(ends, default=0), len(filler.text))
    if not length:
        return filler
    start, stop = paired(setting, filler.start, filler.start + length)
    return replace(filler, text=setting.view.text[start:stop], start=start, end=stop)


def object_names(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The names right after the trigger: whose office somebody takes."""
    beside = setting.view.item_at(setting.trigger.end)
    for phrase in setting.clause.phrases:
        if setting.trigger.end <= phrase.start <= setting.trigger.end + 4 and not phrase.genitive:
            if beside is not None and beside.type in slot.types and not set(beside.names) & set(phrase.names):
                return [Filler(name, beside.type, beside.start, beside.end) for name in beside.names]
            return [f for f in names_of(phrase) if f.type in slot.types]
    return []


def title(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The office named after the trigger."""
    found = _title_after(setting)
    if found is None:
        return []
    return [Filler(setting.view.text[found[0] : found[1]], None, *found)]


def title_lost(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The same, also where it says who loses it: 罢免*议长*张三."""
    found = _title_after(setting, held=True)
    return [] if found is None else [Filler(setting.view.text[found[0] : found[1]], None, *found)]


def whose(setting: Setting, slot: SlotSource) -> list[Filler]:
    """The state or body whose office is named after the trigger: 当选*甲国*总统, 任命张三为*甲部*部长."""
    found = _title_after(setting)
    item = setting.view.item_at(found[0] - 1) if found is not None else None
    if item is None or item.start < setting.trigger.end or len(item.names) != 1:
        return []
    return [Filler(item.names[0], item.type, item.start, item.end)]


def _title_after(setting: Setting, held: bool = False) -> tuple[int, int] | None:
    """Where the words of office after the trigger stand, but not within a longer word (轮值主席*国*).

    With the nouns right before them, which say for what (为*国防部长*). Those that a name follows only say
    who that is, and count where they are `held`.
    """
    view, start = setting.view, setting.trigger.end
    for one in setting.grammar.case.finditer(view.masked, start, setting.clause.end):
        if (
            setting.grammar.case_of[one.group()] == "for"
            and view.bounds[one.start()]
            and view.bounds[one.end()]
        ):
            start = one.end()  # 任命副总理张三*为总理*
            break
    found = setting.grammar.title.search(view.masked, start, setting.clause.end)
    while found and not (view.bounds[found.end()] and _names_office(setting, found.group())):
        found = setting.grammar.title.search(view.masked, found.start() + 1, setting.clause.end)
    if found is None or found.start() - start > _OFFICE:
        return None
    holder = view.item_at(found.end())
    if holder is not None and holder.type == "Person" and not held:
        return None  # 当选*总统张三*来访
    first = found.start()
    address = [at + 2 for at in range(start, first) if not _names_office(setting, view.masked[at : at + 2])]
    start = max(address, default=start)  # 张三*同志*委员职务
    while first > start and view.tags[first - 1] in "nj" and view.masked[first - 1] != NAME:
        first -= 1
    return first, found.end()


def _names_office(setting: Setting, title: str) -> bool:
    """Whether a title is of an office, no mere form of address: 同志."""
    return setting.grammar.kind_of.get(title) != "address"


def witnessed(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What is seen signed: 见证签署X, 见证X的签署."""
    masked, start = setting.masked, setting.trigger.end
    found = setting.grammar.signing.search(masked, start, setting.clause.end)
    if not found:
        return []
    signed = any(start <= p.start <= start + 1 and p.end == found.start() for p in setting.clause.phrases)
    if signed or found.start() - start <= 2:  # 见证*甲和乙*签署X
        named = [n for p in setting.clause.phrases if p.start >= found.end() for n in names_of(p)]
        typed = [n for n in named if n.type in slot.types]
        return typed or words_at(setting, _short(setting, found.end(), setting.stop), setting.stop)
    return words_at(setting, _short(setting, start, found.start()), found.start())


def levied(setting: Setting, slot: SlotSource) -> list[Filler]:
    """What is levied, by the trigger's own words: 加征关税, 反制措施."""
    t = setting.trigger
    light = setting.masked[t.lead : t.lead + t.lead_length]
    start = t.lead + t.lead_length if setting.grammar.light.fullmatch(light) else t.lead
    return having(setting, slot, noun(setting, start, setting.stop))
