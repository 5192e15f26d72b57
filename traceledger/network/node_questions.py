"""Single questions to a node of this machine: over HTTP, or over the socket that administers a geth."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

TIMEOUT = 5.0
"""Seconds to wait for an answer: these questions cost a node nothing."""
_MOST_BYTES = 16 * 1024 * 1024


def ask(url: str, method: str, *params: object, timeout: float = TIMEOUT) -> Any:
    """A node's answer over HTTP.

    Raises:
        NetworkError: it cannot be reached, does not answer in time, or refuses.
    """
    from traceledger.chain.rpc.http import HttpTransport
    from traceledger.chain.rpc.transport import JsonRpc

    # A proxy that the environment names for the internet knows no node of ours.
    node = HttpTransport(url, timeout=timeout, most_bytes=_MOST_BYTES, direct=True)
    with closing(JsonRpc(node)) as rpc:
        return rpc.read(method, *params)


def ask_socket(path: Path, method: str, *params: object, timeout: float = TIMEOUT) -> Any:
    """A node's answer over its Unix socket.

    Raises:
        NetworkError: nobody is there, it does not answer in time, or refuses.
    """
    from traceledger.chain.rpc.ipc import SocketTransport
    from traceledger.chain.rpc.transport import JsonRpc

    with closing(JsonRpc(SocketTransport(path, timeout=timeout, most_bytes=_MOST_BYTES))) as rpc:
        return rpc.read(method, *params)
