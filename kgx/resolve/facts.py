"""Which reports are of one fact: those that agree in type, status and fillers, and whose dates allow it.

A report may leave a place out, or tell the month alone. It joins the one fact that it is compatible with;
where there are several it joins none. What is told as news and again in retrospect is one fact where both
give the day. A fact is compatible with a report only as a whole, so that no two facts are joined through a
third.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations, product

from kgx.knowledge import DocumentNode
from kgx.period import period
from kgx.resolve.claims import Pair, Stated
from kgx.resolve.policy import Policy
from kgx.schemas.facts import ShortcutRule
from kgx.schemas.resolve import FactRules

SEPARATOR = "\x1f"  # stands in no name: between the parts of a key
HOLDS = frozenset(("actual", "past"))  # the statuses of facts from which short cuts are derived
_GRAINS = {"day": 0, "interval": 1, "month": 2, "year": 3}


@dataclass(frozen=True, slots=True)
class Report:
    """A claim, and the document that makes it."""

    document: DocumentNode
    claim: Stated


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact and its reports. `confidence` is what they amount to together."""

    key: str
    type: str
    status: str
    date: str | None
    roles: tuple[Pair, ...]
    confidence: float
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What tells reports of one bucket apart: status, date, day of the report if it matters, free roles."""

    status: str
    date: str | None
    day: str | None
    free: tuple[Pair, ...]


def bucket(claim: Stated, policy: Policy) -> str:
    """What all reports of one fact have in common, as one string."""
    free = policy.free[claim.type]
    fixed = [pair for pair in claim.roles if pair[0] not in free]
    status = "actual" if claim.status in HOLDS else claim.status
    return SEPARATOR.join((claim.type, status, *_written(fixed)))


def unite(reports: Iterable[Report], policy: Policy) -> list[Fact]:
    """The facts that the reports of one bucket are of; their order and that of reports leave no trace."""
    rules = policy.rules.facts
    kinds: dict[_Kind, list[Report]] = {}
    for one in reports:
        kinds.setdefault(_kind(one, policy), []).append(one)
    if len(kinds) == 1:
        return [_fact(list(kinds), next(iter(kinds.values())), rules, policy.free)]
    groups: list[list[_Kind]] = []
    for kind in sorted(kinds, key=_order):
        fitting = [
            group
            for group in groups
            if (kind.date is not None or _is_exact(group[0]))
            and all(_compatible(kind, one, rules) for one in group)
        ]
        dated = [group for group in fitting if group[0].date is not None]
        chosen = dated or fitting
        if len(chosen) == 1:
            chosen[0].append(kind)
        else:
            groups.append([kind])
    facts = [
        _fact(group, [one for kind in group for one in kinds[kind]], rules, policy.free) for group in groups
    ]
    met = Counter(one.key for one in facts)
    return [one if met[one.key] == 1 else _placed(one, policy.free[one.type]) for one in facts]


def _kind(one: Report, policy: Policy) -> _Kind:
    claim = one.claim
    roles = policy.free[claim.type]
    free = tuple(pair for pair in claim.roles if pair[0] in roles) if roles else ()
    windowed = claim.date is None and claim.status in policy.rules.facts.windowed
    windowed = windowed and policy.types[claim.type].dated
    return _Kind(claim.status, claim.date, one.document.date if windowed else None, free)


def _order(kind: _Kind) -> tuple[int, int, str, str, tuple[Pair, ...], str]:
    """The finest first."""
    grain = _GRAINS[period(kind.date).grain] if kind.date else len(_GRAINS)
    return grain, -len(kind.free), kind.date or "", kind.day or "", kind.free, kind.status


def _is_exact(kind: _Kind) -> bool:
    """Whether an undated report may join: the day is known, or none is."""
    return kind.date is None or period(kind.date).grain == "day"


def _compatible(one: _Kind, other: _Kind, rules: FactRules) -> bool:
    """Whether both can be told of one fact; `other` is as fine as `one`, or finer.

    What is told in retrospect and what is told as news must both be dated to few days.
    """
    if one.status != other.status and not (_few(one, rules.retold) and _few(other, rules.retold)):
        return False
    days = rules.days
    for role in {pair[0] for pair in (*one.free, *other.free)}:
        mine = [pair for pair in one.free if pair[0] == role]
        theirs = [pair for pair in other.free if pair[0] == role]
        if mine and theirs and mine != theirs:
            return False
    if one.date is not None and other.date is not None:
        wide, narrow = period(one.date), period(other.date)
        return wide.first <= narrow.first and narrow.last <= wide.last
    if one.date is None and other.date is None:
        if one.day is None or other.day is None:
            return one.day == other.day
        return abs(_ordinal(one.day) - _ordinal(other.day)) <= days
    if one.day is None or other.date is None:
        return False
    near = period(other.date)
    return near.first <= one.day and _ordinal(one.day) - _ordinal(near.last) <= days


def _few(kind: _Kind, days: int) -> bool:
    """Whether a report is dated to so many days at most."""
    if kind.date is None:
        return False
    span = period(kind.date)
    return _ordinal(span.last) - _ordinal(span.first) < days


@lru_cache(maxsize=1 << 14)
def _ordinal(day: str) -> int:
    return datetime.date.fromisoformat(day).toordinal()


def _fact(
    group: Sequence[_Kind], reports: list[Report], rules: FactRules, free: Mapping[str, frozenset[str]]
) -> Fact:
    claim = reports[0].claim
    roles = claim.roles
    if len(reports) > 1:
        roles = tuple(sorted({pair for one in reports for pair in one.claim.roles}))
        reports.sort(key=_place)
    date = group[0].date
    status = min(kind.status for kind in group)  # actual goes before past
    parts = [claim.type, status, date or ""]
    days = [kind.day for kind in group if kind.day is not None]
    if date is None and days:
        parts.append(f"@{min(days)}")  # undated, and reported in those days
    # What one report leaves out and another gives is no part of the key: it would rename the fact.
    parts += _written([pair for pair in roles if pair[0] not in free[claim.type]])
    return Fact(
        SEPARATOR.join(parts),
        claim.type,
        status,
        date,
        roles,
        together(reports, rules.most),
        tuple(reports),
    )


def _placed(fact: Fact, free: frozenset[str]) -> Fact:
    """The fact under a key with its free roles: there are others that differ in these alone."""
    parts = _written([pair for pair in fact.roles if pair[0] in free])
    return replace(fact, key=SEPARATOR.join((fact.key, *parts)))


def _place(one: Report) -> tuple[str, int, int, str]:
    return one.document.id, one.claim.start, one.claim.end, one.claim.rule


def together(reports: Iterable[Report], most: float) -> float:
    """The confidence in what several reports say: it rises with each independent source.

    Sources are publishers, or else sites, or else documents: what one of them prints twice is said once.
    The surest report of a source stands for it; each leaves so much doubt, and doubts multiply.
    """
    best: dict[str, float] = {}
    for one in reports:
        source = source_of(one.document)
        best[source] = max(best.get(source, 0.0), one.claim.confidence)
    if len(best) == 1:
        return round(next(iter(best.values())), 4)
    doubt = 1.0
    for source in sorted(best):
        doubt *= 1.0 - best[source]
    return round(max(min(1.0 - doubt, most), *best.values()), 4)


def source_of(document: DocumentNode) -> str:
    """Who speaks in a document: its publisher, else the host of its address, else itself."""
    if document.publisher:
        return document.publisher
    if document.url and (host := document.url.partition("://")[2].partition("/")[0]):
        return host.lower()
    return f"{SEPARATOR}{document.id}"


def _written(roles: Iterable[Pair]) -> list[str]:
    return [f"{name}{'=' if known else '~'}{value}" for name, known, value in roles]


def edges(fact: Fact, policy: Policy) -> set[tuple[str, str, str]]:
    """The short cuts that a fact is a ground of: (start, name, end)."""
    if fact.status not in HOLDS:
        return set()
    return {
        (start, name, end)
        for name, rule in policy.schema.shortcuts.items()
        if rule.type == fact.type
        for start, end in _ends(fact.roles, rule)
    }


def _ends(roles: Sequence[Pair], rule: ShortcutRule) -> Iterable[tuple[str, str]]:
    held = Counter((name, value) for name, _, value in roles)
    if not all(held[item] for item in rule.where.items()):
        return ()
    starts = [value for name, known, value in roles if known and name == rule.start]
    if rule.start == rule.end:
        pairs: Iterable[tuple[str, str]] = permutations(starts, 2)
    else:
        pairs = product(starts, [value for name, known, value in roles if known and name == rule.end])
    both = list(pairs)
    if rule.symmetric and rule.start != rule.end:
        both += [(end, start) for start, end in both]
    return [(start, end) for start, end in both if start != end]
