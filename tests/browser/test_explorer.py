"""Every page of the explorer: for who sees otherwise, or has only a keyboard, or no JavaScript."""

from __future__ import annotations

import pytest

from tests.browser.accessibility import faults_at, faults_of_focus, faults_with_large_letters
from tests.browser.conftest import Visit
from tests.browser.crawling import PAGES

pytestmark = pytest.mark.real("chromium")
NEEDS_JAVASCRIPT = "/batches/{creator}/{identifier}/graph"


def test_links_lead_to_every_page(pages: dict[str, list[str]]) -> None:
    assert set(pages) == set(PAGES)


@pytest.mark.parametrize("row", PAGES)
def test_for_who_sees_otherwise(row: str, pages: dict[str, list[str]], visit: Visit) -> None:
    page = visit(pages[row][0])
    faults = faults_at(page, 1280) + faults_of_focus(page) + faults_at(page, 320)
    assert faults + faults_with_large_letters(page) == []


@pytest.mark.parametrize("row", PAGES)
def test_without_javascript(row: str, pages: dict[str, list[str]], visit: Visit) -> None:
    """The same content, but for what moves."""
    address = pages[row][0]
    still, moving = visit(address, java_script_enabled=False), visit(address)
    assert still.locator("main").inner_text() == moving.locator("main").inner_text()
