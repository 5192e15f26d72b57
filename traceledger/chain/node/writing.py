"""Mining what members send: in a process of its own, in turns, so that no member holds up the others.

A batch of transactions::

    waits for the account that signed its first one   one batch an account at a time
      -> waits for the chain, in the order of asking  for each block: BLOCK_TRANSACTIONS, BLOCK_SECONDS
      -> is mined, up to the first one refused
      -> has one that runs for too long               nothing of that block; the account pauses
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, assert_never

from traceledger.chain.base import InvalidTransactionError
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.embedded.limits import (
    BLOCK_TRANSACTIONS,
    PENALTY_SECONDS,
    STOP_SECONDS,
    TRANSACTION_SECONDS,
    WRITERS_WAITING,
)
from traceledger.chain.node import params
from traceledger.chain.node.methods import reverted
from traceledger.chain.node.params import ApiError
from traceledger.chain.node.processes import Worker, error_of
from traceledger.chain.node.turns import BusyError, Turns
from traceledger.chain.node.work import Crashed, Done, Ended, Fault, Invalid, Reverted, SendWork, TooLong
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak


class Writer:
    """Takes signed transactions of many threads.

    Args:
        chain: opened with the authority's key.
    """

    def __init__(self, chain: EmbeddedChain) -> None:
        self._chain = chain
        self._worker = Worker(chain)
        self._turns = Turns(1, WRITERS_WAITING)
        self._accounts: dict[bytes, Turns] = {}
        self._paused: dict[bytes, float] = {}
        self._lock = Lock()

    def start(self) -> None:
        """Start the process, which is else started by the first transaction."""
        self._worker.start()

    def close(self) -> None:
        """Wait a moment for a block under way, then end the process: what is not stored leaves no trace."""
        try:
            with self._turns.turn(STOP_SECONDS):
                self._worker.kill(for_good=True)
        except BusyError:
            self._worker.kill(for_good=True)

    def send(self, raw: Sequence[bytes]) -> list[Any]:
        """Mine transactions, in this order, and say for each its hash in hex, or its error."""
        try:
            account = self._account(raw[0])
            with self._turn_of(account):
                self._check_pause(account)
                return self._blocks(account, raw)
        except InvalidTransactionError as refusal:
            return around(0, ApiError(params.REFUSED, _reason(refusal)), raw, mined=0)
        except BusyError:
            busy = "too many transactions are waiting here (queue full); send them again later"
            return [ApiError(params.LIMIT_EXCEEDED, busy)] * len(raw)

    def _account(self, first: bytes) -> bytes:
        """Who signed the first transaction, and so answers for all: if it is refused, all are."""
        from traceledger.chain.embedded import admission

        (decoded,) = admission.decode([first], self._chain.chain_id)
        return decoded.sender

    def _check_pause(self, account: bytes) -> None:
        if time.monotonic() < self._paused.get(account, 0):
            raise InvalidTransactionError(
                0,
                f"account {hexed(account)} took too much computing time and pauses (queue full)",
                hint=f"send again after {PENALTY_SECONDS} seconds",
            )

    @contextmanager
    def _turn_of(self, account: bytes) -> Iterator[None]:
        with self._lock:
            turns = self._accounts.setdefault(account, Turns(1, WRITERS_WAITING))
        try:
            with turns.turn(None):
                yield
        finally:
            with self._lock:
                if turns.idle:
                    self._accounts.pop(account, None)

    def _blocks(self, account: bytes, raw: Sequence[bytes]) -> list[Any]:
        start = 0
        while start < len(raw):
            some = tuple(raw[start : start + BLOCK_TRANSACTIONS])
            with self._turns.turn(None):
                outcome = self._worker.do(SendWork(some), TRANSACTION_SECONDS)
            if isinstance(outcome, TooLong):
                self._paused[account] = time.monotonic() + PENALTY_SECONDS
            if isinstance(outcome, Ended):
                return self._found(raw)
            if not isinstance(outcome, Done):
                return _refused(outcome, start, raw)
            start += outcome.mined
        return [_hash(item) for item in raw]

    def _found(self, raw: Sequence[bytes]) -> list[Any]:
        """After the process has ended: the chain says what is mined."""
        other = ApiError(params.REFUSED, "not mined, because the node's process ended; send it again")
        return [_hash(item) if self._chain.receipt(keccak(item)) else other for item in raw]


def _refused(
    outcome: Reverted | Invalid | Fault | Crashed | TooLong, start: int, raw: Sequence[bytes]
) -> list[Any]:
    """Outcomes of transactions of which those before ``start`` are mined, and the block after was refused."""
    match outcome:
        case Reverted():
            at = start + outcome.position
            return around(at, reverted(outcome.data), raw, mined=at)
        case Invalid():
            return around(start + outcome.position, error_of(outcome), raw, mined=start)
        case Fault() | Crashed() | TooLong():
            error = error_of(outcome)
            return [*(_hash(item) for item in raw[:start]), *[error] * (len(raw) - start)]
        case _:
            assert_never(outcome)


def around(position: int, error: ApiError, raw: Sequence[Any], *, mined: int) -> list[Any]:
    """Outcomes of transactions of which the one at ``position`` was refused, and the first ones are mined."""
    other = ApiError(params.REFUSED, f"not mined, because transaction {position} of the batch was refused")
    others = [other] * (position - mined)
    return [*map(_hash, raw[:mined]), *others, error, *[other] * (len(raw) - position - 1)]


def _hash(raw: bytes) -> str:
    return hexed(keccak(raw))


def _reason(refusal: InvalidTransactionError) -> str:
    return f"{refusal.what} ({refusal.hint})" if refusal.hint else refusal.what
