"""The forms in which a text names dates, compiled from `rules/dates.yml`: text to unresolved points.

A point is what one expression says by itself (the 20th; March of last year; last week's Friday).
What it means depends on the publication date and on the dates before it: that is `kgx.nlp.dates`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from kgx.nlp.record import record
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.dates import DateRules

EARLIEST, LATEST = 1700, 2199  # four figures outside of these count something else
EARLIEST_CENTURY, LATEST_CENTURY = 10, 20  # of a century that is under way nothing is dated
LONGEST_AGO = 100  # 30 years ago is a date, 3,000 years ago is not


@record
class Point:
    """One expression of the text, as it stands.

    `kind` is `calendar`, or one of the forms with words of their own: `weekday`, `days`, `backward`,
    `pair`, `decade`, `century`, `ago`, `lunar`. Of a calendar point `year`, `month`, `day` are what it names;
    `year_by` and `month_by` count from the publication date; `part` is a stretch of its year (months)
    or of its month (days, 0 for the last). `by`, `unit`, `span` serve the other kinds. `joined` says
    that its unit is left out, so that it means something only with the point that follows (12 in
    12至15日); of a lunar one they are those of the traditional calendar; `same_year` counts its year
    from that of the date before (同年5月, 翌年5月).
    """

    start: int
    end: int
    kind: str = "calendar"
    year: int | None = None
    year_by: int | None = None
    month: int | None = None
    month_by: int | None = None
    day: int | None = None
    part: tuple[int, int] | None = None
    by: int = 0
    unit: str = "day"
    span: tuple[int, int] | None = None
    same_year: int | None = None
    joined: bool = False


def number(text: str, numerals: Mapping[str, int]) -> int:
    """The number that figures or Chinese numerals write: 12, 十二, 三十一, 廿八, 一百."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for character in text:
        value = numerals[character]
        if value in (10, 100):
            total += (digit or 1) * value
            digit = 0
        elif value > 10:  # 廿, 卅
            total += value
        else:
            digit = value
    return total + digit


def year_number(text: str, numerals: Mapping[str, int]) -> int:
    """The year that four figures or numerals write, one by one: 2014, 二〇一四."""
    return int(text) if text.isdecimal() else int("".join(str(numerals[c] % 10) for c in text))


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of `words`, the longest first."""
    return "(?:" + "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w))) + ")"


class DateForms:
    """Compiled forms. `points` is the only reader of text; the patterns serve the resolver."""

    def __init__(self, rules: DateRules) -> None:
        """Compile `rules`."""
        self.rules = rules
        self.range = re.compile(r"\s?" + any_of(rules.range_marks) + r"\s?")
        self.list = re.compile(any_of(rules.list_marks))
        self.sentence = re.compile(f"[{rules.sentence_marks}\n]")
        left, right = (re.escape(mark) for mark in rules.title_marks)
        self._titles = re.compile(f"{left}(?:[^{left}{right}\n]|{left}[^{left}{right}\n]*{right})*{right}")
        self.person = re.compile(any_of(rules.first_person))
        self.ahead_before = re.compile(any_of(rules.ahead_before) + r"[^，。；！？]{0,4}$")
        self.ahead_after = re.compile(f"{any_of(rules.hours)}*{any_of(rules.ahead_after)}")
        self._guards: dict[str, list[tuple[re.Pattern[str] | None, re.Pattern[str] | None]]] = {}
        for guard in rules.guards:
            before = re.compile(f"(?:{guard.before})$") if guard.before else None
            after = re.compile(guard.after) if guard.after else None
            for kind in guard.of:
                self._guards.setdefault(kind, []).append((before, after))
        self._compile(rules)

    def _compile(self, r: DateRules) -> None:
        """Build the patterns of all forms, and which first characters lead to which."""
        han = "".join(r.numerals)
        hans = f"[{han}]"
        year_mark, month_mark, day_mark = any_of(r.year_marks), any_of(r.month_marks), any_of(r.day_marks)
        elide = rf"(?=\s?{any_of((*r.range_marks, *r.list_marks))}\s?"
        year = rf"(?:(?P<y>\d{{4}}|{hans}{{4}})[ ]?(?:{year_mark}|(?P<ye>{elide}\d{{4}}[ ]?{year_mark}))))"
        year = rf"(?:{year}|(?P<ry>{any_of(r.years)}))"
        same = f"(?P<same>{any_of(r.same_years)})[ ]?"
        month = (
            rf"(?P<m>\d{{1,2}}|{hans}{{1,3}})[ ]?(?:{month_mark}|(?P<me>{elide}\d{{1,2}}[ ]?{month_mark})))"
        )
        day_unit = rf"[ ]?(?:(?P<dm>{day_mark})|(?P<de>{elide}\d{{1,2}}[ ]?{day_mark})))"
        day = rf"(?P<d>\d{{1,2}}|{hans}{{1,3}}){day_unit}"
        parts, suffixes = any_of(r.year_parts), any_of(r.year_suffixes)
        closed = f"(?!{r.part_words})"
        before, after = re.escape(r.first_months.before), any_of(r.first_months.after)
        first = f"{before}(?P<first>\\d{{1,2}}|{hans}{{1,2}}){after}"
        year_part = f"(?:{first}|(?P<yp>{parts}){closed}|(?P<ys>{suffixes}){closed})"
        month_part = f"(?P<mp>{any_of(r.month_parts)}){closed}"
        within = f"[ ]?(?:{day}|{month_part})"
        digits = "0123456789"
        stems, branches = f"[{r.stems}]", f"[{r.branches}]"
        lunar_months = any_of(r.lunar_months)
        century = f"(?:(?P<c>\\d{{1,2}}|{hans}{{1,3}}|{any_of(r.centuries)}){re.escape(r.century_mark)})"
        tens = f"(?P<ten>\\d0|{hans}{{1,2}})"
        weeks, names, weekdays = any_of(r.weeks), any_of(r.week_names), "".join(r.weekdays)
        forms: list[tuple[str, Iterable[str], str, Callable[[re.Match[str]], Point | None]]] = [
            (digits, (), r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)", self._calendar),
            (
                digits + han,
                r.centuries,
                f"(?:{century}?{tens}|(?P<y>\\d{{3}}0)){re.escape(r.decade_mark)}{any_of(r.decade_parts)}?",
                self._decade,
            ),
            (
                digits + han,
                (),
                f"(?P<n>\\d{{1,3}}|{hans}{{1,3}})(?P<u>{any_of(r.ago)}){any_of(r.ago_marks)}",
                self._ago,
            ),
            (digits + han, r.centuries, century, self._century),
            (
                digits + han,
                (*r.years, *r.lunar, *r.lunar_months),
                f"(?:{year})?(?:{any_of(r.lunar)}(?:{stems}{branches}{year_mark})?(?P<lm>{lunar_months}|{hans}{{1,3}}{month_mark})"
                f"|(?P<lw>{lunar_months}))(?:{r.lunar_days}|(?={hans}))(?P<ld>{hans}{{1,3}})(?:{day_mark})?",
                self._lunar,
            ),
            (digits + han, r.years, f"{year}(?:[ ]?{month}(?:{within})?|{year_part})?", self._calendar),
            (digits + han, (), f"{month}(?:{within})?", self._calendar),
            ("", r.same_years, f"{same}{month}(?:{within})?", self._calendar),
            ("", r.months, f"(?P<rm>{any_of(r.months)})(?:{within})?", self._calendar),
            (digits, (), rf"(?P<d>\d{{1,2}}){day_unit}", self._calendar),
            ("", r.year_pairs, f"(?P<pair>{any_of(r.year_pairs)})", self._pair),
            (
                "",
                (*r.weeks, *r.week_names),
                f"(?:(?P<w>{weeks})(?P<wd>[{weekdays}])?|{names}(?P<bare>[{weekdays}]))",
                self._weekday,
            ),
            ("", r.days, f"(?P<word>{any_of(r.days)})", self._days),
            ("", r.backward, f"(?P<word>{any_of(r.backward)})", self._backward),
            (han, r.year_parts, f"(?P<yp>{parts})", self._calendar),
        ]
        self._forms: dict[
            str, tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Point | None]], ...]
        ] = {}
        seconds: set[str] = set(digits + han)
        for singles, words, pattern, make in forms:
            compiled = re.compile(pattern)
            seconds.update(word[1] for word in words if len(word) > 1)
            for character in sorted({*singles, *(word[0] for word in words)}):
                self._forms[character] = (*self._forms.get(character, ()), (compiled, make))
        marks = (*r.year_marks, *r.month_marks, *r.day_marks, *r.ago, *r.range_marks, *r.list_marks)
        seconds.update(word[0] for word in (*marks, *r.year_parts, r.century_mark, " "))
        seconds.update(word[0] for word in (*r.weekdays, r.century_mark))
        firsts = "".join(re.escape(c) for c in sorted(self._forms))
        self._finder = re.compile(f"[{firsts}](?=[{''.join(re.escape(c) for c in sorted(seconds))}])")

    def titles(self, text: str) -> list[tuple[int, int]]:
        """The spans of titles of documents, marks included, one level of nesting within."""
        return [match.span() for match in self._titles.finditer(text)]

    def points(self, text: str) -> Iterator[Point]:
        """Yield the points of `text` in order; those that a guard rules out are left out."""
        digits, numerals = "0123456789", self.rules.numerals
        at = 0
        while found := self._finder.search(text, at):
            at = found.start()
            first, previous = text[at], text[at - 1] if at else ""
            inside = (first in digits and previous.isascii() and (previous.isalnum() or previous == ".")) or (
                first in numerals and previous != "" and previous in numerals
            )
            point = None
            if not inside:
                for pattern, make in self._forms[first]:
                    match = pattern.match(text, at)
                    if match and (point := make(match)) is not None:
                        break
            if point is None:
                at += 1
            else:
                yield point
                at = point.end

    def _free(self, match: re.Match[str], end: int, *kinds: str) -> bool:
        """Whether no guard of these kinds rules out the expression from the match's start to `end`."""
        text, start = match.string, match.start()
        for kind in kinds:
            for before, after in self._guards.get(kind, ()):
                if (before is None or before.search(text, max(0, start - 8), start)) and (
                    after is None or after.match(text, end)
                ):
                    return False
        return True

    # -- one maker a form: Point, or None where the match is no date ------------------------------------
    def _calendar(self, match: re.Match[str]) -> Point | None:
        got, rules, end = match.groupdict(), self.rules, match.end()
        year = year_number(got["y"], self.rules.numerals) if got.get("y") else None
        month = number(got["m"], self.rules.numerals) if got.get("m") else None
        day = number(got["d"], self.rules.numerals) if got.get("d") else None
        if year is not None and not EARLIEST <= year <= LATEST:
            return None
        if not 1 <= (1 if month is None else month) <= 12 or not 1 <= (1 if day is None else day) <= 31:
            return None
        word, part = got.get("ry") or got.get("rm"), None
        if got.get("mp"):
            part = rules.month_parts[got["mp"]]
        elif got.get("yp"):
            part = rules.year_parts[got["yp"]]
        elif got.get("ys"):
            part = (1, 12)
        elif got.get("first"):
            part = (1, number(got["first"], self.rules.numerals))
            if not 1 <= part[1] <= 12:
                return None
        if part is not None and match.string.startswith(rules.part_open, end):
            return None
        alone = month is None and part is None and got.get("rm") is None
        kinds: list[str] = [word] if word else []
        if year is not None and alone:
            kinds.append("year")
        if got.get("ry") and alone:
            kinds.append("relative_year")
        if got.get("rm") and day is None and part is None:
            kinds.append("relative_month")
        if year is None and not word and not got.get("same"):
            if month is not None:
                hans = not got["m"].isdecimal()
                kinds.append("month_in_words" if hans and day is None and part is None else "month")
            elif day is not None:
                kinds += ["day", "day_number"] if got.get("dm") == rules.day_marks[-1] else ["day"]
            else:
                kinds.append("part")
        if not self._free(match, end, *kinds):
            return None
        return Point(
            match.start(),
            end,
            year=year,
            year_by=rules.years[got["ry"]] if got.get("ry") else None,
            month=month,
            month_by=rules.months[got["rm"]] if got.get("rm") else None,
            day=day,
            part=part,
            unit="month" if got.get("mp") else "year",
            same_year=rules.same_years[got["same"]] if got.get("same") else None,
            joined=any(got.get(name) is not None for name in ("ye", "me", "de")),
        )

    def _decade(self, match: re.Match[str]) -> Point | None:
        if match["y"]:
            year: int | None = int(match["y"])
            return Point(match.start(), match.end(), "decade", year=year)
        ten, century = number(match["ten"], self.rules.numerals), match["c"]
        if ten % 10 or not 0 < ten < 100:
            return None
        if century in self.rules.centuries:
            return Point(match.start(), match.end(), "decade", year_by=self.rules.centuries[century], by=ten)
        if century is None and ten < 20:
            return None
        return Point(
            match.start(),
            match.end(),
            "decade",
            year=(number(century, self.rules.numerals) - 1 if century else 19) * 100 + ten,
        )

    def _ago(self, match: re.Match[str]) -> Point | None:
        by = number(match["n"], self.rules.numerals)
        if not 0 < by <= LONGEST_AGO or not self._free(match, match.end(), "ago"):
            return None
        return Point(match.start(), match.end(), "ago", by=-by, unit=self.rules.ago[match["u"]])

    def _pair(self, match: re.Match[str]) -> Point | None:
        return Point(match.start(), match.end(), "pair", span=self.rules.year_pairs[match["pair"]])

    def _weekday(self, match: re.Match[str]) -> Point | None:
        letter = match["wd"] or match["bare"]
        span = self.rules.weekdays[letter] if letter else (1, 7)
        if match["bare"]:
            if span[0] != span[1] or not self._free(match, match.end(), "week"):
                return None
            return Point(match.start(), match.end(), "weekday", unit="nearest", span=span)
        if not self._free(match, match.end(), match["w"]):
            return None
        return Point(
            match.start(), match.end(), "weekday", by=self.rules.weeks[match["w"]], unit="week", span=span
        )

    def _days(self, match: re.Match[str]) -> Point | None:
        if not self._free(match, match.end(), "day_word", match["word"]):
            return None
        return Point(match.start(), match.end(), "days", by=self.rules.days[match["word"]])

    def _backward(self, match: re.Match[str]) -> Point | None:
        if not self._free(match, match.end(), "backward", match["word"]):
            return None
        unit, by = self.rules.backward[match["word"]]
        return Point(match.start(), match.end(), "backward", unit=unit, by=by)

    def _century(self, match: re.Match[str]) -> Point | None:
        century, centuries = match["c"], self.rules.centuries
        if not self._free(match, match.end(), "century"):
            return None
        if century in centuries:
            if not centuries[century]:
                return None
            return Point(match.start(), match.end(), "century", year_by=centuries[century])
        counted = number(century, self.rules.numerals)
        if not EARLIEST_CENTURY <= counted <= LATEST_CENTURY:
            return None
        return Point(match.start(), match.end(), "century", year=(counted - 1) * 100)

    def _lunar(self, match: re.Match[str]) -> Point | None:
        rules, word = self.rules, match["lm"] or match["lw"]
        month = rules.lunar_months.get(word) or number(
            word.rstrip("".join(rules.month_marks)), rules.numerals
        )
        day = number(match["ld"], rules.numerals)
        if not 1 <= month <= 12 or not 1 <= day <= 30:
            return None
        year = year_number(match["y"], rules.numerals) if match["y"] else None
        by = rules.years[match["ry"]] if match["ry"] else None
        return Point(match.start(), match.end(), "lunar", year=year, year_by=by, month=month, day=day)


@lru_cache(maxsize=4)
def _load(path: Path, _stamp: int) -> DateForms:
    (rules,) = load_yaml(path, DateRules)
    return DateForms(rules)


def load_forms(folder: RuleFolder | None = None) -> DateForms:
    """The forms of `dates.yml` in a rules folder (the shipped one by default); raises RuleError."""
    path = (folder or RuleFolder()).find("dates.yml")
    return _load(path, path.stat().st_mtime_ns)
