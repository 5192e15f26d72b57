r"""What text on the ledger may hold, and how it is written: in NFC, on one line, nothing that steers.

Names, identifiers and reasons are shown on terminals, pages and in spreadsheets, so that control characters
(C0, DEL, C1), line separators and bidirectional overrides are refused. The joiners U+200C and U+200D and the
wider kinds of space belong to real names, Persian, Hindi or Japanese ones say, and are allowed.

Example:
    >>> is_clean("M\u200cN"), is_clean("a\nb"), is_clean("a\u202eb")
    (True, False, False)
    >>> composed("Kolwezi\u0301") == "Kolwez\u00ed"
    True
"""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")


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
