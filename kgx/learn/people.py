"""From sightings to persons: whose name is that of which holder, by office, date and sound.

A name that titles give an office of a state is the holder of that office on the days of its articles, if
one holder accounts for enough of them and the name sounds like his. What contradicts is not decided but
told: see `Doubt`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from kgx.iri import MIDDLE_DOT
from kgx.learn.observe import Sighting
from kgx.learn.reference import Holder, Reference
from kgx.lexicon import LexEntry, Lexicon
from kgx.nlp.claims import Claim, Titles
from kgx.offices import shift
from kgx.schemas.lexicon import OfficeRules, PersonRow

if TYPE_CHECKING:
    from kgx.learn.sounds import Fit  # needs a package that an installed kgx may lack

Degree = Literal["strong", "fair", "unread", "bad"]
_EVEN = 0.05  # names that sound so little different are equally alike


@dataclass(frozen=True, slots=True)
class Doubt:
    """A name of a body's office holder that was not, or not wholly, believed, and why."""

    name: str
    body: str
    reason: str
    claimants: tuple[str, ...]  # QID and name of each, with the articles that speak for it
    articles: int

    def __str__(self) -> str:
        """One line of the review."""
        return f"{self.body}\t{self.name}\t{self.articles}\t{self.reason}\t{'; '.join(self.claimants)}"


@dataclass(frozen=True, slots=True)
class Tie:
    """A name that is a holder's, with the articles that say so."""

    qid: str
    name: str
    body: str
    articles: frozenset[str]
    degree: Degree
    sound: float


@dataclass(slots=True)
class _Claimant:
    """What speaks for one person being meant by a name."""

    articles: set[str] = field(default_factory=set)
    degree: Degree = "bad"
    sound: float = 0.0
    own: set[str] = field(default_factory=set)  # articles whose title is that of the very office
    current: bool = False  # some title is that of an office held on the day
    by_hand: bool = False  # the hand-made table has the name as this person's


class Judge:
    """Decides who is meant by a name that titles give an office."""

    def __init__(self, reference: Reference, lexicon: Lexicon, titles: Titles, fit: Fit) -> None:
        """`lexicon`: the persons known by hand; `titles`: of which state a body is."""
        self.reference, self.titles, self.fit = reference, titles, fit
        self.rules: OfficeRules = titles.rules
        self._by_office = reference.by_office()
        self._figures: dict[str, list[LexEntry]] = defaultdict(list)
        for entry in lexicon.entries:
            if entry.type == "Person":
                for name in (entry.name, *entry.aliases):
                    self._figures[name].append(entry)

    def judge(self, name: str, body: str, seen: Sequence[Sighting]) -> tuple[list[Tie], list[Doubt]]:
        """Whom the name means at that body; none or several where the sightings leave it open."""
        claimants = self._claimants(name, body, seen)
        asked = {one.document for one in seen if self._told_of(one)}
        fitting = {qid: one for qid, one in claimants.items() if self._believed(name, one, len(asked))}
        ties = [
            Tie(qid, name, body, frozenset(one.articles), one.degree, one.sound)
            for qid, one in fitting.items()
        ]
        if len(fitting) > 1:
            return self._several(name, body, fitting, len(asked))
        if ties or not claimants:
            return ties, []
        if max(len(one.articles) for one in claimants.values()) < self.rules.learn.articles.strong:
            return [], []
        return [], [Doubt(name, body, "no claimant fits", self._told(claimants), len(asked))]

    def _several(
        self, name: str, body: str, fitting: Mapping[str, _Claimant], asked: int
    ) -> tuple[list[Tie], list[Doubt]]:
        """Several fit: the one who accounts for all, or each with articles that no other accounts for."""
        by_hand = [qid for qid in fitting if fitting[qid].by_hand]
        fitting = {qid: fitting[qid] for qid in by_hand or fitting}
        ranked = sorted(fitting, key=lambda q: (-len(fitting[q].articles), -fitting[q].sound, q))
        kept: list[str] = []
        told: set[str] = set()
        for qid in ranked:
            own = fitting[qid].articles - told
            if not kept or len(own) >= self.rules.learn.articles.fair:
                kept.append(qid)
                told |= fitting[qid].articles
        even = [q for q in ranked if fitting[q].articles == fitting[ranked[0]].articles]
        if sum(fitting[q].sound == fitting[even[0]].sound for q in even) > 1:
            return [], [Doubt(name, body, "two hold the office", self._told(fitting), asked)]
        ties = [
            Tie(q, name, body, frozenset(fitting[q].articles), fitting[q].degree, fitting[q].sound)
            for q in kept
        ]
        doubts = (
            [Doubt(name, body, "several of one name", self._told(fitting), asked)] if len(kept) > 1 else []
        )
        return ties, doubts

    def _claimants(self, name: str, body: str, seen: Sequence[Sighting]) -> dict[str, _Claimant]:
        found: dict[str, _Claimant] = {}
        for one in seen:
            agreeing = [holder for holder in self._holders(one.claim) if self._agrees(holder, one)]
            for holder in agreeing:
                if holder.qid not in found:
                    found[holder.qid] = self._claimant(name, body, holder.qid)
            # whoever holds the very office, and sounds no less like it, leaves nothing to the other's holder
            own = [h for h in agreeing if h.office.role == one.claim.role and h.exact]
            best = max((found[h.qid].sound for h in agreeing), default=0.0)
            fitting = [h for h in own if found[h.qid].sound >= max(best - _EVEN, self.rules.learn.fair)]
            for holder in fitting or agreeing:
                found[holder.qid].articles.add(one.document)
                found[holder.qid].current |= one.claim.when == "now"
            for holder in own:
                found[holder.qid].own.add(one.document)
        return found

    def _claimant(self, name: str, body: str, qid: str) -> _Claimant:
        by_hand = any(self.is_figure(entry, qid, body) for entry in self._figures.get(name, ()))
        sound, degree = self._sound(name, body, qid, by_hand)
        return _Claimant(degree=degree, sound=sound, by_hand=by_hand)

    def _holders(self, claim: Claim) -> list[Holder]:
        """All who ever held the office, or one that is mixed up with it."""
        roles = self.rules.learn.mixed if claim.role in self.rules.learn.mixed else (claim.role,)
        return [holder for role in roles for holder in self._by_office.get((claim.body, role), ())]

    def _told_of(self, seen: Sighting) -> bool:
        """Whether the tables can tell who held the office on the day of an article."""
        holders = self._holders(seen.claim)
        until = max((one.until for one in holders if one.until is not None), default=None)
        return bool(holders) and (until is None or seen.day <= until)

    def _agrees(self, holder: Holder, seen: Sighting) -> bool:
        """Whether the title may be the holder's on that day."""
        leeway, office = self.rules.leeway, holder.office
        if seen.claim.when == "now":
            return office.first is not None and holder.holds(seen.day, leeway)
        if seen.claim.when == "former":
            return office.last is not None and office.last < shift(seen.day, leeway)
        ahead = shift(seen.day, self.rules.ahead)
        return office.first is not None and shift(seen.day, -leeway) <= office.first <= ahead

    def _sound(self, name: str, body: str, qid: str, by_hand: bool) -> tuple[float, Degree]:
        rules = self.rules.learn
        state = self.titles.state(body)
        if by_hand:
            return 1.0, "strong"
        latins = self.reference.names[qid]
        if any(self.fit.reads(name, latin) for latin in latins):
            return 1.0, "strong"
        if state == rules.read:
            return 0.0, "bad"
        sound = max(self.fit(name, latin) for latin in latins)
        if MIDDLE_DOT in name and not any(self.fit.begins(name, latin) for latin in latins):
            sound = min(sound, rules.fair)  # of the family, perhaps: 亨特·拜登
        if state in rules.unread:
            return sound, "unread"
        return sound, "strong" if sound >= rules.strong else "fair" if sound >= rules.fair else "bad"

    def is_figure(self, entry: LexEntry, qid: str, body: str | None = None) -> bool:
        """Whether the person known by hand is the one of the tables, by QID or by the whole name.

        With the body whose office the name was given, the last word is enough, or any two.
        """
        if entry.qid is not None:
            return entry.qid == qid
        label = self.fit.words(entry.en or "")
        latins = [self.fit.words(latin) for latin in self.reference.names[qid]]
        if label and label in latins:
            return True
        if body is None or self.titles.state(entry.located) != self.titles.state(body):
            return False
        return any(label[-1:] == latin[-1:] or len(set(label).intersection(latin)) > 1 for latin in latins)

    def _believed(self, name: str, one: _Claimant, asked: int) -> bool:
        rules = self.rules.learn
        if one.by_hand:
            return len(one.articles) >= asked * rules.shares.strong
        if not one.current or (one.degree == "bad" and one.sound == 0.0):
            return False
        sure = one.degree == "strong" and MIDDLE_DOT in name  # nobody else is called so at length
        enough: float = 1 if sure else getattr(rules.articles, one.degree)
        articles = one.articles if one.degree in ("strong", "fair") else one.own
        return len(articles) >= enough and len(articles) >= asked * getattr(rules.shares, one.degree)

    def _told(self, claimants: Mapping[str, _Claimant]) -> tuple[str, ...]:
        ranked = sorted(claimants, key=lambda q: (-len(claimants[q].articles), -claimants[q].sound, q))
        return tuple(
            f"{qid} {self.reference.names[qid][0]} {len(claimants[qid].articles)} {claimants[qid].sound:.2f}"
            for qid in ranked[:3]
        )


def ties_of(sightings: Iterable[Sighting], judge: Judge) -> tuple[list[Tie], list[Doubt]]:
    """All names that are tied to a person, and all doubts, by body and name."""
    groups: dict[tuple[str, str], set[Sighting]] = defaultdict(set)
    for one in sightings:
        groups[one.claim.body, one.name].add(one)
    ties: list[Tie] = []
    doubts: list[Doubt] = []
    for body, name in sorted(groups):
        seen = sorted(
            groups[body, name], key=lambda one: (one.day, one.document, one.claim.role, one.claim.when)
        )
        found, told = judge.judge(name, body, seen)
        ties += found
        doubts += told
    return ties, doubts


class Clerk:
    """Makes the rows of the table from ties, tables and the persons known by hand."""

    def __init__(self, judge: Judge, lexicon: Lexicon, ordinary: Callable[[str], bool]) -> None:
        """`ordinary`: whether a string is a word of the language."""
        self.judge, self.lexicon, self.ordinary = judge, lexicon, ordinary
        self.rules = judge.rules.learn
        self._holders = judge.reference.by_person()
        self._shared: frozenset[str] = frozenset()  # names that are tied to several persons
        self._people = [entry for entry in lexicon.entries if entry.type == "Person"]

    def rows(self, ties: Iterable[Tie]) -> tuple[list[PersonRow], list[Doubt]]:
        """One row a person, sorted; raises nothing: what does not fit is told."""
        by_person: dict[str, list[Tie]] = defaultdict(list)
        for tie in ties:
            by_person[tie.qid].append(tie)
        figures = self._figures(by_person)
        persons: dict[str, set[str]] = defaultdict(set)
        for qid, found in by_person.items():
            for tie in found:
                persons[tie.name].add(qid)
        self._shared = frozenset(name for name, qids in persons.items() if len(qids) > 1)
        rows: list[PersonRow] = []
        doubts: list[Doubt] = []
        for qid in sorted(by_person.keys() | figures.keys(), key=lambda q: int(q[1:])):
            row, told = self._row(qid, by_person.get(qid, []), figures.get(qid))
            doubts += told
            if row is not None:
                rows.append(row)
        rows.sort(key=lambda row: (row.name, row.qid or ""))
        return rows, doubts

    def _figures(self, by_person: Mapping[str, Sequence[Tie]]) -> dict[str, LexEntry]:
        """Whom of the tables each person known by hand is: by QID, or by the whole name and the state."""
        names: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for qid, known in self.judge.reference.names.items():
            for latin in known:
                names[tuple(self.judge.fit.words(latin))].add(qid)
        out: dict[str, LexEntry] = {}
        for entry in self._people:
            if entry.qid is not None:
                if entry.qid in self._holders:
                    out[entry.qid] = entry
                continue
            same = names.get(tuple(self.judge.fit.words(entry.en or "")), set())
            home = self.judge.titles.state(entry.located)
            here = [
                qid
                for qid in sorted(same)
                if home is not None
                and any(
                    self.judge.titles.state(one.office.body) == home for one in self._holders.get(qid, ())
                )
            ]
            tied = [
                q
                for q in here
                if any(tie.name in (entry.name, *entry.aliases) for tie in by_person.get(q, ()))
            ]
            sure = tied if home == self.rules.read else here
            if len(sure) == 1:
                out.setdefault(sure[0], entry)
        for qid, ties in by_person.items():
            named = {
                entry.key: entry
                for tie in ties
                for entry in self._people
                if any(name in tie.name or tie.name in name for name in (entry.name, *entry.aliases))
                and self.judge.is_figure(entry, qid, tie.body)
            }
            if len(named) == 1:
                out.setdefault(qid, *named.values())
        return out

    def _row(
        self, qid: str, ties: Sequence[Tie], figure: LexEntry | None
    ) -> tuple[PersonRow | None, list[Doubt]]:
        support: dict[str, set[str]] = defaultdict(set)
        sound: dict[str, float] = {}
        for tie in ties:
            support[tie.name] |= tie.articles
            read = tie.sound if tie.degree != "unread" else 0.0
            sound[tie.name] = max(read, sound.get(tie.name, 0.0))
        by_hand = (figure.name, *figure.aliases) if figure is not None else ()
        doubts: list[Doubt] = []
        taken = list(by_hand)
        for name in sorted(support, key=lambda name: (-len(support[name]), -sound[name], name)):
            if not taken or sound[name] >= self.rules.sure or any(_akin(name, other) for other in taken):
                taken.append(name)
            else:
                told = f"{qid} {self.judge.reference.names[qid][0]}"
                doubts.append(
                    Doubt(name, ties[0].body, "another name is usual", (told,), len(support.pop(name)))
                )
        same = figure.key if figure is not None else None
        alone = [name for name in support if name in by_hand or self._stands(name, len(support[name]), same)]
        ranked = sorted(support, key=lambda name: (-len(support[name]), -len(name), name))
        titled = sorted(name for name in support if name not in alone and not self._given(name, support))
        plain = [*by_hand, *(name for name in ranked if name in alone and name not in by_hand)]
        if not plain and not titled:
            return None, doubts
        held = sorted(self._holders[qid], key=lambda one: (one.office.first or "", one.office.role))
        last = held[-1].office
        first = plain[0] if plain else max(titled, key=lambda name: (len(support[name]), name))
        state = self.judge.titles.state(last.body) or last.body
        row = PersonRow(
            name=first,
            aliases=tuple(sorted(set(plain[1:]) - {first})),
            qid=qid,
            en=(figure.en if figure is not None else None) or self.judge.reference.names[qid][0],
            kind=(figure.kind if figure is not None else None) or last.role,
            located=(figure.located if figure is not None else None) or state,
            titled=tuple(titled),
            offices=tuple(str(one.office) for one in held if one.office.first),
            support=len(set().union(*support.values())),
        )
        return row, doubts

    def _stands(self, name: str, articles: int, same: str | None) -> bool:
        """Whether the name may be looked for everywhere, and not only beside a title; `same`: its entry."""
        if MIDDLE_DOT in name:
            return True
        if len(name) == 2 or name in self._shared or articles < self.rules.alone:
            return False
        others = [entry for entry in self.lexicon.surfaces.get(name, ()) if entry.key != same]
        return not others and not self.ordinary(name)

    def _given(self, name: str, support: Mapping[str, Collection[str]]) -> bool:
        """Whether the name is but a given name: a part, seldom used, of a name in parts but its last."""
        part = any(name in other.split(MIDDLE_DOT)[:-1] for other in support)
        return part and len(support[name]) < self.rules.rare * max(map(len, support.values()))


def _akin(one: str, other: str) -> bool:
    """Whether one name is part of the other, or both end with one family name."""
    return one in other or other in one or one.split(MIDDLE_DOT)[-1] == other.split(MIDDLE_DOT)[-1]
