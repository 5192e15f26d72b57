"""Comparison of a figure with others of its kind.

Example:
    >>> samples = [Sample("a", value) for value in (10.0, 11.0, 10.0, 9.0, 30.0)]
    >>> [(sample.value, median) for sample, median in against_peers(samples, least=4)][-1]
    (30.0, 10.0)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sample(Generic[T]):
    """A figure of something."""

    item: T
    value: float


def against_peers(samples: list[Sample[T]], *, least: int) -> Iterator[tuple[Sample[T], float]]:
    """Each sample with the median of the others, where there are at least ``least`` others."""
    if len(samples) <= least:
        return
    ordered = sorted(range(len(samples)), key=lambda place: samples[place].value)
    rank = {place: position for position, place in enumerate(ordered)}
    values = [samples[place].value for place in ordered]
    for place, sample in enumerate(samples):
        yield sample, _median_without(values, rank[place])


def _median_without(ordered: list[float], left_out: int) -> float:
    """The median of sorted values, one of them left out."""
    middle, odd = divmod(len(ordered) - 1, 2)
    upper = ordered[middle + (middle >= left_out)]
    if odd:
        return upper
    lower = middle - 1
    return (ordered[lower + (lower >= left_out)] + upper) / 2


def grouped(pairs: Iterable[tuple[Hashable, Sample[T]]]) -> list[list[Sample[T]]]:
    """Samples by key, keys in the order of their first sample."""
    groups: dict[Hashable, list[Sample[T]]] = defaultdict(list)
    for key, sample in pairs:
        groups[key].append(sample)
    return list(groups.values())
