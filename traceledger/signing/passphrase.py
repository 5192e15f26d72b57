r"""Passphrases as text, whatever wrote them: an editor, a terminal, the environment, another system.

A passphrase is the same passphrase on every machine: what comes as bytes is read as UTF-8, else in the
encoding of the locale, else as Latin-1; and it is used in Unicode's form NFC. Key files that other programs
made with another form open all the same (:func:`tries`).

Example:
    >>> text_of(b"gr\xc3\xbcn") == text_of(b"gr\xfcn") == "gr\u00fcn"
    True
    >>> first_line(b"\xef\xbb\xbfgr\xc3\xbcn\r\nsecond line") == "gr\u00fcn"
    True
    >>> [len(each) for each in tries("gru\u0308n")]
    [5, 6]
"""

from __future__ import annotations

import codecs
import locale
import os
import re
from unicodedata import normalize

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Not str.splitlines, which also ends lines at characters that may stand in a passphrase, such as U+2028.
_LINE_END = re.compile("\r\n|\n|\r")


def text_of(raw: bytes) -> str:
    """What bytes say: by their byte order mark, else as UTF-8, in the locale's encoding, or as Latin-1."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.removeprefix(mark).decode(encoding, "replace")
    for encoding in ("utf-8", locale.getencoding()):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def first_line(raw: bytes) -> str:
    """The first line of a file, without its end; spaces belong to it."""
    return _LINE_END.split(text_of(raw), maxsplit=1)[0]


def from_environment(variable: str) -> str:
    """The value of an environment variable, empty where it is not set.

    Python decodes the environment by the locale, and what does not fit becomes halves of characters.
    """
    return text_of(os.fsencode(os.environ.get(variable, "")))


def prepared(passphrase: str) -> bytes:
    """The bytes that encrypt: UTF-8 of the form NFC."""
    return _bytes(normalize("NFC", passphrase))


def tries(passphrase: str) -> tuple[bytes, ...]:
    """The bytes that may have encrypted, in the order in which they are tried: NFC, as given, NFD.

    One for a passphrase in ASCII. macOS gives names in NFD, and other programs take what a keyboard sends.
    """
    forms = (normalize("NFC", passphrase), passphrase, normalize("NFD", passphrase))
    return tuple(dict.fromkeys(map(_bytes, forms)))


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Python keeps bytes that it could not decode as halves of characters (PEP 383).
        return text_of(text.encode("utf-8", "surrogateescape")).encode()
