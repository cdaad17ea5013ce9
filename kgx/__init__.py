"""Chinese diplomatic and political news to a knowledge graph, every fact with its sentence.

`build(paths)` reads articles and returns their KnowledgeGraph; `extract(text, date=…)` says what one
text states. Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgx.version import __version__

if TYPE_CHECKING:
    from kgx.errors import KgxError
    from kgx.knowledge import KnowledgeGraph
    from kgx.model import Document, Extraction
    from kgx.nlp.pipeline import make_pipeline
    from kgx.readers import read
    from kgx.run import build, extract

_HOME = {
    "Document": "kgx.model",
    "Extraction": "kgx.model",
    "KgxError": "kgx.errors",
    "KnowledgeGraph": "kgx.knowledge",
    "build": "kgx.run",
    "extract": "kgx.run",
    "make_pipeline": "kgx.nlp.pipeline",
    "read": "kgx.readers",
}

__all__ = [
    "Document",
    "Extraction",
    "KgxError",
    "KnowledgeGraph",
    "__version__",
    "build",
    "extract",
    "make_pipeline",
    "read",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
