"""Where transactions stand on a chain, for as few questions as that takes.

A receipt is what costs most to ask for: it holds every log. So it is asked for once of each transaction, when
a block that was made since the last look has it (:func:`to_ask`); and what is mined becomes final by the hash
of its block alone (:func:`settled`). Where the chain did not just grow, all are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from traceledger.chain.base import BlockRef, Receipt
from traceledger.chain.rpc.transactions import TransactionPort
from traceledger.sending.outbox import Entry, State

_MANY = 4
"""So many transactions a block, at least, make it cheaper to ask what is in the blocks than for receipts."""


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


def to_ask(
    chain: TransactionPort, sought: Sequence[Entry], looked: BlockRef | None, head: BlockRef
) -> list[Entry]:
    """Of those that had no receipt up to the block ``looked``, those that may have one by now.

    Args:
        chain: the network.
        sought: the transactions.
        looked: the newest block at the last look; ``None`` before the first.
        head: the newest block.
    """
    if not sought or looked == head:
        return []
    # A node that mines each transaction at once makes as many blocks: their receipts cost no more.
    few = looked is not None and head.number - looked.number <= len(sought) / _MANY
    mined = chain.mined_between(looked, head) if few and looked is not None else None
    return [entry for entry in sought if mined is None or entry.hash in mined]


def by_receipts(chain: TransactionPort, asked: Sequence[Entry], final: BlockRef) -> dict[int, Entry]:
    """How those stand, by their ids, that have a receipt.

    Raises:
        BlocksChangedError: the node that answers does not have ``final``, and that matters.
    """
    receipts = chain.receipts([entry.hash for entry in asked], upon=final)
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
