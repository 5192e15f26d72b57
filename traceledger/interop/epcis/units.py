"""Quantities of events in milligrams: codes of UN/CEFACT Recommendation 20, by exact factors.

The metric ones are exact by their names; a pound is 0.45359237 kg (the international yard and pound
agreement of 1959), from which the others follow; a grain is the seven-thousandth part of it.

Example:
    >>> from decimal import Decimal
    >>> mass_mg(Quantity("urn:x:lot", Decimal("12.5"), "KGM"))
    12500000
    >>> mass_mg(Quantity("urn:x:lot", Decimal(2000), "LBR"))
    907184740
    >>> mass_mg(Quantity("urn:x:lot", Decimal("0.0000001"), "KGM"))
    Traceback (most recent call last):
    traceledger.errors.InputError: 0.0000001 KGM is finer than a milligram (round it to whole milligrams)
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from traceledger.errors import InputError
from traceledger.interop.epcis.events import Quantity
from traceledger.model.units import MAX_MG, format_mass

_POUND = Fraction("453592.37")
_GRAM = Fraction(1000)
_GRAIN = _POUND / 7000

MG: Mapping[str, Fraction] = MappingProxyType(
    {
        "MC": _GRAM / 10**6,
        "MGM": Fraction(1),
        "CGM": _GRAM / 100,
        "DG": _GRAM / 10,
        "GRM": _GRAM,
        "DJ": _GRAM * 10,
        "HGM": _GRAM * 100,
        "KGM": _GRAM * 10**3,
        "DTN": _GRAM * 10**5,
        "TNE": _GRAM * 10**6,
        "2U": _GRAM * 10**6,
        "KTN": _GRAM * 10**9,
        "CTM": _GRAM / 5,
        "M86": _GRAM * 500,
        "GRN": _GRAIN,
        "DRI": _POUND / 256,
        "ONZ": _POUND / 16,
        "LBR": _POUND,
        "STI": _POUND * 14,
        "QTR": _POUND * 28,
        "CWA": _POUND * 100,
        "CWI": _POUND * 112,
        "STN": _POUND * 2000,
        "LTN": _POUND * 2240,
        "DWT": _GRAIN * 24,
        "DRA": _GRAIN * 60,
        "APZ": _GRAIN * 480,
        "LBT": _GRAIN * 5760,
    }
)
"""Milligrams in each unit of mass."""

PIECES = frozenset((None, "C62", "H87", "EA"))
"""Units in which things are counted: none, one, piece, each."""

_SHOWN = 60


def is_pieces(quantity: Quantity) -> bool:
    """Whether it counts pieces."""
    return quantity.uom in PIECES


def mass_mg(quantity: Quantity) -> int:
    """Milligrams of a quantity that is a mass.

    Raises:
        InputError: it has no amount, or counts pieces, or is of another unit; the mass is negative, finer
            than a milligram, or more than a lot can have.
    """
    if quantity.amount is None:
        raise InputError("it says no quantity", hint="say how much there is of it, and the unit, such as KGM")
    if is_pieces(quantity):
        raise InputError(
            f"{_written(quantity)} is a number of pieces, no mass", hint="say the unit, such as KGM"
        )
    factor = MG.get(str(quantity.uom))
    if factor is None:
        raise InputError(
            f"{str(quantity.uom)[:_SHOWN]!r} is no unit of mass of UN/CEFACT Recommendation 20",
            hint=f"use {', '.join(('KGM', 'GRM', 'MGM', 'TNE', 'LBR'))}",
        )
    return _checked(Fraction(quantity.amount) * factor, _written(quantity))


def pieces(quantity: Quantity) -> int:
    """How many pieces a quantity counts.

    Raises:
        InputError: it has no amount, or one that is no whole number from zero.
    """
    if quantity.amount is None:
        raise InputError("it says no quantity", hint="say how many there are")
    if quantity.amount < 0 or quantity.amount != quantity.amount.to_integral_value():
        raise InputError(f"{_written(quantity)} is no number of pieces", hint="pieces are counted whole")
    return int(quantity.amount)


def _checked(milligrams: Fraction, written: str) -> int:
    if milligrams < 0:
        raise InputError(f"{written} is negative", hint="a mass is zero or more")
    if milligrams > MAX_MG:
        raise InputError(f"{written} is too large", hint=f"the limit is {format_mass(MAX_MG, digits=3)}")
    if milligrams.denominator != 1:
        near = round(milligrams)
        such = f", such as {Decimal(near).scaleb(-6):f} KGM" if near else ""
        raise InputError(f"{written} is finer than a milligram", hint=f"round it to whole milligrams{such}")
    return int(milligrams)


def _written(quantity: Quantity) -> str:
    amount = str(quantity.amount)
    plain = f"{quantity.amount:f}"
    shown = plain if len(plain) <= _SHOWN else amount if len(amount) <= _SHOWN else f"{amount[:_SHOWN]}…"
    return f"{shown} {quantity.uom}" if quantity.uom else shown
