"""RDF terms as plain values, and how they are written in Turtle and N-Quads.

Terms of an RDF library cost some microseconds each, and a graph has millions; an IRI here is a `str`
that `kgx.iri` made, a literal a named tuple.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kgx.iri import clean
from kgx.rdf.vocab import XSD


class Literal(NamedTuple):
    """A literal with its language, or its datatype's IRI, or neither: then it is an `xsd:string`.

    The text is fit for XML and UTF-8 (`kgx.iri.clean`).
    """

    text: str
    language: str | None = None
    datatype: str | None = None


Term = str | Literal  # an IRI, or a literal

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
# Part of Turtle's PN_LOCAL; a name with anything else is written in full.
_LOCAL = re.compile(
    "[A-Za-z0-9_\u4e00-\u9fff](?:[A-Za-z0-9_.\u00b7\u4e00-\u9fff-]*[A-Za-z0-9_\u4e00-\u9fff-])?"
)


def zh(text: str) -> Literal:
    """A text as a Chinese literal."""
    return Literal(clean(text), "zh")


def decimal(value: float) -> Literal:
    """A number as an `xsd:decimal` of four places at most."""
    digits = f"{value:.4f}".rstrip("0")
    return Literal(f"{digits}0" if digits.endswith(".") else digits, None, XSD.decimal)


def texts(found: Iterable[str]) -> list[str]:
    """The texts sorted, each once, without empty ones."""
    return sorted({clean(text) for text in found} - {""})


def quoted(text: str) -> str:
    """A string in quotation marks, as Turtle, N-Quads and JSON have it."""
    if '"' in text or "\\" in text or not text.isprintable():
        text = text.translate(_ESCAPES)
    return f'"{text}"'


def in_full(term: Term) -> str:
    """The term as N-Triples and N-Quads have it."""
    if isinstance(term, str):
        return f"<{term}>"
    text, language, datatype = term
    if language is not None:
        return f"{quoted(text)}@{language}"
    return quoted(text) if datatype is None else f"{quoted(text)}^^<{datatype}>"


class Names:
    """Shortens IRIs by prefixes and writes terms as Turtle has them."""

    def __init__(self, prefixes: Mapping[str, str], a: str | None = None) -> None:
        """`prefixes`: prefix to namespace, each ending in `/`, `#` or `:`; `a`: the IRI written so."""
        self._prefixes = {space: prefix for prefix, space in prefixes.items()}
        self._short: dict[str, str] = {} if a is None else {a: "a"}

    def iri(self, iri: str) -> str:
        """The IRI as `prefix:name` where that can be written without escapes, else in `<>`."""
        short = self._short.get(iri)
        if short is None:
            short = self._short[iri] = self._shorten(iri)
        return short

    def _shorten(self, iri: str) -> str:
        at = max(iri.rfind("/"), iri.rfind("#"), iri.rfind(":")) + 1
        prefix = self._prefixes.get(iri[:at])
        if prefix is not None and _LOCAL.fullmatch(iri, at):
            return f"{prefix}:{iri[at:]}"
        return f"<{iri}>"

    def term(self, term: Term) -> str:
        """The term as it stands in a triple."""
        if isinstance(term, str):
            return self.iri(term)
        text, language, datatype = term
        if language is not None:
            return f"{quoted(text)}@{language}"
        if datatype is None:
            return quoted(text)
        return text if datatype == XSD.decimal else f"{quoted(text)}^^{self.iri(datatype)}"
