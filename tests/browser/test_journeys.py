"""An auditor with a doubt: from a search to a figure, the event behind it, its block."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.servers import Server

pytestmark = pytest.mark.real("chromium")


def test_from_a_search_to_the_block(explorer: Server, visit: Visit) -> None:
    page = visit(explorer.url)
    page.get_by_role("searchbox").fill("VIN-3")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name="oem/VIN-3").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("oem/VIN-3")
    page.locator("main a[href^='/events/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.locator("main dd a[href^='/blocks/']").first.click()
    assert re.search(r"/blocks/[0-9]+$", page.url)


def test_another_language(explorer: Server, visit: Visit) -> None:
    """It is kept from page to page without a cookie, and what a browser asks for is the first one."""
    page = visit(f"{explorer.url}/batches", locale="de-DE")
    assert page.locator("html").get_attribute("lang") == "de"
    page.get_by_role("link", name="简体中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.get_by_role("main").get_by_role("link", name="oem/VIN-3").first.click()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
