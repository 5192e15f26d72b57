"""A spreadsheet given back with its faults: the cells coloured, each explained, and all of them in a sheet.

A workbook stays as it is besides, as far as openpyxl keeps it (docs/spreadsheets.md says what it does not); a
CSV file becomes a workbook with its rows, all of them text. What is written here is text, never a formula.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from traceledger.errors import Place, Spot, TraceLedgerError, place_of
from traceledger.interop.sheets.grid import FAULTS, FAULTS_MARK, Book, Hidden, bytes_of, column_of, read
from traceledger.interop.sheets.package import Package, checked, packed
from traceledger.languages import ENGLISH, Language, translatable
from traceledger.languages.phrases import in_language
from traceledger.model.text import escaped

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell as Written
    from openpyxl.worksheet.worksheet import Worksheet

_AUTHOR = "TraceLedger"
_OURS = f"[{_AUTHOR}]"
"""What our part of a comment begins with."""
_COLOUR = "FFFFC7CE"
_RULE = "\n\n"
_MOST_CHARACTERS = 2_000
"""Of a comment: more is not read in a box that small."""
_TITLES = (
    translatable("sheet"),
    translatable("cell"),
    translatable("heading"),
    translatable("what is wrong"),
    translatable("how to mend it"),
)
_WIDTHS = (16, 10, 24, 70, 70)
_NOT_KEPT = translatable(
    "this workbook could not be kept as it was: what stood in its cells is here, as text"
)


def marked(
    source: Path | str | bytes,
    faults: Iterable[TraceLedgerError],
    *,
    name: str = "",
    language: Language = ENGLISH,
) -> bytes:
    """The workbook (.xlsx) to give back.

    Args:
        source: the spreadsheet, or all its bytes.
        faults: what is wrong with it, as reading it said.
        name: what it is called in messages; by default the file.
        language: of what is written into it.

    Returns:
        All its bytes.

    Raises:
        InputError: the spreadsheet cannot be read at all.
    """
    called = name or ("" if isinstance(source, bytes) else str(source))
    content = source if isinstance(source, bytes) else bytes_of(Path(source), called)
    found = [_Fault.of(fault, language) for fault in faults]
    # What may be read at all is bounded there.
    book = read(content, called, hidden=Hidden.READ)
    if not book.workbook:
        return _saved(_as_text(book), found, language, kept=True)
    parts = Package.opened(content, called).parts()
    # Who reads next is not told to expect document types, and must not meet any.
    checked(parts, called)
    try:
        return _saved(_loaded(parts), found, language, kept=True)
    except Exception:  # noqa: BLE001  whatever openpyxl stumbles over, the cells can still be given back
        return _saved(_as_text(book), found, language, kept=False)


def _saved(book: Workbook, faults: list[_Fault], language: Language, *, kept: bool) -> bytes:
    for sheet in book.worksheets:
        _unmark(sheet)
    _mark(book, faults)
    _list(book, faults, language, kept=kept)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _loaded(parts: dict[str, bytes]) -> Workbook:
    """What openpyxl makes of the parts of a workbook."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what it does not keep
        return openpyxl.load_workbook(io.BytesIO(packed(parts)))


def _as_text(book: Book) -> Workbook:
    """What stands in the cells of a book, as text."""
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for sheet in book.sheets:
        written = made.create_sheet(_titled(sheet.name or PurePath(book.name).stem))
        for row in sheet.rows:
            for cell in row.cells:
                if not cell.empty:
                    _write(written.cell(cell.row, cell.column), cell.text)
    return made


def _titled(name: str) -> str:
    """A name that a sheet may have."""
    kept = "".join("_" if each in "[]:*?/\\" else each for each in escaped(name))
    return kept.strip("'")[:31] or "Sheet"


@dataclass(frozen=True, slots=True)
class _Fault:
    """A fault as it is written: where, what, and how to mend it, in a language."""

    place: Place
    what: str
    hint: str

    @classmethod
    def of(cls, fault: TraceLedgerError, language: Language) -> _Fault:
        place = place_of(fault.where)
        what, hint = in_language(fault.what, language), in_language(fault.hint, language)
        # A field that no heading names is said.
        known = not place.field or (place.spot is not None and place.field == place.spot.heading)
        return cls(place, what if known else f"{place.field}: {what}", hint)

    @property
    def spot(self) -> Spot:
        """The cell; nothing where none is known."""
        return self.place.spot or Spot()

    @property
    def whole(self) -> str:
        return _RULE.join(part for part in (self.what, self.hint) if part)


def _sheet_of(book: Workbook, spot: Spot) -> Worksheet | None:
    """The sheet of a fault; CSV has one."""
    if not spot.sheet:
        return book.worksheets[0] if spot.row is not None or spot.column else None
    return next((sheet for sheet in book.worksheets if sheet.title == spot.sheet), None)


def _mark(book: Workbook, faults: Iterable[_Fault]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    said: dict[tuple[str, int, int], list[str]] = {}
    for fault in faults:
        sheet = _sheet_of(book, fault.spot)
        if sheet is not None:
            row, column = _anchor(sheet, fault.spot.row or 1, column_of(fault.spot.column) or 1)
            where = sheet.title, row, column
            said.setdefault(where, []).append(fault.whole)
    for (title, row, column), texts in said.items():
        cell = book[title].cell(row, column)
        cell.fill = PatternFill("solid", start_color=_COLOUR, end_color=_COLOUR)
        before = [cell.comment.text] if cell.comment is not None else []
        ours = _RULE.join(map(_shown, dict.fromkeys(texts)))[:_MOST_CHARACTERS]
        text = _RULE.join([*before, f"{_OURS}\n{ours}"])
        comment = Comment(text, cell.comment.author if before else _AUTHOR)
        comment.width, comment.height = 360, 60 + 18 * (len(text) // 50)
        cell.comment = comment


def _anchor(sheet: Worksheet, row: int, column: int) -> tuple[int, int]:
    """The cell that is shown there: of merged ones the first."""
    for block in sheet.merged_cells.ranges:
        if block.min_row <= row <= block.max_row and block.min_col <= column <= block.max_col:
            return block.min_row, block.min_col
    return row, column


def _unmark(sheet: Worksheet) -> None:
    """Take away the marks of an earlier time: their comments and colour; the list is made anew."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    if sheet.cell(1, 1).value == FAULTS_MARK:
        sheet.parent.remove(sheet)
        return
    # What openpyxl offers besides makes all cells up to the last one, which may be billions.
    for cell in list(sheet._cells.values()):
        if cell.comment is not None and _OURS in cell.comment.text:
            before = cell.comment.text.partition(_OURS)[0].rstrip()
            cell.comment = Comment(before, cell.comment.author) if before else None
            if cell.fill.start_color.rgb == _COLOUR:
                cell.fill = PatternFill()


def _list(book: Workbook, faults: list[_Fault], language: Language, *, kept: bool) -> None:
    """The sheet that lists them, in front of the others."""
    from openpyxl.styles import Alignment, Font

    titles = {sheet.title.casefold() for sheet in book.worksheets}
    numbered = (f"{FAULTS} {number}" for number in range(2, len(titles) + 3))
    title = next(each for each in (FAULTS, *numbered) if each.casefold() not in titles)
    sheet = book.create_sheet(title, 0)
    _write(sheet.cell(1, 1), FAULTS_MARK)
    sheet.cell(1, 1).font = Font(color="FF7F7F7F", italic=True)
    if not kept:
        _write(sheet.cell(1, 4), language.gettext(_NOT_KEPT))
    for column, (heading, width) in enumerate(zip(_TITLES, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(2, column)
        _write(cell, language.gettext(heading))
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for row, fault in enumerate(faults, start=3):
        target = _sheet_of(book, fault.spot)
        within = str(fault.spot._replace(sheet="", heading=""))
        told = fault.spot.sheet or fault.place.file, within, fault.spot.heading
        for column, text in enumerate((*told, fault.what, fault.hint), start=1):
            cell = sheet.cell(row, column)
            _write(cell, _shown(text))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if target is not None:
            _link(sheet.cell(row, 2), target.title, fault.spot)
    sheet.freeze_panes = "A3"
    _show_first(book)


def _link(cell: Written, title: str, spot: Spot) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    quoted = title.replace("'", "''")
    target = f"'{quoted}'!{spot.column or 'A'}{spot.row or 1}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)
    cell.font = Font(color="FF0563C1", underline="single")


def _show_first(book: Workbook) -> None:
    """Open at the list, and at it alone: typing goes into all sheets that are chosen."""
    book.active = 0
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is book.worksheets[0]


def _write(cell: Any, text: str) -> None:
    """Text into a cell, as text: no program may calculate it, or take a number's digits."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:32_767]
    cell.data_type = "s"
    cell.number_format = "@"
    if text[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True


def _shown(text: str) -> str:
    return _RULE.join(escaped(part) for part in text.split(_RULE))
