"""What a user wants to see of a graph, from the words of a command line or an address."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from kgx import errors
from kgx.errors import OptionError
from kgx.knowledge import KnowledgeGraph
from kgx.model import ENTITY_TYPES
from kgx.period import Period, period
from kgx.viz.links import POSITION, Choice

_NEAR = 3  # names to suggest


def choose(
    graph: KnowledgeGraph,
    *,
    first: str | None = None,
    last: str | None = None,
    types: Iterable[str] = (),
    entity_types: Iterable[str] = (),
    ego: str | None = None,
    depth: int = 1,
    top: int | None = None,
) -> Choice:
    """The choice that such options make. Raises OptionError, naming the option, where one is wrong.

    `first` and `last` are dates of any grain, `2023` or `2023-04`; both are included as a whole, and undated
    facts count for the days on which documents state them. `ego` is any name of an entity, its key or its
    Wikidata id.
    """
    begin = day("--from", first).first if first else None
    end = day("--to", last).last if last else None
    if begin and end and end < begin:
        raise OptionError(errors.TIME_ORDER.format(first=first, last=last))
    return Choice(
        first=begin,
        last=end,
        types=frozenset(_known("--type", types, (*graph.types, POSITION))),
        entity_types=frozenset(_known("--entities", entity_types, ENTITY_TYPES)),  # type: ignore[arg-type]
        ego=find_entity(graph, ego, "--ego") if ego is not None else None,
        depth=depth,
        top=top,
        told=True,
    )


def find_entity(graph: KnowledgeGraph, name: str, option: str) -> str:
    """The key of the entity of that name; of several the one that most documents name.

    Raises OptionError, with near names, where there is none.
    """
    wanted = name.strip().lower()
    found: list[tuple[int, int, str]] = []
    known: dict[str, int] = {}
    for key, entity in graph.entities.items():
        lowered = {one.lower() for one in graph.called(key)}
        known |= dict.fromkeys(lowered, 0)
        if wanted in lowered or name in (key, entity.qid):
            best = wanted in (entity.label.lower(), key)
            found.append((-best, -len(entity.documents), key))
    if found:
        return min(found)[2]
    near = get_close_matches(wanted, known, _NEAR, 0.5)
    hint = errors.NOBODY_HINT.format(names=", ".join(near)) if near else ""
    raise OptionError(errors.NOBODY.format(option=option, name=name, hint=hint))


def day(option: str, value: str) -> Period:
    """The days that a date covers; raises OptionError where it is none."""
    try:
        return period(value)
    except ValueError:
        raise OptionError(errors.TIME_BAD.format(option=option, value=value)) from None


def periods(value: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two periods, `2022:2023` or `2022-01..2022-06:2023-01..2023-06`, as pairs of days.

    Raises OptionError where it is something else.
    """
    parts = [one.partition("..") for one in value.split(":")]
    try:
        (one, _, one_end), (two, _, two_end) = parts
        return (
            (period(one).first, period(one_end or one).last),
            (period(two).first, period(two_end or two).last),
        )
    except ValueError:
        raise OptionError(errors.PERIODS.format(value=value)) from None


def _known(option: str, given: Iterable[str], known: Iterable[str]) -> list[str]:
    names = {one.lower(): one for one in known}
    out = []
    for name in given:
        if name.lower() not in names:
            listed = ", ".join(names.values())
            raise OptionError(errors.TYPE_UNKNOWN.format(option=option, name=name, known=listed))
        out.append(names[name.lower()])
    return out
