"""Exact numbers, and how they are written: JSON numbers of at most fifteen significant digits.

Fifteen is what a double-precision number keeps of any decimal, so whoever reads the file with one reads what
was written (IEEE 754; RFC 8259, section 6). What belongs together is rounded together: the parts sum to their
total exactly, as written.

Example:
    >>> parts_of({"a": Fraction(1, 3), "b": Fraction(2, 3)})
    {'a': Decimal('0.33333333333333'), 'b': Decimal('0.66666666666667')}
    >>> sum(parts_of({"a": Fraction(1, 3), "b": Fraction(2, 3)}).values())
    Decimal('1.00000000000000')
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from traceledger.errors import InputError

DIGITS = 15
"""Significant digits of a number in a document."""
_FINEST = 15
"""Decimals at the most."""

Key = TypeVar("Key", bound=Hashable)


def decimals_for(largest: Fraction) -> int:
    """How many decimals a number of this size may have within fifteen significant digits."""
    whole = len(str(int(abs(largest))))
    return max(0, min(_FINEST, DIGITS - whole))


def rounded(value: Fraction, decimals: int) -> Decimal:
    """A number to the nearest of so many decimals, halves away from zero."""
    scaled = abs(value) * 10**decimals
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-units if value < 0 else units).scaleb(-decimals)


def number(value: Fraction) -> Decimal:
    """One number by itself, to fifteen significant digits."""
    return rounded(value, decimals_for(value))


def parts_of(parts: Mapping[Key, Fraction]) -> dict[Key, Decimal]:
    """Parts that sum to the rounded total, each within one unit of the last decimal of its exact value.

    A running sum is rounded, as origin shares are (docs/proof-format.md, W13).
    """
    decimals = decimals_for(sum((abs(each) for each in parts.values()), Fraction(0)))
    found: dict[Key, Decimal] = {}
    running, before = Fraction(0), Decimal(0)
    for key, part in parts.items():
        running += part
        upto = rounded(running, decimals)
        found[key] = upto - before
        before = upto
    return found


def plain(value: Decimal, where: str) -> int | float:
    """A number as JSON writes it, exactly.

    Raises:
        InputError: it has more digits than a reader's double-precision number keeps.
    """
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    written = float(value)
    if Decimal(repr(written)) != value:
        raise InputError(
            f"{value} has more than {DIGITS} significant digits", where=where, hint="round it in master data"
        )
    return written
