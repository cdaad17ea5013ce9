"""What tables of the rules say of known things: names to search by, codes, members."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import ORG, PROV, RDF, RDFS, SKOS

from kgx.background import load_background
from kgx.choose import find_entity
from kgx.errors import RuleError
from kgx.merge import merge
from kgx.model import Document, Entity, Extraction
from kgx.rulebook import RuleFolder

BASE = "https://w3id.org/kgx-zh/id/"
SCO = rdflib.URIRef(f"{BASE}organization/Q485207")
RUSSIA = rdflib.URIRef(f"{BASE}country/RUS")
TABLE = rdflib.URIRef(f"{BASE}table/memberships.tsv")


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    """Of one document that names an organization and one of its members."""
    entities = (
        Entity(
            "上合组织",
            "Organization",
            ("上合组织",),
            "Q485207",
            "Q485207",
            "Shanghai Cooperation Organisation",
        ),
        Entity("俄罗斯", "Country", ("俄罗斯", "俄方"), "country/RUS", "Q159", "Russia"),
    )
    return merge([Extraction(Document("a", "俄罗斯和上合组织", date="2024-07-04"), entities)]).to_rdflib()


@pytest.mark.parametrize("name", ["SCO", "上合", "上合组织", "Shanghai Cooperation Organization"])
def test_background_gives_names_to_search_by(graph: rdflib.Graph, name: str) -> None:
    found = {s for p in (RDFS.label, SKOS.altLabel) for s, o in graph.subject_objects(p) if str(o) == name}
    assert found == {SCO}


def test_background_names_find_an_entity_of_a_build() -> None:
    entity = Entity("上合组织", "Organization", ("上合组织",), "Q485207", "Q485207")
    made = merge([Extraction(Document("a", "上合组织"), (entity,))])
    assert [find_entity(made, name, "--ego") for name in ("SCO", "上合", "上合组织")] == [
        "organization/Q485207"
    ] * 3


def test_background_gives_a_state_its_code(graph: rdflib.Graph) -> None:
    assert [str(code) for code in graph.objects(RUSSIA, SKOS.notation)] == ["RUS"]


def test_background_members_come_from_the_table(graph: rdflib.Graph) -> None:
    (membership,) = graph.subjects(ORG.member, RUSSIA)
    assert (membership, RDF.type, ORG.Membership) in graph
    assert graph.value(membership, ORG.organization) == SCO
    assert list(graph.objects(membership, PROV.wasDerivedFrom)) == [TABLE]


def test_background_stands_in_no_graph_of_a_document() -> None:
    entity = Entity("上合组织", "Organization", ("上合组织",), "Q485207", "Q485207")
    made = merge([Extraction(Document("a", "上合组织"), (entity,))])
    quads = list(ox.parse(made.to_nquads().encode(), format=ox.RdfFormat.N_QUADS))
    graphs = {quad.graph_name.value for quad in quads if quad.predicate.value == str(ORG.member)}
    assert graphs == {str(TABLE)}


def test_background_says_nothing_of_what_no_document_names() -> None:
    entity = Entity("俄罗斯", "Country", ("俄罗斯",), "country/RUS", "Q159")
    made = merge([Extraction(Document("a", "俄罗斯"), (entity,))]).to_rdflib()
    assert not list(made.subjects(RDF.type, ORG.Membership))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("memberships.tsv", "organization\tmember\tsince\tuntil\trole\n上海合作组织\t无此国\n"),
        ("lexicon/labels.tsv", "name\tzh\ten\n无此国\t\tNowhere\n"),
    ],
)
def test_background_refuses_what_the_lexicon_does_not_name(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=r"\.tsv:2: '无此国' is no name"):
        load_background(RuleFolder(tmp_path))
