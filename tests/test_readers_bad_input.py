"""Bad input: one clear line for each fault, and everything else is read."""

import gzip
import json
import random
import zipfile
from pathlib import Path

import pytest

from kgx.errors import KgxError, Skip
from kgx.model import Document
from kgx.readers import parse_fields, read

GOOD = "甲国外长到访\n\n3月4日，甲国外长张明在海城同乙国外长李华举行会谈。\n"


def run(*inputs: object, **options: object) -> tuple[list[Document], list[Skip]]:
    skips: list[Skip] = []
    documents = list(read([str(item) for item in inputs], on_skip=skips.append, **options))  # type: ignore[arg-type]
    for skip in skips:
        assert "\n" not in str(skip)
        assert len(str(skip)) < 600
    return documents, skips


def test_readers_go_on_after_each_bad_file(tmp_path: Path):
    (tmp_path / "a.txt").write_text("", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(random.Random(1).randbytes(4000))
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(GOOD.encode() * 50)[:-30])
    (tmp_path / "d.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "e.zip").write_bytes(b"PK\x03\x04 no archive")
    (tmp_path / "f.txt").write_text(" \n\u3000\n", encoding="utf-8")
    (tmp_path / "g.html").write_text("<html><body></body></html>", encoding="utf-8")
    (tmp_path / "h.html").write_bytes(b"")
    (tmp_path / "i.md").write_text("---\na: [\n---\ntext\n", encoding="utf-8")
    (tmp_path / "j.json").write_text("{", encoding="utf-8")
    documents, skips = run(tmp_path)
    assert [document.id for document in documents] == ["d"]
    assert sorted({Path(skip.path).name[0] for skip in skips}) == list("abcefghij")
    assert len(skips) == 9
    reasons = {Path(skip.path).name[0]: skip.reason for skip in skips}
    assert "empty" in reasons["a"] or "no text" in reasons["a"]
    assert "encoding" in reasons["b"] or "binary" in reasons["b"]
    assert "gzip" in reasons["c"]
    assert "zip" in reasons["e"]
    assert "front matter" in reasons["i"]


def test_readers_name_the_line_of_invalid_json(tmp_path: Path):
    lines = [json.dumps({"id": f"d{i}", "text": f"第{i}天，{GOOD}"}, ensure_ascii=False) for i in range(10)]
    lines[2] = lines[2][:-5]
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    documents, skips = run(path)
    assert len(documents) == 9
    assert [skip.line for skip in skips] == [3]
    assert "JSON" in skips[0].reason


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('{"id": "a", "title": "x"}', "no field for the text"),
        ('{"id": "a", "text": 5}', "not text"),
        ('{"id": "a", "text": null}', "not text"),
        ('{"id": "a", "text": ""}', "empty"),
        ('{"id": "a", "text": "  \\n"}', "empty"),
        ('{"id": {}, "text": "双方会谈。"}', "an object, no id"),
        ('{"id": ["a"], "text": "双方会谈。"}', "a list, no id"),
        ('{"id": true, "text": "双方会谈。"}', "a truth value, no id"),
        ("[1, 2]", "a list"),
        ('"text"', "a string"),
        ("null", "null"),
        ("[" * 100_000, "nested"),
        ("1" * 10_000, "JSON"),
        ('{"id": "a", "text": "双方会谈。", "date": "soon"}', "YYYY-MM-DD"),
        ('{"id": "a", "text": "双方会谈。", "date": "2021-02-30"}', "YYYY-MM-DD"),
        ('{"id": "a", "text": "双方会谈。", "date": "2021-03"}', "YYYY-MM-DD"),
        ('{"id": "a", "text": "双方会谈。", "date": 1614800000}', "YYYY-MM-DD"),
    ],
)
def test_readers_report_a_bad_record(tmp_path: Path, line: str, word: str):
    path = tmp_path / "x.jsonl"
    path.write_text(f'{line}\n{{"id": "good", "text": "双方会谈。"}}\n', encoding="utf-8")
    documents, skips = run(path)
    assert [document.id for document in documents] == ["good"]
    assert [skip.line for skip in skips] == [1]
    assert word in skips[0].reason


def test_readers_pass_over_a_line_of_50_megabytes(tmp_path: Path):
    path = tmp_path / "x.jsonl"
    with path.open("wb") as file:
        file.write(b'{"id": "a", "text": "one."}\n{"id": "long", "text": "')
        for _ in range(50):
            file.write(b"x" * 2**20)
        file.write(b'"}\n{"id": "b", "text": "two."}\n')
    documents, skips = run(path)
    assert [document.id for document in documents] == ["a", "b"]
    assert [skip.line for skip in skips] == [2]
    plain = tmp_path / "plain.txt"
    plain.write_bytes(b"y" * 50 * 2**20)
    documents, skips = run(plain)
    assert documents == [] and len(skips) == 1


def test_readers_refuse_a_text_that_is_too_long(tmp_path: Path):
    path = tmp_path / "x.txt"
    path.write_text("会" * 1_000_001, encoding="utf-8")
    documents, skips = run(path)
    assert documents == [] and "split it" in skips[0].reason


def test_readers_refuse_what_expands_without_measure(tmp_path: Path):
    bomb = b" " * (40 * 2**20)
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(bomb))
    with zipfile.ZipFile(tmp_path / "y.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.jsonl", bomb)
        archive.writestr("good.txt", GOOD)
    documents, skips = run(tmp_path)
    assert [document.id for document in documents] == ["good"]
    assert len(skips) == 2 and all("expands" in skip.reason for skip in skips)


def test_readers_are_not_led_astray_by_names_in_archives(tmp_path: Path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.txt", GOOD)
        archive.writestr("/etc/other.txt", GOOD + "再会。")
        archive.writestr("a\nb.txt", GOOD + "又见。")
        archive.writestr("in.zip", b"PK\x03\x04")
        archive.writestr("__MACOSX/._evil.txt", b"\x00")
    documents, skips = run(path)
    assert sorted(document.id for document in documents) == ["a\nb", "evil", "other"]
    assert len(skips) == 1 and "unpack" in skips[0].reason
    assert sorted(item.name for item in tmp_path.iterdir()) == ["x.zip"]


def test_readers_report_a_damaged_member_only(tmp_path: Path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", GOOD)
        archive.writestr("b.txt", GOOD + "再会。")
    path.write_bytes(path.read_bytes().replace("到访".encode(), "到达".encode(), 1))
    documents, skips = run(path)
    assert [document.id for document in documents] == ["b"]
    assert [skip.path for skip in skips] == [f"{path}!a.txt"]


def test_readers_report_what_is_not_there(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.png").write_bytes(b"\x89PNG\r\n")
    documents, skips = run(
        tmp_path / "empty",
        tmp_path / "other",
        tmp_path / "none.txt",
        tmp_path / "*.txt",
        "x" * 300,
        "a\x00b",
    )
    assert documents == [] and len(skips) == 6
    assert "no articles" in skips[0].reason and "no such file" in skips[2].reason


def test_readers_report_repeated_ids(tmp_path: Path):
    rows = [("a", "双方会谈。"), ("a", "双方会谈。"), ("a", "双方签约。"), ("b", "双方会谈。")]
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(json.dumps({"id": i, "text": t}) for i, t in rows), encoding="utf-8")
    documents, skips = run(path)
    assert [document.id for document in documents] == ["a", "b"]
    assert [skip.line for skip in skips] == [2, 3]
    assert "same document" in skips[0].reason and "another text" in skips[1].reason
    assert f"{path}:1" in skips[1].reason


def test_readers_report_a_table_without_text_once(tmp_path: Path):
    (tmp_path / "x.csv").write_text("a,b\n" + "1,2\n" * 50, encoding="utf-8")
    (tmp_path / "y.csv").write_text("id,text\n1,双方会谈。\n2,双方,签约。\n3,双方再会。\n", encoding="utf-8")
    documents, skips = run(tmp_path)
    assert [document.id for document in documents] == ["1", "3"]
    assert [(Path(skip.path).name, skip.line) for skip in skips] == [("x.csv", 2), ("y.csv", 3)]


def test_readers_report_the_wrong_encoding(tmp_path: Path):
    path = tmp_path / "x.txt"
    path.write_bytes(GOOD.encode("gb18030"))
    documents, skips = run(path, encoding="utf-8")
    assert documents == [] and "--encoding" in skips[0].reason


def test_readers_truncated_gzip_of_records_keeps_what_came_before(tmp_path: Path):
    noise = random.Random(2)
    rows = [{"id": str(i), "text": f"双方会谈。{noise.getrandbits(400)}"} for i in range(3000)]
    data = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(data[: len(data) // 2])
    documents, skips = run(path)
    assert 500 < len(documents) < 2999
    assert len(skips) == 1 and "gzip" in skips[0].reason


@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "klingon"},
        {"encoding": "hex"},
        {"date": "yesterday"},
        {"fields": "text"},
        {"fields": "body=x"},
    ],
)
def test_readers_refuse_wrong_options_at_once(options: dict[str, str]):
    with pytest.raises(KgxError):
        read(["x"], **options)  # type: ignore[arg-type]


def test_readers_refuse_a_mapped_field_that_is_missing(tmp_path: Path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a", "text": "双方会谈。"}\n', encoding="utf-8")
    documents, skips = run(path, fields="text=content")
    assert documents == [] and "'content'" in skips[0].reason


def test_readers_parse_the_field_option():
    assert parse_fields("text=content, date=pubdate") == {"text": "content", "date": "pubdate"}
    assert parse_fields({"text": "正文"}) == {"text": "正文"}
    assert parse_fields(None) == {}


def test_readers_replace_lone_surrogates_keeping_offsets(tmp_path: Path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a\\ud800", "text": "双方\\ud800会谈。"}\n', encoding="utf-8")
    documents, skips = run(path)
    assert skips == []
    assert documents[0].text == "双方\ufffd会谈。"
    documents[0].id.encode("utf-8")


def test_readers_name_the_row_whose_quotation_mark_has_no_end(tmp_path: Path):
    path = tmp_path / "x.csv"
    path.write_text(
        'id,text\na,双方会谈。\nb,"双方\n会谈。"\nc,"双方会谈。\nd,双方会谈。\n', encoding="utf-8"
    )
    documents, skips = run(path)
    assert [document.id for document in documents] == ["a", "b"]
    assert [skip.line for skip in skips] == [5]
    assert "has no end" in skips[0].reason
