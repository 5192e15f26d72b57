"""Exports as they come, with ten planted mistakes each: all found at once, by cell, and nothing misread."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interop.exports import (
    DIALECTS,
    MISTAKES_IN_LISTS,
    WRITERS,
    Export,
    excel_export,
    hand_export,
    laid_out,
    runs,
    text_export,
)
from traceledger.errors import InputError, Place
from traceledger.interop.asked import Asked
from traceledger.interop.reading import source_of
from traceledger.interop.sheets.mapping import parse
from traceledger.operations.catalogue import parsed
from traceledger.operations.file import Line, Unsound
from traceledger.sending.lines import Source


def read(export: Export, **asked: str) -> Source:
    """What is read of an export."""
    said = Asked(act_as="katanga", mapping=parse(export.mapping), **asked)  # type: ignore[arg-type]
    return source_of(export.content, said, name=export.name)


def faults(source: Source) -> list[InputError]:
    """All that is wrong."""
    return [fault for line in source.lines if isinstance(line, Unsound) for fault in line.faults]


def cell(fault: InputError) -> str:
    """Where it is said to be."""
    assert isinstance(fault.where, Place)
    assert fault.where.spot is not None, fault
    return fault.where.spot.cell


def require_all_found(export: Export) -> None:
    """Ten faults at their cells and none besides; the fifty other rows as they were meant."""
    source = read(export)
    found = {cell(fault): str(fault) for fault in faults(source)}
    assert found.keys() == export.wrong.keys(), {
        each: found.get(each) or export.wrong.get(each) for each in found.keys() ^ export.wrong.keys()
    }
    assert len(faults(source)) == len(export.wrong) == 10
    for at, said in found.items():
        assert export.name in said and at in said
    require_meant(source, export)


def require_meant(source: Source, export: Export) -> None:
    """The sound rows, to the milligram and second; they run in the order of their times."""
    expected = [parsed(lot.operation) for lot in sorted(export.sound, key=lambda lot: lot.at)]
    assert [line.operation for line in source.lines if isinstance(line, Line)] == expected


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_text_files(dialect: str, seed: int) -> None:
    require_all_found(text_export(dialect, seed))


@pytest.mark.parametrize("since_1904", [False, True])
def test_workbooks_of_excel(since_1904: bool) -> None:
    require_all_found(excel_export(3, since_1904=since_1904))


@pytest.mark.parametrize("writer", WRITERS)
def test_workbooks_of_others(writer: str) -> None:
    require_all_found(hand_export(writer, 4))


@pytest.fixture(scope="module")
def layouts() -> Iterator[dict[str, Export]]:
    yield dict(laid_out(5))


def test_hidden_rows_are_not_passed_over(layouts: dict[str, Export]) -> None:
    found = faults(read(layouts["hidden"]))
    assert any("20" in str(each) and "hidden" in str(each) for each in found), found
    assert any("41" in str(each) and "hidden" in str(each) for each in found), found
    source = read(layouts["hidden"], hidden="read")
    assert faults(source) == []
    require_meant(source, layouts["hidden"])


def test_merged_cells_are_not_guessed(layouts: dict[str, Export]) -> None:
    assert any("merged" in str(each) and "B30" in str(each) for each in faults(read(layouts["merged"])))


def test_lists_in_sheets_of_their_own() -> None:
    """Ten mistakes, in runs and in what they took and made."""
    source = source_of(runs(), Asked(act_as="kokkola"), name="runs.xlsx")
    told = [str(fault).removeprefix("runs.xlsx: ") for fault in faults(source)]
    found = {each.partition(" ")[0] for each in told if "!" in each.partition(" ")[0]}
    expected = {f"'{sheet}'!{at}" if "." in sheet else f"{sheet}!{at}" for sheet, at in MISTAKES_IN_LISTS}
    assert found == expected, told
    # Of the runs whose inputs stand in the rows that do not say so.
    rest = [each for each in told if "!" not in each.partition(" ")[0]]
    assert rest == [f"transform, row {row}: inputs: this field is missing" for row in (4, 6)]
