"""A document as the fact stages see it: its normal text with names, dates and pronouns masked.

Masking makes a name one thing: no trigger is found inside 中非合作论坛, and a rule can say “a name
stands here” with one character. Everything keeps its offsets.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kgx.model import DateValue, EntityType, Mention
from kgx.nlp.layers import Words
from kgx.nlp.record import record

# In the masked text every character of a name, a date or a pronoun is one of these (Unicode private use).
NAME, DATE, PRONOUN = "\ue000", "\ue001", "\ue002"
_CLEAR = ("states", "persons", "speaker")  # pronouns that a segmenter may glue to what follows
NOMINAL = f"[{NAME}{PRONOUN}]"


@record
class Item:
    """Something in the text that can fill a role: a mention, or a word that stands for somebody.

    `names` are entity names; `pronoun` is the kind of reference (`rules/reference.yml`) or None.
    """

    start: int
    end: int
    names: tuple[str, ...]
    type: EntityType | None
    pronoun: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One document, masked.

    `tags` has a letter for each character: the first of its word's part of speech (`n` for nominal
    verbs, `x` where no segmenter ran); `bounds` has 1 wherever a word may start or end.
    """

    text: str
    masked: str
    tags: str
    bounds: bytes
    items: tuple[Item, ...]
    starts: tuple[int, ...]
    dates: tuple[DateValue, ...]
    date_starts: tuple[int, ...]

    def items_in(self, start: int, end: int) -> Sequence[Item]:
        """The items that begin in [start, end), in order."""
        return self.items[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def dates_in(self, start: int, end: int) -> Sequence[DateValue]:
        """The dates that begin in [start, end), in order."""
        return self.dates[bisect_left(self.date_starts, start) : bisect_left(self.date_starts, end)]

    def item_at(self, offset: int) -> Item | None:
        """The item that covers the character at `offset`."""
        at = bisect_right(self.starts, offset) - 1
        return self.items[at] if at >= 0 and self.items[at].end > offset else None


def make_view(
    text: str,
    mentions: Iterable[Mention],
    dates: Iterable[DateValue],
    pronouns: Iterable[tuple[int, int, str]],
    words: Words | None,
    verbs: Callable[[str, bytes], Iterable[tuple[int, int]]] = lambda masked, bounds: (),
) -> View:
    """Mask `text`. `pronouns` are (start, end, kind), found in `text`; those inside names are dropped.

    `verbs` finds, in the masked text, the words that count as verbs whatever the segmenter says.
    """
    chars = list(text)
    items: list[Item] = []
    bounds = bytearray(len(text) + 1)
    cells = ["x"] * len(text)
    if words is None:
        bounds = bytearray(b"\1" * (len(text) + 1))
    else:
        letter = {tag: "n" if tag in ("vn", "an") else tag[:1] or "x" for tag in set(words.tags)}
        spans = zip(words.starts, words.ends, words.tags, strict=True)
        cells = list("".join([letter[tag] * (end - start) for start, end, tag in spans]))
        cells += "x" * (len(text) - len(cells))
        bounds[0] = 1
        for end in words.ends:  # words follow one another without a gap
            bounds[end] = 1
        for mention in mentions:  # what a name cuts off from a word is no such word
            _unword(cells, bounds, mention.start, mention.end)
    for mention in mentions:
        chars[mention.start : mention.end] = NAME * (mention.end - mention.start)
        side = mention.type == "Place" and mention.source == "side"  # 非方 acts as states do
        items.append(Item(mention.start, mention.end, mention.names, "Country" if side else mention.type))
        bounds[mention.start] = bounds[mention.end] = 1
    kept = []
    for date in dates:
        if NAME not in chars[date.start : date.end]:
            chars[date.start : date.end] = DATE * (date.end - date.start)
            bounds[date.start] = bounds[date.end] = 1
            kept.append(date)
    taken = 0
    for start, end, kind in pronouns:
        clear = start >= taken and not {NAME, DATE} & set(chars[start:end])
        if clear and bounds[start] and (bounds[end] or kind in _CLEAR):
            bounds[end] = 1  # a segmenter may take 双方同意 for one word
            chars[start:end] = PRONOUN * (end - start)
            items.append(Item(start, end, (), None, kind))
            taken = end
    items.sort(key=lambda item: item.start)
    masked = "".join(chars)
    for start, end in verbs(masked, bytes(bounds)):
        cells[start:end] = "v" * (end - start)
    return View(
        text=text,
        masked=masked,
        tags="".join(cells),
        bounds=bytes(bounds),
        items=tuple(items),
        starts=tuple(item.start for item in items),
        dates=tuple(kept),
        date_starts=tuple(date.start for date in kept),
    )


def named(masked: str, start: int, end: int) -> bool:
    """Whether a name or a word that stands for somebody is in [start, end) of a masked text."""
    return masked.find(NAME, start, end) >= 0 or masked.find(PRONOUN, start, end) >= 0


def _unword(cells: list[str], bounds: bytearray, start: int, end: int) -> None:
    """Take the tags from the rests of words that cross the ends of a name."""
    cells[start:end] = "N" * (end - start)
    while start > 0 and not bounds[start] and cells[start - 1] != "N":
        start -= 1
        cells[start] = "x"
    while end < len(cells) and not bounds[end] and cells[end] != "N":
        cells[end] = "x"
        end += 1
