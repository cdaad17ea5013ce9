"""The pages of the explorer, as a Starlette application.

It answers only to the host names that it is told of, so that a page elsewhere can't reach it by a name of
its own, and sends a policy that allows no script and no style but its own files. All that comes from
documents goes through templates that escape it.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kgx.explore.corpus import Corpus
from kgx.stats import safe_cell
from kgx.viz.content import marked, value_names
from kgx.viz.links import POSITION, Statement
from kgx.viz.words import Language, word

if TYPE_CHECKING:
    from starlette.requests import Request

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
PAGE = 50  # facts on a page
SENTENCES = 3
_ASSETS = {"explore.css": "text/css", "explore.js": "text/javascript"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def make_app(corpus: Corpus, hosts: Sequence[str] = LOOPBACK) -> Starlette:
    """The application over a corpus; any request with another Host header than `hosts` gets status 400."""
    pages = _Pages(corpus)
    routes = [
        Route("/", pages.home),
        Route("/suggest", pages.suggest),
        Route("/entity/{key:path}", pages.entity),
        Route("/pair", pages.pair),
        Route("/document", pages.document),
        Route("/static/{name}", _asset),
    ]
    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))]
    return Starlette(routes=routes, middleware=middleware, exception_handlers={HTTPException: pages.fault})


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _ASSETS:
        raise HTTPException(404)
    body = files("kgx.explore").joinpath("static", name).read_bytes()
    return Response(body, media_type=_ASSETS[name], headers=_HEADERS)


class _Pages:
    """One method a page; each takes a request and gives a response."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._templates = Environment(
            loader=PackageLoader("kgx.explore"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    async def home(self, request: Request) -> Response:
        text = request.query_params.get("q", "")
        found = self.corpus.search(text, PAGE) if text else self.corpus.top(PAGE)
        return self._show(request, "home.html", q=text, found=found)

    async def suggest(self, request: Request) -> Response:
        language = _language(request)
        rows = [
            {"name": self._name(one.key, language), "type": one.type, "url": _entity_url(one.key, language)}
            for one in self.corpus.search(request.query_params.get("q", "")[:100])
        ]
        return JSONResponse(rows, headers=_HEADERS)

    async def entity(self, request: Request) -> Response:
        key = self._known(request.path_params["key"])
        facts = self._filtered(request, self.corpus.facts(key))
        if request.query_params.get("format") == "csv":
            return self._csv(facts, _language(request))
        return self._show(
            request,
            "entity.html",
            entity=self.corpus.graph.entities[key],
            offices=self.corpus.offices(key),
            partners=self.corpus.partners(key)[:20],
            years=_years(facts),
            **self._paged(request, facts),
        )

    async def pair(self, request: Request) -> Response:
        one, other = (self._known(request.query_params.get(name, "")) for name in ("a", "b"))
        facts = self._filtered(request, self.corpus.facts(one, other))
        if request.query_params.get("format") == "csv":
            return self._csv(facts, _language(request))
        entities = self.corpus.graph.entities
        return self._show(
            request,
            "pair.html",
            one=entities[one],
            other=entities[other],
            agreements=[fact for fact in facts if fact.type == "Sign"],
            stances=[fact for fact in facts if fact.type == "Stance"],
            fields=_fields(facts),
            years=_years(facts),
            **self._paged(request, facts),
        )

    async def document(self, request: Request) -> Response:
        extraction = self.corpus.extraction(request.query_params.get("id", ""))
        if extraction is None:
            raise HTTPException(404)
        number = self.corpus.numbers[extraction.document.id]
        node = self.corpus.graph.documents[number]
        said = self.corpus.by_document.get(number, [])
        return self._show(
            request,
            "document.html",
            document=node,
            pieces=_pieces(extraction.document.text, node.mentions),
            said=said,
            number=number,
        )

    async def fault(self, request: Request, fault: Exception) -> Response:
        status = fault.status_code if isinstance(fault, HTTPException) else 500
        if status != 404:
            return PlainTextResponse(str(status), status, headers=_HEADERS)
        return self._show(request, "missing.html", status=404)

    def _known(self, key: str) -> str:
        if key not in self.corpus.graph.entities:
            raise HTTPException(404)
        return key

    def _name(self, key: str, language: Language) -> str:
        entity = self.corpus.graph.entities[key]
        return (entity.label_en if language == "en" else None) or entity.label

    def _filtered(self, request: Request, facts: list[Statement]) -> list[Statement]:
        type_ = request.query_params.get("type")
        year = request.query_params.get("year")
        if type_:
            facts = [one for one in facts if one.type == type_]
        if year:
            facts = [one for one in facts if one.days and one.days.first[:4] == year]
        return facts

    def _paged(self, request: Request, facts: list[Statement]) -> dict[str, Any]:
        asked = request.query_params.get("page", "1")
        page = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
        shown = facts[(page - 1) * PAGE : page * PAGE]
        return {
            "facts": shown,
            "total": len(facts),
            "page": page,
            "pages": -(-len(facts) // PAGE),
            "kinds": Counter(one.type for one in facts).most_common(),
        }

    def _csv(self, facts: Sequence[Statement], language: Language) -> Response:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["type", "status", "date", "roles", "documents", "document", "evidence"])
        for one in facts:
            said = one.evidence[0]
            roles = "; ".join(
                f"{role}={self._name(filler.value, language) if filler.entity else filler.value}"
                for role, filler in one.roles
            )
            document = self.corpus.graph.documents[said.document].id
            row = [one.type, one.status, one.date or "", roles, one.support, document, said.quote]
            writer.writerow([safe_cell(cell) for cell in row])
        headers = {**_HEADERS, "Content-Disposition": 'attachment; filename="facts.csv"'}
        return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)

    def _show(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        language = _language(request)
        graph = self.corpus.graph

        def kind(name: str) -> str:
            if name == POSITION:
                return word(POSITION, language)
            found = graph.types[name]
            return found.label_en if language == "en" else found.label_zh

        def role(type_: str, name: str) -> str:
            found = graph.types[type_].roles[name] if type_ in graph.types else None
            return name if found is None else found.label_en if language == "en" else found.label_zh

        def value(type_: str, name: str, text: str) -> str:
            slot = graph.types[type_].roles.get(name) if type_ in graph.types else None
            named = value_names().get(text) if slot is not None and slot.values is not None else None
            return text if named is None else named[1 if language == "en" else 0]

        def here(**changes: str | int) -> str:
            return "?" + str(request.url.include_query_params(**changes).query)

        tools: dict[str, Any] = dict(
            word=lambda name, **given: word(name, language).format(**given),
            graph=graph,
            name=lambda key: self._name(key, language),
            weight=self.corpus.weight,
            entity_url=lambda key: _entity_url(key, language),
            pair_url=lambda a, b: f"/pair?a={quote(a)}&b={quote(b)}&lang={language}",
            document_url=lambda number: f"/document?id={quote(graph.documents[number].id)}&lang={language}",
            kind=kind,
            role=role,
            value=value,
            here=here,
            web=_web,
            marked=lambda one, said: marked(graph, one, said),
            sentences=SENTENCES,
        )
        page = self._templates.get_template(template)
        body = page.render(language=language, x=tools, **tools, **values)
        return HTMLResponse(body, status, headers=_HEADERS)


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang")
    return "en" if asked == "en" else "zh"


def _entity_url(key: str, language: Language) -> str:
    return f"/entity/{quote(key)}?lang={language}"


def _web(address: str | None) -> str | None:
    """The address, where it is one of the web; any other is shown and never linked."""
    try:
        return address if address and urlsplit(address).scheme in ("http", "https") else None
    except ValueError:
        return None


def _years(facts: Sequence[Statement]) -> list[tuple[str, int]]:
    count = Counter(one.days.first[:4] for one in facts if one.days)
    return sorted(count.items())


def _fields(facts: Sequence[Statement]) -> list[tuple[str, int]]:
    count = Counter(
        filler.value
        for one in facts
        if one.type == "Cooperate"
        for role, filler in one.roles
        if role == "field"
    )
    return count.most_common(20)


def _pieces(text: str, mentions: Sequence[Any]) -> list[tuple[str, tuple[str, ...]]]:
    """The text in pieces, each with the keys of what it names."""
    out: list[tuple[str, tuple[str, ...]]] = []
    at = 0
    for one in mentions:
        if one.start >= at:
            out += [(text[at : one.start], ()), (text[one.start : one.end], one.keys)]
            at = one.end
    return [*out, (text[at:], ())]
