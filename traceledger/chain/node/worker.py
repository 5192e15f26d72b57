"""The process in which a node runs contracts: it can be ended at any moment without harm.

py-evm cannot be stopped from within: a precompiled contract computes for minutes in one step. The system ends
a worker that has used up its time; SQLite then undoes what it was writing.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from traceledger.chain.base import CallRevertedError, InvalidTransactionError, TransactionRevertedError
from traceledger.chain.embedded import EmbeddedChain, Gate
from traceledger.chain.embedded.limits import BLOCK_SECONDS, WORKER_BYTES
from traceledger.chain.node.work import (
    Admitted,
    Assignment,
    CallWork,
    Crashed,
    Creates,
    Done,
    EstimateWork,
    Fault,
    Invalid,
    Outcome,
    Question,
    Reverted,
    Seal,
    SendWork,
    TooLong,
)
from traceledger.errors import TraceLedgerError

_STACK_BYTES = 64 * 1024 * 1024
"""Stack of the thread that runs contracts: they may call one another 1024 deep, some systems give little."""


def work(connection: Connection, path: Path, chain_id: int) -> None:
    """Do what comes over a connection until it is closed.

    Args:
        connection: to the node.
        path: the chain's file.
        chain_id: of the chain.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit_memory()
    threading.stack_size(_STACK_BYTES)
    thread = threading.Thread(target=_serve, args=(connection, path, chain_id))
    thread.start()
    thread.join()


def _limit_memory() -> None:
    # Where a system has no such limit, that of the gas must do.
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (WORKER_BYTES, WORKER_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _serve(connection: Connection, path: Path, chain_id: int) -> None:
    node = _Node(connection)
    gate = Gate(lambda address: bool(node.ask(Admitted(address))), lambda at: bool(node.ask(Creates(at))))
    # Who closed the other end has ended, or wants this process to end.
    with (
        contextlib.suppress(EOFError, OSError),
        EmbeddedChain.open(path, expected_chain_id=chain_id, sealer=node.seal) as chain,
    ):
        chain.restrict(gate)
        while True:
            assignment: Assignment = connection.recv()
            connection.send(_outcome(chain, assignment))


class _Node:
    """The node at the other end, which holds the key and knows who may send."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, question: Question) -> Any:
        """Its answer to a question."""
        self._connection.send(question)
        answer = self._connection.recv()
        if isinstance(answer, Fault):
            raise TraceLedgerError(answer.message)
        return answer

    def seal(self, digest: bytes) -> bytes:
        """The authority's signature. From here on time does not count: the block is about to be stored."""
        _limit_time(0)
        signature: bytes = self.ask(Seal(digest))
        return signature


def _limit_time(seconds: float) -> None:
    """Let the system end this process after so many processor seconds; 0: never."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _outcome(chain: EmbeddedChain, assignment: Assignment) -> Outcome:
    _limit_time(assignment.seconds)
    try:
        return _done(chain, assignment)
    except CallRevertedError as error:
        return Reverted(error.data)
    except TransactionRevertedError as error:
        return Reverted(error.data, error.position)
    except InvalidTransactionError as error:
        reason = f"{error.what} ({error.hint})" if error.hint else error.what
        return Invalid(error.position, reason)
    except TraceLedgerError as error:
        return Fault(str(error))
    except MemoryError:
        return TooLong()
    except (EOFError, OSError):
        raise  # the node is gone
    except Exception:  # noqa: BLE001 - the node logs it
        return Crashed(traceback.format_exc())
    finally:
        _limit_time(0)


class _Pace:
    """Gives each transaction its time, and the block as many of them as its own time allows."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.process_time() + BLOCK_SECONDS

    def __call__(self) -> bool:
        """Whether the block has time for another transaction."""
        _limit_time(self._seconds)
        return time.process_time() < self._end


def _done(chain: EmbeddedChain, assignment: Assignment) -> Done:
    task, seconds = assignment.work, assignment.seconds
    match task:
        case CallWork():
            data = chain.call(task.to, task.data, sender=task.sender, number=task.number, gas=task.gas)
            return Done(data)
        case EstimateWork():
            return Done(gas=chain.estimate_gas(task.to, task.data, sender=task.sender))
        case SendWork():
            return Done(mined=len(chain.send(task.raw, pace=_Pace(seconds))))
