"""The two arithmetic rules of the contracts, in exact integers.

They are the Python twin of ``contracts/libraries/Pools.sol``; docs/rules.md states them.

Example:
    >>> take(10, part=1, whole=3)
    3
    >>> allocate(10, [1, 1, 1])
    [3, 3, 4]
    >>> nearest(7, 2), nearest(-7, 2)
    (4, -3)
"""

from __future__ import annotations

from collections.abc import Sequence


def take(pool: int, *, part: int, whole: int) -> int:
    """Take: what leaves ``pool`` when ``part`` is taken of a mass ``whole`` (mg, part <= whole)."""
    return pool * part // whole


def nearest(number: int, by: int) -> int:
    """``number / by`` to the nearest integer, a half upwards; ``by`` is above zero. How readers round."""
    return (2 * number + by) // (2 * by)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Allocate: an integer ``total`` over integer ``weights``, none negative; the shares sum to it exactly.

    Raises:
        ZeroDivisionError: all weights are zero.
    """
    whole = sum(weights)
    if weights and not whole:
        raise ZeroDivisionError("there is nothing to share by")
    shares, running, given = [], 0, 0
    for weight in weights:
        running += weight
        # Up to the last that weighs something it is all, which need not be divided.
        until = total if running == whole else total * running // whole
        shares.append(until - given)
        given = until
    return shares
