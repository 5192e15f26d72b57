"""Who waits for whom: turns in the order of asking, and how much memory documents may hold.

A plain lock goes to whoever is quickest, and so, under load, to the caller that just gave it back.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from traceledger.chain.embedded.limits import HELD_BYTES, SMALL_BYTES


class BusyError(Exception):
    """Others were first, for longer than one waits."""


class Turns:
    """Places that are given in the order in which they were asked for.

    Args:
        places: how many may have their turn at once.
        most_waiting: how many may wait; ``None``: any number.

    Example:
        >>> turns = Turns(1)
        >>> with turns.turn(seconds=1):
        ...     pass
    """

    def __init__(self, places: int, most_waiting: int | None = None) -> None:
        self._places = places
        self._most = None if most_waiting is None else places + most_waiting
        self._queue: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, seconds: float | None) -> Iterator[None]:
        """Wait for a place, and have it within the ``with``.

        Args:
            seconds: how long to wait; ``None``: for as long as it takes.

        Raises:
            BusyError: no place came free in time, or too many wait.
        """
        ticket = threading.Event()
        with self._lock:
            if self._most is not None and len(self._queue) >= self._most:
                raise BusyError
            self._queue.append(ticket)
            self._call()
        try:
            if not ticket.wait(seconds):
                raise BusyError
            yield
        finally:
            with self._lock:
                self._queue.remove(ticket)
                self._call()

    def _call(self) -> None:
        """Tell those whose turn it is; only they wake up."""
        for ticket in islice(self._queue, self._places):
            ticket.set()

    @property
    def idle(self) -> bool:
        """Whether nobody has a turn, or waits for one."""
        return not self._queue


class Memory:
    """How many bytes of bodies and answers are held at once."""

    def __init__(self) -> None:
        self._held = 0
        self._lock = threading.Lock()

    @contextmanager
    def holding(self) -> Iterator[Holding]:
        """What one request holds; all of it is given back at the end."""
        held = Holding(self)
        try:
            yield held
        finally:
            self.change(-held.counted)

    def change(self, size: int) -> bool:
        """Count ``size`` more bytes, or, if negative, fewer; whether that is within the limit."""
        with self._lock:
            if size > 0 and self._held + size > HELD_BYTES:
                return False
            self._held += size
            return True


class Holding:
    """The bytes that one request holds. The first ones, as many as a small document has, are not counted."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._size = 0
        self.counted = 0

    def add(self, size: int) -> bool:
        """Hold ``size`` bytes more; whether there is room for them."""
        counted = max(self._size + size - SMALL_BYTES, 0)
        if not self._memory.change(counted - self.counted):
            return False
        self._size += size
        self.counted = counted
        return True
