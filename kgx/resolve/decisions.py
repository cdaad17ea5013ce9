"""What a user decided on who is who: `kgx merge` and `kgx split` write it, every later build obeys it.

A table `identity.tsv` in the folder of a build, or in a folder of rules: one decision a row. Keys are those
of the graph, `person/李明`: an entity's IRI without its base.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kgx import errors
from kgx.errors import KgxError, RuleError
from kgx.model import ENTITY_TYPES
from kgx.resolve.claims import Named
from kgx.rulebook import Rule, RuleFolder, iter_tsv
from kgx.staging import staged_file

FILE = "identity.tsv"
HEAD = """\
# Decisions on who is who, obeyed by every build into this folder (or with --rules of the folder that has it).
# merge  `entity` is the thing that `target` is: all that documents say of it is said of the target
# split  in `documents` (ids, between |) the name means another thing, which gets the key `target`
"""
_KINDS = tuple(one.lower() for one in ENTITY_TYPES)


class DecisionRow(Rule):
    """One decision of a user."""

    entity: Annotated[str, Field(pattern=r"^[a-z]+/.")]
    decision: Literal["merge", "split"]
    target: Annotated[str, Field(pattern=r"^[a-z]+/.")]
    documents: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> DecisionRow:
        kinds = [key.partition("/")[0] for key in (self.entity, self.target)]
        if kinds[0] != kinds[1] or kinds[0] not in _KINDS:
            raise ValueError("entity and target are keys of one type, such as person/李明")
        if self.entity == self.target:
            raise ValueError("entity and target are the same")
        if (self.decision == "split") != bool(self.documents):
            raise ValueError("`documents` belongs to every split, and to no merge")
        return self


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions in force: targets of merged keys, and of split keys by document."""

    merged: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def keys(self, document: str, entities: Iterable[Named], keys: Mapping[str, str]) -> dict[str, str]:
        """The keys of a document's entities: `keys`, as far as they changed, and the decisions upon them."""
        if not self.merged and not self.split:
            return dict(keys)
        out = {}
        for one in entities:
            key = keys.get(one.key, one.key)
            key = self.split.get((key, document), key)
            key = self.merged.get(key, key)
            if key != one.key:
                out[one.key] = key
        return out


NONE = Decisions()


def decisions(*folders: Path | None) -> Decisions:
    """The decisions of the folders that hold any; a later folder's go before an earlier one's.

    Raises RuleError, with file and line, where a row is wrong or merges go round in a circle.
    """
    merged: dict[str, str] = {}
    split: dict[tuple[str, str], str] = {}
    for folder in folders:
        path = None if folder is None else folder / FILE
        if path is None or not path.is_file():
            continue
        for line, row in iter_tsv(path, DecisionRow):
            if row.decision == "split":
                split.update({(row.entity, name): row.target for name in row.documents})
                continue
            merged[row.entity] = row.target
            if _end(merged, row.entity) is None:
                raise RuleError(errors.DECISION_CIRCLE.format(path=path, line=line, entity=row.entity))
    return Decisions({key: _end(merged, key) or key for key in merged}, split)


def of_build(out: str | Path | None, rules: RuleFolder | None) -> Decisions:
    """The decisions that a build into the folder `out` obeys. Raises as `decisions`."""
    return decisions(rules.user if rules is not None else None, None if out is None else Path(out))


def decide(folder: str | Path, row: DecisionRow) -> None:
    """Write a decision into a build's folder, in place of one on the same entity.

    Raises KgxError where the file can't be written, RuleError where it is wrong or the decision closes a
    circle.
    """
    path = Path(folder) / FILE
    rows = [one for _, one in iter_tsv(path, DecisionRow)] if path.is_file() else []
    kept = [one for one in rows if not _replaces(row, one)]
    table = sorted([*kept, row], key=lambda one: (one.entity, one.decision, one.target, one.documents))
    merged = {one.entity: one.target for one in table if one.decision == "merge"}
    if any(_end(merged, key) is None for key in merged):
        raise KgxError(errors.DECISION_TURNS.format(entity=row.entity, target=row.target))
    with staged_file(path) as stream:
        stream.write(HEAD)
        out = csv.writer(stream, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
        out.writerow(DecisionRow.model_fields)
        for one in table:
            out.writerow((one.entity, one.decision, one.target, "|".join(one.documents)))


def _replaces(row: DecisionRow, one: DecisionRow) -> bool:
    if row.decision == "merge":
        return one.decision == "merge" and one.entity == row.entity
    return one.decision == "split" and (one.entity, one.target) == (row.entity, row.target)


def _end(merged: Mapping[str, str], key: str) -> str | None:
    """Where a chain of merges ends; None where it goes round."""
    seen = {key}
    while (key := merged.get(key, "")) in merged:
        if key in seen:
            return None
        seen.add(key)
    return key
