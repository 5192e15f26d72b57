"""Drop a spreadsheet: it becomes a draft, or is shown with its faulty cells marked, and what is wrong."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from traceledger.errors import InputError, Place, TraceLedgerError, UnknownNameError, place_of
from traceledger.interop.asked import Asked
from traceledger.interop.reading import is_json_lines, source_of
from traceledger.interop.sheets import grid
from traceledger.interop.sheets import template as templates
from traceledger.interop.sheets.mapping import SpreadsheetMapping, decoded
from traceledger.interop.sheets.marked import marked
from traceledger.interop.sheets.offering import offered
from traceledger.languages.phrases import Phrase, phrase
from traceledger.operations.file import OperationsFileError
from traceledger.sending.lines import Source
from traceledger.web.desk.drafts import Origin
from traceledger.web.desk.links import path
from traceledger.web.desk.route import Route
from traceledger.web.desk.sheets import Dropped
from traceledger.web.desk.views.common import directory, index_of
from traceledger.web.desk.views.record import OFFERED
from traceledger.web.desk.visit import XLSX, Answer, Visit

MOST_ROWS = 100
"""Rows of a sheet that are shown: those with faults first."""
MOST_COLUMNS = 60
_AROUND = 1
"""Rows above a faulty one that are shown with it."""
_HEAD = 3
"""Rows at the beginning of a sheet that are always shown."""
_OPTIONS = ("--hidden", "--decimal", "--mapping", "--sheet")
"""Of the command, in hints."""
OPERATIONS = ("receive", *OFFERED)


def blank(visit: Visit) -> Answer:
    """Where a file is dropped."""
    return _page()


def dropped(visit: Visit) -> Answer:
    """Read a file: a draft of it, or its faults."""
    files = visit.files.get("file", ())
    if not files:
        return _page(InputError(phrase("no file was chosen")))
    name, content = files[0].name, files[0].content
    try:
        source = source_of(content, _asked(visit, content, name), name=name)
        if faults := _faults(visit, source):
            kept = visit.desk.sheets.keep(name, content, faults, source.warnings)
            return Answer.to(path("sheet", kept.id))
        return _drafted(visit, source, name)
    except OperationsFileError as error:
        kept = visit.desk.sheets.keep(name, content, error.further, ())
        return Answer.to(path("sheet", kept.id))
    except InputError as error:
        return _page(error)


def template(visit: Visit) -> Answer:
    """A workbook to be filled in, with what there is to choose from, in the language of the page."""
    chosen = [each for each in dict.fromkeys(visit.query.all("op")) if each in OPERATIONS]
    if not chosen:
        return _page(InputError(phrase("choose what you want to record")))
    index, own = index_of(visit), visit.desk.company()
    with index.snapshot():
        found = offered(index, directory(visit).shown, own.address)
    content = templates.content(chosen, language=visit.language, offered=found)
    name = f"{chosen[0] if len(chosen) == 1 else 'template'}-{visit.desk.participant}.xlsx"
    return Answer.file(content, name, XLSX)


def _asked(visit: Visit, content: bytes, name: str) -> Asked:
    form = visit.form
    if is_json_lines(content, name):
        return Asked()
    operation = form.get("operation", "")
    return Asked(
        operation=operation if operation in OPERATIONS else "",
        act_as=visit.desk.participant,
        mapping=_mapping(visit),
        decimal=form.get("decimal", "") if form.get("decimal") in ("point", "comma") else "",
        hidden="skip" if form.get("hidden") else "refuse",
    )


def _mapping(visit: Visit) -> SpreadsheetMapping | None:
    """What was read from the mapping file that came along; ``None``: none did.

    Raises:
        InputError: it has a fault.
    """
    files = visit.files.get("mapping", ())
    return decoded(files[0].content, files[0].name) if files else None


def _faults(visit: Visit, source: Source) -> tuple[TraceLedgerError, ...]:
    """What is wrong with the lines, and what they name that the ledger does not know."""
    return visit.desk.faults(source, visit.clerk) or source.faults


def _drafted(visit: Visit, source: Source, name: str) -> Answer:
    desk = visit.desk
    places = tuple(_called(source.place(line.number)) for line in source.lines)
    draft = desk.drafts.add(
        source.documents, Origin("sheet", name, places), by=visit.clerk.name if visit.clerk else ""
    )
    desk.check(draft, visit.clerk)
    for warning in source.warnings:
        visit.tell(f"{place_of(warning.where)}: {visit.said(warning.what)}")
    return Answer.to(path("drafts", draft.id))


def _called(place: Place) -> str:
    """What a line is called: its sheet and row."""
    spot = place.spot
    if spot is None or spot.row is None:
        return ""
    return f"{spot.sheet}!{spot.row}" if spot.sheet else str(spot.row)


def _page(error: InputError | None = None) -> Answer:
    return Answer.page(status=200 if error is None else 422, error=error, operations=OPERATIONS)


def faulty(visit: Visit) -> Answer:
    """A spreadsheet with its faulty cells marked."""
    found = _kept(visit)
    rows = [_fault(each) for each in found.faults]
    return Answer.page(
        name=found.name,
        id=found.id,
        faults=rows,
        warnings=found.warnings,
        sheets=_shown(found, rows),
        markable=not is_json_lines(found.content, found.name),
    )


def given_back(visit: Visit) -> Answer:
    """The spreadsheet with its faulty cells marked and explained, as a workbook."""
    found = _kept(visit)
    content = marked(found.content, found.faults, name=found.name, language=visit.language)
    return Answer.file(content, f"{PurePath(found.name).stem}-faults.xlsx", XLSX)


def _kept(visit: Visit) -> Dropped:
    found = visit.desk.sheets.get(visit.path["sheet"])
    if found is None:
        raise UnknownNameError(
            phrase("this spreadsheet is not kept any more"), hint=phrase("drop it once more")
        )
    return found


def _fault(error: TraceLedgerError) -> dict[str, Any]:
    place = place_of(error.where)
    spot = place.spot
    return {
        "what": error.what,
        "hint": _hint(error),
        "place": str(place),
        "sheet": spot.sheet if spot else "",
        "row": spot.row if spot else None,
        "column": spot.column if spot else "",
    }


def _hint(error: TraceLedgerError) -> str | None:
    """How to mend it; what the command's options do is done at the desk's own fields."""
    message = error.hint.message if isinstance(error.hint, Phrase) else ""
    if "--operation" in message:
        return phrase(
            "name the sheet after its operation, or choose where you drop the file what each row records,"
            " or a mapping file"
        )
    if any(option in message for option in _OPTIONS):
        return phrase("mend it in the file, or say how it is to be read where you drop it")
    return error.hint


def _shown(found: Dropped, faults: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sheets that have faults, as tables of texts; empty where the file is no spreadsheet."""
    if is_json_lines(found.content, found.name):
        return []
    book = grid.read(found.content, found.name, hidden=grid.Hidden.READ)
    shown = []
    for number, sheet in enumerate(book.sheets, start=1):
        wrong = {(each["row"], each["column"]) for each in faults if each["sheet"] in (sheet.name, "")}
        if wrong:
            shown.append(_table(number, sheet, wrong))
    return shown


def _table(number: int, sheet: grid.Sheet, wrong: set[tuple[int | None, str]]) -> dict[str, Any]:
    places = [at for at, row in enumerate(sheet.rows) if any(row.number == each for each, _ in wrong)]
    near = {each for at in places for each in range(at - _AROUND, at + 1)}
    kept = sorted({*range(_HEAD), *near} & set(range(len(sheet.rows))))[:MOST_ROWS]
    columns = min(max((len(row.cells) for row in sheet.rows), default=0), MOST_COLUMNS)
    letters = [grid.letters_of(column) for column in range(1, columns + 1)]
    return {
        "name": sheet.name,
        "number": number,
        "letters": letters,
        "rows": [_row(sheet.rows[at], letters, wrong) for at in kept],
        "total": len(sheet.rows),
    }


def _row(row: grid.Row, letters: list[str], wrong: set[tuple[int | None, str]]) -> dict[str, Any]:
    texts = {cell.column: cell.text for cell in row.cells}
    return {
        "number": row.number,
        "wrong": (row.number, "") in wrong,
        "cells": [
            {"letter": letter, "text": texts.get(at, ""), "wrong": (row.number, letter) in wrong}
            for at, letter in enumerate(letters, start=1)
        ],
    }


ROUTES = (
    Route("GET", "/sheet", blank, "desk/sheet.html", scripts=("drop.js",)),
    Route("POST", "/sheet", dropped, "desk/sheet.html", uploads=True, scripts=("drop.js",)),
    Route("GET", "/sheet/template", template, "desk/sheet.html", scripts=("drop.js",)),
    Route("GET", "/sheet/{sheet}", faulty, "desk/faults.html"),
    Route("GET", "/sheet/{sheet}/marked", given_back),
)
