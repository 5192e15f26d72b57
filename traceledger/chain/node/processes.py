"""Worker processes as a node sees them: started when first needed, ended when they take too long."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
from contextlib import AbstractContextManager, nullcontext
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from typing import Any, assert_never

from lru import LRU

from traceledger.chain.base import CallRevertedError
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.embedded.database import CHAIN_FILE
from traceledger.chain.embedded.limits import (
    CALL_GAS,
    CALL_SECONDS,
    CALL_WAIT_SECONDS,
    ESTIMATE_SECONDS,
    QUICK_SECONDS,
    SLOW_MEMORY,
)
from traceledger.chain.node import params, worker
from traceledger.chain.node.params import ApiError
from traceledger.chain.node.turns import Turns
from traceledger.chain.node.work import (
    Admitted,
    Assignment,
    CallWork,
    Crashed,
    Creates,
    Done,
    Ended,
    EstimateWork,
    Fault,
    Invalid,
    Outcome,
    Question,
    Reverted,
    Seal,
    TooLong,
    Work,
)
from traceledger.errors import TraceLedgerError

_WALL_PER_SECOND = 10
"""Seconds of the clock that a processor second may take while others use the processors too."""


_SELECTOR_BYTES = 4
_LOADED = (
    "traceledger.chain.embedded.evm",
    "traceledger.chain.embedded.block_maker",
    "traceledger.chain.node.worker",
)
_LOG = logging.getLogger(__name__)


def _context() -> BaseContext:
    """Workers are forked from a process that has loaded the EVM: quickly, and sharing its memory."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", *_LOADED])
    return context


class Worker:
    """A process that runs contracts, for one thread at a time.

    Args:
        chain: the chain; it answers whether accounts are admitted, and seals.
    """

    def __init__(self, chain: EmbeddedChain) -> None:
        self._chain = chain
        self._lock = threading.Lock()
        self._running: tuple[Any, Connection] | None = None
        self._closed = False

    def start(self) -> Connection | None:
        """The connection to the process, which is started if need be; ``None`` once closed."""
        with self._lock:
            if self._closed:
                return None
            if self._running is None or not self._running[0].is_alive():
                self._discard()
                self._running = self._started()
            return self._running[1]

    def _started(self) -> tuple[Any, Connection]:
        context: Any = _context()
        ours, theirs = context.Pipe()
        arguments = (theirs, self._chain.path.resolve(), self._chain.chain_id)
        process = context.Process(target=worker.work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def do(self, work: Work, seconds: float) -> Outcome:
        """Have work done that may take so many processor seconds."""
        connection = self.start()
        if connection is None:
            return Ended()
        patience: float | None = seconds * _WALL_PER_SECOND + CHAIN_FILE.busy_seconds
        try:
            connection.send(Assignment(work, seconds))
            while connection.poll(patience):
                said = connection.recv()
                if not isinstance(said, Question):
                    found: Outcome = said
                    return found
                if isinstance(said, Seal):
                    patience = None  # once sealed, a block is not broken off
                connection.send(self._answer(said))
        except (EOFError, OSError):
            return self._ended()
        # It hangs without computing: that is nobody's fault, and no account pauses for it.
        self.kill()
        return Ended()

    def _answer(self, question: Question) -> Any:
        try:
            match question:
                case Admitted():
                    return self._chain.gate.admits(question.address)
                case Creates():
                    return self._chain.gate.may_create(question.address)
                case Seal():
                    return self._chain.seal(question.digest)
        except TraceLedgerError as error:
            return Fault(str(error))

    def _ended(self) -> Outcome:
        with self._lock:
            process = self._running[0] if self._running else None
        if process is not None:
            process.join(1)
        out_of_time = process is not None and process.exitcode == -signal.SIGPROF
        self.kill()
        return TooLong() if out_of_time else Ended()

    def kill(self, *, for_good: bool = False) -> None:
        """End the process, whatever it does."""
        with self._lock:
            self._closed = self._closed or for_good
            self._discard()

    def _discard(self) -> None:
        if self._running is None:
            return
        process, _ = self._running
        # The connection closes itself: another thread may be reading from it, and gets the end of the stream.
        self._running = None
        process.kill()


class Callers:
    """Runs calls and estimates, in the order in which they were asked for, the quick ones by themselves.

    ::

        quick lane --done within QUICK_SECONDS--> answered
           | took longer: noted by contract and function
           v                                                 the same again begins here
        slow lane --done within CALL_SECONDS or ESTIMATE_SECONDS--> answered, else an error

    Args:
        chain: the chain.
    """

    def __init__(self, chain: EmbeddedChain) -> None:
        self._quick, self._slow = _Lane(chain), _Lane(chain)
        self._known_slow: LRU[tuple[type[Work], bytes | None, bytes], bool] = LRU(SLOW_MEMORY)

    def start(self) -> None:
        """Start the processes, which are else started by the first calls."""
        self._quick.worker.start()
        self._slow.worker.start()

    def close(self) -> None:
        """End the processes and what they run."""
        self._quick.worker.kill(for_good=True)
        self._slow.worker.kill(for_good=True)

    def call(
        self,
        to: bytes,
        data: bytes,
        *,
        sender: bytes | None = None,
        number: int | None = None,
        gas: int = CALL_GAS,
    ) -> bytes:
        """Run a read-only call; see :meth:`EmbeddedChain.call`.

        Raises:
            CallRevertedError: the contract reverted.
            ApiError: it took too long.
            BusyError: other calls were first.
        """
        return self._do(CallWork(to, data, sender, number, gas), CALL_SECONDS).data

    def estimate_gas(self, to: bytes | None, data: bytes, *, sender: bytes | None = None) -> int:
        """A gas limit with which a transaction would succeed; see :meth:`EmbeddedChain.estimate_gas`.

        Raises:
            CallRevertedError, ApiError, BusyError: as for :meth:`call`.
        """
        return self._do(EstimateWork(to, data, sender), ESTIMATE_SECONDS).gas

    def _do(self, work: CallWork | EstimateWork, seconds: float) -> Done:
        kind = (type(work), work.to, work.data[:_SELECTOR_BYTES])
        with self._quick.turn() if kind not in self._known_slow else nullcontext():
            # Others of its kind may have been found slow while this one waited.
            if kind not in self._known_slow:
                outcome = self._quick.worker.do(work, QUICK_SECONDS)
                if not isinstance(outcome, TooLong):
                    return _done(outcome)
                self._known_slow[kind] = True
        with self._slow.turn():
            return _done(self._slow.worker.do(work, seconds))


class _Lane:
    """A process for one call at a time."""

    def __init__(self, chain: EmbeddedChain) -> None:
        self.worker = Worker(chain)
        self._turns = Turns(1)

    def turn(self) -> AbstractContextManager[None]:
        """Wait for one's turn with the process."""
        return self._turns.turn(CALL_WAIT_SECONDS)


def _done(outcome: Outcome) -> Done:
    match outcome:
        case Done():
            return outcome
        case Reverted():
            raise CallRevertedError(outcome.data)
        case Invalid() | Fault() | Crashed() | TooLong() | Ended():
            raise error_of(outcome)
        case _:
            assert_never(outcome)


def error_of(outcome: Invalid | Fault | Crashed | TooLong | Ended) -> ApiError:
    """What answers work that came to nothing."""
    match outcome:
        case Invalid() | Fault():
            return ApiError(params.REFUSED, outcome.message)
        case TooLong():
            return ApiError(
                params.LIMIT_EXCEEDED, "it takes more computing than one request may; ask for less"
            )
        case Crashed():
            _LOG.error("a worker failed:\n%s", outcome.traceback)
            return ApiError(params.INTERNAL_ERROR, "internal error; see the node's log")
        case Ended():
            return ApiError(params.INTERNAL_ERROR, "the process that ran it ended; ask again")
        case _:
            assert_never(outcome)
