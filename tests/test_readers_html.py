"""HTML pages."""

import difflib
import gzip
import json
from pathlib import Path

import pytest

from kgx.errors import Skip
from kgx.model import Document
from kgx.readers import read

SHARED = Path(__file__).resolve().parents[2] / "shared"
BODY = [
    "新华社海城3月4日电（记者张三）甲国外长张明4日在海城同乙国外长李华举行会谈。",
    "双方同意加强海洋合作，并签署文件。",
]
PAGE = """<!DOCTYPE html><html><head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>[视频]甲国外长到访_时政频道_海城网(x.example)</title>
<meta property="og:title" content="[视频]甲国外长到访"><meta name="keywords" content="外长 会谈">
<meta name="publishdate" content="2021-03-05"><meta name="source" content="海城日报">
<link rel="canonical" href="https://x.example/1.html">
<script>var publishDate="20200101"; document.write("<p>脚本里的话，不是正文。</p>")</script>
</head><body><nav><ul><li><a href="/">首页</a></li><li><a href="/a">时政新闻，国际新闻，社会新闻</a></li>
</ul></nav>
<h1>甲国外长到访</h1><div class="info">时间很重要</div>
<div class="article"><p>\u3000\u3000<b>新华社</b>海城3月4日电（记者张三）甲国外长张明4日在海城同乙国
外长李华举行会谈。<br></p><!-- c --><p>双方同意加强海洋合作，并签署文件。</p></div>
<div class="more"><ul><li><a href="/b">丙国总统抵达海城，开始访问。</a></li></ul></div>
<footer>版权所有，不得转载。</footer></body></html>"""


def one(path: Path) -> Document:
    skips: list[Skip] = []
    documents = list(read([path], on_skip=skips.append))
    assert skips == []
    return documents[0]


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "utf-16"])
def test_html_gives_title_and_paragraphs(tmp_path: Path, charset: str):
    path = tmp_path / "20210305-01.html"
    path.write_bytes(PAGE.format(charset=charset).replace("乙国\n", "乙国").encode(charset))
    document = one(path)
    assert document.id == "20210305-01"
    assert document.text.split("\n\n") == ["甲国外长到访", *BODY]
    assert (document.title, document.date, document.publisher) == ("甲国外长到访", "2021-03-05", "海城日报")
    assert (document.url, document.keywords) == ("https://x.example/1.html", ("外长", "会谈"))
    assert document.authors == ("张三",)
    assert [region.kind for region in document.regions] == ["title", "dateline", "body"]


def test_html_paragraphs_by_line_breaks(tmp_path: Path):
    path = tmp_path / "x.htm"
    lines = "<br/><br/>".join(BODY)
    path.write_text(
        f"<html><body><h2>甲国外长到访</h2><div><div>{lines}</div></div></body></html>", encoding="utf-8"
    )
    assert one(path).text.split("\n\n") == ["甲国外长到访", *BODY]


def test_html_date_is_not_taken_from_the_file_name(tmp_path: Path):
    path = tmp_path / "20210305.html"
    path.write_text(f"<html><body><p>{BODY[1]}{BODY[1]}</p></body></html>", encoding="utf-8")
    assert one(path).date is None


def test_html_wrong_statement_of_the_charset_does_no_harm(tmp_path: Path):
    path = tmp_path / "x.html"
    path.write_bytes(PAGE.format(charset="gb2312").encode("utf-8"))
    assert one(path).title == "甲国外长到访"
    path.write_bytes(PAGE.format(charset="klingon").encode("gb18030"))
    assert one(path).title == "甲国外长到访"


@pytest.mark.parametrize(
    "source",
    [
        "<" * 5000,
        "<div>" * 20_000,
        "<html>\x01\x02</html>",
        "<p>" + "&#x0;" * 50,
        "<!-- never closed",
        "<a><b></a></b>",
    ],
)
def test_html_hostile_pages_are_left_out(tmp_path: Path, source: str):
    path = tmp_path / "x.html"
    path.write_text(source, encoding="utf-8")
    skips: list[Skip] = []
    assert list(read([path], on_skip=skips.append)) == []
    assert len(skips) == 1


@pytest.mark.skipif(not (SHARED / "corpus/html").is_dir(), reason="../shared is not here")
def test_html_pages_give_the_text_of_the_items():
    pages = {path.stem: path for path in (SHARED / "corpus/html").glob("*.html")}
    items = {}
    with gzip.open(SHARED / "corpus/xwlb-2022-2024.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            item = json.loads(line)
            if item["id"] in pages:
                items[item["id"]] = item
    documents = {document.id: document for document in read(list(pages.values()))}
    assert documents.keys() == items.keys()
    close = 0
    for name, item in items.items():
        wanted = item["text"].split("\n\n---")[0]  # the collector's own note follows on some
        close += difflib.SequenceMatcher(None, documents[name].text, wanted, autojunk=False).ratio() >= 0.98
        assert documents[name].date == item["date"]
        assert documents[name].publisher == "央视网"
    assert close >= len(items) - 1
