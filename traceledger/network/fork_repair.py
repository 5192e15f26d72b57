"""Get a Clique network going again that a partition left in two halves of equal weight.

Each half of an evenly split network makes as many blocks as it can, then stops: nobody may sign twice in a
row of more than half of the validators. When the halves meet again and their chains have the same total
difficulty, neither gives way, and nobody may sign on his own chain: it stands still for ever. A node that
forgets its newest blocks takes the other half's chain, may sign there, and all follow.

The blocks forgotten are at most half as many as there are validators, which is fewer than make a block final.
Under QBFT there is nothing to do: it makes no block without two thirds of the validators.

States of the node that gives way, and what each waits for::

    standing --6 block times without a block--> resting (makes no blocks)
       |                                           |
       | a block is made: refused                  v
       v                              +--> following one other node, after forgetting its newest blocks
      as it was                       |            |              |
                                      +--60 s------+              | it has a block of another chain
                           the next one, most blocks first        | or there is no other node left
                                                                  v
                                       admitting all again, making blocks
                                            |                 |
                       a newer block: done  v                 v 90 s: error, the network may need more nodes
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from traceledger.chain.base import Consensus
from traceledger.errors import InputError, NetworkError
from traceledger.model.hexadecimal import number, quantity
from traceledger.network import allowlist
from traceledger.network.control import Control
from traceledger.network.enode import Enode
from traceledger.network.lifecycle import Running
from traceledger.network.machine import Machine
from traceledger.network.manifest import Node

STILL_PERIODS = 6
"""For how many block times no block must have been made, before a network counts as standing still."""
RECOVERY_SECONDS = 90.0
PEER_SECONDS = 60.0
"""How long to wait for a node's blocks: geth dials the same node every 35 s only, and syncs every 10 s."""
_POLL_SECONDS = 0.5

Tell = Callable[[str], None]


def _forks(consensus: Consensus) -> bool:
    """Whether validators can end up with different newest blocks."""
    match consensus:
        case "clique":
            return True
        case "single" | "qbft":
            return False
        case _:
            assert_never(consensus)


def rewind(running: Running, name: str, *, tell: Tell = lambda _: None) -> tuple[int, int]:
    """Let a node forget its newest blocks, and wait until it follows a chain that grows.

    Args:
        running: the network's nodes here.
        name: of the node; it must run here.
        tell: is told what happens.

    Returns:
        The number of its newest block before, and now.

    Raises:
        InputError: the engine needs no such thing, blocks are made, or there is no such node here.
        NetworkError: the node does not run, sees no other, or the network does not get going.
    """
    if not _forks(running.engine.consensus):
        raise InputError(f"a {running.engine.name} network does not fork", where=running.folder)
    node = _alive(running, name)
    control = running.control(node)
    if number(control.ask("net_peerCount")) == 0:
        raise NetworkError(f"{name} sees no other node", hint="first let it connect")
    before = _standing(running, control)
    target = max(0, before - len(control.validators()) // 2)
    tell(f"{name} goes back from block {before} to {target}, and follows a node that has another chain")
    others = others_to_follow(running, node)
    # A node that seals goes on building on its own newest block, whatever its peers have.
    control.seal(on=False)
    try:
        _take_another_chain(running.machine, control, others, target, before)
    finally:
        try:
            for enode in others:
                control.admit(enode)
        finally:
            control.seal(on=True)
    now = _await_head(running.machine, control, before + 1, RECOVERY_SECONDS)
    if now is None:
        raise NetworkError(
            f"no block is made after {before}",
            where=running.folder,
            hint="more than half of the validators must run and see each other; try another node",
        )
    return before, now


def mend_fork(
    running: Running,
    nodes: Sequence[Node],
    *,
    tell: Tell = lambda _: None,
    give_way: Callable[..., object] = rewind,
) -> bool:
    """Let one of these nodes give way, where they stand still with different chains.

    Validators that start at the same moment may each make blocks before they see each other, and then miss
    what the others made first. Nothing is done unless more than half of the validators are among the nodes.

    Args:
        running: the network's nodes here.
        nodes: those of them that run and see each other.
        tell: is told what happens.
        give_way: lets a node take another chain, as :func:`rewind` does.

    Returns:
        Whether one gave way, and follows a chain that grows.

    Raises:
        NetworkError: a node does not answer, or the network does not get going.
    """
    if not _forks(running.engine.consensus):
        return False
    heads = {node.name: _head(running.control(node)) for node in nodes}
    # The shortest gives way, so that the fewest blocks are lost.
    lowest = min(nodes, key=lambda node: heads[node.name])
    members = running.control(lowest).validators()
    # Compared at the height that all have: nodes that are merely behind agree there.
    hashes = {_hash(running.control(node), heads[lowest.name]) for node in nodes}
    present = sum(node.address in members for node in nodes)
    if len(hashes) == 1 or present < running.engine.least(len(members)):
        return False
    try:
        give_way(running, lowest.name, tell=tell)
    except InputError:  # it makes blocks after all
        return False
    return True


def others_to_follow(running: Running, node: Node) -> list[Enode]:
    """The other admitted nodes, in the order in which to try their chains: those with most blocks first."""
    heads: dict[bytes, int] = {}
    for each in running.alive():
        with contextlib.suppress(NetworkError):
            heads[each.node_id] = _head(running.control(each))
    allowed = [enode for enode in allowlist.read_nodes(running.folder) if enode.node_id != node.node_id]
    return sorted(allowed, key=lambda enode: -heads.get(enode.node_id, -1))


def _take_another_chain(
    machine: Machine, control: Control, others: Sequence[Enode], target: int, before: int
) -> None:
    """Connect to one node after the other, until one has another chain than ours after ``target``."""
    forgotten = {block: _hash(control, block) for block in range(target + 1, before + 1)}
    for enode in others:
        control.expel(enode)
    for enode in others:
        control.rewind(target)
        control.admit(enode)
        if _comes_another(machine, control, forgotten):
            return
        control.expel(enode)


def _comes_another(machine: Machine, control: Control, forgotten: Mapping[int, str | None]) -> bool:
    """Whether a chain comes that is not ours, before it turns out to be ours or none comes at all.

    The chains may have parted anywhere among the forgotten blocks, and neither need be as long as the other:
    ours it is when our newest block is back.
    """
    deadline = machine.now() + PEER_SECONDS
    while machine.now() < deadline:
        found = {block: _hash(control, block) for block in forgotten}
        if any(found[block] not in (None, ours) for block, ours in forgotten.items()):
            return True
        if found == forgotten:
            return False
        machine.sleep(_POLL_SECONDS)
    return False


def _hash(control: Control, number: int) -> str | None:
    block = control.ask("eth_getBlockByNumber", quantity(number), False)
    return None if block is None else str(block["hash"])


def _await_head(machine: Machine, control: Control, goal: int, seconds: float) -> int | None:
    """The newest block's number, once it is ``goal`` or more; none when that takes too long."""
    deadline = machine.now() + seconds
    while machine.now() < deadline:
        now = _head(control)
        if now >= goal:
            return now
        machine.sleep(_POLL_SECONDS)
    return None


def _alive(running: Running, name: str) -> Node:
    alive = running.alive([name])
    if not alive:
        raise NetworkError(f"{name} does not run", hint="run: traceledger network up")
    return alive[0]


def _head(control: Control) -> int:
    return number(control.ask("eth_blockNumber"))


def _standing(running: Running, control: Control) -> int:
    """The number of the newest block, once none has been made for a while."""
    began = _head(control)
    deadline = running.machine.now() + STILL_PERIODS * running.manifest.block_seconds
    while running.machine.now() < deadline:
        running.machine.sleep(_POLL_SECONDS)
        if _head(control) != began:
            raise InputError("the network makes blocks", where=running.folder, hint="leave it alone")
    return began
