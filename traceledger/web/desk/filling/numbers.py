"""Numbers as clerks type them, in the writing of their page's language; nothing is guessed.

A comma or a point is the decimal separator of the language, or cannot be anything else. What could as well
separate thousands is refused, with both writings.

Example:
    >>> from traceledger.languages import language
    >>> plain("19,98", language("de")), plain("19.98", language("de")), plain("1 200,5", language("fr"))
    ('19.98', '19.98', '1200.5')
    >>> typed(19_980_000_000, language("de"))
    ('19,98', 't')
"""

from __future__ import annotations

import re
from decimal import Context, Decimal

from traceledger.errors import InputError
from traceledger.languages import Language
from traceledger.languages.phrases import phrase
from traceledger.model.units import MG_PER_UNIT
from traceledger.pages.formats import cldr

UNITS = ("t", "kg", "g", "mg")
"""Of mass and of CO2e, as they are offered."""
_BLANKS = re.compile("(?<=[0-9])[ \u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_NUMBER = re.compile(r"([0-9]+)(?:([.,])([0-9]+))?", re.ASCII)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}", re.ASCII)
_EXACT = Context(prec=60)


def plain(text: str, language: Language) -> str:
    """A number with a point before its decimals, as operations have it; what is none, as it was typed.

    Args:
        text: as it was typed.
        language: of the page on which it was.

    Raises:
        InputError: it may mean two numbers.
    """
    written = _BLANKS.sub("", text.strip())
    found = _NUMBER.fullmatch(written)
    if found is None:
        return text.strip()
    whole, separator, decimals = found.groups()
    if not separator:
        return written
    if separator != cldr(language.code)["decimal"] and _THOUSANDS.fullmatch(written):
        few, many = f"{whole}{cldr(language.code)['decimal']}{decimals}", f"{whole}{decimals}"
        raise InputError(
            phrase("{typed} may mean {few} or {many}", typed=written, few=few, many=many),
            hint=phrase("write thousands without a separator"),
        )
    return f"{whole}.{decimals}"


def typed(milligrams: int, language: Language) -> tuple[str, str]:
    """A mass in mg, exactly, as the amount and the unit that a clerk would type."""
    unit = next((each for each in UNITS if abs(milligrams) >= MG_PER_UNIT[each]), "mg")
    exact = _EXACT.divide(Decimal(milligrams), Decimal(MG_PER_UNIT[unit]))
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", cldr(language.code)["decimal"]), unit
