"""What a request asks for: its language, and which statements it wants. Whatever else it says is ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kgx.knowledge import KnowledgeGraph
from kgx.model import STATUSES
from kgx.period import Period, period
from kgx.viz.links import POSITION, Choice, Statement
from kgx.viz.words import Language

if TYPE_CHECKING:
    from starlette.requests import Request

LONGEST = 200  # characters of a text that is looked for
PAGE = 50  # statements, documents or names on a page


@dataclass(frozen=True)
class Asked:
    """The parameters of a request that several pages share.

    `begin` and `end` are dates of any grain as they were given, `words` what fillers or sentences have to
    hold, `page` counts from 1.
    """

    language: Language
    type: str | None
    status: str | None
    begin: str | None
    end: str | None
    words: str
    page: int

    @cached_property
    def choice(self) -> Choice:
        """The same as pictures and measures know it; `words` is not in it."""
        first, last = self.days
        return Choice(
            first=first,
            last=last,
            types=frozenset([self.type] if self.type else ()),
            statuses=frozenset([self.status] if self.status else STATUSES),
            told=True,
        )

    @property
    def days(self) -> tuple[str | None, str | None]:
        """The first and the last day, each None where it is open."""
        return (
            period(self.begin).first if self.begin else None,
            period(self.end).last if self.end else None,
        )

    @property
    def narrow(self) -> bool:
        """Whether anything but a page is asked for."""
        return bool(self.type or self.status or self.begin or self.end or self.words)

    def among(self, held: Iterable[Statement], graph: KnowledgeGraph) -> list[Statement]:
        """The statements that are wanted, in the order given."""
        out = [one for one in held if self.choice.holds(one)] if self.narrow else list(held)
        return [one for one in out if _says(one, self.words, graph)] if self.words else out


def asked(request: Request, graph: KnowledgeGraph) -> Asked:
    """The parameters of a request."""
    given = request.query_params
    type_, status, page = given.get("type"), given.get("status"), given.get("page", "1")
    return Asked(
        language=language_of(given),
        type=type_ if type_ in graph.types or type_ == POSITION else None,
        status=status if status in STATUSES else None,
        begin=date_of(given.get("from", "")),
        end=date_of(given.get("to", "")),
        words=given.get("words", "").strip()[:LONGEST].lower(),
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def language_of(given: Mapping[str, str]) -> Language:
    """The language of the pages: Chinese, where English is not asked for."""
    return "en" if given.get("lang") == "en" else "zh"


def date_of(text: str) -> str | None:
    """The date, where it is one: a day, a month or a year."""
    return text if period_of(text) else None


def period_of(text: str) -> Period | None:
    """The days that a date covers, or None where it is no date."""
    try:
        return period(text)
    except ValueError:
        return None


def _says(one: Statement, words: str, graph: KnowledgeGraph) -> bool:
    for role, filler in one.roles:
        if filler.entity:
            entity = graph.entities[filler.value]
            if any(words in name.lower() for name in (entity.label, entity.label_en or "", *entity.names)):
                return True
        elif words in filler.value.lower() or words in (one.english(role, filler) or "").lower():
            return True
    return any(words in said.quote.lower() for said in one.evidence)
