"""Credentials for a server: from the environment or a netrc file, never from an option or a URL."""

from __future__ import annotations

import netrc
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from kgx import errors
from kgx.errors import KgxError, OptionError

USER, PASSWORD, TOKEN = "KGX_STORE_USER", "KGX_STORE_PASSWORD", "KGX_STORE_TOKEN"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password, or a bearer's token; no text of this object shows a secret."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def credentials(url: str, environment: Mapping[str, str] | None = None) -> Credentials | None:
    """Those for a URL: of the environment, else of the file that NETRC names or `~/.netrc`; or None.

    Raises KgxError where the netrc file can't be read, OptionError where the URL itself holds some.
    """
    env = os.environ if environment is None else environment
    check_url(url)
    if env.get(TOKEN):
        return Credentials(token=env[TOKEN])
    if env.get(USER):
        return Credentials(env[USER], env.get(PASSWORD, ""))
    path = Path(env["NETRC"]) if env.get("NETRC") else Path.home() / ".netrc"
    if not path.is_file():
        return None
    try:
        found = netrc.netrc(str(path)).authenticators(urlsplit(url).hostname or "")
    except netrc.NetrcParseError as fault:
        raise KgxError(errors.NETRC_BAD.format(path=path, line=fault.lineno)) from None
    except OSError as fault:
        raise KgxError(errors.CANNOT_READ.format(path=path, reason=errors.reason_of(fault))) from None
    return Credentials(found[0], found[2] or "") if found else None


def check_url(url: str) -> str:
    """The URL of a server; raises OptionError where it is none, or holds credentials (not shown)."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if "@" in parts.netloc:
        raise OptionError(errors.URL_SECRET.format(user=USER, password=PASSWORD))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise OptionError(errors.URL_FORM.format(url=url))
    return url
