"""Stands in for servers that no package index has: `python standin.py KIND PORT`, over an Oxigraph in memory.

Each answers at the paths, to the methods and media types, and with the status that the server's manual
gives, and to nothing else: Apache Jena Fuseki (dataset services), GraphDB (RDF4J's REST interface),
Blazegraph (NanoSparqlServer, quads mode). All ask for the user `me` with the password `word`.
"""

import base64
import http.server
import sys
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pyoxigraph as ox

FORM = "application/x-www-form-urlencoded"
UPDATE, QUERY = "application/sparql-update", "application/sparql-query"
NAMES = {
    "fuseki": "Apache Jena Fuseki (4.10.0)",
    "graphdb": "GraphDB/10.6.0 RDF4J/4.3.8",
    "blazegraph": "Jetty(9.4.18)",
}
LOGIN = "Basic " + base64.b64encode(b"me:word").decode()
ROOTS = {"fuseki": "/kgx", "graphdb": "/repositories/kgx", "blazegraph": "/blazegraph/namespace/kgx/sparql"}
# What each does at which path below its root; Blazegraph takes updates as a form alone.
SERVICES = {
    "fuseki": {
        "": {"dump"},
        "/query": {"query"},
        "/sparql": {"query"},
        "/update": {"update"},
        "/data": {"graphs"},
    },
    "graphdb": {"": {"query"}, "/statements": {"update", "dump"}, "/rdf-graphs/service": {"graphs"}},
    "blazegraph": {"": {"query", "update form"}},
}


class Handler(http.server.BaseHTTPRequestHandler):
    """One request."""

    kind = ""
    store = ox.Store()

    def version_string(self):
        return NAMES[self.kind]

    def handle_any(self):
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.headers.get("authorization") != LOGIN:
            return self.reply(401, b"", **{"www-authenticate": 'Basic realm="kgx"'})
        root = ROOTS[self.kind]
        if not url.path.startswith(root):
            return self.reply(404)
        does = SERVICES[self.kind].get(url.path[len(root) :], set())
        type_ = (self.headers.get("content-type") or "").partition(";")[0]
        asked = dict(parse_qsl(url.query))
        if "graphs" in does and parse_qs(url.query, keep_blank_values=True).keys() & {"graph", "default"}:
            return self.graph(asked, type_, body)
        if self.command == "POST" and type_ == FORM:
            asked |= dict(parse_qsl(body.decode()))
        elif self.command == "POST" and type_ in (QUERY, UPDATE):
            asked["query" if type_ == QUERY else "update"] = body.decode()
        if "query" in does and asked.get("query") and self.command in ("GET", "POST"):
            return self.query(asked["query"])
        formed = "update form" in does and type_ == FORM
        if ("update" in does or formed) and asked.get("update") and self.command == "POST":
            self.store.update(asked["update"])
            told = b'<?xml version="1.0"?><data modified="1" milliseconds="1"/>'
            return self.reply(200, told) if formed else self.reply(204)
        if "dump" in does and self.command == "GET":
            return self.reply(200, b"all that there is, for ever", **{"content-type": "application/trig"})
        return self.reply(400 if does else 404, b"Missing parameter: query")

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any

    def graph(self, asked, type_, body):
        """The Graph Store Protocol."""
        name = ox.NamedNode(asked["graph"]) if "graph" in asked else ox.DefaultGraph()
        known = self.store.contains_named_graph(name) if "graph" in asked else True
        form = ox.RdfFormat.from_media_type(type_)
        if self.command == "DELETE":
            self.store.remove_graph(name)
            return self.reply(204 if known or self.kind == "graphdb" else 404)
        if self.command != "PUT" or form is None:
            return self.reply(415 if form is None else 405)
        self.store.remove_graph(name)
        self.store.load(body, form, to_graph=name)
        return self.reply(204 if known or self.kind == "graphdb" else 201)

    def query(self, text):
        """A SELECT or ASK query over all graphs together."""
        try:
            found = self.store.query(text, use_default_graph_as_union=True)
        except SyntaxError as fault:
            return self.reply(400, str(fault).encode())
        if "sparql-results+json" not in self.headers.get("accept", ""):
            return self.reply(406)
        body = found.serialize(format=ox.QueryResultsFormat.JSON)
        return self.reply(200, body, **{"content-type": "application/sparql-results+json;charset=utf-8"})

    def reply(self, status, body=b"", **headers):
        """The answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing."""


if __name__ == "__main__":
    Handler.kind = sys.argv[1]
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
