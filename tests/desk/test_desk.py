"""The desk from its address to a recorded draft."""

from __future__ import annotations

from tests.clients import PASSPHRASE
from tests.desk.browsing import Browser
from traceledger.web.desk.drafts import State


def test_from_the_address_to_a_record(browser: Browser) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert "Inbox" in page.text
    draft = browser.desk.drafts.add(
        [{"op": "register_facility", "facility": "second-hall", "kind": "refinery", "country": "FI"}]
    )
    page = browser.get(f"/drafts/{draft.id}")
    assert "second-hall" in page.text
    page = browser.post(
        "/key", {"key": "kokkola-anna", "passphrase": PASSPHRASE, "then": f"/drafts/{draft.id}"}
    )
    assert "kokkola-anna" in page.text
    shown = page.text.split('name="shown" value="')[1].split('"')[0]
    browser.post(f"/drafts/{draft.id}/sign", {"shown": shown})
    page = browser.settled(draft.id)
    assert browser.desk.drafts.get(draft.id).state is State.FINAL, page.text
