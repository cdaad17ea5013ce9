"""The explorer as a Starlette application: its addresses, and what goes with every answer.

It answers only to the host names that it is told of, so that a page elsewhere can't reach it by a name of
its own, and sends a policy that allows no script and no style but its own files. All that comes from
documents goes through templates that escape it, or as JSON to scripts that set it as text.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kgx.explore.corpus import Corpus
from kgx.explore.figures import Figures
from kgx.explore.files import Saved
from kgx.explore.nets import net
from kgx.explore.pages import Answer, Pages
from kgx.explore.questions import Questions
from kgx.listening import LOOPBACK

if TYPE_CHECKING:
    from starlette.requests import Request

_JS, _CSS = "text/javascript", "text/css"
_ASSETS = {
    "explore.css": ("kgx.explore", "static/explore.css", _CSS),
    "explore.js": ("kgx.explore", "static/explore.js", _JS),
    "picture.js": ("kgx.explore", "static/picture.js", _JS),
    "combobox.js": ("kgx.viz", "static/combobox.js", _JS),
    "words.js": ("kgx.viz", "static/words.js", _JS),
    "data.js": ("kgx.viz", "static/data.js", _JS),
    "draw_cytoscape.js": ("kgx.viz", "static/draw_cytoscape.js", _JS),
    "cytoscape.min.js": ("kgx.viz", "vendor/cytoscape/cytoscape.min.js", _JS),
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def make_app(corpus: Corpus, hosts: Sequence[str] = LOOPBACK) -> Starlette:
    """The application over a corpus; any request with another Host header than `hosts` gets status 400.

    Raises RuleError where a ready-made question is wrong.
    """
    pages, figures, questions = Pages(corpus), Figures(corpus), Questions(corpus)

    def answered(request: Request, answer: Answer) -> Response:
        if isinstance(answer, Saved):
            named = {"Content-Disposition": f'attachment; filename="{answer.name}"'}
            return Response(answer.body, media_type=answer.media_type, headers=_HEADERS | named)
        return HTMLResponse(pages.render(request, answer), answer.status, headers=_HEADERS)

    def shown(make: Callable[[Request], Answer]) -> Callable[[Request], Response]:
        return lambda request: answered(request, make(request))

    def told(make: Callable[[Request], Any]) -> Callable[[Request], Response]:
        return lambda request: JSONResponse(make(request), headers=_HEADERS)

    async def measures(request: Request) -> Response:
        return answered(request, await figures.page(request))

    async def sparql(request: Request) -> Response:
        return answered(request, await questions.page(request))

    async def fault(request: Request, failed: Exception) -> Response:
        status = failed.status_code if isinstance(failed, HTTPException) else 500
        if status != 404:
            return PlainTextResponse(str(status), status, headers=_HEADERS)
        return answered(request, pages.missing())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            figures.close()
            questions.close()

    routes = [
        Route("/", shown(pages.home)),
        Route("/search", shown(pages.search)),
        Route("/suggest", told(pages.suggest)),
        Route("/entity/{key:path}", shown(pages.entity)),
        Route("/pair", shown(pages.pair)),
        Route("/document", shown(pages.document)),
        Route("/documents", shown(pages.documents)),
        Route("/net", told(lambda request: net(request, corpus))),
        Route("/measures", measures),
        Route("/measures/net", told(figures.net)),
        Route("/sparql", sparql),
        Route("/static/{name}", _asset),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)],
        exception_handlers={HTTPException: fault},
        lifespan=lifespan,
    )


def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _ASSETS:
        raise HTTPException(404)
    package, path, kind = _ASSETS[name]
    body = files(package).joinpath(path).read_bytes()
    # Addresses of assets have the version in them.
    return Response(body, media_type=kind, headers=_HEADERS | {"Cache-Control": "max-age=3600"})
