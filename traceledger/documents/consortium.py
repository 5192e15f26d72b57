"""The JSON of a consortium's own network: its nodes, validators and accounts, as this machine knows them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.documents.values import optional_hex
from traceledger.errors import NetworkError
from traceledger.model.hexadecimal import hexed

if TYPE_CHECKING:
    from traceledger.network.enode import Enode
    from traceledger.network.lifecycle import NodeStatus, Running
    from traceledger.network.manifest import Manifest, Node
    from traceledger.network.membership import Validator


def founded(folder: Path, made: Manifest) -> dict[str, Any]:
    """A network that was founded in a folder."""
    return {
        "folder": str(folder),
        "network": made.name,
        "engine": made.engine,
        "chain_id": str(made.chain_id),
        "genesis_hash": optional_hex(made.genesis_hash),
        "networks": str(folder / "networks.toml"),
        "validators": [
            {
                "name": node.name,
                "address": hexed(node.address),
                "enode": node.enode.url,
                "url": node.url,
            }
            for node in made.nodes
        ],
    }


def started(folder: Path, running: Running, nodes: Iterable[Node]) -> dict[str, Any]:
    """Nodes that were started, and their processes."""
    described = [{"name": item.name, "pid": running.process(item).pid, **_where(item)} for item in nodes]
    return {"folder": str(folder), "started": described}


def ended(folder: Path, nodes: Iterable[Node]) -> dict[str, Any]:
    """Nodes whose processes were ended."""
    return {"folder": str(folder), "ended": _names(nodes)}


def rewound(node: str, *, before: int, head: int) -> dict[str, Any]:
    """A node that forgot its newest blocks, down from block ``before``, and followed the others."""
    return {"node": node, "head_before": before, "head": head}


def status(folder: Path, running: Running) -> dict[str, Any]:
    """The nodes whose keys are here: process, newest block, peers, whether they make blocks.

    ``standing``: that no block has come for a while, and what to do; ``None`` where blocks come.
    """
    return {
        "folder": str(folder),
        "network": running.manifest.name,
        "engine": running.manifest.engine,
        "chain_id": str(running.manifest.chain_id),
        "nodes": [_status(item, died=running.process(item.node).died) for item in running.status()],
        "standing": _standing(running),
    }


def _standing(running: Running) -> dict[str, Any] | None:
    from traceledger.network.standstill import advice, standstill

    try:
        found = standstill(running, running.alive())
    except NetworkError:  # the node's own line says that it does not answer
        return None
    if found is None:
        return None
    return {
        "head": found.head,
        "seconds": found.seconds,
        "validators": found.validators,
        "running_here": found.present,
        "needed": found.needed,
        "advice": advice(running, found),
    }


def node_made(folder: Path, made: Node) -> dict[str, Any]:
    """A node that was made, with its keys, in a folder of its own."""
    return {
        "name": made.name,
        "address": hexed(made.address),
        "enode": made.enode.url,
        "url": made.url,
        "folder": str(folder / made.name),
    }


def nodes(found: Iterable[tuple[Enode, Node | None]]) -> dict[str, Any]:
    """The nodes that may connect to those here."""
    return {
        "nodes": [
            {
                "name": known.name if known else None,
                "address": hexed(known.address) if known else None,
                "enode": enode.url,
            }
            for enode, known in found
        ]
    }


def told_of_node(enode: Enode, told: Iterable[Node]) -> dict[str, Any]:
    """The nodes that were told that another may connect, or may no longer."""
    return {"enode": enode.url, "told": _names(told)}


def told_of_account(address: bytes, told: Iterable[Node]) -> dict[str, Any]:
    """The nodes that were told that an account's transactions are taken, or are no longer."""
    return {"address": hexed(address), "told": _names(told)}


def proposed(address: bytes, voting: Iterable[Node], *, add: bool) -> dict[str, Any]:
    """The nodes that vote to add a validator, or to remove it."""
    return {"address": hexed(address), "add": add, "voting": _names(voting)}


def discarded(address: bytes, silent: Iterable[Node]) -> dict[str, Any]:
    """The nodes that vote about a validator no longer."""
    return {"address": hexed(address), "discarded": _names(silent)}


def validators(found: Iterable[Validator]) -> dict[str, Any]:
    """The validators, and those that nodes here vote for."""
    return {
        "validators": [
            {
                "address": hexed(item.address),
                "node": item.node.name if item.node else None,
                "validator": item.member,
                "signing": item.signing,
                "votes": {name: "add" if add else "remove" for name, add in item.votes.items()},
            }
            for item in found
        ]
    }


def accounts(found: Iterable[bytes]) -> dict[str, Any]:
    """The accounts whose transactions are taken."""
    return {"accounts": [hexed(item) for item in found]}


def _names(nodes: Iterable[Node]) -> list[str]:
    return [node.name for node in nodes]


def _where(node: Node) -> dict[str, Any]:
    from traceledger.network.lifecycle import local

    return {"url": local(node).url, "p2p_port": node.p2p_port}


def _status(item: NodeStatus, *, died: bool) -> dict[str, Any]:
    return {
        "name": item.node.name,
        "address": hexed(item.node.address),
        **_where(item.node),
        "running": item.pid is not None,
        "died": died,
        "pid": item.pid,
        "head": item.head,
        "head_hash": optional_hex(item.head_hash),
        "peers": item.peers,
        "validator": item.validator,
        "signing": item.signing,
    }
