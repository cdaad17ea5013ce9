"""Real servers on loopback for the tests of triple stores."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

VIRTUOSO_PASSWORD = "dba"  # of a fresh database that only this machine can reach

VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0

[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
MaxCheckpointRemap = 2000
Striping = 0

[Parameters]
ServerPort = 127.0.0.1:{port}
LiteMode = 0
DisableUnixSocket = 1
DisableTcpSocket = 0
MaxClientConnections = 10
CheckpointInterval = 60
O_DIRECT = 0
CaseMode = 2
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
MaxClientConnections = 10
DavRoot = DAV
EnabledDavVSP = 0

[SPARQL]
ResultSetMaxRows = 10000
"""


def free_port():
    """A port that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def running(command, url, seconds=60, **options):
    """The URL, while the command runs and answers there."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        end = time.monotonic() + seconds
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{command[0]} does not answer on {url}")
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def oxigraph(*options):
    """An empty Oxigraph server in memory; skips where the package is absent."""
    binary = shutil.which("oxigraph") or str(Path(os.sys.executable).with_name("oxigraph"))
    if not Path(binary).exists():
        pytest.skip("needs the `oxigraph` server: pip install oxigraph")
    url = f"http://127.0.0.1:{free_port()}"
    return running([binary, "serve", "--bind", url.removeprefix("http://"), *options], url)


def standin(kind):
    """What stands in for a server that no package index has; see standin.py."""
    port = free_port()
    script = Path(__file__).with_name("standin.py")
    return running([os.sys.executable, str(script), kind, str(port)], f"http://127.0.0.1:{port}")


def virtuoso(folder):
    """An empty Virtuoso in a folder; skips where the program is absent."""
    binary = shutil.which("virtuoso-t")
    if binary is None:
        pytest.skip("needs Virtuoso 7: apt-get install virtuoso-opensource-7 (make test-virtuoso)")
    http = free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(VIRTUOSO_INI.format(folder=folder, port=free_port(), http=http), encoding="utf-8")
    return running(
        [binary, "+foreground", "+configfile", str(ini)],
        f"http://127.0.0.1:{http}/sparql?query=ASK%7B%7D",
        cwd=folder,
    )


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
