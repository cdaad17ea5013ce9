"""Real builds that are interrupted, terminated and killed; what is left, what is said, and how they go on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kgx.errors import KgxError
from kgx.run import begun
from kgx.state.folder import BEGUN, JOURNAL

FORMATS = "turtle,nquads"
FILES = ("graph.ttl", "graph.nq", "extractions.jsonl")
ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def kgx(*words: object) -> list[str]:
    return [sys.executable, "-m", "kgx", *map(str, words)]


def done(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(kgx(*words), capture_output=True, text=True, env=ENV, **options)  # type: ignore[call-overload,no-any-return]


def until(holds: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    """Wait until something holds of a process that runs."""
    while not holds():
        assert process.poll() is None, "it ended before"
        time.sleep(0.005)


def workers(parent: int) -> list[int]:
    """The processes that read documents for another, from where they load their modules."""
    out = []
    for one in Path("/proc").glob("[0-9]*"):
        try:
            child = int((one / "stat").read_text().rpartition(")")[2].split()[1]) == parent
            spawned = child and b"spawn_main" in (one / "cmdline").read_bytes()
            if spawned and "numpy" in (one / "maps").read_text():
                out.append(int(one.name))
        except OSError:
            continue
    return out


@pytest.fixture(scope="module")
def many(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many articles that a build is not done before it is interrupted."""
    home = tmp_path_factory.mktemp("many")
    for path in sorted(examples.glob("*.txt")):
        for number in range(20):
            shutil.copy(path, home / f"{path.stem}-{number}.txt")
    return home


@pytest.fixture(scope="module")
def whole(many: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build that nothing disturbs."""
    out = tmp_path_factory.mktemp("whole")
    assert done("build", many, "-o", out, "--no-model", "--formats", FORMATS).returncode == 0
    return out


def begin(many: Path, out: Path, *more: object) -> subprocess.Popen[bytes]:
    command = kgx("build", many, "-o", out, "--no-model", "--formats", FORMATS, "--processes", 2, *more)
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV, start_new_session=True
    )


MOMENTS: dict[str, Callable[[Path, int], object]] = {
    "begun": lambda out, pid: (out / BEGUN).exists(),
    "workers start": lambda out, pid: workers(pid),
    "records": lambda out, pid: (out / JOURNAL).exists() and (out / JOURNAL).stat().st_size > 20_000,
}


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("moment", MOMENTS)
def test_interrupts_leave_what_resume_goes_on_with(
    many: Path, whole: Path, tmp_path: Path, sent: signal.Signals, moment: str
) -> None:
    out = tmp_path / "out"
    process = begin(many, out)
    until(lambda: MOMENTS[moment](out, process.pid), process)
    if sent == signal.SIGINT:
        os.killpg(process.pid, sent)  # as a terminal does it, which sends it to the workers too
    else:
        process.send_signal(sent)
    _, said = process.communicate()  # until all workers have closed their standard error
    if sent == signal.SIGKILL:
        assert process.returncode == -9
        assert said == b""
    else:
        assert process.returncode == 130
        assert said.count(b"\n") == 1 and said.startswith(b"kgx: interrupted; ") and b"--resume" in said
    again = done("build", "--resume", "-o", out)
    assert again.returncode == 0, again.stderr
    for name in FILES:
        assert (out / name).read_bytes() == (whole / name).read_bytes(), name
    assert not [one.name for one in out.iterdir() if one.name.startswith(".kgx")]
    with pytest.raises(KgxError, match="no interrupted build"):
        begun(out)


def test_interrupts_end_other_commands_with_a_line_and_130(many: Path) -> None:
    reader, writer = os.pipe()
    command = kgx("extract", many, "--no-model")
    process = subprocess.Popen(command, stdout=writer, stderr=subprocess.PIPE, env=ENV)
    os.close(writer)
    assert os.read(reader, 1)  # it has begun to write, and goes on until the pipe is full
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    os.close(reader)
    assert process.returncode == 130
    assert said == b"kgx: interrupted\n"


def test_resume_keeps_processes_and_the_time_limit_unless_others_are_given(
    many: Path, whole: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = begin(many, out, "--document-timeout", 33)
    until(lambda: MOMENTS["records"](out, process.pid), process)
    process.kill()
    process.communicate()
    told = json.loads((out / BEGUN).read_text(encoding="utf-8"))
    assert told["processes"] == 2 and told["document_timeout"] == 33
    again = subprocess.Popen(kgx("build", "--resume", "-o", out, "--document-timeout", 44), env=ENV)
    until(lambda: workers(again.pid), again)
    told = json.loads((out / BEGUN).read_text(encoding="utf-8"))
    assert told["processes"] == 2 and told["document_timeout"] == 44
    assert again.wait() == 0
    for name in FILES:
        assert (out / name).read_bytes() == (whole / name).read_bytes(), name


def test_resume_asks_for_standard_input_again(tmp_path: Path) -> None:
    record = '{"id": "%d", "text": "甲国外长林泉访问海城。", "date": "2024-03-03"}\n'
    given = "".join(record % number for number in range(3000)).encode()
    out = tmp_path / "out"
    command = kgx("build", "-", "-o", out, "--no-model", "--formats", "nquads")
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV)
    assert process.stdin is not None
    process.stdin.write(given[: len(given) // 2])
    process.stdin.flush()
    until(lambda: (out / JOURNAL).exists() and (out / JOURNAL).stat().st_size, process)
    process.kill()
    process.communicate()
    refused = done("build", "--resume", "-o", out, stdin=subprocess.DEVNULL)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1 and f"kgx build --resume - -o {out}" in refused.stderr
    again = done("build", "--resume", "-", "-o", out, input=given.decode())
    assert again.returncode == 0, again.stderr
    assert again.stderr.startswith(f"{out}: 3,000 documents")
    assert (out / "graph.nq").exists() and not (out / "graph.ttl").exists()
