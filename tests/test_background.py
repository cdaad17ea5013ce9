"""What tables of the rules say of known things: names to search by, codes, members."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import ORG, OWL, PROV, RDF, RDFS, SKOS

from kgx.background import load_background
from kgx.choose import find_entity
from kgx.errors import RuleError
from kgx.merge import merge
from kgx.model import Document, Entity, Extraction, Fact
from kgx.rulebook import RuleFolder
from kgx.run import run

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
    return merge(
        [Extraction(Document("a", "俄罗斯和上合组织", date="2024-07-04"), entities, topics=("上合组织",))]
    ).to_rdflib()


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


def test_background_calls_members_that_no_document_names(graph: rdflib.Graph) -> None:
    china = rdflib.URIRef(f"{BASE}country/CHN")
    assert {str(one) for one in graph.objects(china, RDFS.label)} == {"中国", "China"}
    assert (china, RDF.type, rdflib.URIRef("https://w3id.org/kgx-zh/ontology#Country")) in graph
    assert graph.value(china, OWL.sameAs) == rdflib.URIRef("http://www.wikidata.org/entity/Q148")
    assert len(list(graph.objects(RUSSIA, RDFS.label))) == 2
    (membership,) = graph.subjects(ORG.member, china)
    assert {str(one) for one in graph.objects(membership, RDFS.label)} == {
        "上海合作组织: 中国",
        "Shanghai Cooperation Organisation: China",
    }


def test_a_member_named_by_a_later_document_is_called_as_in_a_build_from_nothing(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    texts = ["上海合作组织秘书长3日发表讲话。", "哈萨克斯坦总统3日在阿斯塔纳发表讲话。"]
    given = [source / f"{number}.json" for number in range(2)]
    for path, text in zip(given, texts, strict=True):
        path.write_text(json.dumps({"id": path.stem, "date": "2024-03-03", "text": text}), encoding="utf-8")
        run(source, tmp_path / "grown", model=False, formats="turtle,trig,nquads")
    run(source, tmp_path / "both", model=False, formats="turtle,trig,nquads")
    given[1].unlink()
    run(source, tmp_path / "shrunk", model=False, formats="turtle,trig,nquads")
    run(given[0], tmp_path / "one", model=False, formats="turtle,trig,nquads")
    for name in ("graph.ttl", "graph.trig", "graph.nq"):
        assert (tmp_path / "grown" / name).read_bytes() == (tmp_path / "both" / name).read_bytes()
    run(source, tmp_path / "grown", model=False, formats="turtle,trig,nquads")
    for name in ("graph.ttl", "graph.trig", "graph.nq"):
        assert (tmp_path / "grown" / name).read_bytes() == (tmp_path / "one" / name).read_bytes()


def test_background_tells_bodies_of_one_english_name_apart_by_their_states() -> None:
    given = [
        Entity(name, "Organization", (name,), f"organization/{name}", None, "Ministry of Foreign Affairs")
        for name in ("俄罗斯外交部", "埃及外交部")
    ]
    made = merge([Extraction(Document("a", "俄罗斯外交部、埃及外交部"), tuple(given))])
    assert [one.label_en for one in made.entities.values()] == [
        "Ministry of Foreign Affairs of Russia",
        "Ministry of Foreign Affairs of Egypt",
    ]


def test_facts_have_english_labels_where_all_that_fills_them_has_one() -> None:
    roles = {"visitor": ("高山",)}
    given = Extraction(
        Document("a", "高山访问海国", date="2024-03-03"),
        (
            Entity("高山", "Person", ("高山",), "Q101", "Q101", "Gao Shan"),
            Entity("海国", "Country", ("海国",), "country/SEA", "Q102", "Sea"),
            Entity("河国", "Country", ("河国",)),
        ),
        facts=tuple(
            Fact(
                "Visit",
                roles | {"destination": (state,)},
                "actual",
                "高山访问海国",
                0,
                6,
                "r",
                0.9,
            )
            for state in ("海国", "河国")
        ),
    )
    made = merge([given])
    assert {made.fact_label_en(one) for one in made.facts.values()} == {None, "Visit: Gao Shan, Sea"}
    labels = {str(one) for one in made.to_rdflib().objects(None, RDFS.label) if one.language == "en"}
    assert "Visit: Gao Shan, Sea" in labels


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
