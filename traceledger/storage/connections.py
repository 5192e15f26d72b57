"""The connections to one SQLite file: one for each thread that uses it, all closed together.

SQLite lets readers and a writer work side by side (WAL), but each on a connection of its own: a transaction
belongs to its connection.

Example:
    >>> import sqlite3
    >>> held = Connections(lambda: sqlite3.connect(":memory:", check_same_thread=False), "the file is closed")
    >>> with held.here() as connection:
    ...     connection.execute("SELECT 1").fetchone()
    (1,)
    >>> held.close()
    >>> held.here()
    Traceback (most recent call last):
        ...
    traceledger.errors.ClosedError: the file is closed (open it again)
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable

from traceledger.errors import ClosedError


class Held:
    """One thread's connection, locked while a statement runs: closing it under one would crash SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()

    def __enter__(self) -> sqlite3.Connection:
        self._lock.acquire()
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def close(self) -> None:
        """Break off what runs, and close."""
        # One that was interrupted with nothing running would not fold its write-ahead log into the file.
        if not self._lock.acquire(blocking=False):
            self._connection.interrupt()
            self._lock.acquire()
        try:
            self._connection.close()
        finally:
            self._lock.release()


class Connections:
    """One connection a thread, made when the thread first needs it; it goes with its thread.

    Args:
        connect: makes one; it must allow other threads (``check_same_thread=False``), so that
            :meth:`close` can close it.
        closed: what is said of a use after :meth:`close`.
        hint: how to mend that.
        first: this thread's connection, where there is one already.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        closed: str,
        *,
        hint: str = "open it again",
        first: sqlite3.Connection | None = None,
    ) -> None:
        self._connect = connect
        self._closed = closed
        self._hint = hint
        self._open = True
        self._lock = threading.Lock()
        self._local = threading.local()
        self._all: weakref.WeakSet[Held] = weakref.WeakSet()
        if first is not None:
            self._keep(first)

    def here(self) -> Held:
        """This thread's connection, to be used in a ``with``.

        Raises:
            ClosedError: all were closed.
        """
        if not self._open:
            raise self.closed_error()
        held: Held | None = getattr(self._local, "held", None)
        return self._keep(self._connect()) if held is None else held

    def _keep(self, connection: sqlite3.Connection) -> Held:
        held = Held(connection)
        with self._lock:
            if not self._open:
                connection.close()
                raise self.closed_error()
            self._all.add(held)
        self._local.held = held
        return held

    @property
    def open(self) -> bool:
        """Whether :meth:`close` has not been called yet."""
        return self._open

    def closed_error(self) -> ClosedError:
        """What is said of a use after :meth:`close`."""
        return ClosedError(self._closed, hint=self._hint)

    def close(self) -> None:
        """Close the connections of all threads; what another thread is reading just now breaks off."""
        with self._lock:
            self._open = False
            for held in list(self._all):
                held.close()
            self._all.clear()
