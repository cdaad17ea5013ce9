import csv
import io
import os
import subprocess
import sys

import pytest
from articles import first, second

from kgx import records
from kgx.choose import choose, periods
from kgx.errors import OptionError, RuleError
from kgx.measure import as_table, measure
from kgx.merge import merge
from kgx.stats import change, communities, stats, to_csv
from kgx.viz.draw import viz
from kgx.viz.links import Choice

GRAPH = merge([first(), second()])


def folder_with(tmp_path):
    lines = "".join(records.dumps(one) + "\n" for one in (first(), second()))
    (tmp_path / "extractions.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


def test_stats_rank_who_is_linked_most():
    rows = stats(GRAPH, Choice())
    assert rows[0].label == "林泉"
    assert rows[0].degree == 5
    assert sum(row.pagerank for row in rows) == pytest.approx(1, abs=1e-4)
    assert {row.core for row in rows} <= {1, 2, 3}


def test_stats_of_comentions_count_documents():
    rows = stats(GRAPH, Choice(), projection="comentions")
    assert {row.label for row in rows} == {"高山", "林泉", "海国", "山国"}
    assert all(row.degree == 3 and row.strength == 6 for row in rows)


def test_stats_refuse_an_unknown_projection():
    with pytest.raises(OptionError, match="no projection"):
        stats(GRAPH, Choice(), projection="love")


def test_stats_of_an_empty_part():
    assert stats(merge([]), Choice()) == []
    assert as_table([], 5).startswith("nothing")


def test_stats_communities_part_what_is_not_linked():
    links = {("a", "b"): 3, ("b", "c"): 3, ("a", "c"): 3, ("x", "y"): 1}
    assert communities(["a", "b", "c", "x", "y"], links) == [["a", "b", "c"], ["x", "y"]]


def test_stats_change_between_two_periods():
    before, after = periods("2023:2024")
    rows = change(GRAPH, Choice(), before, after)
    high = next(row for row in rows if row.label == "高山")
    assert high.rank_before is None and high.rank_after is not None
    assert high.strength_after > high.strength_before == 0


@pytest.mark.parametrize("value", ["2023", "2023:x", "2023:2024:2025", ""])
def test_stats_refuse_what_is_no_two_periods(value):
    with pytest.raises(OptionError, match="--change"):
        periods(value)


def test_stats_as_csv_is_no_formula():
    rows = stats(GRAPH, Choice())
    read = list(csv.DictReader(io.StringIO(to_csv(rows))))
    assert [row["label"] for row in read] == [row.label for row in rows]
    evil = [rows[0].__class__(**{**{n: getattr(rows[0], n) for n in rows[0].__slots__}, "label": "=1+1"})]
    assert "'=1+1" in to_csv(evil)


def test_stats_table_is_aligned_where_characters_are_wide(tmp_path):
    rows = measure(folder_with(tmp_path))
    table = as_table(rows, 3).splitlines()
    assert table[0].startswith("type") and table[-1].startswith("and ")


def test_stats_and_pictures_obey_a_rules_folder(tmp_path):
    folder, rules = folder_with(tmp_path), tmp_path / "rules"
    with pytest.raises(OptionError, match="--rules"):
        measure(folder, rules=rules)
    rules.mkdir()
    (rules / "facts.yml").write_text("types: {Meet: {zh: 晤谈}}\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"facts\.yml"):
        viz(folder, rules=rules)


def test_stats_of_a_period_count_undated_facts_by_when_they_are_told():
    rows = stats(GRAPH, choose(GRAPH, first="2024-03-03", last="2024-03-03"))
    assert "自由航行倡议" in {row.label for row in rows}  # a stance, which has no date


def test_stats_do_not_depend_on_hash_seeds(tmp_path):
    folder = folder_with(tmp_path)
    runs = [
        subprocess.run(
            [sys.executable, "-m", "kgx", "stats", str(folder)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
