"""Several slow things at once, without waiting for the slowest.

Example:
    >>> from traceledger.chain.rpc.concurrency import gather
    >>> gather([lambda: 1, lambda: 2], patience=5, grace=1)
    [1, 2]
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

_T = TypeVar("_T")


def gather(
    works: Sequence[Callable[[], _T]], *, patience: float, grace: float
) -> list[_T | Exception | None]:
    """Run all at the same time, each in a thread of its own, and collect what they return or raise.

    Args:
        works: what to run. What is late runs on, unheeded, and does not keep the process from ending.
        patience: seconds to wait for the first success.
        grace: seconds to wait for the others after the first success.

    Returns:
        For each its result, the exception it raised, or ``None`` where it is late.
    """
    if len(works) == 1:
        return [_outcome(works[0])]
    done: queue.SimpleQueue[tuple[int, _T | Exception]] = queue.SimpleQueue()
    for at, work in enumerate(works):
        # Daemons, and no thread pool: Python waits at its end for the threads of a pool.
        threading.Thread(target=lambda at=at, work=work: done.put((at, _outcome(work))), daemon=True).start()
    outcomes: list[_T | Exception | None] = [None] * len(works)
    deadline = time.monotonic() + patience
    for _ in works:
        try:
            at, outcome = done.get(timeout=max(deadline - time.monotonic(), 0))
        except queue.Empty:
            break
        outcomes[at] = outcome
        if not isinstance(outcome, Exception):
            deadline = min(deadline, time.monotonic() + grace)
    return outcomes


def started(work: Callable[[], _T]) -> Callable[[], _T]:
    """Run something in a thread of its own; what is returned waits for what it returns or raises.

    Example:
        >>> started(lambda: 7)()
        7
    """
    done: Future[_T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - whatever it is, who waits must not wait for ever
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return done.result


def _outcome(work: Callable[[], _T]) -> _T | Exception:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the caller gets it
        return error
