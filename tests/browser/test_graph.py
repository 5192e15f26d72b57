"""The lineage graph in a real browser: opened by keyboard and mouse, with 10,000 batches, hostile names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.graphs import graph_served
from tests.pages.lineages import document_of, supply_chain
from traceledger.pages.graph.values import Item

pytestmark = pytest.mark.real("chromium")
GRAPH = "[data-graph]"
READY = f"{GRAPH}[data-ready]:not([aria-busy])"
HOSTILE = [
    "p/<script>alert(1)</script>",
    'p/"><img src=x onerror=alert(2)>',
    "p/\u05d0\u05d1\u05d2/\u202eevil\u2066",
    "p/line\nVerified: all of it",
    "p/.json",
    "p/" + "W" * 3_000,
]


@pytest.fixture(scope="module")
def small() -> Iterator[str]:
    """Twelve batches at four places: two mines, a refinery, a plant."""
    items = [Item(f"mine/LOT-{each}", (0, each % 2)) for each in range(6)]
    items += [Item(f"refinery/SUL-{each}", (2, 0), (each, each + 1)) for each in range(5)]
    with graph_served(document_of([*items, Item("oem/VIN-1", (6, 0), tuple(range(6, 11)))])) as address:
        yield address


def _said(page: Page) -> str:
    return page.locator("[data-said]").inner_text()


def _press(page: Page, *keys: str) -> str:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_selector(READY)
    return _said(page)


def _ready(page: Page) -> Page:
    page.wait_for_selector(READY)
    return page


def test_the_keyboard_goes_along_lines_opens_and_closes(small: str, visit: Visit) -> None:
    page = _ready(visit(small))
    page.locator("canvas").focus()
    assert "oem/site-6-0" in _said(page)
    assert "asked about" in _said(page)
    assert "refinery/site-2-0" in _press(page, "ArrowLeft")
    assert "Batches: 5" in _said(page)
    assert "opened" in _press(page, "Enter")
    expect(page).to_have_url(re.compile(r"open=[0-9a-f]{12}$"))
    assert page.evaluate(f"document.querySelector('{GRAPH}').dataset.ready") == "9"
    assert "refinery/SUL-0" in _press(page, "ArrowDown")
    assert "refinery/SUL-1" in _press(page, "ArrowDown")
    assert "mine/site-0" in _press(page, "ArrowLeft")
    assert "Nothing more" in _press(page, "ArrowLeft")
    assert "refinery/SUL" in _press(page, "ArrowRight")
    assert "refinery/site-2-0" in _press(page, "Escape")
    assert "open=" not in page.url
    assert "oem/site-6-0" in _press(page, "Home")


def test_enter_on_a_batch_leads_to_its_page(small: str, visit: Visit) -> None:
    page = _ready(visit(small))
    page.locator("canvas").focus()
    _press(page, "ArrowLeft", "Enter", "ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/batches/refinery/SUL-0")


def test_a_click_opens_a_group_and_what_stands_left_of_it_stays(small: str, visit: Visit) -> None:
    page = _ready(visit(small, reduced_motion="reduce"))
    box = page.locator("canvas").bounding_box()
    assert box
    # The asked one is the box farthest to the right, in the middle; the group before it stands left of it.
    page.locator("canvas").focus()
    _press(page, "ArrowLeft")
    before = page.evaluate("location.search")
    for share in (0.70, 0.66, 0.62, 0.58, 0.54):
        page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        page.wait_for_selector(READY)
        if page.evaluate("location.search") != before:
            break
    assert "open=" in page.url
    assert "opened" in _said(page)


def test_buttons_open_and_close_everything_and_change_the_size(small: str, visit: Visit) -> None:
    page = _ready(visit(small))
    page.get_by_role("button", name="Open all groups").click()
    expect(page.locator(GRAPH)).to_have_attribute("data-ready", "16")
    page.get_by_role("button", name="Close all groups").click()
    expect(page.locator(GRAPH)).to_have_attribute("data-ready", "4")
    for name in ("Larger", "Smaller", "Show all of it"):
        page.get_by_role("button", name=name).click()


def test_without_javascript_the_table_says_the_same(small: str, visit: Visit) -> None:
    page = visit(small, java_script_enabled=False)
    assert not page.locator("canvas").is_visible()
    rows = page.locator("main table tbody tr")
    assert rows.count() == 4
    rows.nth(2).get_by_role("link", name=re.compile("Show its batches")).click()
    assert page.locator("tr.member").count() in (3, 5)


def test_the_picture_is_as_sharp_as_the_screen_and_in_its_colours(small: str, visit: Visit) -> None:
    page = _ready(visit(small, device_scale_factor=2, color_scheme="dark"))
    assert page.evaluate("(c => c.width === 2 * c.clientWidth)(document.querySelector('canvas'))")
    drawn = page.evaluate(
        """() => {
          const canvas = document.querySelector('canvas'), pixels = canvas.getContext('2d')
            .getImageData(0, 0, canvas.width, canvas.height).data;
          let bright = 0, any = 0;
          for (let at = 0; at < pixels.length; at += 4) {
            any += pixels[at + 3] > 0;
            bright += pixels[at + 3] > 0 && pixels[at] + pixels[at + 1] + pixels[at + 2] > 700;
          }
          return [any, bright];
        }"""
    )
    assert drawn[0] > 5_000
    assert drawn[1] < drawn[0] / 4


def test_hostile_names_are_text(visit: Visit) -> None:
    items = [Item(name, (0, each)) for each, name in enumerate(HOSTILE)]
    document = document_of([*items, Item("oem/VIN-1", (6, 0), tuple(range(len(items))))])
    for each, row in enumerate(document["batches"][:-1]):
        row.update(facility=HOSTILE[each], material=HOSTILE[each], participant="p")
    with graph_served(document) as address:
        page = _ready(visit(f"{address}?open=all"))
        page.locator("canvas").focus()
        said = [_press(page, "Home")]
        said += [_press(page, key) for key in ("ArrowLeft", "ArrowUp", "ArrowDown", "ArrowDown", "ArrowDown")]
        assert all("\n" not in each and "\u202e" not in each for each in said)
        assert page.locator("canvas").evaluate("c => c.childElementCount") == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_ten_thousand_batches_are_usable(visit: Visit) -> None:
    with graph_served(document_of(supply_chain(10_000))) as address:
        page = visit(address)
        first = page.wait_for_selector(f"{GRAPH}[data-ready]") and page.evaluate("performance.now()")
        page.get_by_role("button", name="Open all groups").click()
        expect(page.locator(GRAPH)).to_have_attribute("data-ready", re.compile(r"^\d{5}$"))
        page.get_by_role("button", name="Show all of it").click()
        frames = page.evaluate(FRAMES)
        print(f"first drawn after {first:.0f} ms; frames of 10,000 batches, ms: {frames}")
        sizes = page.evaluate(SIZES)
        assert len(sizes) > 20
        assert max(sizes) < 300_000
        page.locator("canvas").focus()
        assert "oem/site-vehicle-0" in _press(page, "Home")


SIZES = """() => performance.getEntriesByType('resource')
  .filter((each) => each.name.includes('slice=')).map((each) => each.decodedBodySize)"""
"""Bytes of each slice."""
FRAMES = """async () => {
  const canvas = document.querySelector('canvas'), times = [];
  canvas.focus();
  for (let at = 0; at < 6; at += 1) {
    const begin = performance.now();
    const wheel = { deltaY: at < 3 ? -120 : 120, clientX: 400, clientY: 400, cancelable: true };
    canvas.dispatchEvent(new WheelEvent('wheel', wheel));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b).map(Math.round);
}"""
"""How long frames take while the size changes, sorted."""
