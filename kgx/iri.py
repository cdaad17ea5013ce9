"""IRIs made from content: the same name gives the same IRI in every run, and any name gives a valid one.

Letters and digits of all scripts written from left to right stand as they are, so that Chinese stays
readable; everything else is percent-encoded. Long names are cut and end in a hash of the whole.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

from kgx import errors
from kgx.errors import OptionError

DEFAULT_BASE = "https://w3id.org/kgx-zh/id/"
LONGEST = 120  # characters of one path segment, after encoding
_KEPT = 48  # of a longer one

_PLAIN = re.compile(r"[A-Za-z0-9_~\u4e00-\u9fff-][A-Za-z0-9_~.\u00b7\u4e00-\u9fff-]*")
_BASE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>[^\x00-\x20<>\"{}|\\^`]+)")
_SCHEMES = ("http", "https", "urn", "tag")
_QUOTES = re.compile("[\"'\u00ab\u00bb\u2018-\u201f\u2039\u203a\u3008-\u300f\u301d-\u301f]")
_DASHES = re.compile(r"\s*[\u2010-\u2015\u2212\u2500]+\s*")
_DOTS = re.compile("[\u2022\u2027\u2219\u22c5\u30fb]")
_URL = re.compile(r"(https?)://([A-Za-z0-9\u00a1-\ud7ff.-]+(?::[0-9]+)?)([/?][^#]*|)(?:#(.*))?", re.I | re.S)
_URL_SAFE = "!$%&'()*+,/:;=?@~"
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")
MIDDLE_DOT = "\u00b7"  # joins the parts of a transcribed name


@lru_cache(maxsize=1 << 16)
def identity(name: str) -> str:
    """The form of a name by which it is the same name.

    Compatibility forms are folded, spaces single, dashes and middle dots each one form, and quotation marks
    of all kinds left out: they come and go with the printer. The name itself where nothing else is left.
    """
    folded = unicodedata.normalize("NFKC", name)
    bare = folded
    if not folded.isalnum():
        bare = _DOTS.sub(MIDDLE_DOT, _DASHES.sub("-", _QUOTES.sub("", folded)))
    return " ".join(bare.split()) or folded


@lru_cache(maxsize=1 << 16)
def segment(text: str) -> str:
    """One segment of an IRI's path for any text, lone surrogates included; never empty, `.` or `..`.

    Two texts never give the same segment.
    """
    if len(text) <= LONGEST and _PLAIN.fullmatch(text):
        return text
    normal = unicodedata.normalize("NFC", text)  # IRIs are to be in this form
    out = "".join(_encode(char) for char in normal)
    if not out.strip("."):
        out = "".join(f"%{ord(char):02X}" for char in out)
    if len(out) <= LONGEST and normal == text and out:
        return out
    head = re.sub("%[0-9A-F]?$", "", out[:_KEPT])
    return f"{head}-{digest(text)}"


def _encode(char: str) -> str:
    if char.isascii():
        plain = char.isalnum() or char in "-._~"
    else:
        # Right-to-left characters are encoded too: RFC 3987 forbids to mix directions in a segment; and
        # forms that stand for others (circled digits), which it advises against and strict readers report.
        plain = char == MIDDLE_DOT or (
            unicodedata.category(char)[0] in "LN"
            and unicodedata.is_normalized("NFKC", char)
            and unicodedata.bidirectional(char) in ("L", "ON", "EN")
            and ord(char) >= 0xA0
        )
    if plain:
        return char
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))


def digest(text: str) -> str:
    """Twenty hexadecimal digits that stand for the text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def check_base(base: str) -> str:
    """The base IRI itself; raises KgxError, saying what is wrong, where none can be built on it."""
    form = _BASE.fullmatch(base)
    reason = None
    if form is None:
        reason = "not an absolute IRI"
    elif form["scheme"].lower() not in _SCHEMES:
        reason = f"scheme {form['scheme']}: is not one of {', '.join(_SCHEMES)}"
    elif form["scheme"].lower().startswith("http") and not re.match(r"//[^/?#]+", form["rest"]):
        reason = "it names no host"
    elif not base.endswith(("/", ":")):
        reason = "names are appended to it, so it must end in /"
    elif re.search(r"%(?![0-9A-Fa-f]{2})", base):
        reason = "a % that encodes nothing"
    elif "#" in base or "?" in base:
        reason = "it has a # or ?, which the IRIs of evidence need"
    elif any(unicodedata.category(char)[0] == "C" for char in base):
        reason = "it has control characters"
    if reason is not None:
        raise OptionError(errors.BASE_IRI.format(iri=base, reason=reason))
    return base


class Minter:
    """Makes the IRIs of one graph under its base; raises KgxError where the base is no good."""

    def __init__(self, base: str = DEFAULT_BASE) -> None:
        """`base`: an absolute IRI that ends in `/`."""
        self.base = check_base(base)

    def document(self, name: str) -> str:
        """The IRI of a document, by its id."""
        return f"{self.base}document/{segment(name)}"

    def entity(self, key: str) -> str:
        """The IRI of an entity, by its identity in the graph, `country/RUS` or `person/李明`."""
        kind, _, name = key.partition("/")
        return f"{self.base}{kind}/{segment(name)}"

    def fact(self, type_: str, key: str) -> str:
        """The IRI of a fact, by the canonical string of its content."""
        return f"{self.base}fact/{type_}-{digest(key)}"

    def position(self, key: str) -> str:
        """The IRI of a position, by the canonical string of its content."""
        return f"{self.base}position/{digest(key)}"

    def membership(self, key: str) -> str:
        """The IRI of a membership that a table states, by who is a member of what since when."""
        return f"{self.base}membership/{digest(key)}"

    def table(self, name: str) -> str:
        """The IRI of a table of the rules, by its file's name."""
        return f"{self.base}table/{segment(name)}"

    def topic(self, name: str) -> str:
        """The IRI of a topic, by its word."""
        return f"{self.base}topic/{segment(name)}"

    def run(self, key: str) -> str:
        """The IRI of a run, by the version and rules that made it."""
        return f"{self.base}run/{segment(key)}"

    @staticmethod
    def span(document: str, start: int, end: int) -> str:
        """The IRI of a stretch of a document (RFC 5147), offsets in characters."""
        return f"{document}#char={start},{end}"


_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    """The text with every character that XML or UTF-8 can't hold replaced by U+FFFD, length kept."""
    return text if text.isprintable() else _UNFIT.sub(_REPLACEMENT, text)


def web_address(url: str) -> str | None:
    """The URL with what no IRI may hold percent-encoded; None where it is no web address."""
    form = _URL.fullmatch(clean(url.strip()))
    if form is None:
        return None
    scheme, host, path, fragment = form.groups()
    parts = [quote(_STRAY.sub("%25", part), safe=_URL_SAFE) for part in (path, fragment or "")]
    return f"{scheme.lower()}://{host}{parts[0]}" + (f"#{parts[1]}" if fragment is not None else "")
