"""Filters beyond those of the conformance tests, and the regions of countries."""

from __future__ import annotations

from typing import Any

import pytest

from traceledger.errors import InputError
from traceledger.interop.pact import rules
from traceledger.interop.pact.choosing import Criteria
from traceledger.interop.pact.regions import region_of, regions_of
from traceledger.model import countries


def test_every_country_is_in_one_region_of_the_standard() -> None:
    found = {code: regions_of(code) for code in countries.codes()}
    assert {each for both in found.values() for each in both} == set(rules.REGIONS)
    assert {code for code, both in found.items() if not both} == {"AQ"}
    assert all(region_of(subregion) == region for subregion, region in filter(None, found.values()))


def _in(**pcf: str) -> dict[str, Any]:
    return {"status": "Active", "pcf": pcf}


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("FI", True),
        ("fi-07", True),
        ("Europe", True),
        ("northern europe", True),
        ("Western Europe", False),
        ("SE", False),
    ],
)
def test_what_is_within_a_geography_fits_it(asked: str, fits: bool) -> None:
    wanted = Criteria.of_query([("geography", asked)])
    assert wanted.fits(_in(geographyCountrySubdivision="FI-07")) == fits


def test_a_region_is_not_within_its_countries() -> None:
    assert not Criteria.of_query([("geography", "FI")]).fits(_in(geographyRegionOrSubregion="Europe"))
    europe = Criteria.of_query([("geography", "Europe")])
    assert europe.fits(_in(geographyRegionOrSubregion="Northern Europe"))
    assert not europe.fits(_in())
    assert region_of("Europe") is None
    assert regions_of("AQ") == ()


def test_criteria_of_an_event_stand_beside_each_other_or_within_pf() -> None:
    for data in ({"productId": ["urn:x:1"]}, {"pf": {"productIds": ["URN:X:1"]}, "comment": "please"}):
        wanted = Criteria.of_request(data)
        assert wanted.fits({"status": "Active", "productIds": ["urn:x:1"]})
        assert not wanted.fits({"status": "Active", "productIds": ["urn:x:2"]})
    with pytest.raises(InputError, match="names no criterion"):
        Criteria.of_request({"comment": "everything, please"})
    with pytest.raises(InputError, match="more than 100 values"):
        Criteria.of_request({"productId": ["urn:x:1"] * 101})


@pytest.mark.parametrize(
    ("filter_", "asked", "told"),
    [
        ("productId", "urn:gtin:6400001000025", {"productIds": ["urn:gtin:06400001000025"]}),
        ("productId", "urn:epc:idpat:sgtin:6400001.000002.*", {"productIds": ["urn:gtin:06400001000025"]}),
        ("productId", "https://maker.example/01/06400001000025", {"productIds": ["urn:gtin:6400001000025"]}),
        ("companyId", "urn:gln:6400001000001", {"companyIds": ["urn:epc:id:pgln:6400001.00000"]}),
    ],
)
def test_a_key_in_another_notation_is_the_same(filter_: str, asked: str, told: dict[str, Any]) -> None:
    wanted = Criteria.of_query([(filter_, asked)])
    assert wanted.fits({"status": "Active", **told})
    assert not wanted.fits({"status": "Active", filter_ + "s": ["urn:gtin:06400001000018"]})


@pytest.mark.parametrize(
    "asked", ["urn:gtin:6400001000026", "urn:epc:id:sgtin:x", "(01)1", "urn:gln:12345678"]
)
def test_what_is_no_key_is_compared_as_it_is(asked: str) -> None:
    wanted = Criteria.of_query([("productId", asked)])
    assert wanted.fits({"status": "Active", "productIds": [asked.upper()]})


@pytest.mark.parametrize("asked", ["x", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00 23:59"])
def test_what_is_no_time_is_said(asked: str) -> None:
    with pytest.raises(InputError, match="is no time"):
        Criteria.of_query([("validOn", asked)])
