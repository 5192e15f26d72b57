"""A day of two companies as a workbook, as CSV and as JSON Lines: one plan, and one chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.cases.world import Operation, Trade, lot, made, received, run, shipped
from tests.clients import write
from traceledger.errors import ContractRefusalError, Place
from traceledger.interop.asked import Asked
from traceledger.interop.reading import source_of
from traceledger.operations.file import OperationsFileError
from traceledger.sending.lines import Source

DAY: list[Operation] = [
    lot("N1", mass="10 t", cobalt="3.5 t", scope1="16 t", at="2026-01-17T06:00:00Z"),
    lot("N2", mass="12.25 t", cobalt="4 t", scope1="18 t", at="2026-01-17T07:00:00Z"),
    {
        "op": "split",
        "as": "quarry",
        "batch": "N1",
        "into": [{"batch": "N1-A", "mass": "4 t"}, {"batch": "N1-B", "mass": "5 t"}],
        "at": "2026-01-18T06:00:00Z",
    },
    shipped("S9", ["N1-A", "N2"], emissions={"scope3": "3.1 t"}),
    received(
        "S9",
        lots={"quarry/N1-A": {"mass": "3.98 t", "difference": "loss"}, "quarry/N2": "received"},
        at="2026-02-19T00:00:00Z",
    ),
    run(
        "R9",
        [{"batch": "quarry/N1-A", "mass": "2 t"}, "quarry/N2"],
        [made("P9", "20 t", "4.1 t"), made("P10", "1 t")],
    ),
]
"""What happened, in order."""

CSV = """\
op;Company acting;Lot;Material;Site;Gross mass (t);Co (t);Origin;CO2e scope 1 (t);CO2e from primary data (t);\
New lot;Gross mass of the new lot [t];Shipment;Lot shipped;Receiver;CO2e scope 3 (t);Lot arrived;Answer;\
Mass arrived (t);Why it differs;Run;Process;Losses;Lot taken;Mass taken (t);Lot made;Material made;\
Gross mass made (t);Made contains: cobalt (t);Happened at
transform;works;;;hall;;;;;;;;;;;;;;;;R9;refining;balance;quarry/N1-A;2;P9;sulfate;20;4,1;20.02.2026
transform;works;;;hall;;;;;;;;;;;;;;;;R9;refining;balance;quarry/N2;;P10;sulfate;1;;20.02.2026
mint;quarry;N1;hydroxide;face;10;3,5;mined;16;16;;;;;;;;;;;;;;;;;;;;17.01.2026 06:00
mint;quarry;N2;hydroxide;face;12,25;4;mined;18;18;;;;;;;;;;;;;;;;;;;;17.01.2026 07:00
split;quarry;N1;;;;;;;;N1-A;4;;;;;;;;;;;;;;;;;;18.01.2026 06:00
split;quarry;N1;;;;;;;;N1-B;5;;;;;;;;;;;;;;;;;;18.01.2026 06:00
ship;quarry;;;;;;;;;;;S9;N1-A;works;3,1;;;;;;;;;;;;;;20.01.2026
;;;;;;;;;;;;;;;;;;;;;;;;;;;;;
ship;quarry;;;;;;;;;;;S9;N2;works;3,1;;;;;;;;;;;;;;20.01.2026
receive;works;;;;;;;;;;;quarry/S9;;;;quarry/N1-A;;3,98;loss;;;;;;;;;;19.02.2026
receive;works;;;;;;;;;;;quarry/S9;;;;quarry/N2;received;;;;;;;;;;;;19.02.2026
"""


MINTED = ("as", "LOT", "material", "Site", "mass (t)", "Kobalt (kg)", "origin", "scope1 (t)", "primary", "at")


def _workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_of_", "."))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def _day(path: Path) -> Path:
    """The day in sheets of which those of later events come first, with lists in sheets of their own."""
    moment = datetime
    return _workbook(
        path,
        transform=[
            ("as", "transformation", "facility", "process", "losses", "at"),
            ("works", "R9", "hall", "refining", "balance", "2026-02-20"),
        ],
        transform_of_inputs=[
            ("Run", "Lot taken", "Mass taken"),
            ("R9", "quarry/N1-A", "2000 kg"),
            ("R9", "quarry/N2"),
        ],
        transform_of_outputs=[
            ("Run", "Lot made", "Material made", "Gross mass made", "Co", "Unit of mass"),
            ("R9", "P9", "sulfate", 20, 4.1, "t"),
            ("R9", "P10", "sulfate", 1000, None, "kg"),
        ],
        Receipts=[("as", "Shipment", "Happened at"), ("works", "quarry/S9", moment(2026, 2, 19))],
        receive_of_lots=[
            ("Shipment", "Lot arrived", "Answer", "Mass arrived", "Why it differs"),
            ("quarry/S9", "quarry/N1-A", None, "3.98 t", "loss"),
            ("quarry/S9", "quarry/N2", "received"),
        ],
        Shipments=[
            ("as", "Shipment", "Lots", "Receiver", "CO2e scope 3 (t)", "Happened at"),
            ("quarry", "S9", "N1-A; N2", "works", 3.1, moment(2026, 1, 20)),
        ],
        split=[("as", "batch", "at"), ("quarry", "N1", moment(2026, 1, 18, 6))],
        split_of_into=[("Lot", "New lot", "mass (t)"), ("N1", "N1-A", 4), ("N1", "N1-B", 5)],
        mint=[
            MINTED,
            ("quarry", "N1", "hydroxide", "face", 10, 3500, "mined", 16, "16 t", moment(2026, 1, 17, 6)),
            ("quarry", "N2", "hydroxide", "face", 12.25, 4000, "mined", 18, "18 t", moment(2026, 1, 17, 7)),
        ],
    )  # fmt: skip


def test_one_day_in_three_formats_is_one_plan_and_one_chain(trade: Trade) -> None:
    folder, client = trade.folder, trade.client
    text = write(folder / "day.jsonl", DAY)
    book = _day(folder / "day.xlsx")
    flat = folder / "day.csv"
    flat.write_text(CSV, "utf-8")
    plans = [client.plan(path) for path in (text, book, flat)]
    told = [[(it.effect, it.key, it.outcome) for it in plan.operations] for plan in plans]
    assert told[0] == told[1] == told[2]
    assert {it.outcome for it in plans[0].operations} == {"accepted"}
    # Known again as the same calls, whichever file says them.
    assert [client.submit(path).sent for path in (flat, book, text, book)] == [len(DAY), 0, 0, 0]
    assert trade.batch("works/P9").substances_mg[27] == 4_100_000_000

    row = ("N3", "hydroxide", "face", "1 t", "mined", "2026-01-19", "fine")
    late = _workbook(folder / "late.xlsx", mint=[(*MINT, "Remark"), row])
    with pytest.raises(ContractRefusalError) as refused:
        client.submit(source_of(_more_than_there_is(folder), Asked(act_as="quarry")))
    where = refused.value.where
    assert isinstance(where, Place)
    assert where.spot is not None
    assert (str(where), where.spot.sheet, where.spot.row) == (
        f"{folder / 'more.xlsx'}: split, row 2",
        "split",
        2,
    )
    assert client.submit(source_of(late, Asked(act_as="quarry"))).sent == 1


MINT = ("batch", "material", "facility", "mass", "origin", "at")


def _more_than_there_is(folder: Path) -> Path:
    return _workbook(
        folder / "more.xlsx",
        split=[("batch", "into.batch", "into.mass", "at"), ("N1", "N1-C", "900 t", "2026-02-21")],
    )


def test_faults_are_all_told_at_once_each_at_its_cell(trade: Trade) -> None:
    """Of the file itself, and of what only the ledger knows."""
    path = _workbook(
        trade.folder / "wrong.xlsx",
        mint=[
            (*MINT, "Mass of the box", "CO2e scope 1"),
            ("N4", "hydroxid", "face", "1 t", "mined", "2026-01-19", None, "1 t"),
            ("N5", "hydroxide", "fence", "1 st", "mined", "19.01.2026", "2 kg", "-1 t"),
            ("N4", "hydroxide", "face", "1 t", "mined", "2026-01-19"),
            (None, "hydroxide", "face", "1 t", "mnied", 17),
        ],
        ship=[("shipment", "to", "at", "Unit of mass"), ("S4", "works", "2026-01-20", "pound")],
        Lots_shipped=[("Shipment", "Lot shipped"), ("S5", "N4"), ("S4", "N6")],
    )
    source = source_of(path, Asked(act_as="quarry"))
    with pytest.raises(OperationsFileError) as refused:
        trade.client.plan(source)
    found = {str(fault.where).removeprefix(f"{path}: "): fault.what for fault in refused.value.faults}
    assert found == {
        "mint!G1": "mint has no column 'Mass of the box'",
        "ship!D1": "ship has no column 'Unit of mass'",
        "Lots_shipped!A2 (Shipment)": "no row of ship is called 'S5'",
        "mint!B2 (material)": "there is no material 'hydroxid'",
        "mint!C3 (facility)": "there is no facility 'fence'",
        "mint!D3 (mass)": "the unit 'st' is none of the metric system, or not for everybody",
        "mint!H3 (CO2e scope 1)": "scope1: '-1 t' is negative",
        "mint!A4 (batch)": f"batch 'N4' is made twice, also by {path}: mint, row 2",
        "mint!A5 (batch)": "this cell must not be empty",
        "mint!E5 (origin)": "'mnied' is none of mined, post_consumer, pre_consumer, untraced",
        "mint!F5 (at)": "'17' is a number, perhaps of a day as spreadsheets count them",
        "Lots_shipped!B3 (Lot shipped)": "there is no batch 'N6'",
    }


def test_what_one_file_says_twice_is_refused_before_anything_is_sent(trade: Trade) -> None:
    heat = {
        "op": "add_emissions",
        "as": "quarry",
        "batch": "L1",
        "emissions": {"scope2": "5 kg"},
        "reason": "heat",
    }
    once = {**heat, "at": "2026-02-01T00:00:00Z"}
    hold = {"op": "hold", "as": "quarry", "batch": "L1", "reason": "assay", "at": "2026-02-01T00:00:00Z"}
    release = {**hold, "op": "release"}
    again = [once, hold, release, hold, hold, shipped(), shipped(), once]
    with pytest.raises(OperationsFileError) as refused:
        trade.client.plan(write(trade.folder / "twice.jsonl", again))
    path = trade.folder / "twice.jsonl"
    assert [(str(fault.where), fault.what) for fault in refused.value.faults] == [
        (f"{path}:5", f"this hold says the very same as {path}:2"),
        (f"{path}:7: shipment", f"shipment 'S1' is made twice, also by {path}:6"),
        (f"{path}:8", f"this add emissions says the very same as {path}:1"),
    ]
    assert trade.client.submit(Source.of([once, once], repeats=True)).sent == 2
