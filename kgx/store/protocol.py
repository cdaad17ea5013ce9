"""What the SPARQL 1.1 Protocol asks of an endpoint: requests, content negotiation, self-description."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kgx.store.results import GRAPHS, ROWS

# What may be asked for in Accept, the first standing for `*/*`; each with the format that it means.
ROW_TYPES: Mapping[str, str] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
GRAPH_TYPES: Mapping[str, str] = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/ld+json": "jsonld",
    "text/plain": "ntriples",
    "application/x-turtle": "turtle",
    "application/json": "jsonld",
}
SERVICE = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"


def choose(accept: str, types: Mapping[str, str]) -> str | None:
    """The format of `types` that an Accept header likes best; None where it takes none of them.

    Of equal ones the first of `types`; what is not understood in the header is passed over.
    """
    if not accept.strip():
        return next(iter(types.values()))
    wishes = []
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = float(parameter[2:])
                except ValueError:
                    weight = 0.0
        wishes.append((name, weight))
    best, chosen = 0.0, None
    for name, format_ in types.items():
        kind = name.partition("/")[0]
        exact = [weight for wish, weight in wishes if wish == name]
        wider = [weight for wish, weight in wishes if wish == f"{kind}/*"]
        widest = [weight for wish, weight in wishes if wish == "*/*"]
        weight = max(exact or wider or widest or [0.0])
        if weight > best:
            best, chosen = weight, format_
    return chosen


@lru_cache(maxsize=4)
def description(endpoint: str, dataset: str, triples: int, graphs: int) -> str:
    """The service and its data set in Turtle: SPARQL 1.1 Service Description and VoID."""
    forms = {
        "json": "SPARQL_Results_JSON",
        "xml": "SPARQL_Results_XML",
        "csv": "SPARQL_Results_CSV",
        "tsv": "SPARQL_Results_TSV",
        "turtle": "Turtle",
        "ntriples": "N-Triples",
        "jsonld": "JSON-LD",
    }
    known = [name for name in (*ROWS, *GRAPHS) if name in forms]
    results = ", ".join(f"<http://www.w3.org/ns/formats/{forms[name]}>" for name in known)
    return f"""@prefix sd: <{SERVICE}> .
@prefix void: <{VOID}> .
@prefix dcterms: <http://purl.org/dc/terms/> .

<{endpoint}> a sd:Service ;
    sd:endpoint <{endpoint}> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:resultFormat {results} ;
    sd:defaultDataset [
        a sd:Dataset ;
        sd:defaultGraph [ a sd:Graph ; void:triples {triples} ]
    ] .

<{dataset}> a void:Dataset ;
    dcterms:title "Chinese diplomatic and political news"@en, "中文外交与政治新闻"@zh ;
    void:sparqlEndpoint <{endpoint}> ;
    void:triples {triples} ;
    void:documents {graphs} ;
    void:vocabulary <https://w3id.org/kgx-zh/ontology#>, <https://schema.org/>,
        <http://www.w3.org/ns/org#>, <http://www.w3.org/ns/prov#> .
"""
