r"""What kind of file it is, by what is in it: programs save one kind under the name of another.

Example:
    >>> recognised(b'{"op": "mint"}\n'), recognised(b"batch;mass\nKOL-1;24 t\n")
    (<Format.OPERATIONS: 'an operations file'>, <Format.CSV: 'CSV'>)
"""

from __future__ import annotations

import codecs
import re
from enum import Enum

from traceledger.errors import InputError
from traceledger.interop.sheets.package import MAIN, Package
from traceledger.languages.phrases import Phrase, phrase

_HEAD = 4096
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_HTML = re.compile(r"<(!doctype\s+html|html|head|body|table|meta|style)\b", re.IGNORECASE)
_OTHERS = (b"%PDF", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x89PNG", b"\xff\xd8\xff")
_OLD_SHEETS = tuple(bytes((9, version)) for version in (0, 2, 4, 8))
"""How the worksheets of Excel 2 to 5 begin that are not packed in an OLE file."""


class Format(Enum):
    """A kind of file that can be read."""

    OPERATIONS = "an operations file"
    WORKBOOK = "a workbook"
    CSV = "CSV"


def recognised(content: bytes, name: str = "") -> Format:
    """What kind of file it is.

    Args:
        content: all of it.
        name: what it is called in messages.

    Raises:
        InputError: it is empty, or of another kind; the sentence says which, and how to save it as .xlsx.
    """
    if content[:2] == b"PK":
        return _of_package(content, name)
    if other := _foreign(content):
        raise InputError(other, where=name, hint=_save_as())
    start = _beginning(content)
    if not start.strip("\ufeff\0 \t\r\n") and not content.strip(b"\xff\xfe\xef\xbb\xbf\0 \t\r\n"):
        raise InputError(phrase("it is empty"), where=name, hint=phrase("give a file with rows in it"))
    start = start.lstrip("\ufeff \t\r\n")
    if other := _markup(start):
        raise InputError(other, where=name, hint=_save_as())
    return Format.OPERATIONS if start.startswith(("{", "[{")) else Format.CSV


def _save_as() -> Phrase:
    return phrase("open it in a spreadsheet program and save it as Excel workbook (.xlsx), or as CSV UTF-8")


def _of_package(content: bytes, name: str) -> Format:
    names = Package.opened(content, name).names()
    if any(each.startswith("xl/") and each.endswith("workbook.bin") for each in names):
        raise InputError(phrase("it is a binary workbook (.xlsb)"), where=name, hint=_save_as())
    if MAIN in names:
        if any(each.startswith("xl/") for each in names):
            return Format.WORKBOOK
        what = phrase("it is a document of Word, PowerPoint or another program, not a workbook")
        raise InputError(what, where=name, hint=phrase("copy its table into a workbook (.xlsx)"))
    if "mimetype" in names and "content.xml" in names:
        raise InputError(phrase("it is an OpenDocument file (.ods)"), where=name, hint=_save_as())
    what = phrase("it is an archive (.zip), not a workbook")
    raise InputError(what, where=name, hint=phrase("unpack it, and give the file that is in it"))


def _foreign(content: bytes) -> Phrase | None:
    """What it is, if it is known and no text."""
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return phrase("it is protected with a password, and cannot be read")
        return phrase("it is a workbook of the old kind (.xls)")
    if content.startswith(_OLD_SHEETS) and b"\0" in content[:_HEAD]:
        return phrase("it is a workbook of the old kind (.xls)")
    if content.startswith(_OTHERS):
        return phrase("it is neither a workbook nor CSV, but a document, picture or archive")
    return None


def _beginning(content: bytes) -> str:
    """The beginning as text, whatever it is encoded in; for looking at, not for reading."""
    head = content[:_HEAD]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.replace(b"\0", b"").removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _markup(start: str) -> Phrase | None:
    """What it is, if it is a page or XML that somebody named as a spreadsheet."""
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return phrase("it is a workbook of Excel 2003 in XML")
    if start[:13].lower() == "mime-version:" or _HTML.match(start) or ("<html" in start and start[0] == "<"):
        return phrase("it is a web page (HTML) that was saved as a spreadsheet")
    if start.startswith(("<?xml", "<!--")):
        return phrase("it is XML, not a spreadsheet")
    return None
