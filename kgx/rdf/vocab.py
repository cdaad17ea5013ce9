"""Closed namespaces: a term that its vocabulary does not have can't be written.

Terms are IRIs as strings. What `kgx:` has is listed here and documented in ontology.ttl; a test holds
the two, and rules/facts.yml, to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


class Vocabulary:
    """A namespace with a fixed set of terms, each an attribute or an item."""

    def __init__(self, prefix: str, iri: str, terms: Iterable[str]) -> None:
        """`prefix` is the one used in output, `terms` the local names."""
        self.prefix = prefix
        self.iri = iri
        self._terms = {term: iri + term for term in terms}
        self.__dict__.update(self._terms)

    def __getitem__(self, term: str) -> str:
        """The IRI of a term; raises KeyError where the vocabulary has none of that name."""
        return self._terms[term]

    def __getattr__(self, term: str) -> str:
        """Only called for a term that the vocabulary does not have: raises AttributeError."""
        raise AttributeError(f"{self.__dict__.get('prefix')}: has no term {term}")

    def with_terms(self, terms: Iterable[str]) -> Vocabulary:
        """This vocabulary with further terms; itself where it has them all."""
        more = [term for term in terms if term not in self._terms]
        return Vocabulary(self.prefix, self.iri, (*self._terms, *more)) if more else self

    def __iter__(self) -> Iterator[str]:
        """The local names, in the order given."""
        return iter(self._terms)

    def __contains__(self, term: object) -> bool:
        """Whether there is a term of that name."""
        return term in self._terms


FACTS = (
    "Meet", "Visit", "Attend", "Host", "Sign", "Message", "Convey", "Invite", "Stance", "Cooperate",
    "Establish", "Appoint", "Agree", "Member", "Located", "Attack", "Aid", "Sanction",
)  # fmt: skip
ENTITIES = ("Person", "Country", "Place", "Organization", "Agreement", "NamedEvent", "Initiative")
ENTITY_ROLES = (
    "participant", "place", "visitor", "destination", "attendee", "event", "host", "honoree", "signatory",
    "document", "witness", "sender", "recipient", "carrier", "inviter", "invitee", "target", "holder",
    "party", "framework", "what", "person", "of", "member", "organization", "in", "attacker", "donor",
    "actor",
)  # fmt: skip
TEXT_ROLES = (
    "participantText", "visitorText", "attendeeText", "eventText", "honoreeText", "signatoryText",
    "documentText", "witnessText", "senderText", "recipientText", "kindText", "inviterText",
    "inviteeText", "targetText", "holderText", "partyText", "fieldText", "frameworkText", "whatText",
    "positionText", "ofText", "contentText", "roleText", "attackerText", "donorText", "actorText",
)  # fmt: skip
SHORTCUTS = (
    "met", "visited", "memberOf", "holdsPositionAt", "signed", "supports", "opposes", "cooperatesWith",
)  # fmt: skip
STATUSES = ("actual", "planned", "past", "negated")
POLARITIES = ("support", "oppose", "condemn", "thank", "congratulate", "call", "concern")

KGX = Vocabulary(
    "kgx",
    "https://w3id.org/kgx-zh/ontology#",
    (
        "Entity", *ENTITIES, "Fact", *FACTS, "Position", "Evidence", "Topic", "Status", "Polarity",
        *ENTITY_ROLES, *TEXT_ROLES, "polarity", *SHORTCUTS, *STATUSES, *POLARITIES, "date", "status",
        "statedBy", "statedByText", "plover", "title", "asOf", "rule", "confidence", "category",
        "edition", "version", "rulesHash",
    ),
)  # fmt: skip
RDF = Vocabulary("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", ("type",))
RDFS = Vocabulary("rdfs", "http://www.w3.org/2000/01/rdf-schema#", ("label", "comment", "subClassOf"))
OWL = Vocabulary("owl", "http://www.w3.org/2002/07/owl#", ("sameAs",))
SKOS = Vocabulary("skos", "http://www.w3.org/2004/02/skos/core#", ("altLabel", "notation", "prefLabel"))
XSD = Vocabulary(
    "xsd",
    "http://www.w3.org/2001/XMLSchema#",
    ("date", "gYearMonth", "gYear", "decimal", "nonNegativeInteger", "string"),
)
SCHEMA = Vocabulary(
    "schema",
    "https://schema.org/",
    (
        "NewsArticle", "headline", "alternativeHeadline", "datePublished", "author", "publisher",
        "keywords", "articleSection", "url", "inLanguage", "identifier", "mentions", "about",
    ),
)  # fmt: skip
SEM = Vocabulary(
    "sem",
    "http://semanticweb.cs.vu.nl/2009/11/sem/",
    (
        "Event", "hasActor", "hasPlace", "hasTimeStamp", "hasEarliestBeginTimeStamp",
        "hasLatestEndTimeStamp",
    ),
)  # fmt: skip
NIF = Vocabulary(
    "nif",
    "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    ("RFC5147String", "Context", "beginIndex", "endIndex", "anchorOf", "referenceContext"),
)
ITSRDF = Vocabulary("itsrdf", "http://www.w3.org/2005/11/its/rdf#", ("taIdentRef", "taConfidence"))
PROV = Vocabulary("prov", "http://www.w3.org/ns/prov#", ("Activity", "wasDerivedFrom", "used"))
ORG = Vocabulary("org", "http://www.w3.org/ns/org#", ("Membership", "member", "organization"))
WD = "http://www.wikidata.org/entity/"

VOCABULARIES = (RDF, RDFS, OWL, SKOS, XSD, SCHEMA, SEM, NIF, ITSRDF, PROV, ORG, KGX)


def prefixes(base: str) -> Mapping[str, str]:
    """Prefix to namespace, for a graph whose data lie under `base`, an absolute IRI ending in `/`."""
    out = {one.prefix: one.iri for one in VOCABULARIES} | {"wd": WD}
    for kind in (
        "person", "country", "place", "organization", "agreement", "event", "initiative", "fact",
        "position", "membership", "table", "topic", "run",
    ):  # fmt: skip
        out[kind] = f"{base}{kind}/"
    return dict(sorted(out.items()))
