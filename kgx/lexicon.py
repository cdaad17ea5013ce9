"""The lexicon: names known beforehand, their surfaces, and the identity of what they name.

Read from `rules/lexicon/*.tsv`, one file a type. An entry's key is stable across documents:
`country/RUS` where there is an ISO 3166-1 code, else the Wikidata id, else `organization/国务院`.
A surface may belong to several entries (布什): the ambiguity is kept for later stages to settle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kgx import errors
from kgx.errors import RuleError
from kgx.model import EntityType
from kgx.rulebook import RuleFolder, iter_tsv
from kgx.schemas.lexicon import BlockRow, CountryRow, LexiconRow

FOLDER = "lexicon"
FILES: Mapping[str, EntityType] = {
    "countries.tsv": "Country",
    "organizations.tsv": "Organization",
    "places.tsv": "Place",
    "people.tsv": "Person",
    "agreements.tsv": "Agreement",
    "events.tsv": "Event",
    "initiatives.tsv": "Initiative",
}
BLOCKS = "blocks.tsv"


@dataclass(frozen=True, slots=True)
class LexEntry:
    """One named thing: `name` is its usual short name, `aliases` other strings that name it alone.

    `short` holds one-character names (俄), which name it only in groups and after certain words.
    `located` is the name of the country, place or body that it lies in or belongs to.
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


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries, in the order of `FILES` and rows, with the look-ups that stages need.

    `surfaces` maps each name or alias (two characters or more) to its entries; `short` each
    one-character name; `blocks` are strings that hold no mention although a name stands inside.
    """

    entries: tuple[LexEntry, ...]
    by_key: Mapping[str, LexEntry]
    surfaces: Mapping[str, tuple[LexEntry, ...]]
    short: Mapping[str, tuple[LexEntry, ...]]
    blocks: tuple[str, ...] = ()


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
    for path, kind in zip(paths, FILES.values(), strict=False):
        for line, row in iter_tsv(path, CountryRow if kind == "Country" else LexiconRow):
            entry = _entry(row, kind)
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
        if entry.located is not None and entry.located not in names:
            raise RuleError(
                errors.LEXICON_LOCATED.format(path=path, line=line, name=entry.name, located=entry.located)
            )
    entries = tuple(by_key.values())
    return Lexicon(
        entries=entries,
        by_key=by_key,
        surfaces=_index((s, e) for e in entries for s in (e.name, *e.aliases)),
        short=_index((s, e) for e in entries for s in e.short),
        blocks=tuple(row.text for _, row in iter_tsv(paths[-1], BlockRow)),
    )


def _entry(row: LexiconRow, kind: EntityType) -> LexEntry:
    """The entry of one row; its key by the best identity that the row gives."""
    if isinstance(row, CountryRow) and row.iso3:
        key = f"country/{row.iso3}"
    else:
        key = row.qid or f"{kind.lower()}/{row.name}"
    return LexEntry(
        key=key,
        name=row.name,
        type=kind,
        aliases=row.aliases,
        short=row.short,
        qid=row.qid,
        en=row.en,
        kind=row.kind,
        located=row.located,
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
