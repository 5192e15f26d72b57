"""Numbers for people, each kind in one way wherever the command prints it.

Masses have four significant digits, shares one decimal, as on pages; what is about to be signed, and JSON,
has every digit. Pages write the same by the rules of their language (``pages/formats.py``): other separators,
``70%`` in English, blanks at which no line ends, and nothing as ``0`` without a unit.

Example:
    >>> mass(20_264_000_000), co2e("56000000000"), signed(-1_500_000)
    ('20.26 t', '56 t CO2e', '-1.5 kg')
    >>> [share(part) for part in (0, 0.00001, 0.7, 0.875, 0.99999, 1)]
    ['0 %', '< 0.1 %', '70 %', '87.5 %', '> 99.9 %', '100 %']
    >>> duration(172_800), duration(5_400), duration(61), size(1_234)
    ('2 days', '90 minutes', '61 seconds', '1.23 kB')
"""

from __future__ import annotations

from typing import SupportsFloat

# What they need is imported where it is: decimal is for those only who draw.
_DECIMALS = 1
_SIZES = ("kB", "MB", "GB", "TB")
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def mass(milligrams: str | int) -> str:
    """A mass, rounded: ``20.26 t``."""
    from traceledger.model.units import SHOWN_DIGITS, format_mass

    return format_mass(int(milligrams), digits=SHOWN_DIGITS)


def co2e(milligrams: str | int) -> str:
    """An amount of CO2e, rounded: ``20.26 t CO2e``."""
    return f"{mass(milligrams)} CO2e"


def signed(milligrams: str | int) -> str:
    """What is more or less, with its sign: ``+1.5 kg``."""
    return f"{'+' if int(milligrams) > 0 else ''}{mass(milligrams)}"


def share(part: SupportsFloat, *, decimals: int = _DECIMALS, sign: bool = False) -> str:
    """A part of one, in per cent: ``70 %``. None but nothing is shown as 0 %, and none but all as 100 %.

    Args:
        part: a number, or a fraction.
        decimals: at most so many.
        sign: with a plus where it is more.
    """
    from decimal import Decimal
    from fractions import Fraction

    exact = (part if isinstance(part, Fraction) else Fraction(str(float(part)))) * 100
    least = Decimal(1).scaleb(-decimals)
    rounded = Decimal(round(exact * 10**decimals)).scaleb(-decimals)
    before = "+" if sign and exact > 0 else ""
    if not rounded and exact > 0:
        before, rounded = "< ", least
    elif rounded == 100 and exact < 100:
        before, rounded = "> ", 100 - least
    text = f"{rounded:f}"
    return f"{before}{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def size(count: int) -> str:
    """A number of bytes, in decimal units of three digits."""
    from traceledger.model.counting import counted

    unit, amount = 0, float(count)
    while round(amount) >= 1000 and unit < len(_SIZES):
        unit, amount = unit + 1, amount / 1000
    return f"{amount:.3g} {_SIZES[unit - 1]}" if unit else counted(count, "byte")


def duration(seconds: int) -> str:
    """A time in the largest unit that divides it."""
    from traceledger.model.counting import counted

    for length, unit in _UNITS:
        if seconds and seconds % length == 0:
            return counted(seconds // length, unit)
    return counted(seconds, "second")
