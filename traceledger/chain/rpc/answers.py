"""Questions to one node, and values of :mod:`traceledger.chain.base` from its answers.

Headers are checked against their hashes; for the rest nothing but the node vouches.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from traceledger.chain.base import BlockRef, BlocksChangedError, Log, Receipt
from traceledger.chain.headers import header_of
from traceledger.chain.rpc.faults import MovedError, WrongAnswerError, decoding
from traceledger.chain.rpc.transactions import Tip
from traceledger.chain.rpc.transport import JsonRpc, Request, RpcError
from traceledger.model.hexadecimal import hexed, number, quantity, unhexed

_QUESTIONS_PER_READ = 200

_MOST_RECEIPTS = 4000
"""So many are kept in all: some kilobytes each."""

MOST_ATTEMPTS = 3
"""How often is read again what a reorganisation may have replaced between two requests."""


def receipt_of(found: dict[str, Any], wanted: bytes, block: BlockRef) -> Receipt:
    """The receipt of a transaction in a block.

    Args:
        found: as ``eth_getTransactionReceipt`` answers it.
        wanted: hash of the transaction that was asked for.
        block: the canonical block of the number that it names.

    Raises:
        WrongAnswerError: it is another transaction's.
        MovedError: it is of another block.
        KeyError, ValueError, TypeError: it is malformed.
    """
    if unhexed(found["transactionHash"]) != wanted:
        raise WrongAnswerError(f"the receipt of {hexed(wanted)} is another's")
    if unhexed(found["blockHash"]) != block.hash:
        raise MovedError(f"the receipt of {hexed(wanted)} is of another block")
    contract = found.get("contractAddress")
    return Receipt(
        wanted,
        block,
        number(found["transactionIndex"]),
        number(found["status"]) == 1,
        number(found["gasUsed"]),
        unhexed(contract) if contract else None,
        tuple(_log(log) for log in found["logs"]),
    )


def _log(log: dict[str, Any]) -> Log:
    return Log(
        unhexed(log["address"]),
        tuple(unhexed(topic) for topic in log["topics"]),
        unhexed(log["data"]),
        number(log["transactionIndex"]),
        number(log["logIndex"]),
    )


def as_call(found: dict[str, Any]) -> dict[str, str]:
    """The call that a mined transaction made."""
    names = ("from", "to", "gas", "value")
    return {name: found[name] for name in names if found.get(name)} | {"data": found["input"]}


def addresses(found: list[str]) -> list[bytes]:
    """The addresses in a list."""
    return [unhexed(item) for item in found]


def existing(rpc: JsonRpc, wanted: int | None = None) -> BlockRef:
    """A block that must exist; the newest one by default."""
    tag = "latest" if wanted is None else quantity(wanted)
    found = rpc.read("eth_getBlockByNumber", tag, False)
    if found is None:
        raise WrongAnswerError(f"the node has no block {tag}")
    return header_of(found, wanted).ref


def clique_tip(rpc: JsonRpc, known: Tip | None = None) -> Tip:
    """The newest and the newest final block under Clique, as one node sees them.

    Args:
        rpc: the node.
        known: what it answered before. The same newest block has the same final one, so that it costs one
            question to learn that nothing is new; and how many blocks lie between them rarely changes, so
            that it costs two to learn what is.
    """
    head = existing(rpc)
    if known is not None and known.head == head:
        return known
    depth = 1 if known is None else known.head.number - known.final.number
    depths, final = _clique_at(rpc, head, depth)
    if max(depths) != depth:
        depth = depths[0]
        # Signers may have been voted out since: those of the older block had to build on it too.
        depths, final = _clique_at(rpc, head, depth)
        if depths[1] > depth:
            final = _clique_at(rpc, head, depths[1])[1]
    return Tip(head, final)


def _clique_at(rpc: JsonRpc, head: BlockRef, depth: int) -> tuple[tuple[int, int], BlockRef]:
    """How deep a block must lie by the signers of the head, and by those of the block ``depth`` below it."""
    at = max(head.number - depth, 0)
    signers = [("clique_getSigners", (quantity(number),)) for number in (head.number, at)]
    now, then, block = rpc.read_all([*signers, ("eth_getBlockByNumber", (quantity(at), False))])
    with decoding("the list of signers"):
        depths = len(now) // 2 + 1, len(then) // 2 + 1
    if block is None:
        raise WrongAnswerError(f"the node has no block {at}")
    return depths, header_of(block, at).ref


def settled_nonce(rpc: JsonRpc, address: bytes, final: BlockRef) -> int | None:
    """How many transactions of an account are mined, unless a block after ``final`` has one of them."""
    at = quantity(final.number)
    counts = [("eth_getTransactionCount", (hexed(address), tag)) for tag in (at, "latest")]
    then, now, block = rpc.read_all([*counts, ("eth_getBlockByNumber", (at, False))])
    if block is None or header_of(block, final.number).ref != final:
        return None
    with decoding("a nonce"):
        return number(now) if number(then) == number(now) else None


def ask_in_parts(rpc: JsonRpc, wanted: Sequence[Request]) -> list[Any]:
    """The results of many reads, some in each HTTP request."""
    starts = range(0, len(wanted), _QUESTIONS_PER_READ)
    return [item for at in starts for item in rpc.read_all(wanted[at : at + _QUESTIONS_PER_READ])]


def receipts(
    rpc: JsonRpc, hashes: Sequence[bytes], upon: BlockRef | None = None, blocks: Collection[bytes] = ()
) -> list[Receipt | None]:
    """The receipts of transactions in one node's canonical blocks.

    Where a reorganisation replaces a block between two questions, both are asked again.

    Args:
        rpc: the node.
        hashes: of the transactions.
        upon: see :class:`~traceledger.chain.rpc.transactions.TransactionPort`.
        blocks: hashes of blocks that hold many of them. geth decodes a whole block for each single receipt.

    Raises:
        WrongAnswerError: an answer does not hold.
        BlocksChangedError: a receipt is of block ``upon`` or one before it, and the node does not have it.
    """
    for _ in range(MOST_ATTEMPTS - 1):
        try:
            return _receipts(rpc, hashes, upon, blocks)
        except MovedError:
            continue
    return _receipts(rpc, hashes, upon, ())


def _receipts(
    rpc: JsonRpc, hashes: Sequence[bytes], upon: BlockRef | None, blocks: Collection[bytes]
) -> list[Receipt | None]:
    known = _of_blocks(rpc, blocks)
    single = [item for item in map(hexed, hashes) if item not in known]
    known |= zip(
        single, ask_in_parts(rpc, [("eth_getTransactionReceipt", (item,)) for item in single]), strict=True
    )
    found = [known[hexed(item)] for item in hashes]
    with decoding("a receipt"):
        # Some nodes answer for a transaction in the pool, with nulls.
        mined = [item if item is not None and item.get("blockNumber") else None for item in found]
        numbers = sorted({number(item["blockNumber"]) for item in mined if item is not None})
        if upon is not None and numbers and numbers[0] <= upon.number:
            numbers = sorted({*numbers, upon.number})
        answered = ask_in_parts(rpc, [("eth_getBlockByNumber", (quantity(at), False)) for at in numbers])
        refs = {
            at: header_of(block, at).ref
            for at, block in zip(numbers, answered, strict=True)
            if block is not None
        }
        if upon is not None and upon.number in numbers and refs.get(upon.number) != upon:
            raise BlocksChangedError(f"the node does not have block {hexed(upon.hash)}", where=rpc.url)
        if len(refs) < len(numbers):
            raise MovedError("a receipt is of a block that does not exist")
        return [
            None if item is None else receipt_of(item, wanted, refs[number(item["blockNumber"])])
            for item, wanted in zip(mined, hashes, strict=True)
        ]


def mined_between(rpc: JsonRpc, before: BlockRef, last: BlockRef) -> dict[bytes, bytes] | None:
    """In which block stands what is mined after ``before`` up to ``last``, by one node's word: hashes.

    Returns:
        ``None`` if they are not all there, or do not follow one another: blocks were replaced, or the node is
        behind.
    """
    numbers = range(before.number + 1, last.number + 1)
    found = ask_in_parts(rpc, [("eth_getBlockByNumber", (quantity(at), False)) for at in numbers])
    tip, mined = before.hash, dict[bytes, bytes]()
    for at, block in zip(numbers, found, strict=True):
        if block is None or (ref := header_of(block, at).ref).parent_hash != tip:
            return None
        with decoding("a block"):
            mined |= dict.fromkeys(map(unhexed, block["transactions"]), ref.hash)
        tip = ref.hash
    return mined if tip == last.hash else None


def block_hashes(rpc: JsonRpc, numbers: Collection[int], upon: BlockRef) -> dict[int, bytes]:
    """The hashes of one node's canonical blocks of these numbers, none of them after ``upon``.

    Raises:
        BlocksChangedError: the node does not have the block ``upon``.
    """
    wanted = sorted({*numbers, upon.number})
    found = ask_in_parts(rpc, [("eth_getBlockByNumber", (quantity(at), False)) for at in wanted])
    refs = {
        at: header_of(block, at).ref for at, block in zip(wanted, found, strict=True) if block is not None
    }
    if refs.get(upon.number) != upon:
        raise BlocksChangedError(f"the node does not have block {hexed(upon.hash)}", where=rpc.url)
    return {at: ref.hash for at, ref in refs.items()}


def _of_blocks(rpc: JsonRpc, blocks: Collection[bytes]) -> dict[str, Any]:
    """All receipts of some blocks, by the hashes of their transactions; none where the node cannot tell."""
    if not blocks or not rpc.offers_block_receipts:
        return {}
    try:
        found = rpc.read_all([("eth_getBlockReceipts", (hexed(block),)) for block in blocks])
    except RpcError as error:
        if not error.unsupported and not error.too_much:
            raise
        rpc.offers_block_receipts = not error.unsupported
        return {}
    with decoding("the receipts of a block"):
        keep_block_receipts(rpc, dict(zip(map(hexed, blocks), found, strict=True)))
        return {item["transactionHash"]: item for block in found if block is not None for item in block}


def keep_block_receipts(rpc: JsonRpc, found: dict[str, Any]) -> None:
    """Keep what a node answered, as the index is going to need it, too; the oldest are given up."""
    rpc.block_receipts |= {block: receipts for block, receipts in found.items() if receipts}
    held = list(rpc.block_receipts.items())  # Who reads ahead, in a thread of its own, takes some meanwhile.
    kept = sum(len(receipts) for _, receipts in held)
    for block, receipts in held:
        if kept <= _MOST_RECEIPTS:
            break
        rpc.block_receipts.pop(block, None)
        kept -= len(receipts)


def nudge(rpc: JsonRpc) -> None:
    """Anvil can take a transaction for one that waits for another, just mined, and never look again."""
    if not str(rpc.read("web3_clientVersion")).startswith("anvil/"):
        return
    # ask_all, which keeps errors: whatever this does not mend is told by what comes after.
    rpc.ask_all([("evm_mine", ())])
    pool = rpc.read("txpool_status")
    if number(pool["queued"]) and not number(pool["pending"]):
        # What is queued alone will never be mined; whoever sent it hands it over again.
        rpc.ask_all([("anvil_dropAllTransactions", ())])
