"""What RDF says of the members that a table gives an organization; no document says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kgx.background import MEMBERSHIPS, Membership
from kgx.iri import Minter, clean
from kgx.knowledge import KnowledgeGraph
from kgx.period import period
from kgx.rdf.terms import Literal, Term, zh
from kgx.rdf.vocab import KGX, ORG, OWL, PROV, RDF, RDFS, SEM, SKOS, WD, XSD

P = TypeVar("P")


def members_of(
    graph: KnowledgeGraph, key: str, minter: Minter, pair: Callable[[str, Term], P]
) -> list[tuple[str, list[P]]]:
    """The memberships of an organization, and what its members are called that no document names."""
    found: list[tuple[str, list[P]]] = []
    for one in graph.background.members.get(key, ()):
        said = [pair(RDF.type, ORG.Membership), *_labels(one.label, one.label_en, pair)]
        said.append(pair(ORG.member, minter.entity(one.member)))
        said.append(pair(ORG.organization, minter.entity(key)))
        if one.role:
            said.append(pair(KGX.title, zh(one.role)))
        for term, day in _days(one):
            said.append(pair(term, Literal(day, None, XSD.date)))
        said.append(pair(PROV.wasDerivedFrom, minter.table(MEMBERSHIPS)))
        found.append((minter.membership(f"{key} {one.member} {one.since or ''}"), said))
        if one.member not in graph.entities and one.member in graph.background.entries:
            found.append((minter.entity(one.member), _called(graph, one.member, pair)))
    return found


def _days(one: Membership) -> list[tuple[str, str]]:
    days = []
    if one.since:
        days.append((SEM.hasEarliestBeginTimeStamp, period(one.since).first))
    if one.until:
        days.append((SEM.hasLatestEndTimeStamp, period(one.until).last))
    return days


def _called(graph: KnowledgeGraph, key: str, pair: Callable[[str, Term], P]) -> list[P]:
    """Type, names and identity of a thing by the tables alone."""
    background = graph.background
    entry = background.entries[key]
    out = [pair(RDF.type, KGX[entry.type]), *_labels(entry.name, entry.en, pair)]
    more = background.names.get(key, ())
    out += [pair(SKOS.altLabel, Literal(name, language)) for name, language in more if name != entry.name]
    if entry.qid:
        out.append(pair(OWL.sameAs, WD + entry.qid))
    if code := background.codes.get(key):
        out.append(pair(SKOS.notation, Literal(code)))
    if entry.kind:
        out.append(pair(KGX.category, Literal(clean(entry.kind))))
    return out


def _labels(text: str, english: str | None, pair: Callable[[str, Term], P]) -> list[P]:
    labels = [pair(RDFS.label, zh(text))]
    if english:
        labels.append(pair(RDFS.label, Literal(clean(english), "en")))
    return labels
