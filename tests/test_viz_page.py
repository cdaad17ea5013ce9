import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from articles import first, second
from hostile import BREAK, EVIL, hostile, many

import kgx.viz
from kgx import records
from kgx.errors import KgxError, OptionError
from kgx.merge import merge
from kgx.viz.draw import viz
from kgx.viz.links import Choice
from kgx.viz.page import LARGEST, page

VENDOR = Path(kgx.viz.__file__).parent / "vendor"


def data_of(html):
    packed = re.search(r'id="data">([A-Za-z0-9+/=]*)<', html)
    return json.loads(gzip.decompress(base64.b64decode(packed[1])))


def folder_with(tmp_path, *extractions):
    lines = "".join(records.dumps(one) + "\n" for one in extractions)
    (tmp_path / "extractions.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


def test_page_names_no_host_but_where_links_lead():
    html = page(merge([first(), second()]))
    tags = re.sub(r"<script>.*?</script>|<style.*?</style>", "", html, flags=re.S)
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", tags)
    assert "@import" not in html and "url(" not in re.search("<style.*?</style>", html, re.S)[0]


def test_page_allows_its_own_scripts_by_hash_and_no_other():
    html = page(merge([first()]))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    scripts = re.findall(r"<script>(.*?)</script>", html, re.S)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy and "connect-src" not in policy


def test_page_keeps_words_of_documents_out_of_its_markup():
    html = page(merge([hostile()], mentions=True), title=BREAK)
    assert EVIL not in html and "window.pwned" not in html.replace("&lt;script&gt;window.pwned=2", "")
    held = data_of(html)
    assert EVIL in [node[2] for node in held["nodes"]]
    assert held["documents"][0][0] == BREAK


def test_page_marks_the_words_that_fill_roles():
    held = data_of(page(merge([first(), second()], mentions=True)))
    meet = next(row for row in held["statements"] if row[0] == "Meet" and len(row[5]) == 3)
    pieces = meet[7][0][1]
    assert "".join(pieces) == "海国总统高山2日在河城同山国总理林泉举行会谈"
    assert pieces[1::2] == ["高山", "河城", "林泉"]


def test_page_is_the_same_each_time():
    assert page(merge([first(), second()])) == page(merge([second(), first()]))


def test_page_of_two_thousand_nodes_stays_within_a_megabyte():
    html = page(merge([many(2400)]))
    assert len(html.encode()) <= LARGEST
    held = data_of(html)
    assert len(held["nodes"]) == 2000
    assert "cytoscape" in html and "graphology" not in html


def test_page_of_more_nodes_is_drawn_by_sigma():
    html = page(merge([many(2400)]), choice=Choice(top=2300))
    assert len(data_of(html)["nodes"]) == 2300
    assert "graphology" in html and "cytoscape.min" not in html


def test_page_of_an_empty_graph():
    assert data_of(page(merge([])))["nodes"] == []


def test_page_libraries_are_those_that_are_pinned():
    for pinned in json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8")):
        for path, checksum in pinned["files"].items():
            body = (VENDOR / pinned["package"] / Path(path).name).read_bytes()
            assert hashlib.sha256(body).hexdigest() == checksum
        assert any("LICENSE" in path for path in pinned["files"])


def test_page_of_a_folder(tmp_path):
    folder = folder_with(tmp_path, first(), second())
    assert viz(folder) == folder / "network.html"
    graph = merge([first(), second()])
    totals = [len(graph.entities), len(graph.facts) + len(graph.positions), 2]
    assert data_of((folder / "network.html").read_text(encoding="utf-8"))["totals"] == totals


def test_page_says_what_is_wrong(tmp_path):
    with pytest.raises(KgxError, match="give the folder that"):
        viz(tmp_path)
    folder = folder_with(tmp_path, first())
    with pytest.raises(OptionError, match="no form of picture"):
        viz(folder, tmp_path / "x.gif")
    with pytest.raises(OptionError, match="near it: 高山"):
        viz(folder, ego="高小山")
    with pytest.raises(OptionError, match="none of"):
        viz(folder, types=["Greet"])
    with pytest.raises(OptionError, match="no date"):
        viz(folder, first="gestern")
    with pytest.raises(OptionError, match="lies before"):
        viz(folder, first="2024", last="2023")
    (tmp_path / "extractions.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(KgxError, match=r"extractions\.jsonl:1: not valid JSON"):
        viz(folder)
