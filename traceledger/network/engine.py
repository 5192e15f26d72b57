"""What differs between engines, behind one interface."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from traceledger.chain.base import Consensus
from traceledger.errors import NetworkError
from traceledger.network.engine_names import EngineName
from traceledger.network.enode import Enode
from traceledger.network.manifest import Manifest, Node

START = "start"
"""Name of the program in a node's folder that runs the node: ``up``, systemd and compose all call it."""
DATA = "data"
"""Name of the folder, in a node's folder, of its database."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The private keys of a node, 32 bytes each: as whom it is dialled, and as whom it signs blocks."""

    node: bytes
    account: bytes

    def __repr__(self) -> str:
        return "Keys(…)"


@dataclass(frozen=True, slots=True)
class Genesis:
    """Block 0: the engine's document of it, and its hash."""

    document: dict[str, object]
    hash: bytes


class Engine(Protocol):
    """An EVM engine that runs a consortium's network."""

    name: EngineName
    consensus: Consensus
    account_rules: bool
    """Whether its nodes can be told whose transactions to take."""
    program: str
    """The binary's name on PATH."""
    variable: str
    """The environment variable by which the start program is told another binary."""
    image: str
    """The container image of the compose file."""
    files: tuple[str, ...]
    """What ``write_config`` writes into a node's folder, besides the start program."""
    written: tuple[str, ...]
    """Those of them that the node itself writes."""

    def new_keys(self) -> Keys:
        """Random keys for a node."""

    def genesis(
        self,
        chain_id: int,
        validators: Sequence[bytes],
        *,
        block_seconds: int,
        gas_limit: int,
        timestamp: int,
    ) -> Genesis:
        """Block 0 with these 20-byte validators."""

    def write_keys(self, folder: Path, keys: Keys) -> None:
        """Store a node's keys in its folder."""

    def holds_keys(self, folder: Path) -> bool:
        """Whether the keys of a node are in this folder."""

    def write_config(self, folder: Path, manifest: Manifest, node: Node, allowed: Sequence[Enode]) -> None:
        """Write a node's configuration and its start program; ``allowed`` are all nodes of the network."""

    def least(self, validators: int) -> int:
        """How many of so many validators must run and see each other, so that blocks are made."""

    def check_binary(self, binary: Path) -> str:
        """The binary's version.

        Raises:
            NetworkError: it does not run, or does not do what is needed.
        """


def version_of(
    binary: Path, argument: str, pattern: re.Pattern[str], *, engine: str, seconds: float, hint: str
) -> re.Match[str]:
    """What ``pattern`` finds in what a binary says of its version.

    Args:
        binary: the engine's program.
        argument: what makes it tell its version.
        pattern: what the version looks like there.
        engine: the engine's name, for messages.
        seconds: how long it may take.
        hint: how to get the engine.

    Raises:
        NetworkError: it does not run, or is something else.
    """
    try:
        done = subprocess.run(  # noqa: S603  (the binary that the administrator chose)
            [str(binary), argument], capture_output=True, text=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        what = f"{engine.lower()} does not run: {error}"
        raise NetworkError(what, where=binary, hint=hint) from None
    found = pattern.search(done.stdout)
    if done.returncode != 0 or found is None:
        raise NetworkError(f"is not {engine}", where=binary, hint=hint)
    return found
