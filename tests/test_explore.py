import csv
import io

import pytest
from articles import first, second
from hostile import BREAK, EVIL, hostile
from starlette.testclient import TestClient

from kgx import records
from kgx.errors import KgxError
from kgx.explore.app import make_app
from kgx.explore.corpus import Corpus
from kgx.explore.serve import hosts_of


def client_of(folder, *extractions):
    lines = "".join(records.dumps(one) + "\n" for one in extractions)
    (folder / "extractions.jsonl").write_text(lines, encoding="utf-8")
    return TestClient(make_app(Corpus(folder)), base_url="http://127.0.0.1:8000")


@pytest.fixture
def client(tmp_path):
    """The explorer of two articles."""
    return client_of(tmp_path, first(), second())


@pytest.mark.parametrize("language, said", [("zh", "最重要的实体"), ("en", "Weightiest entities")])
def test_explore_opens_in_both_languages(client, language, said):
    page = client.get(f"/?lang={language}")
    assert page.status_code == 200 and said in page.text and "林泉" in page.text


@pytest.mark.parametrize("text", ["高山", "gao", "Q101"])
def test_explore_suggests_by_any_name(client, text):
    assert [one["name"] for one in client.get("/suggest", params={"q": text}).json()] == ["高山"]


def test_explore_shows_an_entity_with_offices_partners_and_facts(client):
    page = client.get("/entity/person/Q101").text
    for said in ("总统", "海国", "林泉", "河城", "<mark>高山</mark>", "wikidata.org/wiki/Q101", "2024-03-02"):
        assert said in page


def test_explore_filters_and_saves_facts_as_csv(client):
    page = client.get("/entity/person/林泉", params={"type": "Meet", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(page.text.lstrip("\ufeff"))))
    assert {row["type"] for row in rows} == {"Meet"} and len(rows) == 2


def test_explore_shows_a_pair_and_a_document(client):
    assert "河城" in client.get("/pair", params={"a": "person/Q101", "b": "person/林泉"}).text
    page = client.get("/document", params={"id": "first"}).text
    assert 'class="mention"' in page and "高山同林泉会谈" in page


@pytest.mark.parametrize(
    "path",
    ["/entity/person/nobody", "/document?id=../../etc/passwd", "/pair?a=x&b=y", "/static/../app.py", "/x"],
)
def test_explore_has_no_other_pages(client, path):
    page = client.get(path)
    assert page.status_code == 404 and "root:" not in page.text


def test_explore_answers_to_its_own_host_only(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"Host": "localhost:8000"}).status_code == 200
    assert hosts_of("192.0.2.7")[-1] == "192.0.2.7" and hosts_of("127.0.0.1") == hosts_of("localhost")


def test_explore_sends_a_policy_with_every_answer(client):
    for path in ("/", "/suggest?q=a", "/static/explore.js", "/entity/x", "/document?id=first"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy


def test_explore_escapes_hostile_words(tmp_path):
    client = client_of(tmp_path, hostile())
    corpus = Corpus(tmp_path)
    pages = [client.get("/", params={"q": '"><script>'}), client.get("/document", params={"id": "</script>"})]
    pages += [client.get(f"/entity/{key}".replace("%", "%25")) for key in corpus.graph.entities]
    for page in pages:
        assert EVIL not in page.text and BREAK not in page.text
        assert 'href="javascript' not in page.text and "<i>长官" not in page.text
    assert "javascript:window.pwned=4" in pages[1].text


def test_explore_of_no_build_says_so(tmp_path):
    with pytest.raises(KgxError, match="give the folder that"):
        Corpus(tmp_path)
