"""Results of queries as text: a table to read, CSV, TSV, and JSON and XML of SPARQL; graphs as Turtle.

Rows are counted while they are written, so that a limit holds; terms are those of pyoxigraph.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    import pyoxigraph

Row = Sequence["pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | None"]
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, and the rows: terms, None where a variable is unbound."""

    columns: tuple[str, ...]
    rows: Iterable[Row]


class TooMany(Exception):
    """A result is longer than the limit, its text."""


ROWS: Mapping[str, str] = {  # formats of tables of terms: name and media type
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "table": "text/plain; charset=utf-8",
}
GRAPHS: Mapping[str, str] = {  # formats of graphs
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
}


def at_most(items: Iterable[Any], limit: int | None) -> Iterator[Any]:
    """The items; raises TooMany where there are more than the limit."""
    if limit is None:
        yield from items
        return
    stream = iter(items)
    yield from islice(stream, limit)
    for _ in stream:
        raise TooMany(limit)


def write_rows(
    table: Table, format_: str, out: Callable[[str], Any], prefixes: Mapping[str, str] | None = None
) -> int:
    """Write a table in one of the formats of `ROWS`; returns the number of rows."""
    return _WRITERS[format_](table, out, prefixes or {})


def write_boolean(value: bool, format_: str) -> str:
    """The answer to ASK; a bare `true` or `false` where the format has no form for it."""
    word = "true" if value else "false"
    if format_ == "json":
        return f'{{"head":{{}},"boolean":{word}}}\n'
    if format_ == "xml":
        return f"{_XML_HEAD}<head></head><boolean>{word}</boolean></sparql>\n"
    return f"{word}\n"


def graph_bytes(triples: Iterable[Any], format_: str, prefixes: Mapping[str, str]) -> bytes:
    """Triples in one of the formats of `GRAPHS`, each once, sorted."""
    import pyoxigraph as ox

    forms = {
        "turtle": ox.RdfFormat.TURTLE,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    ordered = sorted(set(triples), key=str)
    body: bytes | None
    if format_ != "turtle":
        body = ox.serialize(ordered, format=forms[format_])
        assert body is not None
        return body
    text = "\n".join(map(str, ordered))
    used = {prefix: space for prefix, space in sorted(prefixes.items()) if f"<{space}" in text}
    body = ox.serialize(ordered, format=forms[format_], prefixes=used)
    assert body is not None
    lines = body.splitlines(keepends=True)  # the library writes the prefixes in any order
    return b"".join(sorted(lines[: len(used)]) + lines[len(used) :])


def plain(term: Any, prefixes: Mapping[str, str] | None = None) -> str:
    """A term to read: an IRI shortened where a prefix fits, of a literal its text."""
    import pyoxigraph as ox

    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        value = term.value
        cut = max(value.rfind("/"), value.rfind("#")) + 1
        for prefix, space in (prefixes or {}).items():
            if space == value[:cut] and cut < len(value):
                return f"{prefix}:{value[cut:]}"
        return value
    return term.value if isinstance(term, ox.Literal) else str(term)


def _table(table: Table, out: Callable[[str], Any], prefixes: Mapping[str, str]) -> int:
    """Aligned columns; a Chinese character is two columns wide."""
    from rich.cells import cell_len

    lines = [[" ".join(plain(term, prefixes).split()) for term in row] for row in table.rows]
    if not table.columns:
        return len(lines)
    widths = [max(cell_len(cell) for cell in column) for column in zip(table.columns, *lines, strict=True)]

    def line(cells: Iterable[str]) -> str:
        padded = [cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)]
        return "  ".join(padded).rstrip() + "\n"

    out(line(table.columns))
    out(line("─" * width for width in widths))
    for cells in lines:
        out(line(cells))
    return len(lines)


def _csv(table: Table, out: Callable[[str], Any], _: Mapping[str, str]) -> int:
    buffer = io.StringIO()
    writer = csv.writer(buffer)  # lines end in CR LF, as the recommendation has it
    writer.writerow(table.columns)
    count = 0
    for row in table.rows:
        count += 1
        writer.writerow([plain(term) for term in row])
        if buffer.tell() > 1 << 16:
            out(buffer.getvalue())
            buffer.seek(0)
            buffer.truncate()
    out(buffer.getvalue())
    return count


def _tsv(table: Table, out: Callable[[str], Any], _: Mapping[str, str]) -> int:
    out("\t".join(f"?{name}" for name in table.columns) + "\n")
    count = 0
    for row in table.rows:
        count += 1
        # A term as N-Triples has it holds no bare line break, but it may hold a tab.
        out("\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) + "\n")
    return count


def _json(table: Table, out: Callable[[str], Any], _: Mapping[str, str]) -> int:
    head = json.dumps({"vars": list(table.columns)}, ensure_ascii=False)
    out(f'{{"head":{head},"results":{{"bindings":[')
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    count, comma = 0, "\n"
    for row in table.rows:
        count += 1
        pairs = zip(table.columns, row, strict=True)
        out(comma + encode({name: _as_json(term) for name, term in pairs if term is not None}))
        comma = ",\n"
    out("\n]}}\n")
    return count


def _as_json(term: Any) -> dict[str, str]:
    import pyoxigraph as ox

    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    out = {"type": "literal", "value": term.value}
    if term.language:
        out["xml:lang"] = term.language
    elif term.datatype.value != XSD_STRING:
        out["datatype"] = term.datatype.value
    return out


_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def _xml(table: Table, out: Callable[[str], Any], _: Mapping[str, str]) -> int:
    variables = "".join(f"<variable name={quoteattr(name)}/>" for name in table.columns)
    out(f"{_XML_HEAD}<head>{variables}</head><results>\n")
    count = 0
    for row in table.rows:
        count += 1
        cells = "".join(
            f"<binding name={quoteattr(name)}>{_as_xml(term)}</binding>"
            for name, term in zip(table.columns, row, strict=True)
            if term is not None
        )
        out(f"<result>{cells}</result>\n")
    out("</results></sparql>\n")
    return count


def _as_xml(term: Any) -> str:
    data = _as_json(term)
    kind, value = data["type"], escape(data["value"])
    if "xml:lang" in data:
        return f"<literal xml:lang={quoteattr(data['xml:lang'])}>{value}</literal>"
    if "datatype" in data:
        return f"<literal datatype={quoteattr(data['datatype'])}>{value}</literal>"
    return f"<{kind}>{value}</{kind}>"


_WRITERS: Mapping[str, Callable[[Table, Callable[[str], Any], Mapping[str, str]], int]] = {
    "table": _table,
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "xml": _xml,
}
