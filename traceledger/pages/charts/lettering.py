"""How much room text takes, without a font at hand: it is wrapped and cut before anybody draws it.

Widths are those of common sans-serif fonts, rather too wide than too narrow.

Example:
    >>> cut("Kolwezi Example Mining", 80, 13)
    'Kolwezi…'
    >>> wrapped("raw material acquisition", 110, 13, most=2)
    ('raw material', 'acquisition')
"""

from __future__ import annotations

import unicodedata
from functools import cache

from traceledger.model.commitments import abbreviated
from traceledger.model.text import escaped

ELLIPSIS = "…"
LINE = 1.25
"""Distance of two lines, in sizes of the text."""
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}/\\-` ")
_WIDE = frozenset("mwMW@%—…")
_JOINS = "\u200d"


@cache
def _width(character: str) -> float:
    """Of one character, in sizes of the text."""
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.0
    if character in _NARROW:
        return 0.38
    if character in _WIDE:
        return 0.95
    return 0.7 if category == "Lu" else 0.6


def width(text: str, size: float) -> float:
    """Of a line of text, in the unit of its size."""
    return sum(map(_width, text)) * size


def cut(text: str, room: float, size: float) -> str:
    """The text on one line, as much as has room; what is left away is said by an ellipsis.

    Args:
        text: anybody's; what would steer or hide is written as its escape.
        room: width that there is.
        size: of the text, in the same unit.
    """
    shown = abbreviated(escaped(text))
    if width(shown, size) <= room:
        return shown
    left = room - width(ELLIPSIS, size)
    end = 0
    for end, character in enumerate(shown):  # noqa: B007
        left -= _width(character) * size
        if left < 0:
            break
    while end > 0 and _belongs_before(shown, end):
        end -= 1
    return shown[:end].rstrip() + ELLIPSIS


def wrapped(text: str, room: float, size: float, *, most: int = 3) -> tuple[str, ...]:
    """The text in lines that have room, the last one cut where there would be more of them.

    Args:
        text: anybody's.
        room: width of a line.
        size: of the text.
        most: lines, at least one.
    """
    rest = abbreviated(escaped(text)).strip()
    lines: list[str] = []
    while rest and len(lines) < most - 1 and width(rest, size) > room:
        end = _break(rest, room, size)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return (*lines, cut(rest, room, size)) if rest else tuple(lines)


def _break(text: str, room: float, size: float) -> int:
    """Where the first line ends: behind its last word, or within one that is longer than a line."""
    used, good = 0.0, 0
    end = 0
    for end, character in enumerate(text):
        used += _width(character) * size
        if used > room:
            break
        if character in " -/" or _is_ideograph(character):
            good = end + 1
    if good:
        return good
    while end > 1 and _belongs_before(text, end):
        end -= 1
    return max(end, 1)


def _belongs_before(text: str, place: int) -> bool:
    """Whether the character there is one letter with the one before it."""
    if place >= len(text):
        return False
    joined = text[place] == _JOINS or text[place - 1] == _JOINS
    return joined or unicodedata.category(text[place]) in ("Mn", "Me", "Mc")


def _is_ideograph(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")
