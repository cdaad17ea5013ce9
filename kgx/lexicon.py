"""The lexicon: names known beforehand, their surfaces, and the identity of what they name.

Read from `rules/lexicon/*.tsv`, one file a type. An entry's key is stable across documents:
`country/RUS` where there is an ISO 3166-1 code, else the Wikidata id, else `organization/国务院`.
A surface may belong to several entries (布什): the ambiguity is kept for later stages to settle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from kgx import errors
from kgx.errors import RuleError
from kgx.model import EntityType
from kgx.offices import Office, parse_office
from kgx.rulebook import RuleFolder, iter_tsv
from kgx.schemas.lexicon import BlockRow, CountryRow, LexiconRow, PersonRow

FOLDER = "lexicon"
PEOPLE = "people.tsv"  # as `kgx lexicon build` learned them
FIGURES = "figures.tsv"  # persons by hand
FILES: Mapping[str, EntityType] = {
    "countries.tsv": "Country",
    "organizations.tsv": "Organization",
    "places.tsv": "Place",
    PEOPLE: "Person",
    FIGURES: "Person",
    "agreements.tsv": "Agreement",
    "events.tsv": "Event",
    "initiatives.tsv": "Initiative",
}
BLOCKS = "blocks.tsv"
_SCHEMAS: Mapping[str, type[LexiconRow]] = {"countries.tsv": CountryRow, PEOPLE: PersonRow}


@dataclass(frozen=True, slots=True)
class LexEntry:
    """One named thing: `name` is its usual short name, `aliases` other strings that name it alone.

    `short` holds one-character names (俄), which name it only in groups and after certain words.
    `located` is the name of the country, place or body that it lies in or belongs to. A person's `titled`
    names, `name` perhaps among them, mean that person only beside a title; `offices` are those known.
    `iso3` is a state's ISO 3166-1 code. `bodies` are others than `located` for which a person is known.
    """

    key: str
    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    qid: str | None = None
    en: str | None = None
    kind: str | None = None
    located: str | None = None
    titled: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    iso3: str | None = None
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries, in the order of `FILES` and rows, with the look-ups that stages need.

    `surfaces` maps each name or alias (two characters or more) to its entries; `short` each
    one-character name; `titled` each name that holds only beside a title; `blocks` are strings that hold no
    mention although a name stands inside.
    """

    entries: tuple[LexEntry, ...]
    by_key: Mapping[str, LexEntry]
    surfaces: Mapping[str, tuple[LexEntry, ...]]
    short: Mapping[str, tuple[LexEntry, ...]]
    blocks: tuple[str, ...] = ()
    titled: Mapping[str, tuple[LexEntry, ...]] = field(default_factory=dict)


def load_lexicon(folder: RuleFolder | None = None) -> Lexicon:
    """Read the lexicon of a rules folder (the shipped one by default).

    Raises RuleError, with file and line, where a row breaks its schema, where two rows have one
    identity, or where `located` names nothing in the lexicon.
    """
    folder = folder or RuleFolder()
    paths = tuple(folder.find(f"{FOLDER}/{name}") for name in (*FILES, BLOCKS))
    return _load(paths, tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths))


@lru_cache(maxsize=4)
def _load(paths: tuple[Path, ...], _stamps: tuple[int, ...]) -> Lexicon:
    """Read the files once for each state they are in: several components ask for the lexicon."""
    by_key: dict[str, LexEntry] = {}
    rows: list[tuple[Path, int, LexEntry]] = []
    learned: dict[tuple[str | None, ...], str] = {}  # (name, label, where) of a learned person to the key
    merged: set[str] = set()
    for path, (file, kind) in zip(paths, FILES.items(), strict=False):
        for line, row in iter_tsv(path, _SCHEMAS.get(file, LexiconRow)):
            entry = _entry(row, kind)
            if file == PEOPLE:
                for name in (entry.name, *entry.aliases, *entry.titled):
                    learned[name, entry.en, entry.located] = entry.key
                learned[entry.key,] = entry.key
            elif file == FIGURES:
                same = learned.get((entry.key,)) or learned.get((entry.name, entry.en, entry.located))
                if same is not None and same not in merged:
                    merged.add(same)
                    by_key[same] = _with_names(by_key[same], entry)
                    continue
            if entry.key in by_key:
                raise RuleError(
                    errors.LEXICON_KEY.format(
                        path=path, line=line, name=entry.name, key=entry.key, other=by_key[entry.key].name
                    )
                )
            by_key[entry.key] = entry
            rows.append((path, line, entry))
    names = {entry.name for entry in by_key.values()}
    for path, line, entry in rows:
        for body in (entry.located, *entry.bodies):
            if body is not None and body not in names:
                raise RuleError(
                    errors.LEXICON_LOCATED.format(path=path, line=line, name=entry.name, located=body)
                )
    entries = tuple(by_key.values())
    return Lexicon(
        entries=entries,
        by_key=by_key,
        surfaces=_index((s, e) for e in entries for s in (e.name, *e.aliases) if s not in e.titled),
        short=_index((s, e) for e in entries for s in e.short),
        titled=_index((s, e) for e in entries for s in e.titled),
        blocks=tuple(row.text for _, row in iter_tsv(paths[-1], BlockRow)),
    )


def _entry(row: LexiconRow, kind: EntityType) -> LexEntry:
    """The entry of one row; its key by the best identity that the row gives."""
    if isinstance(row, CountryRow) and row.iso3:
        key = f"country/{row.iso3}"
    else:
        key = row.qid or f"{kind.lower()}/{row.name}"
    located, *bodies = (row.located or "").split("|") if kind == "Person" else (row.located,)
    return LexEntry(
        key=key,
        name=row.name,
        type=kind,
        aliases=row.aliases,
        short=row.short,
        qid=row.qid,
        en=row.en,
        kind=row.kind,
        located=located or None,
        titled=row.titled if isinstance(row, PersonRow) else (),
        offices=tuple(map(parse_office, row.offices)) if isinstance(row, PersonRow) else (),
        iso3=row.iso3 if isinstance(row, CountryRow) else None,
        bodies=tuple(bodies),
    )


def _with_names(entry: LexEntry, figure: LexEntry) -> LexEntry:
    """A learned person with the names, English label, kind and bodies that the hand-made table gives."""
    names = dict.fromkeys((*entry.aliases, figure.name, *figure.aliases))
    return replace(
        entry,
        aliases=tuple(name for name in names if name != entry.name),
        titled=tuple(name for name in entry.titled if name not in names),
        en=figure.en or entry.en,
        kind=figure.kind or entry.kind,
        bodies=figure.bodies,
    )


def _index(pairs: Iterable[tuple[str, LexEntry]]) -> dict[str, tuple[LexEntry, ...]]:
    """Surface to entries, each once, in the order of the lexicon."""
    out: dict[str, tuple[LexEntry, ...]] = {}
    for surface, entry in pairs:
        known = out.get(surface, ())
        if entry not in known:
            out[surface] = (*known, entry)
    return out


def states_of(lexicon: Lexicon) -> dict[str, str]:
    """The state of every country, organization and person that belongs to one, by each of its names."""
    countries = {entry.name for entry in lexicon.entries if entry.type == "Country"}
    out: dict[str, str] = {}
    for entry in lexicon.entries:
        state = entry.name if entry.type == "Country" else entry.located
        if entry.type in ("Country", "Organization", "Person") and state in countries:
            out.update(dict.fromkeys((entry.name, *entry.aliases), state))
    return out
