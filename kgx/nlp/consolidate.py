"""From drafts to facts: one event told in title, lead and caption is one fact of the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Day
from datetime import timedelta

from kgx.facttypes import FactType
from kgx.model import RegionKind, Status
from kgx.nlp.record import record
from kgx.nlp.trace import Fate, Log
from kgx.period import period

_WHERE = "place"  # the role by which reports may differ in how finely they tell
_HEAD = 4  # characters of a head noun that two reports share
_BACKGROUND = timedelta(days=10)  # what happened longer before publication is background


@record
class Draft:
    """A fact as a frame gave it; `types` are the entity types of its fillers (None for words)."""

    type: str
    roles: Mapping[str, tuple[str, ...]]
    types: Mapping[str, str | None]
    status: Status
    start: int
    end: int
    rule: str
    confidence: float
    date: str | None = None
    source: str | None = None
    code: str | None = None
    in_speech: bool = False
    dated: bool = True
    anchor: bool = False
    aside: bool = False  # told by the way, in a relative clause
    of_main: bool = False  # names the main event itself: 参加会见
    kind: RegionKind = "body"
    theme: int = 0  # which report of a round-up tells it


def consolidate(
    drafts: Iterable[Draft],
    published: str | None,
    types: Mapping[str, FactType],
    log: Log | None = None,
    plain: Callable[[str], str] = str,
) -> list[Draft]:
    """Complete drafts from the main event, settle what is background, and merge repeats.

    The result stands in the order of the first report of each fact. What became of each draft is noted
    in `log`, where one is given. `plain` takes the number from the name of an event: 第五次甲峰会 and
    甲峰会 may be one.
    """
    fates: list[Fate] = []
    made = [_tidy(draft) for draft in drafts]
    mains: dict[int, Draft] = {}  # the main event of each report
    if published is not None:  # without it a date may be there and yet have no value: none is lent then
        for d in made:
            if d.dated and d.date and d.status == "actual" and not d.in_speech:
                mains.setdefault(d.theme, d)
    made = [
        _background(_complete(draft, mains.get(draft.theme)), published, types[draft.type]) for draft in made
    ]
    out: list[Draft] = []
    several = _several(made, types)
    for draft in made:
        if _headline_only(draft, made):
            fates.append(Fate("headline"))
            continue
        for at, other in enumerate(out):
            same = other.type == draft.type and _same(other, draft, types[draft.type], plain)
            if same and not (_key(draft, types) in several and _apart(other, draft, types)):
                out[at] = _merge(other, draft, types[draft.type])
                fates.append(Fate("merged", at))
                break
        else:
            fates.append(Fate("fact", len(out)))
            out.append(draft)
    if log is not None:
        log.fates, log.results = fates, out
    return out


def _headline_only(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether a headline's fact (甲会见乙国总统) is of a kind that the body tells, with more names."""
    if draft.kind not in ("title", "subtitle"):
        return False
    told = (d for d in drafts if d.kind not in ("title", "subtitle") and d.type == draft.type)
    return any(draft.kind == "title" or d.theme == draft.theme for d in told)


def _tidy(draft: Draft) -> Draft:
    """Where persons meet, their states are not parties beside them; nobody meets himself."""
    if draft.type != "Meet":
        return draft
    parties = draft.roles.get("participant", ())
    persons = [p for p in parties if draft.types.get(p) == "Person"]
    if len(persons) >= 2:
        parties = tuple(p for p in parties if draft.types.get(p) != "Country")
    return replace(draft, roles={**draft.roles, "participant": tuple(dict.fromkeys(parties))})


def _complete(draft: Draft, main: Draft | None) -> Draft:
    """What the narration tells without a date of its own belongs to the main event's day."""
    open_date = (
        main is not None
        and (draft.anchor or _of_main(draft, main))
        and draft.dated
        and not draft.aside
        and draft.status == "actual"
        and not draft.in_speech
        and draft.date is None
    )
    if main is None or not open_date or draft is main:
        return draft
    roles = draft.roles
    follows = draft.of_main and "place" in main.roles and "place" not in roles
    if follows and len(main.roles["place"]) == 1:
        roles = {**roles, "place": main.roles["place"]}
    return replace(draft, date=main.date, roles=roles)


def _of_main(draft: Draft, main: Draft) -> bool:
    """Whether a draft's event is the main one: by its name, or as 会见, 上述活动, 欢迎仪式."""
    events = draft.roles.get("event", ())
    if any(draft.types.get(event) for event in events):
        return events == main.roles.get("event")
    return bool(events)


def _background(draft: Draft, published: str | None, kind: FactType) -> Draft:
    """An actual event long before publication is background (`past`); one after it is planned."""
    if published is None or draft.date is None or draft.status not in ("actual", "past"):
        return draft
    days = period(draft.date)
    day = Day.fromisoformat(published)
    if draft.status == "actual" and Day.fromisoformat(days.last) < day - _BACKGROUND:
        return replace(draft, status="past")
    if Day.fromisoformat(days.first) > day and not kind.ahead:
        return replace(draft, status="planned")
    return draft


def _same(one: Draft, other: Draft, kind: FactType, plain: Callable[[str], str]) -> bool:
    """Whether two drafts tell one fact: what makes its identity agrees, and no role contradicts."""
    if one.status != other.status and {one.status, other.status} & {"planned", "negated"}:
        return False
    if one.date and other.date and one.date != other.date and not _within(one.date, other.date):
        return False
    shared = [role for role in one.roles if role in other.roles]
    identity = [role for role in kind.identity if role in one.roles or role in other.roles]
    if not set(identity) <= set(shared):
        return False
    adds = kind.adds if all(one.types.get(f) for role in identity for f in one.roles[role]) else ()
    again = _told_again(one, other)
    return all(
        again
        and _ends_alike(one.roles[role], other.roles[role])
        or _agree(one, other, role, role in identity, plain)
        for role in shared
        if role not in adds
    )


def _key(draft: Draft, types: Mapping[str, FactType]) -> tuple[str, ...]:
    """What identifies a draft, its type first."""
    roles = (draft.roles.get(role, ()) for role in types[draft.type].identity)
    return (draft.type, *(filler for fillers in roles for filler in fillers))


def _several(drafts: Sequence[Draft], types: Mapping[str, FactType]) -> frozenset[tuple[str, ...]]:
    """What has no name and several hold, each their own, by its key: the 招待会 of two embassies."""
    hosts: dict[tuple[str, ...], list[frozenset[str]]] = {}
    for draft in drafts:
        held = frozenset(f for role in types[draft.type].adds for f in draft.roles.get(role, ()))
        key = _key(draft, types)
        if held and not any(draft.types.get(name) for name in key[1:]):
            hosts.setdefault(key, []).append(held)
    return frozenset(
        key for key, sets in hosts.items() if len(sets) > 1 and not frozenset.intersection(*sets)
    )


def _apart(one: Draft, other: Draft, types: Mapping[str, FactType]) -> bool:
    """Whether two drafts share nothing but what identifies them, each having more."""
    identity = set(types[one.type].identity)
    rest = set(one.roles) - identity, set(other.roles) - identity
    return all(rest) and not rest[0] & rest[1]


def _told_again(one: Draft, other: Draft) -> bool:
    """Whether the second is told, in the words of somebody, of what the reporter has just told."""
    return other.in_speech and other.status == "past" and other.date is None and not one.in_speech


def _ends_alike(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two single fillers have one head noun: 一份有分量的联合声明, 甲国和乙国联合声明."""
    return len(a) == len(b) == 1 and len(a[0]) >= _HEAD and a[0][-_HEAD:] == b[0][-_HEAD:]


def _agree(one: Draft, other: Draft, role: str, identity: bool, plain: Callable[[str], str]) -> bool:
    """Whether one draft's fillers of a role are all among the other's, or words out of the other's words.

    Entities that make the identity of a fact must be the same ones, no fewer.
    """
    a, b = one.roles[role], other.roles[role]
    if len(a) == len(b) == 1 and one.types.get(a[0]) == other.types.get(b[0]) == "Event":
        return a == b or plain(a[0]) == plain(b[0]) and plain(a[0]) in (a[0], b[0])
    if identity and {f for f in a if one.types.get(f)} != {f for f in b if other.types.get(f)}:
        return False
    if identity and len(a) != len(b):
        return False
    if role == _WHERE:
        return _nested(a, b)
    words = [filler for filler in (*a, *b) if one.types.get(filler) or other.types.get(filler)] == []
    return _covers(a, b, words) or _covers(b, a, words)


def _nested(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two reports name one place, the one more finely: 北京, 北京人民大会堂."""
    return all(any(x.startswith(y) or y.startswith(x) for y in b) for x in a)


def _covers(large: Sequence[str], small: Sequence[str], words: bool) -> bool:
    """Whether every filler of `small` is one of `large`, or part of one where both are only words."""
    return all(any(text == other or words and text in other for other in large) for text in small)


def _within(one: str, other: str) -> bool:
    """Whether one date lies inside the other."""
    a, b = period(one), period(other)
    return (a.first <= b.first and b.last <= a.last) or (b.first <= a.first and a.last <= b.last)


def _weight(draft: Draft) -> tuple[int, int]:
    fillers = sum(len(values) for values in draft.roles.values()) + bool(draft.date)
    return fillers, int(draft.kind == "body")


def _fineness(places: Sequence[str]) -> int:
    return sum(map(len, places))


def _merge(one: Draft, other: Draft, kind: FactType) -> Draft:
    """The fuller report, with what only the other one says."""
    if _told_again(one, other):
        return one
    full, part = (one, other) if _weight(one) >= _weight(other) else (other, one)
    roles = {**part.roles, **full.roles}
    if _WHERE in part.roles:
        roles[_WHERE] = max(full.roles.get(_WHERE, ()), part.roles[_WHERE], key=_fineness)
    for role in kind.adds:
        if role in roles:
            roles[role] = tuple(dict.fromkeys((*full.roles.get(role, ()), *part.roles.get(role, ()))))
    ordered: Sequence[str] = list(full.roles) + [role for role in part.roles if role not in full.roles]
    date = full.date
    if part.date and (date is None or len(part.date) > len(date) and "/" not in part.date):
        date = part.date
    return replace(
        full,
        roles={role: roles[role] for role in ordered},
        types={**part.types, **full.types},
        date=date,
        confidence=max(one.confidence, other.confidence),
        in_speech=one.in_speech and other.in_speech,
        source=one.source if other.source else None,
    )
