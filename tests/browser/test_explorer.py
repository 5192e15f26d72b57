"""Every page of the explorer: for who sees otherwise, or has only a keyboard, or no JavaScript."""

from __future__ import annotations

import pytest

from tests.browser.accessibility import faults_of
from tests.browser.conftest import Visit
from tests.browser.crawling import PAGES

pytestmark = pytest.mark.real("chromium")
HIDE_WHAT_MOVES = (
    "document.querySelectorAll('[data-graph], [data-verify]').forEach(each => each.hidden = true)"
)


def test_links_lead_to_every_page(pages: dict[str, list[str]]) -> None:
    assert set(pages) == set(PAGES)


@pytest.mark.parametrize("row", PAGES)
def test_for_everyone(row: str, pages: dict[str, list[str]], visit: Visit) -> None:
    """For who sees otherwise; and without JavaScript the same, but for the graph and what checks a proof."""
    address = pages[row][0]
    still, moving = visit(address, java_script_enabled=False), visit(address)
    assert faults_of(moving) == []
    moving.goto(address)
    moving.evaluate(HIDE_WHAT_MOVES)
    for page in (still, moving):
        page.set_viewport_size({"width": 1280, "height": 900})
    assert still.locator("main").inner_text() == moving.locator("main").inner_text() != ""
