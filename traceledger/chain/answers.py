"""Values of :mod:`traceledger.chain.base` from the JSON objects of a node that nothing else vouches for."""

from __future__ import annotations

from typing import Any

from traceledger.chain.base import BlockRef, Log, Receipt
from traceledger.chain.faults import WrongAnswerError
from traceledger.chain.hexadecimal import hexed, number, unhexed


def receipt_of(found: dict[str, Any], wanted: bytes, block: BlockRef) -> Receipt:
    """The receipt of a transaction in a block.

    Args:
        found: as ``eth_getTransactionReceipt`` answers it.
        wanted: hash of the transaction that was asked for.
        block: the canonical block of the number that it names.

    Raises:
        WrongAnswerError: it is another transaction's, or of another block.
        KeyError, ValueError, TypeError: it is malformed.
    """
    if unhexed(found["transactionHash"]) != wanted or unhexed(found["blockHash"]) != block.hash:
        raise WrongAnswerError(f"the receipt of {hexed(wanted)} is another's, or of another block")
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
