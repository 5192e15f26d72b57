"""The JSON of networks: those of networks.toml, their chain, contracts and nodes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.documents.values import optional_hex
from traceledger.model.hexadecimal import hexed

if TYPE_CHECKING:
    from traceledger.chain.base import BlockRef
    from traceledger.config.networks import Contracts, Network, Networks
    from traceledger.sending.role_events import Rights


def networks(found: Networks) -> dict[str, Any]:
    """The networks of a networks.toml; the default one is marked."""
    described = [_network(item) | {"default": item.name == found.default} for item in found.all.values()]
    return {"config": str(found.path), "networks": described}


def network(found: Networks, chosen: Network) -> dict[str, Any]:
    """One network: its files and contracts."""
    document = _network(chosen)
    where = document.pop("contracts")
    return document | {
        "default": chosen.name == found.default,
        "config": str(found.path),
        "folder": str(chosen.folder),
        "keys": str(chosen.keys),
        "index": str(chosen.index_file),
        "contracts": where or {"contracts": "not deployed"},
    }


def _network(item: Network) -> dict[str, Any]:
    from traceledger.chain.rpc.http import shown

    return {
        "network": item.name,
        "kind": item.kind,
        "chain_id": str(item.chain_id),
        "chain": ", ".join(map(shown, item.urls)) if item.kind == "rpc" else str(item.chain_file),
        "contracts": None if item.contracts is None else addresses(item.contracts),
    }


def addresses(contracts: Contracts) -> dict[str, str]:
    """Where the contracts are."""
    return {field: hexed(at) for field, at in contracts.by_field.items()}


def checked(found: Network, head: BlockRef, *, genesis: bytes, indexed: int | None) -> dict[str, Any]:
    """A network that was found to be the one expected."""
    return {
        "network": found.name,
        "chain_id": str(found.chain_id),
        "genesis_hash": hexed(genesis),
        "head": head.number,
        "head_hash": hexed(head.hash),
        "index_block": indexed,
        "ok": True,
    }


def deployed(
    found: Network, contracts: Contracts, rights: Rights, *, deployer: bytes, block: int
) -> dict[str, Any]:
    """Contracts that were put on a network by ``deployer``, up to ``block``, and the rights that were set."""
    from traceledger.documents.rights import members

    return {
        "network": found.name,
        "chain_id": str(found.chain_id),
        **addresses(contracts),
        "deployer": hexed(deployer),
        "block": block,
        "rights": members(rights),
    }


def contracts(
    found: Network,
    codes: Mapping[str, bytes],
    *,
    deployer: bytes | None,
    deployer_is_consortium: bool | None,
) -> dict[str, Any]:
    """The contracts of a network; ``codes`` by field, the deployer's rights as far as its key is here."""
    from traceledger.config.networks import CONTRACTS
    from traceledger.model.keccak import keccak

    return {
        "network": found.name,
        "chain_id": str(found.chain_id),
        "contracts": {
            field: {
                "contract": CONTRACTS[field],
                "address": hexed(address),
                "code_hash": hexed(keccak(codes[field])),
                "code_bytes": len(codes[field]),
            }
            for field, address in found.deployed().by_field.items()
        },
        "deployer": optional_hex(deployer),
        "deployer_is_consortium": deployer_is_consortium,
    }


def node_status(
    found: Network, head: BlockRef, *, genesis: bytes, authority: bytes | None, indexed: int | None
) -> dict[str, Any]:
    """A chain's head, identity and size.

    Args:
        found: the network.
        head: the chain's newest block.
        genesis: hash of block 0.
        authority: who seals an embedded chain.
        indexed: how many blocks the index has; ``None`` where there is none.
    """
    return {
        "network": found.name,
        "chain_id": str(found.chain_id),
        "genesis_hash": hexed(genesis),
        "head": head.number,
        "head_hash": hexed(head.hash),
        "head_timestamp": head.timestamp,
        "authority": optional_hex(authority),
        "bytes": found.chain_file.stat().st_size if found.kind == "embedded" else None,
        "index_block": indexed - 1 if indexed else None,
        "index_lag": None if indexed is None else head.number + 1 - indexed,
    }


def chain_copied(found: Network, file: Path, head: BlockRef) -> dict[str, Any]:
    """A chain that was copied into a file, or out of one, up to a block."""
    return {
        "network": found.name,
        "path": str(found.chain_file),
        "file": str(file),
        "blocks": head.number + 1,
        "head": head.number,
        "head_hash": hexed(head.hash),
    }


def node_verified(found: Network, block: BlockRef) -> dict[str, Any]:
    """A chain that was validated up to a block."""
    return {
        "network": found.name,
        "path": str(found.chain_file),
        "blocks": block.number + 1,
        "head": block.number,
        "head_hash": hexed(block.hash),
        "valid": True,
    }


def begun(config: Path, chosen: Network) -> dict[str, Any]:
    """A networks.toml that was written, with one network."""
    return {"config": str(config), "network": chosen.name, "chain_id": str(chosen.chain_id)}


def served(url: str, found: Network, chain_id: int) -> dict[str, Any]:
    """An embedded chain that is served at a URL."""
    return {"url": url, "network": found.name, "chain_id": str(chain_id)}


def pages_served(url: str, network: Network) -> dict[str, Any]:
    """Where pages and the API of a network are served."""
    return {"url": url, "network": network.name}
