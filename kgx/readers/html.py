"""HTML pages to plain text: title, blank line, paragraphs, each after a blank line; and metadata.

The article is the element whose own paragraphs hold the most sentences: news pages put them into one
container. trafilatura reads the pages on which no such container is found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree, html

from kgx import errors
from kgx.readers.fields import RecordFault
from kgx.readers.rules import Page

_DROPPED = "//script|//style|//noscript|//template|//iframe|//form|//nav|//footer|//svg|//comment()"
_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|center|d[dlt]|details|div|fieldset|fig(caption|ure)|h[1-6]|header|hr"
    r"|li|main|[ou]l|p|pre|section|t(able|body|[dhr]|head)"
)
_HEADINGS = "//h1|//h2|//h3"
_SPACE = re.compile(r"[ \t\r\n\f\u200b\ufeff]+")
_SENTENCE = re.compile(r"[，。！？；：,;]")
_ENDS = re.compile(r"[。！？…”]$")
_MARK_WORTH = 20  # characters that a punctuation mark counts for: menus have none
_LEAST = 20  # characters, fewer are no article
_LINKED = 0.5  # share of link text from which a block is a menu

_Block = tuple[html.HtmlElement, list[str], int]  # element, its lines, its length without links


def html_text(source: str, page: Page) -> tuple[dict[str, Any], str]:
    """The metadata of a page (title, date, publisher, authors, keywords, section, url) and its text.

    Raises RecordFault where there is no article on it.
    """
    try:
        tree = html.document_fromstring(
            source.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise RecordFault(errors.HTML_EMPTY) from None
    found = _metadata(tree, page)
    for element in tree.xpath(_DROPPED):
        if element.getparent() is not None:  # a comment before <html> hangs on nothing
            element.drop_tree()
    title = _title(tree, found.get("title"), page)
    lines = _article(tree) or _by_trafilatura(source)
    lines = _without_title(lines, title)
    if not lines:
        raise RecordFault(errors.HTML_EMPTY)
    if title:
        found["title"] = title
        lines = [title, *lines]
    return found, "\n\n".join(lines)


# -- the article ---------------------------------------------------------------------------------------
def _article(tree: html.HtmlElement) -> list[str]:
    """The lines of the best container, or nothing."""
    body = tree.find("body")
    if body is None:
        return []
    blocks = list(_blocks(body))
    scores: dict[html.HtmlElement, float] = {}
    for element, lines, length in blocks:
        text = "".join(lines)
        if length < (1 - _LINKED) * len(text) or not _SENTENCE.search(text):
            continue
        worth = length + _MARK_WORTH * len(_SENTENCE.findall(text))
        box = element.getparent() if element.tag not in ("div", "td", "article", "section") else element
        for share in (1.0, 0.4, 0.1):  # a container of containers gets less
            if box is None:
                break
            scores[box] = scores.get(box, 0.0) + share * worth
            box = box.getparent()
    if not scores:
        return []
    best = max(scores, key=lambda element: scores[element])  # the first of equals, in page order
    inside = set(best.iter())
    lines = [
        line
        for element, parts, length in blocks
        if element in inside and length >= (1 - _LINKED) * len("".join(parts))
        for line in parts
    ]
    return lines if sum(map(len, lines)) >= _LEAST else []


def _blocks(body: html.HtmlElement) -> Iterator[_Block]:
    """The blocks that hold text of their own, in order; a line break makes a new line of one."""
    lines: list[str] = []
    buffer: list[str] = []
    linked = 0
    owner: html.HtmlElement = body

    def line() -> None:
        text = _SPACE.sub(" ", "".join(buffer)).strip(" \u3000\xa0")
        buffer.clear()
        if text:
            lines.append(text)

    def block() -> _Block | None:
        nonlocal linked
        line()
        out = (owner, list(lines), sum(map(len, lines)) - linked) if lines else None
        lines.clear()
        linked = 0
        return out

    links = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        start = event == "start"
        if _BLOCK.fullmatch(element.tag):
            if out := block():
                yield out
            owner = element if start else element.getparent()
            if owner is None:
                owner = body
        elif element.tag == "br" and start:
            line()
        elif element.tag == "a":
            links += 1 if start else -1
        text = element.text if start else element.tail
        if text and (start or element is not body):
            buffer.append(text)
            linked += len(text.strip()) if links else 0
    if out := block():
        yield out


def _by_trafilatura(source: str) -> list[str]:
    import trafilatura

    text = trafilatura.extract(source, include_comments=False, include_tables=False) or ""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return lines if sum(map(len, lines)) >= _LEAST else []


def _without_title(lines: Sequence[str], title: str | None) -> list[str]:
    """The lines without the title at their head."""
    rest = list(lines)
    while rest and title and _bare(rest[0]) == _bare(title):
        rest.pop(0)
    return rest


def _bare(text: str) -> str:
    return re.sub(r"[\s\u3000\xa0]+", "", text)


# -- metadata ------------------------------------------------------------------------------------------
def _metadata(tree: html.HtmlElement, page: Page) -> dict[str, Any]:
    """What the head of the page says; a date only where it is a date."""
    stated = _meta_elements(tree)
    linked = _linked_data(tree)
    rules = page.rules.html
    out: dict[str, Any] = {}

    def values(name: str, names: Sequence[str]) -> Iterator[str]:
        yield from (value for key in names if (value := stated.get(key.lower())))
        if name in linked:
            yield linked[name]

    if title := next(values("title", rules.title), None) or _SPACE.sub(" ", tree.findtext(".//title") or ""):
        out["title"] = title.strip()
    scripts = "\n".join(element.text or "" for element in tree.iter("script"))
    dates = [*values("date", rules.date), *(m[1] for m in re.finditer(rules.scripts.date, scripts))]
    out["date"] = next(filter(None, map(page.whole_date, dates)), None)
    canonical = [
        element.get("href", "") for element in tree.iter("link") if element.get("rel") == "canonical"
    ]
    urls = [*canonical, *values("url", rules.url), *(m[1] for m in re.finditer(rules.scripts.url, scripts))]
    out["url"] = next((url.strip() for url in urls if url.strip().startswith(("http://", "https://"))), None)
    out["publisher"] = next(values("publisher", rules.publisher), None)
    out["section"] = next(values("section", rules.section), None)
    authors = next(values("authors", rules.authors), "")
    out["authors"] = () if any(char.isdigit() for char in authors) else page.names(authors)
    out["keywords"] = page.split(next(values("keywords", rules.keywords), ""))
    return {name: value for name, value in out.items() if value}


def _meta_elements(tree: html.HtmlElement) -> dict[str, str]:
    out: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            out.setdefault(name.strip().lower(), content)
    return out


def _linked_data(tree: html.HtmlElement) -> dict[str, str]:
    """Date, title and url from schema.org statements in JSON-LD."""
    out: dict[str, str] = {}
    for element in tree.iter("script"):
        if element.get("type") != "application/ld+json":
            continue
        try:
            data = json.loads(element.text or "")
        except (ValueError, RecursionError):
            continue
        for item in data if isinstance(data, list) else [data]:
            if isinstance(item, dict):
                for name, key in (("date", "datePublished"), ("title", "headline"), ("url", "url")):
                    if isinstance(item.get(key), str):
                        out.setdefault(name, item[key])
    return out


def _title(tree: html.HtmlElement, stated: str | None, page: Page) -> str | None:
    """The heading on the page that the stated title names, else the stated one without noise."""

    def plain(text: str) -> str:
        for noise in page.noise:
            text = noise.sub("", text)
        return text.strip(" \u3000\xa0")

    headings = [_SPACE.sub(" ", element.text_content()).strip() for element in tree.xpath(_HEADINGS)]
    for heading in headings:
        if stated and len(heading) > 3 and _bare(plain(heading)) in _bare(stated):
            return plain(heading)
    return plain(stated) or None if stated else next((plain(h) for h in headings if len(h) > 3), None)
