"""What posts are called in English, by title and body."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDFS

from kgx.errors import RuleError
from kgx.knowledge import KnowledgeGraph
from kgx.merge import merge
from kgx.model import Document, Entity, Extraction, Position
from kgx.posts import Posts
from kgx.resolve.policy import load_policy
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.posts import PostRules
from kgx.viz.links import statements

KGX = rdflib.Namespace("https://w3id.org/kgx-zh/ontology#")
CHINA, GERMANY, FRANCE = "country/CHN", "country/DEU", "country/FRA"
RUSSIA, BRITAIN, USA = "country/RUS", "country/GBR", "country/USA"


@pytest.fixture(scope="module")
def posts() -> Posts:
    return load_policy().background.posts


@pytest.mark.parametrize(
    ("title", "body", "english"),
    [
        ("总统", FRANCE, "president"),
        ("主席", CHINA, "president"),
        ("主席", RUSSIA, None),  # of what, the document does not say
        ("主席", "organization/某党", "chair"),
        ("总理", CHINA, "premier"),
        ("总理", GERMANY, "chancellor"),
        ("总理", FRANCE, "prime minister"),
        ("总理", None, None),
        ("副总理", CHINA, "vice premier"),
        ("副总理", RUSSIA, "deputy prime minister"),
        ("外交大臣", BRITAIN, "foreign secretary"),
        ("国防部长", USA, "secretary of defense"),
        ("行长", "organization/甲国央行", "governor"),
        ("行长", "organization/某某银行", "president"),
        ("院长", "organization/某某法院", "president"),
        ("院长", "organization/某某医院", None),
    ],
)
def test_posts_follow_the_body(posts: Posts, title: str, body: str | None, english: str | None) -> None:
    assert posts.title(title, body) == english


@pytest.mark.parametrize(
    ("title", "english"),
    [
        ("前总统", "former president"),
        ("代总统", "acting president"),
        ("当选总统", "president-elect"),
        ("外交部长", "foreign minister"),
        ("副总理兼外长", "deputy prime minister and foreign minister"),
        ("前副总理兼财政部长", "former deputy prime minister and finance minister"),
        ("经济和财政部长", "economy and finance minister"),
        ("副外交部长", "deputy foreign minister"),
        ("驻华大使", "ambassador to China"),
        ("驻美国大使", "ambassador to the United States"),
        ("常驻联合国代表", "permanent representative to the United Nations"),
        ("海洋深处部长", None),
        ("驻海国大使", None),
        ("前", None),
        ("某某中心主任", None),
    ],
)
def test_posts_are_put_together(posts: Posts, title: str, english: str | None) -> None:
    assert posts.title(title, RUSSIA) == english


def test_posts_that_are_past_within_their_title(posts: Posts) -> None:
    assert posts.title("省委原书记", "place/某省") == "former secretary of the provincial Party committee"


def test_posts_that_never_end_are_left_alone(posts: Posts) -> None:
    assert posts.title("前" * 50 + "总统", FRANCE) is None


def _graph() -> KnowledgeGraph:
    entities = (
        Entity("甲某", "Person", ("甲某",)),
        Entity("法国", "Country", ("法国",), "country/FRA", "Q142", "France"),
        Entity("河城大学", "Organization", ("河城大学",)),
    )
    held = (
        Position("甲某", "总统", "法国", 0, 4),
        Position("甲某", "校长", "河城大学", 5, 9),
        Position("甲某", "飘渺使", None, 5, 9),
    )
    return merge([Extraction(Document("a", "法国总统甲某。河城大学校长甲某"), entities, positions=held)])


def test_posts_stand_in_the_graph_in_both_languages() -> None:
    made = _graph().to_rdflib()

    def said(title: str) -> tuple[set[str], set[str]]:
        node = made.value(None, KGX.title, rdflib.Literal(title, "zh"))
        return (
            {one.n3() for one in made.objects(node, KGX.title)},
            {one.n3() for one in made.objects(node, RDFS.label)},
        )

    assert said("总统") == ({'"总统"@zh', '"president"@en'}, {'"总统"@zh', '"president (France)"@en'})
    assert said("校长") == ({'"校长"@zh', '"president"@en'}, {'"校长"@zh', '"president"@en'})
    assert said("飘渺使") == ({'"飘渺使"@zh'}, {'"飘渺使"@zh'})


def test_posts_are_the_same_in_every_form() -> None:
    graph = _graph()
    whole = graph.to_rdflib()
    expected = set(whole.triples((None, KGX.title, None)))
    for text, form in ((graph.to_turtle(), "turtle"), (graph.to_jsonld(), "json-ld")):
        assert set(rdflib.Graph().parse(data=text, format=form).triples((None, KGX.title, None))) == expected
    for text, form in ((graph.to_nquads(), "nquads"), (graph.to_trig(), "trig")):
        found = rdflib.Dataset()
        found.parse(data=text, format=form)
        assert {(s, p, o) for s, p, o, _ in found.quads((None, KGX.title, None, None))} == expected


def test_posts_are_told_to_pages() -> None:
    found = {dict(one.roles)["position"].value: one.title_en for one in statements(_graph())}
    assert found == {"总统": "president", "校长": "president", "飘渺使": None}


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("patterns: [{zh: '前{title}', en: former}]", "one slot"),
        ("patterns: [{zh: '前{nothing}', en: 'former {nothing}'}]", "no list 'nothing'"),
        ("bodies: [{names: 甲, kind: x, titles: {}}]", "kind"),
    ],
)
def test_posts_rules_that_are_wrong_are_named(tmp_path: Path, rules: str, said: str) -> None:
    (tmp_path / "posts.yml").write_text(rules, encoding="utf-8")
    with pytest.raises(RuleError, match=said):
        load_yaml(RuleFolder(tmp_path).find("posts.yml"), PostRules)
