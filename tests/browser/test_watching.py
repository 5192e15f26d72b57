"""What watches pages sees what no page of ours may do: each of these pages does one of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.accessibility import ask, cut_off, faults_of_focus, violations
from tests.browser.conftest import Visit
from tests.browser.watching import watched

pytestmark = pytest.mark.real("chromium")
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>'
    '<meta name="viewport" content="width=device-width">{head}</head>'
    "<body><main><h1>A page</h1>{body}</main></body>"
)
POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
FAULTS = {
    "asks another": ("", '<img src="http://127.0.0.1:9/x.png" alt="x">'),
    "a file that asks": ("", '<img src="x.png" alt="x">'),
    "console: mind": ("", "<script>console.warn('mind')</script>"),
    "thrown: x": ("", "<script>throw new Error('x')</script>"),
    "violates the following Content Security Policy": (POLICY, "<script>1</script>"),
    "a dialog: x": ("", "<script>alert('x')</script>"),
    "stored: lasting": ("", "<script>localStorage.lasting = 1</script>"),
    "stored: session": ("", "<script>sessionStorage.session = 1</script>"),
    "stored: base": ("", "<script>indexedDB.open('base')</script>"),
}
LONG = "W" * 500
CUT_OFF = {
    "scrolls sideways": f"<p>{LONG}</p>",
    "scrolls unmarked": f'<p style="overflow-x: auto">{LONG}</p>',
    "cut off": f'<p style="overflow: hidden">{LONG}</p>',
}
FOCUS = {
    "focus is not seen": '<a href="#x" style="outline: none">x</a>',
    "focus is elsewhere": '<a href="#x" style="position: fixed; left: -999px">x</a>',
    "the tabulator reaches 1 of 2": "<p><a href='#a'>a</a><button>b</button></p>"
    "<script>onkeydown = key => document.activeElement.tagName !== 'A'</script>",
}

PLANTED = ('<a href="javascript:x">x</a>', '<p onclick="x">x</p>', "<iframe></iframe>")


def made(folder: Path, head: str, body: str) -> str:
    """The address of a page in a file."""
    (folder / "page.html").write_text(PAGE.format(head=head, body=body), "utf-8")
    return (folder / "page.html").as_uri()


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_seen(fault: str, browser: Browser, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=fault), watched(browser, made(tmp_path, *FAULTS[fault])):
        pass


def test_a_page_without_fault(visit: Visit, tmp_path: Path) -> None:
    body = f'<p>x</p><div style="overflow-x: auto" role="region" aria-label="x" tabindex="0">{LONG}</div>'
    page = visit(made(tmp_path, "", body), width=320)
    assert violations(page) + cut_off(page) + faults_of_focus(page) + ask(page, "planted") == []


def test_what_is_cut_off(visit: Visit, tmp_path: Path) -> None:
    page = visit(made(tmp_path, "", ""), width=320)
    for fault, body in CUT_OFF.items():
        page.goto(made(tmp_path, "", body))
        assert fault in "\n".join(cut_off(page))


def test_what_a_keyboard_misses(visit: Visit, tmp_path: Path) -> None:
    page = visit(made(tmp_path, "", ""))
    for fault, body in FOCUS.items():
        page.goto(made(tmp_path, "", body))
        assert fault in "\n".join(faults_of_focus(page))


def test_what_axe_finds(visit: Visit, tmp_path: Path) -> None:
    page = visit(made(tmp_path, "", '<p style="color: #999">some words</p><h4>x</h4><input>'))
    found = {each.partition(":")[0] for each in violations(page)}
    assert found == {"color-contrast", "heading-order", "label"}


def test_what_is_planted(visit: Visit, tmp_path: Path) -> None:
    page = visit(made(tmp_path, "", ""))
    for planted in PLANTED:
        page.goto(made(tmp_path, "", planted))
        assert len(ask(page, "planted")) == 1, planted
