"""The words of the explorer in both languages: its own, and those that it shares with pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from kgx.viz.words import Language
from kgx.viz.words import word as shared


def word(name: str, language: Language) -> str:
    """A word of `static/words.json` here, or else of the pictures; `name` itself where there is none."""
    return _words()[language].get(name) or shared(name, language)


@lru_cache(maxsize=1)
def _words() -> Mapping[Language, Mapping[str, str]]:
    text = files("kgx.explore").joinpath("static/words.json").read_text(encoding="utf-8")
    held: Mapping[Language, Mapping[str, str]] = json.loads(text)
    return held
