"""The code on a battery leads to its passport, of which a server gives what everybody may see."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.interop.passport.conftest import battery_of
from tests.web.asking import asking
from traceledger.client.client import Client
from traceledger.interop import masterdata
from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.formats import FORMATS
from traceledger.interop.passport.making import passport
from traceledger.web.settings import Settings

BASE = "https://ledger.example"
GS1 = "https://ref.gs1.org/voc/"


@pytest.mark.parametrize("name", ["PACK-0001", "PACK-0003"])
def test_a_batterys_code_leads_to_its_passport(
    client: Client, known: masterdata.MasterData, name: str
) -> None:
    battery = battery_of(client, f"gothia/{name}", known)
    made = passport(battery, FORMATS["catenax-battery-pass"], Reader.PUBLIC)
    code = made.exported.document["identification"]["idDmc"]
    ask = asking(client, Settings(allowed_hosts=("ledger.example",), masterdata=known), BASE)
    (item,) = ask(f"{urlsplit(code).path}?linkType=linkset").json()["linkset"]
    leads = [each["href"] for each in item[f"{GS1}dpp"]]
    # What points 2 to 4 of Annex XIII keep for others is not linked to either.
    assert not any("idta-product-condition" in each for each in leads)
    named = {each.url for each in known.documents if each.kind in ("waste-prevention",)}
    kept = ("dismantling-manual", "safety-instructions", "test-report", "negative-events")
    withheld = {each.url for each in known.documents if each.kind in kept}
    everything = {each["href"] for of in item.values() if isinstance(of, list) for each in of}
    assert named <= everything
    assert len(withheld) == len(kept)
    assert not withheld & everything
    (found,) = (each for each in leads if each.endswith("catenax-battery-pass"))
    document, sources = ask(found), ask(f"{found}/sources")
    assert (document.status_code, sources.status_code) == (200, 200)
    assert document.json() == made.exported.document
    assert "status" not in document.json()["sustainability"]
    assert sources.json()["for"]["reader"] == "public"
