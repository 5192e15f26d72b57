"""The desk in the real browser: let in once, signed, killed in the midst, gone on with, a receipt."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.desks import Desk, desk_in
from tests.clients import PASSPHRASE, client_of, network_of
from traceledger.web.desk.drafts import Drafts, State

HALL = {"op": "register_facility", "facility": "hall-3", "kind": "refinery", "country": "FI"}


def unlock(page: Page, desk: Desk, key: str) -> None:
    """What a clerk does first."""
    page.goto(f"{desk.url}/key")
    page.get_by_label(key, exact=False).first.check()
    page.locator("input[type=password]").fill(PASSPHRASE)
    page.locator("main form button").click()


def test_killed_and_opened_again(browser: Browser, example: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(example, tmp_path / "it"))
    drafts = Drafts(network_of(folder).folder, "kokkola")
    draft = drafts.add([HALL])
    with client_of(folder) as client:
        before = client.chain.head().number
    context = browser.new_context()
    page = context.new_page()
    with desk_in(folder, "kokkola") as desk:
        # A link in another page, such as a mail's, leads in as well.
        page.set_content(f'<a href="{desk.address}">desk</a>')
        page.get_by_text("desk").click()
        page.wait_for_url(f"{desk.url}/")
        expect(page.locator("nav.desk")).to_be_visible()
        unlock(page, desk, "kokkola")
        page.goto(f"{desk.url}/drafts/{draft.id}")
        page.locator("form[action$='/sign'] button").click()
        desk.kill()
    assert drafts.get(draft.id).state in (State.MADE, State.SIGNING, State.SENDING, State.FINAL)
    with desk_in(folder, "kokkola") as desk:
        page.goto(f"{desk.url}/")
        expect(page.locator("nav.desk")).to_have_count(0)
        page.goto(desk.address)
        page.wait_for_url(f"{desk.url}/")
        unlock(page, desk, "kokkola")
        page.goto(f"{desk.url}/drafts/{draft.id}")
        if drafts.get(draft.id).state is not State.FINAL:
            page.locator("form[action$='/sign'] button").click()
        # The page looks again by itself. Killed between the last block and the receipt, it is asked for.
        receipt = page.locator(f"a[href$='/receipts/{draft.id}']")
        make = page.locator(f"form[action$='/receipts/{draft.id}/make'] button")
        expect(receipt.or_(make)).to_be_visible(timeout=60_000)
        receipt.or_(make).click()
        page.wait_for_url(f"{desk.url}/receipts/{draft.id}")
        expect(page.locator("main")).to_contain_text("hall-3")
    context.close()
    with client_of(folder) as client:
        head = client.chain.head().number
        assert sum(len(block.transactions) for block in client.chain.blocks(before + 1, head)) == 1


def test_no_page_of_a_stranger_reaches_it(browser: Browser, example: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(example, tmp_path / "it"))
    drafts = Drafts(network_of(folder).folder, "kokkola")
    draft = drafts.add([HALL])
    context = browser.new_context()
    with desk_in(folder, "kokkola") as desk:
        page = context.new_page()
        page.goto(desk.address)
        page.wait_for_url(f"{desk.url}/")
        stranger = context.new_page()
        for path in ("/", f"/drafts/{draft.id}"):
            stranger.set_content(f'<iframe src="{desk.url}{path}"></iframe>')
            frame = stranger.frame_locator("iframe")
            expect(frame.locator("nav.desk")).to_have_count(0)
        stranger.set_content(
            f'<form method="post" action="{desk.url}/drafts/{draft.id}/discard"><button>x</button></form>'
        )
        stranger.get_by_text("x").click()
        expect(stranger.locator("nav.desk")).to_have_count(0)
        assert drafts.get(draft.id) == draft
    context.close()
