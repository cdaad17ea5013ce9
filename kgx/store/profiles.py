"""The kinds of servers that `rules/stores.yml` knows, and how one is told by its Server header."""

from __future__ import annotations

from collections.abc import Mapping

from kgx import errors
from kgx.errors import OptionError
from kgx.rulebook import RuleFolder, load_yaml
from kgx.schemas.stores import StoreProfile

GENERIC = "generic"


def profiles(rules: RuleFolder | None = None) -> Mapping[str, StoreProfile]:
    """All profiles by name, in the order of the file. Raises RuleError where the file is wrong."""
    folder = rules or RuleFolder()
    return {one.name: one for one in load_yaml(folder.find("stores.yml"), StoreProfile)}


def profile(name: str, rules: RuleFolder | None = None) -> StoreProfile:
    """One profile; raises OptionError, naming all, where there is none of that name."""
    known = profiles(rules)
    if name not in known:
        raise OptionError(errors.PROFILE_UNKNOWN.format(name=name, known=", ".join(known)))
    return known[name]


def told_by(server: str, rules: RuleFolder | None = None) -> StoreProfile:
    """The profile of a server by what it calls itself; the generic one where that is not known."""
    known = profiles(rules)
    for one in known.values():
        if one.server and server.startswith(one.server):
            return one
    return known[GENERIC]
