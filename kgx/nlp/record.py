"""The records that stages make by the dozen for each sentence: frozen to the type checker alone.

A dataclass that is frozen while the program runs takes four times as long to make, which for these was a
twentieth of all time. What a user of the package gets (`kgx.model`) is frozen truly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

R = TypeVar("R")

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform

    @dataclass_transform(frozen_default=True, field_specifiers=(field,))
    def record(cls: type[R]) -> type[R]:
        """Make a dataclass with slots, compared and hashed by its fields; assigning to it is a type error."""
else:
    record = dataclass(slots=True, unsafe_hash=True)
