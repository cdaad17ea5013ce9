"""Under which name a thing goes across documents that the lexicon does not know by the name it has in one.

Dashes, short forms of states and bodies, and the ways to write a session's number come and go. Whom a
short form of a state means (中巴), the document says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kgx.iri import identity
from kgx.lexicon import LexEntry, Lexicon
from kgx.model import EntityType, Extraction
from kgx.nlp.dateforms import number
from kgx.schemas.resolve import NUMBER, NameForm, NameRules

_SOILS = frozenset(("Country", "Place"))
_CLAUSE = re.compile("[，。；：、！？\n]")
_LONGEST = 16  # characters of a body's name in that of a meeting
_LEAST = 4  # … in the middle of it


@dataclass(frozen=True, slots=True)
class Told:
    """What a document tells of short forms: the members of its groups, and its text."""

    groups: Mapping[str, tuple[str, ...]]
    text: str


def told_by(extraction: Extraction, lexicon: Lexicon) -> Told:
    """What the document of an extraction tells of short forms."""
    entries = {one.name: lexicon.by_key.get(one.key or "") for one in extraction.entities}
    known = {name: entry.name for name, entry in entries.items() if entry is not None}
    groups = {one.surface: tuple(known.get(name, name) for name in one.members) for one in extraction.groups}
    groups |= {one.surface: (known.get(one.name, one.name),) for one in extraction.singles}
    return Told(groups, extraction.document.text)


class Names:
    """The forms of names of a rules folder and its lexicon."""

    def __init__(
        self,
        lexicon: Lexicon,
        rules: NameRules,
        own: str,
        numerals: Mapping[str, int],
        defaults: Mapping[str, str],
    ) -> None:
        """`own` is the state that stands first in the names of what it shares with another.

        `defaults` tells whom a character means where a document names none that it can stand for.
        """
        self._lexicon = lexicon
        self._rules = rules
        self._numerals = numerals
        self._defaults = defaults
        self._own = next(entry for entry in lexicon.surfaces[own] if entry.type == "Country")
        figures = f"[0-9{''.join(numerals)}]+"
        self._begun = re.compile(rules.begun.replace(NUMBER, figures))
        self._homed = {kind: re.compile(pattern) for kind, pattern in rules.homed.items()}
        self._numbered = {kind: re.compile(pattern) for kind, pattern in rules.numbered.items()}
        self._forms: dict[EntityType, list[tuple[re.Pattern[str], NameForm]]] = {}
        for form in rules.forms:
            pattern = re.compile(form.pattern.replace(NUMBER, figures))
            self._forms.setdefault(form.type, []).append((pattern, form))
        self._entries: dict[tuple[EntityType, str], LexEntry | None] = {}
        named = [(identity(one), entry) for one, entries in lexicon.surfaces.items() for entry in entries]
        for name, entry in named:
            self._enter(name, entry)
        for name, entry in named:
            for made in self._formed(entry.type, name):
                self._enter(made, entry)

    def home(self, type_: EntityType, name: str, text: str) -> str | None:
        """The state named last before a name that things of several states have: 甲国的报纸《政治报》."""
        homed = self._homed.get(type_)
        at = text.find(name) if homed is not None and homed.fullmatch(name) else -1
        before = _CLAUSE.split(text[max(at - _LONGEST, 0) : at].rstrip("《“"))[-1] if at > 0 else ""
        for start in range(len(before) - 2, -1, -1):
            for end in range(len(before), start + 1, -1):
                entries = self._lexicon.surfaces.get(before[start:end], ())
                if len(entries) == 1 and entries[0].type == "Country":
                    return entries[0].name
        return None

    def own(self, type_: EntityType, name: str) -> bool:
        """Whether each document means its own by a name: 八大行动."""
        numbered = self._numbered.get(type_)
        return numbered is not None and numbered.fullmatch(name) is not None

    def dated(self, type_: EntityType, name: str) -> bool:
        """Whether a name ends as that of what is issued again under it: a joint statement of two states."""
        return name.endswith(self._rules.dated.get(type_, ())) and not name[:1].isdecimal()

    def _enter(self, name: str, entry: LexEntry) -> None:
        place = entry.type, name
        unknown = place not in self._entries or self._entries[place] is entry
        self._entries[place] = entry if unknown else None  # None: of several

    def usual(self, type_: EntityType, name: str, told: Told) -> tuple[str, LexEntry | None]:
        """The name by which the thing is known across documents, and its entry where the lexicon has one."""
        bare = identity(name)
        if type_ not in _SOILS and name in self._lexicon.surfaces:  # another one than the lexicon's: 外交部
            return bare, None
        for form in self._rewritten(type_, bare, told):
            entry = self._entries.get((type_, form))
            if entry is not None:
                return entry.name, entry
            bare = form
        return bare, None

    def _rewritten(self, type_: EntityType, name: str, told: Told) -> Iterator[str]:
        """The name, and it again after each step that makes it more usual."""
        last = name
        yield last
        for last in (*self._paired(type_, name, told), *self._belonging(type_, name, told)):
            yield last
        for formed in self._formed(type_, last):
            last = formed
            yield last
        if type_ == "Event":
            yield self._held_by(last)

    def _formed(self, type_: EntityType, name: str) -> Iterator[str]:
        """The name as a form has it that all of it fits."""
        for pattern, form in self._forms.get(type_, ()):
            found = pattern.fullmatch(name)
            if found is None:
                continue
            parts = {
                key: str(number(text, self._numerals)) if text and key.startswith("n") else text
                for key, text in found.groupdict(default="").items()
            }
            made = form.name.format(**parts)
            entry = self._entries.get((type_, made))
            if not form.kinds or (entry is not None and entry.kind in form.kinds):
                yield made

    def _paired(self, type_: EntityType, name: str, told: Told) -> Iterator[str]:
        """The name with the two states that its first two characters stand for, the own one first.

        A number or a year may stand before them.
        """
        begun = self._begun.match(name)
        lead = begun[0] if begun is not None else ""
        name = name[len(lead) :]
        first, second, rest = name[:1], name[1:2], name[2:]
        short = self._lexicon.short
        if type_ not in self._rules.paired or not rest.endswith(self._rules.paired[type_] or ("",)):
            return
        if first not in short or second not in short or not rest or rest[0] in short or self._begins(name):
            return
        letters = [one for one in (first, second) if self._own not in short[one]]
        if len(letters) != 1:
            return
        (letter,) = letters
        pair = f"{self._own.short[0]}{letter}"
        yield f"{lead}{pair}{rest}"
        members = told.groups.get(pair) or told.groups.get(pair[::-1]) or ()
        others = [one for one in members if one != self._own.name]
        other = self._meant(letter, (f"{pair}{rest}", name), told)
        if other is None:
            other = others[0] if len(others) == 1 else self._bearer(letter, told)
        if other is not None:
            yield f"{lead}{self._own.name}-{self._rules.stands.get(other, other)}{rest}"

    def _begins(self, name: str) -> bool:
        """Whether the name begins with one that the lexicon knows."""
        ends = range(3, min(_LONGEST, len(name)) + 1)
        return any(name[:end] in self._lexicon.surfaces for end in ends)

    def _belonging(self, type_: EntityType, name: str, told: Told) -> Iterator[str]:
        """The name of a body, or of a part of a state, with the state that its first character stands for."""
        letter, rest = name[:1], name[1:]
        part = type_ == "Place" and rest in self._rules.parts
        if not (part or type_ == "Organization") or letter not in self._lexicon.short:
            return
        if self._begins(name):
            return
        members = told.groups.get(letter, ())
        other = members[0] if len(members) == 1 else self._bearer(letter, told)
        full = f"{other}{rest}"
        if other is not None and (
            part or rest in self._rules.bodies or self._entries.get((type_, full)) is not None
        ):
            yield full

    def _meant(self, letter: str, names: tuple[str, ...], told: Told) -> str | None:
        """Whom a character in a name stands for by the text, where that tells more than its groups.

        A headline on 中国—阿拉伯国家峰会 tells who 阿 in 中阿 is; where groups disagree it is who is named in
        full; where there are none, the one whom the sentence names before.
        """
        usual = self._defaults.get(letter)
        bearers = {*(one.name for one in self._lexicon.short[letter]), *filter(None, [usual])}
        headline = identity(told.text.partition("\n")[0])
        joined = {one for one in bearers if f"{self._own.name}-{one}" in headline}
        if len(joined) == 1:
            return joined.pop()
        groups = {one for key, held in told.groups.items() if letter in key for one in held} & bearers
        if len(groups) > 1:
            named = {one for one in groups if one in told.text} or groups & {usual}
            return named.pop() if len(named) == 1 else None
        at = next((at for name in names if (at := told.text.find(name)) >= 0), -1)
        if groups or at < 0:
            return None
        start = max(told.text.rfind(mark, 0, at) for mark in self._rules.stops) + 1
        beside = {one for one in bearers if one in told.text[start:at]}
        return beside.pop() if len(beside) == 1 else None

    def _bearer(self, letter: str, told: Told) -> str | None:
        """Whom a character stands for: the only one there is, or the only one that the document names."""
        usual = self._defaults.get(letter)
        bearers = {one.name for one in self._lexicon.short[letter]} | ({usual} if usual else set())
        if len(bearers) > 1:
            named = {one for one in bearers if one in told.text}
            bearers = {usual} if usual and (usual in named or not named) else named
        return bearers.pop() if len(bearers) == 1 else None

    def _held_by(self, name: str) -> str:
        """The name of a meeting with the usual names of the bodies whose meeting it is.

        Short forms stand at its beginning, number and year apart, and after a dash; longer ones anywhere.
        """
        begun = self._begun.match(name)
        start = begun.end() if begun is not None else 0
        out, at = name[:start], start
        while at < len(name):
            least = 2 if at == start or name[at - 1] == "-" else _LEAST
            for end in range(min(at + _LONGEST, len(name) - 2), at + least - 1, -1):
                entry = self._entries.get(("Organization", name[at:end]))
                if entry is not None:
                    out, at = f"{out}{identity(entry.name)}", end
                    break
            else:
                out, at = f"{out}{name[at]}", at + 1
        return out


def surfaces_of(lexicon: Lexicon, kinds: Iterable[str]) -> dict[str, LexEntry]:
    """The events of these kinds by each name that no other event has."""
    wanted = frozenset(kinds)
    return {
        surface: entries[0]
        for surface, entries in lexicon.surfaces.items()
        if len(entries) == 1 and entries[0].type == "Event" and entries[0].kind in wanted
    }
