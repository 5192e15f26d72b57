"""``network.json``: what a founded network is, and its nodes. It holds no secret; every member has a copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, IPvAnyAddress, ValidationError

from traceledger.errors import InputError, NetworkError
from traceledger.model.hexadecimal import digits, hexed
from traceledger.network.engine_names import EngineName
from traceledger.network.enode import Enode
from traceledger.network.files import write_json
from traceledger.storage.files import text_of
from traceledger.storage.json_text import loads

FILE_NAME = "network.json"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Node:
    """One node: what others must know of it.

    ``address`` (20 bytes) is the account that signs its blocks; ``host`` an IP address; the JSON-RPC port is
    open on 127.0.0.1 of that host only. ``removed``: it was admitted, and may connect no longer.
    """

    name: str
    address: bytes
    node_id: bytes
    host: str
    p2p_port: int
    rpc_port: int
    removed: bool = False

    @property
    def enode(self) -> Enode:
        """Where and as whom it is dialled."""
        return Enode(self.node_id, self.host, self.p2p_port)

    @property
    def url(self) -> str:
        """Its JSON-RPC endpoint, as seen on its own host, or through a tunnel or proxy that ends there."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.rpc_port}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A founded network. ``block_seconds`` is the time between blocks, ``gas_limit`` that of every block."""

    name: str
    engine: EngineName
    chain_id: int
    block_seconds: int
    gas_limit: int
    genesis_hash: bytes | None
    accounts: tuple[bytes, ...]
    nodes: tuple[Node, ...]

    def node(self, name: str) -> Node:
        """The node of that name.

        Raises:
            InputError: there is none.
        """
        for node in self.nodes:
            if node.name == name:
                return node
        known = ", ".join(node.name for node in self.nodes)
        raise InputError(f"the network has no node {name!r}", hint=f"it has {known}")

    def with_nodes(self, nodes: Iterable[Node]) -> Manifest:
        """The same network with these nodes."""
        return replace(self, nodes=tuple(nodes))

    def with_removed(self, node_id: bytes, *, removed: bool) -> Manifest:
        """The same network, of which the node with this id (64 bytes) may connect no longer, or again."""
        return self.with_nodes(
            replace(node, removed=removed) if node.node_id == node_id else node for node in self.nodes
        )

    def with_accounts(self, accounts: Iterable[bytes]) -> Manifest:
        """The same network taking transactions of these accounts (20-byte addresses)."""
        return replace(self, accounts=tuple(accounts))


class _NodeDocument(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    address: Annotated[str, Field(pattern=r"^0x[0-9a-f]{40}$")]
    node_id: Annotated[str, Field(pattern=r"^0x[0-9a-f]{128}$")]
    host: IPvAnyAddress
    p2p_port: Annotated[int, Field(ge=1, le=65535)]
    rpc_port: Annotated[int, Field(ge=1, le=65535)]
    removed: bool = False

    def node(self) -> Node:
        return Node(
            self.name,
            digits(self.address),
            digits(self.node_id),
            str(self.host),
            self.p2p_port,
            self.rpc_port,
            self.removed,
        )


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")
    format: Literal[1]
    name: str
    engine: EngineName
    chain_id: int
    block_seconds: int
    gas_limit: int
    genesis_hash: str | None
    accounts: list[str]
    nodes: list[_NodeDocument]


def write(folder: Path, manifest: Manifest) -> None:
    """Write network.json, whole or not at all.

    Raises:
        NetworkError: it cannot be written.
    """
    document = {
        "format": 1,
        "name": manifest.name,
        "engine": manifest.engine,
        "chain_id": manifest.chain_id,
        "block_seconds": manifest.block_seconds,
        "gas_limit": manifest.gas_limit,
        "genesis_hash": None if manifest.genesis_hash is None else hexed(manifest.genesis_hash),
        "accounts": [hexed(account) for account in manifest.accounts],
        "nodes": [
            {
                "name": node.name,
                "address": hexed(node.address),
                "node_id": hexed(node.node_id),
                "host": node.host,
                "p2p_port": node.p2p_port,
                "rpc_port": node.rpc_port,
                **({"removed": True} if node.removed else {}),
            }
            for node in manifest.nodes
        ],
    }
    write_json(folder / FILE_NAME, document)


def read(folder: Path) -> Manifest:
    """Read the network.json of a founded network's folder.

    Raises:
        InputError: the folder is not one, or its network.json is damaged.
        NetworkError: it cannot be read.
    """
    path = folder / FILE_NAME
    try:
        document = _Document.model_validate(loads(text_of(path, "utf-8"), where=str(path)))
        return Manifest(
            name=document.name,
            engine=document.engine,
            chain_id=document.chain_id,
            block_seconds=document.block_seconds,
            gas_limit=document.gas_limit,
            genesis_hash=None if document.genesis_hash is None else digits(document.genesis_hash),
            accounts=tuple(map(digits, document.accounts)),
            nodes=tuple(node.node() for node in document.nodes),
        )
    except FileNotFoundError:
        raise InputError(
            "is not the folder of a founded network",
            where=folder,
            hint="make one with: traceledger network found",
        ) from None
    except OSError as error:
        raise NetworkError(f"cannot be read: {error.strerror}", where=path) from None
    except ValidationError as invalid:
        fault = invalid.errors(include_url=False)[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise InputError(fault["msg"].lower(), where=f"{path}: {field}" if field else str(path)) from None
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"damaged: {error}", where=path) from None
