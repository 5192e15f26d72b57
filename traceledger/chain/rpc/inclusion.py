"""Sending transactions and waiting until they are mined.

It works over any :class:`~traceledger.chain.rpc.transactions.TransactionPort`. Of each hundred
(_send_some), by their fates::

      submit_raw -> held by a node -> _wait -> receipt, succeeded -> returned
                 |                     |  |
                 |                     |  +--> receipt, reverted --> TransactionRevertedError
                 |                     +-----> none in time -------> NetworkError; it may still be mined
                 +-> refused -----------------> InvalidTransactionError, or TransactionRevertedError
                 +-> busy or unknown ---------> NetworkError: not sent

Those before the one to blame (_first_failed) are waited for first. Once nothing was mined for a while, the
node is asked to make a block (nudge).
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from traceledger.chain.base import InvalidTransactionError, Receipt, TransactionRevertedError
from traceledger.chain.rpc.transactions import Outcome, TransactionPort
from traceledger.errors import NetworkError
from traceledger.model.counting import counted

_TRANSACTIONS_AT_ONCE = 100
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 1.0
_STALLED_SECONDS = 2.0


def send_and_wait(port: TransactionPort, raws: Sequence[bytes], *, seconds: float) -> list[Receipt]:
    """Send signed transactions in order, wait until they are mined, and return their receipts.

    Args:
        port: the network.
        raws: signed transactions.
        seconds: how long to wait for each hundred of them.

    Raises:
        TransactionRevertedError: one was refused by the contracts; see the class.
        InvalidTransactionError: every node takes one for invalid; earlier ones may be mined.
        NetworkError: the network cannot be reached, or did not mine them in time.
    """
    receipts: list[Receipt] = []
    for start in range(0, len(raws), _TRANSACTIONS_AT_ONCE):
        _send_some(port, raws[start : start + _TRANSACTIONS_AT_ONCE], receipts, seconds)
    return receipts


def _send_some(port: TransactionPort, raws: Sequence[bytes], receipts: list[Receipt], seconds: float) -> None:
    """Send some and append their receipts to those of the ones before."""
    outcomes = port.submit_raw(raws)
    failed = _first_failed(outcomes)
    held = [it.transaction_hash for it in outcomes[:failed] if it.held]
    before = len(receipts)
    for at, found in enumerate(_wait(port, held, seconds)):
        if not found.succeeded:
            raise TransactionRevertedError(before + at, port.revert_data(found), receipts)
        receipts.append(found)
    if failed is not None:
        raise _error(outcomes[failed], before + failed, receipts)


def _first_failed(outcomes: Sequence[Outcome]) -> int | None:
    """Position of the transaction to blame: the first refused for good, else the first not taken."""
    # What follows a refused one is refused for its nonce or is busy: it is not to blame.
    for fates in ({"refused"}, {"busy", "unknown"}):
        for at, outcome in enumerate(outcomes):
            if outcome.fate in fates:
                return at
    return None


def _error(outcome: Outcome, position: int, receipts: Sequence[Receipt]) -> Exception:
    """The error for a transaction that no node took."""
    if outcome.data or "revert" in outcome.message.lower():
        return TransactionRevertedError(position, outcome.data, receipts)
    if outcome.fate == "refused":
        return InvalidTransactionError(position, outcome.message)
    return NetworkError(f"transaction {position} was not sent: {outcome.message}", hint="try again later")


def _wait(port: TransactionPort, hashes: Sequence[bytes], seconds: float) -> list[Receipt]:
    """The receipts of sent transactions, once all are there."""
    found: dict[bytes, Receipt] = {}
    started, pause, nudged = time.monotonic(), _FIRST_PAUSE, False
    while True:
        missing = [item for item in hashes if item not in found]
        for item, receipt in zip(missing, port.receipts(missing), strict=True):
            if receipt is not None:
                found[item] = receipt
        waited = time.monotonic() - started
        if len(found) == len(hashes):
            return [found[item] for item in hashes]
        if waited > seconds:
            raise NetworkError(
                f"sent, and not mined in time: {counted(len(hashes) - len(found), 'transaction')}",
                hint="check that the network makes blocks; they may still be mined",
            )
        if waited > _STALLED_SECONDS and not nudged:
            port.nudge()
            nudged = True
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
