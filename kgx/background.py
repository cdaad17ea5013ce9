"""What tables of the rules say of known things: other names, codes, members.

It is background: no document says it. In a graph it stands with each entity that a document names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kgx import errors
from kgx.errors import RuleError
from kgx.iri import identity
from kgx.lexicon import FOLDER, LexEntry, load_lexicon
from kgx.posts import Posts
from kgx.rulebook import RuleFolder, iter_tsv
from kgx.schemas.lexicon import LabelRow
from kgx.schemas.stores import MembershipRow

LABELS = f"{FOLDER}/labels.tsv"
MEMBERSHIPS = "memberships.tsv"


@dataclass(frozen=True, slots=True)
class Membership:
    """A member of an organization by its key in a graph; dates as the table has them.

    `label` says who is a member of what, `label_en` the same in English.
    """

    member: str
    label: str
    label_en: str | None = None
    since: str | None = None
    until: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """What the tables say, by the keys that things have in a graph.

    `names` are (text, language) pairs of names to search by, `codes` those of ISO 3166-1 in three letters,
    `members` those of organizations, `entries` the lexicon's entries of these, `posts` the English of titles.
    """

    names: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, tuple[Membership, ...]] = field(default_factory=dict)
    entries: Mapping[str, LexEntry] = field(default_factory=dict)
    posts: Posts = field(default_factory=Posts)

    def bodies(self, members: Collection[str]) -> set[str]:
        """The organizations that have any of these members."""
        return {key for key, held in self.members.items() if any(one.member in members for one in held)}


def load_background(folder: RuleFolder | None = None) -> Background:
    """Read the tables of a rules folder (the shipped one by default).

    Raises RuleError, with file and line, where one is wrong or names what the lexicon does not.
    """
    folder = folder or RuleFolder()
    keyed = {entry_key(entry): entry for entry in load_lexicon(folder).entries}
    named = {entry.name: key for key, entry in keyed.items() if entry.type != "Person"}
    names: dict[str, tuple[tuple[str, str], ...]] = {}
    path = folder.find(LABELS)
    for line, label in iter_tsv(path, LabelRow):
        key = _named(label.name, named, path, line)
        names[key] = (*((name, "zh") for name in label.zh), *((name, "en") for name in label.en))
    members: dict[str, tuple[Membership, ...]] = {}
    path = folder.find(MEMBERSHIPS)
    for line, row in iter_tsv(path, MembershipRow):
        key = _named(row.organization, named, path, line)
        member = _named(row.member, named, path, line)
        english = [keyed[one].en for one in (key, member)]
        label_en = ": ".join(filter(None, english)) if all(english) else None
        one = Membership(
            member, f"{row.organization}: {row.member}", label_en, row.since, row.until, row.role
        )
        members[key] = (*members.get(key, ()), one)
    codes = {key: entry.iso3 for key, entry in keyed.items() if entry.iso3 is not None}
    entries = {one.member: keyed[one.member] for held in members.values() for one in held}
    return Background(names, codes, members, entries)


def _named(name: str, named: Mapping[str, str], path: Path, line: int) -> str:
    if name not in named:
        raise RuleError(errors.BACKGROUND_NAME.format(path=path, line=line, name=name))
    return named[name]


def entry_key(entry: LexEntry) -> str:
    """The key of an entry in a graph (as `kgx.resolve.keys.entity_key` makes it)."""
    kind = f"{entry.type.lower()}/"
    return kind + identity(entry.key.removeprefix(kind))
