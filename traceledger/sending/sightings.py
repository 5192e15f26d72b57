"""Where transactions stand on a chain, for as few questions as that takes.

A receipt is what costs most to ask for: it holds every log. So it is asked for once of each transaction, when
a block that was not final at the last look has it (:func:`standing`), with all others of that block if it has
many; and what is mined becomes final by the hash of its block alone (:func:`settled`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from traceledger.chain.base import BlockRef, Receipt
from traceledger.chain.rpc.transactions import Tip, TransactionPort
from traceledger.sending.outbox import Entry, State

_MANY = 4
"""So many transactions a block, at least, make it cheaper to ask for all of the block than for each."""


def settled(chain: TransactionPort, mined: Iterable[Entry], final: BlockRef) -> dict[int, Entry]:
    """Those, by their ids, that the final chain has in the very block in which a receipt showed them.

    Args:
        chain: the network.
        mined: transactions that were seen in a block, none after ``final``.
        final: the newest final block.

    Raises:
        BlocksChangedError: the node that answers does not have ``final``.
    """
    placed = [(entry, entry.block) for entry in mined if entry.block is not None]
    if not placed:
        return {}
    hashes = chain.block_hashes({block for _, block in placed}, final)
    same = [entry for entry, block in placed if hashes.get(block) == entry.block_hash]
    return {entry.id: entry.moved("final" if entry.succeeded else "failed") for entry in same}


def standing(
    chain: TransactionPort, waiting: Sequence[Entry], sought: Collection[int], base: BlockRef | None, tip: Tip
) -> dict[int, Entry]:
    """How those stand, by their ids, that are in a block by now.

    Args:
        chain: the network.
        waiting: transactions that were not seen in a block, or no longer stand there.
        sought: ids of those that had no receipt at an earlier look.
        base: the final block at the last look, which nothing replaces; ``None`` before the first.
        tip: the newest blocks.

    Raises:
        BlocksChangedError: the node that answers does not have the final block, and that matters.
    """
    if not waiting:
        return {}
    placed = None
    # A block costs no less to ask for than a receipt.
    if base is not None and tip.head.number - base.number <= len(waiting):
        placed = chain.mined_between(base, tip.head)
    if placed is None:
        return _by_receipts(chain, waiting, tip.final, ())
    asked = [entry for entry in waiting if entry.hash in placed or entry.id not in sought]
    filled = Counter(placed[entry.hash] for entry in asked if entry.hash in placed)
    blocks = [block for block, count in filled.items() if count >= _MANY]
    return _by_receipts(chain, asked, tip.final, blocks)


def _by_receipts(
    chain: TransactionPort, asked: Sequence[Entry], final: BlockRef, blocks: Collection[bytes]
) -> dict[int, Entry]:
    """How those stand, by their ids, that have a receipt."""
    receipts = chain.receipts([entry.hash for entry in asked], upon=final, blocks=blocks)
    return {
        entry.id: _by_receipt(entry, receipt, final)
        for entry, receipt in zip(asked, receipts, strict=True)
        if receipt is not None
    }


def _by_receipt(entry: Entry, receipt: Receipt, final: BlockRef) -> Entry:
    """A transaction as its receipt says it stands."""
    block = receipt.block
    state: State = "mined"
    if block.number <= final.number:
        state = "final" if receipt.succeeded else "failed"
    if (entry.state, entry.block_hash) == (state, block.hash):
        return entry
    return entry.moved(
        state,
        succeeded=receipt.succeeded,
        block=block.number,
        block_hash=block.hash,
        position=receipt.transaction_index,
    )
