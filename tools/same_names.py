"""Draw samples that show whether nodes are right across documents: merges, and nodes of one name.

    python tools/same_names.py BUILD --seed 1 [--merges 100] [--apart 100] [--all] [--type Person]

BUILD is a folder that `kgx build` wrote. A merge is a random node that two documents or more name, with a
sentence of each of two random ones. A non-merge is a random name that several nodes of a type have, with a
sentence for each of two of them; `--all` lists every such name. They are read and judged by hand.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from kgx.built import read_build, read_extractions
from kgx.knowledge import EntityNode, KnowledgeGraph

_END = re.compile("[。！？\n]")
_MOST = 160  # characters of a sentence


class Sentences:
    """The sentences of a build's documents, by the entity that they name."""

    def __init__(self, graph: KnowledgeGraph, texts: dict[str, str]) -> None:
        """`texts`: the text of each document by its id."""
        self._graph, self._texts = graph, texts

    def of(self, key: str, document: int) -> str:
        """The first sentence of a document that names an entity, with its id."""
        node = self._graph.documents[document]
        text = self._texts[node.id]
        for span in node.mentions:
            if key in span.keys:
                before = [one.end() for one in _END.finditer(text, 0, span.start)]
                after = _END.search(text, span.end)
                start = max(before[-1] if before else 0, span.start - _MOST // 2)
                end = min(after.start() if after else len(text), span.end + _MOST // 2)
                shown = f"{text[start : span.start]}[{text[span.start : span.end]}]{text[span.end : end]}"
                return f"{node.id} {node.date}  {shown.strip()}"
        return f"{node.id} {node.date}  (named nowhere)"


def apart(graph: KnowledgeGraph, types: Iterable[str] = ()) -> dict[tuple[str, str], list[EntityNode]]:
    """The nodes of each name of a type that several have; of states, whom short forms name, if asked for."""
    wanted = frozenset(types)
    found: dict[tuple[str, str], list[EntityNode]] = defaultdict(list)
    for node in graph.entities.values():
        if node.type in wanted or (not wanted and node.type != "Country"):
            for name in {node.label, *node.names}:
                found[node.type, name].append(node)
    return {name: nodes for name, nodes in sorted(found.items()) if len(nodes) > 1}


def shown(node: EntityNode) -> str:
    """A node in one line."""
    return f"{node.key} ({len(node.documents)} documents{', ' + node.qid if node.qid else ''})"


def merges(graph: KnowledgeGraph, sentences: Sentences, chance: random.Random) -> Iterator[list[str]]:
    """Random nodes of several documents, with two sentences."""
    nodes = [node for _, node in sorted(graph.entities.items()) if len(node.documents) > 1]
    chance.shuffle(nodes)
    for node in nodes:
        yield [shown(node), *(sentences.of(node.key, one) for one in chance.sample(node.documents, 2))]


def pairs(
    names: dict[tuple[str, str], list[EntityNode]],
    sentences: Sentences,
    chance: random.Random,
    each: int | None = 2,
) -> Iterator[list[str]]:
    """Random names of several nodes, with a sentence of each of two; of all nodes where `each` is None."""
    drawn = sorted(names)
    if each is not None:
        chance.shuffle(drawn)
    for name in drawn:
        nodes = sorted(names[name], key=lambda one: one.key)
        told = [" ".join(name)]
        for node in chance.sample(nodes, each) if each is not None else nodes:
            told += [f"  {shown(node)}", f"    {sentences.of(node.key, chance.choice(node.documents))}"]
        yield told


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("build")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--merges", type=int, default=100)
    parser.add_argument("--apart", type=int, default=100)
    parser.add_argument("--type", action="append", default=[], help="of names that several nodes have")
    parser.add_argument("--all", action="store_true", help="list all names that several nodes have")
    options = parser.parse_args()
    graph = read_build(options.build)
    texts = {one.document.id: one.document.text for one in read_extractions(options.build)}
    sentences, chance = Sentences(graph, texts), random.Random(options.seed)
    names = apart(graph, options.type)
    several = sum(len(node.documents) > 1 for node in graph.entities.values())
    print(f"{len(graph.entities)} nodes, {several} in several documents; {len(names)} names of several nodes")
    groups = {"merges": islice(merges(graph, sentences, chance), options.merges)}
    if options.all:
        groups = {"non-merges": pairs(names, sentences, chance, None)}
    else:
        groups["non-merges"] = islice(pairs(names, sentences, chance), options.apart)
    for title, group in groups.items():
        print(f"\n{title}\n")
        for number, lines in enumerate(group, 1):
            print(f"{number:3}", "\n    ".join(lines))


if __name__ == "__main__":
    main()
