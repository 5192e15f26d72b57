"""What took long to compute, kept for those who ask next: a few values, those used last, and not too large.

A key holds all that the value depends on, the block included: nothing kept is ever wrong, only unused. What
takes long is made one at a time: others are told to come back, so that readers stay free for all else.

Example:
    >>> kept = Kept(most=2)
    >>> [kept.get(key, lambda: key.upper()) for key in ("a", "b", "a")]
    ['A', 'B', 'A']
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from traceledger.errors import NetworkError
from traceledger.web.sizes import bytes_of

Value = TypeVar("Value")
BYTES = 256 * 2**20
"""How large all values may be together that a server keeps."""
PATIENCE = 2.0
"""Seconds for which one waits for what another one makes."""


class BeingMadeError(NetworkError):
    """Something that takes long is being made, this or another."""


class Kept:
    """Values by key, from any thread.

    Args:
        most: how many are kept.
        most_bytes: how large they may be together, as :func:`~traceledger.web.sizes.bytes_of` estimates it
            when they are made. The newest one is kept however large it is: whoever asked for it will ask on.
        patience: seconds for which one waits for what another one makes.
    """

    def __init__(self, most: int, *, most_bytes: int = BYTES, patience: float = PATIENCE) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._patience = patience
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._making = threading.RLock()  # what is made may need what is kept

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value kept under a key, or a new one.

        Args:
            key: says all that the value depends on.
            make: computes it; what it raises reaches whoever asked, and nothing is kept.

        Raises:
            BeingMadeError: another one is being made, and takes long.
        """
        found, value = self._found(key)
        if found:
            kept: Value = value
            return kept
        if not self._making.acquire(timeout=self._patience):
            raise BeingMadeError(
                "something large is being computed for another reader", hint="try again in a few seconds"
            )
        try:
            found, value = self._found(key)
            return value if found else self._put(key, make())
        finally:
            self._making.release()

    def _found(self, key: Hashable) -> tuple[bool, Any]:
        with self._lock:
            if key not in self._values:
                return False, None
            self._values.move_to_end(key)
            return True, self._values[key][0]

    def _put(self, key: Hashable, value: Value) -> Value:
        size = bytes_of(value)
        with self._lock:
            self._values[key] = value, size
            while len(self._values) > 1 and self._is_full():
                self._values.popitem(last=False)
        return value

    def _is_full(self) -> bool:
        large = sum(size for _, size in self._values.values()) > self._most_bytes
        return large or len(self._values) > self._most
