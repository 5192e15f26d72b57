"""The names of the engines that a network can be founded on: the one list of them, which imports nothing."""

from __future__ import annotations

from typing import Literal, get_args

EngineName = Literal["besu-qbft", "geth-clique"]
"""The name of an engine, as ``--engine`` and network.json have it."""

ENGINES: tuple[EngineName, ...] = get_args(EngineName)
"""All of them, the recommended one first."""
