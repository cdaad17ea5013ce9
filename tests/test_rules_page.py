"""The tutorial of docs/rules.md, done as it says."""

import re
import shlex

import pytest
from click.testing import CliRunner

from kgx.cli import main
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
TUTORIAL = PAGE[PAGE.index("## Tutorial") :]


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    for block in re.findall(r"^```yaml\n(.*?)^```", TUTORIAL, re.M | re.S):
        path = tmp_path / block.splitlines()[0].removeprefix("# ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block, encoding="utf-8")
    text = "波兰召回大使\n\n新华社华沙3月4日电 波兰外交部4日宣布，波兰召回驻匈牙利大使。\n"
    (tmp_path / "article.txt").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_rules_page_tutorial_runs(workplace):
    (commands,) = re.findall(r"^```sh\n(.*?)^```", TUTORIAL, re.M | re.S)
    for line in commands.splitlines():
        program, *arguments = shlex.split(line.partition("#")[0])
        assert program == "kgx"
        out = None
        if ">" in arguments:
            out = arguments[arguments.index(">") + 1]
            arguments = arguments[: arguments.index(">")]
        if arguments[0] == "build":
            arguments += ["--date", "2024-03-05"]
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, (line, done.output)
        if out:
            (workplace / out).write_text(done.output, encoding="utf-8")
    graph = (workplace / "out" / "graph.ttl").read_text(encoding="utf-8")
    for part in ("a kgx:Recall", "kgx:actor country:", "kgx:target country:", 'kgx:envoyText "大使"@zh'):
        assert part in graph
    assert 'kgx:plover "SANCTION:withdraw:diplomatic"' in graph
    assert "kgx:Recall a owl:Class" in (workplace / "ontology.ttl").read_text(encoding="utf-8")
    assert "shape:Recall a sh:NodeShape" in (workplace / "shapes.ttl").read_text(encoding="utf-8")


def test_rules_page_graph_of_a_new_type_needs_its_shapes(workplace):
    graph = "out/graph.ttl"
    done = CliRunner().invoke(
        main, ["build", "article.txt", "--rules", "mine", "-o", "out", "--date", "2024-03-05"]
    )
    assert done.exit_code == 0, done.output
    broken = (
        (workplace / graph).read_text(encoding="utf-8").replace("kgx:target country:", "kgx:host country:")
    )
    (workplace / graph).write_text(broken, encoding="utf-8")
    assert CliRunner().invoke(main, ["validate", graph, "--rules", "mine"]).exit_code == 1


def test_rules_page_names_every_key_of_a_frame():
    from kgx.schemas.frames import Frame

    table = PAGE[PAGE.index("| key | meaning |") : PAGE.index("### Where")]
    for key in Frame.model_fields:
        assert f"`{key}" in table, key
