"""The desk from its address to a recorded draft and its receipt."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import run_command
from tests.clients import PASSPHRASE, client_of
from tests.desk.browsing import Browser, desk_of, shown_in
from traceledger.model.hexadecimal import hexed
from traceledger.signing.signers import PRIVATE_KEY
from traceledger.web.desk.drafts import Origin, State


def test_from_the_address_to_a_receipt(browser: Browser, folder: Path) -> None:
    desk = browser.desk
    draft = desk.drafts.add(
        [
            {"op": "hold", "batch": "COS-88", "reason": "assay pending", "at": "2026-06-01T00:00:00Z"},
            {"op": "register_facility", "facility": "second-hall", "kind": "refinery", "country": "FI"},
        ],
        Origin("sheet", "lots.xlsx", ("Holds!2", "Sites!2")),
    )
    page = browser.get(f"/drafts/{draft.id}")
    assert "second-hall" in page.text and "Sign and send" not in page.text
    page = browser.post(
        "/key", {"key": "kokkola-anna", "passphrase": PASSPHRASE, "then": f"/drafts/{draft.id}"}
    )
    browser.get("/language/de?then=/")
    german = browser.get(f"/drafts/{draft.id}").text
    assert "kokkola hält kokkola/COS-88 zurück: assay pending." in german and "Raffinerie, FI" in german
    browser.get("/language/en?then=/")
    browser.post(f"/drafts/{draft.id}/sign", {"shown": shown_in(page)})
    page = browser.settled(draft.id)
    assert desk.drafts.get(draft.id).state is State.FINAL, page.text

    receipt = desk.receipts.get(desk.drafts.get(draft.id))
    clerk = desk.client.signers.address_of("kokkola-anna")
    assert {line.address for line in receipt.lines} == {hexed(clerk)} == {receipt.address}
    assert [line.place for line in receipt.lines] == ["Holds!2", "Sites!2"]
    page = browser.get(f"/receipts/{draft.id}")
    assert "kokkola-anna" in page.text and receipt.lines[0].transaction in page.text
    assert "holds kokkola/COS-88 up" in page.text
    browser.get("/language/fr?then=/")
    assert "kokkola retient kokkola/COS-88 : assay pending." in browser.get(f"/receipts/{draft.id}").text
    browser.get("/language/en?then=/")
    page = browser.post(f"/receipts/{draft.id}/prove", {"batch": receipt.batches[0].name})
    address = re.search(r'href="([^"]+/proof\?[^"]+)"', page.text)
    assert address is not None
    proof = browser.ask("GET", f"http://127.0.0.1:40404{html.unescape(address[1])}")
    (folder / "a.tlproof").write_bytes(proof.content)
    config = str(folder / "networks.toml")
    assert run_command("--config", config, "trust-root", "export", "-o", str(folder / "root.json")).code == 0
    done = run_command(
        *("proof", "verify", str(folder / "a.tlproof"), receipt.batches[0].name),
        *("--trust-root", str(folder / "root.json"), "--json"),
    )
    assert json.loads(done.out)["batch"] == receipt.batches[0].name


def test_private_texts_and_the_environments_key(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with client_of(folder) as client:
        secret = client.signers.export_secret("kokkola")
    monkeypatch.setenv(PRIVATE_KEY, secret.hex())
    at = "2026-06-02T00:00:00Z"
    split = {"op": "split", "batch": "COS-88", "into": [{"batch": "SECRET-1", "mass": "10 kg"}], "at": at}
    split |= {"private": True}
    ship = {"op": "ship", "shipment": "SEA-SECRET", "batches": ["SECRET-1"], "to": "katanga", "at": at}
    ship |= {"private": True}
    with desk_of(folder, "kokkola") as browser:
        desk = browser.desk
        draft = desk.drafts.add([split, ship])
        then = f"/drafts/{draft.id}"
        page = browser.post("/key", {"key": PRIVATE_KEY, "passphrase": "", "then": then})
        assert "SECRET-1" in page.text and secret.hex() not in page.text
        browser.post(f"{then}/sign", {"shown": shown_in(page)})
        page = browser.settled(draft.id)
        done = desk.drafts.get(draft.id)
        assert done.state is State.FINAL, done.troubles
        receipt = desk.receipts.get(done)
        assert receipt.lines[0].key == PRIVATE_KEY or receipt.lines[0].key == "kokkola"
        assert "kokkola/SECRET-1" in {batch.name for batch in receipt.batches}
        assert "SECRET-1" not in {batch.identifier for batch in desk.client.index.batches()}
        assert "SEA-SECRET" not in {each.identifier for each in desk.client.index.shipments()}
        page = browser.get("/lots/kokkola/SECRET-1")
        assert "/shipments/kokkola/SEA-SECRET" in page.text
        assert "kokkola/SECRET-1" in browser.get("/shipments/kokkola/SEA-SECRET").text
