from html.parser import HTMLParser

from click.testing import CliRunner

from kgx.cli import main

TEXT = "3月2日，国家主席习近平在北京同俄罗斯总统普京举行会谈。普京表示，希望中方支持这一方案。"


def explained(*arguments):
    done = CliRunner().invoke(main, ["explain", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


def test_explain_shows_clauses_names_dates_and_facts():
    text = explained(TEXT, "--date", "2024-03-05")
    for line in (
        "subject: 习近平 · at: 北京 · with: 普京",
        "speaker: 普京",
        "name    中方 = 中国 (Country, side)",
        "date    3月2日 = 2024-03-02",
        "✓ talks (Meet) at 举行会谈",
        "Meet: participant 习近平、普京, place 北京, date 2024-03-02, actual [CONSULT]",
    ):
        assert line in text


def test_explain_says_why_a_rule_made_nothing():
    assert "✗ support (Stance) at 支持: under a word of `not_under` (希望)" in explained(TEXT)
    assert "(Meet) at 会见: needs participant: 1 of 2" in explained("习近平会见有关人员。")
    said = explained("3月2日，习近平会见普京。习近平同普京会谈。", "--date", "2024-03-05")
    assert "one fact with what talks made" in said


def test_explain_tells_of_the_schema():
    assert "stopped by the schema: " in explained("中国援助中国。")


def test_explain_shows_parts_of_words_on_demand():
    text = "喀布尔机场遭到袭击。"
    assert "a word reaches over its edge" not in explained(text)
    assert "a word reaches over its edge" in explained(text, "--all")


def test_explain_reads_a_file(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text("习近平会见普京\n\n3月2日，习近平在北京会见普京。\n", encoding="utf-8")
    said = explained(path, "--date", "2024-03-05")
    assert "[title]" in said
    assert "left out: the body tells it with more names" in said


def test_explain_page_is_whole_and_escaped(tmp_path):
    out = tmp_path / "explain.html"
    explained('<script>alert("x")</script>习近平会见普京 & 马克龙。', "-o", out)
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "习近平" in page
    tags = set()

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.add(tag)
            assert not {"src", "href", "onclick"} & {name for name, _ in attrs}

    Tags().feed(page)
    assert "script" not in tags
    assert "link" not in tags
