r"""A mapping file: how a spreadsheet of others, such as an export of an ERP system, is read as it is.

It is TOML. A table ``[[sheet]]`` says of one sheet which operation its rows are, which heading is which
column, and what the sheet does not say. It holds no expressions: what must be computed is computed before.

Example:
    >>> found = parse('[[sheet]]\noperation = "mint"\nheadings = 3\n[sheet.columns]\n"Charge" = "batch"\n')
    >>> found.sheets[0].operation, found.sheets[0].headings, found.sheets[0].columns
    ('mint', 3, {'Charge': 'batch'})
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, Place
from traceledger.interop.sheets.amounts import unit_of
from traceledger.interop.sheets.columns import EVERY, OperationForm, family_of, form_of, no_operation
from traceledger.interop.sheets.grid import Decimals
from traceledger.languages.phrases import phrase
from traceledger.model import spelling
from traceledger.storage.files import content_of, explained
from traceledger.storage.toml_text import loads

MOST_BYTES = 1_000_000
"""Bytes that a mapping file may have."""
_ORDERS = ("dmy", "mdy")
_KEYS = (
    "operation",
    "sheet",
    "headings",
    "columns",
    "units",
    "constants",
    "values",
    "ignore",
    "others",
    "days",
)


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """How one sheet is read.

    Attributes:
        operation: which its rows are; empty where a column says it.
        listed: of an operation, what it lists, where the sheet holds only that: ``inputs``.
        sheet: its name; empty: the only one.
        headings: the row that holds the headings, from 1; ``None``: the first that is not blank.
        columns: words of columns by headings; an empty word: the column is passed over.
        units: of amounts without one, by the word of the column.
        constants: what every row says, by the word of the column.
        values: what is meant by what stands in a cell, by the word of the column.
        ignored: rows to pass over: by heading, what stands there.
        others: whether columns that nothing is said of are passed over; else they are refused.
        days: the order of numbered dates, ``dmy`` or ``mdy``; empty: the cells tell.
    """

    operation: str = ""
    listed: str = ""
    sheet: str = ""
    headings: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str | bool | int] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: bool = False
    days: str = ""


@dataclass(frozen=True, slots=True)
class SpreadsheetMapping:
    """How the sheets of a file are read, and the sign before decimals, where the file does not tell."""

    sheets: tuple[SheetMapping, ...]
    decimal: Decimals | None = None
    act_as: str = ""


def load(path: Path) -> SpreadsheetMapping:
    """Read a mapping file.

    Raises:
        InputError: it cannot be read, or says something that is not understood; the place names the key.
    """
    with explained(path, verb="read"):
        content = content_of(path, MOST_BYTES)
    return decoded(content, str(path))


def decoded(content: bytes, name: str) -> SpreadsheetMapping:
    """The same of its bytes; ``name`` is what it is called in messages.

    Raises:
        InputError: as :func:`load`.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(
            phrase("a mapping file is text in UTF-8"), where=Place(name), hint=phrase("save it so")
        ) from None
    return parse(text, name)


def parse(text: str, name: str = "") -> SpreadsheetMapping:
    """The same of its text; ``name`` is what it is called in messages.

    Raises:
        InputError: as :func:`load`.
    """
    return _Reader(name, text).whole()


class _Reader:
    """Reads one file; every fault names its line, as far as the key is found, and its key."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self._text = name, text

    def whole(self) -> SpreadsheetMapping:
        try:
            document = loads(self._text)
        except tomllib.TOMLDecodeError as error:
            what = phrase("this is not TOML: {fault}", fault=str(error))
            raise InputError(what, where=Place(self._name or "mapping")) from None
        self._known(document, "", ("decimal", "as", "sheet"))
        decimal = self._one_of(document, "decimal", "", tuple(Decimals))
        sheets = document.get("sheet", [])
        if not isinstance(sheets, list) or not all(isinstance(each, dict) for each in sheets) or not sheets:
            raise self._fault("sheet", phrase("no sheet is mapped"), phrase("write a table [[sheet]]"))
        found = tuple(self._sheet(each, f"sheet {place}") for place, each in enumerate(sheets, start=1))
        return SpreadsheetMapping(
            found, Decimals(decimal) if decimal else None, self._text_of(document, "as", "")
        )

    def _sheet(self, table: dict[str, Any], where: str) -> SheetMapping:
        self._known(table, where, _KEYS)
        operation, _, listed = self._text_of(table, "operation", where).partition(".")
        form = self._form(operation, listed, where) if operation else None
        others = self._one_of(table, "others", where, ("refuse", "ignore"))
        return SheetMapping(
            operation=operation,
            listed=listed,
            sheet=self._text_of(table, "sheet", where),
            headings=self._headings(table, where),
            columns=self._columns(table, where, form),
            units=self._units(table, where, form),
            constants=self._constants(table, where, form),
            values=self._values(table, where, form),
            ignored=self._ignored(table, where),
            others=others == "ignore",
            days=self._one_of(table, "days", where, _ORDERS),
        )

    def _headings(self, table: dict[str, Any], where: str) -> int | None:
        row = table.get("headings")
        if row is None or (isinstance(row, int) and not isinstance(row, bool) and row > 0):
            return row
        what = phrase("this is not the number of a row")
        raise self._fault(where, what, phrase("count rows from 1"), key="headings")

    def _form(self, operation: str, listed: str, where: str) -> OperationForm:
        try:
            form = form_of(operation)
        except KeyError:
            fault = no_operation(operation)
            raise self._fault(f"{where}.operation", fault.what, fault.hint) from None
        lists = [each.word for each in form.lists]
        if listed and listed not in lists:
            hint = spelling.hint(listed, lists, phrase("leave out what follows the point"))
            raise self._fault(
                f"{where}.operation",
                phrase("{operation} has no list {name}", operation=operation, name=repr(listed)),
                hint,
            )
        return form

    def _columns(self, table: dict[str, Any], where: str, form: OperationForm | None) -> dict[str, str]:
        found = self._texts(table, "columns", where)
        for heading, word in found.items():
            if word:
                self._word(word, f"{where}.columns", heading, form)
        return found

    def _units(self, table: dict[str, Any], where: str, form: OperationForm | None) -> dict[str, str]:
        found = {}
        for word, unit in self._texts(table, "units", where).items():
            self._word(word, f"{where}.units", word, form)
            try:
                found[word] = unit if unit == "%" else unit_of(unit)
            except InputError as error:
                raise self._fault(f"{where}.units", error.what, error.hint, key=word) from None
        return found

    def _constants(
        self, table: dict[str, Any], where: str, form: OperationForm | None
    ) -> dict[str, str | bool | int]:
        found = self._table(table, "constants", where)
        for word, value in found.items():
            self._word(word, f"{where}.constants", word, form)
            if not isinstance(value, str | bool | int):
                raise self._fault(
                    f"{where}.constants", phrase("this is neither text, number nor flag"), "", key=word
                )
        return found

    def _values(
        self, table: dict[str, Any], where: str, form: OperationForm | None
    ) -> dict[str, dict[str, str]]:
        tables = self._table(table, "values", where)
        for word in tables:
            self._word(word, f"{where}.values", word, form)
        return {word: self._texts(tables, word, f"{where}.values") for word in tables}

    def _ignored(self, table: dict[str, Any], where: str) -> dict[str, tuple[str, ...]]:
        found = {}
        for heading, said in self._table(table, "ignore", where).items():
            values = [said] if isinstance(said, str) else said
            if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
                raise self._fault(
                    f"{where}.ignore", phrase("this is not text, or a list of texts"), "", key=heading
                )
            found[heading] = tuple(values)
        return found

    def _word(self, word: str, where: str, key: str, form: OperationForm | None) -> None:
        """Refuse the word of a column that there is not."""
        if form is None:
            return
        words = [column.word for column in form.all_columns]
        if word in words or (family_of(word) in words and not word.endswith(EVERY)):
            return
        hint = spelling.hint(word, words, phrase("traceledger help spreadsheets lists them"))
        what = phrase("{operation} has no column {name}", operation=form.op, name=repr(word))
        raise self._fault(where, what, hint, key=key)

    def _known(self, table: Mapping[str, Any], where: str, names: tuple[str, ...]) -> None:
        for key in table:
            if key not in names:
                hint = spelling.hint(key, names, phrase("leave it out"))
                raise self._fault(where, phrase("there is no key {name}", name=repr(key)), hint, key=key)

    def _table(self, table: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
        found = table.get(key, {})
        if not isinstance(found, dict):
            raise self._fault(where, phrase("this is not a table"), "", key=key)
        return found

    def _texts(self, table: Mapping[str, Any], key: str, where: str) -> dict[str, str]:
        found = self._table(table, key, where)
        for name, value in found.items():
            if not isinstance(value, str):
                raise self._fault(
                    f"{where}.{key}",
                    phrase("this is not text"),
                    phrase("put it in quotation marks"),
                    key=name,
                )
        return found

    def _text_of(self, table: Mapping[str, Any], key: str, where: str) -> str:
        found = table.get(key, "")
        if not isinstance(found, str):
            raise self._fault(where, phrase("this is not text"), phrase("put it in quotation marks"), key=key)
        return found

    def _one_of(self, table: Mapping[str, Any], key: str, where: str, words: tuple[str, ...]) -> str:
        found = self._text_of(table, key, where)
        if found and found not in words:
            what = phrase("{value} is none of {words}", value=repr(found), words=", ".join(words))
            raise self._fault(where, what, spelling.hint(found, words, ""), key=key)
        return found

    def _fault(self, where: str, what: str, hint: str, *, key: str = "") -> InputError:
        """A fault with the line on which its key stands first, where that is found."""
        last = key or where.rpartition(".")[2]
        lines = self._text.splitlines()
        found = [n for n, line in enumerate(lines, start=1) if line.strip().strip("\"'[").startswith(last)]
        parts = [part for part in (where, repr(key) if key and not key.isidentifier() else key) if part]
        line = found[0] if found else None
        return InputError(what, hint=hint, where=Place(self._name or "mapping", line, ".".join(parts)))
