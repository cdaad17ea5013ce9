from pathlib import Path

import pytest
import rdflib
from articles import first, second
from rdflib import OWL, RDF, RDFS

from kgx.facttypes import fact_schema, fact_types
from kgx.merge import merge
from kgx.rdf import vocab
from kgx.rdf.describe import Describer, as_pair
from kgx.rdf.reference import document, individuals, ontology, packaged, shapes

ROOT = Path(__file__).parents[1]
ONTOLOGY = rdflib.Graph().parse(data=packaged("ontology.ttl"), format="turtle")
DECLARED = {
    str(one)
    for type_ in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    for one in ONTOLOGY.subjects(RDF.type, type_)
} | {str(one) for one in ONTOLOGY.subjects() if str(one).startswith(vocab.KGX.iri)}


@pytest.mark.parametrize("term", list(vocab.KGX))
def test_ontology_documents_each_term_in_chinese_and_english(term):
    node = rdflib.URIRef(vocab.KGX[term])
    for predicate in (RDFS.label, RDFS.comment):
        languages = sorted(one.language for one in ONTOLOGY.objects(node, predicate))
        assert languages == ["en", "zh"]


def test_ontology_declares_just_what_the_vocabulary_has():
    assert {vocab.KGX[term] for term in vocab.KGX} == DECLARED


def test_ontology_declares_all_that_output_uses():
    describer = Describer(merge([first(), second()], mentions=True), None, as_pair)
    own = vocab.KGX.iri
    used = {
        iri
        for _, properties in describer.merged()
        for term, value in properties
        for iri in (term, value)
        if isinstance(iri, str) and iri.startswith(own)
    }
    assert used <= DECLARED


def test_ontology_and_shapes_and_their_page_follow_facts_yml():
    assert packaged("ontology.ttl") == ontology()
    assert packaged("shapes.ttl") == shapes()
    assert (ROOT / "docs" / "ontology.md").read_text(encoding="utf-8") == document()


def test_ontology_places_facts_under_sem_events_and_roles_under_actors_and_places():
    kgx, sem = vocab.KGX, rdflib.Namespace(vocab.SEM.iri)
    assert (rdflib.URIRef(kgx.Fact), RDFS.subClassOf, sem.Event) in ONTOLOGY
    for kind in fact_types().values():
        assert (rdflib.URIRef(kgx[kind.name]), RDFS.subClassOf, rdflib.URIRef(kgx.Fact)) in ONTOLOGY
        for role in kind.roles.values():
            above = set(ONTOLOGY.objects(rdflib.URIRef(kgx.iri + role.name), RDFS.subPropertyOf))
            expected = {"actor": {sem.hasActor}, "place": {sem.hasPlace}, "none": set()}[role.refines]
            assert above == expected
    for name in vocab.ENTITIES:
        assert (rdflib.URIRef(kgx[name]), RDFS.subClassOf, rdflib.URIRef(kgx.Entity)) in ONTOLOGY


def test_vocabulary_lists_what_facts_yml_states():
    types, schema = fact_types(), fact_schema()
    roles = [role for kind in types.values() for role in kind.roles.values()]
    texts = {f"{role.name}Text" for role in roles if role.takes_text and not individuals(role)}
    assert tuple(types) == vocab.FACTS
    assert {role.name for role in roles if role.takes_entities} == set(vocab.ENTITY_ROLES)
    assert texts == set(vocab.TEXT_ROLES)
    assert {*schema.shortcuts, "holdsPositionAt"} == set(vocab.SHORTCUTS)
    assert tuple(schema.values["polarity"]) == vocab.POLARITIES


def test_vocabulary_has_no_other_terms():
    with pytest.raises(AttributeError):
        _ = vocab.KGX.participents
    with pytest.raises(KeyError):
        vocab.SEM["hasActors"]
