"""What templates are given to work with: names, words and addresses in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from kgx.explore.asked import Asked
from kgx.explore.corpus import Corpus, when
from kgx.explore.words import word
from kgx.facttypes import fact_schema
from kgx.knowledge import Evidence, Filler, Sighting
from kgx.version import __version__
from kgx.viz.content import marked, value_names
from kgx.viz.links import POSITION, Statement

if TYPE_CHECKING:
    from starlette.requests import Request

SENTENCES = 3  # of one statement
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8a7a00", "#7a3fa0")
REST = "#aab2bb"
GLYPHS = {
    "Person": "●",
    "Country": "■",
    "Organization": "◆",
    "Place": "▲",
    "Event": "★",
    "Agreement": "⬢",
    "Initiative": "⬟",
}


def environment() -> Environment:
    """The templates, all that is put into them being escaped."""
    return Environment(
        loader=PackageLoader("kgx.explore"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


@dataclass(frozen=True)
class Show:
    """The tools of one page; its public methods are what templates call, as `x.name(key)`."""

    corpus: Corpus
    request: Request
    asked: Asked

    sentences = SENTENCES
    version = __version__

    @property
    def language(self) -> str:
        """`zh` or `en`."""
        return self.asked.language

    @property
    def graph(self) -> Any:
        """The graph of the build."""
        return self.corpus.graph

    def word(self, name: str, **given: object) -> str:
        """A word of the interface, with what is given put into it."""
        text = word(name, self.asked.language)
        return text.format(**given) if given else text

    def name(self, key: str) -> str:
        """What an entity is called."""
        entity = self.corpus.graph.entities[key]
        return (entity.label_en if self.language == "en" else None) or entity.label

    def glyph(self, key: str) -> str:
        """The sign of an entity's type."""
        return GLYPHS[self.corpus.graph.entities[key].type]

    def typed(self, key: str) -> str:
        """An entity's type, as a class of styles has it."""
        return self.corpus.graph.entities[key].type

    def title(self, number: int) -> str:
        """The title of a document, or its id where it has none."""
        document = self.corpus.graph.documents[number]
        return document.title or document.id

    def kind(self, name: str) -> str:
        """What a type of statement is called."""
        if name == POSITION or name not in self.corpus.graph.types:
            return self.word(name)
        found = self.corpus.graph.types[name]
        return found.label_en if self.language == "en" else found.label_zh

    def role(self, type_: str, name: str) -> str:
        """What a role is called; those of offices are called as in all facts."""
        types = self.corpus.graph.types
        found = types[type_].roles.get(name) if type_ in types else None
        if found is not None:
            return found.label_en if self.language == "en" else found.label_zh
        label = self._roles.get(name)
        return name if label is None else label[self.language == "en"]

    @cached_property
    def _roles(self) -> Mapping[str, tuple[str, str]]:
        return {name: (one.zh, one.en) for name, one in fact_schema(self.corpus.rules).roles.items()}

    def filled(self, one: Statement, role: str, filler: Filler) -> str:
        """What fills a role of a statement, to read."""
        if filler.entity:
            return self.name(filler.value)
        if self.language == "en" and (english := one.english(role, filler)) is not None:
            return english
        types = self.corpus.graph.types
        slot = types[one.type].roles.get(role) if one.type in types else None
        named = value_names(self.corpus.rules).get(filler.value) if slot and slot.values else None
        return filler.value if named is None else named[self.language == "en"]

    def who(self, one: Statement, own: Sequence[str] = ()) -> str:
        """Who and what fills a statement, role by role, but for those whose page it is."""
        groups: dict[str, list[str]] = {}
        for role, filler in one.roles:
            if filler.value not in own:
                groups.setdefault(role, []).append(self.filled(one, role, filler))
        return " · ".join(self.word("and").join(names) for names in groups.values())

    def marked(self, one: Statement, said: Evidence | Sighting) -> list[str]:
        """A sentence in pieces, every second of them to be marked."""
        return marked(self.corpus.graph, one, said)

    @staticmethod
    def day(one: Statement) -> str:
        """The day for which a statement counts; empty where none is known."""
        return when(one)[0]

    def colour(self, kind: str) -> str:
        """The colour of a type of fact in charts."""
        rank = self.order.index(kind) if kind in self.order else len(PALETTE)
        return PALETTE[rank] if rank < len(PALETTE) else REST

    @property
    def order(self) -> Sequence[str]:
        """The types of facts, those of which there are most first."""
        return self.corpus.kinds

    def url(self, path: str, **given: object) -> str:
        """An address of the explorer in the language of the page; what is None is left out."""
        named = {name.rstrip("_"): str(value) for name, value in given.items() if value is not None}
        query = urlencode({**named, **({"lang": "en"} if self.language == "en" else {})})
        return path + (f"?{query}" if query else "")

    def entity_url(self, key: str, **given: object) -> str:
        """The page of an entity."""
        return self.url(f"/entity/{quote(key)}", **given)

    def pair_url(self, a: str, b: str, **given: object) -> str:
        """The page of two entities."""
        return self.url("/pair", a=a, b=b, **given)

    def document_url(self, number: int, at: int | None = None) -> str:
        """The page of a document, at the sentence that begins there."""
        page = self.url("/document", id=self.corpus.graph.documents[number].id)
        return page if at is None else f"{page}#c{at}"

    def here(self, **changes: object) -> str:
        """This page with other parameters; None takes one away, and all begin at the first page."""
        given = dict(self.request.query_params)
        given.pop("page", None)
        for name, value in changes.items():
            given.pop(name.rstrip("_"), None)
            if value is not None:
                given[name.rstrip("_")] = str(value)
        return self.request.url.path + (f"?{urlencode(given)}" if given else "")

    def given(self, *left_out: str) -> list[tuple[str, str]]:
        """The parameters of this page but some, to go on with in a form."""
        return [(name, value) for name, value in self.request.query_params.items() if name not in left_out]

    @staticmethod
    def web(address: str | None) -> str | None:
        """The address, where it is one of the web; any other is shown and never linked."""
        try:
            return address if address and urlsplit(address).scheme in ("http", "https") else None
        except ValueError:
            return None
