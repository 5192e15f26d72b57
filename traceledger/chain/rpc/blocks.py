"""Blocks of a node, with their transactions and logs, each proven by the block's hash.

The header must have the block's hash; the transactions must have the header's root, and so must the
receipts, which say what succeeded and hold the logs. Blocks must follow one another. So a node can neither
drop nor invent nor change anything in a block that it names. Senders are recovered from the signatures; of a
block that holds nothing but what was signed here (:mod:`~traceledger.chain.rpc.own`), both are known already.
``eth_getLogs``, whose answers prove nothing and whose limits differ from node to node, is not used.

What is left to a node is to withhold newer blocks, or to make up blocks of its own: their seals are not
checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from traceledger.chain.base import EMPTY_TRIE_ROOT, Block, Log, Transaction
from traceledger.chain.headers import Header, header_of
from traceledger.chain.rpc.answers import MOST_ATTEMPTS
from traceledger.chain.rpc.bodies import sender_of, transaction_rlp
from traceledger.chain.rpc.failover import Endpoint
from traceledger.chain.rpc.faults import MovedError, OversizedAnswerError, WrongAnswerError, decoding
from traceledger.chain.rpc.own import Own, OwnTransactions
from traceledger.chain.rpc.proofs import read_receipts
from traceledger.chain.rpc.transport import JsonRpc, RpcError
from traceledger.chain.trie import ordered_root
from traceledger.model.hexadecimal import number, quantity, unhexed

MOST_BLOCKS = 100
"""How many blocks are asked for at once."""


def read_blocks(endpoint: Endpoint, first: int, last: int, own: OwnTransactions) -> list[Block]:
    """The blocks ``first`` to ``last`` that exist, or the first of them, as many as the node answers at once.

    Where a node refuses a request as too large, half as many blocks are asked for, from then on.

    Raises:
        WrongAnswerError: an answer does not hold.
        EndpointError: the node cannot be reached.
        RpcError: the node refuses even a single block.
    """
    attempts = 0
    while True:
        span = min(endpoint.span or MOST_BLOCKS, last - first + 1)
        try:
            return _read(endpoint.rpc, first, first + span - 1, own)
        except MovedError:
            attempts += 1
            if attempts == MOST_ATTEMPTS:
                raise
        except (RpcError, OversizedAnswerError) as error:
            # A single block that is too large cannot be halved.
            if span == 1 or (isinstance(error, RpcError) and not error.too_much):
                raise
            endpoint.span = span // 2


def _read(rpc: JsonRpc, first: int, last: int, own: OwnTransactions) -> list[Block]:
    numbers = range(first, last + 1)
    found = rpc.read_all([("eth_getBlockByNumber", (quantity(at), not own)) for at in numbers])
    existing = [block for block in found if block is not None]
    # Blocks may be missing at the end, which is the head; a hole means that blocks were replaced meanwhile.
    if None in found[: len(existing)]:
        raise MovedError("a block is missing between others")
    headers = [header_of(block, first + at) for at, block in enumerate(existing)]
    _check_links(headers)
    # Most blocks of a quiet network are empty: no second question for them.
    full = [header for header in headers if header.receipts_root != EMPTY_TRIE_ROOT]
    receipts = dict(zip((it.ref.number for it in full), read_receipts(rpc, full), strict=True))
    sent = _transactions(rpc, existing, own)
    return [
        _block(header, some, receipts.get(header.ref.number, []))
        for header, some in zip(headers, sent, strict=True)
    ]


def _transactions(
    rpc: JsonRpc, blocks: Sequence[dict[str, Any]], own: OwnTransactions
) -> list[list[Own] | list[dict[str, Any]]]:
    """What was signed of each block: known here, or as the node has it."""
    with decoding("a block"):
        if not own:
            return [list(block["transactions"]) for block in blocks]
        known = [own.all_of(block["transactions"]) for block in blocks]
        others = [block["hash"] for block, ours in zip(blocks, known, strict=True) if ours is None]
        whole = dict(
            zip(others, rpc.read_all([("eth_getBlockByHash", (it, True)) for it in others]), strict=True)
        )
        if None in whole.values():
            raise MovedError("a block is no longer there")
        return [
            list(whole[block["hash"]]["transactions"]) if ours is None else ours
            for block, ours in zip(blocks, known, strict=True)
        ]


def _check_links(headers: Sequence[Header]) -> None:
    for before, after in pairwise(headers):
        if after.ref.parent_hash != before.ref.hash:
            raise MovedError(f"block {after.ref.number} does not follow block {before.ref.number}")


def _block(header: Header, sent: Sequence[Own | dict[str, Any]], receipts: list[dict[str, Any]]) -> Block:
    with decoding("a block"):
        if len(sent) != len(receipts):
            raise WrongAnswerError(f"block {header.ref.number} has not as many receipts as transactions")
        rlps = [item.raw if isinstance(item, Own) else transaction_rlp(item) for item in sent]
        if ordered_root(rlps) != header.transactions_root:
            what = f"the transactions of block {header.ref.number} are not those its header vouches for"
            raise WrongAnswerError(what)
        transactions = tuple(
            _transaction(at, item, succeeded=number(receipt["status"]) == 1)
            for at, (item, receipt) in enumerate(zip(sent, receipts, strict=True))
        )
    return Block(header.ref, transactions, logs_of(receipts))


def _transaction(at: int, item: Own | dict[str, Any], *, succeeded: bool) -> Transaction:
    if isinstance(item, Own):
        return item.mined(at, succeeded=succeeded)
    return Transaction(
        unhexed(item["hash"]),
        at,
        sender_of(item),
        unhexed(item["to"]) if item.get("to") else None,
        number(item["nonce"]),
        unhexed(item["input"]),
        succeeded,
    )


def logs_of(receipts: Sequence[dict[str, Any]]) -> tuple[Log, ...]:
    """The logs in all receipts of a block, numbered through the block."""
    entries = [(at, log) for at, receipt in enumerate(receipts) for log in receipt["logs"]]
    return tuple(
        Log(
            unhexed(log["address"]),
            tuple(unhexed(topic) for topic in log["topics"]),
            unhexed(log["data"]),
            at,
            index,
        )
        for index, (at, log) in enumerate(entries)
    )
