"""A few threads that answer questions, and that nobody has to wait for when the program ends.

What :class:`concurrent.futures.ThreadPoolExecutor` begins, the interpreter waits for; a proof of ten thousand
batches takes minutes, and a server that was told to end has seconds.

Example:
    >>> threads = Threads(2)
    >>> threads.submit(lambda: 6 * 7).result()
    42
    >>> threads.close(seconds=1.0)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Threads:
    """Threads, and what waits for them.

    Args:
        count: how many.
    """

    def __init__(self, count: int) -> None:
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"reader-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, question: Callable[[], Answer]) -> Future[Answer]:
        """Have a question answered as soon as a thread is free."""
        future: Future[Answer] = Future()
        self._waiting.put((future, question))
        return future

    def close(self, seconds: float) -> None:
        """End them; what takes longer ends with the program.

        Args:
            seconds: how long to wait for what is being answered.
        """
        for _ in self._threads:
            self._waiting.put(None)
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _run(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            future, question = waiting
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(question())
            except BaseException as error:  # noqa: BLE001  (it reaches whoever asked)
                future.set_exception(error)
            # A thread that waits must not keep alive what it answered last.
            del waiting, future, question
