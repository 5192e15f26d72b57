"""What is a slip, or fits another operation: refused, with what was probably meant and how to write it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.real_ledger import NothingKnown
from traceledger.errors import InputError
from traceledger.model.units import parse_co2e, parse_mass
from traceledger.operations.actor import Actor
from traceledger.operations.base import Physical
from traceledger.operations.batches import Mint
from traceledger.operations.catalogue import OPERATIONS, parse_operation
from traceledger.operations.declared import declared
from traceledger.operations.directory import Directory
from traceledger.operations.readers import emissions, parse_time
from traceledger.refusals import by_name

MINT = {
    "op": "mint",
    "as": "quarry",
    "batch": "Q-1",
    "material": "ore",
    "facility": "pit",
    "mass": "2 t",
    "origin": "mined",
    "at": "2026-05-04T08:00:00Z",
}
AT = int(datetime(2026, 5, 4, 8, tzinfo=UTC).timestamp())


def minted(**changes: Any) -> Mint:
    found = parse_operation(MINT | changes)
    assert isinstance(found, Mint)
    return found


def refused(**changes: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        minted(**changes)
    return caught.value


@pytest.mark.parametrize(
    "at",
    [
        "2026-05-04T08:00:00.999999Z",
        "2026-05-04T10:00:00,5+02:00",
        "2026-05-04T08:00:00.1234567Z",
        AT,
        AT + 0.75,
        datetime(2026, 5, 4, 8, 0, 0, 999_999, tzinfo=UTC),
    ],
)
def test_fractions_of_a_second_are_floored(at: object) -> None:
    assert minted(at=at).at == AT


@pytest.mark.parametrize("at", [0, 1, 46146, 46146.333333, "46146", "46146.3333333", "46146,33", 2_958_465])
def test_a_day_count_of_a_spreadsheet_is_no_time(at: object) -> None:
    for historic in (False, True):
        error = refused(at=at, historic=historic)
        assert error.where == "at"
        assert "spreadsheets" in error.what
        assert "2026-01-17T06:00:00Z" in error.hint


@pytest.mark.parametrize("at", [float("nan"), float("inf"), 10**400, 1_767_225_600_000, -1.5, None, [1]])
def test_other_numbers_are_no_times(at: object) -> None:
    with pytest.raises(InputError):
        parse_time(at)


def test_before_1990_only_where_it_is_meant() -> None:
    error = refused(at="1989-12-31T23:59:59.9Z")
    assert (error.where, error.what) == ("at", "1989-12-31T23:59:59Z is before 1990")
    assert '"historic": true' in error.hint
    assert minted(at="1990-01-01T00:00:00Z").at == 631_152_000
    assert minted(at="1989-12-31T23:59:59Z", historic=True).at == 631_151_999
    assert refused(at="1969-12-31T23:59:59Z", historic=True).where == "at"
    assert refused(historic="yes").where == "historic"


def test_every_time_of_a_line_counts() -> None:
    line = {
        "op": "assess",
        "as": "argus",
        "participant": "quarry",
        "assessment": "A-1",
        "kind": "saq",
        "score": "80 %",
        "valid_from": "1989-01-01T00:00:00Z",
        "valid_until": "2027-01-01T00:00:00Z",
        "issuer": "Body",
        "at": "2026-05-04T08:00:00Z",
    }
    with pytest.raises(InputError) as caught:
        parse_operation(line)
    assert caught.value.where == "valid_from"
    parse_operation(line | {"historic": True})


def test_all_operations_can_be_historic() -> None:
    for kind in OPERATIONS:
        (field,) = [item for item in declared(kind) if item.name == "historic"]
        assert not field.required
        assert not issubclass(kind, Physical) or not field.about.file_only


@pytest.mark.parametrize(
    "mass", ["20 pieces", "20 pcs", "7 EA", "12 units", "30", "30.5", "20pieces", "5 C62"]
)
def test_pieces_need_a_mass(mass: str) -> None:
    error = refused(mass=mass)
    assert error.where == "mass"
    assert '"pieces": 20' in error.hint
    assert '"mass": "40 kg"' in error.hint


@pytest.mark.parametrize(
    "written", ["20 pieces", "30", "3 stone", "two tons", 2.5, None, "", "-3 t", 2**60, "1e3 kg"]
)
def test_no_hint_offers_a_bare_integer(written: Any) -> None:
    for read in (parse_mass, parse_co2e):
        with pytest.raises(InputError) as caught:
            read(written)
        assert "integer" not in str(caught.value)


def test_less_emissions_are_restated() -> None:
    for amount in ("-2 t", "-2 t CO2e", -5):
        with pytest.raises(InputError) as caught:
            emissions({"scope1": amount})
        assert "negative" in caught.value.what
        assert "restate_emissions" in caught.value.hint


RUN: dict[str, Any] = {
    "op": "transform",
    "as": "quarry",
    "transformation": "MELT-1",
    "facility": "pit",
    "process": "smelting",
    "inputs": [{"batch": "Q-1"}],
    "outputs": [{"batch": "Q-2", "material": "ore", "mass": "1 t"}],
    "at": "2026-05-04T08:00:00Z",
}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"outputs": []}, "outputs", ["slag", "waste"]),
        ({"inputs": []}, "inputs", ["untraced", "mint", "approved"]),
    ],
)
def test_a_run_of_nothing_or_to_nothing(changes: Any, field: str, words: list[str]) -> None:
    operation = parse_operation(RUN | changes)
    quarry = b"\x11" * 20
    names = Directory(NothingKnown())
    names.add_participant("quarry", quarry)
    with pytest.raises(InputError) as caught:
        operation.call(Actor(quarry, names))
    assert caught.value.where == field
    assert all(word in caught.value.hint for word in words)


def test_what_is_worth_nothing_is_waste() -> None:
    output = {"batch": "GYPSUM", "material": "ore", "mass": "1 t", "weight": 0}
    with pytest.raises(InputError, match="waste") as caught:
        parse_operation(RUN | {"allocation": "economic", "outputs": [output]})
    assert caught.value.where == "outputs.0.weight"


def test_refusals_name_the_operation_that_fits() -> None:
    kinds = by_name()
    for name, words in {
        "SubstanceNotConserved": ["remeasure", "untraced", "loss"],
        "DifferenceNotExplained": ["measurement", "tolerance", "auditor", "moisture"],
        "ToleranceExceeded": ["auditor", "tolerance"],
        "RaisedFromNothing": ["auditor", "untraced"],
        "InvalidWeight": ["waste"],
        "EmptyList": ["slag", "untraced"],
        "OriginNotApproved": ["untraced"],
        "NotAnOrigin": ["untraced"],
    }.items():
        assert [word for word in words if word not in kinds[name].mend] == [], name


@pytest.mark.parametrize(
    ("operation", "where", "hint"),
    [
        (MINT | {"op": "mnt"}, "op", "did you mean mint?"),
        (MINT | {"op": "accident"}, "op", "traceledger help operations lists them"),
        (MINT | {"op": None}, "op", "traceledger help operations lists them"),
        (MINT | {"emmissions": {}}, "emmissions", "did you mean emissions?"),
        (MINT | {"weather": "fine"}, "weather", "check its spelling"),
    ],
)
def test_a_word_that_is_no_operation_or_field(operation: dict[str, Any], where: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_operation(operation)
    assert (caught.value.where, caught.value.hint) == (where, hint)


ANSWER = {"as": "kokkola", "shipment": "quarry/S-1", "at": AT}


@pytest.mark.parametrize(
    ("operation", "where"),
    [
        ({"op": "reject", "lots": []} | ANSWER, "lots"),
        ({"op": "receive", "lots": {}} | ANSWER, "lots"),
        ({"op": "receive", "arrived": {}} | ANSWER, "arrived"),
        (
            {"op": "reverse", "as": "kokkola", "of": {"receive": "quarry/S-1", "lots": []}}
            | {"reason": "incorrect_data", "at": AT},
            "of",
        ),
    ],
)
def test_no_lot_is_never_all_of_them(operation: dict[str, Any], where: str) -> None:
    """Left out means all; a program that has found none must not answer for all."""
    with pytest.raises(InputError, match="no lot is named") as caught:
        parse_operation(operation)
    assert caught.value.where == where
    assert caught.value.hint is not None
    assert "leave" in caught.value.hint


def test_an_unknown_word_is_told_from_words_that_are_written() -> None:
    lots = {"quarry/Q-1": {"mass": "1 t", "difference": "wet"}}
    with pytest.raises(InputError, match=r": .wet. is none of loss, moisture"):
        parse_operation({"op": "receive", "lots": lots} | ANSWER)
