"""Tabs that note what goes wrong in them, servers for them, and what axe-core finds wrong with a page."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from kgx.explore.app import make_app
from kgx.explore.corpus import Corpus


class Watched:
    """A tab that notes what went wrong in it and what it asked for."""

    def __init__(self, browser: Any, size: dict[str, int]) -> None:
        self.context = browser.new_context(viewport=size)
        self.tab = self.context.new_page()
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.tab.on("console", self._heard)
        self.tab.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("dialog", lambda dialog: (self.faults.append("dialog"), dialog.dismiss()))

    def _heard(self, message: Any) -> None:
        if message.type == "error" or (message.type == "warning" and "WebGL" not in message.text):
            self.faults.append(message.text)

    def open(self, path: Path, fragment: str = "") -> Any:
        """Open a file and wait until it is ready."""
        self.tab.goto(path.as_uri() + (f"#{fragment}" if fragment else ""))
        self.tab.wait_for_selector("body[data-ready=yes]", timeout=30_000)
        return self.tab


def violations(tab: Any) -> list[str]:
    """What axe-core finds wrong with a page, by the criteria of WCAG 2.2 A and AA."""
    api = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = api.Axe().run(tab, options={"runOnly": tags}).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the explorer of a folder; yields its address."""
    server = uvicorn.Server(uvicorn.Config(make_app(Corpus(folder)), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
