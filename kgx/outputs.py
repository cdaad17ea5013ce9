"""The files of a build: which form each has, and how they are written, as a whole or block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from kgx import errors
from kgx.errors import OptionError
from kgx.knowledge import KnowledgeGraph
from kgx.rulebook import RuleFolder
from kgx.state.blocks import Key, patch, write_blocks
from kgx.state.change import Change
from kgx.state.database import Database

EXTRACTIONS = "extractions.jsonl"
FILES: Mapping[str, str] = {
    "turtle": "graph.ttl",
    "trig": "graph.trig",
    "nquads": "graph.nq",
    "jsonld": "graph.jsonld",
    "graphml": "graph.graphml",
    "gexf": "graph.gexf",
    "page": "network.html",
}
BY_BLOCK = frozenset(("turtle", "trig", "nquads", "jsonld"))  # forms of which a part can be changed
FORMATS = tuple(FILES)
Lengths = list[tuple[Key, int]]  # the blocks of a file in their order, and how long each is


def formats_of(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """The forms that `--formats` names, in a fixed order; all where it is left out. Raises OptionError."""
    if text is None:
        return FORMATS
    items = text.split(",") if isinstance(text, str) else list(text)
    wanted = {item.strip() for item in items} - {""}
    for item in sorted(wanted - {*FORMATS, "none"}):
        raise OptionError(errors.FORMATS_OPTION.format(item=item, known=", ".join((*FORMATS, "none"))))
    return tuple(one for one in FORMATS if one in wanted)


def writing(
    graph: KnowledgeGraph, folder: Path, formats: Iterable[str], base_iri: str | None, rules: RuleFolder
) -> list[Callable[[], tuple[str, Lengths]]]:
    """What writes the whole graph, a function for each form; it gives the file's name and its blocks."""
    return [partial(_write, graph, folder / FILES[form], form, base_iri, rules) for form in formats]


def _write(
    graph: KnowledgeGraph, path: Path, form: str, base_iri: str | None, rules: RuleFolder
) -> tuple[str, Lengths]:
    from kgx.rdf.write import blocks

    if form in BY_BLOCK:
        return path.name, list(write_blocks(path, blocks(graph, form, base=base_iri)))
    _write_whole(graph, path, form, rules)
    return path.name, []


def changing(
    change: Change, old: Path, new: Path, formats: Iterable[str], base_iri: str | None, state: Database
) -> Iterator[Callable[[], None]]:
    """What writes each form that has blocks anew, copying from the folder `old` all that a change left alone.

    The state is told of the new blocks before a function is given, which touches files alone.
    """
    from kgx.rdf.write import blocks

    for form in formats:
        if form not in BY_BLOCK:
            continue
        name = FILES[form]
        changed: dict[Key, bytes | None] = {}
        for key, text in blocks(change.graph, form, base=base_iri, wanted=change.wanted):
            changed[key] = text
        for section, keys in change.gone.items():
            for gone in keys:
                changed.setdefault((int(section), gone), None)
        places = state.places(name, changed)
        state.drop_blocks(name, [key for key, text in changed.items() if text is None])
        state.put_blocks(name, [(key, len(text)) for key, text in changed.items() if text is not None])
        yield partial(patch, old / name, new / name, places, changed)


def _write_whole(graph: KnowledgeGraph, path: Path, form: str, rules: RuleFolder) -> None:
    from kgx.graph import write_gexf, write_graphml
    from kgx.viz.page import page

    if form == "graphml":
        write_graphml(graph, path)
    elif form == "gexf":
        write_gexf(graph, path)
    else:
        path.write_text(page(graph, rules=rules), encoding="utf-8", newline="\n")


def write_others(graph: KnowledgeGraph, folder: Path, formats: Iterable[str], rules: RuleFolder) -> None:
    """Write the forms that can only be written as a whole."""
    for form in formats:
        if form not in BY_BLOCK:
            _write_whole(graph, folder / FILES[form], form, rules)
