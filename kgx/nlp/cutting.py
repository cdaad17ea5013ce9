"""Where a sentence is cut into clauses: at its marks, but not in short quotations or lists of persons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kgx.nlp.view import View
from kgx.regexes import quick

_CUT = quick(r"[，,；;：:。！？!?\n]+|——|…+|(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])")
_OPEN_QUOTE = re.compile("“[^“”]*$")
_NOMINAL = re.compile("[nNjbsxmwd]*")
COMMA = "，"
_WHOLE = 40  # characters of a quotation that is not cut
_APART = 120  # characters from a comma of a list to the next person in it


def cut(view: View, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield the (start, end, closing mark) of the clauses of a sentence; short quotations stay whole."""
    at = listed = start
    for mark in _CUT.finditer(view.masked, start, end):
        closes = view.masked.find("”", mark.end(), mark.end() + _WHOLE) >= 0
        if closes and _OPEN_QUOTE.search(view.masked, max(at, mark.start() - _WHOLE + 1), mark.start()):
            continue
        if mark.group() == COMMA and _lists_on(view, max(at, listed), mark.start(), end):
            listed = mark.end()
            continue
        if mark.start() > at:
            yield at, mark.start(), mark.group()
        at = mark.end()
    if end > at:
        yield at, end, ""


def _lists_on(view: View, start: int, comma: int, end: int) -> bool:
    """Whether a comma stands between two persons of a list: 甲国总统张三，乙国总理李四等出席.

    Before it and after it, to the next person, stand names and nouns alone.
    """
    left = view.item_at(comma - 1)
    if left is None or left.type != "Person" or not _NOMINAL.fullmatch(view.tags, start, comma):
        return False
    right = next((i for i in view.items_in(comma + 1, min(end, comma + _APART)) if i.type == "Person"), None)
    return right is not None and _NOMINAL.fullmatch(view.tags, comma + 1, right.start) is not None
