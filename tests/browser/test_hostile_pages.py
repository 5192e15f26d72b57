"""Texts that attack who reads them do nothing on any page: they are seen as they are, on one line."""

from __future__ import annotations

import pytest

from tests.browser.accessibility import ask, cut_off, violations
from tests.browser.conftest import Visit
from tests.browser.crawling import PAGES
from traceledger.model.text import is_clean

pytestmark = pytest.mark.real("chromium")


def test_links_lead_to_every_page(attacked_pages: dict[str, list[str]]) -> None:
    assert set(attacked_pages) == set(PAGES)


@pytest.mark.parametrize("row", PAGES)
def test_attacks_do_nothing(row: str, attacked_pages: dict[str, list[str]], visit: Visit) -> None:
    first, *others = attacked_pages[row]
    page = visit(first, width=320)
    for address in (None, *others):
        if address:
            page.goto(address)
        assert ask(page, "planted") == []
        text = page.locator("body").inner_text() + page.title()
        assert all(map(is_clean, text.replace("\t", "").split("\n"))), ascii(text)
        assert "\u3164" not in text
        assert cut_off(page) == []


def test_attacks_are_seen(attacked_pages: dict[str, list[str]], visit: Visit) -> None:
    for row in ("/batches", "/participants", "/facilities"):
        page = visit(attacked_pages[row][0])
        assert "<script>alert(1)</script>" in page.locator("main").inner_text()
        assert "{{7*7}}${7*7}{%x%}" in page.locator("main").inner_text()
        assert violations(page) == []
