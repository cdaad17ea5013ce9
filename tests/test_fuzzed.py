"""What tools/fuzz.py found: each input once broke or hung kgx."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from reading import read as read_text

import kgx
from kgx.readers import read


@pytest.mark.parametrize(
    "text",
    [
        f"上海合作组织成员国{'中' * 200}\\{'中' * 40}元首理事会第二十四次会议4日在阿斯塔纳举行。",
        f"第三届{'中美英法德意日' * 12}峰会4日举行。",
        f"{'欧亚新日' * 20}论坛第十届会议举行。",
    ],
)
def test_fuzzed_runs_of_country_characters_are_read(text):
    doc, _ = read_text(text)
    assert doc.text == text


@pytest.mark.parametrize("head", ["<!-- saved -->", "<!DOCTYPEE html>", "<?xml?><!--a--><!--b-->"])
def test_fuzzed_comments_before_a_page_are_passed_over(tmp_path, head):
    path = tmp_path / "x.html"
    body = "<p>5月4日，甲国总统张三在河城会见乙国总理李四，双方就合作交换意见。</p>"
    path.write_text(f"{head}\n<html><body><div>{body}</div></body></html><!-- end -->", encoding="utf-8")
    (document,) = read([path])
    assert document.text == "5月4日，甲国总统张三在河城会见乙国总理李四，双方就合作交换意见。"


def test_fuzzed_archive_with_a_broken_name_is_reported(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("会谈.txt", "双方会谈。")
    data = path.read_bytes()
    name = "会谈.txt".encode()
    path.write_bytes(data.replace(name, b"\xe8" + name[1:], 1))  # in the member's own head alone
    skips = []
    assert not list(read([path], on_skip=skips.append))
    assert len(skips) == 1 and "zip" in skips[0].reason


@pytest.mark.parametrize("unit", ["王毅，", "王毅会见普京。", "“中国、"])
def test_fuzzed_very_many_mentions_of_one_name_are_read(unit):
    found = kgx.extract(unit * 8000, date="2024-03-05")
    assert len(found.mentions) >= 8000


def test_fuzzed_tool_runs(tmp_path):
    tool = Path(__file__).resolve().parent.parent / "tools" / "fuzz.py"
    command = [sys.executable, tool, "--count", "40", "--seed", "7", "--out", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("40 inputs: ")
