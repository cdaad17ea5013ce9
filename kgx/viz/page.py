"""The page: one HTML file with its scripts, styles and data, which works offline and asks no host.

Data from documents stand in it gzipped and in base64, so that nothing in them can be read as markup; the
scripts set them as text only. The content security policy allows no script and no style but those written
here, each by its hash, and no connection at all.
"""

from __future__ import annotations

import base64
import hashlib
import html
from importlib.resources import files
from string import Template

from kgx.iri import clean
from kgx.knowledge import KnowledgeGraph
from kgx.rulebook import RuleFolder
from kgx.viz.content import Content
from kgx.viz.layout import place
from kgx.viz.links import Choice, network
from kgx.viz.words import word

NODES = 2000  # that a page holds by default, and the most that Cytoscape.js draws
LARGEST = 1_000_000  # bytes of a page of up to NODES nodes
STATEMENTS = 60_000  # of a page with more nodes
CYTOSCAPE = ("cytoscape/cytoscape.min.js",)
SIGMA = ("graphology/graphology.umd.min.js", "sigma/sigma.min.js")
OWN = (
    "words.js",
    "data.js",
    "view.js",
    "geometry.js",
    "state.js",
    "panel.js",
    "combobox.js",
    "search.js",
    "controls.js",
)
_ROUNDS = 6  # of search for how many statements fit
_FULL = 0.96  # of the room: as good as all of it
_CAREFUL = 0.985


def page(
    graph: KnowledgeGraph,
    *,
    title: str | None = None,
    choice: Choice | None = None,
    rules: RuleFolder | None = None,
) -> str:
    """The page of a graph, or of the chosen part of it; `choice.top` is how many nodes it holds.

    Up to NODES nodes it is at most LARGEST bytes long: statements that don't fit are left out, the best
    supported being kept, and it says so.
    """
    choice = choice or Choice(top=NODES)
    title = clean(title or word("title"))
    drawn = network(graph, choice)
    points = place(list(drawn.weights), {pair: len(held) for pair, held in drawn.links.items()})
    large = len(drawn.weights) > NODES
    shell = _Shell(title, large)
    room = None if large else LARGEST - len(shell.around(b"").encode())
    held = Content(graph, drawn, points, title=title, limit=STATEMENTS, rules=rules)
    packed = held.packed()
    if room is not None and _encoded(packed) > room:
        packed = _fitting(Content(graph, drawn, points, title=title, sentences=1, rules=rules), room)
    return shell.around(packed)


def _fitting(held: Content, room: int) -> bytes:
    """The packed data, with as many statements as there is room for (in bytes of base64)."""
    packed = held.packed()
    if (size := _encoded(packed)) <= room:
        return packed
    best = held.packed(0)
    least, lightest, most, heaviest = 0, _encoded(best), len(held), size
    for _ in range(_ROUNDS):
        share = (room * _CAREFUL - lightest) / (heaviest - lightest)
        guess = least + int((most - least) * share)
        if not least < guess < most:
            break
        packed = held.packed(guess)
        size = _encoded(packed)
        if size > room:
            most, heaviest = guess, size
        else:
            best, least, lightest = packed, guess, size
            if size > _FULL * room:
                break
    return best


def _encoded(packed: bytes) -> int:
    return 4 * ((len(packed) + 2) // 3)


class _Shell:
    """All of the page but its data."""

    def __init__(self, title: str, large: bool) -> None:
        own = _text("static/page.css")
        draw = "draw_sigma.js" if large else "draw_cytoscape.js"
        parts = [_text(f"static/{name}") for name in (*OWN, draw, "app.js")]
        words = f"const WORDS = {_text('static/words.json').strip()};"
        script = '(function () {\n"use strict";\n' + "\n".join([words, *parts]) + "\n})();\n"
        scripts = [_text(f"vendor/{name}") for name in (SIGMA if large else CYTOSCAPE)] + [script]
        self._title = title
        self._style = own
        self._scripts = scripts

    def around(self, packed: bytes) -> str:
        """The page with these data."""
        allowed = " ".join(_hash(one) for one in self._scripts)
        policy = (
            f"default-src 'none'; script-src {allowed}; style-src {_hash(self._style)}; "
            "img-src data: blob:; base-uri 'none'; form-action 'none'"
        )
        tags = "\n".join(f"<script>{one}</script>" for one in self._scripts)
        return Template(_text("static/page.html")).substitute(
            title=html.escape(self._title),
            policy=policy,
            style=self._style,
            data=base64.b64encode(packed).decode(),
            scripts=tags,
        )


def _text(name: str) -> str:
    """A file of the package, which ends no script element before its time."""
    body = files("kgx.viz").joinpath(name).read_text(encoding="utf-8")
    if "</script" in body and not name.endswith(".html"):
        raise ValueError(f"{name} can't stand within a page")
    return body


def _hash(body: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'"
