"""Free ports are found once only: another search, in this process or another, does not find them again."""

from __future__ import annotations

import random
import socket
import subprocess
import sys

from traceledger.network.manifest import LOOPBACK
from traceledger.network.ports import free_ports, is_free

SEARCH = (
    "import random; random.seed(7); from traceledger.network.ports import free_ports; print(free_ports(20))"
)


def found(seed: int) -> set[int]:
    random.seed(seed)
    return {port for pair in free_ports(20) for port in pair}


def test_a_search_in_the_same_order_finds_others() -> None:
    assert not found(1) & found(1)


def test_a_search_of_another_process_finds_others() -> None:
    ours = found(7)
    theirs = subprocess.run([sys.executable, "-c", SEARCH], capture_output=True, text=True, check=True).stdout
    assert len(ours) == 40
    assert theirs.count(",") == 39
    assert not [port for port in ours if str(port) in theirs]


def test_a_server_takes_what_was_found() -> None:
    for port in found(3):
        assert is_free(port)
        # What geth and every other server of Go asks for, and what asyncio's do.
        with socket.create_server((LOOPBACK, port)):
            assert not is_free(port)
