"""Whose transactions a served chain takes: current operators of participants, and the deploying account."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceledger.config.networks import Network


class Admission:
    """Asks the index, brought up to date, each time the chain has grown.

    Args:
        network: a network with an embedded chain and contracts.
        deployer: address of the deploying account, admitted always; ``None``: it is not known here.
    """

    def __init__(self, network: Network, deployer: bytes | None) -> None:
        self._network = network
        self._always = frozenset({deployer} if deployer else ())
        self._admitted: frozenset[bytes] = frozenset()
        self._head: bytes | None = None
        self._lock = threading.Lock()

    def admits(self, address: bytes) -> bool:
        """Whether this account may send transactions now."""
        with self._lock:
            self._refresh()
            return address in self._admitted

    def _refresh(self) -> None:
        """Read the operators anew if there are new blocks. Connections are this thread's own."""
        from traceledger.config.connection import open_embedded
        from traceledger.index import Contracts, Index

        contracts = self._network.deployed()
        with open_embedded(self._network) as chain:
            head = chain.head().hash
            if head == self._head:
                return
            with Index.open(self._network.index_file, Contracts.of(chain, contracts)) as index:
                index.sync(chain)
                operators = [key for participant in index.participants() for key in participant.operators]
        self._admitted = self._always | frozenset(operators)
        self._head = head
