"""What tables of the rules say of the entities of a graph: other names, codes, memberships.

It is background: no document says it, and it carries the table that it is from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kgx.iri import identity
from kgx.lexicon import FOLDER, LexEntry, Lexicon, load_lexicon
from kgx.rulebook import RuleFolder, load_tsv
from kgx.schemas.lexicon import LabelRow
from kgx.schemas.stores import MembershipRow

LABELS = f"{FOLDER}/labels.tsv"
MEMBERSHIPS = "memberships.tsv"
_COUNTRY = "country/"


@dataclass(frozen=True, slots=True)
class Membership:
    """A member of an organization, both by their keys in the graph; dates as the table has them."""

    organization: str
    member: str
    since: str | None = None
    until: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """What the tables say of a graph's entities, by their keys, sorted.

    `names` are (text, language) pairs; `codes` ISO 3166-1 codes of three letters.
    """

    names: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    memberships: tuple[Membership, ...] = ()


def background(keys: Collection[str], rules: RuleFolder | None = None) -> Background:
    """What the tables of a rules folder say of the entities of a graph, given by their keys.

    Raises RuleError where a table is wrong.
    """
    folder = rules or RuleFolder()
    known = {key: entry for key, entry in _keyed(load_lexicon(folder)) if key in keys}
    labels = {row.name: row for row in load_tsv(folder.find(LABELS), LabelRow)}
    members = load_tsv(folder.find(MEMBERSHIPS), MembershipRow)
    return Background(
        names={key: tuple(_names(known[key], labels)) for key in sorted(known)},
        codes={
            key: known[key].key.removeprefix(_COUNTRY)
            for key in sorted(known)
            if known[key].key.startswith(_COUNTRY) and known[key].qid is not None
        },
        memberships=tuple(sorted(_memberships(members, known), key=repr)),
    )


def _keyed(lexicon: Lexicon) -> Iterator[tuple[str, LexEntry]]:
    """Each entry with the key that it has in a graph (`kgx.resolve.claims.entity_key`)."""
    for entry in lexicon.entries:
        kind = f"{entry.type.lower()}/"
        yield kind + identity(entry.key.removeprefix(kind)), entry


def _names(entry: LexEntry, labels: Mapping[str, LabelRow]) -> Iterator[tuple[str, str]]:
    """The other names of an entry, those included that texts are not searched for."""
    row = labels.get(entry.name) if entry.type != "Person" else None
    chinese = {entry.name, *entry.aliases, *entry.titled, *(row.zh if row is not None else ())}
    yield from ((name, "zh") for name in sorted(chinese))
    yield from ((name, "en") for name in sorted(set(row.en if row is not None else ())))


def _memberships(rows: Iterable[MembershipRow], known: Mapping[str, LexEntry]) -> Iterator[Membership]:
    """The rows of which both the organization and the member are in the graph."""
    named = {entry.name: key for key, entry in known.items() if entry.type != "Person"}
    for row in rows:
        organization, member = named.get(row.organization), named.get(row.member)
        if organization is not None and member is not None:
            yield Membership(organization, member, row.since, row.until, row.role)
