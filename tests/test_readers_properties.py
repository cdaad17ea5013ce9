"""Readers on anything: the text comes back as it was, or one line says why not."""

import csv
import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgx.errors import KgxError
from kgx.readers import from_text, parse_fields, read

quick = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
chinese = st.text(
    st.sampled_from("中国外长在北京同法会见了他们说和平，。、；：“”《》（）0123456789年月日ABc \n\u3000"),
    max_size=80,
).map(lambda text: f"双方会谈。{text}。")
anything = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60).map(
    lambda text: f"双方会谈。{text}"
)
SUFFIXES = (".txt", ".html", ".md", ".json", ".jsonl", ".csv", ".tsv", ".txt.gz", ".zip", ".dat")


def run(path, **options):
    skips = []
    documents = list(read([str(path)], on_skip=skips.append, **options))
    for skip in skips:
        assert "\n" not in str(skip) and len(str(skip)) < 800
    for document in documents:
        last = 0
        for region in document.regions:
            assert last <= region.start < region.end <= len(document.text)
            assert not document.text[last : region.start].strip()
            last = region.end
        assert not document.text[last:].strip()
    return documents, skips


@quick
@given(chinese, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_readers_give_a_text_back_in_any_encoding(tmp_path, text, encoding):
    path = tmp_path / "x.txt"
    path.write_bytes(text.encode(encoding))
    documents, skips = run(path)
    assert not skips
    assert documents[0].text == text


@quick
@given(st.lists(anything, min_size=1, max_size=4))
def test_readers_give_the_text_of_records_back(tmp_path, texts):
    rows = [{"id": f"r{number}", "text": text} for number, text in enumerate(texts)]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "x.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    table = io.StringIO()
    writer = csv.DictWriter(table, ["id", "text"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (tmp_path / "x.csv").write_text(table.getvalue(), encoding="utf-8", newline="")
    for name in ("x.jsonl", "x.json"):
        documents, skips = run(tmp_path / name)
        assert not skips and [one.text for one in documents] == texts
    documents, skips = run(tmp_path / "x.csv")
    assert not skips and [one.text for one in documents] == texts


@quick
@given(st.binary(max_size=300) | anything.map(str.encode), st.sampled_from(SUFFIXES))
def test_readers_take_any_bytes_under_any_name(tmp_path, data, suffix):
    path = tmp_path / f"x{suffix}"
    path.write_bytes(data)
    documents, skips = run(path)
    assert documents or skips


@quick
@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=4))
def test_readers_take_any_names_in_archives(tmp_path, names):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(names):
            try:
                archive.writestr(f"{name}.txt", f"双方第{number}次会谈。")
            except (ValueError, IndexError):  # zipfile's own limits
                continue
    documents, _ = run(path)
    assert len({one.id for one in documents}) == len(documents)
    assert [one.name for one in tmp_path.iterdir()] == ["x.zip"]


@quick
@given(st.text(max_size=60))
def test_readers_options_give_a_map_or_one_line(option):
    try:
        found = parse_fields(option)
    except KgxError as fault:
        assert "\n" not in str(fault)
    else:
        assert all(found.values())


@quick
@given(st.text(max_size=20))
def test_readers_dates_are_days_or_refused(text):
    try:
        document = from_text("双方会谈。", date=text)
    except KgxError as fault:
        assert "\n" not in str(fault)
    else:
        assert document.date is None or len(document.date) == 10


@pytest.mark.parametrize("tag", ["div", "p", "table", "a", "ul", "span", "font", "blockquote"])
def test_readers_take_html_nested_deeply(tmp_path, tag):
    path = tmp_path / "x.html"
    text = "3月4日，甲国外长张明在海城同乙国外长李华举行会谈，双方就合作交换意见。"
    path.write_text(f"<html><body>{f'<{tag}>' * 20_000}{text}", encoding="utf-8")
    documents, skips = run(path)
    assert documents or skips


def test_readers_limits_are_the_users(tmp_path):
    (tmp_path / "mine").mkdir()
    limits = "- {line: 1, file: 1, text: 10, ratio: 300, small: 8}\n"
    (tmp_path / "mine" / "limits.yml").write_text(limits, encoding="utf-8")
    from kgx.rulebook import RuleFolder

    (tmp_path / "x.txt").write_text("双方会谈，并交换了意见。", encoding="utf-8")
    (tmp_path / "y.txt").write_text("双方会谈。", encoding="utf-8")
    (tmp_path / "z.jsonl").write_text('{"text": "%s"}' % ("会" * 400_000), encoding="utf-8")
    skips = []
    found = read([tmp_path], on_skip=skips.append, rules=RuleFolder(tmp_path / "mine"))
    assert [one.id for one in found] == ["y"]
    assert sorted(skip.reason for skip in skips) == [
        "the line is longer than 1 MB; put one document on a line",
        "the text has 12 characters, more than 10; split it into articles",
    ]


def test_readers_refuse_front_matter_whose_aliases_explode(tmp_path):
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    path = tmp_path / "x.md"
    path.write_text("\n".join(["---", *lines, "date: *i", "---", "双方会谈。"]), encoding="utf-8")
    documents, skips = run(path)
    assert not documents and "front matter" in skips[0].reason
