import contextlib
import http.server
import subprocess
import sys
import threading
import time

import pytest
import servers
from articles import first, second
from click.testing import CliRunner
from test_store_embedded import build, many

from kgx.cli import main
from kgx.errors import KgxError, OptionError
from kgx.store import remote
from kgx.store.credentials import Credentials, credentials
from kgx.store.http import Server
from kgx.store.profiles import profile, profiles
from kgx.store.serve import Limits

SECRET = "s3cret-word"
DBA = Credentials("dba", servers.VIRTUOSO_PASSWORD)


@pytest.fixture(scope="module")
def oxigraph():
    with servers.oxigraph() as url:
        yield url


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory):
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso")) as url:
        yield url.partition("/sparql")[0]


@pytest.fixture(params=["oxigraph", "virtuoso"])
def connect(request):
    """A function that gives a client of an empty server of either kind."""
    url = request.getfixturevalue(request.param)

    def client(**options):
        secret = DBA if request.param == "virtuoso" else None
        return Server(url, kind=request.param, secret=secret, timeout=30, **options)

    with client() as server:
        for graph in (*remote._held(server), remote.LEDGER):
            server.delete(graph)
    return client


def counted(server):
    """{graph: number of statements} of the graphs of documents."""
    query = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = {row["g"].value: int(row["n"].value) for row in server.select(query)}
    return {name: number for name, number in rows.items() if "/kgx-zh/id/document/" in name}


def expected(folder):
    from kgx.store.parts import Build

    return {name: part.triples for name, part in Build(folder).parts.items()}


def test_load_into_a_server_sends_each_graph_and_then_only_what_changed(connect, tmp_path):
    folder = build(tmp_path / "a", *many(6))
    with connect() as server:
        assert remote.load(folder, server).added == 6
        assert counted(server) == expected(folder)
        assert remote.load(folder, server).unchanged == 6
        build(folder, *many(6, "新")[:2], *many(6)[2:5])
        loaded = remote.load(folder, server)
        assert (loaded.added, loaded.replaced, loaded.removed, loaded.unchanged) == (0, 2, 0, 3)
        assert len(counted(server)) == 6
        loaded = remote.load(folder, server, replace=True)
        assert (loaded.replaced, loaded.removed) == (5, 1)
        assert counted(server) == expected(folder)


def test_load_without_a_graph_store_goes_by_update(connect, tmp_path):
    folder = build(tmp_path / "a", first(), second())
    with connect() as server:
        server.graph_store = None
        remote.load(folder, server)
        assert counted(server) == expected(folder)


def test_load_falls_back_to_update_where_the_graph_store_is_none(oxigraph, tmp_path):
    folder = build(tmp_path / "a", first())
    with Server(oxigraph, graph_store=f"{oxigraph}/no-such-place") as server:
        remote.load(folder, server, replace=True)
        assert server.graph_store is None
        assert expected(folder).items() <= counted(server).items()


def test_load_killed_and_repeated_equals_one_undisturbed(connect, tmp_path, request):
    folder = build(tmp_path / "a", *many(150))
    with connect() as server:
        url, kind = server._base, server.profile.name
        code = (
            "from kgx.store import remote; from kgx.store.http import Server; "
            "from kgx.store.credentials import Credentials; "
            f"remote.load({str(folder)!r}, Server({url!r}, kind={kind!r}, secret=Credentials('dba', 'dba')))"
        )
        for pause in (0.8, 1.1):
            process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
            time.sleep(pause)
            process.kill()
            process.wait()
        remote.load(folder, server)
        assert counted(server) == expected(folder)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("fuseki", "/kgx"),
        ("graphdb", "/repositories/kgx"),
        ("blazegraph", "/blazegraph/namespace/kgx/sparql"),
    ],
)
def test_load_into_servers_as_their_manuals_have_them(kind, path, tmp_path):
    folder = build(tmp_path / "a", *many(6))
    with servers.standin(kind) as url:
        with Server(url + path, secret=Credentials("me", "word")) as server:
            assert server.profile.name == kind
            assert remote.load(folder, server).added == 6
            assert counted(server) == expected(folder)
            build(folder, *many(6, "新")[:2], *many(6)[2:5])
            loaded = remote.load(folder, server, replace=True)
            assert (loaded.replaced, loaded.removed) == (5, 1)
            assert counted(server) == expected(folder)
            assert remote.load(folder, server).unchanged == 5
        with pytest.raises(KgxError, match="answers 401"):
            Server(url + path)


def test_server_tells_what_it_is(oxigraph):
    with Server(oxigraph) as server:
        assert server.profile.name == "oxigraph"
    with Server(f"{oxigraph}/query") as server:
        assert server.graph_store == f"{oxigraph}/store"


def test_virtuoso_tells_what_it_is_and_refuses_strangers(virtuoso, tmp_path):
    with Server(f"{virtuoso}/sparql") as server:
        assert server.profile.name == "virtuoso"
        with pytest.raises(KgxError, match=r"answers 401.*0 of 1 graphs"):
            remote.load(build(tmp_path / "a", first()), server)


def test_load_command_into_a_server(oxigraph, tmp_path):
    folder = build(tmp_path / "a", first())
    run = CliRunner().invoke(main, ["load", str(folder), "--endpoint", oxigraph, "--replace"])
    assert run.exit_code == 0, run.output
    assert "graphs: " in run.output


def answering(status, kind="text/plain", body=b"", wait=0.0, heard=None):
    """A server on loopback that answers every request alike."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            length = int(self.headers.get("content-length") or 0)
            self.rfile.read(length)
            if heard is not None:
                heard.append((self.command, dict(self.headers)))
            time.sleep(wait)
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, *_):
            pass

    @contextlib.contextmanager
    def up():
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()

    return up()


@pytest.mark.parametrize(
    ("status", "kind", "body", "words"),
    [
        (401, "text/plain", b"who are you", "answers 401.*KGX_STORE_USER"),
        (413, "text/plain", b"", "413, a graph is too large"),
        (500, "text/plain", b"the\ndisk is full", r"answers 500 \(the disk is full\)"),
        (500, "text/html", b"<html>...", r"answers 500 \(Internal Server Error\)"),
        (503, "text/plain", b"", "answers 503"),
        (301, "text/plain", b"", "answers 301"),
        (200, "text/html", b"<html>hello</html>", "answers text/html, not results of SPARQL"),
        (200, "application/sparql-results+json", b"{oops", "its answer is not valid"),
    ],
)
def test_faults_of_a_server_are_one_line_each(status, kind, body, words):
    with answering(status, kind, body) as url, pytest.raises(KgxError, match=words) as caught:
        Server(url, kind="generic", secret=Credentials("me", SECRET), sleep=lambda _: None)
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_server_that_is_down_or_slow():
    down = f"http://127.0.0.1:{servers.free_port()}"
    pauses = []
    with pytest.raises(KgxError, match="can't be reached"):
        Server(down, sleep=pauses.append)
    assert pauses == [0.5, 1.0, 2.0, 4.0]
    with answering(200, wait=3) as url, pytest.raises(KgxError, match=r"no answer within 0\.2 s"):
        Server(url, timeout=0.2, tries=1)


@pytest.mark.parametrize("status", [401, 413, 500])
def test_load_that_fails_says_what_is_loaded(status, tmp_path, oxigraph):
    folder = build(tmp_path / "a", *many(3))
    with (
        answering(status) as broken,
        Server(oxigraph, graph_store=broken, sleep=lambda _: None) as server,
        pytest.raises(KgxError, match=r"\d of 3 graphs are loaded"),
    ):
        remote.load(folder, server, replace=True)


def test_credentials_come_from_the_environment_or_netrc(tmp_path):
    url = "http://127.0.0.1:7878"
    assert credentials(url, {"NETRC": str(tmp_path / "none")}) is None
    assert credentials(url, {"KGX_STORE_USER": "me", "KGX_STORE_PASSWORD": SECRET}).password == SECRET
    assert credentials(url, {"KGX_STORE_TOKEN": SECRET}).token == SECRET
    path = tmp_path / "netrc"
    path.write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    path.chmod(0o600)
    found = credentials(url, {"NETRC": str(path)})
    assert (found.user, found.password) == ("me", SECRET)
    assert SECRET not in repr(found)
    path.write_text(f"machine 127.0.0.1 login me passwor {SECRET}\n")
    with pytest.raises(KgxError, match="netrc") as caught:
        credentials(url, {"NETRC": str(path)})
    assert SECRET not in str(caught.value)


def test_credentials_in_a_url_are_refused_and_not_shown():
    with pytest.raises(OptionError) as caught:
        Server(f"http://me:{SECRET}@127.0.0.1:7878")
    assert SECRET not in str(caught.value)
    for url in ("127.0.0.1:7878", "ftp://127.0.0.1", "http://", "http://127.0.0.1:notaport"):
        with pytest.raises(OptionError):
            Server(url)


def test_credentials_are_sent_as_the_profile_has_it():
    heard = []
    with answering(200, "text/html", b"", heard=heard) as url, contextlib.suppress(KgxError):
        Server(url, kind="fuseki", secret=Credentials("me", SECRET))
    sent = {name.lower(): value for name, value in heard[-1][1].items()}
    assert sent["authorization"].startswith("Basic ")


def test_profiles_are_all_documented():
    for one in profiles().values():
        assert one.start
        assert one.title
    with pytest.raises(OptionError, match="take one of oxigraph"):
        profile("no-such")
    assert Limits().workers >= 1
