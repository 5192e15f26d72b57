"""Questions and orders to a running node that each engine takes in a way of its own.

Each is sent once and waited for 5 s; there is no retry in here. Orders are such that they can be repeated,
so whoever gives them does that (membership, lifecycle, fork_repair).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, assert_never

from traceledger.errors import InputError
from traceledger.model.hexadecimal import digits, hexed, number, quantity
from traceledger.network import node_questions
from traceledger.network.clique import IPC
from traceledger.network.engine_names import EngineName
from traceledger.network.enode import Enode
from traceledger.network.manifest import Node

_NO_RULES = "geth has no rules for accounts"


class Control(Protocol):
    """One node of this machine. An order that it has carried out before changes nothing.

    Who may join and act is in its configuration before it is told.
    """

    @property
    def node(self) -> Node:
        """The node."""

    def ask(self, method: str, *params: object) -> Any:
        """Its answer to a question that every engine takes."""

    def ready(self) -> None:
        """Tell a node that has just started what its configuration cannot."""

    def validators(self) -> tuple[bytes, ...]:
        """The validators after the newest block: 20-byte addresses."""

    def votes(self) -> dict[bytes, bool]:
        """What this validator votes for: address, and whether to add or to remove it."""

    def propose(self, address: bytes, *, add: bool) -> None:
        """Vote, in every block that this validator makes, to add or to remove a validator."""

    def discard(self, address: bytes) -> None:
        """Vote no longer about this address."""

    def recent_sealers(self, blocks: int) -> frozenset[bytes]:
        """Who made the newest so many blocks."""

    def admit(self, enode: Enode) -> None:
        """Let a node connect, and keep trying to connect to it."""

    def expel(self, enode: Enode) -> None:
        """Disconnect a node, and let it connect no more."""

    def admit_account(self, address: bytes) -> None:
        """Take transactions of this account."""

    def expel_account(self, address: bytes) -> None:
        """Take no more transactions of this account."""

    def rewind(self, block: int) -> None:
        """Forget all blocks after this one."""

    def seal(self, *, on: bool) -> None:
        """Make blocks, or make none."""


@dataclass(frozen=True, slots=True)
class CliqueControl:
    """geth: questions over HTTP, orders over the socket in the node's folder.

    ``folder`` is that of the node.
    """

    node: Node
    folder: Path

    def ask(self, method: str, *params: object) -> Any:
        """The answer to a question that every engine takes."""
        return node_questions.ask(self.node.url, method, *params)

    def order(self, method: str, *params: object) -> Any:
        """An answer over the socket, where administration is allowed."""
        return node_questions.ask_socket(self.folder / IPC, method, *params)

    def ready(self) -> None:
        """Take transactions that offer nothing for gas."""
        self.order("miner_setGasPrice", "0x0")

    def validators(self) -> tuple[bytes, ...]:
        """The validators after the newest block."""
        return tuple(map(digits, self.ask("clique_getSigners", "latest")))

    def votes(self) -> dict[bytes, bool]:
        """What this validator votes for."""
        return {digits(address): add for address, add in self.order("clique_proposals").items()}

    def propose(self, address: bytes, *, add: bool) -> None:
        """Vote to add or to remove a validator."""
        self.order("clique_propose", hexed(address), add)

    def discard(self, address: bytes) -> None:
        """Vote no longer about this address."""
        self.order("clique_discard", hexed(address))

    def recent_sealers(self, blocks: int) -> frozenset[bytes]:
        """Who made the newest so many blocks."""
        head = number(self.ask("eth_blockNumber"))
        # Block 0 has no seal: geth answers an error for it.
        wanted = range(max(1, head - blocks + 1), head + 1)
        return frozenset(digits(self.ask("clique_getSigner", quantity(block))) for block in wanted)

    def admit(self, enode: Enode) -> None:
        """Let a node connect, and dial it."""
        # Trusted first: geth would refuse the call of a peer for which no place is left.
        self.order("admin_addTrustedPeer", enode.url)
        self.order("admin_addPeer", enode.url)

    def expel(self, enode: Enode) -> None:
        """Disconnect a node, and let it connect no more."""
        # Trust first: a peer that is merely removed calls again at once.
        self.order("admin_removeTrustedPeer", enode.url)
        self.order("admin_removePeer", enode.url)

    def admit_account(self, address: bytes) -> None:
        """Refuse: geth has no such rule."""
        raise InputError(_NO_RULES, where=hexed(address))

    def expel_account(self, address: bytes) -> None:
        """Refuse: geth has no such rule."""
        raise InputError(_NO_RULES, where=hexed(address))

    def rewind(self, block: int) -> None:
        """Forget all blocks after this one."""
        self.order("debug_setHead", quantity(block))

    def seal(self, *, on: bool) -> None:
        """Make blocks, or make none."""
        self.order("miner_start" if on else "miner_stop")


@dataclass(frozen=True, slots=True)
class QbftControl:
    """Besu: everything over HTTP on this machine (APIs ``QBFT``, ``PERM`` and ``ADMIN``)."""

    node: Node

    def ask(self, method: str, *params: object) -> Any:
        """The answer to a question that every engine takes."""
        return node_questions.ask(self.node.url, method, *params)

    def ready(self) -> None:
        """Nothing: Besu's configuration says all."""

    def validators(self) -> tuple[bytes, ...]:
        """The validators after the newest block."""
        return tuple(map(digits, self.ask("qbft_getValidatorsByBlockNumber", "latest")))

    def votes(self) -> dict[bytes, bool]:
        """What this validator votes for."""
        return {digits(address): add for address, add in self.ask("qbft_getPendingVotes").items()}

    def propose(self, address: bytes, *, add: bool) -> None:
        """Vote to add or to remove a validator."""
        self.ask("qbft_proposeValidatorVote", hexed(address), add)

    def discard(self, address: bytes) -> None:
        """Vote no longer about this address."""
        self.ask("qbft_discardValidatorVote", hexed(address))

    def recent_sealers(self, blocks: int) -> frozenset[bytes]:
        """Who made the newest so many blocks."""
        head = number(self.ask("eth_blockNumber"))
        metrics = self.ask("qbft_getSignerMetrics", quantity(max(1, head - blocks + 1)), "latest")
        return frozenset(digits(item["address"]) for item in metrics if number(item["proposedBlockCount"]))

    def admit(self, enode: Enode) -> None:
        """Let a node connect, and dial it."""
        self._reread()
        self.ask("admin_addPeer", enode.url)

    def expel(self, enode: Enode) -> None:
        """Disconnect a node, and let it connect no more."""
        self._reread()
        self.ask("admin_removePeer", enode.url)

    def admit_account(self, address: bytes) -> None:
        """Take transactions of this account."""
        self._reread()

    def expel_account(self, address: bytes) -> None:
        """Take no more transactions of this account."""
        self._reread()

    def _reread(self) -> None:
        """Have Besu read its lists anew.

        ``perm_removeNodesFromAllowlist`` and its like refuse what was done before, and files that no longer
        hold what Besu remembers.
        """
        self.ask("perm_reloadPermissionsFromFile")

    def rewind(self, block: int) -> None:
        """Refuse: blocks of QBFT are final."""
        raise InputError("blocks of QBFT are final", where=str(block))

    def seal(self, *, on: bool) -> None:
        """Refuse: Besu makes blocks whenever it is a validator."""
        raise InputError("a validator of QBFT cannot rest", where=str(on))


def control_of(engine: EngineName, node: Node, folder: Path) -> Control:
    """Control of a node of this machine; ``folder`` is the node's."""
    match engine:
        case "geth-clique":
            return CliqueControl(node, folder)
        case "besu-qbft":
            return QbftControl(node)
        case _:
            assert_never(engine)
