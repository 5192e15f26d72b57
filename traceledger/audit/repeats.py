"""Finds what has the same key among very many things, of most of which there is one.

Example:
    >>> repeats = Repeats()
    >>> for number, key in enumerate(["a", "b", "a", "c"]):
    ...     repeats.add(key, number)
    >>> repeats.groups(lambda number: "abac"[number])
    [[0, 2]]
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable
from itertools import pairwise


class Repeats:
    """Keeps of each key 16 bytes: its hash, and the number of what has it."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._numbers = array("Q")

    def add(self, key: Hashable, number: int) -> None:
        """Another thing with its key."""
        self._hashes.append(hash(key))
        self._numbers.append(number)

    def groups(self, key: Callable[[int], Hashable]) -> list[list[int]]:
        """Numbers of what has the same key, where that are several, in the order in which they came.

        Args:
            key: gives the key of a number again.
        """
        found: dict[Hashable, list[int]] = defaultdict(list)
        for place in self._suspects():
            number = self._numbers[place]
            found[key(number)].append(number)
        return [group for group in found.values() if len(group) > 1]

    def _suspects(self) -> list[int]:
        """Places of hashes that are there more than once."""
        hashes = self._hashes
        order = sorted(range(len(hashes)), key=hashes.__getitem__)
        alike = set()
        for one, other in pairwise(order):
            if hashes[one] == hashes[other]:
                alike |= {one, other}
        return sorted(alike)
