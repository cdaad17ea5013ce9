import pytest
from articles import fact, first, second
from hostile import hostile

from kgx.errors import KgxError
from kgx.lexicon import load_lexicon
from kgx.merge import merge
from kgx.model import Document, Entity, Extraction
from kgx.rulebook import RuleFolder, load_tsv
from kgx.viz import fonts
from kgx.viz.charts import meetings, timeline, visits
from kgx.viz.links import Choice
from kgx.viz.picture import picture
from kgx.viz.places import CoordinateRow, coordinates

GRAPH = merge([first(), second()])


@pytest.fixture(scope="module", autouse=True)
def font():
    """Skips where no Chinese font is installed."""
    try:
        return fonts.chinese_font()
    except KgxError:
        pytest.skip("no Chinese font is installed")


@pytest.mark.parametrize("form, head", [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_picture_is_written_in_each_form_with_the_same_bytes(tmp_path, form, head):
    for name in ("one", "two"):
        picture(GRAPH, tmp_path / f"{name}.{form}", choice=Choice(top=60), title="两国")
    body = (tmp_path / f"one.{form}").read_bytes()
    assert body.startswith(head)
    assert body == (tmp_path / f"two.{form}").read_bytes()


def test_picture_of_names_with_signs_and_of_nothing(tmp_path):
    picture(merge([hostile()]), tmp_path / "a.svg", choice=Choice(), title="$x$ <b>")
    picture(merge([]), tmp_path / "b.png", choice=Choice(), title="")
    assert "<b>" not in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_picture_charts_draw_what_there_is(tmp_path):
    timeline(GRAPH, tmp_path / "t.png", choice=Choice(), title="时间")
    meetings(GRAPH, tmp_path / "m.png", choice=Choice(), title="会见")
    with pytest.raises(KgxError, match="no meetings"):
        meetings(merge([]), tmp_path / "n.png", choice=Choice(), title="")


def test_picture_without_a_chinese_font_names_a_package(monkeypatch):
    monkeypatch.setattr(fonts, "FAMILIES", ("DejaVu Sans",))
    with pytest.raises(KgxError, match="fonts-noto-cjk"):
        fonts.chinese_font()


def test_picture_refuses_a_font_file_that_is_none(tmp_path):
    (tmp_path / "x.ttf").write_bytes(b"no font")
    with pytest.raises(KgxError, match="can't be used as a font"):
        fonts.chinese_font(tmp_path / "x.ttf")


def test_picture_map_shows_visits_to_places_that_are_known(tmp_path):
    text = "甲国总统张三访问河内和开罗。"
    places = [Entity(name, "Place", (name,)) for name in ("河内", "开罗")]
    visit = fact("Visit", text, text, visitor=("张三",), destination=("河内", "开罗"), date="2024-01-02")
    entities = (Entity("张三", "Person", ("张三",)), *places)
    graph = merge([Extraction(Document("d", text), entities, facts=(visit,))])
    assert sorted(coordinates(graph)) == ["place/Q1858", "place/Q85"]
    visits(graph, tmp_path / "v.png", choice=Choice(), title="访问", known=coordinates(graph))
    with pytest.raises(KgxError, match="coordinates"):
        visits(GRAPH, tmp_path / "w.png", choice=Choice(), title="访问", known=coordinates(GRAPH))


def test_picture_coordinates_are_of_names_in_the_lexicon():
    names = {entry.name for entry in load_lexicon().entries}
    path = next(iter(RuleFolder().layers("coordinates.tsv")))
    assert [row.name for row in load_tsv(path, CoordinateRow) if row.name not in names] == []
