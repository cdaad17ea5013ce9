"""Measure how many well-known persons, states, capitals and organizations of a run carry their Wikidata id.

    python tools/identity.py EXTRACTIONS.jsonl --reference ../shared/reference [--least 20] [--list]

EXTRACTIONS is what `kgx extract` or `kgx build` wrote. Counted are nodes that so many documents name: persons
to whom as many give an office of head of state or government of a state whose holders the tables have then;
countries; capitals, by the table of capitals; intergovernmental organizations.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kgx.annotated import read_records
from kgx.learn.reference import read_reference
from kgx.lexicon import load_lexicon
from kgx.nlp.claims import load_titles
from kgx.offices import HEADS
from kgx.rulebook import RuleFolder

BODIES = frozenset({"intergovernmental", "un-body", "eu-body"})


@dataclass
class Node:
    """What the run says of one entity."""

    name: str
    type: str
    kind: str | None
    documents: int = 0
    qids: set[str] = field(default_factory=set)
    heads: int = 0  # documents in which the person has an office of which the tables know the holder


def nodes(path: str, reference: str) -> dict[str, Node]:
    """The entities of a run by their keys, persons with how often they are called heads."""
    folder = RuleFolder()
    lexicon = load_lexicon(folder)
    titles = load_titles(folder, lexicon)
    held = read_reference(reference, lexicon, titles.rules).by_office()
    found: dict[str, Node] = {}
    for record in read_records(path).values():
        usual = {
            e["name"]: lexicon.by_key[e["key"]].name
            for e in record["entities"]
            if e.get("key") in lexicon.by_key and e["type"] != "Person"
        }
        heads = set()
        for position in record["positions"]:
            of = position.get("of")
            for claim in titles.claims(position["title"], usual.get(of, of)):
                holders = held.get((claim.body, claim.role), []) if claim.role in HEADS else []
                if claim.when == "now" and any(one.holds(record["date"], 10) for one in holders):
                    heads.add(position["person"])
        for entity in record["entities"]:
            key = f"{entity['type']}/{entity.get('key') or entity['name']}"
            node = found.setdefault(key, Node(entity["name"], entity["type"], entity.get("kind")))
            node.documents += 1
            node.heads += entity["type"] == "Person" and entity["name"] in heads
            if entity.get("qid"):
                node.qids.add(entity["qid"])
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("extractions")
    parser.add_argument("--reference", required=True)
    parser.add_argument("--least", type=int, default=20, help="documents that name a node")
    parser.add_argument("--list", action="store_true", help="name the nodes without an id")
    options = parser.parse_args()
    found = nodes(options.extractions, options.reference)
    with (Path(options.reference) / "capitals.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    capitals = {row[column] for row in rows for column in ("capital_zh", "capital_qid")} - {""}
    usual = [node for node in found.values() if node.documents >= options.least]
    groups = {
        "heads of state and government": [n for n in usual if n.heads >= options.least],
        "countries": [n for n in usual if n.type == "Country"],
        "capitals": [n for n in usual if n.type == "Place" and capitals & {n.name, *n.qids}],
        "intergovernmental organizations": [
            n for n in usual if n.type == "Organization" and n.kind in BODIES
        ],
    }
    for name, group in groups.items():
        report(name, group, options.list)
    places = [n for name in list(groups)[1:] for n in groups[name]]
    report("the last three together", places, False)
    shared = Counter(qid for node in found.values() for qid in node.qids)
    twice = sorted(qid for qid, number in shared.items() if number > 1)
    print(f"ids that two nodes share: {len(twice)} {' '.join(twice)}")
    several = sorted(node.name for node in found.values() if len(node.qids) > 1)
    print(f"nodes with two ids: {len(several)} {' '.join(several)}")


def report(name: str, group: Iterable[Node], listed: bool) -> None:
    """Print how many of a group have an id, and which have none."""
    group = list(group)
    known = sum(bool(node.qids) for node in group)
    print(f"{name}: {known} of {len(group)} ({known / max(len(group), 1):.1%})")
    if listed:
        for node in sorted(group, key=lambda n: -n.documents):
            if not node.qids:
                print(f"    {node.documents:5} {node.name}")


if __name__ == "__main__":
    main()
