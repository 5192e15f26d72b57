"""The public files of battery passports at a server, and the Digital Link of a battery that leads to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients import client_of
from tests.conftest import ROOT
from tests.web.asking import Ask, asking
from traceledger.interop import masterdata
from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.batteries import Per
from traceledger.interop.passport.formats import FORMATS
from traceledger.interop.passport.making import passport, read
from traceledger.web.passports import MODELS
from traceledger.web.settings import Settings

SAID = (ROOT / "examples/masterdata/gothia.toml").read_text("utf-8")
KNOWN = masterdata.parse(
    SAID + '\n[[lots]]\nbatch = "gothia/PACK-0002"\nepcs = ["urn:epc:id:sgtin:9521100.000001.PACK-2"]\n'
)


@pytest.fixture(scope="module")
def ask(example: Path) -> Iterator[Ask]:
    with client_of(example) as client:
        yield asking(client, Settings(masterdata=KNOWN), "http://localhost")


def test_the_digital_link_of_a_battery_leads_to_its_public_passport(ask: Ask) -> None:
    (found,) = ask("/01/9521100000017/21/PACK-2?linkType=linkset").json()["linkset"]
    links = {each["href"] for each in found["https://ref.gs1.org/voc/dpp"]}
    assert {f"http://localhost/passports/gothia/PACK-0002/{model}" for model in MODELS} <= links


def test_only_what_is_public_is_served(ask: Ask, example: Path) -> None:
    with client_of(example) as client:
        battery = read(client.index, client.batch_id("gothia/PACK-0002"), KNOWN, Per.MODEL, client.stages)
        battery = replace(battery, rules=client.article_8)
        for model in ("batterypass-carbon-footprint", "catenax-battery-pass"):
            served = ask(f"/passports/gothia/PACK-0002/{model}")
            public = passport(battery, FORMATS[model], Reader.PUBLIC)
            complete = passport(battery, FORMATS[model], Reader.COMPLETE)
            assert served.json() == public.exported.document
            assert model != "catenax-battery-pass" or served.json() != complete.exported.document
            sidecar = ask(f"/passports/gothia/PACK-0002/{model}/sources").json()
            assert sidecar["for"]["reader"] == "public" and sidecar["values"]


def test_what_is_no_passport(ask: Ask) -> None:
    assert ask("/passports/gothia/PACK-0002/catenax-pcf").json()["code"] == "no-such-model"
    assert ask("/passports/gothia/NONE/catenax-battery-pass").status_code == 404
    assert ask("/passports/kokkola/COS-88/catenax-battery-pass").json()["code"] == "no-battery"
