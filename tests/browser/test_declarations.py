"""The declaration as a page, from a file: on a buyer's phone, in print, for who sees otherwise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import ask, cut_off, faults_of
from tests.browser.conftest import Visit
from tests.browser.sites import page_of, run
from traceledger.languages import LANGUAGES
from traceledger.model.text import is_clean

pytestmark = pytest.mark.real("chromium")
PHONE: dict[str, Any] = {
    "viewport": {"width": 375, "height": 812},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
SOUND, FAULTY = "zambezi/HX-0007", "zambezi/HX-0008"
LARGEST = 250_000


def spoken(page: Page) -> str:
    """The four figures, with plain blanks."""
    return page.locator(".figures").inner_text().replace("\xa0", " ")


def test_a_buyer_with_a_phone(example_site: Path, visit: Visit) -> None:
    """Opens a car in the list, reads figures, a journey and what is not known, then in other languages."""
    page = visit((example_site / "site" / "index.html").as_uri(), **PHONE)
    page.get_by_role("link", name="oem/VIN-1").first.tap()
    assert page.locator("html").get_attribute("lang") == "en"
    declared = run(example_site, "declaration", "show", "oem/VIN-1")
    used = {name: int(declared["co2e"]["restated"][name]) for name in ("total_mg", "primary_mg")}
    tonnes = used["total_mg"] / 10**9
    figures = spoken(page)
    assert f"{tonnes:.2f} t CO2e" in figures
    assert f"{used['primary_mg'] / used['total_mg']:.1%}" in figures

    journey = page.locator(".journey", has=page.get_by_role("heading", name="Cobalt"))
    assert journey.locator(".drawn-narrow > svg").is_visible()
    assert not journey.get_by_role("table").is_visible()
    journey.locator("summary").tap()
    assert "Kolwezi" in journey.get_by_role("table").inner_text()
    unknown = page.locator("section", has=page.get_by_role("heading", name="What is not known"))
    assert "not measured" in unknown.inner_text()
    assert cut_off(page) == []

    page.get_by_role("link", name="Deutsch").tap()
    assert page.locator("html").get_attribute("lang") == "de"
    assert f"{tonnes:.2f} t CO2e".replace(".", ",") in spoken(page)
    page.get_by_role("link", name="简体中文").tap()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert re.search("[\u4e00-\u9fff]{2}", page.locator("main").inner_text())
    assert cut_off(page) == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)
def test_for_who_sees_otherwise(language: Any, example_site: Path, visit: Visit) -> None:
    first = page_of(example_site, "oem/VIN-1")
    page = first if language == LANGUAGES[0] else first.with_name(f"index.{language.code}.html")
    assert page.stat().st_size < LARGEST
    opened = visit(page.as_uri(), width=320)
    if language.code in ("en", "zh-Hans"):
        assert faults_of(opened) == []
    ask(opened, "unfold")
    assert cut_off(opened) == []


def test_without_javascript(example_site: Path, visit: Visit) -> None:
    address = page_of(example_site, "oem/VIN-1").as_uri()
    still, moving = visit(address, java_script_enabled=False), visit(address)
    moving.evaluate("document.querySelectorAll('.verify').forEach(each => each.hidden = true)")
    assert still.locator("main").inner_text() == moving.locator("main").inner_text() != ""


def test_on_paper(example_site: Path, visit: Visit) -> None:
    """What is folded is printed, what is for clicks is not."""
    page = visit(page_of(example_site, "oem/VIN-1").as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".journey table").first.is_visible()
    assert not page.get_by_role("heading", name="Downloads").is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    made = page.pdf(format="A4")
    assert made.startswith(b"%PDF") and 3 <= len(re.findall(rb"/Type\s*/Page\b", made)) <= 20


def test_a_banner_of_what_is_wrong(example_site: Path, visit: Visit) -> None:
    page = visit(page_of(example_site, FAULTY).as_uri(), **PHONE)
    banner = page.get_by_role("note").first
    assert "declared" in banner.inner_text()
    assert banner.bounding_box()["y"] < 300  # type: ignore[index]
    assert faults_of(page) == []


def test_a_proof_is_checked_in_the_page(example_site: Path, visit: Visit, tmp_path: Path) -> None:
    """The file as it is downloaded; then another with one bit changed. The command says the same of both."""
    page = visit(page_of(example_site, SOUND).as_uri())
    with page.expect_download() as started:
        page.get_by_role("link", name=".tlproof").first.click()
    started.value.save_as(tmp_path / "it.tlproof")
    run(example_site, "trust-root", "export", "-o", str(tmp_path / "root.json"))
    verify = ("proof", "verify", str(tmp_path / "it.tlproof"), SOUND, "--trust-root")
    assert run(example_site, *verify, str(tmp_path / "root.json"))["batch"] == SOUND

    page.get_by_role("link", name="Check it in this browser").click()
    assert faults_of(page) == []
    verdict = page.get_by_role("status")
    page.get_by_label("Proof file").set_input_files(tmp_path / "it.tlproof")
    expect(verdict).to_contain_text("Verified: the file proves the figures of this page")
    proof = bytearray((tmp_path / "it.tlproof").read_bytes())
    proof[len(proof) // 2] ^= 1
    (tmp_path / "changed.tlproof").write_bytes(proof)
    page.get_by_label("Proof file").set_input_files(tmp_path / "changed.tlproof")
    expect(verdict).to_contain_text("Refused")


def test_hostile_texts(hostile_site: Path, visit: Visit) -> None:
    for page in sorted((hostile_site / "site").glob("**/index.html")):
        opened = visit(page.as_uri(), width=320)
        ask(opened, "unfold")
        text = opened.locator("body").inner_text() + opened.title()
        assert all(map(is_clean, text.replace("\t", "").split("\n"))), ascii(text)
        assert ask(opened, "planted") == []
        assert cut_off(opened) == []
        assert page.stat().st_size < LARGEST
