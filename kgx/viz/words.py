"""The words of pictures in Chinese and English, the same as those of the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal

Language = Literal["zh", "en"]


def word(name: str, language: Language = "zh") -> str:
    """A word of `static/words.json`; `name` itself where there is none."""
    return _words()[language].get(name, name)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, str]]:
    held: Mapping[str, Mapping[str, str]] = json.loads(
        files("kgx.viz").joinpath("static/words.json").read_text(encoding="utf-8")
    )
    return held
