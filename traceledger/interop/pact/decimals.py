"""Exact figures as the standard's decimal text.

Example:
    >>> [shown(Fraction(-1, 3)), shown(Fraction(5)), shown(Fraction(1, 10**12)), shown(Fraction(3, 4), 2)]
    ['-0.333333333', '5', '0', '0.75']
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

from traceledger.model.arithmetic import nearest

DIGITS = 9
"""Digits after the point of an amount in kg: a thousandth of what the ledger counts in."""
K = TypeVar("K")


def units(amount: Fraction, digits: int = DIGITS) -> int:
    """An amount in units of its last digit, to the nearest, a half upwards."""
    return nearest(amount.numerator * 10**digits, amount.denominator)


def text(whole: int, digits: int = DIGITS) -> str:
    """Units of the last digit as decimal text, without zeros at its end."""
    sign, number = "-" if whole < 0 else "", abs(whole)
    before, after = divmod(number, 10**digits)
    decimals = f"{after:0{digits}d}".rstrip("0") if digits else ""
    return f"{sign}{before}.{decimals}" if decimals else f"{sign}{before}"


def shown(amount: Fraction, digits: int = DIGITS) -> str:
    """An amount as decimal text, rounded to so many digits."""
    return text(units(amount, digits), digits)


def summing(parts: Mapping[K, Fraction]) -> dict[K, int]:
    """Parts in units of their last digit, which sum to the rounded sum: the largest takes what is left over.

    Example:
        >>> summing({"a": Fraction(1, 2 * 10**9), "b": Fraction(3, 2 * 10**9)})
        {'a': 1, 'b': 1}
    """
    found = {name: units(amount) for name, amount in parts.items()}
    largest = max(parts, key=lambda name: abs(parts[name]))
    found[largest] += units(sum(parts.values(), Fraction(0))) - sum(found.values())
    return found
