"""The engines that a network can be founded on, by name."""

from __future__ import annotations

from traceledger.network.engine import Engine
from traceledger.network.manifest import EngineName


def engine_named(name: EngineName) -> Engine:
    """The engine of that name."""
    if name == "geth-clique":
        from traceledger.network.clique import GethClique

        return GethClique()
    from traceledger.network.qbft import BesuQbft

    return BesuQbft()
