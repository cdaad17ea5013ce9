import json
import os
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from articles import FIRST, first, second
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import XSD

from kgx.errors import KgxError
from kgx.merge import merge
from kgx.model import Document, Entity, Extraction, Position
from kgx.rdf.describe import Describer, as_pair
from kgx.rdf.write import FORMATS, quads, write
from kgx.records import from_json

GOLD = Path(__file__).parents[2] / "shared" / "gold" / "dev.jsonl"
IDENT = URIRef("http://www.w3.org/2005/11/its/rdf#taIdentRef")
KGX = rdflib.Namespace("https://w3id.org/kgx-zh/ontology#")
SEM = rdflib.Namespace("http://semanticweb.cs.vu.nl/2009/11/sem/")
NIF = rdflib.Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
ORG = rdflib.Namespace("http://www.w3.org/ns/org#")
SCHEMA = rdflib.Namespace("https://schema.org/")
ID = rdflib.Namespace("https://w3id.org/kgx-zh/id/")
GRAPH = merge([first(), second()], mentions=True)


def written(graph, format_, **options):
    out = BytesIO()
    write(graph, out, format_, **options)
    return out.getvalue()


def parsed(graph):
    return rdflib.Graph().parse(data=written(graph, "turtle"), format="turtle")


def of_type(rdf, name):
    return sorted(rdf.subjects(RDF.type, KGX[name]))


def test_write_forms_hold_the_same_graph():
    turtle = parsed(GRAPH)
    jsonld = rdflib.Graph().parse(data=written(GRAPH, "jsonld"), format="json-ld")
    assert isomorphic(turtle, jsonld)
    assert isomorphic(turtle, GRAPH.to_rdflib())
    for format_ in ("trig", "nquads"):
        dataset = rdflib.Dataset()
        dataset.parse(data=written(GRAPH, format_), format=format_)
        union = rdflib.Graph()
        for s, p, o, _ in dataset.quads():
            union.add((s, p, o))
        assert isomorphic(turtle, union)


@pytest.mark.parametrize("format_", FORMATS)
def test_write_forms_are_read_by_oxigraph_alike(format_):
    kind = ox.RdfFormat.from_extension(FORMATS[format_][1:])
    found = {(q.subject, q.predicate, q.object) for q in ox.parse(written(GRAPH, format_), format=kind)}
    assert found == {(q.subject, q.predicate, q.object) for q in quads(GRAPH)}


def test_write_a_fact_as_a_node_with_roles_date_status_and_evidence():
    rdf = parsed(merge([first()]))
    (meet,) = of_type(rdf, "Meet")
    assert set(rdf.objects(meet, KGX.participant)) == {ID["person/Q101"], ID["person/林泉"]}
    assert set(rdf.objects(meet, KGX.place)) == {ID["place/河城"]}
    assert rdf.value(meet, KGX.date) == Literal("2024-03-02", datatype=XSD.date)
    assert rdf.value(meet, SEM.hasEarliestBeginTimeStamp) == Literal("2024-03-02", datatype=XSD.date)
    assert rdf.value(meet, KGX.status) == KGX.actual
    assert str(rdf.value(meet, KGX.plover)) == "CONSULT"
    evidence = rdf.value(meet, PROV.wasDerivedFrom)
    assert evidence == URIRef(ID["document/first"] + "#char=0,22")
    assert str(rdf.value(evidence, NIF.anchorOf)) == FIRST[0:22]
    assert int(rdf.value(evidence, NIF.endIndex)) == 22
    assert rdf.value(evidence, NIF.referenceContext) == ID["document/first"]
    assert str(rdf.value(evidence, KGX.rule)) == "test"
    assert float(rdf.value(evidence, KGX.confidence)) == 0.95


@pytest.mark.parametrize(
    ("date", "type_", "begin", "end"),
    [
        ("2024-02-29", XSD.date, "2024-02-29", "2024-02-29"),
        ("2024-02", XSD.gYearMonth, "2024-02-01", "2024-02-29"),
        ("2024", XSD.gYear, "2024-01-01", "2024-12-31"),
        ("2024-02-10/2024-03-01", None, "2024-02-10", "2024-03-01"),
        ("2024-02/2025", None, "2024-02-01", "2025-12-31"),
    ],
)
def test_write_dates_with_their_first_and_last_day(date, type_, begin, end):
    one = first()
    rdf = parsed(merge([replace(one, facts=(replace(one.facts[0], date=date),))]))
    (meet,) = of_type(rdf, "Meet")
    given = rdf.value(meet, KGX.date)
    assert (given.datatype, str(given)) == (type_, date) if type_ else given is None
    assert str(rdf.value(meet, SEM.hasEarliestBeginTimeStamp)) == begin
    assert str(rdf.value(meet, SEM.hasLatestEndTimeStamp)) == end


def test_write_text_fillers_and_controlled_values():
    rdf = parsed(GRAPH)
    for stance in of_type(rdf, "Stance"):
        assert rdf.value(stance, KGX.polarity) == KGX.support
    assert Literal("关税", lang="zh") in set(rdf.objects(None, KGX.targetText))
    assert ID["initiative/自由航行倡议"] in set(rdf.objects(None, KGX.target))
    assert set(rdf.objects(None, KGX.statedBy)) == {ID["person/林泉"]}


def test_write_entities_with_labels_and_identity():
    rdf = parsed(GRAPH)
    sea = ID["country/SEA"]
    assert set(rdf.objects(sea, RDFS.label)) == {Literal("海国", lang="zh"), Literal("Sea", lang="en")}
    assert set(rdf.objects(sea, rdflib.SKOS.altLabel)) == {Literal("海方", lang="zh")}
    assert rdf.value(sea, rdflib.OWL.sameAs) == URIRef("http://www.wikidata.org/entity/Q102")
    assert (ID["person/林泉"], KGX.met, ID["person/Q101"]) in rdf


def test_write_positions_and_documents():
    rdf = parsed(GRAPH)
    president = rdf.value(None, KGX.title, Literal("总统", lang="zh"))
    assert rdf.value(president, ORG.member) == ID["person/Q101"]
    assert rdf.value(president, ORG.organization) == ID["country/SEA"]
    assert {str(date) for date in rdf.objects(president, KGX.asOf)} == {"2024-03-03", "2024-03-04"}
    page = ID["document/first"]
    assert str(rdf.value(page, SCHEMA.headline)) == "高山同林泉会谈"
    assert rdf.value(page, SCHEMA.url) == URIRef("https://example.org/%E6%96%B0%E9%97%BB?id=1")
    assert {ID["topic/会谈"], ID["topic/倡议"]} == set(rdf.objects(page, SCHEMA.about))


def test_write_mentions_only_where_they_were_kept():
    assert not set(parsed(merge([first()])).objects(None, IDENT))
    mention = URIRef(ID["document/first"] + "#char=4,6")
    found = parsed(GRAPH).value(mention, IDENT)
    assert found == ID["person/Q101"]


def test_write_a_document_graph_says_what_the_document_says():
    said = {}
    for quad in quads(GRAPH):
        said.setdefault(quad.graph_name.value, set()).add((quad.subject, quad.predicate, quad.object))
    for name, one in (("first", first()), ("second", second())):
        alone = {(q.subject, q.predicate, q.object) for q in quads(merge([one], mentions=True))}
        other = said[f"{ID}document/{name}"] ^ alone
        assert {predicate.value for _, predicate, _ in other} <= {
            str(KGX.confidence),
            str(RDFS.label),
        }  # of all reports


def test_write_base_iri_of_the_user():
    turtle = GRAPH.to_turtle("http://例子.测试/图/")
    assert "<http://例子.测试/图/document/first>" in turtle
    assert "kgx-zh/id/" not in turtle
    with pytest.raises(KgxError, match="--base-iri"):
        GRAPH.to_turtle("no base")


def test_write_turtle_reads_well():
    block = next(one for one in GRAPH.to_turtle().split("\n\n") if one.startswith("country:SEA"))
    assert block.splitlines() == [
        "country:SEA a kgx:Country ;",
        '    rdfs:label "海国"@zh, "Sea"@en ;',
        '    skos:altLabel "海方"@zh ;',
        "    owl:sameAs wd:Q102 .",
    ]


hostile = st.text(alphabet=st.characters(), min_size=1, max_size=12) | st.sampled_from(
    ['"""', "\\", "\\u0041", "a.", "-a", ".", "<>", "\r\n", "%", "%zz", "\u202e", "שלום", "_:b", "@prefix"]
)


@settings(deadline=None)
@given(st.lists(hostile, min_size=1, max_size=4, unique=True), hostile)
def test_write_any_text_gives_a_graph_that_parsers_agree_on(names, words):
    entities = tuple(Entity(name, "Person", (name,), kind=words, label_en=words) for name in names)
    document = Document(
        words, words, title=words, publisher=words, keywords=(words,), url=f"http://a/{words}"
    )
    positions = tuple(Position(name, words, None, 0, len(words)) for name in names)
    graph = merge([Extraction(document, entities, positions=positions, topics=(words,))])
    turtle = rdflib.Graph().parse(data=written(graph, "turtle"), format="turtle")
    expected = {(str(s), str(p), str(o)) for s, p, o in graph.to_rdflib()}
    assert {(str(s), str(p), str(o)) for s, p, o in turtle} == expected
    for format_ in FORMATS:
        kind = ox.RdfFormat.from_extension(FORMATS[format_][1:])
        triples = set(ox.parse(written(graph, format_), format=kind))
        values = {(q.subject.value, q.predicate.value, q.object.value) for q in triples}
        assert values == expected
    json.loads(written(graph, "jsonld"))


@settings(deadline=None)
@given(st.sampled_from(["", "http:", "http://", "https://b.example", "https://"]), hostile)
def test_write_any_url_as_a_valid_iri_or_not_at_all(start, rest):
    graph = merge([Extraction(Document("1", "a", url=start + rest))])
    list(ox.parse(written(graph, "nquads"), format=ox.RdfFormat.N_QUADS))
    parsed(graph)


def test_write_uses_no_blank_node():
    assert not any(isinstance(node, rdflib.BNode) for node in parsed(GRAPH).all_nodes())


def test_write_same_bytes_whatever_the_hash_seed_and_the_order():
    code = (
        "import sys, hashlib; sys.path.insert(0, 'tests')\n"
        "from articles import first, second\n"
        "from io import BytesIO\n"
        "from kgx.graph import write_gexf, write_graphml\n"
        "from kgx.merge import merge\n"
        "from kgx.rdf.write import FORMATS, write\n"
        "graph = merge([second(), first()], mentions=True)\n"
        "out = BytesIO()\n"
        "[write(graph, out, one) for one in FORMATS]\n"
        "write_gexf(graph, out); write_graphml(graph, out)\n"
        "print(hashlib.sha256(out.getvalue()).hexdigest())\n"
    )
    root = Path(__file__).parents[1]
    seen = set()
    for seed in ("0", "1", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(done.stdout)
    assert len(seen) == 1


@pytest.mark.skipif(not GOLD.is_file(), reason="../shared/gold is not there")
def test_write_the_gold_annotation_in_every_form():
    graph = merge(from_json(json.loads(line)) for line in GOLD.read_text(encoding="utf-8").splitlines())
    assert len(graph.facts) > 700
    expected = {(q.subject, q.predicate, q.object) for q in quads(graph)}
    for format_ in FORMATS:
        kind = ox.RdfFormat.from_extension(FORMATS[format_][1:])
        found = {(q.subject, q.predicate, q.object) for q in ox.parse(written(graph, format_), format=kind)}
        assert found == expected
    assert sum(len(properties) for _, properties in Describer(graph, None, as_pair).merged()) == len(expected)
