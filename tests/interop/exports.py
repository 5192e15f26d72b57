"""Exports as ERP systems and spreadsheet programs make them: sixty lots, ten of them with something wrong.

What the files say is made here from the lots, by itself: nothing of the package that reads them is used.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import openpyxl
from openpyxl.styles import Alignment

from tests.interop.writers import EPOCHS, SHEET, Writer

LOTS = 60
FIRST_ROW = 2
COLUMNS = (
    "batch",
    "material",
    "facility",
    "mass",
    "cobalt",
    "origin",
    "scope1",
    "primary",
    "at",
    "document",
    "sha256",
)
LETTER = dict(zip(COLUMNS, "ABCDEFGHIJK", strict=True))
ORIGINS = ("mined", "post_consumer", "pre_consumer", "untraced")
HASH = "5f" * 32


@dataclass(frozen=True)
class Lot:
    """What a row means: tonnes, kilograms, UTC."""

    batch: str
    material: str
    facility: str
    mass: Decimal
    cobalt: Decimal
    origin: str
    scope1: Decimal
    primary: Decimal
    at: datetime
    document: str

    @property
    def operation(self) -> dict[str, Any]:
        """The operation that a supplier means by it."""
        emissions = {"scope1": f"{self.scope1:f} kg", "primary": f"{self.primary:f} kg"}
        return {
            "op": "mint",
            "as": "katanga",
            "batch": self.batch,
            "material": self.material,
            "facility": self.facility,
            "mass": f"{self.mass:f} t",
            "substances": {"Co": f"{self.cobalt:f} kg"},
            "origin": self.origin,
            "emissions": emissions,
            "at": self.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "evidence": [{"uri": self.document, "sha256": HASH}],
        }


def lots(seed: int) -> list[Lot]:
    """Sixty lots: some by the kilogram, some by the milligram, names that programs like to change."""
    random = Random(seed)
    return [_lot(random, number) for number in range(LOTS)]


def _lot(random: Random, number: int) -> Lot:
    names = (
        f"KOL-2026-{number:04}",
        f"{number:06}",
        f"40510{number:07}",
        f"1-{number + 1}",
        f"Ü{number}/E{number}",
    )
    mass = Decimal(random.randrange(1, 60_000_000)).scaleb(-random.choice((3, 6)))
    cobalt = (mass * 1000 * Decimal(random.randrange(1, 90)) / 100).quantize(Decimal("0.001"))
    scope1 = Decimal(random.randrange(2_000, 9_000_000)).scaleb(-random.choice((0, 2, 3)))
    at = datetime(2026, 1, 13, 6, 30, 15, tzinfo=UTC) + timedelta(seconds=random.randrange(120 * 86_400))
    return Lot(
        names[number % len(names)],
        random.choice(("cobalt-hydroxide", "nickel-cobalt-schlamm")),
        random.choice(("kolwezi-pit-4", "0042")),
        mass,
        cobalt,
        random.choice(ORIGINS),
        scope1,
        (scope1 / 3).quantize(Decimal("0.001")),
        at,
        f"https://papers.example/{number}?a=1;b=2,c",
    )


@dataclass(frozen=True)
class Export:
    """A file, the lots that its rows mean, and the cells in which something is wrong.

    Attributes:
        name: of the file.
        content: of the file.
        lots: all sixty, in the order of the rows.
        wrong: by the cell, what was done to it; a row as a whole is named by its number alone.
        mapping: the mapping file, if its headings are foreign.
    """

    name: str
    content: bytes
    lots: Sequence[Lot]
    wrong: Mapping[str, str]
    mapping: str = ""

    @property
    def wrong_rows(self) -> set[int]:
        """The rows of these cells."""
        return {int("".join(filter(str.isdigit, cell))) for cell in self.wrong}

    @property
    def sound(self) -> list[Lot]:
        """The lots that nothing was done to."""
        rows = enumerate(self.lots, start=FIRST_ROW)
        return [lot for row, lot in rows if row not in self.wrong_rows]


# Text files.


@dataclass(frozen=True)
class Dialect:
    """How a program writes text files."""

    separator: str
    decimal: str
    thousands: str
    encoding: str
    time: str
    line_end: str = "\r\n"
    headings: Sequence[str] = ()
    mapping: str = ""

    def number(self, value: Decimal, group: bool = False) -> str:
        """A number, in groups of three digits if asked."""
        text = f"{value:,f}" if group else f"{value:f}"
        return text.translate({ord(","): self.thousands, ord("."): self.decimal})

    def cells(self, lot: Lot) -> list[str]:
        """A row."""
        return [
            *(lot.batch, lot.material, lot.facility, self.number(lot.mass)),
            *(self.number(lot.cobalt, group=True), lot.origin),
            *(self.number(lot.scope1, group=True), self.number(lot.primary)),
            *(lot.at.strftime(self.time), lot.document, HASH),
        ]

    def written(self, rows: Sequence[Sequence[str]]) -> bytes:
        """The file; cells in quotes where they must be."""
        lines = (self.separator.join(map(self._quoted, row)) for row in rows)
        return "".join(line + self.line_end for line in lines).encode(self.encoding)

    def _quoted(self, cell: str) -> str:
        special = any(each in cell for each in (self.separator, '"', "\n", "\r"))
        return '"' + cell.replace('"', '""') + '"' if special else cell


OURS = (
    *("batch", "material", "facility", "mass (t)", "substances.Co (kg)", "origin", "emissions.scope1 (kg)"),
    *("emissions.primary (kg)", "at", "evidence.uri", "evidence.sha256"),
)
GERMAN = (
    *("Charge", "Materialkurztext", "Werk", "Bruttogewicht (t)", "Kobaltinhalt (kg)", "Herkunft"),
    *("CO2 direkt (kg)", "davon gemessen (kg)", "Gewonnen am", "Beleg", "Prüfsumme"),
)
WORDS = (
    *("batch", "material", "facility", "mass", "substances.Co", "origin", "emissions.scope1"),
    *("emissions.primary", "at", "evidence.uri", "evidence.sha256"),
)
OURS_MAPPED = '[[sheet]]\noperation = "mint"\n'
GERMAN_MAPPED = (
    OURS_MAPPED
    + "[sheet.columns]\n"
    + "".join(f'"{heading}" = "{word}"\n' for heading, word in zip(GERMAN, WORDS, strict=True))
)
DIALECTS = {
    "SAP in German": Dialect(
        ";", ",", ".", "cp1252", "%d.%m.%Y %H:%M:%S", headings=GERMAN, mapping=GERMAN_MAPPED
    ),
    "Unicode text of Excel": Dialect(
        "\t", ".", ",", "utf-16", "%m/%d/%Y %H:%M:%S", headings=OURS, mapping=OURS_MAPPED
    ),
    "CSV UTF-8 of Excel": Dialect(
        ",", ".", ",", "utf-8-sig", "%Y-%m-%d %H:%M:%S", headings=OURS, mapping=OURS_MAPPED
    ),
}
TEXT_MISTAKES: Sequence[tuple[str, Callable[[Dialect, Lot], str]]] = (
    ("mass", lambda dialect, lot: ""),
    ("cobalt", lambda dialect, lot: "#N/A"),
    ("batch", lambda dialect, lot: f"4{dialect.decimal}05123E+15"),
    (
        "at",
        lambda dialect, lot: datetime(2026, 2, 28, tzinfo=UTC).strftime(dialect.time).replace("28", "31", 1),
    ),
    ("mass", lambda dialect, lot: "approx. 24"),
    ("origin", lambda dialect, lot: "minned"),
    ("mass", lambda dialect, lot: f"-{dialect.number(lot.mass)}"),
    ("cobalt", lambda dialect, lot: f"{dialect.number(lot.cobalt)} lb"),
    ("scope1", lambda dialect, lot: f"1{dialect.thousands}23{dialect.decimal}5"),
    ("at", lambda dialect, lot: "46035.27"),
)
"""Kind of the cell, and what stands in it."""


def spread(seed: int) -> list[int]:
    """Ten of the sixty, the first and the last among them."""
    return [0, *sorted(Random(seed).sample(range(1, LOTS - 1), 8)), LOTS - 1]


def text_export(dialect_name: str, seed: int) -> Export:
    """A text file with ten mistakes."""
    dialect, meant = DIALECTS[dialect_name], lots(seed)
    rows = [list(dialect.headings), *(dialect.cells(lot) for lot in meant)]
    wrong = {}
    for place, (column, mistake) in zip(spread(seed), TEXT_MISTAKES, strict=True):
        cell = f"{LETTER[column]}{place + FIRST_ROW}"
        rows[place + 1][COLUMNS.index(column)] = wrong[cell] = mistake(dialect, meant[place])
    return Export("lots.csv", dialect.written(rows), meant, wrong, dialect.mapping)


# Workbooks by openpyxl, as Excel writes them.


def values(lot: Lot) -> list[Any]:
    """The cells of a row, typed."""
    return [
        *(lot.batch, lot.material, lot.facility, float(lot.mass), float(lot.cobalt), lot.origin),
        *(float(lot.scope1), float(lot.primary), lot.at.replace(tzinfo=None), lot.document, HASH),
    ]


CELL_MISTAKES: Sequence[tuple[str, object]] = (
    ("mass", None),
    ("cobalt", "#N/A"),
    ("batch", 4_051_234_567_890_123_456),
    ("at", "31.02.2026"),
    ("mass", "approx. 24"),
    ("origin", "minned"),
    ("mass", -24.5),
    ("cobalt", "12 lb"),
    ("mass", True),
    ("scope1", "=D2*2"),
)
"""The last is a formula, which openpyxl writes without its result."""


def excel_export(seed: int, *, since_1904: bool = False) -> Export:
    """A workbook with formats, a frozen heading, numbers and times as text, and ten mistakes."""
    meant, book = lots(seed), openpyxl.Workbook()
    if since_1904:
        book.epoch = EPOCHS[True].replace(tzinfo=None)
    sheet = book.active
    sheet.title = SHEET
    sheet.freeze_panes = "B2"
    sheet.append(OURS)
    wrong = {}
    for place, lot in enumerate(meant):
        row = values(lot)
        if place % 7 == 3:
            row[3] = f"{lot.mass:f}"
        if place % 7 == 5:
            row[8] = lot.at.strftime("%Y-%m-%d %H:%M:%S")
        sheet.append(row)
        for cell in sheet[place + FIRST_ROW]:
            cell.alignment = Alignment(horizontal="right")
        sheet.cell(place + FIRST_ROW, 4).number_format = "#,##0.00"
        sheet.cell(place + FIRST_ROW, 9).number_format = "dd/mm/yyyy hh:mm"
    for place, (column, value) in zip(spread(seed), CELL_MISTAKES, strict=True):
        at = f"{LETTER[column]}{place + FIRST_ROW}"
        wrong[at] = str(value)
        sheet[at] = value
        if value == "#N/A":
            sheet[at].data_type = "e"
    written = io.BytesIO()
    book.save(written)
    return Export("lots.xlsx", written.getvalue(), meant, wrong, OURS_MAPPED)


WRITERS: Mapping[str, Callable[[], Writer]] = {
    "LibreOffice": lambda: Writer(calculated=True),
    "ABAP2XLSX": lambda: Writer(prefix="x:", dimension=False),
    "Google": lambda: Writer(shared=False, calculated=True),
    "a Mac of old": lambda: Writer(since_1904=True),
    "a report without styles": lambda: Writer(shared=False, styles=False, references=False, dimension=False),
}
HAND_MISTAKES: Sequence[tuple[str, object]] = (
    ("mass", "=SUM(D3:D9)"),
    ("cobalt", "#DIV/0!"),
    ("batch", 4_051_234_567_890_123_456),
    ("at", "29.02.2026"),
    ("mass", None),
    ("origin", "minned"),
    ("cobalt", Decimal("-0.5")),
    ("scope1", True),
    ("mass", "24 lb"),
    ("at", Decimal("46035.27")),
)
"""The last is a day as spreadsheets count them, with no format that says so."""


def hand_export(writer_name: str, seed: int) -> Export:
    """A workbook of another program with ten mistakes, and with formulas that have their results."""
    writer, meant = WRITERS[writer_name](), lots(seed)
    cells = [_typed(writer, lot) for lot in meant]
    wrong = {}
    for place, (column, value) in zip(spread(seed), HAND_MISTAKES, strict=True):
        cells[place][COLUMNS.index(column)] = value
        wrong[f"{LETTER[column]}{place + FIRST_ROW}"] = str(value)
    rows = "".join(writer.row(number, row) for number, row in enumerate([OURS, *cells], start=1))
    return Export("lots.xlsx", writer.workbook(rows), meant, wrong, OURS_MAPPED)


def _typed(writer: Writer, lot: Lot) -> list[object]:
    at: object = lot.at if writer.styles else lot.at.strftime("%Y-%m-%dT%H:%M:%S")
    return [
        *(lot.batch, lot.material, lot.facility, lot.mass, lot.cobalt, lot.origin, lot.scope1, lot.primary),
        *(at, lot.document, HASH),
    ]


def laid_out(seed: int) -> Iterator[tuple[str, Export]]:
    """Workbooks in which the sheet is wrong, not a cell: hidden rows, merged cells."""
    for name in ("hidden", "merged"):
        writer, meant = Writer(), lots(seed)
        cells = [_typed(writer, lot) for lot in meant]
        hidden = {20, 41} if name == "hidden" else set()
        rows = "".join(
            writer.row(number, row, hidden=number in hidden)
            for number, row in enumerate([OURS, *cells], start=1)
        )
        merged = ("B30:B32",) if name == "merged" else ()
        yield name, Export("lots.xlsx", writer.workbook(rows, merged), meant, {}, OURS_MAPPED)


RUNS = (
    ("transformation", "facility", "process", "losses", "at"),
    *((f"RUN-{each}", "plant", "refining", "balance", f"2026-01-{each + 10}") for each in range(1, 7)),
)
TAKEN = (
    ("transformation", "inputs.batch", "inputs.mass (t)"),
    *((f"RUN-{each}", f"katanga/{each}", each + 0.5) for each in range(1, 7)),
)
MADE = (
    ("transformation", "outputs.batch", "outputs.material", "outputs.mass (t)", "outputs.substances.Co (t)"),
    *((f"RUN-{each}", f"COS-{each}", "cobalt-sulfate", each, 0.25) for each in range(1, 7)),
)
MISTAKES_IN_LISTS: Mapping[tuple[str, str], object] = {
    ("transform", "B2"): None,
    ("transform", "E3"): "2026-02-30",
    ("transform.inputs", "A4"): "RUN-9",
    ("transform.inputs", "B5"): None,
    ("transform.inputs", "C5"): "three",
    ("transform.inputs", "A6"): None,
    ("transform.outputs", "C2"): None,
    ("transform.outputs", "D3"): "=1+1",
    ("transform.outputs", "C3"): None,
    ("transform.outputs", "E4"): "#N/A",
}
"""By sheet and cell, what stands there; in some rows two are wrong."""


def runs() -> bytes:
    """A workbook of six runs, what they took and made in sheets of their own, with ten mistakes."""
    book = openpyxl.Workbook()
    for name, rows in (("transform", RUNS), ("transform.inputs", TAKEN), ("transform.outputs", MADE)):
        sheet = book.active if name == "transform" else book.create_sheet(name)
        sheet.title = name
        for row in rows:
            sheet.append(row)
    for (name, at), value in MISTAKES_IN_LISTS.items():
        book[name][at] = value
        if value == "#N/A":
            book[name][at].data_type = "e"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
