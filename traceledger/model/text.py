r"""What text on the ledger may hold, and how it is written: in NFC, on one line, nothing that steers.

Names, identifiers and reasons are shown on terminals, pages and in spreadsheets, so that control characters
(C0, DEL, C1), line separators and bidirectional overrides are refused. The joiners U+200C and U+200D and the
wider kinds of space belong to real names, Persian, Hindi or Japanese ones say, and are allowed.
Who writes to the chain past this program is refused less: :func:`escaped` stands before all that shows text.

Example:
    >>> is_clean("M\u200cN"), is_clean("a\nb"), is_clean("a\u202eb")
    (True, False, False)
    >>> composed("Kolwezi\u0301") == "Kolwez\u00ed"
    True
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import assert_never

_JOINERS = frozenset("\u200c\u200d")
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159")
"""What Unicode calls printable and yet nobody sees: fillers and blanks."""
_MONGOLIAN = frozenset("\u180b\u180c\u180d\u180f")
_GAP = " " * 3
_MOST_MARKS = 6
"""No script heaps more marks on one letter in names."""
_VIRAMA = 9
_FORMULA = ("=", "+", "-", "@", "|", "%")
_BRACKET = re.compile(r"(\\*)([\[\]])")
_CELL_START = re.compile(r"""(?:^|[,;])["'\s]*""")


def composed(text: str) -> str:
    """The text in NFC, so that one name has one id however it was typed."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_clean(text: str) -> bool:
    """Whether the text holds nothing that acts on whatever shows it."""
    return text.isprintable() or all(map(is_allowed, text))


def is_allowed(character: str) -> bool:
    """Whether a character may stand in text on the ledger."""
    if character.isprintable() or character in _JOINERS:
        return True
    return unicodedata.category(character) == "Zs"


def fault_of(text: str) -> str:
    """What is wrong with the first character that may not stand there, in words; empty if none is.

    Example:
        >>> fault_of(f"a{chr(0x202E)}b"), fault_of("a b")
        ('a bidirectional override (U+202E)', '')
    """
    character = next((each for each in text if not is_allowed(each)), "")
    if not character:
        return ""
    category, bidirectional = unicodedata.category(character), unicodedata.bidirectional(character)
    if bidirectional in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"):
        kind = "a bidirectional override"
    elif category in ("Cc", "Zl", "Zp"):
        kind = "a control character"
    else:
        kind = "a character that nobody can see"
    return f"{kind} (U+{ord(character):04X})"


class Surface(StrEnum):
    """Where text from the ledger, or from a file of others, is shown: what would act on it differs."""

    TERMINAL = "terminal"
    JSON = "json"
    SARIF = "sarif"
    SPREADSHEET = "spreadsheet"
    PAGE = "page"


def escaped(text: str, surface: Surface = Surface.TERMINAL) -> str:
    r"""Text of others so that it is one line, seen as it is, and does nothing where it is shown.

    On every surface, what steers or hides is written as its escape: control characters, line and paragraph
    separators, bidirectional overrides and isolates, what nobody can see where it changes nothing that
    anybody would see, marks that would settle on what stands before the text, more of them than any
    script heaps on one letter, and blanks beyond two in a row. Escaping twice changes nothing, except on a
    page, in SARIF and in JSON.

    Args:
        text: one text, such as a name, a reason or a sentence that holds some; for JSON, a whole
            document as ``json.dumps`` wrote it, whose strings stay the same to whoever reads it.
        surface: where it is shown. A spreadsheet takes it as text, never as a formula, whichever of comma,
            semicolon and tab it divides cells at (OWASP, CSV injection; full-width signs count too). A page
            takes it in an element or a quoted attribute of HTML. SARIF 2.1.0, 3.11, takes it as plain
            text: no link, no placeholder.

    Example:
        >>> print(escaped("KOL-1\nVerified: all of it\x1b[2J"))
        KOL-1\nVerified: all of it\x1b[2J
        >>> escaped("=HYPERLINK(1)", Surface.SPREADSHEET), escaped("<b>", Surface.PAGE)
        ("'=HYPERLINK(1)", '&lt;b&gt;')
        >>> print(escaped('{"name": "a\u202eb"}', Surface.JSON))
        {"name": "a\u202eb"}
    """
    match surface:
        case Surface.TERMINAL:
            return _on_one_line(text)
        case Surface.JSON:
            return _rewritten(text, _unit_escape, but="\n ")
        case Surface.SARIF:
            unlinked = _BRACKET.sub(r"\1\1\\\2", _on_one_line(text))
            return unlinked.replace("{", "{{").replace("}", "}}")
        case Surface.SPREADSHEET:
            return _no_formula(_on_one_line(text))
        case Surface.PAGE:
            # Here, because the table of entities takes longer to load than most commands have for it.
            import html

            return html.escape(_on_one_line(text))
        case _:
            assert_never(surface)


def _on_one_line(text: str) -> str:
    return _rewritten(text, _escape)


def _rewritten(text: str, escape: Callable[[str], str], but: str = "") -> str:
    if text.isascii() and text.isprintable() and _GAP not in text:
        return text
    return "".join(
        character if character in but or _is_shown(text, place) else escape(character)
        for place, character in enumerate(text)
    )


def _is_shown(text: str, place: int) -> bool:
    """Whether a character may be shown there as it is."""
    character = text[place]
    if " " < character <= "~":
        return True
    if unicodedata.category(character) == "Zs":
        # Blanks enough to fill up a line would let what follows begin one of its own.
        return place < 2 or not all(unicodedata.category(each) == "Zs" for each in text[place - 2 : place])
    if character in _UNSEEN or not is_allowed(character):
        return False
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    if character in _JOINERS:
        return _joins(before, after)
    if _is_variation(character):
        return before != "" and unicodedata.name(before, "").startswith(("CJK", "MONGOLIAN"))
    if unicodedata.category(character) in ("Mn", "Me"):
        heap = text[max(0, place - _MOST_MARKS) : place]
        bare = not before or unicodedata.category(before)[0] in "ZPC" or before in "<=>|~^`$+"
        heaped = len(heap) == _MOST_MARKS and all(unicodedata.combining(each) for each in heap)
        return not bare and not heaped
    return True


def _joins(before: str, after: str) -> bool:
    """Whether a joiner has an effect between two characters, as RFC 5892, A.1 and A.2, has it roughly."""
    if not before or not after:
        return False
    if _VIRAMA in (unicodedata.combining(before), unicodedata.combining(after)):
        return True
    return all(unicodedata.bidirectional(each) in ("AL", "NSM") for each in (before, after))


def _is_variation(character: str) -> bool:
    return (
        "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
        or character in _MONGOLIAN
    )


def _escape(character: str) -> str:
    return "\\x20" if character == " " else character.encode("unicode_escape").decode()


def _unit_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _no_formula(text: str) -> str:
    """Text that no spreadsheet calculates: an apostrophe before each sign that could begin a cell."""
    return _CELL_START.sub(lambda found: found[0] + ("'" if _begins_formula(text, found.end()) else ""), text)


def _begins_formula(text: str, place: int) -> bool:
    return unicodedata.normalize("NFKC", text[place : place + 1])[:1] in _FORMULA
