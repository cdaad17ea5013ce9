"""Claims as the rows of a table hold them: bytes of JSON, keys as bytes that sort as their texts do."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import Any

from kgx.knowledge import DocumentNode
from kgx.resolve.claims import Held, Named, Stated
from kgx.resolve.contexts import Context

_FIELDS = tuple(one.name for one in fields(DocumentNode))
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def as_key(text: str) -> bytes:
    """A text as a key: UTF-8, in which lone surrogates have a place too."""
    return text.encode("utf-8", "surrogatepass")


def from_key(key: bytes) -> str:
    """The text of a key."""
    return key.decode("utf-8", "surrogatepass")


def as_mark(text: str) -> bytes:
    """A short key that stands for a long text; the order of texts is lost."""
    return hashlib.blake2b(as_key(text), digest_size=16).digest()


def as_body(value: Any) -> bytes:
    """Plain data as bytes of JSON."""
    return _encode(value).encode("utf-8", "surrogatepass")


def from_body(body: bytes) -> Any:
    """The plain data, lists for tuples."""
    return json.loads(body.decode("utf-8", "surrogatepass"))


def document_body(document: DocumentNode) -> bytes:
    """A document without mentions."""
    return as_body([getattr(document, name) for name in _FIELDS[:-1]])


def document_from(body: bytes) -> DocumentNode:
    """The document of a body."""
    values: list[Any] = [tuple(one) if isinstance(one, list) else one for one in from_body(body)]
    return DocumentNode(**dict(zip(_FIELDS, values, strict=False)))


def named_from(key: str, body: bytes) -> Named:
    """The entity of a body, which has all but its key."""
    type_, labels, names, *rest = from_body(body)
    return Named(key, type_, tuple(labels), tuple(names), *rest)


def held_from(body: bytes) -> Held:
    """The position of a body."""
    return Held(*from_body(body))


def stated_from(body: bytes) -> Stated:
    """The claim of a body."""
    values: list[Any] = from_body(body)
    values[3] = tuple((name, known, value) for name, known, value in values[3])
    values[9] = tuple(values[9]) if values[9] else None
    return Stated(*values)


def context_from(key: str, own: str, body: bytes) -> Context:
    """The context of a body, which has all but its keys."""
    states, titles, offices, fixed = from_body(body)
    return Context(key, own, tuple(states), tuple(titles), tuple(offices), fixed)
