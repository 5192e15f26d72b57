"""Rounding that keeps sums: cumulative sums to the nearest, so that parts add up to what the chain states.

Example:
    >>> rounded({"a": 3, "b": 3, "c": 4}, whole=2)
    {'a': 2, 'b': 1, 'c': 2}
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from traceledger.model.shares import SHARE_UNITS, Share
from traceledger.walk.division import ONE

K = TypeVar("K", bound=Hashable)


def rounded(amounts: Mapping[K, int], *, whole: int, times: int = 1) -> dict[K, int]:
    """Amounts times ``times`` over ``whole`` as integers, in the mapping's order.

    They sum to the rounded sum of all, and each differs from its exact value by no more than one.
    """
    return dict(zip(amounts, rounded_parts(amounts.values(), whole=whole, times=times), strict=True))


def rounded_parts(amounts: Iterable[int], *, whole: int, times: int = 1) -> list[int]:
    """The same of amounts that have no names."""
    parts: list[int] = []
    running = before = 0
    twice, double = 2 * whole, 2 * times
    for amount in amounts:
        running += amount
        # W13: the sum up to here, to the nearest (as `nearest` has it, whose call takes longer than it: there
        # is a row for every origin), less that up to the row before.
        upto = (running * double + whole) // twice
        parts.append(upto - before)
        before = upto
    return parts


def as_shares(weights: Mapping[K, int]) -> dict[K, Share]:
    """Weights of 2^128 as shares in units of 10^-15, in the mapping's order."""
    # W14: those of one substance sum to exactly one.
    return {key: Share(units) for key, units in rounded(weights, whole=ONE, times=SHARE_UNITS).items()}


def share_of(weight: int) -> Share:
    """One weight of 2^128 by itself, to the nearest."""
    return Share.of(weight, ONE)


def sum_of(parts: Iterable[Share]) -> Share:
    """The sum of shares, exact."""
    return Share(sum(part.units for part in parts))
