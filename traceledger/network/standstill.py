"""Whether a network stands still, as its nodes on this machine see it, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from traceledger.model.hexadecimal import number
from traceledger.network.lifecycle import Running
from traceledger.network.manifest import Node

STANDING_PERIODS = 30
"""For how many block times there was no block, before a network counts as standing still.

Rounds of QBFT, of two block times at first, have doubled four times by then.
"""


@dataclass(frozen=True, slots=True)
class Standstill:
    """No block for a while.

    ``head``: the newest block; ``seconds`` since it was made; ``here``: the validators that run here;
    ``needed``: how many must run somewhere; ``validators``: how many there are.
    """

    head: int
    seconds: int
    here: tuple[Node, ...]
    needed: int
    validators: int

    @property
    def present(self) -> int:
        """How many validators run here."""
        return len(self.here)


def standstill(running: Running, nodes: Sequence[Node]) -> Standstill | None:
    """Whether the network of these nodes, which run here, stands still; none where it makes blocks.

    Raises:
        NetworkError: one does not answer.
    """
    heads = [running.control(node).ask("eth_getBlockByNumber", "latest", False) for node in nodes]
    if not heads:
        return None
    newest = max(heads, key=lambda head: number(head["number"]))
    seconds = int(running.machine.clock()) - number(newest["timestamp"])
    if seconds <= STANDING_PERIODS * running.manifest.block_seconds:
        return None
    members = running.control(nodes[0]).validators()
    return Standstill(
        head=number(newest["number"]),
        seconds=seconds,
        here=tuple(node for node in nodes if node.address in members),
        needed=running.engine.least(len(members)),
        validators=len(members),
    )


def advice(running: Running, found: Standstill) -> str:
    """What the administrator of this machine does about it: one sentence."""
    folder = running.folder
    begun = (
        f"no block for {found.seconds} s: {found.present} of {found.validators} validators run here,"
        f" {found.needed} must run somewhere"
    )
    if found.present < found.needed:
        return (
            f"{begun}; start the missing ones (traceledger network up {folder}), and if no block comes within"
            " a minute, let every member end and start its own at the same time (network down, network up)"
        )
    match running.engine.consensus:
        case "qbft":
            return f"{begun}; rounds have grown as long, and traceledger network up {folder} starts all anew"
        case "clique":
            return f"{begun}; have they forked, let one give way: traceledger network rewind {folder} NODE"
        case "single":
            return f"{begun}; see its node.log"
        case _:
            assert_never(running.engine.consensus)
