"""Located facts: a place's own name, or the name right before it, says where it lies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kgx.lexicon import LexEntry, Lexicon
from kgx.model import Mention
from kgx.nlp.consolidate import Draft
from kgx.nlp.cutting import cut
from kgx.nlp.grammar import Grammar
from kgx.nlp.layers import Sentence
from kgx.nlp.view import View

_WHERE = ("Country", "Place")
_REGIONS = frozenset({"region", "continent", "water"})  # kinds of place that may be of several states
_DEEPEST = 6  # places inside one another
_SPOTS = frozenset({"venue", "port", "water"})  # kinds of place in which no other lies


def locate(
    view: View, sentences: Iterable[Sentence], mentions: Sequence[Mention], lexicon: Lexicon, grammar: Grammar
) -> Iterator[Draft]:
    """Yield a Located draft for each place whose name, or whose left neighbour, says where it is.

    Names that only look so are left alone: 朝鲜半岛 does not lie in 朝鲜.
    """
    starts = [mention.start for mention in mentions]
    for sentence in sentences:
        here = mentions[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        for draft in _in_sentence(view, here, lexicon, grammar):
            clauses = cut(view, sentence.start, sentence.end)
            start, end, _ = next(
                (c for c in clauses if c[0] <= draft.start < c[1]), (draft.start, draft.end, "")
            )
            yield replace(draft, start=min(start, draft.start), end=max(end, draft.end), kind=sentence.kind)


def _in_sentence(
    view: View, mentions: Sequence[Mention], lexicon: Lexicon, grammar: Grammar
) -> Iterator[Draft]:
    previous: Mention | None = None
    for mention in mentions:
        name = view.text[mention.start : mention.end]
        lies = mention.type == "Place" or mention.type == "Organization" and grammar.lies.search(name)
        if lies and len(mention.names) == 1:
            place = mention.names[0]
            beside = previous is not None and grammar.within.fullmatch(
                view.masked, previous.end, mention.start
            )
            holds = previous is not None and beside and _holds(previous, lexicon, grammar)
            if previous is not None and holds and _may_lie(place, previous.names[0], lexicon):
                yield _draft(place, previous.names[0], previous.start, mention.end, "located-beside")
            nests = mention.type == "Place" and not grammar.not_inside.search(name)
            inner = _prefix(name, lexicon, grammar.area_words) if nests else None
            if inner is not None and inner != place:
                yield _draft(place, inner, mention.start, mention.end, "located-inside")
        previous = mention


def _holds(mention: Mention, lexicon: Lexicon, grammar: Grammar) -> bool:
    """Whether a name is that of a country or an area, so that what stands right after it lies in it."""
    if mention.type not in _WHERE or len(mention.names) != 1:
        return False
    (name,) = mention.names
    if mention.type == "Country":
        return True
    known = name in lexicon.surfaces or grammar.areas.search(name) is not None
    return known and not grammar.not_inside.search(name)


def _may_lie(place: str, where: str, lexicon: Lexicon) -> bool:
    """Whether the lexicon lets a place lie there: a region of several states lies in none of them."""
    states = {entry.name for entry in lexicon.surfaces.get(where, ()) if entry.type == "Country"}
    known = [
        entry for entry in lexicon.surfaces.get(place, ()) if entry.name == place and entry.type == "Place"
    ]
    if not known or not states:
        return True
    homes = {_state(entry, lexicon) for entry in known}
    return not homes.isdisjoint(states) or None in homes and not {e.kind for e in known} & _REGIONS


def _state(entry: LexEntry, lexicon: Lexicon) -> str | None:
    """The state in which a place lies, so far as the lexicon tells."""
    outer = entry.located
    for _ in range(_DEEPEST):
        holders = [e for e in lexicon.surfaces.get(outer or "", ()) if e.name == outer]
        if not holders or holders[0].type == "Country":
            return outer
        outer = holders[0].located
    return outer


def _prefix(name: str, lexicon: Lexicon, areas: frozenset[str]) -> str | None:
    """The lexicon's name of the narrowest place with which `name` begins: 上海 for 上海西郊会议中心广场.

    A name that the lexicon knows by itself lies only where the lexicon says; 南太地区 is 南太, not in it.
    """
    known = [entry.located for entry in lexicon.surfaces.get(name, ()) if entry.located]
    for end in range(len(name) - 2, 1, -1):  # 荷台达市 is 荷台达, not in it
        if known and name[:end] not in known or name[end:] in areas:
            continue
        entries = [
            e for e in lexicon.surfaces.get(name[:end], ()) if e.type in _WHERE and e.kind not in _SPOTS
        ]
        if len(entries) == 1 and (entries[0].located or entries[0].kind != "region"):
            return entries[0].name
    return None


def _draft(place: str, where: str, start: int, end: int, rule: str) -> Draft:
    return Draft(
        type="Located",
        roles={"place": (place,), "in": (where,)},
        types={place: "Place", where: "Place"},
        status="actual",
        start=start,
        end=end,
        rule=rule,
        confidence=0.9,
        dated=False,
    )
