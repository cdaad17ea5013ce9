"""What a run did: counts, what was left out and why, times, versions; as JSON and as Markdown."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING, Any, ClassVar

from kgx.errors import Skip
from kgx.model import Extraction
from kgx.version import __version__

if TYPE_CHECKING:
    from kgx.knowledge import KnowledgeGraph

LIBRARIES = ("spacy", "networkx", "rdflib", "pyoxigraph", "jieba", "opencc", "trafilatura")


def counted(extraction: Extraction, stopped: Iterable[str]) -> dict[str, Any]:
    """What is counted of one document, as plain data; `stopped` are the reasons why claims were left out."""
    return {
        "undated": int(extraction.document.date is None),
        "characters": len(extraction.document.text),
        "mentions": len(extraction.mentions),
        "facts": dict(Counter(fact.type for fact in extraction.facts)),
        "statuses": dict(Counter(fact.status for fact in extraction.facts)),
        "stopped": dict(Counter(stopped)),
    }


@dataclass(slots=True)
class Tally:
    """Counts over all documents of a build, read now or before."""

    documents: int = 0
    undated: int = 0
    characters: int = 0
    mentions: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, each: Iterable[Mapping[str, Any]]) -> Tally:
        """The sum of what was counted of each document."""
        out = cls()
        for one in each:
            out.add(one)
        return out

    def add(self, one: Mapping[str, Any]) -> None:
        """Add what was counted of a document."""
        self.documents += 1
        self.undated += one["undated"]
        self.characters += one["characters"]
        self.mentions += one["mentions"]
        self.facts.update(one["facts"])
        self.statuses.update(one["statuses"])
        self.stopped.update(one["stopped"])


@dataclass(frozen=True, slots=True)
class Counts:
    """What a graph has: entities and facts by type, positions, the entities that most documents name."""

    MOST: ClassVar[int] = 25

    entities: Mapping[str, int]
    facts: Mapping[str, int]
    positions: int
    top: tuple[tuple[str, str, int], ...]  # name, type, number of documents


def counts_of(graph: KnowledgeGraph) -> Counts:
    """The counts of a graph."""
    ranked = sorted(graph.entities.values(), key=lambda entity: (-len(entity.documents), entity.key))
    return Counts(
        entities=dict(Counter(entity.type for entity in graph.entities.values())),
        facts=dict(Counter(fact.type for fact in graph.facts.values())),
        positions=len(graph.positions),
        top=tuple((one.label, one.type, len(one.documents)) for one in ranked[: Counts.MOST]),
    )


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a run. `facts` counts the graph's facts, `stated` how often documents state one."""

    documents: int
    undated: int
    characters: int
    mentions: int
    entities: Mapping[str, int]
    facts: Mapping[str, int]
    stated: Mapping[str, int]
    statuses: Mapping[str, int]
    positions: int
    top_entities: tuple[tuple[str, str, int], ...]  # name, type, number of documents
    skipped: tuple[Skip, ...]
    stopped: Mapping[str, int]  # what constraints stopped: reason and how often
    seconds: Mapping[str, float]
    versions: Mapping[str, str]

    def summary(self) -> str:
        """One line: documents, entities, facts."""
        entities, facts = sum(self.entities.values()), sum(self.facts.values())
        return f"{self.documents:,} documents, {entities:,} entities, {facts:,} facts"

    def to_json(self) -> str:
        """An indented JSON document."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, default=dict) + "\n"

    def to_markdown(self) -> str:
        """A page to read."""
        parts = [
            "# Report\n",
            f"{self.summary()}; {self.characters:,} characters read.\n",
            _table("Entities", ("type", "number"), _ranked(self.entities)),
            _table(
                "Facts",
                ("type", "facts", "times stated"),
                [(kind, number, self.stated.get(kind, 0)) for kind, number in _ranked(self.facts)],
            ),
            _table("Status of the facts as stated", ("status", "number"), _ranked(self.statuses)),
            _table("Entities in most documents", ("name", "type", "documents"), self.top_entities),
        ]
        if self.undated:
            parts.append(f"{self.undated:,} documents have no publication date: relative dates stay open.\n")
        skipped = [(skip.path, skip.line or "", skip.reason) for skip in self.skipped]
        parts.append(_table("Skipped", ("file", "line", "why"), skipped))
        parts.append(_table("Stopped by constraints", ("constraint", "times"), _ranked(self.stopped)))
        seconds = [(stage, f"{value:.2f}") for stage, value in self.seconds.items()]
        parts.append(_table("Seconds", ("stage", "seconds"), seconds))
        parts.append(_table("Versions", ("what", "version"), self.versions.items()))
        return "\n".join(parts)


def make_report(
    counts: Counts, tally: Tally, skipped: Iterable[Skip], seconds: Mapping[str, float], rules: str
) -> Report:
    """Put together what a run counted and what is in its graph; `rules` is the hash of the rules."""
    return Report(
        documents=tally.documents,
        undated=tally.undated,
        characters=tally.characters,
        mentions=tally.mentions,
        entities=counts.entities,
        facts=counts.facts,
        stated=dict(tally.facts),  # asdict copies a Counter wrongly
        statuses=dict(tally.statuses),
        positions=counts.positions,
        top_entities=counts.top,
        skipped=tuple(skipped),
        stopped={reason: tally.stopped[reason] for reason in sorted(tally.stopped)},
        seconds=seconds,
        versions={**versions(), "rules": rules},
    )


def versions() -> dict[str, str]:
    """The versions of kgx, Python and the libraries that shape the output."""
    found = {"kgx": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _table(title: str, head: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> str:
    lines = [" | ".join(str(cell).replace("|", "\\|") for cell in row) for row in rows]
    if not lines:
        return f"## {title}\n\nNone.\n"
    rule = " | ".join("---" for _ in head)
    return "\n".join((f"## {title}\n", *(f"| {line} |" for line in (" | ".join(head), rule, *lines)), ""))
