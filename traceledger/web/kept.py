"""What took long to compute, kept for those who ask next: a few values, those used last.

A key holds all that the value depends on, the block included: nothing kept is ever wrong, only unused.
The same is computed once, however many ask at the same time.

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

Value = TypeVar("Value")


class Kept:
    """Values by key, from any thread.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value kept under a key, or a new one.

        Args:
            key: says all that the value depends on.
            make: computes it; what it raises reaches whoever asked, and nothing is kept.
        """
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:
                    self._values.move_to_end(key)
                    value: Value = self._values[key]
                    return value
            try:
                value = make()
                with self._lock:
                    self._values[key] = value
                    while len(self._values) > self._most:
                        self._values.popitem(last=False)
                return value
            finally:
                with self._lock:
                    self._making.pop(key, None)
