"""Numbers, masses, shares, dates and countries as a language writes them, by CLDR.

The data is baked into ``languages/CODE.json`` by ``scripts/translations``. Arithmetic is decimal;
what is shown is rounded half to even.

Example:
    >>> from traceledger.languages import language
    >>> german = language("de")
    >>> number(1234567.891, german), percent(0.875, german).replace(chr(0xA0), " ")
    ('1.234.567,891', '87,5 %')
    >>> mass("20264000000", german).replace(chr(0xA0), " ")
    '20,26 t'
    >>> country("CD", german), date("2026-01-17T06:00:00Z", german)
    ('Kongo-Kinshasa', '17. Januar 2026')
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from typing import Any

from traceledger.languages import FOLDER, Language
from traceledger.model.units import MG_PER_UNIT, SHOWN_DIGITS, format_time

GAP = "\u00a0"
"""Between a number and its unit, so that no line ends there."""
DIGITS = SHOWN_DIGITS
"""Significant digits of a mass, unless told otherwise."""
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_FIELD = re.compile(r"'([^']*)'|(d+|M+|y+|H+|h+|m+)")


@cache
def cldr(code: str) -> dict[str, Any]:
    """What CLDR says of a language: symbols, patterns, months, countries."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{code}.json").read_text("utf-8"))
    return loaded


def number(value: int | float | str | Decimal, language: Language, *, decimals: int | None = None) -> str:
    """A number with the language's separators.

    Args:
        value: a number, or a decimal string.
        language: whose separators.
        decimals: places after the separator; by default as many as the value has.
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), context=_EXACT)
    whole, _, fraction = f"{abs(exact):f}".partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    symbols = cldr(language.code)
    grouped = f"{int(whole):,}".replace(",", symbols["group"])
    sign = symbols["minus"] if exact < 0 and (int(whole) or fraction.strip("0")) else ""
    return sign + grouped + (symbols["decimal"] + fraction if fraction else "")


def mass(milligrams: int | str, language: Language, *, digits: int | None = DIGITS) -> str:
    """A mass in the largest unit in which it is at least 1; nothing is 0 in every unit, and has none.

    Args:
        milligrams: mg, as a number or, as in documents, a decimal string.
        language: whose separators.
        digits: significant digits; ``None`` for all of them.
    """
    exact = int(milligrams)
    if not exact:
        return number(0, language)
    unit, factor = next(
        ((unit, factor) for unit, factor in reversed(MG_PER_UNIT.items()) if abs(exact) >= factor), ("mg", 1)
    )
    if digits is not None:
        rounded = int(Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(Decimal(exact)))
        if abs(rounded) >= 1000 * factor and unit != "t":
            return mass(rounded, language, digits=digits)
        exact = rounded
    return number(_EXACT.divide(Decimal(exact), Decimal(factor)), language) + GAP + unit


def co2e(milligrams: int | str, language: Language, *, digits: int | None = DIGITS) -> str:
    """An amount of CO2e, as :func:`mass` writes it: ``20.26 t CO2e``; nothing is 0."""
    written = mass(milligrams, language, digits=digits)
    return f"{written}{GAP}CO2e" if int(milligrams) else written


def per_kg(co2e_mg: int | str, mass_mg: int | str, language: Language) -> str:
    """CO2e of a mass, for one kilogram of it: ``11.4 kg CO2e/kg``; both in mg, the mass above zero."""
    return per_unit(co2e_mg, _EXACT.divide(Decimal(int(mass_mg)), Decimal(MG_PER_UNIT["kg"])), "kg", language)


def per_unit(co2e_mg: int | str, amount: Decimal | int | float, unit: str, language: Language) -> str:
    """CO2e for one unit of what there is ``amount`` of, above zero, such as kWh: ``85.2 kg CO2e/kWh``."""
    each = _EXACT.divide(Decimal(int(co2e_mg)), Decimal(str(amount))).to_integral_value(ROUND_HALF_EVEN)
    return f"{co2e(int(each), language, digits=3)}/{unit}" if each else number(0, language)


def percent(share: float | str, language: Language, *, decimals: int = 1) -> str:
    """A share, 0 to 1, in per cent. None but nothing is shown as 0 %, and none but all as 100 %.

    Example:
        >>> from traceledger.languages import ENGLISH
        >>> [percent(share, ENGLISH) for share in (0, 0.00001, 0.5, 0.99999, 1)]
        ['0%', '<0.1%', '50%', '>99.9%', '100%']
    """
    exact = Decimal(str(share)) * 100
    least = Decimal(1).scaleb(-decimals)
    rounded = exact.quantize(least, context=_EXACT)
    sign = ""
    if rounded == 0 and exact > 0:
        sign, rounded = "<", least
    elif rounded == 100 and exact < 100:
        sign, rounded = ">", 100 - least
    pattern: str = cldr(language.code)["percent"]
    return sign + pattern.replace("#", number(rounded, language))


def date(when: int | str, language: Language) -> str:
    """A day in UTC, the month as a word, of seconds or of ISO 8601 as documents have it."""
    moment = _moment(when)
    return str(when) if moment is None else _written(moment, "date", language)


def moment(when: int | str, language: Language) -> str:
    """A day and a time of day, UTC, to the minute."""
    found = _moment(when)
    if found is None:
        return str(when)
    both: str = cldr(language.code)["datetime"]
    day, time = _written(found, "date", language), _written(found, "time", language)
    return both.replace("{1}", day).replace("{0}", time) + f"{GAP}UTC"


def iso(when: int | str) -> str:
    """The ``datetime`` attribute of an element ``time``: ISO 8601, UTC."""
    return format_time(when) if isinstance(when, int) else when


def country(code: str, language: Language) -> str:
    """Name of a country by its ISO 3166-1 alpha-2 code; the code where CLDR has no name."""
    names: dict[str, str] = cldr(language.code)["countries"]
    return names.get(code, code)


def _moment(when: int | str) -> datetime | None:
    try:
        return datetime.fromisoformat(iso(when)).astimezone(UTC)
    except ValueError:
        # The contracts take times past the year 9999, which no calendar here has.
        return None


def _written(moment: datetime, pattern: str, language: Language) -> str:
    data = cldr(language.code)

    def field(found: re.Match[str]) -> str:
        literal, letters = found.groups()
        match (letters or "")[:1]:
            case "d":
                return str(moment.day).zfill(len(letters))
            case "M" if len(letters) > 2:
                months: list[str] = data["months"]
                return months[moment.month - 1]
            case "M":
                return str(moment.month).zfill(len(letters))
            case "y":
                return str(moment.year)
            case "H":
                return str(moment.hour).zfill(len(letters))
            case "m":
                return str(moment.minute).zfill(len(letters))
        return literal or ""

    return _FIELD.sub(field, data[pattern])
