r"""Text from bytes of which nobody says how they are encoded.

Example:
    >>> decoded("Kolwezi;Müller\n".encode("cp1252"), "lots.csv").doubtful
    True
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from traceledger.errors import InputError
from traceledger.languages.phrases import phrase

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Marks at the beginning; that of UTF-32 begins as that of UTF-16 does."""
_HEAD = 8192
_MOSTLY = 0.4
_RARELY = 0.02
_FOREIGN = re.compile(rb"[\x80-\xff]+")
_SHIFTED = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe])+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and whether its encoding was taken for Windows-1252 because it is nothing else."""

    text: str
    doubtful: bool = False


def decoded(content: bytes, name: str) -> Decoded:
    """The text of a file.

    UTF-8 and UTF-16 are recognised, with a mark at the beginning or without. What is neither is taken for
    Windows-1252 if it can be, with a doubt.

    Raises:
        InputError: it is not text, or in an encoding that cannot be told.
    """
    marked = next(((mark, encoding) for mark, encoding in _MARKS if content.startswith(mark)), None)
    mark, encoding = marked or (b"", _without_mark(content[:_HEAD]))
    if encoding:
        text = _strictly(content[len(mark) :], encoding, name)
        if "\0" in text:
            raise _no_text(name)
        return Decoded(text)
    if b"\0" in content:
        raise _no_text(name)
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _eight_bits(content, error, name)


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].decode(encoding, "replace").count("\n") + 1
        what = phrase(
            "line {line} is damaged: its characters are not {encoding}", line=line, encoding=encoding
        )
        raise InputError(what, where=name, hint=_save_as_utf8()) from None


def _without_mark(head: bytes) -> str:
    """UTF-16 shows itself by the zeros of ASCII: commas, digits, ends of lines."""
    if len(head) < 2:
        return ""
    even, odd = head[0::2], head[1::2]
    zeros = even.count(0) / len(even), odd.count(0) / len(odd)
    if zeros[1] > _MOSTLY and zeros[0] < _RARELY:
        return "utf-16-le"
    if zeros[0] > _MOSTLY and zeros[1] < _RARELY:
        return "utf-16-be"
    return ""


def _eight_bits(content: bytes, error: UnicodeDecodeError, name: str) -> Decoded:
    line = content[: error.start].count(b"\n") + 1
    mended = content.decode("utf-8", "ignore")
    if not mended.isascii():
        # Half of it is UTF-8: two files were joined, or it was cut.
        what = phrase("line {line} is in another encoding than the rest, which is UTF-8", line=line)
        raise InputError(what, where=name, hint=_save_as_utf8())
    if _east_asian(content):
        what = phrase("line {line} is not UTF-8, and its encoding cannot be told", line=line)
        raise InputError(what, where=name, hint=_save_as_utf8())
    try:
        return Decoded(content.decode("cp1252"), doubtful=True)
    except UnicodeDecodeError:
        what = phrase("line {line} is not UTF-8, and its encoding cannot be told", line=line)
        raise InputError(what, where=name, hint=_save_as_utf8()) from None


def _east_asian(content: bytes) -> bool:
    """Whether it looks like GB18030 or Big5, whose characters are pairs: letters with accents stand alone."""
    runs = _FOREIGN.findall(content)
    return all(len(run) > 1 for run in runs) and any(
        len(run) >= 4 and _SHIFTED.fullmatch(run) for run in runs
    )


def _save_as_utf8() -> str:
    return phrase("save it as CSV UTF-8, or as Excel workbook (.xlsx)")


def _no_text(name: str) -> InputError:
    what = phrase("it is neither a workbook nor CSV")
    return InputError(what, where=name, hint=phrase("give an Excel workbook (.xlsx), or CSV UTF-8"))
