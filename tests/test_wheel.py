"""The wheel, in an empty environment, in a folder where the repository is not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = "法国总统马克龙访华\n\n3月2日，国家主席习近平在北京同法国总统马克龙举行会谈。\n"

pytestmark = pytest.mark.skipif(
    "KGX_TEST_WHEEL" not in os.environ, reason="installs all dependencies anew: make test-wheel"
)


def run(*command, cwd, **options):
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=plain,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **options,
    )
    assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


@pytest.fixture(scope="module")
def kgx(tmp_path_factory):
    """The command of a fresh environment that has the wheel and its dependencies."""
    home = tmp_path_factory.mktemp("wheel")
    source = home / "source"
    for name in ("kgx", "rules"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    run(sys.executable, "-m", "build", "--wheel", "--outdir", home, source, cwd=home)
    shutil.rmtree(source)
    run(sys.executable, "-m", "venv", home / "env", cwd=home)
    pip = home / "env" / "bin" / "pip"
    (wheel,) = home.glob("*.whl")
    run(pip, "install", "--quiet", "--constraint", ROOT / "constraints.txt", wheel, cwd=home)
    return home / "env" / "bin" / "kgx"


def test_wheel_has_rules_model_and_pages(kgx, tmp_path):
    run(kgx, "rules", "check", cwd=tmp_path)
    (tmp_path / "article.txt").write_text(TEXT, encoding="utf-8")
    run(
        kgx,
        "build",
        "article.txt",
        "--output",
        "out",
        "--date",
        "2024-03-03",
        "--processes",
        "2",
        cwd=tmp_path,
    )
    run(kgx, "validate", "out/graph.ttl", cwd=tmp_path)
    assert "kgx:Meet" in (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")


def test_wheel_answers_questions(kgx, tmp_path):
    (tmp_path / "article.txt").write_text(TEXT, encoding="utf-8")
    run(kgx, "build", "article.txt", "--output", "out", "--date", "2024-03-03", "--no-model", cwd=tmp_path)
    run(kgx, "load", "out", cwd=tmp_path)
    assert "习近平" in run(kgx, "ask", "out", "who-met-whom", cwd=tmp_path)
    assert "Meet" in run(kgx, "explain", TEXT, cwd=tmp_path)
