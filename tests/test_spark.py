"""Spark in local mode gives what `kgx build` gives."""

import json
import os
import re
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from kgx import run
from kgx.cli import main
from kgx.exchange import TABLES, export

pytest.importorskip("pyspark", reason="needs pyspark: pip install 'kgx-zh[spark]'")
parquet = pytest.importorskip("pyarrow.parquet")
import pyarrow as pa  # noqa: E402


def _java() -> int:
    if not shutil.which("java"):
        return 0
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


pytestmark = pytest.mark.skipif(_java() < 17, reason="needs Java 17")

CONF = [
    f"--conf={setting}"
    for setting in (
        "spark.master=local[2]",
        "spark.ui.enabled=false",
        "spark.ui.showConsoleProgress=false",
        "spark.driver.bindAddress=127.0.0.1",
        "spark.driver.host=127.0.0.1",
        "spark.sql.shuffle.partitions=2",
        "spark.sql.files.maxPartitionBytes=1500",  # so that the JSON Lines lie in several blocks
        "spark.sql.files.openCostInBytes=0",
    )
]
RECORDS = [
    {"id": f"n{number}", "date": f"2024-05-{number + 1:02}", "text": text}
    for number, text in enumerate(
        [
            "5月1日，中国国家主席习近平在北京同法国总统马克龙举行会谈。",
            "法国总统马克龙（Emmanuel Macron）2日访问上海合作组织秘书处。",
            "外交部发言人毛宁3日表示，中方支持巴勒斯坦成为联合国正式会员国。",
            "新西兰海岸协会同挪威渔业学会4日在奥斯陆签署合作备忘录。",
            "5日，挪威渔业学会会长汉森会见新西兰海岸协会代表团。",
            "法国总统府6日发表声明，谴责这次袭击。",
            "5月1日，中国国家主席习近平同法国总统马克龙举行会谈。",  # again, without the place: one fact
            "挪威外交大臣安德森在奥斯陆会见越南外长。",
            "瑞典外交大臣安德森会见越南外长。",  # of that name, and another person
        ]
    )
]


@pytest.fixture(scope="module", autouse=True)
def _another_python(tmp_path_factory):
    """What is called python3 here has no kgx: the workers are to run under the Python of the tests."""
    folder = tmp_path_factory.mktemp("bin")
    for name in ("python", "python3"):
        (folder / name).write_text("#!/bin/sh\necho no kgx here >&2\nexit 1\n")
        (folder / name).chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder), prepend=os.pathsep)
        patch.delenv("PYSPARK_PYTHON", raising=False)
        yield


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    """A folder of articles in several forms, with lines that can't be read."""
    folder = tmp_path_factory.mktemp("文章 50%")
    lines = [json.dumps(one, ensure_ascii=False) for one in RECORDS * 3]
    for place in range(len(RECORDS), len(lines)):
        record = json.loads(lines[place])
        record["id"] = f"{record['id']}-{place}"
        lines[place] = json.dumps(record, ensure_ascii=False)
    lines.insert(2, "{broken")
    lines.insert(9, "")
    lines.append(lines[0])  # the same document again
    lines.append(json.dumps({"id": "n1", "text": "越南外长8日访问老挝。"}, ensure_ascii=False))
    lines.append(json.dumps({"text": "5月9日，老挝总理宋赛会见越南外长。", "date": "2024-05-10"}))
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "b").mkdir()
    (folder / "b" / "a.txt").write_bytes("越南外长裴青山7日抵达老挝访问。".encode("gb18030"))
    (folder / "b" / "README.md").write_text("no article", encoding="utf-8")
    (folder / "c.html").write_text(
        "<html><head><title>新闻</title></head><body><div><p>2024年5月8日，老挝国家主席通伦在万象会见到访的"
        "越南外长裴青山，双方就合作交换意见。</p></div></body></html>",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def outputs(articles, tmp_path_factory):
    """The folders of a build in one process and of one by Spark, and what the latter said."""
    folder = tmp_path_factory.mktemp("out")
    result = run.run([articles], folder / "build", model=False)
    assert any(one.partial for one in result.graph.facts.values())  # reports of several documents are one
    done = CliRunner().invoke(
        main,
        ["spark", str(articles), "-o", str(folder / "spark"), "--tasks=2", "--no-model", *CONF],
    )
    return folder / "build", folder / "spark", done, result.report


def _lines(folder):
    parts = sorted(folder.glob("part-*"))
    assert parts
    return [line for part in parts for line in part.read_text(encoding="utf-8").splitlines()]


def test_spark_states_what_a_build_states(outputs):
    build, spark, _, _ = outputs
    expected = (build / "graph.nq").read_text(encoding="utf-8").splitlines()
    assert len(expected) > 300
    assert "/person/安德森-瑞典>" in "".join(expected)
    assert sorted(_lines(spark / "graph.nq")) == sorted(expected)


def test_spark_writes_the_records_of_a_build(outputs):
    build, spark, _, _ = outputs
    expected = (build / "extractions.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(_lines(spark / "extractions.jsonl")) == sorted(expected)


def test_spark_writes_the_tables_of_a_build(outputs, tmp_path):
    build, spark, _, _ = outputs
    export(build, "parquet", tmp_path / "tables")
    for name in TABLES:
        expected = parquet.read_table(tmp_path / "tables" / f"{name}.parquet").to_pylist()
        found = parquet.read_table(spark / f"{name}.parquet").to_pylist()
        assert expected, name
        assert sorted(map(repr, found)) == sorted(map(repr, expected)), name


def test_spark_names_what_it_skipped_by_file_and_line(outputs):
    _, _, done, report = outputs
    assert done.exit_code == 3
    said = [line.partition("a.jsonl:")[2] for line in done.stderr.splitlines() if "a.jsonl:" in line]
    expected = [str(skip).partition("a.jsonl:")[2] for skip in report.skipped]
    assert sorted(int(line.partition(":")[0]) for line in expected) == [3, 30, 31]
    assert sorted(said) == sorted(expected)


def test_spark_reads_parquet_and_refuses_to_overwrite(tmp_path):
    parquet.write_table(pa.Table.from_pylist(RECORDS), tmp_path / "x.parquet")
    (tmp_path / "x.jsonl").write_text(
        "\n".join(json.dumps(one, ensure_ascii=False) for one in RECORDS), encoding="utf-8"
    )
    run.run([tmp_path / "x.jsonl"], tmp_path / "build", model=False)
    order = ["spark", str(tmp_path / "x.parquet"), "-o", str(tmp_path / "spark"), "--tasks=1"]
    done = CliRunner().invoke(main, [*order, "--no-model", *CONF])
    assert done.exit_code == 0, done.output
    expected = (tmp_path / "build" / "graph.nq").read_text(encoding="utf-8").splitlines()
    assert sorted(_lines(tmp_path / "spark" / "graph.nq")) == sorted(expected)
    again = CliRunner().invoke(main, [*order, "--no-model", *CONF])
    assert again.exit_code == 4 and "--overwrite" in again.output


def test_spark_options_are_checked_before_it_starts(tmp_path):
    for wrong in (["--conf", "x"], ["--base-iri", "x"], ["--date", "soon"], ["--rules", "/no/such"]):
        done = CliRunner().invoke(main, ["spark", "x", "-o", str(tmp_path / "o"), *wrong])
        assert done.exit_code == 2, done.output
