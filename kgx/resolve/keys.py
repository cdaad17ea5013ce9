"""Under which key an entity of a document goes across documents: by what the document and the rules tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kgx.iri import digest, identity
from kgx.model import Document, Entity, EntityType, Extraction
from kgx.period import is_period, period
from kgx.resolve.cues import Way
from kgx.resolve.meetings import Meetings
from kgx.resolve.policy import Policy

BY_NAME = frozenset(("Person", "Country"))  # whoever the lexicon does not know by name it does not know
_SHORT = 10  # characters of a digest that tells things of one name apart
_YEAR = 4  # of an ISO date
_LAST = 12  # month of a year


def entity_key(entity: Entity) -> str:
    """The identity of an entity across documents, `country/RUS` or `person/李明`, by itself.

    It begins with the type, so that no key names two things of different types.
    """
    kind = f"{entity.type.lower()}/"
    name = entity.key or called(entity)
    return kind + identity(name.removeprefix(kind) if entity.key else name)


def called(entity: Entity) -> str:
    """The name of an entity without what tells it from one of another type in its document."""
    return entity.name.removesuffix(f"（{entity.type}）")


def dates_of(extraction: Extraction, policy: Policy) -> dict[str, tuple[str, ...]]:
    """When events are held by the facts of a document, by their names there: dates within one year each."""
    out: dict[str, list[str]] = {}
    for fact in extraction.facts:
        if fact.type in policy.rules.events.held and fact.date and fact.status != "negated":
            span = period(fact.date) if is_period(fact.date) else None
            if span is not None and span.first[:_YEAR] == span.last[:_YEAR]:
                for name in fact.roles.get("event", ()):
                    out.setdefault(name, []).append(fact.date)
    return {name: tuple(dates) for name, dates in out.items()}


@dataclass(frozen=True, slots=True)
class Told:
    """When a document says that a meeting is held; `beside` its name (今年), or in a fact.

    `whole`: all editions are meant (历届); `place`: that of this place; `way`: the last or the next one.
    """

    year: str | None = None
    date: str | None = None
    beside: bool = False
    whole: bool = False
    place: str | None = None
    way: Way = ""


def told_of(entity: Entity, dates: Mapping[str, tuple[str, ...]], document: Document, policy: Policy) -> Told:
    """The year of a meeting by the words around its name, else by the facts of the document."""
    day = day_of(document)
    cue = policy.cues.told((entity.name, *entity.surfaces), document.text, day)
    if cue.whole:
        return Told(whole=True)
    given = dates.get(entity.name, ())
    years = {one[:_YEAR] for one in given}
    year = cue.year or (min(years) if len(years) == 1 else None)
    if year is None and day is not None and day[:_YEAR] in years:
        year = day[:_YEAR]
    held = [one for one in given if one[:_YEAR] == year]
    date = min(held, key=_fineness) if held else year
    return Told(year, date, cue.year is not None, False, cue.place, cue.way)


def day_of(document: Document) -> str | None:
    """The day of a document, where it is one."""
    return document.date if document.date is not None and is_period(document.date) else None


def _fineness(date: str) -> tuple[bool, str]:
    span = period(date)
    return span.grain == "year", span.first


def keys_of(
    named: Iterable[Entity],
    document: Document,
    forms: Mapping[str, str],
    told: Mapping[str, Told],
    policy: Policy,
) -> dict[str, tuple[str, bool]]:
    """The key of each entity of a document by its name there, and whether it is the entity's own.

    `forms`: the usual forms of the names that the lexicon does not know; `told`: when meetings are held.
    """
    day = day_of(document)
    meetings = policy.meetings
    named = tuple(named)
    out: dict[str, tuple[str, bool]] = {}
    bare: list[tuple[Entity, str]] = []
    editions: dict[str, set[str]] = {}
    known = (policy.lexicon.by_key.get(one.key or "") for one in named)
    places = {one.name for one in (*known, *named) if one is not None and one.type == "Place"}
    for entity in named:
        key = own = entity_key(entity)
        if entity.key is None and (meant := policy.meant(entity.type, entity.name, document.text)):
            key = meant
        elif entity.key is None and _own(entity, policy):
            key = f"{key}-{digest(document.id)[:_SHORT]}"  # each document means its own
        elif entity.key is None and (home := policy.names.home(entity.type, called(entity), document.text)):
            key = f"{key}-{home}"
        elif entity.type == "Place" and len(cities := places & policy.cities(called(entity))) == 1:
            key = f"{key}-{min(cities)}"
        elif entity.key is not None and entity.type != "Event" or entity.type in BY_NAME:
            pass
        else:
            usual = key.partition("/")[2]
            if entity.key is None:
                usual = forms[entity.name]
            which = None
            if entity.type == "Event":
                name = meetings.longer((entity.name, *entity.surfaces), document.text)
                when = told.get(entity.name, Told())
                which = _edition(entity, name, usual, document, when, meetings)
                series = meetings.series(name or entity.name)
                if series is not None and _whole(entity, named) is not None:
                    which = None
                if which is None and series is not None:
                    if name is not None or entity.key is None:
                        which = series
                    bare.append((entity, series))
                elif which is not None and which != series:
                    editions.setdefault(which.rpartition("-")[0], set()).add(f"event/{which}")
            if which is None and entity.key is None:
                which = _recurring(entity.type, usual, day, told.get(entity.name, Told()), policy)
                if which is None and entity.type == "Event":
                    at = meetings.begun(entity.name) or (f"{when.year}-{_LAST}" if when.year else day)
                    which = meetings.plain(usual, at)
                    if (entity.type, which.rpartition("-")[0]) in policy.generic:  # 第一届年会
                        which = f"{which}-{digest(document.id)[:_SHORT]}"
                which = which or usual
            if which is not None:
                key = f"{entity.type.lower()}/{which}"
        out[entity.name] = key, key == own
    for entity, series in bare:
        if (whole := _whole(entity, named)) is not None:
            out[entity.name] = out[whole.name][0], False
            continue
        if len(editions.get(series, ())) == 1:  # the one edition that the document is about
            (key,) = editions[series]
            out[entity.name] = key, False
        elif year := _year_of(entity, series, day, told.get(entity.name, Told()), meetings):
            out[entity.name] = f"event/{year}", False
    return out


def _whole(entity: Entity, named: Iterable[Entity]) -> Entity | None:
    """The meeting of the document of whose longer name a bare name is the end: 跳水世界杯."""
    longer = (one for one in named if one.type == "Event" and one.key is None and one is not entity)
    return next((one for one in longer if one.name.endswith(entity.name)), None)


def _own(entity: Entity, policy: Policy) -> bool:
    """Whether each document means its own by the name."""
    name = entity.name
    return (entity.type, name) in policy.generic or policy.names.own(entity.type, name)


def _year_of(entity: Entity, series: str, day: str | None, told: Told, meetings: Meetings) -> str | None:
    """The edition that a bare name means by a year that is told, or by that of a report near no known one."""
    if told.whole:
        return None
    if told.year is not None:
        return meetings.edition(f"{told.year}{series}", day)
    return meetings.unlisted(series, day) if entity.key is None else None


def _edition(
    entity: Entity, longer: str | None, usual: str, document: Document, told: Told, meetings: Meetings
) -> str | None:
    """The edition of a series that a meeting is, by the words before its name (今年峰会) or any of its names.

    The series itself where those words say that it is meant (历届峰会). `longer` is the name that those
    words are part of (冬季残奥会), if any.
    """
    series, day = meetings.series(longer or entity.name), day_of(document)
    if series is not None and told.whole:
        return series
    if series is not None and told.beside:
        of_year = meetings.edition(f"{told.year}{series}", day)
        between = meetings.rare(series) and not meetings.listed(of_year)  # no games were held that year
        if not between and (of_year is not None or told.year != (day or "")[:_YEAR]):
            return of_year
    if series is not None and told.place is not None:
        placed = meetings.edition(f"{told.place}{series}", day)
        if placed is not None:
            return placed
    if series is not None and meetings.other(series, document.text):
        return series
    if longer is not None:
        return meetings.edition(longer, day)
    names = dict.fromkeys((entity.name, usual, *entity.surfaces))
    sure = {meetings.edition(name, day, entity.key) for name in names if meetings.single(name)} - {None}
    if len(sure) > 1 and series is not None:
        return series  # of several editions by their numbers and years
    found = next((one for name in names if (one := meetings.edition(name, day, entity.key, told.way))), None)
    found = next(iter(sure), found)
    return meetings.summit(entity.name, day) if found is None and entity.key is None else found


def _recurring(type_: EntityType, name: str, day: str | None, told: Told, policy: Policy) -> str | None:
    """The name with its time, where things of that name are held or issued again and again."""
    if type_ == "Event":
        return policy.meetings.yearly(name, day, told.year)
    if day is None or not ((type_, name) in policy.annual or policy.names.dated(type_, name)):
        return None
    return f"{name}-{told.year or day[:_YEAR]}"
