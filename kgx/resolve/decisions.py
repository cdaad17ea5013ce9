"""What a user decided on who is who: `kgx merge` and `kgx split` write it, every later build obeys it.

A table `identity.tsv` in the folder of a build, or in a folder of rules: one decision a row. Keys are those
of the graph, `person/李明`: an entity's IRI without its base.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import field_validator, model_validator

from kgx import errors
from kgx.background import entry_key
from kgx.errors import KgxError, RuleError
from kgx.lexicon import LexEntry, load_lexicon
from kgx.model import ENTITY_TYPES
from kgx.resolve.claims import Claims, Named
from kgx.resolve.homonyms import of_states
from kgx.rulebook import Rule, RuleFolder, iter_tsv
from kgx.staging import staged_file

FILE = "identity.tsv"
HEAD = """\
# Decisions on who is who, obeyed by every build into this folder (or with --rules of the folder that has it).
# merge  `entity` is the thing that `target` is: all that documents say of it is said of the target
# split  in `documents` (ids, between |) the name means another thing, which gets the key `target`
"""
KINDS = tuple(one.lower() for one in ENTITY_TYPES)

# Of a decision obeyed: ("merge", entity) or ("split", entity, document). Of what merges are on: it has
# the key in a document, ("at", key); or another one there, by what all documents tell together, and either
# goes where the merge says, ("joined", key), or not, ("moved", key, other).
Mark = tuple[str, ...]


class DecisionRow(Rule):
    """One decision of a user."""

    entity: str
    decision: Literal["merge", "split"]
    target: str
    documents: tuple[str, ...] = ()

    @field_validator("entity", "target")
    @classmethod
    def _key(cls, value: str) -> str:
        kind, _, name = value.partition("/")
        if kind not in KINDS or not name:
            raise ValueError(f"{value!r} is no key; write one such as person/李明")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> DecisionRow:
        if _kind(self.entity) != _kind(self.target):
            raise ValueError("entity and target are of two types; give keys of one, such as person/李明")
        if self.entity == self.target:
            raise ValueError("entity and target are the same; give two keys")
        if (self.decision == "split") != bool(self.documents):
            raise ValueError("`documents` belongs to every split, and to no merge; give it there alone")
        return self


@dataclass(frozen=True)
class Decisions:
    """All decisions in force: targets of merged keys, and of split keys by document.

    `known` are the lexicon's entries of targets, `places` tells the file and line of each decision.
    """

    merged: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[tuple[str, str], str] = field(default_factory=dict)
    known: Mapping[str, LexEntry] = field(default_factory=dict)
    places: Mapping[Mark, str] = field(default_factory=dict)

    def applied(self, claims: Claims, keys: Mapping[str, str]) -> tuple[Claims, list[Mark]]:
        """A document's claims under `keys`, as far as those changed, and the decisions upon them.

        Tells which decisions were obeyed, too, and what became of the things that they are on.
        """
        if not self.merged and not self.split:
            return claims.renamed(keys), []
        document = claims.document.id
        stated = {one.person: of_states(one) for one in claims.contexts if not one.fixed}
        out: dict[str, str] = {}
        marks: list[Mark] = []
        named = []
        for one in claims.entities:
            last = keys.get(one.key, one.key)
            way = self._way(document, one.key, last, stated.get(one.key))
            marks += (mark for mark, _ in way)
            marks += self._places_of(one.key, last, stated.get(one.key), way)
            if way:
                last = way[-1][1]
                one = self._as(one, last, any(mark[0] == "split" for mark, _ in way))
            named.append(one)
            if last != one.key:
                out[one.key] = last
        return claims.renamed(out, named), sorted(set(marks))

    def _way(self, document: str, own: str, key: str, stated: str | None) -> list[tuple[Mark, str]]:
        """The decisions that one entity of a document goes by, one after the other, with their targets.

        They are looked up under its key, then under the one that it has, or would have, by the states that
        the document tells. What holds in a document, and what no homonym took, also under its own key.
        """
        way: list[tuple[Mark, str]] = []
        seen = {key}
        names = list(dict.fromkeys((key, stated or key, own)))
        common = own if key.startswith(f"{own}-") else None
        entry = self.known.get(self.merged.get(own, ""))
        if entry is not None and key == f"{own}-{entry.located}":
            common = None  # of several persons of the name, it is the one of that state
        while (step := self._step(document, names, common, None if way else key)) is not None:
            way.append(step)
            target = step[1]
            if target in seen:
                break
            seen.add(target)
            names = [target]
        return way

    def _step(
        self, document: str, names: Sequence[str], common: str | None, key: str | None
    ) -> tuple[Mark, str] | None:
        """The decision on the first of the names that there is one on; a merge of `common` is on several.

        That one of several of a name is the one meant holds only for who has its very `key`.
        """
        for one in names:
            if (one, document) in self.split:
                return ("split", one, document), self.split[one, document]
        for one in names:
            if one in self.merged and one != common and not (key and key != one and self.parted(one)):
                return ("merge", one), self.merged[one]
        return None

    def parted(self, entity: str) -> bool:
        """Whether a merge says that one of several of a name is the one meant by the name."""
        return entity.startswith(f"{self.merged[entity]}-")

    def _places_of(
        self, own: str, key: str, stated: str | None, way: Sequence[tuple[Mark, str]]
    ) -> Iterator[Mark]:
        """What became, in a document, of the things that merges are on; `way` are the decisions obeyed."""
        if key in self._targets and not way:
            yield "at", key
        for one in dict.fromkeys((own, stated or own)):
            if one == key or (one not in self._targets and one not in self.merged):
                continue
            if not way:
                yield "moved", one, key
            elif way[-1][1] == self.merged.get(one, one):
                yield "joined", one

    @cached_property
    def _targets(self) -> frozenset[str]:
        return frozenset(self.merged.values())

    def _as(self, one: Named, key: str, parted: bool) -> Named:
        """An entity of a document with what is known of the one that it was decided to be."""
        entry = self.known.get(key)
        if entry is not None:
            return one._replace(labels=(entry.name,), qid=entry.qid, label_en=entry.en, kind=entry.kind)
        return one._replace(qid=None, label_en=None, kind=None) if parted else one


NONE = Decisions()


def decisions(*folders: Path | None, rules: RuleFolder | None = None) -> Decisions:
    """The decisions of the folders that hold any; a later folder's go before an earlier one's.

    `rules` has the lexicon. Raises RuleError, with file and line, where a row is wrong or merges go round
    in a circle.
    """
    merged: dict[str, str] = {}
    split: dict[tuple[str, str], str] = {}
    places: dict[Mark, str] = {}
    for folder in folders:
        path = None if folder is None else folder / FILE
        if path is None or not path.is_file():
            continue
        for line, row in iter_tsv(path, DecisionRow):
            if row.decision == "split":
                split.update({(row.entity, name): row.target for name in row.documents})
                places.update({("split", row.entity, name): f"{path}:{line}" for name in row.documents})
                continue
            merged[row.entity] = row.target
            places["merge", row.entity] = f"{path}:{line}"
            if _end(merged, row.entity) is None:
                raise RuleError(errors.DECISION_CIRCLE.format(path=path, line=line, entity=row.entity))
    if not places:
        return NONE
    targets = {*merged.values(), *split.values()}
    entries = ((entry_key(one), one) for one in load_lexicon(rules).entries)
    known = {key: one for key, one in entries if key in targets}
    return Decisions({key: _end(merged, key) or key for key in merged}, split, known, places)


def of_build(out: str | Path | None, rules: RuleFolder | None) -> Decisions:
    """The decisions that a build into the folder `out` obeys. Raises as `decisions`."""
    user = rules.user if rules is not None else None
    return decisions(user, None if out is None else Path(out), rules=rules)


def rows_of(folder: str | Path) -> list[DecisionRow]:
    """The decisions that stand in a build's folder. Raises RuleError where the table is wrong."""
    path = Path(folder) / FILE
    return [one for _, one in iter_tsv(path, DecisionRow)] if path.is_file() else []


def decide(folder: str | Path, *rows: DecisionRow) -> None:
    """Write decisions into a build's folder, in place of those on the same entities.

    Raises KgxError where the file can't be written, RuleError where it is wrong or a decision closes a
    circle.
    """
    kept = [one for one in rows_of(folder) if not any(_replaces(row, one) for row in rows)]
    table = [*kept, *rows]
    merged = {one.entity: one.target for one in table if one.decision == "merge"}
    for row in rows:
        if row.decision == "merge" and _end(merged, row.entity) is None:
            raise KgxError(errors.DECISION_TURNS.format(entity=row.entity, target=row.target))
    _write(Path(folder) / FILE, table)


def take_back(
    folder: str | Path, decision: str, entities: Collection[str], documents: Collection[str] = ()
) -> list[DecisionRow]:
    """Take decisions on these entities out of a build's folder, and return them.

    `documents` restricts what was split to some documents. Raises as `decide`.
    """
    kept, taken = [], []
    for row in rows_of(folder):
        if row.decision != decision or row.entity not in entities:
            kept.append(row)
            continue
        gone = tuple(one for one in row.documents if not documents or one in documents)
        rest = tuple(one for one in row.documents if one not in gone)
        if rest:
            kept.append(row.model_copy(update={"documents": rest}))
        if gone or decision == "merge":
            taken.append(row.model_copy(update={"documents": gone}))
    if taken:
        _write(Path(folder) / FILE, kept)
    return taken


def _write(path: Path, table: Iterable[DecisionRow]) -> None:
    order = sorted(table, key=lambda one: (one.entity, one.decision, one.target, one.documents))
    with staged_file(path) as stream:
        stream.write(HEAD)
        out = csv.writer(stream, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
        out.writerow(DecisionRow.model_fields)
        for one in order:
            out.writerow((one.entity, one.decision, one.target, "|".join(one.documents)))


def _kind(key: str) -> str:
    return key.partition("/")[0]


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
