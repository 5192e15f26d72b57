"""A morning at two desks: a spreadsheet with faults, a shipment that arrives short and wet, a killed desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import ledgers
from tests.browser.accessibility import faults_of, faults_of_looks
from tests.browser.conftest import copied
from tests.browser.desks import Clerk, clerk_at, desk_in
from tests.clients import client_of
from tests.once import once
from traceledger.client.client import Client

pytestmark = pytest.mark.real("chromium")

SHEET = """op;batch;material;facility;mass;substances.Co;origin;at
mint;M-1;copper-cobalt-ore;kolwezi-pit-4;10 t;0,1 t;mined;2026-06-20T06:00:00Z
mint;M-2;copper-cobalt-ohre;kolwezi-pit-4;10 t;0,1 t;mined;2026-06-20T06:00:00Z
mint;M-3;copper-cobalt-ore;kolwezi-pit-4;10;0,1 t;mined;2026-06-20T06:00:00Z
"""
MENDED = SHEET.replace("ohre", "ore").replace(";10;", ";10 t;")


def _with_clerks(client: Client) -> None:
    """A clerk with a key of their own in two companies."""
    for company in ("katanga", "kokkola"):
        ledgers.add_clerk(client, company, f"{company}-clerk")


@pytest.fixture
def folder(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network with the example and these."""
    made = once(tmp_path_factory, "clerks", lambda it: ledgers.later(example, it, _with_clerks))
    return copied(made, tmp_path_factory)


def test_a_morning(folder: Path, browser: Browser) -> None:
    with desk_in(folder, "katanga") as desk, clerk_at(browser, desk, "katanga-clerk") as clerk:
        _drop(clerk)
        _ship(clerk)
    with desk_in(folder, "kokkola") as desk:
        with clerk_at(browser, desk, "kokkola-clerk") as clerk:
            _answer(clerk)
            clerk.press("Sign and send")
        desk.kill()  # with the browser closed, in the midst of it
    with desk_in(folder, "kokkola") as desk, clerk_at(browser, desk, "kokkola-clerk") as clerk:
        _go_on(clerk)
        _put_right(clerk)
    with client_of(folder) as client:
        client.sync()
        kokkola = client.index.participant("kokkola")
        held = {
            lot.identifier: lot.mass_mg for lot in client.index.batches(kokkola.address if kokkola else None)
        }
        assert (held["M-1"], held["M-2"], held["M-3"]) == (9_600_000_000, 9_000_000_000, 10_000_000_000)


def _accessible(page: Page) -> None:
    # Several stops of the tabulator in one field, or one in several, look like the end, or like too few.
    is_counted = page.locator('[type="datetime-local"], [type="radio"]').count() == 0
    assert (faults_of(page) if is_counted else faults_of_looks(page)) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


def _drop(clerk: Clerk) -> None:
    """A spreadsheet with faults, and then without."""
    page = clerk.page
    clerk.go("Spreadsheet")
    page.set_input_files("#file", {"name": "ore.csv", "mimeType": "text/csv", "buffer": SHEET.encode()})
    clerk.press("Read it")
    expect(page.locator("td.bad")).to_have_text(["copper-cobalt-ohre (wrong)", "10 (wrong)"])
    _accessible(page)
    page.get_by_role("link", name="Drop it again").click()
    page.set_input_files("#file", {"name": "ore.csv", "mimeType": "text/csv", "buffer": MENDED.encode()})
    clerk.press("Read it")
    expect(page.locator("ol.signed > li")).to_have_count(3)
    clerk.unlock()
    _accessible(page)
    clerk.sign()


def _ship(clerk: Clerk) -> None:
    """All three, chosen from what is held."""
    page = clerk.page
    clerk.go("What we hold")
    for lot in ("M-1", "M-2", "M-3"):
        page.check(f'[name="lot"][value="katanga/{lot}"]')
    clerk.press("Send the chosen lots")
    clerk.fill(shipment="SEA-1", to="kokola", at="2026-06-21T06:00")
    clerk.press("Go on")
    expect(page.locator("#f-to-faults")).to_contain_text("kokkola")
    _accessible(page)
    clerk.fill(to="kokkola")
    clerk.press("Go on")
    expect(page.get_by_role("main")).to_contain_text("to kokkola as shipment katanga/SEA-1")
    clerk.sign()


def _answer(clerk: Clerk) -> None:
    """One lot wet, one short, one as it was sent."""
    page = clerk.page
    _accessible(page)
    page.get_by_role("link", name="Answer it katanga/SEA-1").click()
    clerk.press("All arrived as sent")
    for at, (mass, why) in enumerate([("9.6", "moisture"), ("9", "loss")]):
        page.check(f'[name="lots.{at}.answer"][value="differs"]')
        page.locator("summary").nth(at).click()
        page.fill(f'[name="lots.{at}.mass.amount"]', mass)
        page.check(f'[name="lots.{at}.difference"][value="{why}"]')
    clerk.press("See what it would do")
    expect(page.get_by_text("Declared lost", exact=True)).to_have_count(1)
    _accessible(page)
    clerk.fill(at="2026-06-25T09:00")
    clerk.press("Go on")
    clerk.unlock()


def _go_on(clerk: Clerk) -> None:
    """The draft that was on its way when the desk was killed comes to its end, once."""
    page = clerk.page
    clerk.go("Drafts")
    page.get_by_role("main").get_by_role("link").first.click()
    if page.get_by_text("All of it is recorded, and final.").count() == 0:
        clerk.unlock()
        page.get_by_role("button", name="Sign").first.click()
        page.get_by_text("All of it is recorded, and final.").wait_for(timeout=60_000)


def _put_right(clerk: Clerk) -> None:
    """A lot that was split off by mistake is reversed, which the desk finds is possible."""
    page = clerk.page
    clerk.go("What we hold")
    page.get_by_role("link", name="katanga/M-3").click()
    page.get_by_role("link", name="Split a lot").click()
    clerk.fill(into__0__batch="M-3-X", into__0__mass__amount="4", at="2026-06-26T09:00")
    clerk.press("Go on")
    if page.get_by_role("link", name="Unlock your key to sign it").count():
        clerk.unlock()
    clerk.sign()
    clerk.go("What we hold")
    page.get_by_role("link", name="kokkola/M-3-X").click()
    page.get_by_role("link", name="Put right what is wrong with it").click()
    page.get_by_label("Lot that was split off").check()
    page.get_by_label("It did not happen, or what it says is wrong").check()
    clerk.press("See how it is put right")
    _accessible(page)
    page.get_by_role("link", name="Fill in the form").click()
    clerk.fill(reason="weighed by mistake", at="2026-06-26T10:00")
    clerk.press("Go on")
    clerk.sign()
    expect(page.get_by_role("link", name="Receipt", exact=True)).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Receipt").click()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
