"""The state of a build in its folder: `state.db`, an SQLite database.

It has what each document claims, by what the claims are about, so that what a change touches is found
without a look at the rest. All of it can be made anew from extractions.jsonl and the rules.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kgx.knowledge import DocumentNode, EntityNode
from kgx.merge import position_key
from kgx.model import ENTITY_TYPES
from kgx.resolve.claims import Claims, Held, Named
from kgx.resolve.contexts import Context
from kgx.resolve.facts import Report, bucket
from kgx.resolve.policy import Policy
from kgx.state import rows
from kgx.state.blocks import Key
from kgx.state.tables import BLOCK, FORM, INDEXES, LENGTH, TABLES

FILE = "state.db"
_MANY = 500  # keys in one query


class Database:
    """The tables of a state, by what they hold. Everything is done in one transaction."""

    def __init__(self, path: Path) -> None:
        """Open or make the database; raises sqlite3.Error where it is none."""
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA synchronous = OFF")  # a kill harms nothing; only loss of power could
        self._base.execute("PRAGMA cache_size = -65536")

    def close(self) -> None:
        """Close it; what was not committed is undone."""
        self._base.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of a block or nothing."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    # -- notes -----------------------------------------------------------------------------------------

    def note(self, name: str) -> Any:
        """What was noted under a name; None where nothing was, or where the tables are of another form."""
        try:
            found = self._base.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        except sqlite3.Error:
            return None
        return rows.from_body(found[0]) if found else None

    def keep(self, name: str, value: Any) -> None:
        """Note plain data under a name."""
        self._base.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, rows.as_body(value)))

    # -- all at once -----------------------------------------------------------------------------------

    def clear(self) -> None:
        """Drop all tables and make empty ones, without indexes: `index` makes those."""
        for (name,) in self._base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            self._base.execute(f'DROP TABLE IF EXISTS "{name}"')
        for statement in TABLES.split(";"):
            self._base.execute(statement)
        self.keep("form", FORM)

    def index(self) -> None:
        """Make the indexes."""
        for statement in INDEXES.split(";"):
            self._base.execute(statement)

    # -- documents -------------------------------------------------------------------------------------

    def digests(self) -> dict[str, bytes]:
        """The digest of each document by its id."""
        return {rows.from_key(key): digest for key, digest in self._all("SELECT id, digest FROM document")}

    def tallies(self, ids: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
        """What was counted of each document, or of these."""
        if ids is None:
            found: Iterable[Any] = self._all("SELECT id, tally FROM document")
        else:
            found = self._of("SELECT id, tally FROM document WHERE id", map(rows.as_key, ids))
        return {rows.from_key(key): rows.from_body(body) for key, body in found}

    def documents(self, ids: Collection[str]) -> dict[str, DocumentNode]:
        """The documents of these ids."""
        found = self._of("SELECT id, body FROM document WHERE id", map(rows.as_key, ids))
        return {rows.from_key(key): rows.document_from(body) for key, body in found}

    def add(self, resolved: Claims, digest: bytes, tally: Mapping[str, Any], policy: Policy) -> None:
        """Add what a document claims of entities as they are known across documents."""
        document = resolved.document
        name = rows.as_key(document.id)
        body = rows.document_body(document)
        self._base.execute(
            "INSERT INTO document VALUES (?, ?, ?, ?)", (name, digest, body, rows.as_body(tally))
        )
        many = self._base.executemany
        many(
            "INSERT INTO named VALUES (?, ?, ?)",
            [(rows.as_key(one.key), name, rows.as_body(one[1:])) for one in resolved.entities],
        )
        many(
            "INSERT INTO held VALUES (?, ?, ?)",
            [(rows.as_key(position_key(one)), name, rows.as_body(one)) for one in resolved.positions],
        )
        many(
            "INSERT INTO report VALUES (?, ?, ?)",
            [(rows.as_mark(bucket(one, policy)), name, rows.as_body(one)) for one in resolved.facts],
        )
        many(
            "INSERT INTO topic VALUES (?, 1) ON CONFLICT DO UPDATE SET support = support + 1",
            [(rows.as_key(topic),) for topic in document.topics],
        )

    def withdraw(self, ids: Collection[str]) -> None:
        """Take out all that these documents claim."""
        for node in self.documents(ids).values():
            for topic in node.topics:
                self._base.execute(
                    "UPDATE topic SET support = support - 1 WHERE word = ?", (rows.as_key(topic),)
                )
        keys = [(rows.as_key(name),) for name in ids]
        for table in ("document", "named", "held", "report", "context"):
            self._base.executemany(f"DELETE FROM {table} WHERE id = ?", keys)

    def forgotten_topics(self) -> list[str]:
        """Topics that no document has any more; they are taken out."""
        found = [rows.from_key(word) for (word,) in self._all("SELECT word FROM topic WHERE support < 1")]
        self._base.execute("DELETE FROM topic WHERE support < 1")
        return found

    # -- contexts of persons ---------------------------------------------------------------------------

    def contexts(self, keys: Iterable[str]) -> dict[str, dict[tuple[str, str], tuple[Context, str]]]:
        """For each key of contexts: what each document tells of each person, and who that was taken for."""
        out: dict[str, dict[tuple[str, str], tuple[Context, str]]] = {key: {} for key in keys}
        found = self._of("SELECT key, id, own, body, person FROM context WHERE key", map(rows.as_key, out))
        for key, name, own, body, person in found:
            shared, mine = rows.from_key(key), rows.from_key(own)
            context = rows.context_from(shared, mine, body)
            out[shared][rows.from_key(name), mine] = context, rows.from_key(person)
        return out

    def persons(self, name: str) -> dict[str, str]:
        """Who a document's persons were taken for, by their own keys."""
        found = self._base.execute("SELECT own, person FROM context WHERE id = ?", (rows.as_key(name),))
        return {rows.from_key(key): rows.from_key(person) for key, person in found}

    def context_keys(self, ids: Collection[str]) -> set[str]:
        """The keys of the contexts that these documents give."""
        found = self._of("SELECT key FROM context WHERE id", map(rows.as_key, ids))
        return {rows.from_key(key) for (key,) in found}

    def take(self, name: str, contexts: Iterable[Context], persons: Mapping[str, str]) -> None:
        """Keep what a document tells of persons, and who they are taken for."""
        self._base.executemany(
            "INSERT OR REPLACE INTO context VALUES (?, ?, ?, ?, ?)",
            [
                (
                    rows.as_key(one.key),
                    rows.as_key(name),
                    rows.as_key(one.person),
                    rows.as_body(one[2:]),
                    rows.as_key(persons.get(one.person, one.person)),
                )
                for one in contexts
            ],
        )

    # -- what claims are about -------------------------------------------------------------------------

    def marks(self, ids: Collection[str]) -> set[bytes]:
        """The buckets of all facts that these documents report."""
        return {mark for (mark,) in self._of("SELECT bucket FROM report WHERE id", map(rows.as_key, ids))}

    def reports(self, marks: Iterable[bytes]) -> dict[bytes, list[Report]]:
        """The reports of each bucket."""
        out: dict[bytes, list[tuple[str, bytes]]] = {}
        for mark, name, body in self._of("SELECT bucket, id, body FROM report WHERE bucket", marks):
            out.setdefault(mark, []).append((rows.from_key(name), body))
        nodes = self.documents({name for held in out.values() for name, _ in held})
        return {
            mark: [Report(nodes[name], rows.stated_from(body)) for name, body in held]
            for mark, held in out.items()
        }

    def held_keys(self, ids: Collection[str]) -> set[str]:
        """The keys of all positions that these documents give."""
        return {
            rows.from_key(key) for (key,) in self._of("SELECT key FROM held WHERE id", map(rows.as_key, ids))
        }

    def held(self, keys: Iterable[str]) -> dict[str, list[tuple[str, Held]]]:
        """The sightings of each position, with the documents that give them."""
        out: dict[str, list[tuple[str, Held]]] = {}
        for key, name, body in self._of("SELECT key, id, body FROM held WHERE key", map(rows.as_key, keys)):
            out.setdefault(rows.from_key(key), []).append((rows.from_key(name), rows.held_from(body)))
        return out

    def named_keys(self, ids: Collection[str]) -> set[str]:
        """The keys of all entities that these documents name."""
        return {
            rows.from_key(key) for (key,) in self._of("SELECT key FROM named WHERE id", map(rows.as_key, ids))
        }

    def told(self, keys: Iterable[str]) -> dict[str, list[tuple[Named, int]]]:
        """What is said of each entity, with the number of documents that say just that."""
        out: dict[str, list[tuple[Named, int]]] = {}
        query = "SELECT key, body, count(*) FROM named WHERE key"
        for key, body, number in self._of(query, map(rows.as_key, keys), "GROUP BY key, body"):
            text = rows.from_key(key)
            out.setdefault(text, []).append((rows.named_from(text, body), number))
        return out

    def named_in(self, ids: Collection[str]) -> Iterator[tuple[str, Named]]:
        """(document, entity) of all that these documents name."""
        for key, name, body in self._of("SELECT key, id, body FROM named WHERE id", map(rows.as_key, ids)):
            yield rows.from_key(name), rows.named_from(rows.from_key(key), body)

    def naming(self, keys: Iterable[str]) -> set[str]:
        """The documents that name any of these entities."""
        found = self._of("SELECT id FROM named WHERE key", map(rows.as_key, keys))
        return {rows.from_key(name) for (name,) in found}

    # -- what was made of them -------------------------------------------------------------------------

    def entities(self, keys: Iterable[str]) -> dict[str, EntityNode]:
        """What each entity is called; without its names, and without its documents."""
        found = self._of("SELECT key, type, body FROM entity WHERE key", map(rows.as_key, keys))
        out = {}
        for key, type_, body in found:
            text = rows.from_key(key)
            out[text] = _entity(text, type_, body)
        return out

    def called(self) -> Iterator[tuple[EntityNode, int]]:
        """What every entity is called, and how many documents name it."""
        for key, type_, body, support in self._all("SELECT key, type, body, support FROM entity"):
            yield _entity(rows.from_key(key), type_, body), support

    def spellings(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """The names of entities, sorted."""
        out: dict[str, set[str]] = {}
        for key, told in self.told(keys).items():
            out[key] = {name for one, _ in told for name in one.names}
        return {key: sorted(names) for key, names in out.items()}

    def put_entities(self, nodes: Iterable[EntityNode]) -> None:
        """Keep what entities are called."""
        self._base.executemany(
            "INSERT OR REPLACE INTO entity VALUES (?, ?, ?, ?)",
            [
                (
                    rows.as_key(one.key),
                    ENTITY_TYPES.index(one.type),
                    rows.as_body((one.label, one.label_en, one.qid, one.kind)),
                    len(one.documents),
                )
                for one in nodes
            ],
        )

    def drop_entities(self, keys: Iterable[str]) -> None:
        """Forget entities."""
        self._base.executemany("DELETE FROM entity WHERE key = ?", [(rows.as_key(key),) for key in keys])

    def put_facts(self, keys: Iterable[tuple[str, str]]) -> None:
        """Keep the keys and types of facts."""
        self._base.executemany(
            "INSERT OR REPLACE INTO fact VALUES (?, ?)", [(rows.as_key(key), type_) for key, type_ in keys]
        )

    def drop_facts(self, keys: Iterable[str]) -> None:
        """Forget facts."""
        self._base.executemany("DELETE FROM fact WHERE key = ?", [(rows.as_key(key),) for key in keys])

    def put_edges(self, edges: Iterable[tuple[str, tuple[str, str, str]]]) -> None:
        """Keep short cuts, each with the fact or position that it rests on."""
        self._base.executemany(
            "INSERT INTO edge VALUES (?, ?, ?, ?)",
            [
                (rows.as_mark(ground), rows.as_key(start), name, rows.as_key(end))
                for ground, (start, name, end) in edges
            ],
        )

    def drop_edges(self, grounds: Iterable[str]) -> set[str]:
        """Forget the short cuts that rest on these; where they begin."""
        marks = [rows.as_mark(ground) for ground in grounds]
        found = {rows.from_key(start) for (start,) in self._of("SELECT start FROM edge WHERE ground", marks)}
        self._base.executemany("DELETE FROM edge WHERE ground = ?", [(mark,) for mark in marks])
        return found

    def edges(self, starts: Iterable[str]) -> set[tuple[str, str, str]]:
        """The short cuts that begin at these entities."""
        found = self._of("SELECT start, name, end FROM edge WHERE start", map(rows.as_key, starts))
        return {(rows.from_key(start), name, rows.from_key(end)) for start, name, end in found}

    # -- blocks of files -------------------------------------------------------------------------------

    def places(self, file: str, keys: Collection[Key]) -> dict[Key, tuple[int, int | None]]:
        """Where each of these blocks begins in a file, and its length.

        A block that the file does not have has None for a length, and belongs where the next one begins.
        """
        out: dict[Key, tuple[int, int | None]] = {}
        at, before = 0, (-1, b"")
        for section, key in sorted((section, rows.as_key(key)) for section, key in keys):
            at += self._base.execute(LENGTH, (file, *before, section, key)).fetchone()[0]
            found = self._base.execute(BLOCK, (file, section, key)).fetchone()
            out[section, rows.from_key(key)] = at, found[0] if found else None
            before = section, key
        return out

    def put_blocks(self, file: str, index: Iterable[tuple[Key, int]]) -> None:
        """Keep the lengths of blocks."""
        self._base.executemany(
            "INSERT OR REPLACE INTO block VALUES (?, ?, ?, ?)",
            ((file, section, rows.as_key(key), length) for (section, key), length in index),
        )

    def drop_blocks(self, file: str, keys: Iterable[Key] | None = None) -> None:
        """Forget blocks of a file, or all of them."""
        if keys is None:
            self._base.execute("DELETE FROM block WHERE file = ?", (file,))
            return
        self._base.executemany(
            "DELETE FROM block WHERE file = ? AND section = ? AND key = ?",
            [(file, section, rows.as_key(key)) for section, key in keys],
        )

    # -- counts ----------------------------------------------------------------------------------------

    def count(self, table: str, column: str) -> dict[Any, int]:
        """How many rows of a table have each value of a column."""
        return dict(self._all(f"SELECT {column}, count(*) FROM {table} GROUP BY {column}"))

    def positions(self) -> int:
        """The number of positions."""
        return int(self._all("SELECT count(DISTINCT key) FROM held")[0][0])

    def top(self, most: int) -> list[EntityNode]:
        """The entities that most documents name, with that number of (unknown) documents each."""
        found = self._all(
            f"SELECT key, type, body, support FROM entity ORDER BY support DESC, key LIMIT {most}"
        )
        return [_entity(rows.from_key(key), type_, body, support) for key, type_, body, support in found]

    def _all(self, query: str) -> Sequence[Any]:
        return self._base.execute(query).fetchall()

    def _of(self, query: str, keys: Iterable[Any], end: str = "") -> Iterator[Any]:
        """The rows of a query that ends in a column, for all values of that column."""
        left = sorted(set(keys))
        for at in range(0, len(left), _MANY):
            part = left[at : at + _MANY]
            marks = ",".join("?" * len(part))
            yield from self._base.execute(f"{query} IN ({marks}) {end}", part).fetchall()


def _entity(key: str, type_: int, body: bytes, support: int = 0) -> EntityNode:
    """What an entity is called, and by how many documents; other names and which documents are not told."""
    label, label_en, qid, kind = rows.from_body(body)
    return EntityNode(key, ENTITY_TYPES[type_], label, label_en, qid, kind, {}, (0,) * support)
