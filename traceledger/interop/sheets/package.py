"""The parts of a workbook, which is a zip archive: unpacked within limits, each checked, and packed anew.

What other libraries are given is the archive as it was understood here, so that none of them can unpack
something else, or more: archives can be made that two programs understand differently. No part may declare a
document type: entities, which can grow without end or name other files, begin there.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from traceledger.errors import InputError
from traceledger.interop.sheets.grid import MOST_UNPACKED
from traceledger.languages.phrases import phrase

MAIN = "[Content_Types].xml"
MOST_TAGS = 10_000_000
"""Tags that all parts of XML may have together: each takes room, and time, when it is read."""
_MOST_PARTS = 10_000
_MARKUP = (".xml", ".rels", ".vml")
_AT_ONCE = 2**16
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    KeyError,
    IndexError,
    struct.error,
    OverflowError,
)
"""What reading an archive that somebody damaged, or made so, raises."""


def damaged(name: str) -> InputError:
    """The fault of a workbook that cannot be read."""
    hint = phrase(
        "open it in a spreadsheet program, which may repair it, and save it as Excel workbook (.xlsx)"
    )
    return InputError(phrase("the workbook is damaged"), where=name, hint=hint)


@dataclass(frozen=True, slots=True)
class Package:
    """An archive that was opened, of which nothing is unpacked yet."""

    name: str
    archive: zipfile.ZipFile

    @classmethod
    def opened(cls, content: bytes, name: str = "") -> Package:
        """Open it, and look at its table of contents.

        Raises:
            InputError: it is damaged, or says itself that it is larger than allowed.
        """
        try:
            archive = zipfile.ZipFile(io.BytesIO(content))
            entries = archive.infolist()
        except _DAMAGES:
            raise damaged(name) from None
        if len(entries) > _MOST_PARTS:
            raise _too_large(name)
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise _too_large(name)
        if any(entry.flag_bits & 1 for entry in entries):
            what = phrase("it is protected with a password, and cannot be read")
            raise InputError(what, where=name, hint=phrase("save it without a password"))
        return cls(name, archive)

    def names(self) -> set[str]:
        """What its parts are called, with slashes, however they were written."""
        return {_called(entry) for entry in self.archive.infolist()}

    def parts(self, wanted: Iterable[str] | None = None) -> dict[str, bytes]:
        """The content of its parts; by default of all.

        Raises:
            InputError: one is damaged or stands twice, or all are larger than they say, or than allowed.
        """
        chosen = None if wanted is None else set(wanted)
        found: dict[str, bytes] = {}
        tags = 0
        for entry in self.archive.infolist():
            called = _called(entry)
            if entry.is_dir() or (chosen is not None and called not in chosen):
                continue
            if called in found:
                raise damaged(self.name)
            found[called] = self._unpacked(entry)
            tags += found[called].count(b"<") if called.endswith(_MARKUP) else 0
            if tags > MOST_TAGS:
                raise _too_large(self.name)
        return found

    def _unpacked(self, entry: zipfile.ZipInfo) -> bytes:
        """A part, piece by piece: at once, all that it holds would be unpacked, whatever it says."""
        found = bytearray()
        try:
            with self.archive.open(entry) as stream:
                while piece := stream.read(_AT_ONCE):
                    found += piece
        except _DAMAGES:
            raise damaged(self.name) from None
        return bytes(found)


def packed(parts: dict[str, bytes]) -> bytes:
    """An archive of parts, not compressed: it is read at once."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def checked(parts: Mapping[str, bytes], name: str) -> None:
    """Refuse a workbook of which a part is no XML that a spreadsheet program writes.

    Raises:
        InputError: a part is damaged, or declares a document type.
    """
    for called, content in parts.items():
        if called.endswith(_MARKUP):
            parse(parser(name), content, name)


def parser(name: str) -> expat.XMLParserType:
    """What parses a part of XML, of names without their namespaces: a space ends those.

    Args:
        name: the workbook; what it raises when a document type is declared names it.
    """
    made = expat.ParserCreate(namespace_separator=" ")
    made.buffer_text = True

    def refuse(*_: object) -> None:
        raise damaged(name)

    made.StartDoctypeDeclHandler = refuse
    made.EntityDeclHandler = refuse
    return made


def parse(made: expat.XMLParserType, content: bytes, name: str) -> None:
    """Run a parser over a part.

    Raises:
        InputError: the part is no XML, or not allowed.
    """
    try:
        made.Parse(content, True)
    except InputError:  # of a handler, and a ValueError too
        raise
    except (expat.ExpatError, ValueError, LookupError):
        raise damaged(name) from None


def _called(entry: zipfile.ZipInfo) -> str:
    # Some programs write the separator of Windows.
    return entry.filename.replace("\\", "/").lstrip("/")


def _too_large(name: str) -> InputError:
    what = phrase(
        "unpacked, the workbook has more than {most} MB or {tags} million tags",
        most=MOST_UNPACKED // 10**6,
        tags=MOST_TAGS // 10**6,
    )
    hint = phrase("split it into several, and leave out pictures and sheets that are not needed")
    return InputError(what, where=name, hint=hint)
