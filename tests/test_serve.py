import contextlib
import http.client
import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import pytest
import rdflib
from articles import first, second
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from test_store_embedded import build

from kgx.errors import KgxError
from kgx.store import embedded, serve
from kgx.store.protocol import GRAPH_TYPES, ROW_TYPES, choose

NAMES = """SELECT ?name
WHERE { ?who a kgx:Person ; rdfs:label ?name FILTER(LANG(?name) = "zh") } ORDER BY ?name"""
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@contextlib.contextmanager
def served(folder, *options):
    command = [sys.executable, "-m", "kgx", "serve", str(folder), "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        yield process.stderr.readline().strip()
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = build(tmp_path_factory.mktemp("serve") / "a", first(), second())
    embedded.load(made)
    return made


@pytest.fixture(scope="module")
def url(folder):
    with served(folder, "--timeout", "1", "--limit", "50") as found:
        yield found


def ask(url, data=None, method=None, **headers):
    """(status, headers, body) of a request."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data, named, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as fault:
        with fault:
            return fault.code, fault.headers, fault.read().decode()


def form(**fields):
    return urllib.parse.urlencode(fields).encode()


def test_serve_answers_get_and_both_kinds_of_post(url):
    answers = [
        ask(f"{url}?{urllib.parse.urlencode({'query': NAMES})}", Accept="text/csv"),
        ask(url, form(query=NAMES), Accept="text/csv"),
        ask(url, NAMES.encode(), Accept="text/csv", Content_Type="application/sparql-query"),
    ]
    assert {(status, body) for status, _, body in answers} == {(200, "name\r\n林泉\r\n高山\r\n")}


@pytest.mark.parametrize("kind", [*ROW_TYPES][:4])
def test_serve_gives_rows_as_asked(url, kind):
    status, headers, body = ask(url, form(query=NAMES), Accept=kind)
    assert status == 200
    assert headers["content-type"].partition(";")[0] == kind
    assert "林泉" in body


@pytest.mark.parametrize(
    ("kind", "name"),
    [("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/ld+json", "json-ld")],
)
def test_serve_gives_graphs_as_asked(url, kind, name):
    text = "CONSTRUCT { ?who rdfs:label ?name } WHERE { ?who a kgx:Person ; rdfs:label ?name }"
    status, headers, body = ask(url, form(query=text), Accept=kind)
    assert (status, headers["content-type"].partition(";")[0]) == (200, kind)
    assert len(rdflib.Graph().parse(data=body, format=name)) == 3


def test_serve_is_a_store_for_rdflib(url):
    store = SPARQLStore(url, returnFormat="json")
    names = [str(row[0]) for row in store.query(NAMES)]
    assert names == ["林泉", "高山"]
    graph = rdflib.Graph(store)
    kind = rdflib.URIRef("https://w3id.org/kgx-zh/ontology#Person")
    assert len(list(graph.subjects(rdflib.RDF.type, kind))) == 2


def test_serve_answers_sparqlwrapper(url):
    wrapper = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(url, returnFormat=wrapper.JSON)
    client.setQuery(NAMES)
    for method in (wrapper.GET, wrapper.POST):
        client.setMethod(method)
        rows = client.queryAndConvert()["results"]["bindings"]
        assert [row["name"]["value"] for row in rows] == ["林泉", "高山"]
    client.setQuery("ASK { ?who a kgx:Person }")
    assert client.queryAndConvert()["boolean"] is True
    client.setReturnFormat(wrapper.XML)
    assert client.query().convert().toxml().count("true") == 1


def test_serve_answers_curl(url):
    accept = "Accept: text/tab-separated-values"
    command = ["curl", "-sf", "-H", accept, "--data-urlencode", f"query={NAMES}", url]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("needs curl")
    assert run.stdout.splitlines() == ["?name", '"林泉"@zh', '"高山"@zh']


def test_serve_asks_the_graphs_that_the_request_names(url):
    graph = "https://w3id.org/kgx-zh/id/document/second"
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?fact a kgx:Visit }"
    for name, count in ((graph, "1"), ("https://example.org/none", "0")):
        fields = form(query=text, **{"default-graph-uri": name})
        assert ask(url, fields, Accept="text/csv")[2].split()[1] == count


@pytest.mark.parametrize(
    ("data", "headers", "status", "words"),
    [
        (form(update="CLEAR ALL"), {}, 403, "read-only"),
        (b"CLEAR ALL", {"Content_Type": "application/sparql-update"}, 403, "read-only"),
        (form(query="INSERT DATA { <a:a> <a:b> 1 }"), {}, 400, "read-only"),
        (form(query="SELECT * WHERE {"), {}, 400, "query:1:"),
        (form(query="SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), {}, 400, "SERVICE"),
        (form(query="SELECT * WHERE { ?s ?p ?o }"), {}, 400, "longer than 50"),
        (form(query=SLOW), {}, 503, "within 1 s"),
        (form(other="x"), {}, 400, "one query"),
        (form(query=NAMES) + b"&" + form(query=NAMES), {}, 400, "one query"),
        (form(query=NAMES), {"Accept": "image/png"}, 406, "Accept"),
        (b"{}", {"Content_Type": "application/json"}, 415, "application/sparql-query"),
        (b"\xff", {"Content_Type": "application/sparql-query"}, 400, "UTF-8"),
        (form(query="#" * (2 << 20)), {}, 413, "longer than 1024 KB"),
    ],
)
def test_serve_refuses_in_one_line(url, data, headers, status, words):
    code, _, body = ask(url, data, **headers)
    assert (code, body.count("\n")) == (status, 1)
    assert words in body
    assert ask(url, form(query=NAMES))[0] == 200


def test_serve_refuses_to_be_written_to(url, folder):
    before = sorted(map(str, embedded.open_store(folder)))
    for method in ("PUT", "DELETE", "PATCH"):
        assert ask(url, b"", method=method)[0] == 403
    assert sorted(map(str, embedded.open_store(folder))) == before


def test_serve_describes_itself_and_its_data(url):
    service = rdflib.Graph().parse(data=ask(url, Accept="text/turtle")[2], format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    assert service.value(predicate=rdflib.RDF.type, object=sd.Service) == rdflib.URIRef(url)
    place = url.replace("/sparql", "/.well-known/void")
    void = rdflib.Graph().parse(data=ask(place, Accept="application/n-triples")[2], format="nt")
    triples = rdflib.URIRef("http://rdfs.org/ns/void#triples")
    assert max(int(one) for one in void.objects(None, triples)) > 100


def test_serve_lets_no_other_site_ask_unless_told(folder, url):
    headers = ask(url, form(query=NAMES), Origin="https://example.org")[1]
    assert "access-control-allow-origin" not in headers
    with served(folder, "--cors") as opened:
        headers = ask(opened, form(query=NAMES), Origin="https://example.org")[1]
        assert headers["access-control-allow-origin"] == "*"


def test_serve_listens_on_loopback_under_no_other_name(url):
    port = urllib.parse.urlsplit(url).port
    assert url.startswith("http://127.0.0.1:")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/sparql", headers={"Host": "example.org"})
    assert connection.getresponse().status == 400
    connection.close()


def test_serve_follows_a_load(tmp_path):
    made = build(tmp_path / "a", first())
    embedded.load(made)
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?fact a kgx:Visit }"
    with served(made) as found:
        assert ask(found, form(query=text), Accept="text/csv")[2].split()[1] == "0"
        build(made, first(), second())
        embedded.load(made)
        assert ask(found, form(query=text), Accept="text/csv")[2].split()[1] == "1"


def test_serve_says_what_stops_it(folder, tmp_path, url):
    with pytest.raises(KgxError, match="kgx load"):
        serve.application(tmp_path)
    port = urllib.parse.urlsplit(url).port
    with pytest.raises(KgxError, match="can't listen"):
        serve.serve(folder, port=port)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/csv;q=0.5, application/sparql-results+xml", "xml"),
        ("text/*", "csv"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "xml"),
        ("text/html", None),
        ("text/csv;q=nonsense", None),
    ],
)
def test_choose_takes_what_is_liked_best(accept, chosen):
    assert choose(accept, ROW_TYPES) == chosen
    assert choose("*/*", GRAPH_TYPES) == "turtle"


def test_serve_gives_json_that_any_parser_reads(url):
    body = ask(url, form(query=NAMES))[2]
    assert json.loads(body)["head"]["vars"] == ["name"]
