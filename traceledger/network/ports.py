"""TCP ports of this machine: which are free, and which ones a network's nodes get."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack, suppress

from traceledger.errors import NetworkError
from traceledger.network.manifest import LOOPBACK

P2P_PORT = 30_303
RPC_PORT = 8_545
RPC_OFFSET = 100
"""With a base port, a node's JSON-RPC port is its peer-to-peer port plus this."""

_CHOSEN = range(10_240, 32_768)
"""Below those that systems give to connections (Linux from 32,768, IANA from 49,152): one of them would take
a port between its choice and the node's start."""

_ANSWER_SECONDS = 1
"""For a connection of this process to itself."""

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
    """Ports that nobody uses now, all different, and that no other search finds within the next minute.

    Raises:
        NetworkError: so many are not free.
    """
    numbers: list[int] = []
    with ExitStack() as held:
        # All held until all are found, so that another search at the same time finds others.
        for port in random.sample(_CHOSEN, len(_CHOSEN)):
            if len(numbers) == 2 * count:
                break
            item = held.enter_context(socket.socket())
            with suppress(OSError):
                item.bind((LOOPBACK, port))
                _reserve(item)
                numbers.append(port)
    if len(numbers) < 2 * count:
        raise NetworkError(f"there are no {2 * count} free ports", hint="name some with --base-port")
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _reserve(item: socket.socket) -> None:
    """Leave the bound port in TIME_WAIT (a minute on Linux): searches pass it over, a server can take it.

    Between the choice of a port and the start of its node, another process may choose ports as well.
    """
    # After bind, so that a port which another search reserved is refused; a server sets it before.
    item.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    item.listen(1)
    # Where a firewall is in the way, the port is free all the same.
    with suppress(OSError), socket.create_connection(item.getsockname(), timeout=_ANSWER_SECONDS):
        # The side that closes first is the one that waits.
        item.accept()[0].close()


def ports_from(base: int, count: int) -> list[Ports]:
    """Ports counted up from ``base`` (peer-to-peer) and ``base + 100`` (JSON-RPC)."""
    return [(base + place, base + RPC_OFFSET + place) for place in range(count)]
