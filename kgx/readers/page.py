"""What stands where on a page: regions of a document's text, and the metadata that they give.

Works on plain text, whatever container it came in. Patterns are in `rules/page.yml` and are matched
over the normal text (simplified, half-width), which has the length of the given one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kgx.model import Document, Region, RegionKind
from kgx.nlp.normal import normalize
from kgx.readers.rules import Page, Pattern, page_rules
from kgx.rulebook import RuleFolder

_LINE = re.compile(r"\S[^\n]*")
# Texts that lost their line breaks keep the indentation of paragraphs: two ideographic spaces.
_INDENTED = re.compile(r"\S[^\u3000]*(?:\u3000(?!\u3000)[^\u3000]+)*")
_LONG_LINE = 120  # characters; a longer line is no furniture, keywords excepted
_LONG_SENTENCE = 40  # the same for a line that ends as sentences do
_CLOSING = 3  # lines at the end of a text in which reporters and editors are named
_TAIL = 90  # characters at the end of a line in which a credit or a reporter's name stands
_PLACES = ("source", "published", "dateline")  # where a publisher is named, most telling first


_Cut = tuple[int, RegionKind]  # where a part of a line ends, counted from the line's start; what it is


@dataclass(slots=True)
class _Line:
    """A line that is not blank: its stretch, its normal text, and what it was found to be."""

    start: int
    end: int
    text: str
    gap: bool  # a blank line stands before it
    plain: bool  # it ends as running text does: no credit, no reporter's name stands at its end
    kind: RegionKind | None = None
    parts: Sequence[Region] = ()


class _Metadata:
    """What the page says of the document; the first to say a thing counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, Any] = {}
        self.publishers: dict[str, str] = {}

    def take(self, match: re.Match[str], kind: RegionKind, given: str, start: int) -> None:
        """Take what the named groups of a match hold, as it stands in the given text."""
        for group, value in match.groupdict().items():
            if not value or not value.strip():
                continue
            name = group.rstrip("_")
            a, b = match.span(group)
            written = given[start + a : start + b].strip()
            if name == "date":
                self.put("date", self.page.iso_date(value))
            elif name == "publisher":
                known = value.strip() in self.page.rules.agencies
                agency = self.page.publisher(value.strip()) if known else written
                if agency:
                    self.publishers.setdefault(kind, agency)
            elif name == "authors":
                self.put("authors", self.page.names(written))
            elif name == "keywords":
                self.put("keywords", self.page.split(written))
            else:
                self.put(name, written)

    def put(self, name: str, value: Any) -> None:
        """Set a field that has no value yet."""
        if value and name not in self.found:
            self.found[name] = value


def annotate(document: Document, rules: RuleFolder | None = None) -> Document:
    """Return the document with its regions, and with the metadata that its text states.

    Regions are in order, do not overlap and cover all text but whitespace. A field that the document
    already has is kept; nothing is taken from anywhere but the text.
    """
    page = page_rules(rules)
    text = document.text
    lines = list(_lines(text, normalize(text), page))
    found = _Metadata(page)
    _label(lines, text, page, found)
    _find_titles(lines, document, page, found)
    for kind in _PLACES:
        found.put("publisher", found.publishers.get(kind))
    fresh = {name: value for name, value in found.found.items() if not getattr(document, name)}
    return replace(document, regions=tuple(_regions(lines)), **fresh)


def _lines(text: str, normal: str, page: Page) -> Iterator[_Line]:
    """The lines that are not blank, without surrounding whitespace."""
    previous = 0
    for found in (_LINE if "\n" in text else _INDENTED).finditer(text):
        start = found.start()
        end = start + len(found.group().rstrip())
        simple = normal[start:end]
        plain = page.plain_end.match(simple, end - start - 2) is not None
        yield _Line(start, end, simple, text.count("\n", previous, start) > 1, plain)
        previous = end


def _label(lines: Sequence[_Line], given: str, page: Page, found: _Metadata) -> None:
    """Give every line that shows what it is its kind, and its parts where it has several."""
    header, keywords_follow = True, False
    longest = page.rules.titles.longest
    for i, line in enumerate(lines):
        if keywords_follow and not line.gap and _furniture(line, page, header) is None:
            found.put("keywords", page.split(given[line.start : line.end]))
            line.kind, keywords_follow = "keywords", False
            continue
        keywords_follow = False
        if labelled := _furniture(line, page, header):
            pattern, match = labelled
            line.kind = pattern.kind
            found.take(match, pattern.kind, given, line.start)
            keywords_follow = pattern.kind == "keywords" and "keywords" not in found.found
        else:
            closing = not line.plain and (
                i >= len(lines) - _CLOSING or _furniture(lines[i + 1], page, False) is not None
            )
            if not line.plain or page.any_head.match(line.text):
                _split(line, given, page, found, header, closing)
            if header:
                header = len(line.text) <= longest and all(part.kind != "body" for part in line.parts)


def _furniture(line: _Line, page: Page, header: bool) -> tuple[Pattern, re.Match[str]] | None:
    """The pattern that a whole line matches, if any."""
    text = line.text
    short = len(text) <= (_LONG_SENTENCE if line.plain else _LONG_LINE)
    if short and not page.any_line.fullmatch(text):
        return None
    for pattern in page.lines if short else page.long_lines:
        if (header or not pattern.header_only) and (match := pattern.regex.fullmatch(text)):
            return pattern, match
    return None


def _split(line: _Line, given: str, page: Page, found: _Metadata, header: bool, closing: bool) -> None:
    """Divide a line into caption and credit, or into dateline, body and what ends it.

    `header`: no body stands above; `closing`: it may end with a name.
    """
    text, start = line.text, line.start
    tail = max(0, len(text) - _TAIL)
    if not line.plain and page.credit_mark.search(text, tail):
        for pattern in page.credits:
            if match := pattern.regex.search(text, tail):
                cuts: list[_Cut] = [(match.start(), "caption"), (len(text), pattern.kind)]
                line.parts = _parts(given, start, line.end, cuts)
                return
    begin, end = 0, len(text)
    heads: list[_Cut] = []
    for pattern in page.heads:
        if (header or not pattern.header_only) and (match := pattern.regex.match(text)):
            found.take(match, pattern.kind, given, start)
            begin = match.end()
            heads.append((begin, pattern.kind))
            break
    tails: list[_Cut] = []
    while end > begin and closing:
        for pattern in page.tails:
            match = pattern.regex.search(text, max(begin, end - _TAIL), end)
            if match and match.start() > begin:
                found.take(match, pattern.kind, given, start)
                tails.append((end, pattern.kind))
                end = len(text[: match.start()].rstrip())
                break
        else:
            break
    if heads or tails:
        line.parts = _parts(given, start, line.end, (*heads, (end, "body"), *reversed(tails)))


def _parts(given: str, start: int, end: int, cuts: Sequence[_Cut]) -> list[Region]:
    """Regions from ascending cuts, each (its end, counted from `start`; its kind), without whitespace."""
    out = []
    at = start
    for cut, kind in cuts:
        stop = min(start + cut, end)
        raw = given[at:stop]
        if body := raw.strip():
            at += len(raw) - len(raw.lstrip())
            out.append(Region(at, at + len(body), kind))
        at = stop
    return out


def _find_titles(lines: Sequence[_Line], document: Document, page: Page, found: _Metadata) -> None:
    """Tell section, title and subtitles among the lines above the body."""
    published = next((i for i, line in enumerate(lines) if line.kind == "published"), None)
    head = [line for line in lines[: published or 0] if line.kind is None]
    if head and all(_like_title(line, page) for line in head):
        last = max((i for i, line in enumerate(head) if line.gap), default=0)
        above, block = head[:last], head[last:]
    else:
        first = next((i for i, line in enumerate(lines) if line.kind is None), None)
        if first is None or not _like_title(lines[first], page) or first == len(lines) - 1:
            return
        above, block = [], [lines[first]]
        for line in lines[first + 1 :]:
            if line.gap or line.kind or not _like_title(line, page) or line is lines[-1]:
                break
            if not (page.subtitle.fullmatch(line.text) or page.kicker.fullmatch(block[0].text)):
                break
            block.append(line)
    while len(block) > 1 and page.section.fullmatch(block[0].text):
        above.append(block.pop(0))
    for line in above:
        line.kind = "section"
        found.put("section", document.text[line.start : line.end])
    main = 1 if len(block) > 1 and page.kicker.fullmatch(block[0].text) else 0
    for i, line in enumerate(block):
        line.kind = "title" if i == main else "subtitle"
        found.put(line.kind, document.text[line.start : line.end])


def _like_title(line: _Line, page: Page) -> bool:
    titles = page.rules.titles
    return (
        not line.parts
        and len(line.text) <= titles.longest
        and line.text[-1] not in titles.not_at_end
        and not any(mark in line.text for mark in titles.not_within)
    )


def _regions(lines: Sequence[_Line]) -> Iterator[Region]:
    """The regions of all lines; body that runs on over lines is one region."""
    body: Region | None = None
    for line in lines:
        for region in line.parts or (Region(line.start, line.end, line.kind or "body"),):
            if region.kind == "body":
                body = Region(body.start, region.end, "body") if body else region
                continue
            if body:
                yield body
                body = None
            yield region
    if body:
        yield body
