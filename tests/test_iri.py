import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kgx.errors import KgxError
from kgx.iri import LONGEST, Minter, check_base, clean, identity, segment

HOSTILE = [
    "", " ", ".", "..", "a b", 'say "x"', "<script>", "a>b", "甲\n乙", "\t", "😀", "شعب", "עם",
    "\u202eabc", "\ud800", "x\udfff", "\x00", "a/b", "a#b", "a?b", "100%", "%41", "\\", "{}|^`", "\ufffe",
    "A\u0301", "e" * 5000, "甲" * 5000, "夏·谢", "Ａ", "\U000e0001", "\ue000", "ﬁ", "नमस्ते", "\u2028",
]  # fmt: skip
texts = st.text(alphabet=st.characters(), max_size=200) | st.sampled_from(HOSTILE)


def parse_both(iri):
    line = f"<{iri}> <urn:p> <{iri}> .".encode()
    assert next(iter(ox.parse(line, format=ox.RdfFormat.TURTLE))).subject.value == iri
    assert str(next(iter(rdflib.Graph().parse(data=line, format="turtle")))[0]) == iri


@settings(deadline=None)
@given(texts)
def test_iri_of_any_name_is_valid(name):
    iri = Minter().entity(f"person/{name}")
    parse_both(iri)
    assert iri.encode().decode() == iri
    assert 1 <= len(segment(name)) <= LONGEST
    assert segment(name) not in (".", "..")
    assert not set(segment(name)) & set(" /#?<>\"'")


@settings(deadline=None)
@given(texts, texts)
def test_iri_tells_names_apart(one, two):
    assert (segment(one) == segment(two)) == (one == two)


@pytest.mark.parametrize(
    ("one", "two"), [("“甲乙”论坛", "甲乙论坛"), ("《甲法》", "甲法"), ("ＡＰＥＣ", "APEC"), ("a  b", "a b")]
)
def test_iri_identity_folds_what_the_printer_chose(one, two):
    assert identity(one) == identity(two)


def test_iri_identity_of_marks_alone_is_not_empty():
    assert identity("《》") == "《》"


def test_iri_keeps_chinese_readable():
    assert Minter().entity("person/夏巴兹·谢里夫") == "https://w3id.org/kgx-zh/id/person/夏巴兹·谢里夫"


def test_iri_of_a_long_name_does_not_break_an_escape():
    for pad in range(6):
        assert "%" not in segment("a" * pad + "：" * 500)[-22:]
        ox.NamedNode(Minter().topic("a" * pad + "：" * 500))


@pytest.mark.parametrize(
    "base", ["https://example.org/id/", "http://例子.测试/图/", "urn:kgx:", "http://h:80/a%20b/"]
)
def test_iri_base_is_taken(base):
    assert check_base(base) == base
    parse_both(Minter(base).document("甲 乙"))


@pytest.mark.parametrize(
    "base",
    ["", "example.org/", "https://", "https:///x/", "http://a b/", "http://a/<>/", "javascript:x/",
     "file:///etc/", "http://a/b", "http://a/%zz/", "http://a/#", "http://a/?q=/", "http://a/\n/"],
)  # fmt: skip
def test_iri_base_is_refused_with_one_line(base):
    with pytest.raises(KgxError) as fault:
        check_base(base)
    assert "\n" not in str(fault.value)
    assert "--base-iri" in str(fault.value)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=30))
def test_iri_clean_text_fits_xml_and_keeps_its_length(text):
    out = clean(text)
    assert len(out) == len(text)
    out.encode()
    from xml.etree import ElementTree

    ElementTree.fromstring(f"<a>{out.replace('&', '').replace('<', '').replace('>', '')}</a>")


def test_iri_encodes_characters_that_stand_for_others():
    assert segment("观察③") == "观察%E2%91%A2"
