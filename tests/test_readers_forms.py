"""Forms, containers and encodings that are read."""

import gzip
import io
import json
import sys
import zipfile
from pathlib import Path

import pytest

from kgx.errors import KgxError, Skip
from kgx.model import Document
from kgx.readers import from_text, read

TITLE = "甲国外长到访"
BODY = "3月4日，甲国外长张明在海城同乙国外长李华举行会谈。双方同意加强海洋合作。"
TEXT = f"{TITLE}\n\n{BODY}"
TRADITIONAL = "甲國外長到訪\n\n3月4日，甲國外長張明在海城同乙國外長李華舉行會談。雙方同意加強海洋合作。"


def run(*inputs: object, **options: object) -> list[Document]:
    skips: list[Skip] = []
    documents = list(read([str(item) for item in inputs], on_skip=skips.append, **options))  # type: ignore[arg-type]
    assert skips == []
    return documents


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_readers_tell_the_encoding(tmp_path: Path, encoding: str):
    path = tmp_path / "x.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert run(path)[0].text == TEXT
    lines = tmp_path / "x.jsonl"
    record = json.dumps({"id": "a", "text": TEXT}, ensure_ascii=False)
    lines.write_bytes(f"{record}\n".encode(encoding))
    assert run(lines)[0].text == TEXT
    table = tmp_path / "x.csv"
    table.write_bytes(f'编号,正文\na,"{TEXT}"\n'.encode(encoding))
    assert run(table)[0].text == TEXT


@pytest.mark.parametrize("encoding", ["big5", "utf-8", "gb18030"])
def test_readers_keep_traditional_characters(tmp_path: Path, encoding: str):
    path = tmp_path / "x.txt"
    path.write_bytes(TRADITIONAL.encode(encoding))
    document = run(path)[0]
    assert document.text == TRADITIONAL
    assert document.title == "甲國外長到訪"


@pytest.mark.parametrize("text", ["外长", "关键词：", "双方会谈", "习近平会见普京", "标题,正文"])
def test_readers_tell_short_gb18030(tmp_path: Path, text: str):
    path = tmp_path / "x.txt"
    path.write_bytes(text.encode("gb18030"))
    assert run(path)[0].text == text


def test_readers_find_the_encoding_in_a_late_line(tmp_path: Path):
    path = tmp_path / "x.jsonl"
    first = "".join(f'{{"id": "{i}", "text": "{"plain " * 30}"}}\n' for i in range(1000))
    path.write_bytes(first.encode() + f'{{"id": "z", "text": "{BODY}"}}\n'.encode("gb18030"))
    assert run(path)[-1].text == BODY


def test_readers_take_the_given_encoding(tmp_path: Path):
    path = tmp_path / "x.txt"
    path.write_bytes("会談を行った。".encode("shift_jis"))
    assert run(path, encoding="shift_jis")[0].text == "会談を行った。"


def test_readers_normalize_line_ends_of_whole_files_only(tmp_path: Path):
    (tmp_path / "a.txt").write_bytes("甲\r\n\r\n乙。\r丙。".encode())
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": "b", "text": "甲\r\n\r\n乙。"}), encoding="utf-8")
    (tmp_path / "c.csv").write_bytes('id,text\r\nc,"甲\r\n\r\n乙。"\r\n'.encode())
    assert [document.text for document in run(tmp_path)] == [
        "甲\n\n乙。\n丙。",
        "甲\r\n\r\n乙。",
        "甲\r\n\r\n乙。",
    ]


def test_readers_keep_id_and_text_of_records(tmp_path: Path):
    text = f"\u3000\u3000{BODY}\n "
    record = {
        "id": "2021/a b", "text": text, "date": "2021年3月5日", "title": "另一标题", "url": "https://x.example/1",
        "entities": [], "facts": [{}], "keywords": ["外长", "会谈"], "authors": "张三、李 四",
        "source": "海城日报",
    }  # fmt: skip
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    document = run(path)[0]
    assert (document.id, document.text, document.date) == ("2021/a b", text, "2021-03-05")
    assert (document.title, document.publisher, document.url) == (
        "另一标题",
        "海城日报",
        "https://x.example/1",
    )
    assert (document.keywords, document.authors) == (("外长", "会谈"), ("张三", "李四"))
    assert [region.kind for region in document.regions] == ["body"]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2021-03-05", "2021-03-05"), ("2021/3/5", "2021-03-05"), ("2021.03.05", "2021-03-05"),
        ("20210305", "2021-03-05"), ("2021-03-05T23:30:00+08:00", "2021-03-05"),
        ("2021年3月5日 08:30", "2021-03-05"), ("2021-03-05 08:30:00", "2021-03-05"),
        ("", None), ("  ", None), (None, None), (20210305, "2021-03-05"),
    ],
)  # fmt: skip
def test_readers_date_field(tmp_path: Path, written: object, iso: str | None):
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"text": BODY, "date": written}), encoding="utf-8")
    assert run(path)[0].date == iso


def test_readers_date_option_is_the_last_resort(tmp_path: Path):
    path = tmp_path / "20200101.jsonl"
    page = f"{TITLE}\n发布时间：2021-03-06\n\n{BODY}\n"
    rows = [{"text": BODY, "date": "2021-03-05"}, {"text": page}, {"text": f"{BODY}再会。"}]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert [d.date for d in run(path, date="2021-03-07")] == ["2021-03-05", "2021-03-06", "2021-03-07"]
    assert [d.date for d in run(path)] == ["2021-03-05", "2021-03-06", None]


def test_readers_records_without_id_are_named_by_file_and_line(tmp_path: Path):
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(json.dumps({"text": f"{i}。"}) for i in range(2)), encoding="utf-8")
    assert [document.id for document in run(path)] == ["x-1", "x-2"]


@pytest.mark.parametrize("option", ["text=lede,date=when", {"text": "lede", "date": "when"}])
def test_readers_map_fields(tmp_path: Path, option: object):
    path = tmp_path / "x.csv"
    path.write_text(f"text,lede,when\nno,{BODY},2021-03-05\n", encoding="utf-8")
    document = run(path, fields=option)[0]
    assert (document.text, document.date) == (BODY, "2021-03-05")


def test_readers_known_names_of_fields(tmp_path: Path):
    (tmp_path / "a.tsv").write_text(
        f"编号\t标题\t正文\t日期\n1\t{TITLE}\t{BODY}\t2021-03-05\n", encoding="utf-8"
    )
    (tmp_path / "b.csv").write_text(f"Date,Text\n2021-03-06,{BODY}再会。\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(f"id;content\nc;{BODY}又见。\n", encoding="utf-8")
    documents = run(tmp_path)
    assert [d.id for d in documents] == ["1", "b-2", "c"]
    assert [d.date for d in documents] == ["2021-03-05", "2021-03-06", None]


def test_readers_json_forms(tmp_path: Path):
    record = {"id": "a", "text": BODY}
    (tmp_path / "a.json").write_text(json.dumps(record, indent=2), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps([{**record, "id": "b"}, {"text": TEXT}]), encoding="utf-8")
    lines = [json.dumps({**record, "id": "c"}), json.dumps({**record, "id": "d"})]
    (tmp_path / "c.json").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "e.json").write_text(json.dumps({"text": BODY}), encoding="utf-8")
    assert [document.id for document in run(tmp_path)] == ["a", "b", "b-2", "c", "d", "e"]


def test_readers_containers_give_the_same_document(tmp_path: Path):
    (tmp_path / "x.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "x.txt.gz").write_bytes(gzip.compress(TEXT.encode()))
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("in/x.txt", TEXT)
        archive.writestr("y.jsonl.gz", gzip.compress(json.dumps({"id": "y", "text": TEXT}).encode()))
    for name in ("x.txt", "x.txt.gz"):
        document = run(tmp_path / name)[0]
        assert (document.id, document.text) == ("x", TEXT)
    assert [(d.id, d.text) for d in run(tmp_path / "x.zip")] == [("x", TEXT), ("y", TEXT)]


def test_readers_walk_folders_in_order_and_read_each_file_once(tmp_path: Path):
    for name in ("b/x.txt", "a/x.txt", "a/y.txt", ".hidden/z.txt", "a/.z.txt", "README.md", "a/note.docx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{name}。{BODY}", encoding="utf-8")
    documents = run(tmp_path, tmp_path / "a", tmp_path / "a" / "*.txt")
    assert [document.id for document in documents] == ["a/x", "y", "b/x"]


def test_readers_ids_of_equal_names_in_one_folder(tmp_path: Path):
    (tmp_path / "x.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "x.md").write_text(TEXT, encoding="utf-8")
    ids = [document.id for document in run(tmp_path)]
    assert len(set(ids)) == 2 and all(name.endswith(("x.md", "x.txt")) for name in ids)


def test_readers_expand_patterns(tmp_path: Path):
    (tmp_path / "a").mkdir()
    for i in range(3):
        (tmp_path / "a" / f"{i}.txt").write_text(f"{i}。{BODY}", encoding="utf-8")
    assert [document.id for document in run(tmp_path / "**" / "[01].txt")] == ["0", "1"]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("gb18030"),
        json.dumps({"text": TEXT}).encode(),
        json.dumps({"text": TEXT}, indent=1).encode(),
        json.dumps([{"text": TEXT}]).encode(),
        gzip.compress(TEXT.encode()),
        f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body><p>{BODY}</p></body></html>".encode(),
    ],
    ids=["text", "gb18030", "lines", "json", "array", "gzip", "html"],
)
def test_readers_tell_the_form_of_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    documents = run("-")
    assert [document.text for document in documents] == [TEXT]
    assert not sys.stdin.buffer.closed


def test_readers_markdown_becomes_plain_text(tmp_path: Path):
    source = (
        f"---\ntitle: {TITLE}\ndate: 2021-03-05\ntags: [外长, 会谈]\n---\n\n"
        "**3月4日**，甲国外长[张明](https://x.example)在海城同乙国\n外长李华举行`会谈`。\n\n"
        "![照片](a.jpg)\n\n- 第一项\n- 第二项\n\n```\ncode\n```\n\n"
        "> 引文。\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n"
    )
    path = tmp_path / "x.md"
    path.write_text(source, encoding="utf-8")
    document = run(path)[0]
    assert document.text == (
        f"{TITLE}\n\n3月4日，甲国外长张明在海城同乙国外长李华举行会谈。\n\n"
        "第一项\n\n第二项\n\n引文。\n\n甲 乙\n\n一 二"
    )
    assert (document.id, document.title, document.date) == ("x", TITLE, "2021-03-05")
    assert document.keywords == ("外长", "会谈")


def test_readers_markdown_heading_is_the_title(tmp_path: Path):
    path = tmp_path / "x.md"
    path.write_text(f"# {TITLE}\n\n{BODY}\n", encoding="utf-8")
    document = run(path)[0]
    assert (document.text, document.title) == (TEXT, TITLE)


def test_from_text_annotates(tmp_path: Path):
    document = from_text(
        f"{TITLE}\n\n新华社海城3月4日电（记者张三）{BODY}", date="2021/3/5", url="https://x.example"
    )
    assert (document.id, document.date, document.title) == ("text", "2021-03-05", TITLE)
    assert (document.publisher, document.authors, document.url) == ("新华社", ("张三",), "https://x.example")
    assert [region.kind for region in document.regions] == ["title", "dateline", "body"]


@pytest.mark.parametrize(("text", "date"), [("", None), (" \n", None), (BODY, "soon")])
def test_from_text_refuses_what_is_no_document(text: str, date: str | None):
    with pytest.raises(KgxError):
        from_text(text, date=date)


def test_readers_read_a_date_that_they_know_as_they_did_at_first(tmp_path: Path):
    path = tmp_path / "x.jsonl"
    dates = ["2024年3月5日", "2024-03-05", "2024年3月5日", "", "2024-03-05"]
    records = [{"id": str(n), "date": date, "text": TEXT} for n, date in enumerate(dates)]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    found = [one.date for one in read([str(path)], annotated=False)]
    assert found == ["2024-03-05", "2024-03-05", "2024-03-05", None, "2024-03-05"]
