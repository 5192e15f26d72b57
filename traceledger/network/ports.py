"""TCP ports of this machine: which are free, and which ones a network's nodes get."""

from __future__ import annotations

import socket
from contextlib import ExitStack

from traceledger.network.manifest import LOOPBACK

P2P_PORT = 30_303
RPC_PORT = 8_545
RPC_OFFSET = 100
"""With a base port, a node's JSON-RPC port is its peer-to-peer port plus this."""

Ports = tuple[int, int]
"""Peer-to-peer, and JSON-RPC."""


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of 127.0.0.1."""
    with socket.socket() as attempt:
        # Else a port whose last connection is in TIME_WAIT would seem to be in use.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[Ports]:
    """Ports that nobody uses now, all different."""
    with ExitStack() as held:
        # All held until all are found: the system may give a port again that was closed.
        sockets = [held.enter_context(socket.socket()) for _ in range(2 * count)]
        for item in sockets:
            item.bind((LOOPBACK, 0))
        numbers = [item.getsockname()[1] for item in sockets]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def ports_from(base: int, count: int) -> list[Ports]:
    """Ports counted up from ``base`` (peer-to-peer) and ``base + 100`` (JSON-RPC)."""
    return [(base + place, base + RPC_OFFSET + place) for place in range(count)]
