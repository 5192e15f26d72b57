"""A page that is watched: what a page of ours may never do is told when it is left.

Nothing is asked of another origin (of nobody at all, where the page is a file), nothing is wrong on the
console, nothing is thrown, no policy is violated, no dialog opens, nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

PATIENCE = 60_000
"""Milliseconds until something that a test waits for has failed: a machine may be busy."""
# A database is seen where it is asked for: the browser lists it only once it has made it, some time later.
BEFORE = """
document.addEventListener('securitypolicyviolation', found => console.error(found.blockedURI));
const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (name, ...others) {
  console.error(`stored: ${name}`);
  return open.call(this, name, ...others);
};
"""
STORED = """() => {
  if (location.protocol === 'about:') return [];
  return [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
}"""


class Watch:
    """What was seen that may not be, one sentence each."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.faults: list[str] = []
        self.allowed: tuple[str, ...] = ()
        self._origin = origin
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda thrown: self.faults.append(f"thrown: {thrown.error}"))
        context.on("dialog", self._opened)

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob"):
            return
        if origin_of(request.url) != self._origin:
            self.faults.append(f"asks another: {request.url[:200]}")
        elif parts.scheme == "file" and request.resource_type != "document":
            self.faults.append(f"a file that asks for another: {request.url[:200]}")

    def _answered(self, response: Response) -> None:
        if "set-cookie" in response.headers:
            self.faults.append(f"sets a cookie: {response.url[:200]}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(each in message.text for each in self.allowed):
            self.faults.append(f"console: {message.text[:300]} ({message.location['url']})")

    def _opened(self, dialog: Dialog) -> None:
        self.faults.append(f"a dialog: {dialog.message[:200]}")
        dialog.dismiss()


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@contextmanager
def watched(
    browser: Browser, url: str, *, allowed: tuple[str, ...] = (), width: int = 1280, **options: Any
) -> Iterator[Page]:
    """The page at a URL, in a profile of its own; an error with all that it did wrong, when it is left.

    Args:
        browser: Which browser.
        url: Where the page is, of http or file.
        allowed: What the console may say, such as that the page itself is missing.
        width: Pixels of the window.
        options: As of Playwright's ``new_context``.
    """
    usual = {"viewport": {"width": width, "height": 900}, "locale": "en-GB"}
    context = browser.new_context(**{**usual, **options})
    context.set_default_timeout(PATIENCE)
    try:
        context.add_init_script(BEFORE)
        watch = Watch(context, origin_of(url))
        watch.allowed = allowed
        page = context.new_page()
        page.goto(url)
        yield page
        watch.faults += [f"a cookie: {each['name']}" for each in context.cookies()]
        watch.faults += [f"stored: {each}" for opened in context.pages for each in opened.evaluate(STORED)]
        assert not watch.faults, f"{page.url}:\n" + "\n".join(watch.faults)
    finally:
        context.close()
