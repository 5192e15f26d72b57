"""A founded network of four real validators under test, and what tests may do to it.

All of it goes through the code under test: ``network found`` and ``network up`` start it, ``network down``
ends it; a validator is restarted with ``up``, and a partition is made with the order by which an operator
expels a node.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, NetworkError
from traceledger.network.control import Control
from traceledger.network.fork_repair import rewind
from traceledger.network.lifecycle import Running
from traceledger.network.manifest import Node

REDIAL_SECONDS = 80.0
"""geth dials a lost peer again after 35 s; two such waits and some more."""


def until(condition: Callable[[], bool], what: str, seconds: float = 120.0, pause: float = 0.1) -> None:
    """Wait for a condition; fail when it does not come true in time. Silent nodes count as not yet."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(NetworkError):
            if condition():
                return
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} s: {what}")


@dataclass
class LiveNetwork:
    """The network, running. Validators are counted from 0.

    Example: under a running submission, kill one and let it come back::

        network.kill(2)
        network.restart(2)
        network.in_agreement()
    """

    folder: Path
    binary: Path
    _cut: list[tuple[int, int]] = field(default_factory=list)

    @property
    def running(self) -> Running:
        """The product's own view of it (read anew, because members come and go)."""
        return Running(self.folder)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The four validators that founded it."""
        return self.running.manifest.nodes[:4]

    @property
    def config(self) -> Path:
        """Its networks.toml; copy it (its paths are relative to it), as ``workspace`` does."""
        return self.folder / "networks.toml"

    @property
    def urls(self) -> list[str]:
        """JSON-RPC endpoints of the validators."""
        return [node.url for node in self.nodes]

    def control(self, place: int) -> Control:
        """Questions and orders to one validator: ``network.control(0).ask("eth_blockNumber")``."""
        return self.running.control(self.nodes[place])

    def ask(self, place: int, method: str, *params: object) -> Any:
        """One validator's answer over HTTP."""
        return self.control(place).ask(method, *params)

    def head(self, place: int = 0) -> int:
        """Number of the newest block of one validator."""
        return int(self.ask(place, "eth_blockNumber"), 16)

    def peers(self, place: int) -> int:
        """How many nodes one validator is connected to."""
        return int(self.ask(place, "net_peerCount"), 16)

    def alive(self, place: int) -> bool:
        """Whether a validator's process runs."""
        return self.running.process(self.nodes[place]).pid is not None

    def wait_blocks(self, count: int, place: int = 0, seconds: float = 180.0) -> None:
        """Wait until a validator has so many more blocks."""
        goal = self.head(place) + count
        until(lambda: self.head(place) >= goal, f"block {goal}", seconds)

    def kill(self, place: int) -> None:
        """kill -9 a validator. Its process is gone when this returns."""
        pid = self.running.process(self.nodes[place]).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(lambda: not self.alive(place), f"end of process {pid}")

    def restart(self, place: int, *, wait: bool = True) -> None:
        """Start a killed validator again; by default wait until it has its peers and follows the chain."""
        name = self.nodes[place].name
        self.running.up(self.binary, only=[name], wait=0)
        if wait:
            self.in_agreement()

    def partition(self, one: Sequence[int], other: Sequence[int]) -> None:
        """Cut every connection between two groups of validators; none is made again before ``heal``.

        Every node of one group is made to distrust every node of the other, both ways, so that it neither
        dials nor lets it in: with 2 + 2 of four, both halves stop after two blocks at most, forked.
        """
        for here, there in product(one, other):
            self._cut.append((here, there))
            for a, b in ((here, there), (there, here)):
                self.control(a).expel(self.nodes[b].enode)
        until(
            lambda: (
                all(self.peers(p) == len(one) - 1 for p in one)
                and all(self.peers(p) == len(other) - 1 for p in other)
            ),
            "partition",
        )

    def heal(self) -> None:
        """Undo all partitions, and wait until the network is whole (up to a minute: see REDIAL_SECONDS).

        Where the halves weigh the same, Clique stands still; then one validator is told to give way, by the
        command that the operator's guide names for it.
        """
        for here, there in self._cut:
            for a, b in ((here, there), (there, here)):
                self.control(a).admit(self.nodes[b].enode)
        self._cut.clear()
        everyone = range(len(self.nodes))
        until(lambda: all(self.peers(place) >= 3 for place in everyone), "three peers each", REDIAL_SECONDS)
        if self._stands_still():
            # It may have begun by itself meanwhile, or the others may agree already.
            with contextlib.suppress(InputError, NetworkError):
                rewind(self.running, self.nodes[3].name)
        self.in_agreement()

    def _stands_still(self, seconds: float = 15.0) -> bool:
        """Whether no block comes; a fork that geth resolves by itself does so with its next sync (10 s)."""
        begun, deadline = self.head(), time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.head() > begun + 1:
                return False
            time.sleep(0.2)
        return True

    def in_agreement(self, seconds: float = REDIAL_SECONDS) -> None:
        """Wait until all four are connected, have a common block of late, and make new ones."""
        everyone = range(len(self.nodes))
        until(lambda: all(self.peers(place) >= 3 for place in everyone), "three peers each", seconds)
        goal = max(map(self.head, everyone)) + 3
        until(lambda: min(map(self.head, everyone)) >= goal, f"block {goal} everywhere", seconds)
        final = hex(goal - 3)
        hashes = {self.ask(place, "eth_getBlockByNumber", final, False)["hash"] for place in everyone}
        assert len(hashes) == 1, hashes

    def restore(self) -> None:
        """Make it whole again, whatever a test left: cheap if nothing is amiss."""
        dead = [place for place in range(len(self.nodes)) if not self.alive(place)]
        for place in dead:
            self.restart(place, wait=False)
        if self._cut:
            until(lambda: all(self.peers(p) >= 0 for p in dead), "answers of the restarted")
            self.heal()
        elif dead:
            self.in_agreement()
