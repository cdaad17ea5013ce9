"""Component `kgx_dates`: every expression that fixes a day, month, year or interval, with its value.

`kgx.nlp.dateforms` finds what stands there; here it gets its meaning, from the publication date, from
the dates before it in the sentence, and from words that look ahead (将于20日).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from kgx.model import DateValue, Document, Mention
from kgx.nlp.calendar import (
    Moment,
    lunar,
    moment,
    nearest_month,
    nearest_year,
    of_day,
    shift,
    shift_month,
    value_of,
    week,
)
from kgx.nlp.dateforms import DateForms, Point, load_forms
from kgx.nlp.layers import normal_text, register, show
from kgx.nlp.record import record
from kgx.rulebook import RuleFolder

CENTURY = 100
_YEARS = {
    "decade": (0, 9),
    "century": (1, CENTURY),
}  # their first and last years, from the year that they begin by
CHAINED = 20  # characters after a full date within which a bare day takes its month and year
LEAD = 3  # days before publication in which the event that a paper reports lies
NAMING = frozenset({"Event", "Agreement", "Organization", "Initiative"})  # a year in such a name is no date

Interval = tuple[Moment, Moment]


@record
class _Found:
    """A resolved expression: `moments` is None where nothing fixes it."""

    start: int
    end: int
    moments: Interval | None
    explicit: bool = False  # the text names its year
    monthly: bool = False  # the text names its month


class _Resolver:
    """Gives the points of one text their meaning, in order."""

    def __init__(self, text: str, published: date | None, forms: DateForms) -> None:
        self.text, self.published, self.forms = text, published, forms
        self.last: _Found | None = None  # the last expression that was resolved
        self.last_day: Moment | None = None
        self.lead: Moment | None = None  # the day of the first dated event, near publication

    def run(self, points: Sequence[Point]) -> Iterator[_Found]:
        """Join points to ranges, resolve each, and yield what they fix."""
        at = 0
        while at < len(points):
            point = points[at]
            after = points[at + 1] if at + 1 < len(points) else None
            found = self._range(point, after) if after is not None else None
            if found is not None:
                at += 2
            else:
                at += 1
                if point.joined:
                    continue
                found = self._single(point)
                if found.moments is None and point.kind == "calendar" and (self.published or point.year):
                    continue  # 30 February
            self._remember(found)
            yield found

    def _remember(self, found: _Found) -> None:
        if found.moments is None:
            return
        self.last = found
        start, end = found.moments
        if end.day is not None and start == end:
            self.last_day = end
            if self.lead is None and self.published is not None:
                back = (self.published - end.first).days
                self.lead = end if 0 <= back <= LEAD else None

    # -- ranges ---------------------------------------------------------------------------------------
    def _range(self, left: Point, right: Point) -> _Found | None:
        """The interval from `left` to `right`, where the text joins them into one."""
        if left.kind == right.kind == "weekday":
            return self._week_range(left, right)
        if left.kind != "calendar" or right.kind != "calendar":
            return None
        between = self.text[left.end : right.start]
        listed = left.joined and self.forms.list.fullmatch(between.strip())
        if not listed and not self.forms.range.fullmatch(between):
            return None
        ahead = self._ahead(left.start, right.end)
        first = self._calendar(self._filled_backward(left, right), ahead)
        if first is None:
            # nothing to count from: the range stands, its value open
            return _Found(left.start, right.end, None) if self.published is None else None
        last = self._calendar(right, ahead, first[0])
        if last is None or last[1].last < first[0].first:
            return None
        if listed and not _adjacent(first[0], last[1]):
            return None
        explicit = any(point.year is not None or point.year_by for point in (left, right))
        return _Found(left.start, right.end, (first[0], last[1]), explicit)

    def _week_range(self, left: Point, right: Point) -> _Found | None:
        """The days of one week from `left` to `right`: 下周一至周三."""
        if not self.forms.range.fullmatch(self.text[left.end : right.start]):
            return None
        first = self._moments(left)
        if first is None or left.span is None or right.span is None or right.unit == "week":
            return None
        last = shift(first[0], "day", right.span[1] - left.span[0])
        if last is None or last.last < first[0].first:
            return None
        return _Found(left.start, right.end, (first[0], last))

    @staticmethod
    def _filled_backward(left: Point, right: Point) -> Point:
        """`left` with the month that only `right` names, where both are bare numbers: 12至15日."""
        if left.month is None and left.month_by is None and left.day is None and left.year is None:
            return replace(left, year=right.year, year_by=right.year_by) if left.part else left
        return left

    # -- single expressions -----------------------------------------------------------------------------
    def _single(self, point: Point) -> _Found:
        moments = self._moments(point)
        explicit = point.year is not None or bool(point.year_by)
        return _Found(point.start, point.end, moments, explicit, point.month is not None)

    def _moments(self, point: Point) -> Interval | None:
        if point.same_year is not None:
            if self.last is None or self.last.moments is None:
                return None
            year = self.last.moments[0].year + point.same_year
            return self._calendar(replace(point, year=year), ahead=False)
        if point.kind == "calendar":
            return self._calendar(point, self._ahead(point.start, point.end), self._context(point))
        years = _YEARS.get(point.kind)
        if years is not None and point.year is not None:
            return _both(*(moment(point.year + by) for by in years))
        if point.kind == "backward":
            return self._backward(point)
        if point.kind == "lunar":
            return self._lunar(point)
        published = self.published
        if published is None:
            return None
        today = of_day(published)
        if years is not None:
            start = (published.year // CENTURY + (point.year_by or 0)) * CENTURY + point.by
            return _both(*(moment(start + by) for by in years))
        if point.kind == "ago":
            return _both(shift(today, point.unit, point.by))
        if point.kind == "pair" and point.span is not None:
            return _both(*(moment(published.year + by) for by in point.span))
        if point.kind == "weekday" and point.span is not None:
            if point.unit == "week":
                return week(published, point.by, *point.span)
            first, last = week(published, 0, *point.span)
            ahead = self._ahead(point.start, point.end)
            by = (
                1 if ahead and first.first < published else -1 if not ahead and first.first > published else 0
            )
            return week(published, by, *point.span) if by else (first, last)
        if point.kind == "days":
            return _both(shift(self._spoken(point) or today, "day", point.by))
        return None

    def _backward(self, point: Point) -> Interval | None:
        """The day (month, year) that was named last, or `by` units on; else that of publication."""
        base = (
            self.last_day
            if point.unit != "year" or self.last is None
            else self.last.moments and self.last.moments[0]
        )
        if base is None and self.published is not None and not point.by:
            base = of_day(self.published)
        return _both(shift(base, point.unit, point.by)) if base is not None else None

    def _lunar(self, point: Point) -> Interval | None:
        """A day of the traditional calendar: of the year that is named, else nearest to publication."""
        assert point.month is not None and point.day is not None
        if point.year is not None:
            return _both(lunar(point.year, point.month, point.day))
        published = self.published
        if published is None:
            return None
        years = (-1, 0, 1) if point.year_by is None else (point.year_by,)
        found = (lunar(published.year + by, point.month, point.day) for by in years)
        days = [day for day in found if day is not None]
        return _both(min(days, key=lambda day: abs((day.first - published).days), default=None))

    def _spoken(self, point: Point) -> Moment | None:
        """The day on which a sentence in the first person was spoken, where the text has named it."""
        if self.lead is None:
            return None
        start, end = self._sentence(point.start)
        return self.lead if self.forms.person.search(self.text, start, end) else None

    def _sentence(self, at: int) -> tuple[int, int]:
        """The bounds of the sentence around `at`, at most 300 characters either way."""
        start = at
        for mark in self.forms.sentence.finditer(self.text, max(0, at - 300), at):
            start = mark.end()
        after = self.forms.sentence.search(self.text, at, at + 300)
        return (start if start != at else max(0, at - 300)), after.start() if after else at + 300

    # -- years, months, days ------------------------------------------------------------------------------
    def _context(self, point: Point) -> Moment | None:
        """The date before `point` in its sentence that a bare month or day continues, if there is one."""
        last = self.last
        if (
            last is None
            or last.moments is None
            or not (last.explicit or last.monthly and point.month is None and point.day is not None)
            or point.year is not None
            or point.year_by is not None
            or point.month_by is not None
            or point.start - last.end > CHAINED
            or self.forms.sentence.search(self.text, last.end, point.start)
        ):
            return None
        base = last.moments[1]
        if base.month is None or (point.month is None and base.day is None):
            return None
        if (point.month or base.month, point.day or 0) < (
            base.month,
            base.day if base.day and point.day else 0,
        ):
            return None  # it would lie before: the sentence has moved on
        return base

    def _calendar(self, point: Point, ahead: bool, base: Moment | None = None) -> Interval | None:
        """The moments of a calendar point; what it leaves out comes from `base`, else from publication."""
        published = self.published
        year, month = point.year, point.month
        if point.year_by is not None:
            if published is None:
                return None
            year = published.year + point.year_by
        if point.month_by is not None:
            if published is None:
                return None
            year, month = shift_month(published.year, published.month, point.month_by)
        if year is None and base is not None:
            year, month = self._after(point, base)
        if year is None:
            if published is None:
                return None
            if month is not None:
                year = nearest_year(published, month, ahead)
            elif point.part is not None:
                whole = point.part == (1, 12)
                year = published.year if whole else nearest_year(published, point.part[0], ahead)
            elif point.day is not None:
                year, month = nearest_month(published, point.day, ahead)
            else:
                return None
        if point.part is None:
            return _both(moment(year, month, point.day))
        return _part(year, month, point)

    @staticmethod
    def _after(point: Point, base: Moment) -> tuple[int | None, int | None]:
        """Year and month of a point without a year that comes at or after `base`."""
        if point.month is not None:
            early = base.month is not None and point.month < base.month
            return base.year + early, point.month
        if point.day is not None and base.month is not None and base.day is not None:
            return shift_month(base.year, base.month, 1) if point.day < base.day else (base.year, base.month)
        return (base.year, None) if point.part is not None else (None, None)

    def _ahead(self, start: int, end: int) -> bool:
        """Whether the words beside an expression say that it lies in the future."""
        forms, text = self.forms, self.text
        return bool(
            forms.ahead_before.search(text, max(0, start - 8), start) or forms.ahead_after.match(text, end)
        )


def _both(start: Moment | None, end: Moment | None = None) -> Interval | None:
    """An interval of the two, or of `start` alone; None where the calendar lacks it."""
    return (start, end or start) if start is not None else None


def _part(year: int, month: int | None, point: Point) -> Interval | None:
    """The stretch of a year or a month that `point.part` is; the whole unit as such."""
    assert point.part is not None
    first, last = point.part
    if month is None:
        if (first, last) == (1, 12):
            return _both(moment(year))
        return _both(moment(year, first), moment(year, last))
    if (first, last) == (1, 0):
        return _both(moment(year, month))
    whole = moment(year, month)
    return _both(moment(year, month, first), moment(year, month, last or (whole.last.day if whole else 0)))


def _adjacent(first: Moment, last: Moment) -> bool:
    """Whether `last` follows `first` at once: 7、8月 is an interval, 3、5日 is none."""
    unit = "day" if first.day else "month" if first.month else "year"
    return shift(first, unit, 1) == last


def _outside(points: Iterable[Point], skip: Sequence[tuple[int, int]]) -> list[Point]:
    """The points that overlap no span of `skip`."""
    spans, at, kept = sorted(skip), 0, []
    for point in points:
        while at < len(spans) and spans[at][1] <= point.start:
            at += 1
        if at == len(spans) or spans[at][0] >= point.end:
            kept.append(point)
    return kept


def find_dates(
    text: str,
    published: str | None,
    rules: DateForms | RuleFolder | None = None,
    skip: Sequence[tuple[int, int]] = (),
) -> tuple[DateValue, ...]:
    """The dates of `text` (normal text), in order, with offsets in characters of it.

    `published` is the ISO date to count from; without it relative expressions have the value None.
    `rules` are the compiled forms, or the folder to load them from (the shipped one by default).
    Nothing is found inside the spans `skip`, nor inside titles of documents (《…》).

    Raises ValueError where `published` is not an ISO date, RuleError where the rules are wrong.
    """
    forms = rules if isinstance(rules, DateForms) else load_forms(rules)
    day = date.fromisoformat(published[:10]) if published else None
    spans = [*skip, *forms.titles(text)]
    points = _outside(forms.points(text), spans)
    return tuple(
        DateValue(f.start, f.end, text[f.start : f.end], value_of(*f.moments) if f.moments else None)
        for f in _Resolver(text, day, forms).run(points)
    )


class DateFinder:
    """Sets `doc._.kgx_dates` and `doc.spans["kgx_dates"]`."""

    def __init__(self, forms: DateForms) -> None:
        """`forms`: the compiled rules."""
        self.forms = forms

    def __call__(self, doc: Doc) -> Doc:
        """Find the dates, counting from the document's own; years inside names are left out."""
        layers = doc._
        document: Document | None = layers.kgx_document
        mentions: tuple[Mention, ...] = layers.kgx_mentions
        skip = [(m.start, m.end) for m in mentions if m.type in NAMING]
        text = normal_text(doc)
        found = find_dates(text, document.date if document else None, self.forms, skip)
        # a Doc builds its text anew at each call, token by token
        given = document.text if document and len(document.text) == len(text) else doc.text
        layers.kgx_dates = tuple(replace(d, surface=given[d.start : d.end]) for d in found)
        show(doc, "kgx_dates", ((d.start, d.end, d.value or "") for d in found))
        return doc


@Language.factory("kgx_dates", default_config={"rules": None})
def make_date_finder(nlp: Language, name: str, rules: str | None) -> DateFinder:
    """Make the component; `rules` is a folder that overrides the shipped rules, or None."""
    register()
    return DateFinder(load_forms(RuleFolder(rules)))
