"""Component `kgx_positions`: which office a document gives a named person, and whose office it is.

Read from the resolved mentions: [body][what for][title][name] (欧盟外交与安全政策高级代表X), several
titles in a row (中共中央总书记、国家主席、中央军委主席X), one title for several names (记者A、B), and
the bare address (X主席), which counts only for a person without a fuller title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from kgx.lexicon import Lexicon, load_lexicon
from kgx.model import Entity, Mention, Position
from kgx.nlp.layers import normal_text, register
from kgx.nlp.namesakes import Told, namesakes, part
from kgx.nlp.persons import any_of
from kgx.nlp.record import record
from kgx.nlp.titles import titles_of
from kgx.regexes import quick
from kgx.rulebook import RuleFolder
from kgx.schemas.names import PersonRules, TitleRow

_GAP = 22  # characters, at most, between a body and the head of a title
_LONGEST = 40  # characters, at most, of a title
_BODIES = frozenset({"Country", "Organization", "Place"})
_BLANK = " \u3000"
_EDGES = _BLANK + "\n，。、：；“”（）()【】"  # before a title that a blank parts from its name
_NO_OFFICE = frozenset({"address"})
_NOT_ADDRESS = frozenset({"address", "spouse", "press", "party"})
# Offices of a party or a body, which don't hang on the country that a person is from.
_INHERITS = frozenset({"office", "deputy", "party"})
_OF_BODIES = frozenset({"office", "academic", "party", "party-head"})
# Offices of a state: without a body they are of the foreign country that the document is about.
_OF_STATES = frozenset({"head-of-state", "head-of-government", "royal", "parliament", "minister", "deputy"})
_ABOUT = 0.6  # share of the foreign countries' mentions from which a document is about one


@record
class Office:
    """A title at `start:end`, and the mention of the body whose office it is, if one stands there."""

    start: int
    end: int
    row: TitleRow
    body: Mention | None = None
    left: int = 0  # where body and title together begin


class OfficeReader:
    """Reads the titles around person mentions of a text."""

    def __init__(self, rows: Mapping[str, TitleRow], rules: PersonRules) -> None:
        """Compile the patterns of titles."""
        self.rows = rows
        self.homes = frozenset(row.home for row in rows.values() if row.home)
        self.rules = rules
        title, prefix = any_of(tuple(rows)), any_of(rules.prefixes)
        one = f"(?:{prefix})?(?:{title})"
        self._before = quick(f"(?:{one}(?:{any_of(rules.title_joins)}))*(?:{prefix})?(?P<title>{title})$")
        self._last = frozenset(word[-1] for word in rows)
        self._after = re.compile(f"(?P<title>{title})")
        self._gap = re.compile(f"(?:(?!{any_of(rules.break_words)})[^\\s{re.escape(rules.breaks)}])+")
        self._joined = re.compile(f"^(?:{any_of(rules.title_joins)})")
        self._skipped = re.compile(f"(?:{any_of(rules.skipped)})$")
        self._join_before = re.compile(f"(?:{any_of(rules.title_joins)})$")
        self._join_near = re.compile(
            f"(?:{any_of(rules.title_joins)})[^\\s{re.escape(rules.breaks)}]{{0,{_GAP}}}$"
        )
        self._subject = re.compile(any_of(rules.subjects))
        self._dateline = re.compile(f"(?:{any_of(rules.datelines)})[{_BLANK}]?[（(]$")

    def before(self, text: str, end: int, ends: Mapping[int, Mention], floor: int) -> Iterator[Office]:
        """Yield the titles before a name that begins at `end`, the nearest first."""
        blank = end > floor and text[end - 1] in _BLANK
        end -= blank
        while end > floor and text[end - 1] in self._last:
            found = self._before.search(text, max(floor, end - _LONGEST), end)
            if found is None:
                return
            start, row = found.start(), self.rows[found["title"]]
            for at in range(start + 1, end - 1):
                if at in ends and ends[at].start < start and text[at:end] in self.rows:
                    start, row = at, self.rows[text[at:end]]  # the title's first word ends a name
                    break
            office = self._whole(text, self._office(text, start, end, row, ends, floor), ends, floor)
            if blank and text[max(office.left - 1, 0)] not in _EDGES and office.left > floor:
                return  # 甲会见乙国总理 丙会见丁
            yield office
            if office.left <= floor or text[office.left - 1] != self.rules.title_list:
                return
            end = office.left - 1

    def _whole(self, text: str, office: Office, ends: Mapping[int, Mention], floor: int) -> Office:
        """The office with the one before it where both are one (国务委员兼国务院秘书长)."""
        left = office.left if office.body is not None else office.start
        pattern = self._join_near if office.body is None else self._join_before
        join = pattern.search(text, max(floor, left - _GAP), left)
        first = None if join is None else next(self.before(text, join.start(), ends, floor), None)
        if first is None:
            return office
        return replace(first, end=office.end)

    def _office(
        self, text: str, start: int, end: int, row: TitleRow, ends: Mapping[int, Mention], floor: int
    ) -> Office:
        """Find the body to the left, and what of the words between belongs to the title."""
        skipped = self._skipped.search(text, max(floor, start - 4), start)
        body_end = skipped.start() if skipped else start
        body = ends.get(body_end)
        if body is not None:
            return self._of(text, start, end, row, body, ends, floor)
        if row.open or row.kind in ("minister", "deputy", "parliament", "royal"):
            for at in range(start - 1, max(floor, start - _GAP), -1):
                body = ends.get(at)
                if body is not None:
                    gap = self._gap.fullmatch(text, at, start)
                    if gap and body.type in _BODIES and not self._joined.match(gap[0]):
                        return self._of(text, at, end, row, body, ends, floor)
                    break
                if text[at - 1] == self.rules.title_list and self._gap.fullmatch(text, at, start):
                    return Office(at, end, row, None, at)
        return Office(start, end, row, None, start)

    def _of(
        self,
        text: str,
        start: int,
        end: int,
        row: TitleRow,
        body: Mention,
        ends: Mapping[int, Mention],
        floor: int,
    ) -> Office:
        """The office at `start:end` of `body`; an envoy's (驻X大使) is his own country's."""
        tie = next((word for word in self.rules.posted if text.endswith(word, floor, body.start)), "")
        at = body.start - len(tie)
        if tie and at > floor:
            home = ends.get(at)
            return Office(at, end, row, home, home.start if home else at)
        if body.type not in _BODIES:
            return Office(start, end, row, None, start)
        if self._subject.match(text, body.end, end):
            return self._on(text, body.start, end, row, ends, floor)
        if body.type == "Place" and body.end == start and text.startswith(self.rules.committees, start):
            start -= 1  # 福州[市委书记]
        return Office(start, end, row, body, body.start)

    def _on(
        self, text: str, start: int, end: int, row: TitleRow, ends: Mapping[int, Mention], floor: int
    ) -> Office:
        """An envoy's office, whose title names what it is about: 甲国总统[乙国事务特使]."""
        sender = self._before.search(text, max(floor, start - _LONGEST), start)
        body = ends.get(sender.start() if sender else start)
        if body is None or body.type not in _BODIES:
            return Office(start, end, row, None, start)
        return Office(start, end, row, body, body.start)

    def after(self, text: str, start: int) -> tuple[int, TitleRow] | None:
        """Where the title right after a name ends, and which it is."""
        found = self._after.match(text, start)
        return (found.end(), self.rows[found["title"]]) if found else None

    def agency(self, text: str, office: Office, ends: Mapping[int, Mention]) -> Mention | None:
        """The agency of reporters named in a dateline: 某社某地5月20日电 （记者A、B）."""
        if not self._dateline.search(text, max(0, office.start - 4), office.start):
            return None
        line = text.rfind("\n", 0, office.start) + 1
        return next(
            (m for m in ends.values() if line <= m.start < office.start and m.type == "Organization"), None
        )


class _Reader:
    """Collects the positions of one document."""

    def __init__(
        self, text: str, entities: Sequence[Entity], offices: OfficeReader, lexicon: Lexicon
    ) -> None:
        self.text, self.offices = text, offices
        self.named = {e.name for e in entities}
        self.by_home = {
            lexicon.by_key[e.key].name: e.name for e in entities if e.key and e.key in lexicon.by_key
        }
        self.home: dict[str, str] = {}  # whose country a person is from, as the lexicon says
        for entity in entities:
            entry = lexicon.by_key.get(entity.key or "")
            if entry is not None and entry.type == "Person" and entry.located:
                self.home[entity.name] = entry.located
        self.located: dict[str, str] = {}  # the country of each body, as far as known
        for entity in entities:
            entry = lexicon.by_key.get(entity.key or "")
            if entry is not None and entry.type in _BODIES:
                where = entry.name if entry.type == "Country" else entry.located
                if where:
                    self.located[entity.name] = where
        self.about: str | None = None  # the foreign country that the document is about
        self.full: dict[tuple[str, str, str | None], Position] = {}
        self.bare: list[Position] = []
        self.told: list[Told] = []

    def read(self, mentions: Sequence[Mention]) -> tuple[Position, ...]:
        """The positions, each once, in the order met first."""
        ends = {m.end: m for m in mentions if len(m.names) == 1}
        self.about = self._about(mentions)
        last: tuple[int, list[Office]] = (-1, [])
        floor = 0
        for mention in mentions:
            if mention.type != "Person" or len(mention.names) > 1:
                continue
            person = mention.names[0]
            found = list(self.offices.before(self.text, mention.start, ends, floor))
            if (
                not found
                and self.text[last[0] : mention.start].strip(_BLANK) in self.offices.rules.name_joins
            ):
                found = [office for office in last[1] if office.row.shared]
            elif found and last[1] and self._follows(found[-1], last):
                found[-1] = replace(found[-1], body=last[1][-1].body)
            found = [_inherited(one, found[at : at + 1]) for at, one in enumerate(found, 1)]
            country = self._country_of(found)
            sure = any(office.body is not None or office.row.of is not None for office in found)
            self.told += (one for one in (self._told(mention, office, ends) for office in found) if one)
            kept = [self._take(person, office, ends, country, sure) for office in found]
            if not any(kept) and (after := self.offices.after(self.text, mention.end)):
                end, row = after
                if row.kind not in _NOT_ADDRESS:
                    of = self._home(person, row, None)
                    self.bare.append(Position(person, self.text[mention.end : end], of, mention.end, end))
            last, floor = (mention.end, found), mention.end
        titled = {p.person for p in self.full.values()}
        for position in self.bare:
            if position.person not in titled:
                self.full.setdefault((position.person, position.title, None), position)
        return tuple(sorted(self.full.values(), key=lambda p: (p.start, p.end, p.person)))

    def _told(self, mention: Mention, office: Office, ends: Mapping[int, Mention]) -> Told | None:
        """The state whose present office stands before a mention, where that is sure."""
        rules, body, title = self.offices.rules, office.body, self.text[office.start : office.end]
        if body is None or office.row.kind not in _OF_STATES or title.startswith(rules.not_present):
            return None
        listed = self.text[body.start - 1 : body.start] in rules.name_joins
        other = ends.get(body.start - 1) if listed else None
        shared = other is not None and other.type in _BODIES  # 甲国、乙国外长张三
        state = self.located.get(body.names[0])
        return None if shared or state is None else Told(mention.start, mention.names[0], state, title)

    def _about(self, mentions: Sequence[Mention]) -> str | None:
        """The one foreign country to which most mentions of foreign countries go."""
        counts = Counter(name for m in mentions if m.type == "Country" for name in m.names)
        foreign = {
            name: n for name, n in counts.items() if self.located.get(name, name) not in self.offices.homes
        }
        if not foreign:
            return None
        name = max(foreign, key=lambda one: foreign[one])
        return name if foreign[name] >= _ABOUT * sum(foreign.values()) else None

    def _country_of(self, offices: Sequence[Office]) -> str | None:
        """The country, as far as known, of the bodies of titles in a row."""
        for office in offices:
            if office.body is not None and (located := self.located.get(office.body.names[0])) is not None:
                return located
        return None

    def _follows(self, office: Office, last: tuple[int, list[Office]]) -> bool:
        """Whether the office has no body of its own and stands in a list after another person's."""
        body = last[1][-1].body
        return (
            office.body is None
            and office.row.of is None
            and office.start == last[0] + 1
            and self.text[last[0]] == self.offices.rules.title_list
            and body is not None
            and body.type == "Country"
        )

    def _take(
        self, person: str, office: Office, ends: Mapping[int, Mention], country: str | None, sure: bool
    ) -> bool:
        """Keep the position, unless the word is no office or says whose spouse the person is.

        `country`: of the bodies of the titles beside it; `sure`: one of those has a body, so that this
        one, without any, is no mere address (主席特使、甲部部长张三).
        """
        row, body = office.row, office.body
        whose = ends.get(office.start)
        if row.kind in _NO_OFFICE or (row.kind == "spouse" and (whose is None or whose.type == "Person")):
            return False
        if row.kind == "press" and body is None:
            body = self.offices.agency(self.text, office, ends)
        of = body.names[0] if body else self._home(person, row, country)
        position = Position(person, self.text[office.start : office.end], of, office.start, office.end)
        if body is None and row.of is None and row.kind != "press" and not sure:
            self.bare.append(position)
        else:
            self.full.setdefault((person, position.title, of), position)
        return True

    def _home(self, person: str, row: TitleRow, country: str | None) -> str | None:
        """Whose office a title without a body is.

        The title's own body's, unless `country`, whose titles stand beside it, or the person's own is
        another than its; else the person's country, that `country`, or the one the document is about.
        """
        home = self.home.get(person)
        if row.of is not None:
            own = self.by_home.get(row.of)
            if own is not None and home in (None, row.home) and country in (None, row.home):
                return own
        if row.kind in _OF_BODIES:
            return None
        if home is not None:
            return self.by_home.get(home)
        if country is not None:
            return self.by_home.get(country)
        return self.about if row.of is None and row.kind in _OF_STATES else None


def _inherited(office: Office, left: Sequence[Office]) -> Office:
    """The office with the body of the one before it in a row, where it names none (甲会副主席、副主任)."""
    bare = office.body is None and office.row.of is None and office.row.kind in _INHERITS
    body = next((one.body for one in left if bare), None)
    return replace(office, body=body) if body is not None and body.type == "Organization" else office


def positions_of(
    text: str,
    mentions: Sequence[Mention],
    entities: Sequence[Entity],
    offices: OfficeReader,
    lexicon: Lexicon,
) -> tuple[tuple[Mention, ...], tuple[Entity, ...], tuple[Position, ...]]:
    """The positions that `text` states of its named persons; `start` and `end` are the title's.

    With them the mentions and the entities, of which persons of one name are parted.
    """
    reader = _Reader(text, entities, offices, lexicon)
    positions = reader.read(mentions)
    found = namesakes(reader.told, reader.home)
    if not found:
        return tuple(mentions), tuple(entities), positions
    return part(found, reader.told, mentions, entities, positions)


class PositionsComponent:
    """Sets `doc._.kgx_positions`; parts persons of one name in the mentions and entities."""

    def __init__(self, offices: OfficeReader, lexicon: Lexicon) -> None:
        """`offices` reads titles; `lexicon` knows where persons are from."""
        self.offices = offices
        self.lexicon = lexicon

    def __call__(self, doc: Doc) -> Doc:
        """Read the positions from the mentions of `doc`."""
        layers = doc._
        layers.kgx_mentions, layers.kgx_entities, layers.kgx_positions = positions_of(
            normal_text(doc), layers.kgx_mentions, layers.kgx_entities, self.offices, self.lexicon
        )
        return doc


@Language.factory("kgx_positions", default_config={"rules": None})
def make_positions(nlp: Language, name: str, rules: str | None) -> PositionsComponent:
    """Make the component; `rules` is a folder laid over the shipped rules."""
    register()
    titles = titles_of(rules)
    return PositionsComponent(OfficeReader(titles.rows, titles.persons), load_lexicon(RuleFolder(rules)))
