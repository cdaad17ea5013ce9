"""Bytes to text: UTF-8 with or without BOM, UTF-16, GB18030, Big5, and what else can be told.

Detectors that count bytes are wrong on a headline of ten characters in GB18030. Here each Chinese
encoding that decodes the bytes at all is scored by the share of common characters it gives (those of
the first planes of GB 2312 and Big5); charset-normalizer decides only where none is convincing.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from kgx import errors
from kgx.errors import OptionError

SAMPLE = 65_536  # bytes that detection looks at

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose BOM it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE = ("gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")  # in order of preference
_CONVINCING = 0.8
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,20})", re.I)


class EncodingFault(Exception):
    """The bytes are no text in the encoding given, or in any that could be told; holds the reason."""


def check_encoding(name: str) -> str:
    """The codec's own name of an encoding; raises KgxError where Python knows none of that name."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        raise OptionError(errors.ENCODING_UNKNOWN.format(name=name)) from None
    if not codec._is_text_encoding:  # 'hex' and the like turn bytes into bytes
        raise OptionError(errors.ENCODING_UNKNOWN.format(name=name))
    return codec.name


def split_bom(data: bytes) -> tuple[str | None, bytes]:
    """The encoding that a byte order mark names, or None, and the bytes after it."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name, data[len(bom) :]
    return None, data


def html_charset(data: bytes) -> str | None:
    """The charset that an HTML page states of itself, where Python knows it; GB 2312 widened."""
    found = _META.search(data[:8192])
    if not found:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    return "gb18030" if name in ("gb2312", "gbk") else "cp950" if name == "big5" else name


def decode(data: bytes, encoding: str | None = None, stated: str | None = None) -> str:
    """Decode all of a file; a BOM is dropped and wins over `encoding`, the user's choice.

    `stated` is what the file says of itself: it is tried after UTF-8, since pages are wrong about it.
    Raises EncodingFault where the bytes are no text.
    """
    marked, data = split_bom(data)
    if name := marked or encoding:
        try:
            return _checked(data.decode(name))
        except UnicodeDecodeError:
            raise EncodingFault(errors.ENCODING_WRONG.format(name=name)) from None
    for name in ("utf-8", stated):
        if name:
            try:
                return _checked(data.decode(name))
            except (UnicodeDecodeError, EncodingFault):
                continue
    name = detect(data[:SAMPLE])
    try:
        return _checked(data.decode(name))
    except UnicodeDecodeError:
        raise EncodingFault(errors.ENCODING_NONE) from None


def detect(sample: bytes) -> str:
    """The encoding of a sample that is not UTF-8; it may end within a character.

    Raises EncodingFault where none fits.
    """
    best, best_score = "", _CONVINCING
    for name in _CHINESE:
        text = _decode_start(sample, name)
        if text is not None and not _CONTROL.search(text) and (score := _share_of_common(text)) > best_score:
            best, best_score = name, score
    if best:
        return best
    if b"\x00" in sample:
        raise EncodingFault(errors.BINARY)
    from charset_normalizer import from_bytes

    match = from_bytes(sample).best()
    if match is None or _CONTROL.search(str(match)):
        raise EncodingFault(errors.BINARY if _looks_binary(sample) else errors.ENCODING_NONE)
    return match.encoding


def is_utf8(sample: bytes) -> bool:
    """Whether a sample, which may end within a character, is UTF-8 (or plain ASCII)."""
    return _decode_start(sample, "utf-8") is not None


def _decode_start(sample: bytes, name: str) -> str | None:
    """Decode strictly, but let the last character be cut off; None where that fails."""
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(sample, final=len(sample) < SAMPLE)
    except UnicodeDecodeError:
        return None


def _checked(text: str) -> str:
    if "\x00" in text or len(_CONTROL.findall(text, 0, SAMPLE)) > 0.01 * min(len(text), SAMPLE):
        raise EncodingFault(errors.BINARY)
    return text


def _looks_binary(sample: bytes) -> bool:
    return sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in sample[:4096]) > 4


def _share_of_common(text: str) -> float:
    found = _NOT_ASCII.findall(text)
    common = _common()
    return sum(char in common for char in found) / len(found) if found else 0.0


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Characters of the first planes of GB 2312 and Big5, their punctuation included."""
    planes = (
        ("gb2312", (*range(0xA1, 0xA4), *range(0xB0, 0xD8))),
        ("big5", (*range(0xA1, 0xA4), *range(0xA4, 0xC7))),
    )
    pairs = (
        bytes((lead, trail)).decode(name, "ignore")
        for name, leads in planes
        for lead in leads
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    )
    return frozenset(char for char in pairs if len(char) == 1)
