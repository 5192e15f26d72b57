"""Quantities of events in milligrams, exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from traceledger.errors import InputError
from traceledger.interop.epcis import units
from traceledger.interop.epcis.events import Quantity


@pytest.mark.parametrize(
    ("amount", "uom", "milligrams"),
    [
        *(("1", "KGM", 10**6), ("0.000001", "KGM", 1), ("1e3", "GRM", 10**6), ("2.5", "TNE", 2_500_000_000)),
        *(("100", "LBR", 45_359_237), ("1600", "ONZ", 45_359_237), ("700000", "GRN", 45_359_237)),
        *(("1", "STN", 907_184_740), ("5", "LTN", 5_080_234_544), ("25", "CWI", 1_270_058_636)),
        *(("1", "CTM", 200), ("1000", "MC", 1), ("0", "KGM", 0), ("1", "DTN", 10**8), ("1", "KTN", 10**12)),
    ],
)
def test_masses(amount: str, uom: str, milligrams: int) -> None:
    """By the factors of Recommendation 20."""
    assert units.mass_mg(Quantity("urn:x:lot", Decimal(amount), uom)) == milligrams


@pytest.mark.parametrize(
    ("amount", "uom", "why"),
    [
        (None, "KGM", "says no quantity"),
        ("3", None, "3 is a number of pieces"),
        ("3", "C62", "3 C62 is a number of pieces"),
        ("3", "LTR", "'LTR' is no unit of mass"),
        ("1e-7", "KGM", "0.0000001 KGM is finer than a milligram"),
        ("1", "ONZ", "finer than a milligram"),
        ("0.333333333333333333333333333333", "KGM", "finer than a milligram"),
        ("-1", "KGM", "negative"),
        ("1e400", "KGM", r"^1E\+400 KGM is too large"),
        ("1e-400", "KGM", "finer than a milligram"),
    ],
)
def test_what_is_no_mass(amount: str | None, uom: str | None, why: str) -> None:
    """Each for its reason, in few words."""
    with pytest.raises(InputError, match=why) as told:
        units.mass_mg(Quantity("urn:x:lot", None if amount is None else Decimal(amount), uom))
    assert len(told.value.sentence) < 200


@pytest.mark.parametrize(("amount", "number"), [("7", 7), ("7.0", 7), ("7.5", None), ("-1", None)])
def test_pieces(amount: str, number: int | None) -> None:
    """Whole ones only."""
    quantity = Quantity("urn:x:class", Decimal(amount))
    assert units.is_pieces(quantity)
    if number is not None:
        assert units.pieces(quantity) == number
    else:
        with pytest.raises(InputError, match="no number of pieces"):
            units.pieces(quantity)
