"""Persons without an office in a document: who they are by the other names there, and by how they are named.

A name of two characters of the state whose names are read as they are written is many a man's: others must
speak for it, or it must stand as only a leader's does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from kgx.lexicon import LexEntry, Lexicon
from kgx.model import Entity
from kgx.nlp.claims import Titles
from kgx.nlp.persons import any_of
from kgx.offices import HEADS, heads

_LEADING = HEADS | {"politician"}  # kinds of persons
_OFFICIAL = _LEADING | {"foreign-minister", "minister"}
_CREWS = frozenset({"astronaut"})  # kinds of persons who speak for each other: names of one crew
_CENTRAL = frozenset({"party-body", "state", "congress"})  # kinds of bodies whose news names leaders barely
_HEAD = "head"  # role of who heads a ministry or the like
_CROWD = 12  # persons of a document among whom names of two characters tell nothing of each other
_BEFORE, _AFTER = 24, 24  # characters beside a name in which its office may stand
_PEERS = 2  # leaders of a state whom a document names beside one whose name alone is not enough


@dataclass(frozen=True, slots=True)
class Cues:
    """Words beside a name of two characters.

    `attendance` follows a list of names; `leading` the name of a leader, `opening` one with which a line
    begins, `headlines` that of a head of government with which a text begins; `bearing` stands right before
    the name of an official.
    """

    attendance: tuple[str, ...] = ()
    leading: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()
    bearing: tuple[str, ...] = ()


NO_CUES = Cues()


@dataclass(frozen=True, slots=True)
class Scene:
    """What a document has beside a person: its entities, the usual names of those known, day and text."""

    entities: tuple[Entity, ...]
    usual: Mapping[str, str]
    day: str | None
    text: str


class Company:
    """Knows persons by their company."""

    def __init__(self, lexicon: Lexicon, titles: Titles, cues: Cues) -> None:
        """`titles` knows the states of bodies, and the words for offices."""
        self._lexicon, self._titles, self._cues = lexicon, titles, cues
        words = cues.attendance
        self._attending = re.compile(f"(?:、[一-龥]{{2,4}})*等?(?:{any_of(words)})") if words else None

    def known(
        self, weak: Mapping[str, LexEntry], found: Mapping[str, LexEntry], scene: Scene
    ) -> dict[str, LexEntry]:
        """Those of `weak`, who have no office, for whom the document speaks; `found` are certain."""
        if not weak:
            return {}
        named = set(self._named(scene))
        out = self._beside(weak, found, named, scene)
        central = any(map(self._central, scene.entities))
        for name, entry in weak.items():
            if self._heads(name, entry, scene) or (central and self._leads(name, entry, scene.text)):
                out[name] = entry
        return out

    def _named(self, scene: Scene) -> Iterator[str]:
        """What a document names; an event that begins with the name of a body names that too."""
        for one in scene.entities:
            yield scene.usual.get(one.name, one.name)
            if one.type == "Event":
                for end in range(len(one.name) - 1, 1, -1):
                    for entry in self._lexicon.surfaces.get(one.name[:end], ()):
                        if entry.type == "Organization":
                            yield entry.name

    def _beside(
        self,
        weak: Mapping[str, LexEntry],
        found: Mapping[str, LexEntry],
        named: Set[str],
        scene: Scene,
    ) -> dict[str, LexEntry]:
        """Those for whom the document's other names speak.

        Of a name of two characters leaders of that state must be named beside it, one of them where the name
        attends (李强等参加), or the ministry that he heads that day. Where one leader of any state is
        certain, and persons are few, such names speak for each other. For any other the state or body that
        the person belongs to, or someone of it, must be named; one in parts needs nobody.
        """
        leaders: dict[str | None, int] = defaultdict(int)
        for entry in (*found.values(), *(e for n, e in weak.items() if not self.common(n, e))):
            leaders[entry.located] += entry.kind in _LEADING
        crowd = sum(one.type == "Person" for one in scene.entities) > _CROWD
        few = not crowd and any(entry.kind in _LEADING for entry in found.values())
        peers = sum(entry.kind in _OFFICIAL for entry in weak.values()) if few else 0
        certain = sum(entry.kind in _LEADING for entry in found.values()) if few else 0
        states = {self._titles.state(name) or name for name in named}
        crews = {e.kind for n, e in weak.items() if e.kind in _CREWS and not self.common(n, e)}
        out = {}
        for name, entry in weak.items():
            home = self._titles.state(entry.located) or entry.located
            if self.common(name, entry):
                beside = max(leaders[entry.located], certain + peers - (entry.kind in _OFFICIAL))
                near = (
                    beside >= (1 if self._attends(name, scene.text) else _PEERS)
                    or entry.kind in crews
                    or self._serves(name, entry, scene.text)
                    or self._directs(entry, named, scene.day)
                )
            else:
                own = home in (None, self._titles.rules.learn.read)
                near = (
                    own
                    or len(name) > 3
                    or home in states
                    or not named.isdisjoint(entry.bodies)
                    or leaders[entry.located] > (entry.kind in _LEADING)
                )
            if near and name not in entry.titled:
                out[name] = entry
        return out

    def _directs(self, entry: LexEntry, named: Set[str], day: str | None) -> bool:
        """Whether the document names the ministry, or the like, that the person heads that day."""
        return day is not None and any(
            one.role == _HEAD and one.body in named and one.holds(day, self._titles.rules.leeway)
            for one in entry.offices
        )

    def _serves(self, name: str, entry: LexEntry, text: str) -> bool:
        """Whether the text has an office or a body of the person beside the name, in no title of it.

        任命潘岳为国家民族事务委员会主任, 免去刘昆的财政部部长职务.
        """
        for at in _places(name, text):
            words = text[max(at - _BEFORE, 0) : at + len(name) + _AFTER]
            if self._titles.named(words, entry.bodies):
                return True
            for office in entry.offices:
                read = office.body == self._titles.rules.learn.read
                own = self._titles.words(office.role) if read else ()
                if text.startswith(own, at + len(name)) or self._titles.beside(
                    words, office.body, office.role
                ):
                    return True
        return False

    def _attends(self, name: str, text: str) -> bool:
        """Whether the text has the name in a list of those who attend something."""
        if self._attending is None:
            return False
        return any(self._attending.match(text, at + len(name)) for at in _places(name, text))

    def _central(self, entity: Entity) -> bool:
        """Whether an entity is an organ of the state or of the leading party whose names are read."""
        entry = self._lexicon.by_key.get(entity.key or "")
        return (
            entry is not None
            and entry.kind in _CENTRAL
            and self._titles.state(entry.located) in (None, self._titles.rules.learn.read)
        )

    def _heads(self, name: str, entry: LexEntry, scene: Scene) -> bool:
        """Whether a headline begins with the bare name of who heads the state or its government that day."""
        if scene.day is None or not self.common(name, entry) or not scene.text.startswith(name):
            return False
        says = scene.text.startswith(self._cues.headlines, len(name))
        return says and heads(entry.offices, scene.day, self._titles.rules.leeway)

    def _leads(self, name: str, entry: LexEntry, text: str) -> bool:
        """Whether the text names a person as only leaders are named: 汪洋出席并讲话, 蔡奇同志不再兼任."""
        if entry.kind not in _OFFICIAL or not self.common(name, entry) or name in entry.titled:
            return False
        for at in _places(name, text):
            after = at + len(name)
            begins = not text[max(at - 1, 0) : at].strip()
            if text.startswith(self._cues.leading, after) or text.endswith(self._cues.bearing, 0, at):
                return True
            if begins and text.startswith(self._cues.opening, after):
                return True
        return False

    def common(self, name: str, entry: LexEntry) -> bool:
        """Whether the name is one of two characters in the state whose names are read as they are written."""
        return len(name) == 2 and self._titles.state(entry.located) == self._titles.rules.learn.read


def _places(name: str, text: str) -> Iterator[int]:
    """Where the text has the name."""
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)
