"""The pages that show the build: entities, pairs of them, documents, and the way to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from kgx.explore.asked import LONGEST, PAGE, Asked, asked
from kgx.explore.corpus import WITHIN, Corpus, when
from kgx.explore.files import Saved, entities_csv, facts_csv, turtle
from kgx.explore.show import Show, environment
from kgx.explore.timeline import Timeline, spans, timeline
from kgx.graph import HAPPENED
from kgx.model import ENTITY_TYPES, STATUSES
from kgx.viz.links import POSITION, Statement

if TYPE_CHECKING:
    from starlette.requests import Request

TOP = 8  # entities of each type on the first page
PAIRS = 14
PARTNERS = 20
DOCUMENTS = 8
FEW = 12  # facts of a section of the page of a pair
FIELDS = 24
KEPT = 64  # overviews
YEARS = 8  # that are offered: the last ones
FEWER = 30  # times fewer facts than the fullest year: such a year is not offered
AGREEMENTS = ("Sign", "Establish", "Agree")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is to be shown: its template, and what goes into it."""

    template: str
    values: dict[str, Any]
    status: int = 200


Answer = Page | Saved


class Pages:
    """One method a page: from the parameters of a request to what is shown or saved."""

    def __init__(self, corpus: Corpus) -> None:
        """The pages over a corpus."""
        self.corpus = corpus
        self._templates = environment()
        self._overviews: dict[Asked, dict[str, Any]] = {}
        self._overview(Asked("zh", None, None, None, None, "", 1))

    def render(self, request: Request, page: Page) -> str:
        """The page as HTML."""
        show = Show(self.corpus, request, asked(request, self.corpus.graph))
        template = self._templates.get_template(page.template)
        tools = {"x": show, "language": show.language, "word": show.word, "q": ""}
        return template.render(tools | page.values)

    def home(self, request: Request) -> Answer:
        """What there is in the build, in the time that is asked for."""
        want = asked(request, self.corpus.graph)
        return Page("home.html", self._overview(want) | {"want": want})

    def _overview(self, want: Asked) -> dict[str, Any]:
        """What the first page tells; kept, for it is made of all there is."""
        plain = replace(want, language="zh", page=1)
        if plain not in self._overviews:
            while len(self._overviews) >= KEPT:
                self._overviews.pop(next(iter(self._overviews)), None)
            self._overviews[plain] = self._summed(plain)
        return self._overviews[plain]

    def _summed(self, want: Asked) -> dict[str, Any]:
        held = want.among(self.corpus.statements, self.corpus.graph)
        count = Counter(key for one in held for key in one.entities)
        order = sorted(count, key=lambda key: (-count[key], key))
        entities = self.corpus.graph.entities
        tops = {type_: [k for k in order if entities[k].type == type_][:TOP] for type_ in ENTITY_TYPES}
        facts = [one for one in held if one.type != POSITION]
        return {
            "tops": {type_: keys for type_, keys in tops.items() if keys},
            "count": {key: count[key] for keys in tops.values() for key in keys},
            "dealings": self.corpus.dealings(want.choice)[:PAIRS] if not want.words else [],
            "chart": self._chart(want, facts),
            "total": len(facts),
            **self._filters(want, [one for one in self.corpus.statements if one.type != POSITION]),
        }

    def search(self, request: Request) -> Answer:
        """What a text names: entities, a pair of them, documents by their titles."""
        want = asked(request, self.corpus.graph)
        text = request.query_params.get("q", "")[:LONGEST]
        found = self.corpus.search(text, PAGE * 4)
        if request.query_params.get("format") == "csv":
            return entities_csv([one.key for one in found], self.corpus)
        titled = self.corpus.titled(text) if text.strip() else []
        return Page(
            "search.html",
            {
                "q": text,
                "found": found,
                "pair": self.corpus.two(text),
                "titled": titled[:DOCUMENTS],
                "documents": len(titled),
                "want": want,
            },
        )

    def documents(self, request: Request) -> Answer:
        """Documents by title, time and the entity that they name, the latest first."""
        want = asked(request, self.corpus.graph)
        text, key = request.query_params.get("title", "")[:LONGEST], request.query_params.get("of")
        numbers = self.corpus.titled(text)
        if key is not None and key in self.corpus.graph.entities:
            named = set(self.corpus.graph.entities[key].documents)
            numbers = [number for number in numbers if number in named]
        else:
            key = None
        if want.begin or want.end:
            numbers = self.corpus.dated(numbers, *want.days)
        start = (want.page - 1) * PAGE
        return Page(
            "documents.html",
            {
                "numbers": numbers[start : start + PAGE],
                "total": len(numbers),
                "title": text,
                "of": key,
                "want": want,
                "pages": -(-len(numbers) // PAGE),
            },
        )

    def suggest(self, request: Request) -> list[dict[str, str]]:
        """Names that begin or hold what was typed, with where they lead."""
        show = Show(self.corpus, request, asked(request, self.corpus.graph))
        text = request.query_params.get("q", "")[:LONGEST]
        found = self.corpus.search(text)
        rows = [
            {
                "name": show.name(one.key),
                "glyph": show.glyph(one.key),
                "type": one.type,
                "note": one.label if show.language == "en" else one.label_en or "",
                "url": show.entity_url(one.key),
            }
            for one in found
        ]
        if (pair := self.corpus.two(text)) is not None:
            name = " – ".join(show.name(key) for key in pair)
            row = {"name": name, "glyph": "⇄", "type": "pair", "note": "", "url": show.pair_url(*pair)}
            rows.insert(1 if found and text.strip() == found[0].label else 0, row)
        return rows

    def entity(self, request: Request) -> Answer:
        """All there is on an entity."""
        key = self._known(request.path_params["key"])
        want = asked(request, self.corpus.graph)
        all_ = self.corpus.by_entity.get(key, [])
        held = want.among(all_, self.corpus.graph)
        facts = [one for one in held if one.type != POSITION] if want.type != POSITION else held
        if saved := self._saved(request, want, facts):
            return saved
        entity = self.corpus.graph.entities[key]
        latest = sorted(entity.documents, reverse=True, key=self._date)
        return Page(
            "entity.html",
            {
                "entity": entity,
                "state": self.corpus.states.get(key),
                "offices": spans(self.corpus.offices(key)),
                "holders": self.corpus.holders(key)[:FEW],
                "partners": self.corpus.partners(key, held)[:PARTNERS],
                "latest": latest[:DOCUMENTS],
                "chart": self._chart(want, facts),
                **self._paged(want, facts),
                **self._filters(want, [one for one in all_ if one.type != POSITION]),
            },
        )

    def pair(self, request: Request) -> Answer:
        """What there is between two entities, and with two states between what belongs to them."""
        one, other = (self._known(request.query_params.get(name, "")) for name in ("a", "b"))
        want = asked(request, self.corpus.graph)
        wide = request.query_params.get("alone") != "1"
        all_ = self.corpus.between(one, other, wide=wide)
        facts = want.among(all_, self.corpus.graph)
        if saved := self._saved(request, want, facts):
            return saved
        kinds: dict[str, list[Statement]] = {}
        for fact in facts:
            kinds.setdefault(fact.type, []).append(fact)
        entities = self.corpus.graph.entities
        return Page(
            "pair.html",
            {
                "one": entities[one],
                "other": entities[other],
                "wide": wide,
                "states": [key for key in (one, other) if entities[key].type == "Country"],
                "meetings": self._meetings(kinds.get("Meet", []), one, other),
                "visits": kinds.get("Visit", [])[:FEW],
                "agreements": _sorted([fact for kind in AGREEMENTS for fact in kinds.get(kind, ())])[:FEW],
                "stances": kinds.get("Stance", [])[:FEW],
                "fields": _fields(kinds.get("Cooperate", [])),
                "counts": {kind: len(held) for kind, held in kinds.items()},
                "chart": self._chart(want, facts),
                **self._paged(want, facts),
                **self._filters(want, all_),
            },
        )

    def document(self, request: Request) -> Answer:
        """A document's text with its mentions and facts marked in place."""
        from kgx.explore.marking import marks

        extraction = self.corpus.extraction(request.query_params.get("id", ""))
        if extraction is None:
            raise HTTPException(404)
        want = asked(request, self.corpus.graph)
        number = self.corpus.numbers[extraction.document.id]
        node = self.corpus.graph.documents[number]
        said = self.corpus.by_document.get(number, [])
        if saved := self._saved(request, want, said):
            return saved
        held = marks(extraction.document.text, node.mentions, said, number)
        named = Counter(key for one in node.mentions for key in one.keys)
        return Page(
            "document.html",
            {
                "document": node,
                "number": number,
                "marks": held,
                "named": sorted(named.items(), key=lambda item: (-item[1], item[0])),
                "want": want,
            },
        )

    def missing(self) -> Page:
        """What is shown where there is no such page."""
        return Page("missing.html", {}, 404)

    def _known(self, key: str) -> str:
        if key not in self.corpus.graph.entities:
            raise HTTPException(404)
        return key

    def _date(self, number: int) -> str:
        return self.corpus.graph.documents[number].date or ""

    def _saved(self, request: Request, want: Asked, facts: Sequence[Statement]) -> Saved | None:
        """The facts as a file, where one is asked for."""
        form = request.query_params.get("format")
        if form == "csv":
            return facts_csv(facts, Show(self.corpus, request, want))
        return turtle(facts, self.corpus) if form == "ttl" else None

    def _chart(self, want: Asked, facts: Sequence[Statement]) -> Timeline:
        held = [one for one in facts if one.type not in WITHIN]
        return timeline(held, self.corpus.kinds, *want.days)

    def _paged(self, want: Asked, facts: Sequence[Statement]) -> dict[str, Any]:
        start = (want.page - 1) * PAGE
        return {
            "facts": facts[start : start + PAGE],
            "total": len(facts),
            "pages": -(-len(facts) // PAGE),
        }

    def _filters(self, want: Asked, facts: Sequence[Statement]) -> dict[str, Any]:
        """What facts can be chosen by: of all that there are, but for the choice of a type."""
        left = replace(want, type=None).among(facts, self.corpus.graph)
        years = Counter(when(one)[0][:4] for one in facts)
        least = max(years.values(), default=0) / FEWER
        return {
            "want": want,
            "kinds": Counter(one.type for one in left).most_common(),
            "statuses": [s for s in STATUSES if s in {one.status for one in left}],
            "years": sorted(year for year in years if year and years[year] >= least)[-YEARS:],
        }

    def _meetings(
        self, facts: Sequence[Statement], one: str, other: str
    ) -> list[tuple[tuple[str, str], list[Statement]]]:
        """Who of the two sides met whom, those who met most first, each with the meetings."""
        sides = [self.corpus.side(key) for key in (one, other)]
        found: dict[tuple[str, str], list[Statement]] = {}
        for fact in facts:
            if fact.status in HAPPENED:
                who = [f.value for role, f in fact.roles if role == "participant" and f.entity]
                for a in who:
                    for b in who:
                        if a in sides[0] and b in sides[1] and a != b:
                            found.setdefault((a, b), []).append(fact)
        return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))[:FEW]


def _sorted(facts: list[Statement]) -> list[Statement]:
    return sorted(facts, key=when, reverse=True)


_SPLIT = re.compile("[、，,；;]")


def _fields(facts: Sequence[Statement]) -> list[tuple[str, int]]:
    """The fields of cooperation, each with the number of facts that name it, the commonest first."""
    count = Counter(
        field.strip()
        for one in facts
        for role, filler in one.roles
        if role == "field"
        for field in _SPLIT.split(filler.value)
        if field.strip()
    )
    return count.most_common(FIELDS)
