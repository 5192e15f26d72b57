"""Exact arithmetic on the figures that a document shows, and how far off rounding may bring them.

A figure is what its digits say: ``1.85`` is known to a hundredth. A sum is right if it is the exact sum of
its parts, rounded to as many digits as it shows, either way at a half. Shares of a whole that is not shown
may be off by half a unit of each one's last digit. Binary fractions that a program wrote out in 17 digits
get the noise of their format besides.

Example:
    >>> agrees(Decimal("-1.23"), Decimal("-1.226")), agrees(Decimal("1.86"), Decimal("1.85"))
    (True, False)
    >>> agrees(Decimal("0.30000000000000004"), Decimal("0.3"))
    True
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Context, Decimal, Overflow
from fractions import Fraction

_COMMA = re.compile(r"[+-]?\d{1,12},\d+", re.ASCII)
_HUGE = 30
"""Powers of ten beyond which nothing is a figure of material or CO2e: the sun has some 10^30 kg."""
_NOISE = Fraction(1, 10**14)
_NOISY_DIGITS = 15
_WIDE = Context(prec=200, traps=[Overflow])


def of_json(value: object) -> Decimal | None:
    """A JSON number, exactly; ``None``: something else, or a number that is no figure of anything."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**_HUGE else None
    return value if value.is_finite() and is_sensible(value) else None


def is_sensible(value: Decimal) -> bool:
    """Whether it is small enough, and has few enough digits, to be computed with."""
    return value.is_zero() or (abs(value.adjusted()) < _HUGE and len(value.as_tuple().digits) <= 60)


def places(value: Decimal) -> int:
    """How many digits stand after its point.

    Example:
        >>> places(Decimal("1.50")), places(Decimal("2E+3"))
        (2, 0)
    """
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def half_unit(value: Decimal) -> Fraction:
    """Half a unit of its last digit.

    Example:
        >>> half_unit(Decimal("1.5")), half_unit(Decimal("20"))
        (Fraction(1, 20), Fraction(1, 2))
    """
    return Fraction(1, 2 * 10 ** places(value))


def with_point(text: str) -> str:
    """A decimal that has a comma, with a point instead; empty: it is none.

    Example:
        >>> with_point("-1,50"), with_point("1.50"), with_point("1,5 kg")
        ('-1.50', '', '')
    """
    return text.replace(",", ".") if _COMMA.fullmatch(text) else ""


def added(parts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = Decimal(0)
    for part in parts:
        total = _WIDE.add(total, part)
    return total


def agrees(shown: Decimal, exact: Decimal | Fraction) -> bool:
    """Whether a figure is what it should be, rounded to the digits that it shows."""
    should = Fraction(exact)
    off = abs(Fraction(shown) - should)
    if len(shown.as_tuple().digits) > _NOISY_DIGITS:
        return off <= _NOISE * max(Fraction(1), abs(should))
    return off <= half_unit(shown)


def spread(parts: Iterable[Decimal]) -> Fraction:
    """How far the sum of figures may be off, if each was rounded by itself."""
    return sum((half_unit(part) for part in parts), Fraction(0))


def written(value: Decimal | Fraction | int) -> str:
    """A figure in digits; in powers of ten where it would have too many.

    Example:
        >>> written(Decimal("1.50")), written(Decimal("1E+3")), written(Fraction(1, 3)), written(10**40)
        ('1.50', '1000', '0.333333', '1e+40')
    """
    if isinstance(value, int):
        value = Decimal(value) if abs(value) < 10**1000 else Decimal("1E+1000")
    if isinstance(value, Fraction):
        value = _shortened(value)
    if value.is_zero():
        return "0" if places(value) > 12 or places(value) == 0 else f"{abs(value):f}"
    if abs(value.adjusted()) > 25:
        return f"{Context(prec=6).plus(value).normalize():e}"
    return f"{value:f}"


def _shortened(value: Fraction) -> Decimal:
    """A fraction as a decimal: exactly where it ends soon, else in six significant digits."""
    exact = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    plain = exact.normalize(_WIDE)
    if len(plain.as_tuple().digits) <= 20:
        return Decimal(f"{plain:f}") if abs(plain.adjusted()) <= 25 else plain
    return Context(prec=6).plus(exact)
