"""The engines that a network can be founded on, by name."""

from __future__ import annotations

from typing import assert_never

from traceledger.network.engine import Engine
from traceledger.network.engine_names import EngineName


def engine_named(name: EngineName) -> Engine:
    """The engine of that name."""
    match name:
        case "geth-clique":
            from traceledger.network.clique import GethClique

            return GethClique()
        case "besu-qbft":
            from traceledger.network.qbft import BesuQbft

            return BesuQbft()
        case _:
            assert_never(name)
