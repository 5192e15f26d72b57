"""The referee: sound documents are sound, and of wrong ones each value is named, with what it should be."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.interop.referee_changes import DOUBTS, FAULTS, PRODUCTION
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


def test_times_at_the_end_of_the_calendar_are_compared_as_others() -> None:
    last = "9999-12-31T23:59:59Z"
    for member in ("validityPeriodStart", "validityPeriodEnd", "pcf/referencePeriodEnd"):
        assert isinstance(verdict(changed("pact-footprint", f"/{member}", last)), Verdict)
    found = verdict(changed("pact-footprint", "/pcf/referencePeriodEnd", last))
    assert [each.pointer for each in found.doubts if each.rule == "pact-validity"] == ["/validityPeriodStart"]


def test_a_total_is_right_if_it_is_rounded_to_the_digits_it_shows() -> None:
    assert verdict(changed("pact-footprint", "/pcf/pcfIncludingBiogenicUptake", "7.22")).sound
    assert verdict(changed("pact-footprint", "/pcf/pcfExcludingBiogenicUptake", "9.050")).sound
    noisy = changed("catenax-pcf", f"{PRODUCTION}/pcfExcludingBiogenicUptake", 4.300000000000001)
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
    assert found["serial_part-4.0.0"] == found["batch-4.0.0"] == []
    for path in sorted((shared / "data" / "epcis" / "documents").glob("*.json")):
        assert {each.rule for each in check(path.read_bytes(), path.name).findings} <= {
            "epcis",
            "epcis-same",
            "schema-asked",
        }
    for path in sorted((shared / "data" / "epcis" / "invalid").glob("*.json")):
        assert not check(path.read_bytes(), path.name).sound, path.name
