"""`read`: documents from inputs of any form, and a Skip for each that had to be left out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from kgx import errors
from kgx.errors import KgxError, OptionError, Skip
from kgx.model import Document
from kgx.readers.encoding import EncodingFault, check_encoding, decode, html_charset
from kgx.readers.fields import FieldMap, RecordFault, checked_text, parse_fields, timely
from kgx.readers.page import annotate
from kgx.readers.rules import Page, page_rules
from kgx.readers.sources import Source, document_ids, find_sources, opened, printable
from kgx.readers.streams import StreamFault, read_all
from kgx.rulebook import RuleFolder
from kgx.timelimit import DOCUMENT_SECONDS

_RECORDS = ("jsonl", "json", "csv", "tsv")


def read(
    inputs: Iterable[str | os.PathLike[str]],
    *,
    fields: str | Mapping[str, str] | None = None,
    date: str | None = None,
    encoding: str | None = None,
    on_skip: Callable[[Skip], None] | None = None,
    rules: RuleFolder | None = None,
    annotated: bool = True,
    document_timeout: float = DOCUMENT_SECONDS,
) -> Iterator[Document]:
    """Yield the documents of `inputs`: files, folders, globs, `-` for standard input.

    `fields` maps our field names to those of the records (`text=content,date=pubdate`, or a mapping);
    `date` is the publication date where neither a field nor the page gives one; `encoding` is taken for
    all inputs that have no byte order mark; `document_timeout` is how many seconds it may take to make one
    document of what was read. Each fault goes to `on_skip` and the rest is read on.

    The text of a record is kept as given; a file that is one document gets line feeds for line ends,
    and HTML and Markdown become plain text, which offsets then count. A record without an id is named
    by file and line; a file by its name without extension, with its folder where two clash. Limits
    are in `rules/limits.yml`. Unless `annotated`, documents have no regions, and no metadata but what their
    records and pages give: `finished` adds those. Raises KgxError for a wrong option.
    """
    page = page_rules(rules)
    field_map = FieldMap(page, parse_fields(fields), document_timeout)
    day = option_date(date, page)
    codec = check_encoding(encoding) if encoding else None
    skip = on_skip or _pass_over

    def documents() -> Iterator[Document]:
        sources = list(find_sources(inputs, skip))
        ids = document_ids(sources)
        known = _Known()
        for source, identity in zip(sources, ids, strict=True):
            for line, item in documents_of(source, identity, field_map, codec):
                if isinstance(item, Skip):
                    skip(item)
                    continue
                place = source.label if line is None else f"{source.label}:{line}"
                if fault := known.fault(item, place):
                    skip(Skip(source.label, fault, line))
                    continue
                yield dated(annotate(item, rules), day) if annotated else item

    return documents()


def finished(document: Document, date: str | None, rules: RuleFolder | None = None) -> Document:
    """The document with its regions and the metadata that its text states, published on `date` otherwise.

    How long that takes is up to the patterns of the rules, which may be a user's. Raises KgxError where
    `date` is no date.
    """
    return dated(annotate(document, rules), option_date(date, page_rules(rules)))


def dated(document: Document, day: str | None) -> Document:
    """The document, published on `day` where nothing says when it was."""
    return document if document.date or not day else replace(document, date=day)


def from_text(
    text: str, *, id: str = "text", date: str | None = None, rules: RuleFolder | None = None, **metadata: Any
) -> Document:
    """A Document of a string, with its regions and the metadata its text states.

    `date` is the publication date, and goes before one on the page; `metadata` are further fields of
    Document. Raises KgxError where `date` is no date, or the text is empty or too long.
    """
    page = page_rules(rules)
    try:
        document = Document(id, checked_text(text, page.limits), option_date(date, page), **metadata)
    except RecordFault as fault:
        raise KgxError(f"{id}: {fault}") from None
    return annotate(document, rules)


def _pass_over(skip: Skip) -> None:
    """What `on_skip` is where none is given."""


def option_date(value: str | None, page: Page) -> str | None:
    """The date that a user gave, as YYYY-MM-DD; raises KgxError where it is none."""
    if value is None:
        return None
    iso = page.whole_date(str(value))
    if iso is None:
        raise OptionError(errors.DATE_OPTION.format(value=printable(str(value))))
    return iso


class _Known:
    """The ids met so far, with a digest of the text and the place of each."""

    def __init__(self) -> None:
        self._met: dict[str, tuple[bytes, str]] = {}

    def fault(self, document: Document, place: str) -> str | None:
        """Why the document can't be taken beside those before it, if so."""
        digest = hashlib.blake2b(document.text.encode("utf-8", "replace"), digest_size=12).digest()
        earlier, first = self._met.setdefault(document.id, (digest, place))
        if first is place:
            return None
        message = errors.DOCUMENT_TWICE if earlier == digest else errors.ID_TWICE
        return message.format(first=first, id=printable(document.id))


def documents_of(
    source: Source, identity: str, fields: FieldMap, encoding: str | None
) -> Iterator[tuple[int | None, Document | Skip]]:
    """Yield (line, Document or Skip) of one source, not annotated yet; the line is None for a whole file."""
    # The form's reader is needed for what is given only: HTML brings lxml, say.
    from kgx.readers import records

    limits = fields.page.limits
    line: int | None = None
    found = False
    try:
        with opened(source, limits) as stream:
            if not stream.peek(1):
                yield None, Skip(source.label, errors.TEXT_EMPTY)
                return
            form = source.form or records.sniff(stream)
            if form not in _RECORDS:
                whole = partial(
                    _whole, read_all(stream, limits), form, identity, source.label, fields, encoding
                )
                yield None, timely(whole, identity, fields.seconds)
                return
            reader = {"jsonl": records.json_lines, "json": records.json_file}.get(form, records.tables)
            for item in reader(source, stream, encoding, limits):
                found = True
                if isinstance(item, Skip):
                    yield item.line, item
                    continue
                line, record = item
                try:
                    otherwise = identity if line is None else f"{identity}-{line}"
                    yield line, fields.document(record, otherwise, source.label)
                except RecordFault as fault:
                    yield line, Skip(source.label, str(fault), line)
                    if form in ("csv", "tsv") and not fields.has_text(record):
                        return  # the header lacks it, and so will every row
            if not found:
                yield None, Skip(source.label, errors.TEXT_EMPTY)
    except (StreamFault, EncodingFault, RecordFault) as fault:
        yield line, Skip(source.label, str(fault), line + 1 if line else None)


def _whole(
    data: bytes, form: str, identity: str, path: str, fields: FieldMap, encoding: str | None
) -> Document:
    """One document of a whole file; raises EncodingFault or RecordFault."""
    text = decode(data, encoding, html_charset(data) if form == "html" else None)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    metadata: dict[str, Any] = {}
    if form == "html":
        from kgx.readers.html import html_text

        metadata, text = html_text(text, fields.page)
    elif form == "markdown":
        from kgx.readers.markdown import markdown_text

        front, text = markdown_text(text)
        if not text.strip():
            raise RecordFault(errors.TEXT_EMPTY)
        record = FieldMap(fields.page, {}, fields.seconds).document({**front, "text": text}, identity, path)
        if record.title and not text.startswith(record.title):
            record = replace(record, text=f"{record.title}\n\n{record.text}")
        return record
    return Document(identity, checked_text(text, fields.page.limits), path=path, **metadata)
