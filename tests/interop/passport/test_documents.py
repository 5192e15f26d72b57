"""Passports as documents: whole by their schemas, a source for each value, sums that add up as written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for

from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.formats import FORMATS, Format, listed
from traceledger.interop.passport.making import Passport, passport
from traceledger.reporting.recycled import Wanted, recycled

FORMS = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))


@pytest.fixture(scope="session")
def published(shared: Path) -> dict[str, Any]:
    """The official schemas by the URN of their model."""
    found = (json.loads(path.read_bytes()) for path in (shared / "data/schemas").rglob("*-schema.json"))
    return {each["x-samm-aspect-model-urn"]: each for each in found if "x-samm-aspect-model-urn" in each}


def leaves(document: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Each value that is no structure, with its place."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from leaves(value, f"{pointer}/{key}")
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from leaves(value, f"{pointer}/{place}")
    else:
        yield pointer, document


def written(made: Passport) -> Any:
    """The document as a reader of exact decimals gets it."""
    return json.loads(json.dumps(made.exported.document), parse_float=Decimal)


@FORMS
def test_whole_by_the_official_schema(form: Format, battery: Battery, published: dict[str, Any]) -> None:
    made = passport(battery, form, Reader.COMPLETE)
    assert made.lacking == ()
    validator = validator_for(published[form.urn], validate_formats=True)
    assert [fault.message for fault in validator.iter_errors(made.exported.document)] == []


def _places(schema: dict[str, Any], node: dict[str, Any], place: str = "") -> Iterator[str]:
    """The places of all values that a schema knows; elements of arrays are 0."""
    while "$ref" in node:
        target: Any = schema
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    parts = [node, *node.get("allOf", ())]
    for part in parts[1:]:
        yield from _places(schema, part, place)
    if "properties" in node:
        for name, inner in node["properties"].items():
            yield from _places(schema, inner, f"{place}/{name}")
    elif "items" in node:
        yield from _places(schema, node["items"], f"{place}/0")
    elif len(parts) == 1:
        yield place


@FORMS
def test_every_member_of_a_schema_has_its_place_in_the_table(
    form: Format, battery: Battery, published: dict[str, Any]
) -> None:
    schema = published[form.urn]
    known = set(_places(schema, schema))
    made = passport(battery, form, Reader.COMPLETE).exported
    said = [each.pointer for each in (*made.sources, *made.missing)]
    # A map of texts by language is one value to a schema.
    told = {re.sub(r"/\d+(?=/|$)", "/0", re.sub(r"/(en|und)$", "", each)) for each in said}
    left_out = [each.removesuffix("/*") for each in form.left_out]
    for place in known:
        beneath = any(each == place or place.startswith(f"{each}/") for each in (*told, *left_out))
        assert beneath or any(each.startswith(f"{place}/") for each in told), place
    # What a schema does not know it lets pass: a slip of the pen would be found by nobody else.
    for place in told:
        assert any(place == each or each.startswith(f"{place}/") for each in known), place


@FORMS
@pytest.mark.parametrize("reader", list(Reader))
def test_every_value_has_its_source(form: Format, reader: Reader, battery: Battery) -> None:
    made = passport(battery, form, reader)
    values = made.sidecar["values"]
    assert sorted(place for place, _ in leaves(made.exported.document)) == sorted(
        each["pointer"] for each in values
    )
    for each in values:
        assert each["what"]
        match each["origin"]:
            case "ledger":
                assert each["events"], each
                for reference in each["events"]:
                    block, log = map(int, reference.split("/"))
                    assert battery.ledger.many.log(block, log) is not None
            case "master_data":
                assert "gothia.toml" in each["what"]
            case _:
                assert "events" not in each


@FORMS
def test_nothing_of_a_narrower_class_is_in_a_file(form: Format, battery: Battery) -> None:
    members = listed(form)["members"]
    complete = {value for _, value in leaves(passport(battery, form, Reader.COMPLETE).exported.document)}
    for reader in form.readers:
        made = passport(battery, form, reader)
        document = made.exported.document
        for member in members:
            if reader.value not in member["readers"]:
                assert _at(document, member["member"]) is None, (reader, member)
                assert member["member"] in made.sidecar["withheld"]
        assert {value for _, value in leaves(document)} <= complete


def _at(document: Any, place: str) -> Any:
    for step in place.split("/")[1:]:
        try:
            document = document[int(step)] if isinstance(document, list) else document[step]
        except (KeyError, IndexError, ValueError):
            return None
    return document


def test_the_public_learns_of_critical_materials_but_not_how_much(battery: Battery) -> None:
    public = passport(battery, FORMATS["batterypass-material-composition"], Reader.PUBLIC)
    materials = public.exported.document["batteryMaterials"]
    assert {each["batteryMaterialName"] for each in materials} == {
        *("Cobalt", "Graphite", "Lithium", "Manganese", "Nickel")
    }
    for each in materials:
        assert each.keys() == {*("batteryMaterialIdentifier", "batteryMaterialName", "isCriticalRawMaterial")}
    assert "assessments" not in public.sidecar["due_diligence"]
    assert "lives" not in public.sidecar
    assert "katanga" not in json.dumps(public.sidecar)


def test_stages_sum_to_the_footprint(battery: Battery) -> None:
    own = written(passport(battery, FORMATS["batterypass-carbon-footprint"], Reader.PUBLIC))
    whole = own["batteryCarbonFootprint"]
    stages = [each["carbonFootprint"] for each in own["carbonFootprintPerLifecycleStage"]]
    assert sum(stages) == whole
    # And in the other two models the same figures stand.
    catenax = written(passport(battery, FORMATS["catenax-battery-pass"], Reader.PUBLIC))
    assert [each["value"] for each in catenax["sustainability"]["carbonFootprint"]] == stages
    idta = written(passport(battery, FORMATS["idta-carbon-footprint"], Reader.PUBLIC))
    amounts = [each["PcfCo2eq"] for each in idta["ProductCarbonFootprints"]]
    assert amounts == [whole, *stages]
    assert abs(own["absoluteCarbonFootprint"] / 117000 - whole) < Decimal("1e-12")


def test_the_footprint_is_the_average_of_the_packs(battery: Battery) -> None:
    packs = [f"gothia/PACK-000{number}" for number in (1, 2, 3)]
    assert [lot.trace.batch for lot in battery.averaged] == packs
    total = sum(lot.trace.footprint.used.total_mg for lot in battery.averaged)
    own = written(passport(battery, FORMATS["batterypass-carbon-footprint"], Reader.PUBLIC))
    exact = Fraction(total, 3 * 10**6)
    assert abs(Fraction(Decimal(str(own["absoluteCarbonFootprint"]))) - exact) < Fraction(1, 10**10)


def test_masses_in_the_models_own_units(battery: Battery) -> None:
    grams = written(passport(battery, FORMATS["batterypass-material-composition"], Reader.COMPLETE))
    kilograms = written(passport(battery, FORMATS["idta-material-composition"], Reader.COMPLETE))
    catenax = written(passport(battery, FORMATS["catenax-battery-pass"], Reader.COMPLETE))
    of = {each["batteryMaterialName"]: each["batteryMaterialMass"] for each in grams["batteryMaterials"]}
    weight = catenax["characteristics"]["physicalDimension"]["weight"]
    assert weight["unit"] == "unit:kilogram"
    for each, other in zip(kilograms["BatteryMaterials"], catenax["materials"]["composition"], strict=True):
        mass = each["BatteryMaterialMass"]
        assert abs(mass * 1000 - of[each["BatteryMaterialName"]]) < Decimal("1e-8")
        assert abs(other["concentration"] * weight["value"] / 100 - mass) < Decimal("1e-10")
    cobalt_mg = sum(lot.trace.made_substances_mg[27] for lot in battery.averaged)
    assert abs(of["Cobalt"] * 3 * 1000 - cobalt_mg) < Decimal("1e-7")


def test_recycled_content_of_articles_and_models_agree(battery: Battery) -> None:
    own = written(passport(battery, FORMATS["batterypass-circularity"], Reader.PUBLIC))
    catenax = written(passport(battery, FORMATS["catenax-battery-pass"], Reader.PUBLIC))
    assert {each["recycledMaterial"] for each in own["recycledContent"]} == {"Cobalt", "Nickel", "Lithium"}
    for each in own["recycledContent"]:
        active = catenax["materials"]["active"][each["recycledMaterial"].lower()]
        assert each["preConsumerShare"] + each["postConsumerShare"] == active["recycled"]


def test_recycled_content_is_that_of_the_report(battery: Battery) -> None:
    report = recycled(battery.ledger, Wanted(materials=("pack",)))
    own = written(passport(battery, FORMATS["batterypass-circularity"], Reader.PUBLIC))
    for number, name in ((27, "Cobalt"), (28, "Nickel"), (3, "Lithium")):
        row = report.of("pack", "gothia/gothenburg-packs", 2026, number)
        assert row is not None
        assert row.share is not None
        (each,) = (each for each in own["recycledContent"] if each["recycledMaterial"] == name)
        shown = Fraction(each["preConsumerShare"] + each["postConsumerShare"])
        assert abs(shown - row.share * 100) < Fraction(1, 10**12)


def test_a_products_footprint_adds_up(battery: Battery) -> None:
    made = written(passport(battery, FORMATS["catenax-pcf"], Reader.COMPLETE))
    stage = made["productLifeCycleStagesAndEmissions"][0]["productionStage"][0]
    parts = (
        "fossilGhgEmissions",
        "biogenicNonCO2Emissions",
        "landUseChangeGhgEmissions",
        "aircraftGhgEmissions",
    )
    whole = stage["pcfExcludingBiogenicUptake"]
    assert sum(stage.get(each, 0) for each in parts) == whole
    assert whole + stage.get("biogenicCO2Uptake", 0) == stage["pcfIncludingBiogenicUptake"]
    component = written(passport(battery, FORMATS["catenax-pcf-component"], Reader.COMPLETE))
    shares = component["pcfValues"]["sharesPerStage"]
    stages = [each["stageValue"] for key, each in shares.items() if key.startswith("stage")]
    assert sum(stages) == shares["absPcfValue"]["stageValue"]


def test_a_name_says_whether_ledger_or_master_data_know_it(battery: Battery) -> None:
    made = passport(battery, FORMATS["catenax-pcf"], Reader.COMPLETE).exported
    values = dict(leaves(made.document))
    origins = {
        str(values[each.pointer]): each.origin.value for each in made.sources if "Ids/" in each.pointer
    }
    assert origins["urn:bpn:id:BPNL00000000GOTH"] == origins["urn:gtin:09521100000017"] == "master_data"
    assert origins["urn:traceledger:participant:gothia"] == "ledger"


def test_documents_that_models_name_are_handed_over(battery: Battery) -> None:
    handed = passport(battery, FORMATS["idta-handover-documentation"], Reader.COMPLETE).exported.document
    known = {each["DocumentIds"][0]["DocumentIdentifier"] for each in handed["Documents"]}
    circularity = passport(battery, FORMATS["idta-circularity"], Reader.COMPLETE).exported.document
    footprint = passport(battery, FORMATS["idta-carbon-footprint"], Reader.COMPLETE).exported.document
    named = {
        *circularity["DismantlingAndRemovalInformation"],
        *circularity["EndOfLifeInformation"]["WastePrevention"],
        *footprint["ProductCarbonFootprints"][0]["WebLinkToPublicCarbonFootprintStudy"],
    }
    assert named <= known
