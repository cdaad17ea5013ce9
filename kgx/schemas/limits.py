"""The schema of `limits.yml`."""

from __future__ import annotations

from pydantic import Field

from kgx.rulebook import Rule

MB = 2**20


class Limits(Rule):
    """How much is read of one input; sizes in MB but for `text`, which counts characters."""

    line: int = Field(ge=1)
    file: int = Field(ge=1)
    text: int = Field(ge=1)
    ratio: int = Field(ge=1)
    small: int = Field(ge=0)
