"""Sockets that the servers of this package listen on, and what they are called."""

from __future__ import annotations

import socket

from kgx import errors
from kgx.errors import KgxError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")  # what this machine calls itself in a URL


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to an address, which nobody else has; port 0 stands for any that is free.

    Raises KgxError where it can't be bound.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as fault:
        listener.close()
        reason = errors.reason_of(fault)
        raise KgxError(errors.SERVE_PORT.format(host=host, port=port, reason=reason)) from None
    return listener


def in_url(host: str) -> str:
    """A host as a URL and the Host header have it: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def url_of(host: str, listener: socket.socket) -> str:
    """The URL of what listens there, as a browser takes it, with a slash at its end."""
    return f"http://{in_url(host)}:{listener.getsockname()[1]}/"
