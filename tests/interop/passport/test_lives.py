"""What was there before and what came after: reused, repurposed, recycled, waste."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import ledgers
from tests.clients import client_of, write
from tests.interop.passport.conftest import GOTHIA, battery_of
from traceledger.client.client import Client
from traceledger.interop import masterdata
from traceledger.interop.passport import identity
from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.batteries import Per
from traceledger.interop.passport.formats import FORMATS
from traceledger.interop.passport.making import passport

EVIDENCE = [{"uri": "https://example.org/lusatia/inspection.pdf", "sha256": "11" * 32}]
AT = "2026-11-02T09:00:00Z"
SITE = "schwarzheide-plant"
SECOND_LIFE: list[dict[str, Any]] = [
    {"op": "assess", "as": "argus", "assessment": "AR-2026-11", "facility": "kokkola/kokkola-refinery"}
    | {"kind": "audit", "scheme": "RMI", "score": "91 %", "valid_from": "2026-01-01T00:00:00Z"}
    | {"valid_until": "2029-12-31T23:59:59Z", "issuer": "Argus Example Assurance", "at": AT}
    | {"evidence": [{"uri": "https://argus.example/reports/kokkola.txt", "sha256": "22" * 32}]},
    {"op": "define_material", "material": "storage-battery", "name": "Stationary storage battery"}
    | {"substances": ["Li", "C", "Mn", "Co", "Ni", "mica"]},
    {"op": "approve_origin", "facility": f"lusatia/{SITE}", "material": "storage-battery"}
    | {"origin": "post_consumer", "capacity_per_year": "100 t"},
    {"op": "take_back", "as": "lusatia", "batch": "oem/VIN-1", "facility": SITE, "at": AT}
    | {"evidence": EVIDENCE},
    {"op": "transform", "as": "lusatia", "transformation": "SL-RUN", "facility": SITE, "at": AT}
    | {"process": "Repurposing", "recycling": True, "inputs": [{"batch": "oem/VIN-1"}]}
    | {
        "outputs": [
            {"batch": "SL-1", "material": "storage-battery", "mass": "440 kg"}
            | {"substances": {"Co": "7 kg", "Ni": "58 kg", "Li": "8 kg"}}
        ]
    }
    | {"losses": "balance", "allocation": "mass"},
]


@pytest.fixture(scope="module")
def later(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The ledger on which the first car's pack becomes a storage battery."""
    folder = tmp_path_factory.mktemp("second-life") / "it"
    lines = write(folder.parent / "second-life.jsonl", SECOND_LIFE)
    ledgers.later(example, folder, lambda client: client.submit(lines))
    with client_of(folder) as client:
        yield client


@pytest.fixture(scope="module")
def batteries(known: masterdata.MasterData) -> masterdata.MasterData:
    """Master data that calls the second one a battery, too."""
    text = (
        'participant = "lusatia"\n[[materials]]\nmaterial = "storage-battery"\n'
        'battery_category = "industrial"\n'
        'gtins = ["9521100000024"]\n[[materials]]\nmaterial = "pack"\nbattery_category = "EV"\n'
        'gtins = ["9521100000017"]\n'
    )
    return masterdata.parse(text, "lusatia.toml")


def _sidecar(client: Client, batch: str, known: masterdata.MasterData) -> dict[str, Any]:
    battery = battery_of(client, batch, known, Per.BATTERY)
    made = passport(battery, FORMATS["catenax-battery-pass"], Reader.LEGITIMATE_INTEREST)
    return {"document": made.exported.document, **made.sidecar}


def test_links_lead_both_ways(later: Client, batteries: masterdata.MasterData) -> None:
    before = _sidecar(later, "gothia/PACK-0001", batteries)
    after = _sidecar(later, "lusatia/SL-1", batteries)
    (successor,) = before["lives"]["successors"]
    (predecessor,) = after["lives"]["predecessors"]
    assert (before["lives"]["status"], after["lives"]["status"]) == ("waste", "repurposed")
    assert successor["batch"] == "lusatia/SL-1"
    assert predecessor["batch"] == "gothia/PACK-0001"
    assert successor["run"] == predecessor["run"] == "lusatia/SL-RUN"
    assert successor["passport"] == after["battery"]["passport"]
    assert predecessor["passport"] == before["battery"]["passport"]
    assert after["document"]["metadata"]["predecessor"] == predecessor["passport"]
    assert predecessor["link"] == "https://id.gs1.org/01/09521100000017/21/PACK-0001"
    assert successor["link"] == after["document"]["identification"]["idDmc"]
    assert before["document"]["sustainability"]["status"] == "waste"


def test_what_was_recycled_has_no_passport(client: Client, batteries: masterdata.MasterData) -> None:
    told = _sidecar(client, "gothia/PACK-0002", batteries)
    assert told["lives"]["status"] == "waste"
    assert {each["batch"] for each in told["lives"]["successors"]} == {"lusatia/RCO-14", "lusatia/RNI-14"}
    for each in told["lives"]["successors"]:
        assert each["status"] == "recycled"
        assert "passport" not in each


def test_a_battery_in_use_is_original_and_follows_nobody(
    client: Client, batteries: masterdata.MasterData
) -> None:
    told = _sidecar(client, "oem/VIN-3", batteries)
    assert told["lives"] == {"status": "original", "predecessors": [], "successors": []}
    assert told["document"]["metadata"]["predecessor"] == identity.NOBODY.urn
    assert "lives" in json.loads(json.dumps(told))


def test_assessments_are_assurances_but_not_for_everybody(later: Client) -> None:
    text = GOTHIA.read_text("utf-8").replace('kind = "third-party-assurance"', 'kind = "other"')
    battery = battery_of(later, "oem/VIN-1", masterdata.parse(text, "gothia.toml"))
    form = FORMATS["catenax-battery-pass"]
    mine = passport(battery, form, Reader.LEGITIMATE_INTEREST)
    (assurance, *_) = mine.exported.document["conformity"]["thirdPartyAssurance"]
    assert assurance["contentType"] == "URL"
    assert "valid until" in assurance["header"]
    place = "/conformity/thirdPartyAssurance/0/content"
    (source,) = (each for each in mine.exported.sources if each.pointer == place)
    (reference,) = source.events
    assert battery.ledger.many.log(*map(int, reference.split("/"))) is not None
    assert mine.sidecar["due_diligence"]["companies_with_valid_assessment"] > 0
    assert mine.sidecar["due_diligence"]["findings"] > 0
    public = passport(battery, form, Reader.PUBLIC)
    assert "thirdPartyAssurance" not in public.exported.document["conformity"]
    assert assurance["content"] not in json.dumps([public.exported.document, public.sidecar])
