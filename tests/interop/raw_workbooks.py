"""Workbooks written part by part, as Excel writes them and as openpyxl cannot: with results of formulas."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

#: Formats by the style that has them: 0 General, 1 a day, 2 day and time, 3 per cent, then these codes.
STYLES = ('0.00" kg"', "00000", '0.0,"t"', '"LOT-"0')


def workbook(
    sheets: Mapping[str, str],
    *,
    properties: str = "",
    calculation: str = "",
    states: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook.

    Args:
        sheets: the XML within ``worksheet`` of each, by name.
        properties: attributes of ``workbookPr``.
        calculation: attributes of ``calcPr``.
        states: of sheets that are hidden, how.
    """
    return packed(parts(sheets, properties=properties, calculation=calculation, states=states or {}))


def parts(
    sheets: Mapping[str, str],
    *,
    properties: str = "",
    calculation: str = "",
    states: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The parts of a workbook, by name."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" state="{(states or {}).get(name, "visible")}" r:id="rId{at}"/>'
        for at, name in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{at}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    codes = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for at, code in enumerate(STYLES)
    )
    numbers = (0, 14, 22, 9, *range(164, 164 + len(STYLES)))
    styled = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0"/>' for number in numbers
    )
    main = f'xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"'
    found = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for at in range(1, len(sheets) + 1)
        )
        + '<Override PartName="/xl/styles.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"<workbook {main}><workbookPr {properties}/><sheets>{listed}</sheets>"
        f"<calcPr {calculation}/></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="rIdS" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts count="{len(STYLES)}">{codes}</numFmts>'
        '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(numbers)}">{styled}</cellXfs></styleSheet>',
    }
    for at, content in enumerate(sheets.values(), start=1):
        found[f"xl/worksheets/sheet{at}.xml"] = f"<worksheet {main}>{content}</worksheet>"
    return {name: _HEAD + content for name, content in found.items()}


def packed(contents: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts as an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def text(reference: str, content: str) -> str:
    """A cell of text."""
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>'


def number(reference: str, written: str, style: int = 0) -> str:
    """A cell of a number as it stands in the file."""
    return f'<c r="{reference}" s="{style}"><v>{written}</v></c>'
