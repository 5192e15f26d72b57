"""The referee: sound documents are sound, and of wrong ones each value is named, with what it should be."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.interop.referee_documents import GONE, SOUND, changed
from traceledger.errors import InputError
from traceledger.interop.referee.checking import KINDS, Verdict, check, check_all
from traceledger.interop.referee.rules import RULES


def verdict(document: Any, kind: str = "") -> Verdict:
    return check(json.dumps(document).encode(), "document.json", kind)


def test_every_kind_has_a_sound_document_here() -> None:
    assert set(SOUND) == set(KINDS)


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_document_is_recognised_and_sound(kind: str) -> None:
    found = verdict(SOUND[kind])
    assert found.kind is not None and found.kind.name == kind
    assert [(each.pointer, each.what) for each in (*found.faults, *found.doubts)] == []
    assert found.sound


_PRODUCTION = "/productLifeCycleStagesAndEmissions/0/productionStage/0"
_DISTRIBUTION = "/productLifeCycleStagesAndEmissions/0/distributionStage/0"
_ASSESSED = "/pcfAssessmentAndMethodology/0/pcfAssessmentInformation/0"
_SHARES = "/pcfValues/sharesPerStage"
_RATED, _DYNAMIC = "/performance/rated", "/performance/dynamic"
_AREAS = "/TechnicalPropertyAreas"
_EVENTS = "/epcisBody/eventList"

#: Kind, what is changed, to what, where the fault is (empty: there), by which rule, what it should be.
FAULTS: list[tuple[str, str, Any, str, str, str]] = [
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "9.06", "", "pact-excluding", "9.05"),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "9.04", "", "pact-excluding", "9.05"),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "-9.05", "", "pact-excluding", "9.05"),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "905", "", "pact-excluding", "9.05"),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "9.0500001", "", "pact-excluding", "9.05"),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "9,05", "", "figure", '"9.05"'),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "NaN", "", "figure", ""),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "Infinity", "", "figure", ""),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "1e3", "", "figure", ""),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "", "", "figure", ""),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", " 9.05", "", "figure", ""),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "9" * 61, "", "figure", ""),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", 9.05, "", "figure", '"9.05"'),
    ("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", GONE, "", "shape", ""),
    ("pact-footprint", "/pcf/pcfIncludingBiogenicUptake", "7.218", "", "pact-including", "7.219"),
    ("pact-footprint", "/pcf/pcfIncludingBiogenicUptake", "10.881", "", "pact-including", "7.219"),
    ("pact-footprint", "/pcf/landManagementBiogenicCO2Removals", "0.20", "", "sign", "-0.20"),
    ("pact-footprint", "/pcf/technologicalCO2Removals", "0.20", "", "sign", "-0.20"),
    ("pact-footprint", "/pcf/biogenicCO2Uptake", "1.831", "", "sign", "-1.831"),
    ("pact-footprint", "/pcf/fossilGhgEmissions", "-9.20", "", "sign", "9.20"),
    ("pact-footprint", "/pcf/declaredUnitAmount", "0", "", "sign", "above zero"),
    ("pact-footprint", "/pcf/primaryDataShare", "162.5", "", "percent", "at most 100"),
    ("pact-footprint", "/pcf/dqi/technologicalDQR", "0.5", "", "range", "1 to 5"),
    ("pact-footprint", "/pcf/productMassPerDeclaredUnit", "1000", "", "pact-mass", "1"),
    ("pact-footprint", "/pcf/recycledCarbonContent", "0.7", "", "pact-carbon", "0.5995"),
    (
        "pact-footprint",
        "/pcf/fossilCarbonContent",
        "0.9",
        "/pcf/productMassPerDeclaredUnit",
        "pact-carbon",
        "1.3995",
    ),
    ("pact-footprint", "/pcf/packagingGhgEmissions", "12", "", "pact-part", "9.45"),
    ("pact-footprint", "/pcf/landManagementFossilGhgEmissions", "9.3", "", "pact-part", "9.20"),
    (
        "pact-footprint",
        "/pcf/packagingEmissionsIncluded",
        False,
        "/pcf/packagingGhgEmissions",
        "pact-packaging",
        "",
    ),
    (
        "pact-footprint",
        "/pcf/ccsTechnologicalCO2CaptureIncluded",
        False,
        "/pcf/technologicalCO2Removals",
        "pact-capture",
        "left out",
    ),
    (
        "pact-footprint",
        "/pcf/geographyCountrySubdivision",
        "FI-01",
        "/pcf/geographyCountry",
        "pact-geography",
        "",
    ),
    ("pact-footprint", "/pcf/geographyCountry", "XX", "", "identifier", "ISO 3166-1"),
    ("pact-footprint", "/pcf/referencePeriodEnd", "2024-01-01T00:00:00Z", "", "period", "2025-01-01"),
    ("pact-footprint", "/pcf/referencePeriodEnd", "2026-02-30T00:00:00Z", "", "shape", "time with its zone"),
    ("pact-footprint", "/productIds/0", "urn:gtin:4712345060508", "", "check-digit", ""),
    ("pact-footprint", "/companyIds/0", "urn:gln:4000001000006", "", "check-digit", ""),
    ("pact-footprint", "/productClassifications/0", "urn:x:cas:7440-48-5", "", "check-digit", "7440-48-4"),
    (
        "pact-footprint",
        "/productIds/0",
        "urn:uuid:69585GB6-56T9-6958-E526-6FDGZJHU1326",
        "",
        "identifier",
        "",
    ),
    ("pact-footprint", "/specVersion", "2.3.0", "", "pact-version", "3.0.3"),
    ("pact-footprint", "/status", "active", "", "shape", '"Active"'),
    ("pact-footprint", "/pcf/crossSectoralStandards", ["PEF", "PEF"], "", "twice", "once"),
    ("pact-response", "/data", [SOUND["pact-footprint"]] * 2, "/data/1/id", "twice", ""),
    ("pact-event", "/data/pfs", [], "", "pact-event", "at least one"),
    (
        "pact-event",
        "/type",
        "org.wbcsd.pathfinder.ProductFootprintRequest.Fulfilled.v1",
        "",
        "pact-event",
        "Event.3",
    ),
    ("catenax-pcf", f"{_PRODUCTION}/pcfExcludingBiogenicUptake", 4.4, "", "pcf-excluding", "4.3"),
    ("catenax-pcf", f"{_PRODUCTION}/pcfIncludingBiogenicUptake", 2.9, "", "pcf-including", "2.8"),
    ("catenax-pcf", f"{_PRODUCTION}/biogenicCO2Uptake", 1.5, "", "range", "at most 0"),
    ("catenax-pcf", f"{_PRODUCTION}/fossilGhgEmissions", "0,5", "", "shape", "0.5"),
    (
        "catenax-pcf",
        f"{_DISTRIBUTION}/distributionStagePcfExcludingBiogenicUptake",
        1.5,
        "",
        "pcf-excluding",
        "0.15",
    ),
    ("catenax-pcf", "/carbonContent/0/carbonContentTotal", 0.52, "", "pcf-carbon", "0.5"),
    (
        "catenax-pcf",
        "/companyAndProductInformation/0/productInformation/0/productMassPerDeclaredUnit",
        2000,
        "",
        "pcf-mass",
        "2",
    ),
    (
        "catenax-pcf",
        f"{_ASSESSED}/geography/0/geographyCountrySubdivision",
        "US-NY",
        "",
        "pcf-geography",
        "DE",
    ),
    ("catenax-pcf-component", f"{_SHARES}/absPcfValue/stageValue", 9.96, "", "component-stages", "9.95"),
    (
        "catenax-pcf-component",
        "/contentC02Metals/0",
        "Specific Content: 60%; Specific Content: 41%",
        "",
        "composition",
        "",
    ),
    ("catenax-pcf-component", "/validityPeriod/validTo", "2025-01-01T00:00:00Z", "", "period", "2026"),
    ("catenax-battery-pass", "/sustainability/carbonFootprint/0/value", 63, "", "stages", "61.5"),
    (
        "catenax-battery-pass",
        "/sustainability/carbonFootprint/1/value",
        50,
        "/sustainability/carbonFootprint/0/value",
        "footprint-types",
        "51.5",
    ),
    ("catenax-battery-pass", f"{_RATED}/voltage/min", 400, f"{_RATED}/voltage/nominal", "voltage", "400"),
    ("catenax-battery-pass", f"{_RATED}/energy/value", 78000, "", "energy", "78.1"),
    ("catenax-battery-pass", f"{_RATED}/temperature/upper", -40, "", "temperature", "-30"),
    ("catenax-battery-pass", f"{_DYNAMIC}/capacity/fade/value", 20, "", "fade", "10"),
    ("catenax-battery-pass", f"{_DYNAMIC}/energy/soce/value", 9, "", "fade", "90"),
    ("catenax-battery-pass", f"{_DYNAMIC}/resistance/increase/cell/value", 5, "", "fade", "50"),
    ("catenax-battery-pass", "/materials/composition/1/concentration", 200000, "", "composition", "100 %"),
    ("catenax-battery-pass", "/materials/hazardous/lead/recycled", 3, "", "lead", "16"),
    ("catenax-battery-pass", "/materials/composition/0/id/0/id", "201-004-7", "", "identifier", ""),
    (
        "catenax-battery-pass",
        "/identification/identification/codes/0/value",
        "4712345060508",
        "",
        "check-digit",
        "",
    ),
    ("catenax-battery-pass", "/operation/intoServiceDate", "7172-75-08", "", "time", ""),
    ("catenax-battery-pass", "/operation/intoServiceDate", "2026-01-01", "", "passport-dates", "2026-03-01"),
    ("batterypass-carbon-footprint", "/batteryCarbonFootprint", 61.6, "", "stages", "61.5"),
    ("batterypass-carbon-footprint", "/batteryCarbonFootprint", -1, "", "range", "at least 0"),
    ("batterypass-carbon-footprint", "/absoluteCarbonFootprint", 1e40, "", "figure", ""),
    (
        "batterypass-carbon-footprint",
        "/carbonFootprintPerLifecycleStage/0/carbonFootprint",
        -1,
        "",
        "sign",
        "",
    ),
    ("batterypass-circularity", "/recycledContent/0/postConsumerShare", 96, "", "recycled", "at most 95"),
    ("batterypass-circularity", "/recycledContent/1/recycledMaterial", "Cobalt", "", "twice", ""),
    ("batterypass-circularity", "/renewableContent", -12143.4, "", "percent", "0 to 100"),
    (
        "batterypass-material-composition",
        "/batteryMaterials/0/batteryMaterialMass",
        -1,
        "",
        "range",
        "at least 0",
    ),
    (
        "batterypass-material-composition",
        "/hazardousSubstances/1/hazardousSubstanceConcentration",
        41,
        "",
        "composition",
        "100 %",
    ),
    (
        "batterypass-material-composition",
        "/batteryMaterials/0/batteryMaterialIdentifier",
        "7440-48-4 ",
        "",
        "identifier",
        "7440-48-4",
    ),
    ("idta-carbon-footprint", "/ProductCarbonFootprints/0/PcfCo2eq", 61.4, "", "stages", "61.5"),
    ("idta-technical-data", f"{_AREAS}/CapacityEnergyVoltage/MaxVoltage", 300, "", "voltage", "355"),
    (
        "idta-technical-data",
        f"{_AREAS}/Lifetime/CrateOfRelevantCycleLifeTest",
        -57931.4,
        "",
        "range",
        "more than 0",
    ),
    ("idta-product-condition", "/StateOfCharge/StateOfChargeValue", 120, "", "range", "at most 100"),
    (
        "idta-nameplate",
        "/URIOfTheProduct",
        "https://id.gs1.org/01/04712345060508/21/1",
        "",
        "check-digit",
        "",
    ),
    ("idta-nameplate", "/Markings/0/ExpiryDate", "2020-01-01", "", "period", "2026-01-01"),
    ("epcis", f"{_EVENTS}/0/bizStep", "transforming", "", "epcis", ""),
    ("epcis", f"{_EVENTS}/0/quantityList/0/quantity", -1000, "", "epcis-quantity", "1000"),
    ("epcis", f"{_EVENTS}/0/tl:emissions/tl:primary", "7 t", "", "epcis-extension", "6 t"),
    (
        "epcis",
        f"{_EVENTS}/1/tl:losses/0/tl:mass",
        "1 kg",
        f"{_EVENTS}/1/tl:losses",
        "epcis-extension",
        "50 kg",
    ),
    (
        "epcis",
        f"{_EVENTS}/1/tl:lots/0/tl:substances/0/tl:mass",
        "800 kg",
        f"{_EVENTS}/1/tl:lots/0",
        "epcis-extension",
        "",
    ),
    (
        "epcis",
        f"{_EVENTS}/2/outputQuantityList/0/quantity",
        7,
        f"{_EVENTS}/2/outputQuantityList",
        "epcis-mass",
        "10 kg",
    ),
]
#: The same of what may be right.
DOUBTS: list[tuple[str, str, Any, str, str, str]] = [
    ("pact-footprint", "/pcf/primaryDataShare", "0.625", "", "percent", "62.5"),
    (
        "pact-footprint",
        "/pcf",
        SOUND["pact-footprint"]["pcf"]
        | {"primaryDataShare": "100", "secondaryEmissionFactorSources": [{"name": "x", "version": "1"}]},
        "/pcf/secondaryEmissionFactorSources",
        "pact-sources",
        "left out",
    ),
    ("pact-footprint", "/pcf/exemptedEmissionsPercent", "5.1", "", "pact-exempted", "at most 5"),
    (
        "pact-footprint",
        "/pcf/biogenicCarbonContent",
        "0.1",
        "/pcf/biogenicCO2Uptake",
        "pact-uptake",
        "-0.366",
    ),
    ("pact-footprint", "/validityPeriodEnd", "2030-01-01T00:00:00Z", "", "pact-validity", "2029-01-01"),
    (
        "pact-footprint",
        "/precedingPfIds",
        [SOUND["pact-footprint"]["id"]],
        "/precedingPfIds/0",
        "pact-lifecycle",
        "",
    ),
    (
        "pact-footprint",
        "/pcf/productOrSectorSpecificRules",
        [{"operator": "Other", "ruleNames": ["x"]}],
        "/pcf/productOrSectorSpecificRules/0/operator",
        "pact-rules",
        "",
    ),
    (
        "catenax-pcf",
        f"{_DISTRIBUTION}/distributionStageIncluded",
        False,
        f"{_DISTRIBUTION}/distributionStagePcfExcludingBiogenicUptake",
        "pcf-stages",
        "0",
    ),
    (
        "catenax-pcf",
        f"{_ASSESSED}/boundarySpecifications/0/exemptedEmissionsPercent",
        4,
        "",
        "pcf-exempted",
        "3",
    ),
    (
        "catenax-pcf",
        f"{_ASSESSED}/time/0/validityPeriodStart",
        "2025-02-01T00:00:00Z",
        "",
        "pcf-validity",
        "2025-12-31",
    ),
    ("catenax-pcf-component", "/dataQualityRating", 3, "", "component-quality", "1.66667"),
    ("catenax-battery-pass", f"{_RATED}/roundTripEfficiency/50PercentLife", 97, "", "efficiency", ""),
    ("batterypass-general", "/batteryMass", 430000, "", "unit", "430"),
    ("batterypass-material-composition", "/batteryMaterials/0/batteryMaterialMass", 12, "", "unit", "gram"),
    (
        "batterypass-material-composition",
        "/batteryMaterials/0/isCriticalRawMaterial",
        False,
        "",
        "critical",
        "true",
    ),
    ("idta-material-composition", "/BatteryMaterials/0/BatteryMaterialMass", 52000, "", "unit", "kilogram"),
    (
        "idta-technical-data",
        f"{_AREAS}/RoundTripEnergyEfficiency/InitialRoundTripEnergyEfficiency",
        0.96,
        "",
        "percent",
        "96",
    ),
    (
        "epcis",
        f"{_EVENTS}/3/outputQuantityList/0/quantity",
        12,
        f"{_EVENTS}/3/outputQuantityList",
        "epcis-mass",
        "10 kg",
    ),
    ("epcis", f"{_EVENTS}/0/recordTime", "2025-01-02T00:00:00Z", "", "epcis-times", "2026-01-01"),
    (
        "epcis",
        f"{_EVENTS}/0/epcList",
        ["urn:epc:id:sgtin:4012345.011111.9876", "https://id.gs1.org/01/04012345111118/21/9876"],
        f"{_EVENTS}/0/epcList/1",
        "epcis-same",
        "once",
    ),
    ("catenax-pcf", f"{_PRODUCTION}/pcfIncludingBiogenicUptake", 4.3, "", "pcf-including", "2.8"),
    ("pact-footprint", "/specVersion", "4.0.0", "", "pact-version", ""),
]


@pytest.mark.parametrize(("kind", "changes", "to", "where", "rule", "expected"), FAULTS)
def test_what_is_wrong_is_named_at_its_place(
    kind: str, changes: str, to: Any, where: str, rule: str, expected: str
) -> None:
    found = verdict(changed(kind, changes, to), kind)
    assert not found.sound
    named = [each for each in found.faults if each.pointer.startswith(where or changes)]
    assert named, [(each.pointer, each.what) for each in found.faults]
    assert any(each.rule == rule and expected in each.expected for each in named) or not rule, named


@pytest.mark.parametrize(("kind", "changes", "to", "where", "rule", "expected"), DOUBTS)
def test_what_may_be_right_is_doubted(
    kind: str, changes: str, to: Any, where: str, rule: str, expected: str
) -> None:
    found = verdict(changed(kind, changes, to), kind)
    assert found.sound, [(each.pointer, each.what) for each in found.faults]
    named = [each for each in found.doubts if each.pointer == (where or changes)]
    assert any(each.rule == rule and expected in each.expected for each in named), found.doubts


def test_every_rule_of_a_standard_is_broken_by_a_document_here() -> None:
    broken = {row[4] for row in (*FAULTS, *DOUBTS)} - {""}
    elsewhere = {
        "json",
        "kind",
        "schema",
        "schema-asked",
        "article-8",
        "across",
    }
    assert set(RULES) - broken == elsewhere


def test_a_total_is_right_if_it_is_rounded_to_the_digits_it_shows() -> None:
    assert verdict(changed("pact-footprint", "/pcf/pcfIncludingBiogenicUptake", "7.22")).sound
    assert verdict(changed("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "9.050")).sound
    noisy = changed("catenax-pcf", f"{_PRODUCTION}/pcfExcludingBiogenicUptake", 4.300000000000001)
    assert verdict(noisy).sound


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        # Examples 1, 2 and 4 of the specification add land management's fossil emissions once more.
        (
            {
                "fossilGhgEmissions": "0.35",
                "landManagementFossilGhgEmissions": "0.03",
                "landManagementBiogenicCO2Emissions": "0.004",
                "biogenicNonCO2Emissions": "0.002",
            },
            "0.384",
        ),
        (
            {
                "fossilGhgEmissions": "0.17",
                "landUseChangeGhgEmissions": "0.2",
                "landManagementFossilGhgEmissions": "0.05",
                "biogenicNonCO2Emissions": "0.001",
            },
            "0.42",
        ),
    ],
)
def test_another_reading_of_the_standard_is_doubtful_not_wrong(parts: dict[str, str], total: str) -> None:
    document = changed("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", total)
    pcf = document["pcf"]
    for name in (
        "landUseChangeGhgEmissions",
        "landManagementBiogenicCO2Removals",
        "technologicalCO2Removals",
        "packagingGhgEmissions",
        "aircraftGhgEmissions",
        "biogenicCO2Uptake",
        "biogenicCarbonContent",
    ):
        pcf.pop(name, None)
    pcf |= {**parts, "pcfIncludingBiogenicUptake": total}
    found = verdict(document)
    assert found.sound, found.faults
    assert [each.rule for each in found.doubts] == ["pact-excluding"]


def test_several_documents_of_one_battery_are_compared() -> None:
    heavy = changed("idta-material-composition", "/BatteryMaterials/0/BatteryMaterialMass", 500)
    other = changed("idta-technical-data", "/GeneralInformation/BatteryMass", 433)
    named = {"general": SOUND["batterypass-general"], "materials": heavy, "technical": other}
    found = check_all([(name, json.dumps(each).encode()) for name, each in named.items()])
    assert [(each.rule, each.expected) for verdict in found for each in verdict.faults] == [
        ("composition", "at most 430 kg together"),
        ("across", "430"),
    ]
    sound = [(kind, json.dumps(each).encode()) for kind, each in SOUND.items()]
    assert [each.name for each in check_all(sound) if not each.sound] == []


def test_article_8_is_a_note() -> None:
    notes = [
        each.what for each in verdict(SOUND["batterypass-circularity"]).notes if each.rule == "article-8"
    ]
    assert notes == [
        "Cobalt: 17 % is recycled, less than Article 8 asks: 26 % from 2036",
        "Nickel: 3 % is recycled, less than Article 8 asks: 6 % from 2031, 15 % from 2036",
    ]


def test_a_part_may_leave_members_out() -> None:
    part = changed("batterypass-material-composition", "/batteryChemistry", GONE)
    content = json.dumps(part).encode()
    assert not check(content, "part.json").sound
    assert check(content, "part.json", part=True).sound


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "EOF"),
        (b"{", "EOF"),
        (b"\xff\xfe", "UTF-8"),
        (b"<epcis/>", "XML"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": NaN}', "JSON"),
        (b'{"a": 1e99999999999999999999}', "digits"),
        (b'{"a":' * 3000, "recursion"),
        (b"[]", "no JSON object"),
        (b"12", "no JSON object"),
        (b'{"title": "x"}', "begins with title"),
        (b'{"modelType": "Submodel"}', "asset administration shell"),
    ],
)
def test_what_is_no_document_is_said(content: bytes, says: str) -> None:
    found = check(content, "x")
    assert found.kind is None and not found.sound
    assert says in found.faults[0].what


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="pact-footprnt"):
        check(b"{}", "x", "pact-footprnt")


_STRANGE: list[Any] = [
    None,
    True,
    -1,
    1e308,
    10**40,
    "",
    "1,5",
    "NaN",
    "x" * 3000,
    "\u202e\0",
    [],
    {},
    [None],
]
_STRANGE += [
    {"value": None},
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "urn:gtin:²",
    "urn:lei:",
    "٣",
]


def _paths(value: Any, path: str = "") -> list[str]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for name, item in inner for each in _paths(item, f"{path}/{name}"))]


def test_no_value_makes_it_crash() -> None:
    chance = random.Random(7)
    for _ in range(600):
        kind = chance.choice(list(SOUND))
        place = chance.choice([each for each in _paths(SOUND[kind]) if each])
        document = changed(kind, place, chance.choice(_STRANGE))
        for asked in ("", kind, chance.choice(list(KINDS))):
            json.dumps(verdict(document, asked).to_dict())


def test_samples_of_others_are_judged(shared: Path) -> None:
    """Values of samples are random: what is wrong with them is known, and nothing else is said."""
    folder = shared / "data" / "schemas"
    found = {}
    for path in sorted((*folder.glob("*/*/*.json"), *folder.glob("batterypass/*/*.json"))):
        if "schema" not in path.name:
            told = check(path.read_bytes(), path.name)
            found[path.parent.name] = sorted({each.rule for each in told.faults})
    assert found["pcf-9.0.0"] == ["pcf-carbon", "pcf-excluding", "pcf-geography", "pcf-including"]
    assert found["pcf_for_battery_component_supplier-1.0.0"] == ["component-stages"]
    assert found["product_condition-1.0.1"] == found["digital_nameplate-1.0.0"] == []
    assert found["technical_data-1.0.1"] == ["energy", "figure", "range", "temperature"]
    assert found["circularity-1.0.0"] == ["percent", "recycled"]
    assert found["serial_part-4.0.0"] == ["kind"]
    for path in sorted((shared / "data" / "epcis" / "documents").glob("*.json")):
        assert {each.rule for each in check(path.read_bytes(), path.name).findings} <= {
            "epcis",
            "epcis-same",
            "schema-asked",
        }
    for path in sorted((shared / "data" / "epcis" / "invalid").glob("*.json")):
        assert not check(path.read_bytes(), path.name).sound, path.name
