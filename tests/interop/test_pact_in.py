"""A supplier's PACT footprint: what a delivery emitted, exactly, and with its signs."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.interop.referee_documents import PACT, changed
from traceledger.errors import InputError
from traceledger.interop.pact.incoming import Delivery, Incoming, declared_units, emissions, read

_FIGURES = {
    "pcfExcludingBiogenicUptake": Decimal("9.45"),
    "fossilGhgEmissions": Decimal("9.20"),
    "landUseChangeGhgEmissions": Decimal("0.15"),
    "biogenicNonCO2Emissions": Decimal("0.10"),
    "biogenicCO2Uptake": Decimal("-0.02"),
    "primaryDataShare": Decimal("62.5"),
}


def received(document: Any) -> Incoming:
    return read(json.dumps(document).encode(), "f.json").footprints[0]


def delivery(mass: int | None = None, pieces: int | None = None) -> Delivery:
    return Delivery(batch="B", material="m", facility="f", mass=mass, pieces=pieces, substances={}, at="")


def test_parts_are_rounded_down_and_the_total_to_the_nearest() -> None:
    found = emissions(_FIGURES, Fraction(1, 3))
    assert (found.scope3, found.biogenic, found.land_use) == (3_150_000, 33_333, 50_000)
    assert found.primary == 1_968_750
    assert found.removals == 0


_AMOUNTS = st.decimals(min_value=0, max_value=1000, places=4)


@given(
    fossil=_AMOUNTS,
    land=_AMOUNTS,
    removed=_AMOUNTS,
    share=st.integers(0, 100),
    units=st.fractions(min_value=0, max_value=10**6),
)
def test_what_is_emitted_less_what_is_removed_is_the_total(
    fossil: Decimal, land: Decimal, removed: Decimal, share: int, units: Fraction
) -> None:
    net = fossil + land - removed
    figures = {
        "pcfExcludingBiogenicUptake": net,
        "fossilGhgEmissions": fossil,
        "landUseChangeGhgEmissions": land,
        "landManagementBiogenicCO2Removals": -removed,
        "primaryDataShare": Decimal(share),
    }
    found = emissions(figures, units)
    exact = Fraction(net) * units * 10**6
    assert abs(found.scope3 - found.removals - exact) <= Fraction(1, 2)
    assert abs(found.scope3 - Fraction(fossil + land) * units * 10**6) <= Fraction(1, 2)
    assert min(found.scope3, found.removals, found.primary, found.land_use) >= 0
    assert max(found.primary, found.biogenic + found.land_use) <= found.scope3


def test_a_total_below_zero_without_parts_is_a_removal() -> None:
    found = emissions({"pcfExcludingBiogenicUptake": Decimal("-1.5")}, Fraction(2))
    assert (found.scope3, found.removals) == (0, 3_000_000)


def test_removals_had_no_sign_before_3_0_3() -> None:
    document = changed("pact-footprint", "/specVersion", "3.0.0")
    document["pcf"]["technologicalCO2Removals"] = "0.20"
    found = received(document)
    assert (found.faults, found.doubts) == ((), ())
    assert emissions(found.figures, Fraction(1)) == emissions(received(PACT).figures, Fraction(1))


@pytest.mark.parametrize(
    ("unit", "amount", "weighs", "mass", "pieces", "units"),
    [
        ("kilogram", "1", "1", 12_000_000, None, Fraction(12)),
        ("kilogram", "3", "3", 12_000_000, None, Fraction(4)),
        ("liter", "1", "0.879", 1_000_000, None, Fraction(1000, 879)),
        ("piece", "2", "25", None, 3, Fraction(3, 2)),
        ("piece", "2", "25", 37_500_000, 3, Fraction(3, 2)),
        ("piece", "2", "25", 50_000_000, None, Fraction(2)),
        ("kilowatt hour", "1", "5.5", 11_000_000, None, Fraction(2)),
    ],
)
def test_a_delivery_is_so_many_declared_units(
    unit: str, amount: str, weighs: str, mass: int | None, pieces: int | None, units: Fraction
) -> None:
    document = changed("pact-footprint", "/pcf/declaredUnitOfMeasurement", unit)
    document["pcf"] |= {"declaredUnitAmount": amount, "productMassPerDeclaredUnit": weighs}
    found, weight = declared_units(received(document), delivery(mass, pieces), "f.json")
    assert found == units
    assert weight == (mass or 37_500_000)


@pytest.mark.parametrize(
    ("unit", "weighs", "mass", "pieces", "says"),
    [
        ("kilowatt hour", "0", 1_000_000, None, "does not fit"),
        ("piece", "0", 1_000_000, None, "does not fit"),
        ("piece", "0", None, 3, "does not tell what the pieces weigh"),
        ("piece", "25", 1_000_000, 3, "pieces weigh"),
        ("kilogram", "1", None, None, "does not fit"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(
    unit: str, weighs: str, mass: int | None, pieces: int | None, says: str
) -> None:
    document = changed("pact-footprint", "/pcf/declaredUnitOfMeasurement", unit)
    document["pcf"]["productMassPerDeclaredUnit"] = weighs
    with pytest.raises(InputError, match=says):
        declared_units(received(document), delivery(mass, pieces), "f.json")


@pytest.mark.parametrize(
    ("document", "places"),
    [
        (PACT, [""]),
        ({"data": PACT}, ["/data"]),
        ({"data": [PACT, PACT]}, ["/data/0", "/data/1"]),
        ([PACT], ["/0"]),
        ({"type": "x", "data": {"requestEventId": "1", "pfs": [PACT]}}, ["/data/pfs/0"]),
    ],
)
def test_footprints_are_found_in_what_servers_answer(document: Any, places: list[str]) -> None:
    found = read(json.dumps(document).encode(), "f.json")
    assert [each.pointer for each in found.footprints] == places
    with pytest.raises(InputError, match="no footprint other"):
        found.chosen("other")


@pytest.mark.parametrize(
    "content", [b"{}", b"[]", b"[1]", b'{"data": []}', b'{"data": 1}', b"<x/>", b"\xff", b'{"pcf": 1']
)
def test_what_holds_no_footprint_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        read(content, "f.json")
