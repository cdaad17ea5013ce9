"""The shapes of personal names, matched where something else says that a name must stand there.

Foreign names are runs of the characters used to transcribe (弗拉基米尔·普京); Chinese, Vietnamese and
Korean ones a family name and one or two characters, before something that may follow a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kgx.nlp.scene import LETTERS, REST
from kgx.schemas.names import PersonRules

_ANY_NAME = f"[{''.join(LETTERS.values())}]"
_HAN = re.compile("[一-龥]")
_BOUNDARY = rf"$|[\s，。、；：！？,;:!?（）()《》“”‘’\"—…0-9A-Za-z]|{_ANY_NAME}"


def any_of(words: tuple[str, ...]) -> str:
    """A regular expression for any of `words`, longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda w: (-len(w), w))))


class PersonShapes:
    """Finds where a name that begins, or ends, at a given place of a masked text ends, or begins."""

    def __init__(self, rules: PersonRules) -> None:
        """Compile the shapes."""
        letters, joins = re.escape(rules.transcription), re.escape(rules.joins)
        chunks = any_of(rules.chunks)
        part = f"(?:{chunks}|[{letters}])"
        marks = re.escape(rules.joins.replace("-", ""))  # a hyphen joins names of places too
        stop = any_of(rules.ends_before)
        one = f"(?:{chunks}|(?!{stop})[{letters}])"
        self._joins = rules.joins
        self._transcribed = re.compile(f"{one}{{1,9}}(?:[{joins}]{one}{{1,9}}){{0,4}}")
        self._joined = re.compile(f"{one}{{1,9}}(?:[{marks}]{one}{{2,9}}){{1,4}}")
        self._mark = re.compile(f"[{marks}]")
        self._part_before = re.compile(f"{part}{{1,9}}$")
        self._family = re.compile(f"(?:[{marks}]{one}{{2,9}}){{1,4}}")
        self._given = re.compile(f"(?:{part}{{1,9}}[{marks}]){{1,4}}$")
        self._run_before = re.compile(f"(?:{part}{{1,9}}[{joins}]){{0,4}}{part}{{2,9}}$")
        self._run_all = re.compile(f"{part}+")
        self._left = frozenset(rules.left_of_name)
        self._not_last = frozenset(rules.not_last)
        follow = any_of(rules.follow)
        doubles = any_of(rules.double_surnames)
        given = "[一-龥]"
        not_third = re.escape(rules.not_third)
        after = f"(?={_BOUNDARY}|{follow})"
        self._chinese = re.compile(
            f"(?:{doubles})(?:{given}{{2}}{after}|{given}{after})"
            f"|[{re.escape(rules.surnames)}](?:{given}(?![{not_third}]){given}{after}|{given}{after})"
        )
        self._follow = re.compile(f"{_BOUNDARY}|{follow}")
        self._more = re.compile(f"(?:[{marks}]{given}{{1,6}}?)+(?={_BOUNDARY}|{follow})")

    def at(self, mask: str, start: int) -> int | None:
        """The end of the name that begins at `start` of the masked text, or None."""
        chinese = self._chinese.match(mask, start)
        run = self._transcribed.match(mask, start)
        end = run.end() if run else start
        while end > start and mask[end - 1] in self._not_last:
            end -= 1
        if end - start < 2 or (end - start == 2 and not self._follow.match(mask, end)):
            end = start
        if mask[end - 2 : end - 1] in self._joins and end > start + 2 and not self._follow.match(mask, end):
            end = start  # a last part of one character is cut (甲·达|代伦) where no word follows
        end = max(end, chinese.end() if chinese else start)
        return end if end > start else None

    def onward(self, mask: str, end: int) -> int:
        """The end of a name of which further parts, that don't transcribe, follow at `end`: 甲·久巴."""
        more = self._more.match(mask, end)
        return more.end() if more else end

    def chinese(self, mask: str, start: int, end: int) -> bool:
        """Whether `mask[start:end]` has the shape of a Chinese name of two or three characters."""
        found = self._chinese.match(mask, start)
        return found is not None and found.end() == end

    def follows(self, mask: str, at: int) -> bool:
        """Whether what stands at `at` may follow a name."""
        return self._follow.match(mask, at) is not None

    def inside_name(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` is transcribed and a transcription runs on before or after it."""
        if not self._run_all.fullmatch(text, start, end):
            return False
        return bool(self._run_all.match(text, start - 1, start) or self._run_all.match(text, end, end + 1))

    def transcribed(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` holds nothing but characters that transcribe."""
        return self._run_all.fullmatch(text, start, end) is not None

    def joined(self, mask: str) -> Iterator[tuple[int, int]]:
        """The spans of transcribed names in parts (埃里克·斯文森), wherever they stand."""
        done = 0
        for mark in self._mark.finditer(mask):
            part = self._part_before.search(mask, max(done, mark.start() - 9), mark.start())
            starts = range(part.start(), part.end()) if part else ()
            found = next((m for m in (self._joined.match(mask, at) for at in starts) if m), None)
            if found is not None:
                done = end = found.end()
                while mask[end - 1] in self._not_last:
                    end -= 1
                yield found.start(), end

    def given(self, mask: str) -> Iterator[tuple[int, int]]:
        """The spans of given names, the mark that joins included, right before known persons."""
        for mark in self._mark.finditer(mask):
            if mask.startswith(LETTERS["Person"], mark.end()):
                found = self._given.search(mask, max(0, mark.end() - 40), mark.end())
                if found is not None:
                    yield found.span()

    def family(self, mask: str) -> Iterator[tuple[int, int]]:
        """The spans of family names, the mark that joins included, right after known persons."""
        for mark in self._mark.finditer(mask):
            at = mark.start()
            first = mask.rfind(LETTERS["Person"], 0, at)
            if first >= 0 and not mask[first + 1 : at].strip(REST):
                found = self._family.match(mask, at)
                if found is not None:
                    end = found.end()
                    while mask[end - 1] in self._not_last:
                        end -= 1
                    yield at, end

    def marks(self, mask: str) -> Iterator[int]:
        """Where a mark stands that joins the parts of a name."""
        return (found.start() for found in self._mark.finditer(mask))

    def before(self, mask: str, end: int, floor: int) -> int | None:
        """The start of a transcribed name of three characters or more that ends at `end`, or None."""
        run = self._run_before.search(mask, max(floor, end - 24), end)
        if run is None or end - run.start() < 3:
            return None
        start = run.start()
        while mask[start] in self._left and end - start > 3:
            start += 1
        left = mask[start - 1 : start]
        return start if not _HAN.match(left) or left in self._left else None
