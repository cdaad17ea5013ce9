import csv
import json

import pytest
import servers
from articles import first, second
from click.testing import CliRunner
from test_ask import later
from test_store_embedded import build

from kgx.cli import main
from kgx.store import embedded, remote
from kgx.store.credentials import Credentials
from kgx.store.http import Server
from kgx.store.questions import questions

MEETINGS = "SELECT (COUNT(DISTINCT ?fact) AS ?n) { ?fact a kgx:Meet }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = build(tmp_path_factory.mktemp("endpoint") / "a", first(), second(), later())
    embedded.load(folder)
    return folder


@pytest.fixture(scope="module")
def url(folder):
    with servers.oxigraph("--union-default-graph") as url:
        with Server(url) as server:
            remote.load(folder, server)
        yield url


def run(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.mark.parametrize("name", ["who-met-whom", "stances", "members", "visits", "agreements"])
def test_ask_a_server_as_the_store_on_disk(url, folder, name):
    there, here = run("ask", "--endpoint", url, name, "--evidence"), run("ask", folder, name, "--evidence")
    assert there.exit_code == 0, there.output
    assert there.stdout == here.stdout
    assert len(there.stdout.splitlines()) > 1


@pytest.fixture(scope="module")
def virtuoso(folder, tmp_path_factory):
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso")) as url:
        url = url.partition("/sparql")[0]
        with Server(url, kind="virtuoso", secret=Credentials("dba", servers.VIRTUOSO_PASSWORD)) as server:
            remote.load(folder, server)
        yield url


@pytest.mark.parametrize("name", questions())
def test_ask_virtuoso_as_the_store_on_disk(virtuoso, folder, name):
    required = {
        "timeline": ["-p", "one=海国", "-p", "other=山国"],
        "meetings": ["-p", "person=高山"],
        "cooperation": ["-p", "one=海国"],
        "office-holders": ["-p", "day=2024"],
        "promises": ["-p", "who=林泉"],
    }
    arguments = [name, *required.get(name, []), "--evidence"]
    there, here = run("ask", "--endpoint", virtuoso, *arguments), run("ask", folder, *arguments)
    assert there.exit_code == 0, there.output
    assert as_sets(there.stdout) == as_sets(here.stdout)
    assert len(here.stdout.splitlines()) > 1


def as_sets(table):
    """The rows of CSV, and the names in a cell, in no order: stores order Chinese as they like."""
    rows = csv.reader(table.splitlines())
    return sorted([sorted(cell.split("; ")) for cell in row] for row in rows)


def test_ask_a_server_for_an_entity_by_name(url):
    found = run("ask", "--endpoint", url, "promises", "-p", "who=林泉")
    assert "访问" in found.stdout
    unknown = run("ask", "--endpoint", url, "promises", "-p", "who=无此人")
    assert unknown.exit_code == 4
    assert "no Person" in unknown.stderr


def test_query_a_server_in_every_form(url, folder):
    table = json.loads(run("query", "--endpoint", url, MEETINGS, "--format", "json").stdout)
    assert table["results"]["bindings"][0]["n"]["value"] == "2"
    assert run("query", "--endpoint", url, "ASK { ?a a kgx:Meet }").stdout == "true\n"
    construct = "CONSTRUCT { ?a a kgx:Agreement } { ?a a kgx:Agreement }"
    there, here = run("query", "--endpoint", url, construct), run("query", folder, construct)
    assert there.stdout == here.stdout
    assert "a kgx:Agreement" in there.stdout


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT * {\n ?a ?b }", "query:2:9: malformed"),
        ("DELETE WHERE { ?a ?b ?c }", "an update, and this is read-only"),
        ("SELECT * { ?a ?b ?c } LIMIT 3", "longer than 2"),
    ],
)
def test_query_a_server_says_in_one_line_what_is_wrong(url, query, words):
    found = run("query", "--endpoint", url, query, "--limit", "2")
    assert found.exit_code == 4
    assert words in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_ask_a_server_that_hides_its_graphs_says_so(folder):
    with servers.oxigraph() as url:
        with Server(url) as server:
            remote.load(folder, server)
        found = run("ask", "--endpoint", url, "visits")
        assert found.exit_code == 4
        assert "--union-default-graph" in found.stderr


def test_ask_and_query_want_a_folder_or_a_server(url, folder):
    for arguments in (["query", folder], ["query", folder, "ASK {}", "--endpoint", url], ["ask", folder]):
        assert run(*arguments).exit_code == 2
