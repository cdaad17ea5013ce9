"""Tables of office holders: who held which office of which state or body, from when until when.

The tables are those of ../shared/reference (its README says whence): terms of heads of state and
government, world leaders of 2021, foreign ministers of 2023, holders in China and in the United Nations.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kgx import errors
from kgx.errors import KgxError
from kgx.lexicon import Lexicon
from kgx.offices import Office, shift
from kgx.period import is_period, period
from kgx.schemas.lexicon import OfficeRules

SOURCES: Mapping[str, tuple[str, ...]] = {  # the columns that are read of each table
    "epol_china_current.csv": ("position", "person", "personID", "start"),
    "epol_china_holders21.csv": ("position", "person", "personID", "start", "end"),
    "epol_foreign_ministers_2023.csv": ("person", "name", "country", "start"),
    "epol_un_officeholders.csv": ("position", "person", "personID", "start", "end"),
    "epol_world_leaders_2021.csv": (
        "countryid", "positionLabel", "officeholder", "officeholderLabel", "start_year", "end_year",
    ),
    "leaders_current.csv": ("iso3", "role", "person", "person_qid", "start", "end"),
    "leaders_history.csv": ("iso3", "role", "person", "person_qid", "start", "end"),
}  # fmt: skip
_ROLES = {"head_of_state": "head-of-state", "head_of_government": "head-of-government"}
_LEADERS = (  # what the office is called in the table of world leaders
    (re.compile("prime minister|premier|chancellor|taoiseach|chief minister", re.I), "head-of-government"),
    (
        re.compile("president|monarch|king|emperor|sultan|emir|pope|supreme leader|prince", re.I),
        "head-of-state",
    ),
)
_QID = re.compile(r"Q[1-9]\d*")
_ABUTTING = 40  # days between two terms of one person that count as one


@dataclass(frozen=True, slots=True)
class Holder:
    """One person's hold of an office; `name` in Latin script, `exact` False where only years are known.

    `until` is the last day of which the table knows, where the office has no end.
    """

    qid: str
    name: str
    office: Office
    exact: bool = True
    until: str | None = None

    def holds(self, day: str, leeway: int = 0) -> bool:
        """Whether the table says that the office was held on a day, `leeway` days around included."""
        known = self.until is None or day <= shift(self.until, leeway)
        return known and self.office.holds(day, leeway)


@dataclass(frozen=True, slots=True)
class Reference:
    """All holders, and the names that tables in English give each person, the best first."""

    holders: tuple[Holder, ...]
    names: Mapping[str, tuple[str, ...]]

    def by_office(self) -> dict[tuple[str, str], list[Holder]]:
        """Holders by body and role."""
        out: dict[tuple[str, str], list[Holder]] = defaultdict(list)
        for one in self.holders:
            out[one.office.body, one.office.role].append(one)
        return out

    def by_person(self) -> dict[str, list[Holder]]:
        """Holders by person, their terms in order."""
        out: dict[str, list[Holder]] = defaultdict(list)
        for one in self.holders:
            out[one.qid].append(one)
        return out


def read_reference(folder: str | Path, lexicon: Lexicon, rules: OfficeRules) -> Reference:
    """Read the tables in a folder; raises KgxError, naming the file, where one is missing or unreadable."""
    by_iso = {
        entry.key.removeprefix("country/"): entry.name for entry in lexicon.entries if entry.type == "Country"
    }
    by_qid = {entry.qid: entry.name for entry in lexicon.entries if entry.type == "Country" and entry.qid}
    labels = {label: (body, rule.role) for rule in rules.offices for label, body in rule.labels.items()}
    tables = {name: list(_rows(Path(folder) / name)) for name in SOURCES}
    found: list[Holder] = []
    names: dict[str, dict[str, int]] = defaultdict(dict)  # name to how well the table is known to be English
    for source in ("leaders_history.csv", "leaders_current.csv"):
        for row in tables[source]:
            if row["iso3"] in by_iso and row["role"] in _ROLES:
                office = _office(by_iso[row["iso3"]], _ROLES[row["role"]], row["start"], row["end"])
                found += _holder(row["person_qid"], row["person"], office, names, 1)
    terms = {(one.office.body, one.qid) for one in found}
    source = "epol_world_leaders_2021.csv"
    seen = _last_start(tables[source], "start_year")
    for row in tables[source]:
        role = next((role for form, role in _LEADERS if form.search(row["positionLabel"])), None)
        body = by_qid.get(row["countryid"])
        if role is not None and body is not None:
            office = _office(body, role, row["start_year"], row["end_year"])
            held = _holder(row["officeholder"], row["officeholderLabel"], office, names, 0)
            if (body, row["officeholder"]) not in terms:  # else the days are known from elsewhere
                found += [replace(one, exact=False, until=seen) for one in held]
    source = "epol_foreign_ministers_2023.csv"
    seen = _last_start(tables[source])
    for row in tables[source]:
        if row["country"] in by_qid:
            office = _office(by_qid[row["country"]], "foreign-minister", row["start"], "")
            held = _holder(row["person"], row["name"], office, names, 0)
            found += [replace(one, until=seen) for one in held]
    for source in ("epol_china_current.csv", "epol_china_holders21.csv", "epol_un_officeholders.csv"):
        seen = _last_start(tables[source])
        for row in tables[source]:
            if row["position"] in labels:
                office = _office(*labels[row["position"]], row["start"], row.get("end") or "")
                held = _holder(row["personID"], row["person"], office, names, 0)
                found += [replace(one, until=seen if one.office.last is None else None) for one in held]
    current = frozenset(
        (by_iso[row["iso3"]], _ROLES[row["role"]], row["person_qid"])
        for row in tables["leaders_current.csv"]
        if row["iso3"] in by_iso and row["role"] in _ROLES
    )
    return Reference(
        tuple(_tidy(found, current)),
        {qid: tuple(sorted(known, key=lambda name: (known[name], name))) for qid, known in names.items()},
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            table = csv.DictReader(stream)
            for column in SOURCES[path.name]:
                if column not in (table.fieldnames or ()):
                    raise KgxError(errors.LEXICON_COLUMN.format(path=path, column=column))
            for row in table:
                yield {name: (value or "").strip() for name, value in row.items() if name}
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise KgxError(errors.CANNOT_READ.format(path=path, reason=errors.reason_of(fault))) from None


def _last_start(rows: Iterable[Mapping[str, str]], column: str = "start") -> str:
    """The last day on which a table has someone take office: it can't tell of later days."""
    starts = (row[column][:10] for row in rows)
    return max((period(start).last for start in starts if is_period(start)), default="")


def _office(body: str, role: str, start: str, end: str) -> Office | None:
    """None where the table's dates are none, or contradict each other."""
    first, last = start[:10], end[:10]
    if any(day and not is_period(day) for day in (first, last)):
        return None
    office = Office(body, role, period(first).first if first else None, period(last).last if last else None)
    return None if office.first and office.last and office.last < office.first else office


def _holder(
    qid: str, name: str, office: Office | None, names: dict[str, dict[str, int]], rank: int
) -> list[Holder]:
    if office is None or not _QID.fullmatch(qid) or not name or _QID.fullmatch(name):
        return []
    known = names[qid]
    known[name] = min(rank, known.get(name, rank))
    return [Holder(qid, name, office)]


def _tidy(found: Iterable[Holder], current: Collection[tuple[str, str, str]]) -> Iterator[Holder]:
    """Each term once: repeats joined, years dropped where days are known, open ends closed by successors.

    `current` are the holders (body, role, QID) whose offices have no end yet.
    """
    groups: dict[tuple[str, str, str], list[Holder]] = defaultdict(list)
    for one in found:
        groups[one.office.body, one.office.role, one.qid].append(one)
    joined: dict[tuple[str, str], list[Holder]] = defaultdict(list)
    for key in sorted(groups):
        joined[key[0], key[1]] += _joined(groups[key])
    for held in sorted(joined):
        starts = sorted(
            {(one.office.first, one.qid) for one in joined[held] if one.office.first and one.exact}
        )
        for one in joined[held]:
            closing = held[1] in _ROLES.values() and (*held, one.qid) not in current
            yield _closed(one, starts) if closing else one


def _joined(terms: list[Holder]) -> list[Holder]:
    """The terms of one person in one office."""
    dated = [one for one in terms if one.office.first]
    fine = [one for one in dated if one.exact and not _is_year(one)] or [one for one in dated if one.exact]
    dated = fine or dated
    if not dated:
        return terms[:1]
    # of two terms that begin together the one with an end is the fuller record
    ends: dict[str, Holder] = {}
    for one in dated:
        known = ends.get(one.office.first or "")
        if known is None or _fullness(one) > _fullness(known):
            ends[one.office.first or ""] = one
    out: list[Holder] = []
    for first in sorted(ends):
        one = ends[first]
        last = out[-1].office if out else None
        if last is not None and (last.last is None or shift(last.last, _ABUTTING) >= first):
            closing = (
                None if last.last is None or one.office.last is None else max(last.last, one.office.last)
            )
            out[-1] = replace(out[-1], office=replace(last, last=closing))
        else:
            out.append(one)
    return out


def _fullness(one: Holder) -> tuple[str, str]:
    """How much a record tells of the end of a term."""
    return one.office.last or "", one.until or "9999"


def _is_year(one: Holder) -> bool:
    """Whether a term is told by years alone, though in the form of days."""
    first, last = one.office.first or "", one.office.last
    return first.endswith("-01-01") and (last is None or last.endswith(("-01-01", "-12-31")))


def _closed(one: Holder, starts: list[tuple[str, str]]) -> Holder:
    """The term, ended where a successor began and the table gives no end."""
    office = one.office
    if office.last is not None or office.first is None:
        return one
    after = next((day for day, qid in starts if day > office.first and qid != one.qid), None)
    return one if after is None else replace(one, office=replace(office, last=after))
