"""Comparison of a figure with others of its kind.

Example:
    >>> [usual for _, usual in against_peers([10.0, 11.0, 10.0, 9.0, 30.0], least=4)][-1]
    10.0
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Samples(Generic[Key]):
    """Figures by what they are compared with, each with the number of what it is a figure of."""

    def __init__(self) -> None:
        self._groups: dict[Key, tuple[array[float], array[int]]] = {}

    def add(self, key: Key, value: float, number: int) -> None:
        """Another figure."""
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = (array("d"), array("Q"))
        group[0].append(value)
        group[1].append(number)

    def compared(self, least: int) -> Iterator[tuple[Key, int, float, float]]:
        """Key, number, figure and the median of the others, where there are at least ``least`` others.

        In the order of keys' first figures, and of figures.
        """
        for key, (values, numbers) in self._groups.items():
            for number, (value, usual) in zip(numbers, against_peers(values, least=least), strict=False):
                yield key, number, value, usual


def against_peers(values: Sequence[float], *, least: int) -> Iterator[tuple[float, float]]:
    """Each value with the median of the others, where there are at least ``least`` others."""
    if len(values) <= least:
        return
    ordered = array("d", sorted(values))
    for value in values:
        # Of equal values it does not matter which is left out.
        yield value, _median_without(ordered, bisect_left(ordered, value))


def _median_without(ordered: Sequence[float], left_out: int) -> float:
    """The median of sorted values, one of them left out."""
    middle, odd = divmod(len(ordered) - 1, 2)
    upper = ordered[middle + (middle >= left_out)]
    if odd:
        return upper
    lower = middle - 1
    return (ordered[lower + (lower >= left_out)] + upper) / 2
