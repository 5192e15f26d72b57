"""Quantities as people write them, and as the ledger keeps them: integer milligrams.

Example:
    >>> parse_mass("3.5 t")
    3500000000
    >>> format_mass(19_980_000_000)
    '19.98 t'
    >>> format_mass(1_234_567, digits=3)
    '1.23 kg'
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

from traceledger.errors import InputError

MAX_MG = 2**56 - 1
"""The most a pool of a batch can hold: some 72 million tonnes."""

MG_PER_UNIT = {"mg": 1, "g": 10**3, "kg": 10**6, "t": 10**9}
"""Milligrams in each unit of mass; CO2e has the same units."""

_QUANTITY = re.compile(r"(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-zµ]+)(?P<co2e>\s+CO2e)?", re.ASCII)
_EXACT = Context(prec=60)
_MAX_LENGTH = 64
_MAX_WRITTEN = 10**_MAX_LENGTH


def parse_mass(value: str | int) -> int:
    """Milligrams of a mass: an integer is in mg already, a string has a unit (``1200 kg``).

    Raises:
        InputError: no number, no or an unknown unit, negative, finer than a milligram, or too large.
    """
    return _parse(value, "mass", co2e_allowed=False)


def parse_co2e(value: str | int) -> int:
    """Milligrams CO2e, written like a mass (``40 t``, ``40 t CO2e``).

    Raises:
        InputError: as :func:`parse_mass`.
    """
    return _parse(value, "CO2e amount", co2e_allowed=True)


def _parse(value: object, what: str, *, co2e_allowed: bool) -> int:
    hint = 'write for instance "1200 kg", or an integer in mg'
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"a {what} is text with a unit or an integer, not {value!r}", hint=hint)
    if isinstance(value, int):
        # Python refuses to write out integers of thousands of digits.
        written = str(value) if abs(value) <= _MAX_WRITTEN else f"an integer of {value.bit_length()} bits"
        return _checked(Decimal(value), written, what)
    match = _QUANTITY.fullmatch(value.strip()) if len(value) <= _MAX_LENGTH else None
    if match is None or (match["co2e"] and not co2e_allowed):
        raise InputError(f"{value[:_MAX_LENGTH]!r} is not a {what}", hint=hint)
    factor = MG_PER_UNIT.get(match["unit"])
    if factor is None:
        raise InputError(f"unknown unit {match['unit']!r} in {value!r}", hint="use mg, g, kg or t")
    return _checked(_EXACT.multiply(Decimal(match["number"]), Decimal(factor)), value, what)


def _checked(milligrams: Decimal, written: str, what: str) -> int:
    if milligrams < 0:
        raise InputError(f"{written!r} is negative", hint=f"a {what} is zero or more")
    if milligrams > MAX_MG:
        raise InputError(f"{written!r} is too large", hint=f"the limit is {format_mass(MAX_MG, digits=3)}")
    if milligrams != milligrams.to_integral_value():
        raise InputError(f"{written!r} is finer than a milligram", hint="round it to whole milligrams")
    return int(milligrams)


def format_mass(milligrams: int, *, digits: int | None = None) -> str:
    """The mass in the largest unit in which it is at least 1.

    Args:
        milligrams: mg, or mg CO2e.
        digits: significant digits to round to for display; by default every digit is kept, so that
            :func:`parse_mass` reads the same number back.
    """
    unit, factor = next(
        ((u, f) for u, f in reversed(MG_PER_UNIT.items()) if abs(milligrams) >= f),
        ("mg", 1),
    )
    number = _EXACT.divide(Decimal(milligrams), Decimal(factor))
    if digits is not None:
        number = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(number)
    text = f"{number:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}"
