"""`kgx lexicon build`: articles and tables of office holders to the lexicon's table of persons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from kgx import errors
from kgx.errors import KgxError, OptionError, Skip
from kgx.learn.observe import Observer
from kgx.learn.people import Clerk, Doubt, Judge, ties_of
from kgx.learn.reference import read_reference
from kgx.readers import read
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.lexicon import PersonRow, SoundRules
from kgx.staging import staged_file

HEAD = """\
# Holders of offices, as `kgx lexicon build` learned them from articles and from tables of office holders.
# Made by `make lexicon`: what is changed here by hand is lost with the next build, so that names known by
# hand belong into figures.tsv. How a name is learned, and what is asked of it: docs/identity.md.
# titled: names that mean the person only beside a title. offices: body, role, first and last day; an end
# that no table tells is left empty. support: articles in which a title and the day tell who is meant.
"""
REVIEW_HEAD = "body\tname\tarticles\treason\tclaimants\n"


@dataclass(frozen=True, slots=True)
class Learned:
    """The rows of the table, and what was not believed."""

    rows: tuple[PersonRow, ...]
    doubts: tuple[Doubt, ...]


def build(
    inputs: Sequence[str | Path],
    out: str | Path,
    *,
    reference: str | Path,
    review: str | Path | None = None,
    on_skip: Callable[[Skip], None] | None = None,
) -> Learned:
    """Learn the persons of all articles in `inputs`, and write the table, and the doubts to `review`.

    `reference` is the folder of the tables. Raises KgxError where a table can't be read, nothing could be
    read or a file can't be written; nothing is half written.
    """
    with staged_file(out) as stream:
        learned = learn(inputs, reference, on_skip)
        stream.write(as_table(learned.rows))
    if review is not None:
        with staged_file(review) as stream:
            stream.write(REVIEW_HEAD + "".join(f"{one}\n" for one in learned.doubts))
    return learned


def learn(
    inputs: Sequence[str | Path],
    reference: str | Path,
    on_skip: Callable[[Skip], None] | None = None,
) -> Learned:
    """The persons that the articles name by their offices. Raises KgxError as `build`."""
    try:
        from kgx.learn.sounds import Fit
    except ModuleNotFoundError:
        raise OptionError(errors.LEXICON_PINYIN) from None
    observer = Observer()
    tables = read_reference(reference, observer.lexicon, observer.titles.rules)
    documents = read([str(path) for path in inputs], on_skip=on_skip or (lambda skip: None))
    sightings = list(observer.sightings(documents))
    if not sightings:
        raise KgxError(errors.NOTHING_READ.format(inputs=", ".join(map(str, inputs))))
    (sounds,) = load_yaml(RuleFolder().find("sounds.yml"), SoundRules)
    judge = Judge(tables, observer.lexicon, observer.titles, Fit(sounds))
    ties, doubts = ties_of(sightings, judge)
    rows, more = Clerk(judge, observer.lexicon, lambda name: name in words()).rows(ties)
    return Learned(tuple(rows), (*doubts, *more))


def as_table(rows: Iterable[PersonRow]) -> str:
    """The table as text, one row a line, in the order given."""
    columns = list(PersonRow.model_fields)
    lines = [HEAD, "\t".join(columns) + "\n"]
    for row in rows:
        cells = []
        for column in columns:
            value = getattr(row, column)
            cells.append("|".join(value) if isinstance(value, tuple) else str(value or ""))
        lines.append("\t".join(cells).rstrip("\t") + "\n")
    return "".join(lines)


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """The words of jieba's dictionary that are no names of persons."""
    spec = find_spec("jieba")
    assert spec is not None and spec.origin is not None
    with (Path(spec.origin).parent / "dict.txt").open(encoding="utf-8") as lines:
        parts = (line.split() for line in lines)
        return frozenset(part[0] for part in parts if len(part) == 3 and not part[2].startswith("nr"))
