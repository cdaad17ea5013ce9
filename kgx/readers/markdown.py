"""Markdown to plain text. Offsets count characters of that plain text, which documents carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from kgx import errors
from kgx.readers.fields import RecordFault
from kgx.rulebook import compose_yaml

_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FRONT_LIMIT = 65_536  # characters
_SOFT = "\x00"  # stands for a line break of the source; Markdown's own parser lets no such character in
_CHINESE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_SOFT_IN_CHINESE = re.compile(f"(?<={_CHINESE}){_SOFT}(?={_CHINESE})")


def markdown_text(source: str) -> tuple[dict[str, Any], str]:
    """The front matter of a Markdown file, and its plain text: blocks parted by a blank line.

    Emphasis, links, lists and headings leave their text; images, code blocks and HTML are left out. A
    line break within a paragraph is dropped between Chinese characters, elsewhere it is a space.
    Raises RecordFault where the front matter is not valid YAML.
    """
    meta: dict[str, Any] = {}
    if (front := _FRONT.match(source)) and front.end() <= _FRONT_LIMIT:
        try:
            _, found = compose_yaml(front[1] or "")
        except (yaml.YAMLError, RecursionError, ValueError) as fault:
            mark = getattr(fault, "problem_mark", None)
            raise RecordFault(errors.FRONT_MATTER.format(line=mark.line + 2 if mark else 1)) from None
        if isinstance(found, dict):
            meta = {str(key): value for key, value in found.items()}
            source = source[front.end() :]
    return meta, "\n\n".join(block for block in _blocks(source) if block)


def _blocks(source: str) -> Iterator[str]:
    from markdown_it import MarkdownIt

    row: list[str] | None = None
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield " ".join(row).strip()
            row = None
        elif token.type == "inline":
            text = _inline(token.children or [])
            if row is None:
                yield text
            else:
                row.append(text)


def _inline(tokens: list[Any]) -> str:
    out: list[str] = []
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            out.append(token.content)
        elif token.type == "hardbreak":
            out.append("\n")
        elif token.type == "softbreak":
            out.append(_SOFT)
    text = _SOFT_IN_CHINESE.sub("", "".join(out)).replace(_SOFT, " ")
    return "\n".join(line.strip() for line in text.split("\n")).strip()
