"""The schemas of the rules on triple stores: servers, ready-made questions, tables to compare with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kgx.model import EntityType
from kgx.rulebook import Rule
from kgx.schemas.facts import Label

Path = Annotated[str, Field(pattern=r"^/|^$")]


class ParameterRule(Label):
    """A parameter of a question: what it holds, and whether the question can do without it."""

    holds: Literal["entity", "date", "text"]
    accepts: tuple[EntityType, ...] = ()
    required: bool = False
    example: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> ParameterRule:
        if (self.holds == "entity") != bool(self.accepts):
            raise ValueError("`accepts` belongs to parameters that hold an entity, and to no other")
        return self


class QuestionRule(Rule):
    """The head of a ready-made question, `questions/*.rq`."""

    title: Label
    description: Annotated[str, Field(min_length=1)]
    symmetric: tuple[str, ...] = ()  # two parameters that may change places: the rarer is bound first
    parameters: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*$")], ParameterRule] = {}


class MembershipRow(Rule):
    """A member of an organization, of `memberships.tsv`; both are names of the lexicon."""

    organization: Annotated[str, Field(min_length=2)]
    member: Annotated[str, Field(min_length=2)]
    since: Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")] | None = None
    until: Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")] | None = None
    role: str | None = None


class StoreProfile(Rule):
    """A kind of server, of `stores.yml`: its paths, its ways, its quirks."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Annotated[str, Field(min_length=1)]
    start: Annotated[str, Field(min_length=1)]
    server: str | None = None
    query: Path
    update: Path | None = None
    graph_store: Path | None = None
    auth: Literal["basic", "digest"] = "basic"
    update_by: Literal["direct", "form"] = "direct"
    head: bool = True
    rows: Annotated[int, Field(ge=100)] | None = None
    chunk: Annotated[int, Field(ge=1)] = 2000
    quirks: str = ""
