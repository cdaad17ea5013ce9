import io
import re
from dataclasses import replace

import pyoxigraph as ox
import pytest
import rdflib
from articles import first, second

from kgx.merge import merge
from kgx.rdf.write import write

FORMS = {"turtle": "turtle", "trig": "trig", "nquads": "nquads", "jsonld": "json-ld"}
# RFC 3987: what no IRI holds, and what must be percent-encoded.
UNFIT = re.compile(r"[\x00-\x20<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")
IDS = [
    "a b", 'quote"d', "<angle>", "back\\slash", "{curly}|^`", "100%", "#?/", "中文 文档", "\u202eright",
    "e\u0301",
]  # fmt: skip


@pytest.fixture(scope="module")
def graph():
    """A graph of documents whose ids and URLs are as bad as they come."""
    extractions = [first(), second()]
    for name in IDS:
        document = replace(first().document, id=name, url=f"https://example.org/{name}", title=name)
        extractions.append(replace(first(), document=document))
    return merge(extractions)


def written(graph, format_):
    out = io.BytesIO()
    write(graph, out, format_)
    return out.getvalue()


@pytest.mark.parametrize("format_", FORMS)
def test_files_are_read_by_rdflib_with_iris_that_hold(graph, format_):
    data = rdflib.Dataset()
    data.parse(data=written(graph, format_), format=FORMS[format_])
    terms = {term for quad in data.quads() for term in quad if term is not None}
    iris = {str(term) for term in terms if isinstance(term, rdflib.URIRef)}
    iris |= {str(term.datatype) for term in terms if isinstance(term, rdflib.Literal) and term.datatype}
    assert len(iris) > 100
    assert [iri for iri in iris if UNFIT.search(iri)] == []


def test_files_hold_the_same_statements_for_two_readers(graph):
    for format_, form in (("turtle", ox.RdfFormat.TURTLE), ("nquads", ox.RdfFormat.N_QUADS)):
        body = written(graph, format_)
        ours = {(str(q.subject), str(q.predicate)) for q in ox.parse(body, format=form)}
        data = rdflib.Dataset()
        data.parse(data=body, format=FORMS[format_])
        theirs = {(subject.n3(), term.n3()) for subject, term, _, _ in data.quads()}
        assert ours == theirs
