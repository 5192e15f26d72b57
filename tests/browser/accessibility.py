"""What a page owes to people who see it otherwise, or not at all: WCAG 2.2 AA.

axe-core finds about half of what a program can find. The rest is asked here: nothing is cut off or scrolls
sideways in a narrow window or with large letters; the tabulator reaches everything, and that shows.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

QUESTIONS = Path(__file__).with_name("questions.js").read_text("utf-8")
AXE = Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
NARROW = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
"""What a wide and a narrow window, or light and dark, differ in, besides what is asked here."""
LARGE = "() => { document.documentElement.style.fontSize = '200%' }"


def ask(page: Page, question: str) -> Any:
    """What a function of ``questions.js`` says of the page."""
    return page.evaluate(f"(() => {{ {QUESTIONS}; return questions.{question}() }})()")


@cache
def axe() -> str:
    """The source of axe-core; skips where npm did not install it."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm install --no-save in tests/browser brings it)")
    return AXE.read_text("utf-8")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe-core finds wrong on the page as it is now: by all rules for WCAG 2.2 AA, or by these."""
    only: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    source = axe()
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source)
    options = {"runOnly": only, "resultTypes": ["violations"], "iframes": False}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{each['id']}: {each['help']}: {node['html'][:160]} ({node['failureSummary'][:240]})"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]


def cut_off(page: Page) -> list[str]:
    """What cannot be read as the page is now: cut off, beyond the edge, or scrolling without saying so."""
    return list(ask(page, "cutOff"))


def faults_of_focus(page: Page) -> list[str]:
    """What is wrong for who has only a keyboard: what is not reached, and focus that does not show."""
    there = ask(page, "reachable")
    page.evaluate(f"{QUESTIONS}; questions.watchFocus()")
    # Each is noted at the key after it, and the key after the last one leaves the page or begins anew.
    for _ in range(there + 2):
        page.keyboard.press("Tab")
    faults, reached = [], 0
    # What only shows while it has the focus would lie over others.
    for focused in page.evaluate("() => { document.activeElement?.blur(); return hadFocus }"):
        if focused is None or focused["again"]:
            break
        reached += 1
        faults += [f"focus is not seen: {focused['what']}"] if not focused["seen"] else []
        faults += [f"focus is elsewhere: {focused['what']}"] if not focused["within"] else []
    if reached < there:
        faults.append(f"the tabulator reaches {reached} of {there}")
    return faults


def faults_of(page: Page) -> list[str]:
    """What is wrong with a page: wide and narrow, light and dark, by keyboard, in large letters."""
    by_keyboard = faults_of_focus(page)
    ask(page, "unfold")
    faults = by_keyboard + faults_of_looks(page)
    page.evaluate(LARGE)
    return faults + [f"large letters: {each}" for each in cut_off(page)]


def faults_of_looks(page: Page) -> list[str]:
    """What is wrong in a wide window in light by all rules, and in a narrow one in dark by what differs.

    The colours are those of one style sheet, whose contrasts ``tests/pages/test_style.py`` counts in both.
    """
    faults = []
    for width, scheme, rules in ((1280, "light", ()), (320, "dark", NARROW)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = violations(page, *rules) + cut_off(page)
        faults += [f"{width}, {scheme}: {each}" for each in found]
    return faults
