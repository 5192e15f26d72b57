"""Exports proof files of a network: chooses the stated block and what shows that it is final."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, BinaryIO, cast

from traceledger.errors import InputError, TraceLedgerError, VerificationError
from traceledger.model.hexadecimal import id_text
from traceledger.proofs.build.builder import Exported, Known, ProvableChain, Request, export
from traceledger.proofs.build.sealers import followers, sealing_kind
from traceledger.proofs.build.trust_roots import own_root
from traceledger.proofs.checkpoint import digest
from traceledger.proofs.records import Checkpoint
from traceledger.proofs.verify.asked import Asked
from traceledger.proofs.verify.verifier import verify_stream
from traceledger.storage.files import OWNER_ONLY, creating, replacing

if TYPE_CHECKING:
    from traceledger.chain.base import BlockRef, Chain
    from traceledger.config.networks import Network
    from traceledger.index import Index
    from traceledger.proofs.trust import TrustRoot
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
    with _writing(path, private=known is not None) as file:
        done = export(file, request, provable, index, network.deployed(), known)
        _require_true(file, request, own_root(network, chain, request, done.numbers))
        return done


def _writing(path: Path, *, private: bool) -> AbstractContextManager[BinaryIO]:
    # What discloses private texts goes to where nobody else can have put anything, or can read it.
    return creating(path, mode=OWNER_ONLY) if private else replacing(path)


def _require_true(file: BinaryIO, request: Request, trusted: TrustRoot) -> None:
    """That a file holds, before anybody is told that it was made.

    Raises:
        VerificationError: it does not: index or node said what is not so.
    """
    file.seek(0)
    try:
        verify_stream(file, "it", Asked(id_text(request.batch), int(time())), trusted)
    except TraceLedgerError as error:
        raise VerificationError(
            f"the file that was made does not hold, and is not kept: {error.what}",
            hint="traceledger index rebuild reads the chain anew; if that does not help, ask another node",
        ) from error


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
