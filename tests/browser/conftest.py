"""A headless Chromium, the system's own, driven by Playwright; skips where either is not installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tabs import Watched, served

from kgx.merge import merge
from kgx.run import run
from kgx.store.embedded import load
from kgx.viz.page import page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
SERVED = ("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:")


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


@pytest.fixture
def watched(chromium: Any) -> Iterator[Watched]:
    """A wide tab; after the test nothing may have failed in it, and only files have been asked for."""
    yield from _watching(chromium, WIDE)


@pytest.fixture
def narrow(chromium: Any) -> Iterator[Watched]:
    """The same as wide as a telephone."""
    yield from _watching(chromium, NARROW)


@pytest.fixture
def visited(chromium: Any) -> Iterator[Watched]:
    """A wide tab for the explorer, which may ask its server alone."""
    yield from _watching(chromium, WIDE, SERVED)


@pytest.fixture
def narrow_visited(chromium: Any) -> Iterator[Watched]:
    """The same as wide as a telephone."""
    yield from _watching(chromium, NARROW, SERVED)


def _watching(browser: Any, size: dict[str, int], own: tuple[str, ...] = ("file:",)) -> Iterator[Watched]:
    held = Watched(browser, size)
    yield held
    held.context.close()
    assert held.faults == []
    assert [url for url in held.requests if not url.startswith(own)] == []


@pytest.fixture(scope="session")
def example_build(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the example build."""
    out = tmp_path_factory.mktemp("examples")
    run([examples], out, model=False)
    return out


@pytest.fixture(scope="session")
def example_page(example_build: Path) -> Path:
    """The page of the example build."""
    return example_build / "network.html"


@pytest.fixture(scope="session")
def explorer(example_build: Path) -> Iterator[str]:
    """The address of an explorer of the example build, with its store."""
    load(example_build)
    with served(example_build) as address:
        yield address


@pytest.fixture
def page_of(tmp_path: Path) -> Any:
    """Writes the page of some extractions and returns its path."""

    def write(*extractions: Any, **options: Any) -> Path:
        path = tmp_path / "network.html"
        path.write_text(page(merge(extractions, mentions=True), **options), encoding="utf-8")
        return path

    return write
