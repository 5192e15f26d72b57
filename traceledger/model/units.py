"""Quantities as people write them, and as the ledger keeps them: integer milligrams, seconds, basis points.

Example:
    >>> parse_mass("3.5 t")
    3500000000
    >>> format_mass(19_980_000_000)
    '19.98 t'
    >>> format_mass(1_234_567, digits=3)
    '1.23 kg'
    >>> format_mass(999_996_000_000, digits=4), format_mass(999_996, digits=4)
    ('1000 t', '1 kg')
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal

from traceledger.errors import InputError

SHOWN_DIGITS = 4
"""Significant digits of a mass where it is shown to people, on a terminal as on a page."""
MAX_MG = 2**56 - 1
"""The most a pool of a batch can hold: some 72 million tonnes."""

MG_PER_G, MG_PER_KG = 10**3, 10**6
"""Milligrams in a gram and in a kilogram."""
MG_PER_UNIT = {"mg": 1, "g": MG_PER_G, "kg": MG_PER_KG, "t": 10**9}
"""Milligrams in each unit of mass; CO2e has the same units."""

_QUANTITY = re.compile(r"(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-zµ]+)(?P<co2e>\s+CO2e)?", re.ASCII)
_PIECES = re.compile(
    r"\d+(?:\.\d+)?\s*(?:(?:pieces?|pcs?|pce|items?|units?|each|ea|nos?|stk|cells?|packs?|C62|H87)\.?)?",
    re.ASCII | re.IGNORECASE,
)
_PIECES_HINT = (
    "say the unit of mass: mg, g, kg or t; pieces need the mass of all of them, "
    'such as "mass": "40 kg", and are counted beside it, such as "pieces": 20'
)
MICRO_DEGREES = 10**6
"""Micro-degrees in a degree, the unit of coordinates."""

MAX_DURATION = 10 * 365 * 86_400
_SECONDS_PER_UNIT = dict.fromkeys(("s", "second", "seconds"), 1)
_SECONDS_PER_UNIT |= dict.fromkeys(("min", "minute", "minutes"), 60)
_SECONDS_PER_UNIT |= dict.fromkeys(("h", "hour", "hours"), 3_600)
_SECONDS_PER_UNIT |= dict.fromkeys(("d", "day", "days"), 86_400)
_DURATION = re.compile(r"(?P<number>\d{1,12})\s*(?P<unit>[A-Za-z]*)", re.ASCII)
_PERCENT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*%", re.ASCII)
_DEGREES = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_END_OF_CALENDAR = 253_402_300_800
_WHOLE = 10_000
_EXACT = Context(prec=60)  # the default of 28 digits would round what people write
_MAX_LENGTH = 64
_MAX_WRITTEN = 10**_MAX_LENGTH


class NegativeError(InputError):
    """A quantity below zero."""


def parse_mass(value: str | int, *, limit: int = MAX_MG) -> int:
    """Milligrams of a mass: an integer is in mg already, a string has a unit (``1200 kg``).

    Raises:
        InputError: no number, no or an unknown unit, negative, finer than a milligram, or too large.
    """
    return _parse(value, "mass", limit, co2e_allowed=False)


def parse_co2e(value: str | int, *, where_negative: str = "") -> int:
    """Milligrams CO2e, written like a mass (``40 t``, ``40 t CO2e``).

    Args:
        value: what was written.
        where_negative: the hint of the refusal of a negative amount, where there is a better one.

    Raises:
        InputError: as :func:`parse_mass`.
    """
    try:
        return _parse(value, "CO2e amount", MAX_MG, co2e_allowed=True)
    except NegativeError as error:
        raise NegativeError(error.what, hint=where_negative or error.hint) from None


def _parse(value: object, what: str, limit: int, *, co2e_allowed: bool) -> int:
    # No hint offers an integer: whoever types kilograms would record milligrams.
    hint = 'write a number and its unit, mg, g, kg or t, for instance "1200 kg"'
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"a {what} is text with a unit, not {value!r}", hint=hint)
    if isinstance(value, int):
        # Python refuses to write out integers of thousands of digits.
        written = str(value) if abs(value) <= _MAX_WRITTEN else f"an integer of {value.bit_length()} bits"
        return _checked(Decimal(value), written, what, limit)
    # Bounded before anything is done with it: it may come from anybody's file.
    match = _QUANTITY.fullmatch(value.strip()) if len(value) <= _MAX_LENGTH else None
    if not co2e_allowed and len(value) <= _MAX_LENGTH and _PIECES.fullmatch(value.strip()):
        raise InputError(f"{value!r} is not a {what}", hint=_PIECES_HINT)
    if match is None or (match["co2e"] and not co2e_allowed):
        raise InputError(f"{value[:_MAX_LENGTH]!r} is not a {what}", hint=hint)
    factor = MG_PER_UNIT.get(match["unit"])
    if factor is None:
        raise InputError(f"unknown unit {match['unit']!r} in {value!r}", hint="use mg, g, kg or t")
    return _checked(_EXACT.multiply(Decimal(match["number"]), Decimal(factor)), value, what, limit)


def _checked(milligrams: Decimal, written: str, what: str, limit: int) -> int:
    if milligrams < 0:
        # Whoever only reads amounts needs no languages.
        from traceledger.languages.phrases import phrase

        is_mass = what == "mass"
        least = phrase("a mass is zero or more") if is_mass else phrase("a CO2e amount is zero or more")
        raise NegativeError(phrase("{text} is negative", text=repr(written)), hint=least)
    if milligrams > limit:
        raise InputError(f"{written!r} is too large", hint=f"the limit is {format_mass(limit, digits=3)}")
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
    exact = Decimal(milligrams)
    if digits is not None:
        # Before the unit is chosen: what is rounded up may be one of the next.
        exact = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(exact)
    unit, factor = next(
        ((u, f) for u, f in reversed(MG_PER_UNIT.items()) if abs(exact) >= f),
        ("mg", 1),
    )
    number = _EXACT.divide(exact, Decimal(factor))
    text = f"{number:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}"


def format_time(seconds: int) -> str:
    """UTC seconds as ISO 8601; as a number where the calendar ends before.

    Example:
        >>> format_time(1_768_629_600)
        '2026-01-17T06:00:00Z'
    """
    if not 0 <= seconds < _END_OF_CALENDAR:
        # datetime ends with the year 9999; the contracts take any uint64.
        return f"{seconds} s after 1970"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_duration(value: str | int, *, where: str = "") -> int:
    """Seconds of a duration: an integer is in seconds already, a text has a unit (``2 days``).

    Raises:
        InputError: no whole number, an unknown unit, or too long.

    Example:
        >>> parse_duration("2 days"), parse_duration("90 min"), parse_duration(5)
        (172800, 5400, 5)
    """
    found = _DURATION.fullmatch(str(value).strip())
    unit = (found["unit"] or "s").lower() if found else ""
    if found is None or unit not in _SECONDS_PER_UNIT or isinstance(value, bool):
        hint = "write for instance 2 days, 36 h or 90 min"
        raise InputError(f"{value!r} is not a duration", where=where, hint=hint)
    seconds = int(found["number"]) * _SECONDS_PER_UNIT[unit]
    if seconds > MAX_DURATION:
        raise InputError(f"{value!r} is too long", where=where, hint="at most ten years")
    return seconds


def parse_percent(value: str | int) -> int:
    """Basis points of a percentage between 0 and 100 (``87.5 %``); an integer is in basis points already.

    Raises:
        InputError: no percentage, more than 100, or finer than a hundredth of a percent.

    Example:
        >>> parse_percent("87.5 %"), parse_percent(8750)
        (8750, 8750)
    """
    points: Decimal | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        points = Decimal(value)
    elif (
        isinstance(value, str) and len(value) <= _MAX_LENGTH and (found := _PERCENT.fullmatch(value.strip()))
    ):
        points = Decimal(found["number"]) * 100
    if points is None or not 0 <= points <= _WHOLE or points != int(points):
        raise InputError(f"{value!r} is not a percentage", hint="write for instance 87 % or 87.5 %")
    return int(points)


def format_percent(basis_points: int) -> str:
    """Basis points as a percentage.

    Example:
        >>> format_percent(8750), format_percent(6000)
        ('87.5 %', '60 %')
    """
    return f"{_plain(Decimal(basis_points) / 100)} %"


def parse_degrees(value: str | int, limit: int) -> int:
    """Micro-degrees of decimal degrees (``-10.72``) between ``-limit`` and ``limit``.

    Raises:
        InputError: no number, outside the limits, or finer than a millionth of a degree.

    Example:
        >>> parse_degrees("-10.72", 90)
        -10720000
    """
    text = str(value).strip()
    found = _DEGREES.fullmatch(text) if len(text) <= _MAX_LENGTH and not isinstance(value, bool) else None
    micro = Decimal(text) * MICRO_DEGREES if found else None
    if micro is None or abs(micro) > limit * MICRO_DEGREES or micro != int(micro):
        raise InputError(
            f"{value!r} is not an angle between -{limit} and {limit} degrees",
            hint="write decimal degrees with at most six places, for instance -10.72",
        )
    return int(micro)


def format_degrees(micro: int) -> str:
    """Micro-degrees as decimal degrees.

    Example:
        >>> format_degrees(-10_720_000), format_degrees(0)
        ('-10.72', '0')
    """
    return _plain(Decimal(micro) / MICRO_DEGREES)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
