"""Extraction ⇄ JSON: the form of the annotation guidelines, and beyond it what kgx knows more.

`id, date, text, entities, groups, singles, dates, positions, facts` are as the guidelines have them, so
that a prediction is scored, and a gold annotation merged, as it is. Offsets count characters of `text`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kgx import errors
from kgx.errors import KgxError
from kgx.facttypes import FactType, fact_types
from kgx.model import (
    DateValue,
    Document,
    Entity,
    Extraction,
    Fact,
    Group,
    Mention,
    Position,
    Single,
)

META = ("title", "subtitle", "publisher", "authors", "keywords", "section", "edition", "url")
NOT_ROLES = frozenset(
    ("type", "date", "status", "evidence", "start", "end", "rule", "confidence", "source", "code")
)
GIVEN = "given"  # the rule of a fact that was annotated rather than extracted


def to_json(extraction: Extraction, types: Mapping[str, FactType] | None = None) -> dict[str, Any]:
    """A dict that `json.dumps` takes, keys in a fixed order; what is not known is left out.

    A role that the schema calls single is a string where it has one filler; all others are lists.
    """
    types = fact_types() if types is None else types
    document = extraction.document
    out: dict[str, Any] = {"id": document.id, "date": document.date, "text": document.text}
    out["entities"] = [
        {"name": one.name, "type": one.type, "surfaces": list(one.surfaces)}
        | _known(key=one.key, qid=one.qid, label_en=one.label_en, kind=one.kind)
        for one in extraction.entities
    ]
    out["groups"] = [{"surface": one.surface, "members": list(one.members)} for one in extraction.groups]
    out["singles"] = [
        {"context": one.context, "surface": one.surface, "name": one.name} for one in extraction.singles
    ]
    out["dates"] = [
        {"surface": one.surface, "value": one.value, "start": one.start, "end": one.end}
        for one in extraction.dates
    ]
    out["positions"] = [
        {"person": one.person, "title": one.title}
        | _known(of=one.of)
        | ({"start": one.start, "end": one.end} if one.end else {})
        for one in extraction.positions
    ]
    out["facts"] = [_fact_to_json(one, types) for one in extraction.facts]
    if extraction.mentions:
        out["mentions"] = [
            {
                "start": one.start,
                "end": one.end,
                "type": one.type,
                "names": list(one.names),
                "source": one.source,
                "score": one.score,
            }
            for one in extraction.mentions
        ]
    if extraction.topics:
        out["topics"] = list(extraction.topics)
    meta = {name: value for name in META if (value := getattr(document, name)) not in (None, ())}
    if document.language != "zh":
        meta["language"] = document.language
    if meta:
        out["meta"] = {name: list(v) if isinstance(v, tuple) else v for name, v in meta.items()}
    return out


def dumps(extraction: Extraction, types: Mapping[str, FactType] | None = None) -> str:
    """One line of JSON, Chinese as it is; escaped where the text has what UTF-8 can't hold."""
    data = to_json(extraction, types)
    line = json.dumps(data, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(data)
    return line


def from_json(data: Mapping[str, Any]) -> Extraction:
    """The Extraction that such a dict describes; a gold annotation is one.

    Offsets that are missing are those of the first occurrence of the string in the text, 0 where there
    is none. Raises KgxError, saying which document, where the form is another one.
    """
    try:
        return _from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        name = data.get("id", "?") if isinstance(data, Mapping) else "?"
        reason = f"no {fault}" if isinstance(fault, KeyError) else str(fault)
        raise KgxError(errors.RECORD_FORM.format(id=name, reason=reason)) from None


def _from_json(data: Mapping[str, Any]) -> Extraction:
    text = data["text"]
    meta: dict[str, Any] = dict(data.get("meta") or {})
    meta.setdefault("url", data.get("url"))
    document = Document(
        id=str(data["id"]),
        text=text,
        date=data.get("date"),
        language=meta.get("language", "zh"),
        title=meta.get("title"),
        subtitle=meta.get("subtitle"),
        publisher=meta.get("publisher"),
        authors=tuple(meta.get("authors") or ()),
        keywords=tuple(meta.get("keywords") or ()),
        section=meta.get("section"),
        edition=meta.get("edition"),
        url=meta.get("url"),
    )
    return Extraction(
        document=document,
        entities=tuple(
            Entity(
                name=one["name"],
                type=one["type"],
                surfaces=tuple(one.get("surfaces") or ()),
                key=one.get("key"),
                qid=one.get("qid"),
                label_en=one.get("label_en"),
                kind=one.get("kind"),
            )
            for one in data.get("entities") or ()
        ),
        groups=tuple(Group(one["surface"], tuple(one["members"])) for one in data.get("groups") or ()),
        singles=tuple(
            Single(one["context"], one["surface"], one["name"]) for one in data.get("singles") or ()
        ),
        dates=tuple(
            DateValue(*_span(one, one["surface"], text), surface=one["surface"], value=one["value"])
            for one in data.get("dates") or ()
        ),
        positions=tuple(
            Position(one["person"], one["title"], one.get("of"), one.get("start", 0), one.get("end", 0))
            for one in data.get("positions") or ()
        ),
        facts=tuple(_fact_from_json(one, text) for one in data.get("facts") or ()),
        mentions=tuple(
            Mention(
                start=one["start"],
                end=one["end"],
                type=one["type"],
                names=tuple(one["names"]),
                source=one.get("source", "lexicon"),
                score=one.get("score", 1.0),
            )
            for one in data.get("mentions") or ()
        ),
        topics=tuple(data.get("topics") or ()),
    )


def _fact_to_json(fact: Fact, types: Mapping[str, FactType]) -> dict[str, Any]:
    kind = types.get(fact.type)
    out: dict[str, Any] = {"type": fact.type}
    for name in sorted(fact.roles, key=_role_order(kind)):
        fillers = fact.roles[name]
        single = kind is not None and name in kind.roles and kind.roles[name].single
        out[name] = fillers[0] if single and len(fillers) == 1 else list(fillers)
    out |= _known(date=fact.date)
    out |= {"status": fact.status, "evidence": fact.evidence, "start": fact.start, "end": fact.end}
    out |= {"rule": fact.rule, "confidence": fact.confidence}
    return out | _known(source=fact.source, code=fact.code)


def _role_order(kind: FactType | None) -> Any:
    order = {name: rank for rank, name in enumerate(kind.roles)} if kind else {}
    return lambda name: (order.get(name, len(order)), name)


def _fact_from_json(data: Mapping[str, Any], text: str) -> Fact:
    start, end = _span(data, data["evidence"], text)
    return Fact(
        type=data["type"],
        roles={
            name: (value,) if isinstance(value, str) else tuple(value)
            for name, value in data.items()
            if name not in NOT_ROLES
        },
        status=data["status"],
        evidence=data["evidence"],
        start=start,
        end=end,
        rule=data.get("rule", GIVEN),
        confidence=data.get("confidence", 1.0),
        date=data.get("date"),
        source=data.get("source"),
        code=data.get("code"),
    )


def _span(data: Mapping[str, Any], surface: str, text: str) -> tuple[int, int]:
    if "start" in data and "end" in data:
        return data["start"], data["end"]
    start = text.find(surface)
    return (start, start + len(surface)) if start >= 0 else (0, 0)


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
