import csv
import io
import re

import pytest
import rdflib
from articles import FIRST, first, second
from hostile import BREAK, EVIL, hostile
from starlette.testclient import TestClient

from kgx import records
from kgx.errors import KgxError
from kgx.explore.app import make_app
from kgx.explore.corpus import Corpus
from kgx.explore.serve import hosts_of
from kgx.explore.sides import homes
from kgx.explore.timeline import timeline
from kgx.lexicon import LexEntry, Lexicon
from kgx.rdf.write import write
from kgx.store.embedded import load


def client_of(folder, *extractions):
    lines = "".join(records.dumps(one) + "\n" for one in extractions)
    (folder / "extractions.jsonl").write_text(lines, encoding="utf-8")
    return TestClient(make_app(Corpus(folder)), base_url="http://127.0.0.1:8000")


@pytest.fixture
def client(tmp_path):
    """The explorer of two articles."""
    return client_of(tmp_path, first(), second())


@pytest.fixture
def loaded(tmp_path, client):
    """The same with a store."""
    with (tmp_path / "graph.nq").open("wb") as out:
        write(Corpus(tmp_path).graph, out, "nquads")
    load(tmp_path)
    with client:  # ends the processes that answer
        yield client


@pytest.mark.parametrize("language, said", [("zh", "最重要的实体"), ("en", "Weightiest entities")])
def test_explore_opens_in_both_languages(client, language, said):
    page = client.get(f"/?lang={language}")
    assert page.status_code == 200 and said in page.text and "林泉" in page.text


@pytest.mark.parametrize("text", ["高山", "gao", "Q101"])
def test_explore_suggests_by_any_name(client, text):
    assert [one["name"] for one in client.get("/suggest", params={"q": text}).json()] == ["高山"]


@pytest.mark.parametrize("text", ["高山 林泉", "林泉和高山", "Gao Shan, 林泉"])
def test_explore_takes_two_names_for_a_pair(client, text):
    rows = client.get("/suggest", params={"q": text}).json()
    assert rows[0]["type"] == "pair" and rows[0]["url"].startswith("/pair?")
    assert client.get("/search", params={"q": text}).text.count('href="/pair?') == 1


def test_explore_finds_documents_by_title(client):
    assert "/document?id=first" in client.get("/search", params={"q": "会谈"}).text
    assert "/document?id=second" not in client.get("/documents", params={"title": "会谈"}).text
    assert (
        "/document?id=first" not in client.get("/documents", params={"of": "place/河城", "from": "2025"}).text
    )


def test_explore_shows_an_entity_with_offices_partners_and_facts(client):
    page = client.get("/entity/person/Q101").text
    for said in ("总统", "海国", "林泉", "河城", "<mark>高山</mark>", "wikidata.org/wiki/Q101", "2024-03-02"):
        assert said in page


def test_explore_filters_and_saves_facts_as_csv(client):
    page = client.get("/entity/person/林泉", params={"type": "Meet", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(page.text.lstrip("\ufeff"))))
    assert {row["type"] for row in rows} == {"Meet"}


@pytest.mark.parametrize(
    "asked, kinds",
    [
        ({"from": "2024-03-04"}, {"Stance", "Visit"}),  # the stance has no date: it was told on that day
        ({"to": "2023"}, set()),
        ({"words": "关税"}, {"Stance"}),
        ({"status": "planned"}, {"Visit"}),
        ({"from": "<script>", "type": "x", "status": "y", "page": "-1"}, {"Stance", "Visit"}),
    ],
)
def test_explore_chooses_facts(client, asked, kinds):
    page = client.get("/entity/country/SEA", params={**asked, "format": "csv"})
    assert {row["type"] for row in csv.DictReader(io.StringIO(page.text.lstrip("\ufeff")))} == kinds


def test_explore_saves_facts_as_turtle_with_what_they_name(client):
    page = client.get("/pair", params={"a": "person/Q101", "b": "person/林泉", "format": "ttl"})
    graph = rdflib.Graph().parse(data=page.text, format="turtle")
    labels = {str(label) for label in graph.objects(None, rdflib.RDFS.label)}
    assert {"高山", "林泉", "河城"} <= labels and "海国" not in labels
    meetings = graph.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/kgx-zh/ontology#Meet"))
    assert any(meetings)


def test_explore_saves_turtle_under_the_base_of_the_build(tmp_path):
    client = client_of(tmp_path, first())
    (tmp_path / "graph.ttl").write_text("@prefix country: <https://example.org/k/country/> .\n", "utf-8")
    page = client.get("/entity/person/Q101", params={"format": "ttl"}).text
    assert "https://example.org/k/" in page and "w3id.org/kgx-zh/id" not in page


def test_explore_shows_a_pair(client):
    page = client.get("/pair", params={"a": "person/Q101", "b": "person/林泉"}).text
    assert "河城" in page and "谁会见了谁" in page


def test_explore_counts_what_people_do_for_their_states(client):
    pair = {"a": "country/SEA", "b": "country/山国"}
    wide = client.get("/pair", params=pair).text
    assert "2024-03-02" in wide and "河城" in wide
    assert "没有事实" in client.get("/pair", params={**pair, "alone": "1"}).text


def test_explore_knows_the_states_of_people_and_places(tmp_path):
    client_of(tmp_path, first(), second())
    graph = Corpus(tmp_path).graph
    city = LexEntry("place/河城", "河城", "Place", located="河省")
    province = LexEntry("place/河省", "河省", "Place", located="海国")
    found = homes(graph, Lexicon((city, province), {}, {}, {}))
    assert found["person/Q101"] == found["place/河城"] == found["country/SEA"] == "country/SEA"
    assert found["person/林泉"] == "country/山国" and "initiative/自由航行倡议" not in found


def test_explore_marks_facts_in_the_text_and_leads_to_them(client):
    page = client.get("/document", params={"id": "first"}).text
    assert 'class="mention"' in page and "高山同林泉会谈" in page
    for number in re.findall(r'class="ref" href="#fact-(\d+)"', page):
        assert f'id="fact-{number}"' in page
    for place in re.findall(r'class="jump" href="#(c\d+)"', page):
        assert f'id="{place}"' in page
    text = re.search(r'<section class="text"[^>]*>(.*?)</section>', page, re.S)[1]
    assert re.sub('<a class="ref".*?</a>|<[^>]*>', "", text) == FIRST


@pytest.mark.parametrize("by", ["documents", "facts"])
def test_explore_gives_the_network_around_an_entity(client, by):
    net = client.get("/net", params={"of": "person/Q101", "by": by}).json()
    names = [node["label"] for node in net["nodes"]]
    assert names[0] == "高山" and "林泉" in names
    assert {(link["a"], link["b"]) for link in net["links"]} >= {(0, names.index("林泉"))}
    assert client.get("/net", params={"of": "x"}).status_code == 404


def test_explore_measures_in_another_process(client):
    with client:
        page = client.get("/measures")
        for _ in range(200):
            if "data-waiting" not in page.text:
                break
            page = client.get("/measures")
        assert page.status_code == 200 and "PageRank" in page.text and "林泉" in page.text
        rows = list(csv.DictReader(io.StringIO(client.get("/measures?format=csv").text.lstrip("\ufeff"))))
        assert rows[0]["label"] == "林泉"
        assert [one["label"] for one in client.get("/measures/net").json()["nodes"]][0] == "林泉"


def test_explore_says_how_to_load_a_store(client):
    assert "kgx load" in client.get("/sparql").text


def test_explore_answers_ready_made_questions_with_their_facts(loaded):
    page = loaded.get("/sparql", params={"ask": "who-met-whom", "p_one": "高山", "go": "1"}).text
    assert "<mark>林泉</mark>" in page and "kgx load" not in page
    missing = loaded.get("/sparql", params={"ask": "meetings", "p_person": "无此人"}).text
    assert "no Person of that name" in missing
    assert loaded.get("/sparql", params={"ask": "meetings"}).status_code == 200


def test_explore_answers_sparql_and_saves_it(loaded):
    query = {"query": "SELECT ?who WHERE { ?who a kgx:Person } ORDER BY ?who"}
    assert 'href="/entity/person/Q101"' in loaded.get("/sparql", params=query).text
    rows = loaded.get("/sparql", params={**query, "format": "csv"}).text.splitlines()
    assert rows[0] == "who" and len(rows) == 3
    graph = loaded.get("/sparql", params={"query": "DESCRIBE <https://w3id.org/kgx-zh/id/person/Q101>"}).text
    assert "rdfs:label" in graph


@pytest.mark.parametrize(
    "query", ["SELECT", "DROP ALL", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"]
)
def test_explore_says_what_is_wrong_with_a_query(loaded, query):
    page = loaded.get("/sparql", params={"query": query})
    assert page.status_code == 200 and 'role="alert"' in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/entity/person/nobody",
        "/document?id=../../etc/passwd",
        "/pair?a=x&b=y",
        "/static/../app.py",
        "/static/words.json",
        "/x",
    ],
)
def test_explore_has_no_other_pages(client, path):
    page = client.get(path)
    assert page.status_code == 404 and "root:" not in page.text


def test_explore_answers_to_its_own_host_only(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"Host": "localhost:8000"}).status_code == 200
    assert hosts_of("192.0.2.7")[-1] == "192.0.2.7" and hosts_of("127.0.0.1") == hosts_of("localhost")


def test_explore_sends_a_policy_with_every_answer(client):
    for path in ("/", "/suggest?q=a", "/static/explore.js", "/entity/x", "/document?id=first", "/measures"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy


def test_explore_escapes_hostile_words(tmp_path):
    client = client_of(tmp_path, hostile())
    corpus = Corpus(tmp_path)
    evil = '"><script>'
    pages = [client.get("/search", params={"q": evil}), client.get("/document", params={"id": "</script>"})]
    pages += [client.get(f"/entity/{key}".replace("%", "%25")) for key in corpus.graph.entities]
    pages += [
        client.get(path, params={"words": evil, "from": evil, "title": evil}) for path in ("/", "/documents")
    ]
    pages.append(client.get("/sparql", params={"query": "</textarea><script>", evil: "1"}))
    for page in pages:
        assert EVIL not in page.text and BREAK not in page.text and evil not in page.text
        assert "</textarea><script>" not in page.text
        assert 'href="javascript' not in page.text and "<i>长官" not in page.text
    assert "javascript:window.pwned=4" in pages[1].text


def test_explore_chart_is_of_months_where_most_facts_lie(tmp_path):
    client_of(tmp_path, first(), second())
    corpus = Corpus(tmp_path)
    drawn = timeline(corpus.statements, corpus.kinds, "2024-01-01", "2024-03-31")
    assert [step.label for step in drawn.steps] == ["2024-01", "2024-02", "2024-03"]
    assert drawn.steps[2].total == drawn.most and drawn.before == 0


def test_explore_of_no_build_says_so(tmp_path):
    with pytest.raises(KgxError, match="give the folder that"):
        Corpus(tmp_path)
    (tmp_path / "extractions.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(KgxError, match=r"extractions\.jsonl:1: not valid JSON"):
        Corpus(tmp_path)
