"""The graph of a build that lies in a folder, merged anew from its extractions.jsonl.

That file is the one that holds all: texts, mentions and their offsets, and every fact before it was merged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from kgx import errors
from kgx.errors import KgxError
from kgx.knowledge import KnowledgeGraph
from kgx.model import Extraction
from kgx.rulebook import RuleFolder

EXTRACTIONS = "extractions.jsonl"


def read_build(
    folder: str | Path, *, mentions: bool = True, rules: RuleFolder | None = None
) -> KnowledgeGraph:
    """The knowledge graph of the folder that `kgx build` wrote.

    It obeys the decisions on who is who of that folder and of `rules`.

    `mentions` keeps where documents name entities, by which their sentences are marked. Raises KgxError
    where the folder holds no build, or where a line is no record.
    """
    from kgx.merge import merge
    from kgx.resolve.decisions import of_build

    decisions = of_build(folder, rules)
    return merge(read_extractions(folder), rules=rules, mentions=mentions, decisions=decisions)


def read_extractions(folder: str | Path) -> Iterator[Extraction]:
    """Yield what each document of a build says, in the order of the file. Raises as `read_build`."""
    from kgx.records import from_json

    path = Path(folder) / EXTRACTIONS
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    data = json.loads(line)
                except ValueError as fault:
                    reason = errors.reason_of(fault)
                    raise KgxError(errors.NOT_JSON.format(path=path, line=number, reason=reason)) from None
                yield from_json(data)
    except OSError as fault:
        reason = errors.reason_of(fault)
        raise KgxError(errors.STORE_NO_BUILD.format(path=path, reason=reason)) from None
    except UnicodeDecodeError as fault:
        reason = errors.reason_of(fault)
        raise KgxError(errors.STORE_NO_BUILD.format(path=path, reason=reason)) from None
