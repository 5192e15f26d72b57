"""Footprints of a small ledger: figures recomputed by hand, sums, units, states and what is missing."""

from __future__ import annotations

import shutil
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of, write
from tests.interop.official import faults
from tests.interop.pact.conftest import CatalogueOf
from tests.interop.pact.ledger import MASTERDATA
from traceledger.client.client import Client
from traceledger.interop.masterdata import load, parse
from traceledger.interop.pact import rules
from traceledger.interop.pact.catalogue import Catalogue
from traceledger.interop.pact.issues import Issued


def _active(found: list[Issued]) -> dict[str, Any]:
    assert found[0].is_active
    assert not any(each.is_active for each in found[1:])
    return dict(found[0].exported.document)


def _by(catalogue: Catalogue, gtin: str, country: str) -> list[Issued]:
    return [
        each
        for each in catalogue.all().footprints
        if f"urn:gtin:{gtin}" in each.exported.document["productIds"]
        and each.exported.document["pcf"]["geographyCountry"] == country
    ]


def _figures(document: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(document["pcf"][name]) for name in rules.FIGURES if name in document["pcf"]}


def test_a_batch_by_hand(client: Client, catalogue: CatalogueOf) -> None:
    """SALT-2: 20 kg of the mint, 1 kg of transport, 6 kg of the run, on 30 kg; parts 2, 3, 1 and 0.5 kg."""
    document = _active(catalogue().of_batch(client.batch_id("acme/SALT-2")))
    found = _figures(document)
    assert found["fossilGhgEmissions"] == Decimal("0.733333333")  # (27 - 2 - 3) / 30
    assert found["landUseChangeGhgEmissions"] == Decimal("0.1")
    assert found["biogenicNonCO2Emissions"] == Decimal("0.066666667")
    assert found["aircraftGhgEmissions"] == Decimal("0.033333333")
    assert found["technologicalCO2Removals"] == Decimal("-0.016666667")
    assert found["primaryDataShare"] == Decimal("40.740741")  # (5 + 6) / 27
    assert document["pcf"]["referencePeriodStart"] == "2025-02-10T06:00:00Z"
    assert document["productIds"][-1] == "urn:traceledger:batch:acme:SALT-2"


def test_an_average_is_emissions_over_quantity(catalogue: CatalogueOf) -> None:
    """In FI: SALT-1 (15 kg CO2e on 20 kg) and SALT-2 (27 on 30); what is left or split off does not count."""
    document = _active(_by(catalogue(), "06400001000018", "FI"))
    found = _figures(document)
    assert found["fossilGhgEmissions"] == Decimal("0.64")  # (15 + 27 - 10) / 50
    assert found["pcfExcludingBiogenicUptake"] == Decimal("0.82")  # (42 - 1) / 50
    assert document["pcf"]["referencePeriodEnd"] == document["validityPeriodStart"] == "2026-01-01T00:00:00Z"


def test_sums_signs_and_ids_of_all(catalogue: CatalogueOf) -> None:
    given = catalogue().all()
    assert len({each.id for each in given.footprints}) == len(given.footprints) >= 4
    for each in given.footprints:
        found = _figures(dict(each.exported.document))
        total = sum(found[name] for name in rules.EXCLUDING_UPTAKE if name in found)
        assert found["pcfExcludingBiogenicUptake"] == total
        assert found["pcfIncludingBiogenicUptake"] == total + found.get(rules.UPTAKE, 0)
        assert all(rules.FIGURES[name].sign.holds(value) for name, value in found.items())
        number = uuid.UUID(each.id)
        assert (number.version, number.variant, str(number)) == (4, uuid.RFC_4122, each.id)


def test_what_lacks_something_is_named_and_not_given(catalogue: CatalogueOf) -> None:
    given = catalogue().all()
    assert [(each.material, each.why) for each in given.left_out] == []
    ore = MASTERDATA.replace('participant = "acme"', 'participant = "mine"')
    (left,) = [each for each in catalogue(ore).all().left_out if each.material == "ore"]
    assert left.why == ("/pcf/fossilCarbonContent: master data say nothing at [[materials]] fossil_carbon",)


@pytest.mark.parametrize(
    ("unit", "mass", "fossil"),
    [("kilogram", "1", "0.625"), ("piece", "0.5", "0.3125"), ("kilowatt hour", "2", "1.25")],
)
def test_declared_units(catalogue: CatalogueOf, unit: str, mass: str, fossil: str) -> None:
    """Eight cells of 4 kg, 0.25 kWh each, with 2.5 kg of fossil CO2e."""
    text = MASTERDATA.replace('declared_unit = "piece"', f'declared_unit = "{unit}"')
    pcf = _active(_by(catalogue(text), "06400001000025", "DE"))["pcf"]
    assert (pcf["declaredUnitOfMeasurement"], pcf["declaredUnitAmount"]) == (unit, "1")
    assert (pcf["productMassPerDeclaredUnit"], pcf["fossilGhgEmissions"]) == (mass, fossil)


def test_biogenic_carbon_is_taken_up_as_carbon_dioxide(catalogue: CatalogueOf) -> None:
    pcf = _active(_by(catalogue(), "06400001000025", "DE"))["pcf"]
    assert (pcf["biogenicCarbonContent"], pcf["biogenicCO2Uptake"]) == ("0.0015", "-0.0055")


def test_the_derived_schema_takes_them(catalogue: CatalogueOf, shared: Path) -> None:
    path = shared / "data" / "schemas" / "pact" / "derived_v3_0_ResponseSchema.json"
    data = [dict(each.exported.document) for each in catalogue().all().footprints]
    assert faults(path, {"data": data}) == []


def test_every_value_has_a_source_and_names_its_events(client: Client, catalogue: CatalogueOf) -> None:
    exported = catalogue().of_batch(client.batch_id("acme/SALT-2"))[0].exported
    told = {each.pointer for each in exported.sources}
    members = {f"/{name}" for name in exported.document if name != "pcf"}
    members |= {f"/pcf/{name}" for name in exported.document["pcf"]}
    assert members <= told
    (total,) = [each for each in exported.sources if each.pointer == "/pcf/fossilGhgEmissions"]
    assert len(total.events) == 3  # The mint, its transport and the run.


RESTATED: list[dict[str, Any]] = [
    {"op": "restate_emissions", "as": "mine", "of": {"mint": "ORE-2"}, "reason": "measured"}
    | {"emissions": {"scope1": "50 kg", "primary": "5 kg", "biogenic": "2 kg"}, "at": "2025-09-01T00:00:00Z"},
]
LESS: list[dict[str, Any]] = [
    {"op": "restate_emissions", "as": "mine", "of": {"mint": "ORE-2"}, "reason": "measured again"}
    | {"emissions": {"scope1": "10 kg", "primary": "5 kg"}, "at": "2025-09-02T00:00:00Z"}
    | {"evidence": [{"uri": "https://mine.example/report.pdf", "sha256": "11" * 32}]},
]
CONFIRMED: list[dict[str, Any]] = [
    {"op": "confirm_restatement", "as": "argus", "of": {"mint": "mine/ORE-2"}, "at": "2025-09-03T00:00:00Z"}
    | {"evidence": [{"uri": "https://argus.example/report.pdf", "sha256": "22" * 32}]},
]


def test_a_restatement_is_a_new_footprint_and_the_old_one_is_deprecated(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "it"))
    known = load(copy / "acme.toml")

    def footprints(client: Client) -> list[Issued]:
        client.sync()
        return Catalogue(client.index, known).of_batch(client.batch_id("acme/SALT-2"))

    with client_of(copy) as client:
        first = footprints(client)
        client.submit(write(tmp_path / "a.jsonl", RESTATED))
        second = footprints(client)
        assert [each.id for each in second[1:]] == [each.id for each in first]
        assert second[0].exported.document["precedingPfIds"] == [first[0].id]
        assert [each.exported.document["status"] for each in second] == ["Active", "Deprecated"]
        assert _figures(_active(second))["fossilGhgEmissions"] == Decimal("1.833333333")  # 55 / 30
        # What is taken of a batch leaves its footprint as it was.
        taken = {"op": "split", "as": "acme", "batch": "SALT-2", "into": [{"batch": "X", "mass": "7 kg"}]}
        client.submit(write(tmp_path / "b.jsonl", [taken | {"at": "2025-09-01T00:00:00Z"}]))
        assert [each.id for each in footprints(client)] == [each.id for each in second]
        # Less than before is not used before an auditor confirms it.
        client.submit(write(tmp_path / "c.jsonl", LESS))
        assert [each.id for each in footprints(client)] == [each.id for each in second]
        client.submit(write(tmp_path / "d.jsonl", CONFIRMED))
        third = footprints(client)
        assert [each.id for each in third[1:]] == [each.id for each in second]
        assert "confirmed by an auditor" in third[0].exported.document["comment"]
        # An error takes the last one away, too, and nothing follows it.
        error = {"op": "declare_error", "as": "acme", "batch": "SALT-2", "reason": "incorrect_data"}
        client.submit(write(tmp_path / "e.jsonl", [error | {"at": "2025-09-04T00:00:00Z"}]))
        last = footprints(client)
        assert [each.id for each in last] == [each.id for each in third]
        assert not any(each.is_active for each in last)


def test_another_word_of_master_data_is_another_footprint(client: Client, catalogue: CatalogueOf) -> None:
    batch = client.batch_id("acme/SALT-2")
    again = catalogue(MASTERDATA).of_batch(batch)[0].id
    assert catalogue().of_batch(batch)[0].id == again
    assert catalogue(MASTERDATA.replace("1.2 %", "1.3 %")).of_batch(batch)[0].id != again


def test_master_data_may_say_the_geography(catalogue: CatalogueOf) -> None:
    """Then all of a product is one footprint, with that geography and no other."""
    text = MASTERDATA.replace('gwp = "AR6"', 'gwp = "AR6"\nregion = "Europe"')
    found = [
        each.exported.document["pcf"]
        for each in catalogue(text).all().footprints
        if "urn:gtin:06400001000018" in each.exported.document["productIds"] and each.is_active
    ]
    assert [each["geographyRegionOrSubregion"] for each in found] == ["Europe"]
    assert "geographyCountry" not in found[0]
    # 37 kg without removals in FI, and SALT-3: 36 kg less 0.5 on 25 kg.
    assert Decimal(found[0]["pcfExcludingBiogenicUptake"]) == Decimal("1.02")


def test_a_validity_outside_of_what_the_standard_allows_is_not_taken(catalogue: CatalogueOf) -> None:
    text = MASTERDATA.replace('gwp = "AR6"', 'gwp = "AR6"\nvalid_from = 2025-06-01\nvalid_until = 2027-06-30')
    one = _by(catalogue(text), "06400001000018", "DE")[0].exported
    assert one.document["validityPeriodStart"] == "2026-01-01T00:00:00Z"
    assert one.document["validityPeriodEnd"] == "2027-07-01T00:00:00Z"
    assert "/validityPeriodStart" in {each.pointer for each in one.missing}


def test_master_data_say_nothing_of_what_others_made(client: Client, catalogue: CatalogueOf) -> None:
    (found,) = catalogue().of_batch(client.batch_id("mine/ORE-1"))
    assert found.exported.document["companyName"] == "Mine"
    assert "/pcf/ipccCharacterizationFactors: master data say nothing at [footprint] gwp" in found.lacks


def test_without_master_data_what_is_required_is_named(client: Client) -> None:
    found = Catalogue(client.index, parse('participant = "acme"')).of_batch(client.batch_id("acme/SALT-2"))
    assert {each.split(":")[0] for each in found[0].lacks} == {
        "/pcf/fossilCarbonContent",
        "/pcf/ipccCharacterizationFactors",
        "/pcf/crossSectoralStandards",
        "/pcf/exemptedEmissionsPercent",
    }
