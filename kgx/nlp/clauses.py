"""Clauses and the noun phrases in them: who stands where, under which role marker.

Chinese marks roles with prepositions (同 向 对 为 在 由 应 …) and order; a phrase here is what stands
between two such marks and is headed by names: coordination (A、B和C等) is one phrase with several
names, apposition (甲国总统张三) is one name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kgx.model import EntityType
from kgx.nlp.cutting import COMMA
from kgx.nlp.grammar import Grammar
from kgx.nlp.record import record
from kgx.nlp.view import DATE, NAME, PRONOUN, Item, View

_COUNT = re.compile("[mq]+(?!N)")
_COUNTED = re.compile("(?=[mqabrf]{2}|m[nz]{2})[mqabrfnz]{2,14}[nz]")
_DASHES = ("—", "－")
_BRACKETS = "《》“”"
_NOUN_TAGS = frozenset("nasjbqm")


@record
class Phrase:
    """A noun phrase headed by names.

    `case` is the role marker's case or None; `tail` the common noun that in truth heads it (人民 in
    中国人民), empty where the names themselves do; `genitive` says that 的 follows.
    """

    start: int
    end: int
    names: tuple[str, ...]
    types: tuple[EntityType | None, ...]
    case: str | None = None
    marker: int | None = None
    tail: str = ""
    genitive: bool = False
    items: tuple[Item, ...] = ()


@record
class Clause:
    """A stretch between marks of punctuation, with its phrases in order."""

    start: int
    end: int
    phrases: tuple[Phrase, ...] = ()
    subject: Phrase | None = None
    blocked: bool = False  # has a subject of its own that names nobody
    stop: str = ""  # the mark that ends it

    @property
    def markers(self) -> frozenset[int]:
        """Where the role markers stand that govern its phrases."""
        return frozenset(phrase.marker for phrase in self.phrases if phrase.marker is not None)


Resolve = Callable[[Item], Sequence[tuple[str, EntityType | None]]]
Office = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Parser:
    """Finds the phrases of a clause. `resolve` gives the names behind an item, `office` the holder of one."""

    grammar: Grammar
    view: View
    resolve: Resolve
    office: Office

    def clause(self, start: int, end: int, stop: str) -> Clause:
        """Parse [start, end)."""
        phrases = tuple(self._cases(start, self._phrases(start, end)))
        subject = next(iter(phrases), None)
        lead_ok = subject is not None and self._opens(start, self._titles_start(start, subject))
        if subject is not None and self._when(subject, end):
            phrases = (replace(subject, case=None), *phrases[1:])
            subject = phrases[0]
            lead_ok = self._opens(start, subject.marker or subject.start)
        if subject is not None and (
            subject.case is not None or subject.genitive or subject.tail or not lead_ok
        ):
            blocked = bool(lead_ok and subject.case is None) or self._noun_first(start, end)
            later = self._subject_after_cases(start, phrases) or self._described(start, phrases)
            return Clause(start, end, phrases, later, blocked and later is None, stop)
        if subject is None:
            return Clause(start, end, phrases, None, self._noun_first(start, end), stop)
        return Clause(start, end, phrases, subject, False, stop)

    def _when(self, first: Phrase, end: int) -> bool:
        """Whether a clause tells when a person did something: 在*张三*访问甲国之际."""
        if first.case != "at" or first.genitive or first.tail or set(first.types) != {"Person"}:
            return False
        return self.grammar.temporal.search(self.view.masked, first.end, end) is not None

    def _subject_after_cases(self, start: int, phrases: tuple[Phrase, ...]) -> Phrase | None:
        """The subject where prepositional phrases stand before it: 在北京，… or 应甲邀请乙…."""
        at, by = start, False
        for phrase in phrases:
            ends = phrase.start == at and self.view.masked[at - 1] in (
                self.grammar.et_cetera,
                self.grammar.posted,
            )
            if at > start and ends:
                return None  # 对甲公司等乙国企业…, 向甲国驻乙国使团…
            if phrase.case is None:
                gap = self.view.masked[at : phrase.start].rstrip(_BRACKETS)
                if by and not gap.endswith(self.grammar.genitive):
                    return None
                opens = by or self._opens(at, self._titles_start(at, phrase))
                sound = opens and not phrase.genitive and not phrase.tail
                return phrase if sound and at > start else None
            by = phrase.case == "by"  # 由甲主办的论坛: what a relative clause describes may be the subject
            if phrase.case == "subject" or not self._opens(at, phrase.marker or phrase.start):
                return None
            localizer = self.grammar.localizers.match(self.view.masked, phrase.end)
            at = localizer.end() if localizer and phrase.case == "at" else phrase.end  # 在某问题*上*乙…
        return None

    def _described(self, start: int, phrases: tuple[Phrase, ...]) -> Phrase | None:
        """The subject that a relative clause describes: 出席论坛的甲国总理*张三*同…."""
        if self.view.tags[self.grammar.past_openers(self.view, start)] != "v":
            return None
        for phrase in phrases[:2]:
            if self.view.masked[phrase.start - 1] == self.grammar.genitive:
                sound = set(phrase.types) == {"Person"} and phrase.case is None
                return phrase if sound and not phrase.genitive and not phrase.tail else None
        return None

    def _titles_start(self, start: int, phrase: Phrase) -> int:
        """Where the nouns right before a person's name begin: they are what he or she is."""
        at = phrase.start
        if phrase.types and phrase.types[0] in ("Person", "Event"):
            join = self.grammar.title_join  # 国务委员*兼*甲部部长张三
            while at > start and self.view.masked[at - 1] != NAME:
                if self.view.tags[at - 1] not in "nxjb" and self.view.masked[at - 1] != join:
                    break
                at -= 1
        return at

    def _opens(self, start: int, end: int) -> bool:
        """Whether nothing but openers, dates and adverbs stands in [start, end)."""
        view, at = self.view, start
        while at < end:
            found = self.grammar.openers.match(view.masked, at, end)
            if found and found.end() > at:
                at = found.end()
            elif view.tags[at] in "dctfmqrpn" and view.tags[at] not in "n":
                at += 1
            else:
                title = self.grammar.title.match(view.masked, at, end)
                if not title:
                    return False
                at = title.end()
        return True

    def _noun_first(self, start: int, end: int) -> bool:
        """Whether the clause begins with a common noun: a subject that names nobody."""
        at = self.grammar.past_openers(self.view, start, end)
        marker = self.grammar.case.match(self.view.masked, at, end)
        if marker and self.view.masked.startswith(NAME, marker.end()):
            return False  # 代表甲国: a noun to the segmenter
        count = _COUNT.match(self.view.tags, at, end)
        if count and self.view.masked.endswith(self.grammar.counters, at, count.end()):
            return True  # 一群武装人员
        while at < end and self.view.tags[at] in "dcm":
            marker = self.grammar.case.match(self.view.masked, at, end)
            if marker and self.view.bounds[at] and self.view.bounds[marker.end()]:
                return False  # 就发展关系达成共识
            at += 1
        verb = self.grammar.light.match(self.view.masked, at, end)  # 深化合作: a noun to the segmenter
        if verb and verb.end() < end and self.view.bounds[verb.end()]:
            at = end if self.view.tags[verb.end()] not in "vud" else at
        named = at < end and self.view.masked[at] in (NAME, DATE, PRONOUN)
        return at < end and not named and self.view.tags[at] in "nrsbj"

    def introduced(self, start: int, item: Item) -> bool:
        """Whether an office, or whose it is, stands right before a person: 甲国总统张三."""
        before = self.view.item_at(item.start - 1) if item.start > start else None
        if before is not None:
            return before.type in ("Country", "Place", "Organization")
        return self._ends_with_title(self.view.masked[start : item.start])

    def _phrases(self, start: int, end: int) -> Iterator[Phrase]:
        items = [item for item in self.view.items_in(start, end) if item.end <= end]
        at = 0
        while at < len(items):
            group: list[Item | tuple[str, EntityType | None]] = [items[at]]
            last = at
            while last + 1 < len(items):
                link = self._link(items[last], items[last + 1])
                if link is None:
                    break
                if link == "head":
                    shared = items[last].type == "Organization" and items[last + 1].type == "Person"
                    group.pop()
                    while shared and group and getattr(group[-1], "type", "") == "Organization":
                        group.pop()  # 甲部、乙办主任*张三*
                elif isinstance(link, tuple):
                    group[-1] = (link[0], "Person")
                if link != "same":
                    group.append(items[last + 1])
                last += 1
            yield self._close(items[at].start, items[last], group, end)
            at = last + 1

    def _link(self, left: Item, right: Item) -> str | tuple[str] | None:
        """How two neighbours hang together: `head` (left modifies right), `same` (right repeats left),
        `join`, or the holder of the office that stands between them."""
        gap = self.view.masked[left.end : right.start]
        if len(gap) > 24:
            return None
        if not gap and right.pronoun in ("states", "persons") and not left.pronoun:
            return "same" if right.pronoun == "states" else "head"  # 中俄两国, 中俄两国元首
        if not gap:
            if left.pronoun or right.pronoun or left.type == right.type == "Person":
                return None
            return "join" if left.type == right.type == "Country" else "head"
        tags = self.view.tags[left.end : right.start]
        within = right.type == "Place" and left.type in ("Country", "Place")
        if within and len(gap) <= 4 and set(tags) <= {"n", "f"}:
            return "head"  # 甲国首都乙城
        if right.type == "Country" and gap in self.grammar.states:
            return "head"  # 东非*国家*肯尼亚
        bare = gap.strip(_BRACKETS)
        if gap in _DASHES or not bare and left.type == right.type and left.type != "Person":
            return "join"
        if bare in self.grammar.joins:
            return None if bare in self.grammar.companions else "join"
        if gap.startswith(COMMA):  # a clause is cut at every comma but those of a list
            return "join" if left.type == "Person" and "v" not in tags else None
        sent = left.type == "Person" and right.type in ("Person", "Organization") and "v" not in tags
        envoy = left.type == "Organization" and right.type == "Person"  # 某组织促进教育特使*乙*
        if sent and self.grammar.deputies.search(gap) or envoy and self.grammar.envoys.search(gap):
            return "head"  # 甲主席特使、国务委员*乙*, 甲主席特使、某部部长*乙*, 甲夫人、某组织特使*乙*
        title = self.grammar.title.match(gap)
        joined = self._joined(gap)
        acts = any(
            tag == "v" and char != self.grammar.title_join for tag, char in zip(tags, gap, strict=True)
        )
        ends_so = self._ends_with_title(gap) and (joined is not None or not acts)
        residue = self.grammar.title.sub("", gap)
        if residue == "":
            named = right.type == "Person" and not right.pronoun
            return "head" if named or left.type != "Person" else None
        if residue in self.grammar.joins and residue not in self.grammar.companions:
            if left.type == "Person" or not title:
                return "join"
            holder = self._holder(left, title.group())
            if holder:
                return (holder,)
            return "head" if residue == "、" else "join"
        if (
            right.type != "Person"
            or right.pronoun
            or left.pronoun
            or "，" in gap
            or self.grammar.genitive in gap
        ):
            return None
        nominal = ends_so or set(self.view.tags[left.end : right.start]) <= _NOUN_TAGS | {"x"}
        if left.type != "Person" and nominal and "、" not in residue and len(residue) <= 10:
            return "head"
        if joined is not None and ends_so:
            return "join" if left.type == "Person" else "head"
        return None

    def _ends_with_title(self, gap: str) -> bool:
        return any(found.end() == len(gap) for found in self.grammar.title.finditer(gap))

    def _joined(self, gap: str) -> str | None:
        """What follows the joining word with which `gap` begins, a title before it aside."""
        title = self.grammar.title.match(gap)
        rest = gap[title.end() :] if title else gap
        return next((rest[len(j) :] for j in sorted(self.grammar.joins) if rest.startswith(j)), None)

    def _holder(self, item: Item, title: str) -> str | None:
        return next((held for name, _ in self.resolve(item) if (held := self.office(name, title))), None)

    def _close(
        self, start: int, last: Item, group: Sequence[Item | tuple[str, EntityType | None]], end: int
    ) -> Phrase:
        """Make the phrase: titles and closers after the last name, and the noun that may head it."""
        view, grammar, at = self.view, self.grammar, last.end
        tail, titled = "", grammar.title.match(view.masked, at, end)
        if titled and titled.end() < end and not view.bounds[titled.end()]:
            titled = None  # 甲党代表团, not its 代表
        resolved: list[tuple[str, EntityType | None]] = []
        for one in group[:-1]:
            resolved += [one] if isinstance(one, tuple) else self.resolve(one)
        if titled and last.type != "Person" and not isinstance(group[-1], tuple):
            holder = self._holder(last, titled.group())
            if holder and not self._joined(view.masked[titled.end() : titled.end() + 2]):
                resolved.append((holder, "Person"))
            else:
                tail = "" if titled.group() in grammar.transparent else titled.group()
                resolved += self.resolve(last)
            at = titled.end()
        else:
            one = group[-1]
            resolved += [one] if isinstance(one, tuple) else self.resolve(one)
            if titled and titled.group() not in grammar.case_of:
                at = titled.end()
                tail = titled.group() if titled.group() in grammar.spouses else ""  # 张三夫人 is not 张三
        closed = grammar.closers.match(view.masked, at, end)
        if closed:
            at = closed.end()
            tail = tail if titled and last.type == "Organization" else ""  # 甲部副部长等
        if not tail:
            stop = at
            told = grammar.telling.match(view.masked, at, end)  # 甲国“失踪者”家属, 甲国前外交官
            if told and view.tags[told.end() : told.end() + 1] == "n":
                stop = told.end()
            while stop < end and view.tags[stop] in "nz" and view.masked[stop] not in (NAME, DATE, PRONOUN):
                stop += 1
            if stop == at and last.type in ("Country", "Place", "Organization"):
                counted = _COUNTED.match(view.tags, at, end)  # 美国多地知名大学
                stop = counted.end() if counted and DATE not in view.masked[at : counted.end()] else at
            if (post := view.masked.find(grammar.posted, at, at + 2)) >= 0:
                stop = post + 1  # 各国*驻*甲国使节, 甲国*常驻*乙组织代表
            tail = view.masked[at:stop]
            if closed and closed.group().startswith(grammar.et_cetera) or grammar.temporal.fullmatch(tail):
                tail, stop = "", at
            acting = last.type == "Person" and grammar.case.match(tail) or tail.startswith(grammar.adverbs)
            stop, tail = (at, "") if acting else (stop, tail)  # 张三*代表全体学生*致信
            acts = tail in grammar.transparent or tail.endswith(grammar.forces)
            if acts or (stop < end and tail and not view.bounds[stop]):
                at, tail = stop, ""
            elif tail:
                at = stop
        if tail and len(group) > 1 and last.type not in {i.type for i in group[:-1] if isinstance(i, Item)}:
            resolved, tail = resolved[: len(resolved) - len(self.resolve(last))], ""  # 甲部、乙部、丙国企业
        if last.type == "Event" and not tail and view.masked.startswith((NAME, PRONOUN), at, end):
            tail = view.text[at : at + 1]  # 某冲突*各方*会谈
        names = tuple(dict.fromkeys(resolved))  # order kept, repeats dropped
        return Phrase(
            start=start,
            end=at,
            names=tuple(name for name, _ in names),
            types=tuple(kind for _, kind in names),
            tail=tail,
            genitive=at + 1 < end and view.masked[at] == grammar.genitive,  # 抵达甲地的 ends so too
            items=tuple(one for one in group if isinstance(one, Item)),
        )

    def _cases(self, start: int, phrases: Iterator[Phrase]) -> Iterator[Phrase]:
        """Give each phrase the case of the role marker that governs it."""
        at = start
        for phrase in phrases:
            marker = self._marker(at, phrase.start) or self._outer_marker(start, phrase.start)
            if marker is None:
                yield phrase
            else:
                yield replace(phrase, case=marker[0], marker=marker[1])
            at = phrase.end

    def _outer_marker(self, start: int, end: int) -> tuple[str, int] | None:
        """The marker of a phrase that a relative clause precedes: 向 in 向在甲地举行的论坛."""
        view = self.view
        lead = view.masked[start:end].rstrip(_BRACKETS)
        if not lead.endswith(self.grammar.genitive):
            return None
        for one in self.grammar.case.finditer(view.masked, start, end):
            inner = self.grammar.case.match(view.masked, one.end(), end)
            verb = view.tags[one.end() : one.end() + 1] == "v"
            case = self.grammar.case_of[one.group()]
            whole = view.bounds[one.start()] and view.bounds[one.end()]
            if whole and case in ("to", "with", "for") and (inner or verb):
                return case, one.start()
        return None

    def _marker(self, start: int, end: int) -> tuple[str, int] | None:
        """The last role marker in [start, end) from which no verb stands to the phrase."""
        view, found = self.view, None
        for one in self.grammar.case.finditer(view.masked, start, end):
            glued = view.masked.startswith(self.grammar.glued, max(0, one.start() - 1), one.start())
            if view.masked.endswith(self.grammar.unmarked, start, one.end()):
                continue
            if view.bounds[one.end()] and (view.bounds[one.start()] or glued):
                found = one
        if found is None:
            return None
        if self.grammar.case_of[found.group()] == "disposal" and view.tags.startswith("v", found.end()):
            return None  # 甲军*将*打击…
        between = view.tags[found.end() : end]
        direct = end - found.end() <= 16 and (
            "v" not in between
            or view.masked[end - 1] == self.grammar.genitive
            or self._ends_with_title(view.masked[found.end() : end])  # 同自由联盟总书记张三
        )
        return (self.grammar.case_of[found.group()], found.start()) if direct else None
