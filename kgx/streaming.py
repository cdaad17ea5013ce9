"""A build that never holds the whole graph: what documents claim is sorted on disk and merged.

Rows of claims go through sorts by what they are about and back to the documents: who the persons of one name
are, which reports are of one fact, what an entity is called (`kgx.keyed`). Memory holds what is told of one
name or one bucket of reports, beside the rows of a run. The result is graph.nq, byte for byte that of a build
in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO

from kgx import keyed, outputs
from kgx.merge import position_key
from kgx.model import Extraction
from kgx.provenance import this_run
from kgx.records import dumps
from kgx.report import Counts, Tally, counted
from kgx.resolve.claims import claims_of
from kgx.resolve.decisions import Decisions
from kgx.resolve.facts import Report, bucket
from kgx.resolve.policy import load_policy
from kgx.rulebook import RuleFolder
from kgx.runs import RUN_BYTES, Lookup, Sorted


@dataclass(slots=True)
class _Counted:
    """The counts of a graph that is never there as a whole."""

    entities: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    positions: int = 0
    top: list[tuple[int, str, str, str]] = field(default_factory=list)  # documents, key, label, type

    def counts(self) -> Counts:
        self.trim()
        top = tuple((label, kind, number) for number, _, label, kind in self.top)
        return Counts(dict(self.entities), dict(self.facts), self.positions, top)

    def trim(self) -> None:
        """Keep the entities that most documents name."""
        self.top = sorted(self.top, key=lambda one: (-one[0], one[1]))[: Counts.MOST]


class Streamed:
    """One build, from extractions to the files of a folder."""

    def __init__(
        self,
        folder: Path,
        rules: RuleFolder,
        decisions: Decisions,
        base_iri: str | None,
    ) -> None:
        """`folder` is an empty one for the files, and for the rows while they are sorted."""
        self.folder = folder
        self.base = base_iri
        self.decisions = decisions
        self.policy = load_policy(rules)
        self.run = this_run(rules)
        self.tally = Tally()
        self._counted = _Counted()
        self._tables = keyed.tabled(self.policy)
        self._tabled: list[keyed.Called] = []  # of which tables state something

    def build(self, extractions: Iterable[Extraction], on_document: Callable[[Extraction], None]) -> Counts:
        """Write extractions.jsonl and graph.nq, and count the graph; `tally` has what is of the documents."""
        claims, contexts = self._sorted("claims"), self._sorted("contexts")
        self._read(extractions, on_document, claims, contexts)
        if not self.tally.documents:
            return self._counted.counts()
        people = self._told_apart(contexts)
        resolved, votes, reports = (self._sorted(name) for name in ("resolved", "votes", "reports"))
        uses, positions = self._sorted("uses"), self._sorted("positions")
        others = Lookup(people)
        for (name,), own in claims:
            keys = dict(others.of(name))
            known, _ = self.decisions.applied(own, keys)
            resolved.add((name,), known)
            for vote in keyed.votes_of(known):
                votes.add(vote)
            for one in known.entities:
                uses.add((one.key, name), True)
            for held in known.positions:
                positions.add((position_key(held),))
            for claim in known.facts:
                reports.add((bucket(claim, self.policy), name), Report(known.document, claim))
        self._counted.positions = sum(1 for _ in positions.groups())
        facts = self._united(reports, uses)
        calls = self._called(votes, uses)
        with (self.folder / outputs.FILES["nquads"]).open("wb", buffering=1 << 20) as out:
            self._write(out, resolved, facts, calls)
        return self._counted.counts()

    def _sorted(self, name: str) -> Sorted:
        return Sorted(self.folder, f".{name}", RUN_BYTES)

    def _read(
        self,
        extractions: Iterable[Extraction],
        on_document: Callable[[Extraction], None],
        claims: Sorted,
        contexts: Sorted,
    ) -> None:
        with (self.folder / outputs.EXTRACTIONS).open("w", encoding="utf-8", newline="\n") as out:
            for extraction in extractions:
                own = claims_of(extraction, self.policy)
                name = own.document.id
                claims.add((name,), own)
                for context in own.contexts:
                    contexts.add((context.key, name), (name, context))
                out.write(dumps(extraction, self.policy.types) + "\n")
                self.tally.add(counted(extraction, own.stopped))
                on_document(extraction)

    def _told_apart(self, contexts: Sorted) -> Sorted:
        """By document: (key in it, key) of each person who is not who the name says."""
        out = self._sorted("people")
        for _, rows in contexts.groups():
            for name, own, person in keyed.told_apart(told for _, told in rows):
                out.add((name,), (own, person))
        return out

    def _united(self, reports: Sorted, uses: Sorted) -> Sorted:
        """By document: (fact as it reports it, the fact's short cuts)."""
        out = self._sorted("facts")
        for _, rows in reports.groups():
            for node, parts, drawn in keyed.united((report for _, report in rows), self.policy):
                self._counted.facts[node.type] += 1
                keys = keyed.named_by(node)
                for name, part in parts:
                    out.add((name,), (part, drawn))
                    for key in keys:
                        uses.add((key, name), False)
        return out

    def _called(self, votes: Sorted, uses: Sorted) -> Sorted:
        """By document: what each entity that it speaks of is called."""
        out = self._sorted("calls")
        users = uses.groups()
        user = next(users, None)
        for (key,), given in votes.groups():
            held: dict[str, Counter[str]] = {}
            for (_, what, value), _ in given:
                held.setdefault(what, Counter())[value] += 1
            one = keyed.called(key, held)
            while user is not None and user[0][0] < key:
                user = next(users, None)
            if user is None or user[0][0] != key:
                continue
            number = 0  # of documents that name it themselves
            for (_, name), rows in groupby(user[1], key=itemgetter(0)):
                number += any(itself for _, itself in rows)
                out.add((name,), one)
            self._count(one, number)
        return out

    def _count(self, one: keyed.Called, documents: int) -> None:
        self._counted.entities[one.type] += 1
        self._counted.top.append((documents, one.key, one.label, one.type))
        if len(self._counted.top) > 100 * Counts.MOST:
            self._counted.trim()
        if one.key in self._tables:
            self._tabled.append(one)

    def _write(self, out: IO[bytes], resolved: Sorted, facts: Sorted, calls: Sorted) -> None:
        out.write(keyed.quads(keyed.tables_graph(self._tabled, self.policy, self.run), self.base))
        stated, named = Lookup(facts), Lookup(calls)
        for (name,), claims in resolved:
            graph = keyed.own_graph(claims, named.of(name), stated.of(name), self.policy, self.run)
            out.write(keyed.quads(graph, self.base))
