"""The code on a battery leads to its passport, of which a server gives what everybody may see."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.clients import client_of
from traceledger.interop import masterdata
from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.batteries import Per
from traceledger.interop.passport.formats import FORMATS
from traceledger.interop.passport.making import passport, read
from traceledger.web.app import create_app
from traceledger.web.following import Follower
from traceledger.web.settings import Settings

BASE = "https://ledger.example"


@pytest.mark.parametrize("name", ["PACK-0001", "PACK-0003"])
def test_a_batterys_code_leads_to_its_passport(
    example: Path, known: masterdata.MasterData, name: str
) -> None:
    with client_of(example) as client:
        index, batch = client.index, client.batch_id(f"gothia/{name}")
        battery = read(index, batch, known, Per.MODEL, client.stages)
        made = passport(battery, FORMATS["catenax-battery-pass"], Reader.PUBLIC)
        code = made.exported.document["identification"]["idDmc"]
        settings = Settings(allowed_hosts=("ledger.example",), masterdata=known)
        app = create_app(client, Follower(client, 60), settings)

        async def asked(path: str) -> Any:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as asking:
                links = await asking.get(f"{urlsplit(code).path}?linkType=linkset")
                (item,) = links.json()["linkset"]
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
                return [await asking.get(found), await asking.get(f"{found}/sources")]

        document, sources = asyncio.run(asked(code))
    assert (document.status_code, sources.status_code) == (200, 200)
    assert document.json() == made.exported.document
    assert "status" not in document.json()["sustainability"]
    assert sources.json()["for"]["reader"] == "public"


GS1 = "https://ref.gs1.org/voc/"
