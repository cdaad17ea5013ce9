"""Records to Documents: which field of a record is what, and what may stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from kgx import errors
from kgx.errors import OptionError
from kgx.model import Document
from kgx.readers.rules import Page
from kgx.readers.sources import printable
from kgx.schemas.limits import Limits
from kgx.schemas.pages import RecordFields
from kgx.timelimit import DOCUMENT_SECONDS, Late, time_limit

NAMES = tuple(RecordFields.model_fields)
_LISTS = ("authors", "keywords")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHOWN = 40  # characters of a value in a message
_DATES = 4096  # that are kept as they were read, and read without a pattern
_KINDS = {type(None): "null", bool: "a truth value", int: "a number", float: "a number", list: "a list"}


T = TypeVar("T")


class RecordFault(Exception):
    """A record can't be a document; holds the reason."""


def parse_fields(option: str | Mapping[str, str] | None) -> dict[str, str]:
    """The map of `--fields text=content,date=pubdate`: our names to the record's.

    Raises KgxError for another form, or a name that documents don't have.
    """
    if option is None:
        return {}
    if isinstance(option, Mapping):
        pairs: Iterable[tuple[str, str, str]] = [(name, "=", field) for name, field in option.items()]
    else:
        pairs = [item.partition("=") for item in option.split(",") if item.strip()]
    out = {}
    for name, equals, column in pairs:
        if name.strip() not in NAMES or not equals or not column.strip():
            item = printable(f"{name}{equals}{column}")
            raise OptionError(errors.FIELDS_OPTION.format(item=item, names=", ".join(NAMES)))
        out[name.strip()] = column.strip()
    return out


def clean(text: str) -> str:
    """Text that can be written as UTF-8: a lone surrogate, as broken JSON may hold, becomes U+FFFD."""
    return text if text.isascii() or text.isprintable() else _SURROGATE.sub("\ufffd", text)


def checked_text(text: str, limits: Limits) -> str:
    """The text of a document, if it is neither empty nor too long; raises RecordFault."""
    if len(text) > limits.text:
        raise RecordFault(errors.TEXT_LONG.format(count=len(text), limit=limits.text))
    if not text.strip("\ufeff \t\r\n\u3000\xa0"):
        raise RecordFault(errors.TEXT_EMPTY)
    return clean(text)


def timely(make: Callable[[], T], name: str, seconds: float) -> T:
    """What `make` gives; raises RecordFault, with the `name` of the document, where it takes longer.

    A user's patterns may take for ever.
    """
    try:
        with time_limit(seconds):
            return make()
    except Late:
        raise RecordFault(errors.TOO_SLOW.format(id=printable(name), seconds=seconds)) from None


class FieldMap:
    """Finds a document's fields in a record, by the user's names or by those of `page.yml`."""

    def __init__(self, page: Page, given: Mapping[str, str], seconds: float = DOCUMENT_SECONDS) -> None:
        """`given`: our names to the record's, as from `parse_fields`; `seconds`: that a document may take."""
        self.page = page
        self.seconds = seconds
        self.given = dict(given)
        self._known: dict[str, tuple[str, ...]] = page.rules.fields.model_dump()
        self._columns: dict[tuple[str, ...], dict[str, str]] = {}
        self._dates: dict[str, str] = {}

    def columns(self, keys: Iterable[str]) -> dict[str, str]:
        """Our names to those of the record's keys that mean them; raises RecordFault without a text."""
        shape = tuple(keys)
        if shape in self._columns:
            return self._columns[shape]
        folded: dict[str, str] = {}
        for column in shape:
            folded.setdefault(column.strip().casefold(), column)
        found: dict[str, str] = {}
        for name, aliases in self._known.items():
            if name in self.given:
                wanted = self.given[name]
                key = wanted if wanted in shape else folded.get(wanted.casefold())
                if key is None and name == "text":
                    raise RecordFault(errors.FIELD_NAMED_MISSING.format(field=wanted, found=_listed(shape)))
                if key is not None:
                    found[name] = key
            else:
                match = next((folded[alias] for alias in aliases if alias in folded), None)
                if match is not None and match not in self.given.values():
                    found[name] = match
        if "text" not in found:
            raise RecordFault(errors.FIELD_MISSING.format(found=_listed(shape)))
        if len(self._columns) < 256:  # records of endless shapes must not fill the memory
            self._columns[shape] = found
        return found

    def has_text(self, keys: Iterable[str]) -> bool:
        """Whether one of a record's keys means the text."""
        try:
            self.columns(keys)
        except RecordFault:
            return False
        return True

    def document(self, record: Mapping[str, Any], otherwise: str, path: str | None = None) -> Document:
        """A record as a Document, its text as given; `otherwise` is its id where it states none.

        Raises RecordFault, also where that takes too long.
        """
        if self._plain(record, self.columns(record)):
            return self._document(record, otherwise, path)
        return timely(lambda: self._document(record, otherwise, path), otherwise, self.seconds)

    def _plain(self, record: Mapping[str, Any], columns: Mapping[str, str]) -> bool:
        """Whether no pattern is tried on a record, which needs no limit on its time then."""
        date = record[columns["date"]] if "date" in columns else ""
        if not isinstance(date, str) or (date and date not in self._dates):
            return False
        return not any(isinstance(record[columns[name]], str) for name in _LISTS if name in columns)

    def _document(self, record: Mapping[str, Any], otherwise: str, path: str | None) -> Document:
        columns = self.columns(record)
        text = record[columns["text"]]
        if not isinstance(text, str):
            kind = _KINDS.get(type(text), "an object")
            raise RecordFault(errors.FIELD_NOT_TEXT.format(field=printable(columns["text"]), kind=kind))
        if not text.strip():
            raise RecordFault(errors.RECORD_EMPTY.format(field=printable(columns["text"])))
        values: dict[str, Any] = {}
        for name, key in columns.items():
            value = record[key]
            if name == "text" or value is None or value == "":
                continue
            if name == "id" and (isinstance(value, bool) or not isinstance(value, str | int)):
                kind = _KINDS.get(type(value), "an object")
                raise RecordFault(errors.FIELD_NOT_ID.format(field=printable(key), kind=kind))
            if name == "date":
                values[name] = self.date(value, key)
            elif name in _LISTS:
                values[name] = self.listed(name, value)
            elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
                values[name] = clean(str(value)).strip() or None
        identity = values.pop("id", None) or otherwise
        checked = checked_text(text, self.page.limits)
        return Document(identity, checked, path=path, **{k: v for k, v in values.items() if v})

    def date(self, value: Any, key: str) -> str | None:
        """A date field as YYYY-MM-DD, None where it is blank; raises RecordFault where it is no date."""
        written = value.isoformat() if hasattr(value, "isoformat") else str(value)
        if written in self._dates:
            return self._dates[written]
        if not written.strip():
            return None
        iso = self.page.whole_date(written)
        if iso is None:
            shown = repr(written[:_SHOWN])
            raise RecordFault(errors.FIELD_NOT_DATE.format(field=printable(key), value=shown))
        if len(self._dates) < _DATES:
            self._dates[written] = iso
        return iso

    def listed(self, name: str, value: Any) -> tuple[str, ...]:
        """Keywords or authors, from a list or from one string."""
        if isinstance(value, str):
            return self.page.names(clean(value)) if name == "authors" else self.page.split(clean(value))
        if isinstance(value, list | tuple):
            return tuple(dict.fromkeys(clean(v).strip() for v in value if isinstance(v, str) and v.strip()))
        return ()


def _listed(keys: Iterable[str]) -> str:
    names = [printable(str(key))[:_SHOWN] for key in keys]
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "") if names else "none"
