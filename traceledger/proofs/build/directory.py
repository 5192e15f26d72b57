"""Makes directory files from a chain (``proofs/verify/directory.py`` says what they are)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.errors import UnknownNameError
from traceledger.model.hexadecimal import hexed
from traceledger.model.ids import batch_id
from traceledger.proofs import layout
from traceledger.proofs.build.sealers import followers
from traceledger.proofs.tries import nodes_of
from traceledger.proofs.verify.directory import FORMAT, VERSION, DirectoryFile
from traceledger.storage.files import replacing

if TYPE_CHECKING:
    from traceledger.chain.base import AccountProof
    from traceledger.config.networks import Network
    from traceledger.proofs.build.builder import ProvableChain

_AT_ONCE = 200


def directory(
    network: Network,
    chain: ProvableChain,
    participants: Sequence[str],
    batches: Sequence[str] = (),
    *,
    block: int | None = None,
) -> DirectoryFile:
    """What proves short names, and lots, at a final block.

    Args:
        network: of networks.toml, with contracts.
        chain: its chain.
        participants: short names, which must be registered.
        batches: full names as on chain, ``creator/identifier``; their creators' names are proved too.
        block: the stated block, by default the newest final one.

    Raises:
        UnknownNameError: nobody is called so at that block.
        TraceLedgerError: the chain cannot prove it.
    """
    contracts = network.deployed()
    number = chain.final().number if block is None else block
    last = min(number + followers(network, chain)(number), chain.head().number)
    slugs = list(dict.fromkeys([*participants, *(each.partition("/")[0] for each in batches)]))
    addresses: dict[str, bytes] = {}
    proofs: list[AccountProof] = []
    for start in range(0, max(1, len(slugs)), _AT_ONCE):
        some = slugs[start : start + _AT_ONCE]
        proof = chain.prove(contracts.registry, [layout.slug_slot(slug) for slug in some], number)
        for slug, stored in zip(some, proof.storage, strict=True):
            addresses[slug] = _known(layout.address_in(stored.value), slug, number)
        proofs.append(proof)
    numbers = [batch_id(addresses[each.partition("/")[0]], each.partition("/")[2]) for each in batches]
    for start in range(0, len(numbers), _AT_ONCE):
        keys = [
            slot
            for each in numbers[start : start + _AT_ONCE]
            for slot in (layout.state_slot(each), layout.custodian_slot(each))
        ]
        proofs.append(chain.prove(contracts.ledger, keys, number))
    return DirectoryFile(
        chain_id=chain.chain_id,
        genesis_hash=chain.genesis_hash(),
        headers=tuple(chain.header_rlp(each) for each in range(number, last + 1)),
        nodes=tuple(nodes_of(proofs)),
        participants=tuple(slugs),
        batches=tuple(batches),
    )


def write(path: Path, file: DirectoryFile) -> None:
    """Write a directory file, all of it or nothing; one that was there is replaced.

    Raises:
        InputError: it cannot be written.
    """
    document = {
        "format": FORMAT,
        "version": VERSION,
        "chain_id": str(file.chain_id),
        "genesis_hash": hexed(file.genesis_hash),
        "headers": [hexed(each) for each in file.headers],
        "nodes": [hexed(each) for each in file.nodes],
        "participants": list(file.participants),
        "batches": list(file.batches),
    }
    with replacing(path) as target:
        target.write(json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n")


def _known(address: bytes | None, slug: str, number: int) -> bytes:
    if address is None:
        raise UnknownNameError(f"nobody is called {slug!r} at block {number}", hint="register it first")
    return address
