"""What stands in a cell as text: whether it is nothing at all, an error, or a formula.

Example:
    >>> [kind_of(text).name for text in (chr(0xA0), "#N/A", "24,5", "=SUM(A1:A3)")]
    ['EMPTY', 'ERROR', 'TEXT', 'UNCALCULATED']
"""

from __future__ import annotations

import re

from traceledger.interop.sheets.grid import Kind

_UNSEEN = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"
"""What takes no room at the ends of a text: marks of byte order and direction, joiners, soft hyphens."""
_BLANK = _UNSEEN + "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_ERRORS = frozenset(
    (
        # Of Excel and LibreOffice in English.
        *("#N/A", "#NAME?", "#DIV/0!", "#VALUE!", "#REF!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
        *("#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#GETTING_DATA", "#BUSY!"),
        # In German, French, Dutch, Swedish and Danish, as CSV has them.
        *("#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "#NULL!", "#ÜBERLAUF!"),
        *("#NOM?", "#VALEUR!", "#NOMBRE!", "#NUL!"),
        *("#N/B", "#NAAM?", "#DEEL/0!", "#WAARDE!", "#VERW!", "#LEEG!", "#GETAL!"),
        *("#SAKNAS!", "#NAMN?", "#DIVISION/0!", "#VÄRDEFEL!", "#REFERENS!", "#SKÄRNING!", "#OGILTIGT!"),
        *("#I/T", "#NAVN?", "#DIVISION/0!", "#VÆRDI!", "#REFERENCE!", "#NUL!", "#NUM!"),
    )
)
_NARROW = re.compile("#{2,}")
_LIBRE = re.compile(r"Err:\d{3}")
_QUOTED = re.compile(r'="((?:[^"]|"")*)"')
"""How some programs keep the zeros of a lot number in CSV."""
_FORMULA = re.compile(r"=[A-Za-z(+\-$'\d\"]")


def trimmed(text: str) -> str:
    """Text without blanks of any kind, or what takes no room, at its ends."""
    return text.strip(_BLANK)


def unquoted(text: str) -> str:
    """What a program that writes CSV meant by ``="0042"``: the text between."""
    found = _QUOTED.fullmatch(text.strip())
    return found[1].replace('""', '"') if found else text


def kind_of(text: str) -> Kind:
    """What a cell holds that holds text."""
    bare = trimmed(text)
    if not bare:
        return Kind.EMPTY
    if bare.upper() in _ERRORS or _NARROW.fullmatch(bare) or _LIBRE.fullmatch(bare):
        return Kind.ERROR
    return Kind.UNCALCULATED if _FORMULA.match(bare) else Kind.TEXT
