"""Exact fractions that stay cheap in deep lineages.

Walking a lineage back from its product, every step multiplies an amount by ``part / whole``. Reduced
fractions would need a gcd of numbers that grow with the lineage (after 3,000 steps some 150,000 bits), which
is quadratic. Instead all amounts of one walk share one denominator, the *scale*: the product of all the
wholes by which the walk can divide. A path visits an event at most once, so every division by a whole is
exact, and all arithmetic is one big integer against a small one, which is linear.

Example:
    >>> part = Share(2, 6)
    >>> float(part), part.exact
    (0.3333333333333333, Fraction(1, 3))
    >>> round_to_sum({"a": 15, "b": 15}, scale=10)
    {'a': 1, 'b': 2}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import total_ordering
from math import gcd
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from fractions import Fraction

K = TypeVar("K")


@total_ordering
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Share:
    """An exact part of one, as ``numerator / denominator``, not reduced. ``float()`` rounds it correctly."""

    numerator: int
    denominator: int

    @property
    def exact(self) -> Fraction:
        """The reduced fraction. Slow for a share that comes from thousands of steps."""
        # With decimal it takes long to import, and few ask for it.
        from fractions import Fraction

        return Fraction(self.numerator, self.denominator)

    def __repr__(self) -> str:
        # Rounded: Python refuses to write out integers of the length that these can have.
        return f"Share({float(self)!r})"

    def __float__(self) -> float:
        return self.numerator / self.denominator

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Share):
            return NotImplemented
        return self.numerator * other.denominator == other.numerator * self.denominator

    def __lt__(self, other: Share) -> bool:
        return self.numerator * other.denominator < other.numerator * self.denominator

    def __hash__(self) -> int:
        return hash(self.exact)

    def of(self, total: int) -> int:
        """That part of an integer, rounded down."""
        return self.numerator * total // self.denominator


def reduced(whole: int, parts: Sequence[int]) -> tuple[int, tuple[int, ...]]:
    """``parts`` of ``whole`` with their common divisor taken out."""
    common = gcd(whole, *parts)
    if common <= 1:
        return whole, tuple(parts)
    return whole // common, tuple(part // common for part in parts)


def product(factors: Sequence[int]) -> int:
    """The product of many factors, multiplied in pairs so that the numbers stay balanced."""
    level = list(factors) or [1]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [a * b for a, b in zip(level[0::2], level[1::2], strict=False)] + odd
    return level[0]


def round_to_sum(amounts: Mapping[K, int], *, scale: int) -> dict[K, int]:
    """Amounts (numerators over ``scale``) as integers with the same sum, which must be an integer.

    Cumulative sums are rounded down, in the mapping's order: the rule by which the contracts allocate. Every
    result differs from its exact value by less than one.
    """
    rounded: dict[K, int] = {}
    running = before = 0
    for key, amount in amounts.items():
        running += amount
        upto = running // scale
        rounded[key] = upto - before
        before = upto
    return rounded
