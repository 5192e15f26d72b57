"""What nobody knows is named, and never made up; what is private stays so."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import private_chain
from tests.clients import client_of, new_client, write
from tests.interop.passport.conftest import GOTHIA, STAGES, battery_of
from tests.interop.passport.test_documents import leaves
from traceledger.client.client import Client
from traceledger.errors import InputError
from traceledger.interop import masterdata
from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.batteries import Battery, Per
from traceledger.interop.passport.formats import FORMATS
from traceledger.interop.passport.making import passport, read
from traceledger.interop.passport.numbers import DIGITS, number, parts_of, plain
from traceledger.interop.passport.writing import Wanted, text_of, write_file, write_folder
from traceledger.model.commitments import is_commitment
from traceledger.storage import json_text


@pytest.fixture(scope="session")
def unsaid(client: Client) -> Battery:
    """A pack of which no master data says anything."""
    return battery_of(client, "gothia/PACK-0001", masterdata.MasterData.empty(), Per.BATTERY)


@pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))
def test_without_master_data_only_the_ledger_speaks(unsaid: Battery, form) -> None:  # type: ignore[no-untyped-def]
    made = passport(unsaid, form, Reader.COMPLETE)
    assert {each.origin.value for each in made.exported.sources} <= {"ledger", "format"}
    assert made.lacking
    assert all(each.why for each in made.exported.missing)


def test_no_class_and_no_energy_are_assumed(unsaid: Battery) -> None:
    made = passport(unsaid, FORMATS["batterypass-carbon-footprint"], Reader.COMPLETE)
    assert [*made.exported.document] == [
        "carbonFootprintPerLifecycleStage",
        "absoluteCarbonFootprint",
    ]
    lacking = {each.pointer: each.why for each in made.lacking}
    assert lacking["/batteryCarbonFootprint"] == "master data says no functional_unit_kwh"
    assert "/carbonFootprintPerformanceClass" in lacking


def test_an_incomplete_passport_is_refused_or_marked(unsaid: Battery, tmp_path: Path) -> None:
    form = FORMATS["batterypass-carbon-footprint"]
    with pytest.raises(InputError) as caught:
        write_folder(unsaid, Wanted([form]), tmp_path / "out")
    assert "functional_unit_kwh" in str(caught.value)
    assert "--incomplete" in str(caught.value)
    assert not (tmp_path / "out").exists()
    told = write_file(unsaid, Wanted([form], incomplete=True), tmp_path / "one.json")
    assert told["written"][0]["incomplete"]
    sidecar = json_text.loads((tmp_path / "one.sources.json").read_bytes())
    assert sidecar["incomplete"] is True
    assert {each["pointer"] for each in sidecar["missing"] if each["required"]} >= {"/batteryCarbonFootprint"}


def test_a_value_at_its_place_fills_what_nobody_says(client: Client) -> None:
    text = GOTHIA.read_text("utf-8") + (
        '\n[[values]]\nformat = "idta-circularity"\nmaterials = ["pack"]\n'
        'values = { "/RenewableContent" = 3.5 }\n'
    )
    text = text.replace("\nrenewable_percent = 0\nsupply", "\nsupply")
    known = masterdata.parse(text, "gothia.toml")
    battery = battery_of(client, "gothia/PACK-0001", known, Per.BATTERY)
    made = passport(battery, FORMATS["idta-circularity"], Reader.PUBLIC)
    assert made.exported.document["RenewableContent"] == 3.5
    (source,) = (each for each in made.exported.sources if each.pointer == "/RenewableContent")
    assert source.what == "gothia.toml: [[values]] /RenewableContent"


def test_a_product_with_several_batteries_is_asked_which(client: Client) -> None:
    text = 'participant = "gothia"\n[[batteries]]\nmaterial = "cobalt-sulfate"\nvalues = {}\n'
    known = masterdata.parse(text, "gothia.toml")
    with pytest.raises(InputError, match="holds 3 batteries"):
        battery_of(client, "pohang/PC-640", known)


def test_a_mass_that_is_no_number_of_pieces_is_refused(client: Client) -> None:
    text = 'participant = "gothia"\n[[materials]]\nmaterial = "cell"\nunit_mass = "7 kg"\n'
    text += 'battery_category = "EV"\n'
    with pytest.raises(InputError, match="no whole number of pieces"):
        battery_of(client, "norrland/CEL-31", masterdata.parse(text, "it.toml"))
    whole = battery_of(
        client, "norrland/CEL-31", masterdata.parse(text.replace("7 kg", "610 g"), "it.toml"), Per.BATTERY
    )
    assert whole.pieces == 4000
    assert whole.mass_mg == 610_000


def test_values_of_the_wrong_kind_say_where(client: Client) -> None:
    text = GOTHIA.read_text("utf-8").replace("nominal = 355", 'nominal = "much"')
    battery = battery_of(client, "gothia/PACK-0001", masterdata.parse(text, "gothia.toml"), Per.BATTERY)
    with pytest.raises(InputError, match=r"gothia.toml: \[\[batteries\]\] 1: voltage.nominal"):
        passport(battery, FORMATS["idta-technical-data"], Reader.PUBLIC)


def test_an_error_upstream_is_told_with_the_passport(example: Path, known: masterdata.MasterData) -> None:
    with client_of(example) as client:
        battery = battery_of(client, "oem/VIN-3", known, Per.BATTERY)
        public = passport(battery, FORMATS["batterypass-due-diligence"], Reader.PUBLIC)
        mine = passport(battery, FORMATS["batterypass-due-diligence"], Reader.COMPLETE)
    assert public.sidecar["battery"]["troubles"]
    assert all(len(each.split()) < 4 for each in public.sidecar["battery"]["troubles"])
    assert len(mine.sidecar["battery"]["troubles"]) >= len(public.sidecar["battery"]["troubles"])


def test_private_texts_stay_private(tmp_path: Path) -> None:
    with new_client(tmp_path / "it") as client:
        client.submit(write(tmp_path / "private.jsonl", private_chain.operations()), create_keys=True)
        client.sync()
        batches = [each.id for each in client.index.batches()]
        assert batches
        for batch, form in product(batches, FORMATS.values()):
            battery = read(client.index, batch, masterdata.MasterData.empty(), Per.BATTERY, STAGES)
            made = passport(battery, form, Reader.COMPLETE)
            text = text_of([made.exported.document, made.sidecar])
            assert [each for each in private_chain.SECRETS if each in text] == []
            # Nor does what hides one stand where the text should.
            told = [each for _, each in leaves(made.exported.document)]
            assert not [each for each in told if isinstance(each, str) and is_commitment(each)]


def test_a_company_says_nothing_of_what_others_make(client: Client, known: masterdata.MasterData) -> None:
    battery = battery_of(client, "kokkola/COS-88", known, Per.BATTERY)
    made = passport(battery, FORMATS["catenax-pcf"], Reader.COMPLETE)
    assert {each.origin.value for each in made.exported.sources} == {"ledger", "format"}
    assert made.lacking


def test_who_places_it_on_the_market_is_the_operator(client: Client) -> None:
    text = (
        'participant = "oem"\n[company]\nname = "Example Cars AB"\nstreet = "Bilgatan 1"\n'
        'postal_code = "405 31"\nlei = "5493001KJTIIGC8Y1R12"\nbpnl = "BPNL0000000000EX"\n'
        '[[materials]]\nmaterial = "pack"\nbattery_category = "EV"\n'
    )
    battery = battery_of(client, "oem/VIN-1", masterdata.parse(text, "oem.toml"), Per.BATTERY)
    made = passport(battery, FORMATS["batterypass-general"], Reader.PUBLIC).exported.document
    assert made["operatorInformation"]["contactName"] == "Example Cars AB"
    assert made["operatorInformation"]["identifier"] == "5493001KJTIIGC8Y1R12"
    assert made["manufacturerInformation"]["contactName"] == "Gothia Example Packs"
    catenax = passport(battery, FORMATS["catenax-battery-pass"], Reader.PUBLIC).exported.document
    assert catenax["metadata"]["economicOperatorId"] == "BPNL0000000000EX"
    assert "manufacturer" not in catenax["operation"]["manufacturer"]


def test_documents_of_other_kinds_are_nobodys(client: Client) -> None:
    text = GOTHIA.read_text("utf-8") + (
        '\n[[documents]]\nkind = "purchase-contract"\nurl = "https://gothia.example/secret.pdf"\n'
    )
    battery = battery_of(client, "gothia/PACK-0001", masterdata.parse(text, "gothia.toml"), Per.BATTERY)
    for form in FORMATS.values():
        assert "secret.pdf" not in text_of(passport(battery, form, Reader.COMPLETE).exported.document)


@given(st.lists(st.fractions(min_value=0, max_value=10**6, max_denominator=10**9), min_size=1, max_size=6))
def test_parts_sum_as_they_are_written(parts: list[Fraction]) -> None:
    found = parts_of(dict(enumerate(parts)))
    total = sum(found.values(), Decimal(0))
    assert abs(Fraction(total) - sum(parts)) <= Fraction(1, 10**8)
    for each in (*found.values(), total):
        assert Decimal(repr(plain(each, "/x"))) == each


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**12))
def test_numbers_keep_fifteen_digits(value: Fraction) -> None:
    found = number(value)
    assert len(found.normalize().as_tuple().digits) <= DIGITS
    assert abs(Fraction(found) - value) <= max(abs(value), 1) / 10**14
    plain(found, "/x")
