"""`kgx explore`: serve the explorer of a build on this machine."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from kgx.explore.app import LOOPBACK, make_app
from kgx.explore.corpus import Corpus


def explore(folder: str | Path, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the explorer of the build in `folder` until it is interrupted.

    On a loopback address it answers only to loopback names; on another one, also to that. Raises KgxError
    where the build can't be read.
    """
    import uvicorn

    app = make_app(Corpus(folder), hosts_of(host))
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


def hosts_of(host: str) -> tuple[str, ...]:
    """The Host headers that are answered to, where the server listens on `host`."""
    try:
        named = f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        named = host
    return tuple(dict.fromkeys((*LOOPBACK, named)))
