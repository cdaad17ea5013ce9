"""What nodes a build has, and a user's word on which of them are one: `kgx entities`, `merge`, `split`."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from kgx import errors
from kgx.background import entry_key
from kgx.errors import KgxError, OptionError
from kgx.iri import DEFAULT_BASE, MIDDLE_DOT, identity, segment
from kgx.lexicon import load_lexicon
from kgx.model import ENTITY_TYPES
from kgx.resolve import decisions
from kgx.resolve.decisions import DecisionRow
from kgx.resolve.homonyms import of_states
from kgx.state import database, tables
from kgx.state.database import Database

COLUMNS = ("documents", "type", "key", "label", "english", "qid", "names")
_HINTS = 6  # candidates that an error names


@dataclass(frozen=True, slots=True)
class Listed:
    """An entity of a build: how many documents name it, its identity, its names."""

    documents: int
    type: str
    key: str
    label: str
    label_en: str | None
    qid: str | None
    names: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """The values of `COLUMNS`."""
        names = "|".join(self.names)
        row = (
            str(self.documents),
            self.type,
            self.key,
            self.label,
            self.label_en or "",
            self.qid or "",
            names,
        )
        return tuple(" ".join(cell.split()) for cell in row)


def entities(
    folder: str | Path, *, types: Iterable[str] = (), unresolved: bool = False, most: int | None = None
) -> Iterator[Listed]:
    """The entities of a build, those that most documents name first.

    `types` restricts them; `unresolved` leaves those without a Wikidata id. Raises OptionError where a type
    is unknown, KgxError where the folder holds no build with its state.
    """
    wanted = set(types)
    for one in sorted(wanted - set(ENTITY_TYPES)):
        known = ", ".join(ENTITY_TYPES)
        raise OptionError(errors.TYPE_UNKNOWN.format(option="--type", name=one, known=known))
    return _listed(_state(folder), wanted, unresolved, most)


def _listed(base: Database, wanted: Collection[str], unresolved: bool, most: int | None) -> Iterator[Listed]:
    try:
        chosen = [
            (node, support)
            for node, support in base.called()
            if (not wanted or node.type in wanted) and not (unresolved and node.qid)
        ]
        chosen.sort(key=lambda item: (-item[1], item[0].key))
        names = base.spellings(node.key for node, _ in chosen[:most])
        for node, support in chosen[:most]:
            others = tuple(name for name in names.get(node.key, ()) if name != node.label)
            yield Listed(support, node.type, node.key, node.label, node.label_en, node.qid, others)
    finally:
        base.close()


def merge(folder: str | Path, entity: str, target: str) -> DecisionRow:
    """Record that `entity` is `target`, both by key, IRI or name; the next build obeys.

    Of persons whom documents put in the service of a state that is recorded too, under the key that the
    person would have if another of the name appeared: it is the one merged, or the one merged into. Raises
    KgxError.
    """
    with closing(_state(folder)) as base:
        row = _row(_key(base, entity), "merge", _key(base, target))
        known = {node.key: node.qid for node, _ in base.called() if node.key in (row.entity, row.target)}
        qid, other = known[row.entity], known[row.target]
        if qid and other and qid != other:
            raise KgxError(
                errors.DECISION_IDS.format(entity=row.entity, qid=qid, target=row.target, other=other)
            )
        more = [_row(key, "merge", row.target) for key in _by_state(base, row.entity) if key != row.target]
        same = [_row(key, "merge", row.target) for key in _by_state(base, row.target) if key != row.entity]
    held = {one.entity for one in decisions.rows_of(folder)}
    decisions.decide(folder, row, *more, *(one for one in same if one.entity not in held))
    return row


def _by_state(base: Database, key: str) -> list[str]:
    """The keys that a person or a meeting would have, by states or years, if there were two of the name."""
    kind, _, name = key.partition("/")
    shared = f"person/{name.rpartition(MIDDLE_DOT)[2] or name}" if kind == "person" else key
    told = base.contexts([shared])[shared].values()
    return sorted({of_states(one) for one, person in told if person == key and one.states} - {key})


def split(folder: str | Path, entity: str, documents: Iterable[str], target: str) -> DecisionRow:
    """Record that in these documents `entity` is another thing, known as `target`; the next build obeys.

    `target` is a key, a name that the lexicon knows, or one that makes a key (陈明-画家). Raises KgxError.
    """
    with closing(_state(folder)) as base:
        key = _key(base, entity)
        naming = base.naming([key])
    names = tuple(dict.fromkeys(documents))
    for name in names:
        if name not in naming:
            raise KgxError(errors.SPLIT_DOCUMENT.format(key=key, name=name))
    row = _row(key, "split", _target(key, target), names)
    decisions.decide(folder, row)
    return row


def _target(key: str, text: str) -> str:
    """The key that a split entity gets: the one given, that of who is called so, or a new one."""
    kind = key.partition("/")[0]
    stated, _, name = text.partition("/")
    if stated in decisions.KINDS and name:
        if stated != kind:
            raise KgxError(errors.SPLIT_TYPE.format(target=text, entity=key, kind=stated))
        return text
    entries = load_lexicon().surfaces.get(text, ())
    found = sorted({entry_key(one) for one in entries if one.type.lower() == kind})
    if len(found) > 1:
        raise KgxError(errors.ENTITY_MANY.format(name=text, keys=", ".join(found[:_HINTS])))
    return found[0] if found else f"{kind}/{identity(text)}"


def undo_merge(folder: str | Path, entity: str) -> DecisionRow:
    """Take back the decision that `entity` is another one. Raises KgxError where there is none."""
    rows = [one for one in decisions.rows_of(folder) if one.decision == "merge"]
    key = _decided(folder, rows, entity, "merge")
    (row,) = (one for one in rows if one.entity == key)
    into = {one.entity for one in rows if one.target == row.target}
    same = {one for one in into if one.startswith(f"{key}-")}
    if all(one.startswith(f"{row.target}-") for one in into - same - {key}):
        same = into  # nothing else is merged into the target, whose own keys need no row any more
    decisions.take_back(folder, "merge", {key, *same})
    return row


def undo_split(folder: str | Path, entity: str, documents: Iterable[str] = ()) -> list[DecisionRow]:
    """Take back the decision that in these documents, or in all, `entity` is another one.

    Raises KgxError where there is none.
    """
    rows = [one for one in decisions.rows_of(folder) if one.decision == "split"]
    key = _decided(folder, rows, entity, "split")
    names = tuple(documents)
    taken = decisions.take_back(folder, "split", {key}, names)
    if not taken:
        raise KgxError(errors.SPLIT_DOCUMENT.format(key=key, name=names[0]))
    return taken


def _decided(folder: str | Path, rows: Iterable[DecisionRow], text: str, decision: str) -> str:
    """The key that a decision is on, by that key, its IRI or its name; the entity is perhaps gone."""
    keys = list(dict.fromkeys(one.entity for one in rows))
    with closing(_state(folder)) as base:
        found = _among(keys, text, base)
        if not found:
            named = {entry_key(one) for one in load_lexicon().surfaces.get(text, ())}
            found = [key for key in keys if key in named or key.partition("/")[2] == identity(text)]
        if not found:
            try:
                found = [key for key in keys if key == _key(base, text)]
            except KgxError:
                found = []
    if len(found) == 1:
        return found[0]
    if found:
        raise KgxError(errors.ENTITY_MANY.format(name=text, keys=", ".join(sorted(found)[:_HINTS])))
    hint = errors.DECISION_NONE_HINT.format(keys=", ".join(keys[:_HINTS])) if keys else ""
    path = Path(folder) / decisions.FILE
    raise KgxError(errors.DECISION_NONE.format(name=text, path=path, decision=decision, hint=hint))


def _row(entity: str, decision: str, target: str, documents: tuple[str, ...] = ()) -> DecisionRow:
    try:
        return DecisionRow.model_validate(
            {"entity": entity, "decision": decision, "target": target, "documents": documents}
        )
    except ValueError:
        raise KgxError(errors.DECISION_WRONG.format(entity=entity, target=target)) from None


def _key(base: Database, text: str) -> str:
    """The key of the one entity that a key, an IRI or a name means."""
    nodes = {node.key: node for node, _ in base.called()}
    found = _among(nodes, text, base)
    if not found:
        found = [key for key, node in nodes.items() if text in (node.label, node.label_en, node.qid)]
    if not found:
        found = [key for key in nodes if key.partition("/")[2] == identity(text)]
    if not found:
        found = sorted(key for key, names in base.spellings(nodes).items() if text in names)
    if len(found) == 1:
        return found[0]
    if not found:
        raise KgxError(errors.ENTITY_NONE.format(name=text))
    raise KgxError(errors.ENTITY_MANY.format(name=text, keys=", ".join(sorted(found)[:_HINTS])))


def _among(keys: Collection[str], text: str, base: Database) -> list[str]:
    """Those of the keys that a text is, or is the IRI of, under the base of the build or of the project."""
    if text in keys:
        return [text]
    settings = base.note("settings") or {}
    for start in (settings.get("base") or DEFAULT_BASE, DEFAULT_BASE):
        kind, _, name = text.removeprefix(start).partition("/")
        plain = unquote(name)
        found = [
            key
            for key in keys
            if key.startswith(f"{kind}/")
            and (key[len(kind) + 1 :] == plain or segment(key[len(kind) + 1 :]) in (name, plain))
        ]
        if found:
            return found
    return []


def _state(folder: str | Path) -> Database:
    path = Path(folder) / database.FILE
    if path.is_file():
        try:
            base = Database(path)
            if base.note("form") == tables.FORM:
                return base
            base.close()
        except sqlite3.Error:
            pass
    raise KgxError(errors.STATE_NONE.format(path=folder))
