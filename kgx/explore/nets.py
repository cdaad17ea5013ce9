"""The network around an entity, as the data that the page draws: who is named with it, or linked by facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from kgx.explore.asked import Asked, asked
from kgx.explore.corpus import Corpus
from kgx.explore.show import Show
from kgx.viz.layout import place
from kgx.viz.links import Pair, backbone

if TYPE_CHECKING:
    from starlette.requests import Request

AROUND = 30  # entities
EACH = 2  # links of each that are drawn, beside those to the middle
WIDE, TALL = 1.7, 0.9  # width to height of the picture; on narrow screens, where half as many are drawn
Links = Mapping[Pair, tuple[int, str]]  # how many documents or facts, and how the line looks


def net(request: Request, corpus: Corpus) -> dict[str, Any]:
    """The network around the entity `of` (and `with`, where two are given), by documents or by facts."""
    keys = [request.query_params[name] for name in ("of", "with") if name in request.query_params]
    if not keys or any(key not in corpus.graph.entities for key in keys):
        raise HTTPException(404)
    want = asked(request, corpus.graph)
    by_facts = request.query_params.get("by") == "facts"
    around = _around(corpus, want, keys, by_facts)[: AROUND // 2 if small(request) else AROUND]
    links = _by_facts(corpus, want, around) if by_facts else _by_documents(corpus, want, around)
    total: Counter[str] = Counter()
    for pair, (number, _) in links.items():
        for key in pair:
            total[key] += number
    # Who is named everywhere is not for that near to all: ties count by what could be expected.
    ties = {
        (a, b): max(1, round(1000 * number / (total[a] * total[b]) ** 0.5))
        for (a, b), (number, _) in links.items()
    }
    middle = {pair for pair in links if not set(keys).isdisjoint(pair)}
    outer = backbone({pair: tie for pair, tie in ties.items() if pair not in middle}, EACH)
    shown = {pair: links[pair] for pair in sorted({*outer, *middle})}
    return drawing(Show(corpus, request, want), around, shown, ties, faint=middle)


def drawing(
    show: Show,
    keys: Sequence[str],
    links: Links,
    strengths: Mapping[Pair, int],
    faint: Collection[Pair] = (),
) -> dict[str, Any]:
    """Nodes and lines with their places and addresses, as `static/picture.js` reads them."""
    aspect = TALL if small(show.request) else WIDE
    points = place(list(keys), strengths, core=len(keys), aspect=aspect)
    index = {key: rank for rank, key in enumerate(keys)}
    entities = show.corpus.graph.entities
    return {
        "nodes": [
            {
                "key": key,
                "type": entities[key].type,
                "label": entities[key].label,
                "english": entities[key].label_en or "",
                "weight": max(show.corpus.weight(key), 1),
                "x": points[key][0],
                "y": points[key][1],
                "url": show.entity_url(key),
            }
            for key in keys
        ],
        "links": [
            {
                "a": index[a],
                "b": index[b],
                "count": number,
                "look": look,
                "url": show.pair_url(a, b),
                "faint": (a, b) in faint,
            }
            for (a, b), (number, look) in links.items()
        ],
    }


def small(request: Request) -> bool:
    """Whether the picture is for a narrow screen."""
    return request.query_params.get("small") == "1"


def _around(corpus: Corpus, want: Asked, keys: Sequence[str], by_facts: bool) -> list[str]:
    """The entities themselves, then those that they have most to do with."""
    found: dict[str, int] = {}
    for key in keys:
        if by_facts:
            counts = corpus.partners(key, want.among(corpus.by_entity.get(key, ()), corpus.graph))
        else:
            counts = corpus.companions(key, *want.days)
        for rank, one in enumerate(counts):
            # Of two in the middle each has the same say, however often it is named.
            found[one.key] = found.get(one.key, 0) + max(0, 4 * AROUND - rank)
    order = sorted(found.keys() - set(keys), key=lambda key: (-found[key], key))
    return [*dict.fromkeys(keys), *order]


def _by_facts(corpus: Corpus, want: Asked, keys: Iterable[str]) -> Links:
    out: dict[Pair, tuple[int, str]] = {}
    for pair in combinations(sorted(keys), 2):
        held = want.among(corpus.by_pair.get(pair, ()), corpus.graph)
        if held:
            statuses = {one.status for one in held}
            out[pair] = (len(held), statuses.pop() if len(statuses) == 1 else "actual")
    return out


def _by_documents(corpus: Corpus, want: Asked, keys: Iterable[str]) -> Links:
    pages = {}
    for key in sorted(keys):
        numbers: Iterable[int] = corpus.graph.entities[key].documents
        if want.begin or want.end:
            numbers = corpus.dated(numbers, *want.days)
        pages[key] = frozenset(numbers)
    return {
        (a, b): (number, "actual")
        for a, b in combinations(pages, 2)
        if (number := len(pages[a] & pages[b])) > 0
    }
