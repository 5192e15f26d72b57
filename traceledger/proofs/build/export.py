"""Exports proof files of a network: chooses the stated block and what shows that it is final."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from traceledger.errors import InputError
from traceledger.proofs.build.builder import Exported, Known, ProvableChain, Request, export
from traceledger.proofs.build.sealers import followers, sealing_kind
from traceledger.proofs.checkpoint import digest
from traceledger.proofs.records import Checkpoint
from traceledger.storage.files import replacing

if TYPE_CHECKING:
    from traceledger.chain.base import BlockRef, Chain
    from traceledger.config.networks import Network
    from traceledger.index import Index
    from traceledger.signing.places import Signer


def export_file(
    path: Path,
    batch: int,
    opened: tuple[Network, Chain, Index, Known | None],
    *,
    block: int | None,
    checkpoints: tuple[Checkpoint, ...],
    linked: bool | None,
) -> Exported:
    """Write a proof file, whole or not at all; see :meth:`traceledger.client.client.Client.export_proof`.

    Args:
        path: the file.
        batch: id of the batch.
        opened: the network, its chain, its index, which is synced, and what opens the private texts to
            be disclosed.
        block: the stated block, if it is not to be chosen.
        checkpoints: of witnesses.
        linked: whether to write all headers in between, if that is not to be chosen.
    """
    network, chain, index, known = opened
    _require_these(checkpoints, chain)
    if block is None and checkpoints:
        block = min(each.number for each in checkpoints)
    sealed = sealing_kind(network) != "none"
    request = Request(
        batch=batch,
        block=final_block(chain, block),
        followers=followers(network, chain),
        linked=linked if linked is not None else bool(checkpoints) or not sealed,
        checkpoints=checkpoints,
    )
    # Every chain of this package can prove its blocks.
    provable = cast(ProvableChain, chain)
    with replacing(path) as file:
        return export(file, request, provable, index, network.deployed(), known)


def final_block(chain: Chain, number: int | None) -> BlockRef:
    """The newest final block, or the final block of that number.

    Raises:
        InputError: it is not final yet, or does not exist.
    """
    final = chain.final()
    if number is None or number == final.number:
        return final
    found = chain.block_ref(number)
    if number > final.number or found is None:
        raise InputError(f"block {number} is not final yet", hint=f"the newest final block is {final.number}")
    return found


def sign_checkpoint(signer: Signer, chain_id: int, genesis_hash: bytes, block: BlockRef) -> Checkpoint:
    """A witness's checkpoint of a block of the chain with that id and genesis."""
    signature = signer.sign_hash(digest(chain_id, genesis_hash, block.number, block.hash))
    return Checkpoint(chain_id, block.number, block.hash, signature)


def _require_these(checkpoints: tuple[Checkpoint, ...], chain: Chain) -> None:
    for each in checkpoints:
        found = chain.block_ref(each.number)
        if each.chain_id != chain.chain_id or found is None or found.hash != each.hash:
            raise InputError(
                f"the checkpoint of block {each.number} is not of this chain",
                hint="it was signed for another network, or for a fork",
            )
