import csv
import io
import json

import pyoxigraph as ox
import pytest
import rdflib
from articles import first, second
from click.testing import CliRunner
from test_store_embedded import build

from kgx.cli import main
from kgx.errors import KgxError
from kgx.store import embedded
from kgx.store.evaluate import QueryFault, malformed
from kgx.store.query import ask_text, query
from kgx.store.worker import QueryTimeout

NAMES = """SELECT ?name
WHERE { ?who a kgx:Person ; rdfs:label ?name FILTER(LANG(?name) = "zh") } ORDER BY ?name"""
BOUND = r"""SELECT * WHERE {
  VALUES (?a ?b) { ("含,逗号\t与\"引号\"\n换行"@zh UNDEF) (<https://example.org/a> 3) }
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = build(tmp_path_factory.mktemp("query") / "a", first(), second())
    embedded.load(made)
    return made


def answer(folder, text, **options):
    out = io.BytesIO()
    query(folder, text, out, **options)
    return out.getvalue().decode()


def test_query_sees_each_statement_once_though_two_documents_make_it(folder):
    rows = list(csv.reader(io.StringIO(answer(folder, NAMES))))
    assert rows == [["name"], ["林泉"], ["高山"]]


def test_query_finds_the_documents_that_say_it(folder):
    text = 'SELECT (COUNT(?d) AS ?n) WHERE { GRAPH ?d { ?who a kgx:Person ; rdfs:label "高山"@zh } }'
    assert answer(folder, text).split() == ["n", "2"]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("json", ox.QueryResultsFormat.JSON),
        ("xml", ox.QueryResultsFormat.XML),
        ("tsv", ox.QueryResultsFormat.TSV),
    ],
)
def test_results_parse_as_they_were(folder, name, form):
    found = ox.parse_query_results(answer(folder, BOUND, format_=name).encode(), format=form)
    rows = [(row["a"], row["b"]) for row in found]
    three = ox.Literal("3", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    assert rows == [
        (ox.Literal('含,逗号\t与"引号"\n换行', language="zh"), None),
        (ox.NamedNode("https://example.org/a"), three),
    ]


def test_results_as_csv_quote_what_needs_it(folder):
    rows = list(csv.reader(io.StringIO(answer(folder, BOUND, format_="csv"), newline="")))
    assert rows[1:] == [['含,逗号\t与"引号"\n换行', ""], ["https://example.org/a", "3"]]


def test_results_as_a_table_align_chinese(folder):
    text = 'SELECT * WHERE { VALUES (?a ?b) { ("中文" "x") ("abc" "y") } }'
    assert answer(folder, text, format_="table").splitlines() == ["a     b", "────  ─", "中文  x", "abc   y"]


def test_ask_answers_in_every_format(folder):
    text = "ASK { ?who a kgx:Person }"
    assert answer(folder, text) == "true\n"
    assert json.loads(answer(folder, text, format_="json"))["boolean"] is True
    assert "<boolean>true</boolean>" in answer(folder, text, format_="xml")


@pytest.mark.parametrize(("name", "form"), [("turtle", "turtle"), ("ntriples", "nt"), ("jsonld", "json-ld")])
def test_construct_gives_a_graph_that_rdflib_reads(folder, name, form):
    text = "CONSTRUCT WHERE { ?who a kgx:Person ; rdfs:label ?name }"
    one = answer(folder, text, format_=name)
    assert one == answer(folder, text, format_=name)
    assert len(rdflib.Graph().parse(data=one, format=form)) == 5


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT * WHERE {\n  ?s ?p ?o ?x }", "query:2:"),
        ("SELECT ?s\nWHERE { ?s foo:bar ?o }", r"query:2:12.*the prefix foo: is not declared"),
        ("SELECT * WHERE { ?s ?p ?o", "query:1:"),
        ("", "query:1:1"),
        ("SELEKT * WHERE { ?s ?p ?o }", "query:1:"),
        ("SELECT * WHERE { ?s ?p ?o } GROUP BY ?s", r"query:1:\d+.*GROUP BY"),
    ],
)
def test_malformed_query_is_one_line_with_line_and_column(folder, text, place):
    with pytest.raises(QueryFault, match=place) as caught:
        answer(folder, text)
    assert "\n" not in str(caught.value)


def test_malformed_passes_on_what_it_does_not_know():
    assert "something else" in str(malformed("", "something else", "query"))


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX x: <http://example.org/#>\n# a comment\nDELETE WHERE { ?s ?p ?o }",
        "clear all",
        "LOAD <http://example.org/>",
    ],
)
def test_update_is_refused(folder, text):
    with pytest.raises(QueryFault, match="read-only"):
        answer(folder, text)


def test_time_limit_holds_inside_the_library(folder):
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with pytest.raises(QueryTimeout, match=r"within 0\.5 s"):
        answer(folder, text, timeout=0.5)


def test_limit_refuses_a_longer_result_rather_than_cut_it(folder):
    with pytest.raises(QueryFault, match="longer than 3"):
        answer(folder, "SELECT * WHERE { ?s ?p ?o }", limit=3)
    with pytest.raises(QueryFault, match="longer than 3"):
        answer(folder, "CONSTRUCT WHERE { ?s ?p ?o }", limit=3)
    assert answer(folder, "SELECT * WHERE { ?s ?p ?o } LIMIT 3", limit=3).count("\n") == 4


def test_ask_text_tells_a_query_from_a_file(tmp_path):
    path = tmp_path / "q.rq"
    path.write_text("\ufeffASK {}", encoding="utf-8")
    assert ask_text(str(path)) == ("ASK {}", str(path))
    assert ask_text("ASK {}") == ("ASK {}", "query")
    assert ask_text("-", io.BytesIO(b"ASK {}"))[0] == "ASK {}"
    with pytest.raises(KgxError, match="no-such"):
        ask_text("no-such.rq")


def test_query_command_prints_rows_and_names_a_missing_store(folder, tmp_path):
    good = CliRunner().invoke(main, ["query", str(folder), NAMES, "--format", "json"])
    assert good.exit_code == 0
    bad = CliRunner().invoke(main, ["query", str(tmp_path), NAMES])
    assert bad.exit_code != 0
    assert "kgx load" in bad.output
    assert len(bad.output.splitlines()) == 1
