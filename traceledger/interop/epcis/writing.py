"""Writes documents of EPCIS as JSON, with every digit of a number.

JSON's numbers are decimals, and so are those of EPCIS' quantities; a binary fraction is no decimal. Decimals
of a document are written digit by digit.

Example:
    >>> dumps({"quantity": kilograms(19_980_000_000), "uom": "KGM"})
    '{"quantity":19980,"uom":"KGM"}'
    >>> dumps({"quantity": kilograms(12345678901234567)}), kilograms_text(1)
    ('{"quantity":12345678901.234567}', '0.000001 kg')
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

_MARK = "\x00"  # Texts of the ledger have no control characters, and JSON none that is not escaped.
_MARKED = re.compile(r'"\\u0000([0-9.-]+)"')
_KILOGRAM = 6
"""Decimal places of a milligram in kilograms."""


def dumps(document: Any, indent: int | None = None) -> str:
    """A document as JSON, in ASCII."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(_told(document), indent=indent, separators=separators, allow_nan=False)
    return _MARKED.sub(r"\1", text)


def kilograms(milligrams: int) -> int | Decimal:
    """A mass in kilograms, exactly."""
    exact = Decimal(milligrams).scaleb(-_KILOGRAM)
    return int(exact) if exact == exact.to_integral_value() else exact.normalize()


def kilograms_text(milligrams: int) -> str:
    """A mass or an amount of CO2e as our terms have it: a decimal and ``kg``."""
    return f"{Decimal(kilograms(milligrams)):f} kg"


def _told(value: Any) -> Any:
    """The value with a marked text for each decimal."""
    match value:
        case Decimal():
            return f"{_MARK}{value:f}"
        case dict():
            return {key: _told(each) for key, each in value.items()}
        case list() | tuple():
            return [_told(each) for each in value]
        case _:
            return value
