"""A headless Chromium, the system's own, driven by Playwright; skips where either is not installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kgx.built import read_build
from kgx.merge import merge
from kgx.run import run
from kgx.viz.page import page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make test-browser")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium is installed: make test-browser")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = ["--enable-unsafe-swiftshader", *(["--no-sandbox"] if root else [])]
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


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


@pytest.fixture
def watched(chromium: Any) -> Iterator[Watched]:
    """A wide tab; after the test nothing may have failed in it, and only files have been asked for."""
    yield from _watching(chromium, WIDE)


@pytest.fixture
def narrow(chromium: Any) -> Iterator[Watched]:
    """The same as wide as a telephone."""
    yield from _watching(chromium, NARROW)


def _watching(browser: Any, size: dict[str, int]) -> Iterator[Watched]:
    held = Watched(browser, size)
    yield held
    held.context.close()
    assert held.faults == []
    assert [url for url in held.requests if not url.startswith("file:")] == []


@pytest.fixture(scope="session")
def example_page(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the example build."""
    out = tmp_path_factory.mktemp("examples")
    run([examples], out, model=False)
    path = out / "network.html"
    path.write_text(page(read_build(out)), encoding="utf-8")
    return path


@pytest.fixture
def page_of(tmp_path: Path) -> Any:
    """Writes the page of some extractions and returns its path."""

    def write(*extractions: Any, **options: Any) -> Path:
        path = tmp_path / "network.html"
        path.write_text(page(merge(extractions, mentions=True), **options), encoding="utf-8")
        return path

    return write
