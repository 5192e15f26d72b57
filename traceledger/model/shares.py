"""A part of one, as it is shown: a whole number of 10^-15, so that parts can sum to exactly one.

Example:
    >>> Share.of(1, 3), float(Share.of(1, 3)) + float(Share.of(2, 3))
    (Share(0.333333333333333), 1.0)
"""

from __future__ import annotations

from functools import total_ordering
from typing import TYPE_CHECKING

from traceledger.model.arithmetic import nearest
from traceledger.model.frozen import frozen

if TYPE_CHECKING:
    from fractions import Fraction

SHARE_UNITS = 10**15
"""How many units are one. Fifteen decimals are what a double-precision number keeps of any decimal."""


@total_ordering
@frozen
class Share:
    """A part from 0 to 1; ``units`` of 10^-15. As a ``float`` it reads as the same decimal."""

    units: int

    @classmethod
    def of(cls, part: int, whole: int) -> Share:
        """``part / whole``, rounded to the nearest unit; ``whole`` is above zero."""
        return cls(nearest(part * SHARE_UNITS, whole))

    @classmethod
    def at_most(cls, part: int, whole: int) -> Share:
        """The same where rounding may have made ``part`` more than ``whole``, or either be nothing or less.

        Example:
            >>> Share.at_most(7, 6), Share.at_most(0, 0)
            (Share(1.0), Share(0.0))
        """
        return cls.of(min(part, whole), whole) if whole > 0 < part else cls(0)

    @classmethod
    def near(cls, exact: Fraction) -> Share:
        """An exact part, rounded to the nearest unit."""
        return cls.of(exact.numerator, exact.denominator)

    @property
    def basis_points(self) -> int:
        """Whole hundredths of a percent: what is left over is cut, so that nothing looks like more."""
        return self.units * 10_000 // SHARE_UNITS

    def __float__(self) -> float:
        return self.units / SHARE_UNITS

    def __lt__(self, other: Share) -> bool:
        return self.units < other.units

    def __repr__(self) -> str:
        return f"Share({float(self)!r})"
