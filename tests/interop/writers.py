"""Workbooks as programs other than Excel write them, put together by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

SHEET = "Mints"
EPOCHS = {False: datetime(1899, 12, 30, tzinfo=UTC), True: datetime(1904, 1, 1, tzinfo=UTC)}


def serial(at: datetime, since_1904: bool = False) -> Decimal:
    """How spreadsheets count a time: in days."""
    passed = at - EPOCHS[since_1904]
    return Decimal(passed.days) + Decimal(passed.seconds) / 86_400


@dataclass(frozen=True)
class Writer:
    """How a program writes workbooks."""

    shared: bool = True
    prefix: str = ""
    references: bool = True
    styles: bool = True
    since_1904: bool = False
    calculated: bool = False
    dimension: bool = True
    texts: list[str] = field(default_factory=list, compare=False)

    def text(self, cell: str, text: str) -> str:
        """A cell of text."""
        x = self.prefix
        if not self.shared:
            return f'<{x}c{cell} t="inlineStr"><{x}is><{x}t>{escape(text)}</{x}t></{x}is></{x}c>'
        if text not in self.texts:
            self.texts.append(text)
        return f'<{x}c{cell} t="s"><{x}v>{self.texts.index(text)}</{x}v></{x}c>'

    def cell(self, at: str, value: object) -> str:
        """A cell, whatever it holds."""
        x, cell = self.prefix, f' r="{at}"' if self.references else ""
        match value:
            case None:
                return f"<{x}c{cell}/>"
            case bool():
                return f'<{x}c{cell} t="b"><{x}v>{int(value)}</{x}v></{x}c>'
            case datetime():
                style = ' s="1"' if self.styles else ""
                counted = f"{serial(value, self.since_1904):.12f}"
                return f"<{x}c{cell}{style}><{x}v>{counted}</{x}v></{x}c>"
            case int() | Decimal():
                formula = f"<{x}f>{value}*1</{x}f>" if self.calculated and isinstance(value, Decimal) else ""
                return f"<{x}c{cell}>{formula}<{x}v>{value}</{x}v></{x}c>"
            case str() if value.startswith("="):
                return f"<{x}c{cell}><{x}f>{escape(value[1:])}</{x}f></{x}c>"
            case str() if value.startswith("#"):
                return f'<{x}c{cell} t="e"><{x}v>{value}</{x}v></{x}c>'
            case _:
                return self.text(cell, str(value))

    def row(self, number: int, cells: Sequence[object], *, hidden: bool = False) -> str:
        """A row."""
        x = self.prefix
        inside = "".join(self.cell(f"{chr(65 + place)}{number}", value) for place, value in enumerate(cells))
        named = f' r="{number}"' if self.references else ""
        named += ' hidden="1"' if hidden else ""
        return f"<{x}row{named}>{inside}</{x}row>"

    def workbook(self, rows: str, merged: Sequence[str] = ()) -> bytes:
        """The file."""
        x = self.prefix
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        named = f'xmlns:{x[:-1]}="{main}"' if x else f'xmlns="{main}"'
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        listed = "".join(f'<{x}mergeCell ref="{each}"/>' for each in merged)
        merges = f"<{x}mergeCells>{listed}</{x}mergeCells>" if merged else ""
        size = f'<{x}dimension ref="A1:K61"/>' if self.dimension else ""
        epoch = f'<{x}workbookPr date1904="1"/>' if self.since_1904 else ""
        parts = {
            "xl/workbook.xml": f'<{x}workbook {named} xmlns:r="{relations}">{epoch}<{x}sheets>'
            f'<{x}sheet name="{SHEET}" sheetId="1" r:id="rId1"/></{x}sheets></{x}workbook>',
            "xl/worksheets/sheet1.xml": f"<{x}worksheet {named}>{size}<{x}sheetData>{rows}</{x}sheetData>"
            f"{merges}</{x}worksheet>",
        }
        kinds = {"worksheets/sheet1.xml": "worksheet"}
        if self.shared:
            inside = "".join(f"<{x}si><{x}t>{escape(text)}</{x}t></{x}si>" for text in self.texts)
            parts["xl/sharedStrings.xml"] = f"<{x}sst {named}>{inside}</{x}sst>"
            kinds["sharedStrings.xml"] = "sharedStrings"
        if self.styles:
            parts["xl/styles.xml"] = f"<{x}styleSheet {named}>{self._formats()}</{x}styleSheet>"
            kinds["styles.xml"] = "styles"
        return _zipped({name: head + text for name, text in {**_around(kinds, relations), **parts}.items()})

    def _formats(self) -> str:
        x = self.prefix
        times = f'<{x}numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>'
        return (
            f'<{x}numFmts count="1">{times}</{x}numFmts>'
            f'<{x}cellXfs count="2"><{x}xf numFmtId="0"/>'
            f'<{x}xf numFmtId="164" applyNumberFormat="1"/></{x}cellXfs>'
        )


def _around(kinds: Mapping[str, str], relations: str) -> dict[str, str]:
    """The parts that say what the others are."""
    packages = "http://schemas.openxmlformats.org/package/2006"
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = {"workbook.xml": "sheet.main", **kinds}
    said = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{spreadsheet}.{kind}+xml"/>'
        for name, kind in types.items()
    )
    linked = "".join(
        f'<Relationship Id="rId{number}" Type="{relations}/{kind}" Target="{name}"/>'
        for number, (name, kind) in enumerate(kinds.items(), start=1)
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{said}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships">{linked}'
        "</Relationships>",
    }


def _zipped(parts: Mapping[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return written.getvalue()
