import re

import pytest
from articles import first, second

from kgx.errors import KgxError
from kgx.merge import merge
from kgx.rdf.validate import validate, validate_file
from kgx.rdf.write import FORMATS, write

GRAPH = merge([first(), second()], mentions=True)
TURTLE = GRAPH.to_turtle()


@pytest.mark.parametrize("format_", FORMATS)
def test_validate_accepts_what_is_written(format_, tmp_path):
    path = tmp_path / f"graph{FORMATS[format_]}"
    with path.open("wb") as out:
        write(GRAPH, out, format_)
    assert validate_file(path) == ()


def test_validate_accepts_a_graph_in_memory():
    assert validate(GRAPH.to_rdflib()).conforms


def block(start):
    """The first subject of the Turtle that matches."""
    return next(one for one in TURTLE.split("\n\n") if re.search(start, one))


def without(text, line):
    """The block without the statement that begins so."""
    found = re.search(rf"\n    {line}[^;]*?(?= [;.]\n| [;.]$)", text)
    assert found, line
    out = text.replace(found[0] + " ;", "", 1) if found[0] + " ;" in text else text.replace(found[0], "", 1)
    return re.sub(r";\s*\.", ".", out)


MEET, STANCE, SPAN = r"(?s)^fact:Meet.*kgx:place", r"^fact:Stance", r"kgx:Evidence"
FAULTS = [
    # (the block, how it is changed, the property, a word of the message)
    (MEET, lambda b: without(b, "prov:wasDerivedFrom"), "prov:wasDerivedFrom", "evidence"),
    (MEET, lambda b: b.replace("person:Q101, ", ""), "kgx:participant", "needs 2"),
    (MEET, lambda b: b.replace("kgx:place place:河城", 'kgx:place "河城"'), "kgx:place", "place is a"),
    (MEET, lambda b: b.replace("kgx:place place:河城", "kgx:place person:Q101"), "kgx:place", "place is a"),
    (MEET, lambda b: b.replace("kgx:participant", "kgx:attendee"), "kgx:attendee", "losed"),
    (MEET, lambda b: b.replace("person:Q101, ", "country:山国, "), "", "a Country beside a Person"),
    (
        MEET,
        lambda b: b.replace('kgx:date "2024-03-02"^^xsd:date', 'kgx:date "2024-03-02"'),
        "kgx:date",
        "date",
    ),
    (MEET, lambda b: re.sub('kgx:date "[^"]*"', 'kgx:date "2024-02-31"', b), "kgx:date", "date"),
    (MEET, lambda b: without(b, "sem:hasLatestEnd"), "", "first and a last day"),
    (MEET, lambda b: re.sub('(Latest.*?)"[^"]*"', r'\1"2023-01-01"', b), "sem:hasEarliest", "not after"),
    (MEET, lambda b: b.replace("kgx:actual", "kgx:maybe"), "kgx:status", "status is one of"),
    (MEET, lambda b: without(b, "kgx:status"), "kgx:status", "status"),
    (MEET, lambda b: without(b, "kgx:rule"), "kgx:rule", "rule"),
    (MEET, lambda b: b.replace("0.99", "1.99"), "kgx:confidence", "0 to 1"),
    (MEET, lambda b: without(b, "rdfs:label"), "rdfs:label", "label"),
    (STANCE, lambda b: b.replace("kgx:support", "kgx:like"), "kgx:polarity", "polarity"),
    (STANCE, lambda b: without(b, "kgx:holder"), "kgx:holder", "needs 1"),
    (SPAN, lambda b: without(b, "nif:anchorOf"), "nif:anchorOf", "quoted"),
    (SPAN, lambda b: re.sub('anchorOf ".*?"', 'anchorOf ""', b), "nif:anchorOf", "quoted"),
    (SPAN, lambda b: without(b, "nif:beginIndex"), "nif:beginIndex", "beginIndex"),
    (SPAN, lambda b: re.sub('endIndex ".*?"', 'endIndex "0"', b), "nif:beginIndex", "before its end"),
    (SPAN, lambda b: without(b, "nif:referenceContext"), "nif:referenceContext", "document"),
    (SPAN, lambda b: without(b, "kgx:confidence"), "kgx:confidence", "confidence"),
    (SPAN, lambda b: without(b, "kgx:rule"), "kgx:rule", "rule"),
    (SPAN, lambda b: b.replace(", kgx:Evidence", ""), "prov:wasDerivedFrom", "evidence"),
    (SPAN, lambda b: b.replace("#char=", "#line="), "", "#char="),
    (r"^position:", lambda b: without(b, "org:member"), "org:member", "one member"),
    (r"^position:", lambda b: re.sub("org:member [^ ]*", "org:member place:河城", b), "org:member", "Person"),
    (r"^position:", lambda b: without(b, "kgx:title"), "kgx:title", "title"),
    (r"^position:", lambda b: b.replace("@en", "@fr"), "kgx:title", "Chinese and English"),
    (
        r"^position:",
        lambda b: re.sub('kgx:title "', 'kgx:title "x"@en, "y"@en, "', b),
        "kgx:title",
        "one each",
    ),
    (r"^position:", lambda b: re.sub('"(.*?)"\\^\\^xsd:date', r'"\1"', b), "kgx:asOf", "xsd:date"),
    (r"^person:林泉", lambda b: without(b, "rdfs:label"), "rdfs:label", "Chinese label"),
    (r"^person:林泉", lambda b: b.replace("@zh", "@en"), "rdfs:label", "Chinese label"),
    (r"^person:Q101", lambda b: b.replace("wd:Q101", "<http://example.org/Q1>"), "owl:sameAs", "Wikidata"),
    (r"^place:", lambda b: b.replace("kgx:Place", "kgx:Place, kgx:Person"), "rdf:type", "one of the seven"),
    (r"NewsArticle", lambda b: b.replace("^^xsd:date", ""), "schema:datePublished", "xsd:date"),
    (r"^run:", lambda b: without(b, "kgx:version"), "kgx:version", "version"),
]


@pytest.mark.parametrize(("start", "change", "path", "words"), FAULTS)
def test_validate_finds(start, change, path, words, tmp_path):
    given = block(start)
    changed = change(given)
    assert changed != given
    file = tmp_path / "graph.ttl"
    file.write_text(TURTLE.replace(given, changed), encoding="utf-8")
    lines = [str(one) for one in validate_file(file)]
    assert any(path in line and words in line for line in lines), lines
    assert not any("\n" in line for line in lines)


def test_validate_says_what_is_wrong_in_one_readable_line(tmp_path):
    file = tmp_path / "graph.ttl"
    given = block(MEET)
    file.write_text(TURTLE.replace(given, given.replace("kgx:actual", "kgx:maybe")), encoding="utf-8")
    (finding,) = validate_file(file)
    assert re.fullmatch(
        r"fact:Meet-[0-9a-f]{20} kgx:status: The status is one of .* \(found kgx:maybe\)", str(finding)
    )


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.ttl", b"@prefix k: <a:> .\n\n<a:b> k:c <<<", "a.ttl:3: not valid"),
        ("a.trig", b"\xff\xfe", "a.trig:1: not valid TriG"),
        ("a.nq", b"<a:b> <a:c> <a:d> .\n<a:b> nonsense\n", "a.nq:2: not valid N-Quads"),
        ("a.jsonld", b'{"@id": ', "not valid JSON-LD"),
        ("a.txt", b"", "no RDF format"),
        ("a", b"", "no RDF format"),
        ("b.ttl", None, "can't be read"),
    ],
)  # fmt: skip
def test_validate_names_file_and_line_where_it_is_not_rdf(name, body, words, tmp_path):
    path = tmp_path / name
    if body is not None:
        path.write_bytes(body)
    with pytest.raises(KgxError) as fault:
        validate_file(path)
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)
