"""Writing RDF against rdflib, loading the embedded store, and the ready-made questions.

    python bench/stores.py [--triples N] [--questions DIR] [--skip-rdflib]

The graph is that of the example articles, over and over under new ids and new names of people, until it
has N triples (a million by default). DIR is a folder that `kgx build` wrote and `kgx load` loaded; the
questions are asked of it. Seconds are those of the processor (rdflib and kgx write in one thread; other
work on the machine does not count), for loads also those of the clock. The table goes to standard output
and to outputs/bench-stores.md.
"""

from __future__ import annotations

import argparse
import io
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from kgx.merge import merge
from kgx.model import Extraction
from kgx.rdf.write import write
from kgx.store import embedded
from kgx.store.ask import ask
from kgx.store.evaluate import Evaluator
from kgx.store.parts import Build
from kgx.store.questions import question

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "outputs" / "bench-stores.md"
QUESTIONS: list[tuple[str, dict[str, str]]] = [
    ("who-met-whom", {}),
    ("who-met-whom", {"who": "习近平", "from": "2023", "to": "2023"}),
    ("timeline", {"one": "中国", "other": "法国"}),
    ("timeline", {"one": "俄罗斯", "other": "中国"}),
    ("meetings", {"person": "习近平", "from": "2023", "to": "2023"}),
    ("agreements", {}),
    ("agreements", {"party": "中国"}),
    ("stances", {"who": "美国"}),
    ("stances", {"target": "一个中国"}),
    ("members", {}),
    ("members", {"organization": "上海合作组织"}),
    ("visits", {}),
    ("visits", {"place": "俄罗斯"}),
    ("cooperation", {"one": "中国", "other": "俄罗斯"}),
    ("office-holders", {"day": "2023-05-01", "title": "总统"}),
    ("promises", {"who": "法国"}),
    ("promises", {"who": "中国"}),
]


def copies(extractions: list[Extraction]) -> Iterator[Extraction]:
    """The extractions, over and over, the entities that no lexicon knows under new names."""
    number = 0
    while True:
        number += 1
        for one in extractions:
            new = {entity.name: f"{entity.name}{number}" for entity in one.entities if not entity.key}
            yield replace(
                one,
                document=replace(one.document, id=f"{one.document.id}-{number}"),
                entities=tuple(replace(e, name=new.get(e.name, e.name)) for e in one.entities),
                positions=tuple(
                    replace(p, person=new.get(p.person, p.person), of=new.get(p.of or "", p.of))
                    for p in one.positions
                ),
                facts=tuple(
                    replace(
                        f,
                        roles={role: tuple(new.get(x, x) for x in names) for role, names in f.roles.items()},
                        source=new.get(f.source or "", f.source),
                    )
                    for f in one.facts
                ),
            )


def cpu(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the processor, of this process and its threads, and of the clock."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.perf_counter() - start


def main() -> None:
    """Measure and write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--questions", metavar="DIR")
    parser.add_argument("--skip-rdflib", action="store_true")
    options = parser.parse_args()
    lines = writing(options.triples, options.skip_rdflib) if options.triples else []
    if options.questions:
        lines += ["", *asking(options.questions)]
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def writing(wanted: int, skip_rdflib: bool) -> list[str]:
    """Writing and loading a graph of so many triples."""
    from kgx.run import extractions as extract

    articles = list(extract(str(ROOT / "examples"), model=False))
    stream = copies(articles)
    sample = merge([next(stream) for _ in articles])
    each = len(list(statements(sample))) / len(articles)
    graph = merge(next(stream) for _ in range(int(wanted / each)))
    lines = ["| what | triples | seconds | triples a second |", "| --- | ---: | ---: | ---: |"]

    def row(what: str, number: int, seconds: float) -> None:
        lines.append(f"| {what} | {number:,} | {seconds:.2f} | {number / seconds:,.0f} |")
        print(lines[-1], flush=True)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        for format_, suffix in (("turtle", "ttl"), ("nquads", "nq")):
            with (path / f"graph.{suffix}").open("wb") as out:
                used, _ = cpu(lambda out=out, format_=format_: write(graph, out, format_))  # type: ignore[misc]
            number = sum(1 for _ in statements(graph)) if suffix == "ttl" else Build(path).triples
            row(f"write {format_}", number, used)
        build = Build(path)
        used, clock = cpu(lambda: embedded.load(path))
        store = embedded.open_store(path)
        row("load, seconds of the processor", build.triples, used)
        row("load, by the clock", build.triples, clock)
        row("load, by the clock, the default graph counted", len(store), clock)
        if not skip_rdflib:
            del store
            against_rdflib(graph, path, row)
    return lines


def statements(graph: object) -> Iterator[None]:
    """One item for each triple of the merged graph."""
    from kgx.rdf.describe import Describer, as_pair

    for _, properties in Describer(graph, None, as_pair).merged():  # type: ignore[arg-type]
        for _ in properties:
            yield None


def against_rdflib(graph: object, path: Path, row: Callable[[str, int, float], None]) -> None:
    """What rdflib takes for the same."""
    import rdflib

    merged = graph.to_rdflib()  # type: ignore[attr-defined]
    used, _ = cpu(lambda: merged.serialize(io.BytesIO(), format="turtle"))
    row("rdflib: turtle", len(merged), used)
    data = rdflib.Dataset()
    data.parse(path / "graph.nq", format="nquads")
    used, _ = cpu(lambda: data.serialize(io.BytesIO(), format="nquads"))
    row("rdflib: nquads", sum(1 for _ in data.quads()), used)


def asking(folder: str) -> list[str]:
    """Each question, without and with its sentences; the better of two tries."""
    evaluator = Evaluator(folder)
    evaluator.solve("ASK {}")
    lines = ["| question | rows | seconds | with evidence |", "| --- | ---: | ---: | ---: |"]
    for name, parameters in QUESTIONS:
        one = question(name)
        rows = 0
        best: list[float] = []
        for evidence in (False, True):
            tries = []
            for _ in range(2):
                start = time.process_time()
                rows = len(list(ask(evaluator.solve, one, parameters, evidence=evidence).rows))
                tries.append(time.process_time() - start)
            best.append(min(tries))
        given = " ".join(f"{key}={value}" for key, value in parameters.items())
        lines.append(f"| {name} {given} | {rows:,} | {best[0]:.2f} | {best[1]:.2f} |")
        print(lines[-1], flush=True)
    return lines


if __name__ == "__main__":
    main()
