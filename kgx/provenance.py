"""Which version of kgx, with which rules, made a graph. Nothing here depends on the clock."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from kgx.rulebook import RuleFolder
from kgx.version import __version__


@dataclass(frozen=True, slots=True)
class Run:
    """The version of kgx and a hash of all its rule files."""

    version: str
    rules: str


_BESIDE = frozenset(("cli", "explore", "learn", "spark", "store", "viz"))  # none of them reads articles


@lru_cache(maxsize=1)
def source_hash() -> str:
    """A hash of the code and the models that read articles, so that a new version reads them again."""
    root = Path(str(resources.files("kgx")))
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.suffix in (".py", ".npz") and name.parts[0] not in _BESIDE:
            whole.update(f"{name.as_posix()}\0".encode() + path.read_bytes())
    return whole.hexdigest()[:16]


@lru_cache(maxsize=4)
def this_run(rules: RuleFolder | None = None) -> Run:
    """The run that the installed version makes with a rules folder (the shipped one by default).

    The hash covers the names and the text of all rule files, whatever their line ends.
    """
    folder = rules or RuleFolder()
    whole = hashlib.sha256()
    for path in folder.files("yml", "tsv"):
        body = path.read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{path.name}\0{len(body)}\0".encode() + body)
    return Run(__version__, whole.hexdigest()[:16])
