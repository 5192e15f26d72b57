"""Master data files: what they say, every fault of one at once, and what identifiers of others mean."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import ROOT
from traceledger.errors import InputError
from traceledger.interop import masterdata
from traceledger.interop.masterdata import (
    Classes,
    Company,
    Document,
    Footprint,
    Lot,
    MasterData,
    MasterDataError,
    Material,
    Quality,
    Rule,
    Site,
    Source,
    Values,
    Verification,
)
from traceledger.interop.masterdata.values import Content

FILE = """
participant = "kokkola"

[company]
gln = "6400001000001"
lei = "5299 00T8BM49AURSDO55"
bpnl = "BPNL00000000KOK1"
gs1_prefix = "6400001"
contact = "mailto:footprints@kokkola.example"

[[companies]]
participant = "katanga"
duns = "15-048-3782"
ids = ["urn:pact:company:customcode:buyer-assigned:4711"]

[[sites]]
facility = "kokkola/kokkola-refinery"
gln = "6400001000025"
bpns = "BPNS00000000KOK1"
bpna = "BPNA00000000KOK1"
city = "Kokkola"
subdivision = "FI-07"
latitude = 63.838

[[materials]]
material = "cobalt-sulfate"
gtins = ["6400001000018"]
ids = ["urn:pact:product:customcode:vendor-assigned:CS-21"]
unit_mass = "25 kg"
fossil_carbon = "0 %"
kwh_per_piece = 0.10
[materials.footprint]
gwp = "AR5"

[footprint]
reference_from = 2026-01-01
reference_until = 2026-12-31
gwp = ["AR6"]
standards = ["ISO14067", "PACT-3.0"]
exempted_share = "1.25 %"
boundary = '''
Cradle to gate,
with inbound transport.
'''
[[footprint.rules]]
operator = "PEF"
names = ["PEFCR for batteries"]

[[lots]]
batch = "kokkola/COS-88"
epcs = ["urn:epc:class:lgtin:6400001.000001.COS-88", "urn:uuid:4ad2c9b9-7f7f-4a51-9d1e-6f2f6d8c4a10"]

[[documents]]
kind = "footprint-study"
url = "https://kokkola.example/study.pdf"
materials = ["cobalt-sulfate"]
[[documents]]
kind = "footprint-study"
url = "https://kokkola.example/all.pdf"

[[classes]]
battery_category = "EV"
method = "a draft of 2026"
thresholds = [{ name = "A", most = 60 }, { name = "B", most = 80.5 }]
beyond = "C"

[[values]]
values = { "/general/comment" = "all", "/x" = 1.50 }
[[values]]
format = "pcf"
batches = ["kokkola/COS-88"]
values = { "/general/comment" = "this one" }
[[values]]
format = "pcf"
materials = ["cobalt-sulfate"]
values = { "/general/comment" = "sulfate" }
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> MasterData:
    file = tmp_path_factory.mktemp("said") / "kokkola.toml"
    file.write_bytes(FILE.encode())
    return masterdata.load(file)


@pytest.mark.parametrize(
    ("identifier", "meant"),
    [
        ("urn:epc:id:pgln:6400001.00000", "kokkola"),
        ("https://kokkola.example/417/6400001000001", "kokkola"),
        ("https://id.gs1.org/414/6400001000001", "kokkola"),
        ("6400001000001", "kokkola"),
        ("urn:gln:6400001000001", "kokkola"),
        ("urn:lei:529900T8BM49AURSDO55", "kokkola"),
        ("urn:bpn:id:BPNL00000000KOK1", "kokkola"),
        ("bpnl00000000kok1", "kokkola"),
        ("urn:duns:150483782", "katanga"),
        ("urn:pact:company:customcode:buyer-assigned:4711", "katanga"),
        ("urn:pact:company:customcode:buyer-assigned:4712", None),
        ("4012345000009", None),
    ],
)
def test_companies_by_what_others_call_them(known: MasterData, identifier: str, meant: str | None) -> None:
    assert known.participant_by(identifier) == meant


def test_sites_materials_and_lots_by_what_others_call_them(known: MasterData) -> None:
    refinery = "kokkola/kokkola-refinery"
    assert known.facility_by("urn:epc:id:sgln:6400001.00002.0") == refinery
    assert known.facility_by("urn:epc:id:sgln:6400001.00002.dock-7") == refinery
    assert known.facility_by("urn:bpn:id:BPNS00000000KOK1") == refinery
    assert known.facility_by("urn:epc:id:sgln:6400001.00003.0") is None
    for said in (
        "urn:epc:class:lgtin:6400001.000001.ANY",
        "urn:epc:idpat:sgtin:6400001.000001.*",
        "https://shop.example/gtin/6400001000018/ser/7",
        "urn:gtin:6400001000018",
        "6400001000018",
        "urn:pact:product:customcode:vendor-assigned:CS-21",
    ):
        assert known.material_by(said) == "cobalt-sulfate", said
    assert known.batch_by("https://a.example/01/06400001000018/10/COS-88?17=271231") == "kokkola/COS-88"
    assert known.batch_by("urn:uuid:4ad2c9b9-7f7f-4a51-9d1e-6f2f6d8c4a10") == "kokkola/COS-88"
    assert known.batch_by("urn:epc:class:lgtin:6400001.000001.COS-89") is None
    with pytest.raises(InputError, match="check digit"):
        known.batch_by("https://a.example/01/06400001000019/10/COS-88")


def test_what_it_says(known: MasterData) -> None:
    company, material = known.companies.of("kokkola"), known.materials.of("cobalt-sulfate")
    assert company is not None and company.lei == "529900T8BM49AURSDO55"
    assert material is not None
    assert (material.unit_mass, material.kwh_per_piece) == (25_000_000, Decimal("0.10"))
    assert material.fossil_carbon == 0
    made = known.footprint_of("cobalt-sulfate")
    assert made.gwp == ("AR5",) and known.footprint_of("another").gwp == ("AR6",)
    assert (made.reference_until, made.exempted_share) == (date(2026, 12, 31), Decimal("1.25"))
    assert made.boundary == "Cradle to gate, with inbound transport."
    documents = known.documents_of(material="cobalt-sulfate", kind="footprint-study")
    assert [each.url[-9:] for each in documents] == ["study.pdf", "e/all.pdf"]
    assert len(known.documents_of(kind="footprint-study")) == 1
    classes = known.classes_of("EV")
    assert classes is not None and classes.thresholds[1].most == Decimal("80.5")
    assert len(known.sha256) == 64 and known and not MasterData.empty()


def test_the_nearest_value_counts(known: MasterData) -> None:
    assert known.values_of("pact") == {"/general/comment": "all", "/x": Decimal("1.50")}
    assert known.values_of("pcf", material="cobalt-sulfate")["/general/comment"] == "sulfate"
    both = known.values_of("pcf", material="cobalt-sulfate", batch="kokkola/COS-88")
    assert both == {"/general/comment": "this one", "/x": Decimal("1.50")}


def test_every_fault_is_told_at_once_with_table_and_key() -> None:
    text = FILE.replace('participant = "kokkola"', 'partcipant = "kokkola"', 1)
    text = text.replace("6400001000025", "6400001000026").replace('unit_mass = "25 kg"', "unit_mass = 25")
    text = text.replace("latitude = 63.838", "latitude = 163.838\ncolour = 3").replace("1.25 %", "1.25")
    text = text.replace('"/x" = 1.50', "x = 1.50").replace('operator = "PEF"', "")
    with pytest.raises(MasterDataError) as refused:
        masterdata.parse(text, "k.toml")
    assert [str(each.where) for each in refused.value.faults] == [
        "k.toml: participant",
        "k.toml: [[sites]] 1 (kokkola/kokkola-refinery): gln",
        "k.toml: [[sites]] 1 (kokkola/kokkola-refinery): latitude",
        "k.toml: [[sites]] 1 (kokkola/kokkola-refinery): colour",
        "k.toml: [[materials]] 1 (cobalt-sulfate): unit_mass",
        "k.toml: [footprint]: [[rules]] 1: operator",
        "k.toml: [footprint]: exempted_share",
        "k.toml: [[values]] 1: values: x: [key]",
        "k.toml: partcipant",
    ]
    assert "did you mean participant?" in str(refused.value)


@pytest.mark.parametrize(
    ("said", "instead", "why"),
    [
        (
            'batch = "kokkola/COS-88"',
            'batch = "kokkola/COS-88"\nepcs = []\n[[lots]]\nbatch = "kokkola/COS-88"',
            "twice",
        ),
        ('bpns = "BPNS00000000KOK1"', 'bpns = "BPNL00000000KOK1"', "no BPNS"),
        ("reference_until = 2026-12-31", "reference_until = 2025-12-31", "before reference_from"),
        ('duns = "15-048-3782"', 'gln = "6400001000001"', "as well"),
        ("[company]", '[company]\nparticipant = "katanga"', "the file is kokkola's"),
        ("most = 80.5", "most = 50", "do not rise"),
        ('participant = "katanga"', "", "is missing"),
        ('gtins = ["6400001000018"]', 'gtins = ["6400001000018", "06400001000018"]', "none"),
        ("[company]", "[company", "not valid TOML"),
        ("kwh_per_piece = 0.10", "kwh_per_piece = 1e-400000000000000000000", "out of range|number"),
        ("kwh_per_piece = 0.10", "kwh_per_piece = nan", "number"),
        ("kwh_per_piece = 0.10", "active_material = 1", "true or false"),
        ("kwh_per_piece = 0.10", "kwh_per_piece = 2.5\nkwh_per_kg = 0.2", "25 kg with 0.2 kWh per kg"),
        ('city = "Kokkola"', 'city = "a\\u202eb"', "bidirectional"),
        ('contact = "mailto:footprints@kokkola.example"', 'contact = "javascript:alert(1)"', "no address"),
        ('url = "https://kokkola.example/all.pdf"', 'url = "https://kokkola.example/ä"', "no address"),
        ('url = "https://kokkola.example/all.pdf"', "url = 'https://a.example/\"><script>'", "no address"),
        ('url = "https://kokkola.example/all.pdf"', 'url = "https://me:x@a.example/"', "no address"),
        ('kind = "footprint-study"', 'kind = "footprint-study"\ncontent_type = "PDF"', "no media type"),
    ],
)
def test_what_cannot_be_is_refused(said: str, instead: str, why: str) -> None:
    assert said in FILE
    text = FILE.replace(said, instead, 1)
    if why == "none":
        assert masterdata.parse(text).material_by("6400001000018") == "cobalt-sulfate"
        return
    with pytest.raises(InputError, match=why):
        masterdata.parse(text)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    with pytest.raises(InputError):
        masterdata.load(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        masterdata.load(file)
    with pytest.raises(InputError, match="participant"):
        masterdata.parse("")


def test_the_page_has_every_key() -> None:
    page = (ROOT / "docs/masterdata.md").read_text("utf-8")
    told = {*re.findall(r"`([a-z0-9_]+)`", page)} | {*re.findall(r"\[?\[([a-z.]+)\]", page)}
    tables = (Content, Company, Site, Material, Footprint, Document, Classes, Values, Lot, Rule, Source)
    for table in (*tables, Quality, Verification):
        assert {each.name for each in fields(table)} - told - NESTED == set(), table


NESTED = {"id", "standard", "means", "most", "name", "verification", "secondary_sources"}
"""Keys of tables in a table, which the page writes with their braces."""
