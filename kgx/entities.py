"""What nodes a build has, and a user's word on which of them are one: `kgx entities`, `merge`, `split`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kgx import errors
from kgx.errors import KgxError, OptionError
from kgx.iri import DEFAULT_BASE, segment
from kgx.model import ENTITY_TYPES
from kgx.resolve import decisions
from kgx.resolve.decisions import DecisionRow
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
    """Yield the entities of a build, those that most documents name first.

    `types` restricts them; `unresolved` leaves those without a Wikidata id. Raises OptionError where a type
    is unknown, KgxError where the folder holds no build with its state.
    """
    wanted = set(types)
    for one in sorted(wanted - set(ENTITY_TYPES)):
        known = ", ".join(ENTITY_TYPES)
        raise OptionError(errors.TYPE_UNKNOWN.format(option="--type", name=one, known=known))
    base = _state(folder)
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
    """Record that `entity` is `target`, both by key, IRI or name; the next build obeys. Raises KgxError."""
    base = _state(folder)
    try:
        row = _row(_key(base, entity), "merge", _key(base, target))
    finally:
        base.close()
    decisions.decide(folder, row)
    return row


def split(folder: str | Path, entity: str, documents: Iterable[str], target: str) -> DecisionRow:
    """Record that in these documents `entity` is another thing, known as `target`; the next build obeys.

    `target` is a key, or what follows the type in one (陈明-画家). Raises KgxError.
    """
    base = _state(folder)
    try:
        key = _key(base, entity)
        naming = base.naming([key])
    finally:
        base.close()
    names = tuple(dict.fromkeys(documents))
    for name in names:
        if name not in naming:
            raise KgxError(errors.SPLIT_DOCUMENT.format(key=key, name=name))
    kind = key.partition("/")[0]
    row = _row(key, "split", target if target.startswith(f"{kind}/") else f"{kind}/{target}", names)
    decisions.decide(folder, row)
    return row


def _row(entity: str, decision: str, target: str, documents: tuple[str, ...] = ()) -> DecisionRow:
    try:
        return DecisionRow.model_validate(
            {"entity": entity, "decision": decision, "target": target, "documents": documents}
        )
    except ValueError:
        raise KgxError(errors.DECISION_WRONG.format(entity=entity, target=target)) from None


def _key(base: Database, text: str) -> str:
    """The key of the one entity that a key, an IRI or a name means."""
    short = text.removeprefix(DEFAULT_BASE)
    nodes = {node.key: node for node, _ in base.called()}
    if short in nodes:
        return short
    kind, _, name = short.partition("/")
    found = [key for key in nodes if key.startswith(f"{kind}/") and segment(key.partition("/")[2]) == name]
    if not found:
        found = [key for key, node in nodes.items() if text in (node.label, node.label_en, node.qid)]
    if not found:
        found = sorted(key for key, names in base.spellings(nodes).items() if text in names)
    if len(found) == 1:
        return found[0]
    if not found:
        raise KgxError(errors.ENTITY_NONE.format(name=text))
    raise KgxError(errors.ENTITY_MANY.format(name=text, keys=", ".join(sorted(found)[:_HINTS])))


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
