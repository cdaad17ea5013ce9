"""`kgx explore`: serve the explorer of a build on this machine."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

from kgx.errors import KgxError
from kgx.explore.app import make_app
from kgx.explore.corpus import Corpus
from kgx.listening import LOOPBACK, in_url, listen, url_of
from kgx.model import Extraction
from kgx.rulebook import RuleFolder
from kgx.store import embedded
from kgx.store.parts import QUADS

QUICK = 16_000_000  # bytes of graph.nq that are loaded into a store in a second or two


def explore(
    folder: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    rules: str | Path | None = None,
    heard: Callable[[Extraction], object] | None = None,
    ready: Callable[[str], object] | None = None,
) -> None:
    """Serve the explorer of the build in `folder` until it is interrupted.

    `heard` is told of each document while the build is read, `ready` of the URL. On a loopback address it
    answers only to loopback names; on another one, also to that. A small build that has no store gets one.
    Raises KgxError where the build can't be read or the port is taken, RuleError where rules are wrong.
    """
    import uvicorn

    listener = listen(host, port)  # before the build is read, so that nobody waits in vain
    try:
        corpus = _read(folder, RuleFolder(rules), heard)
        _store(Path(folder))
        app = make_app(corpus, hosts_of(host))
        if ready is not None:
            ready(url_of(host, listener))
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        listener.close()


def hosts_of(host: str) -> tuple[str, ...]:
    """The Host headers that are answered to, where the server listens on `host`."""
    return tuple(dict.fromkeys((*LOOPBACK, in_url(host))))


def _read(folder: str | Path, rules: RuleFolder, heard: Callable[[Extraction], object] | None) -> Corpus:
    """The corpus. Nothing of it is ever garbage, and looking for some would cost a third of the time."""
    gc.disable()
    try:
        return Corpus(folder, rules=rules, heard=heard)
    finally:
        gc.freeze()
        gc.enable()


def _store(folder: Path) -> None:
    """Load a small build that has no store yet; where that can't be, the page of questions says how to."""
    try:
        small = (folder / QUADS).stat().st_size <= QUICK
        if small and embedded.state(folder, missing=None) is None:
            embedded.load(folder)
    except (OSError, KgxError):
        return
