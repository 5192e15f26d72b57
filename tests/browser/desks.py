"""``traceledger desk`` as a process of its own, and a clerk's browser at it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.servers import EXECUTABLE
from tests.clients import PASSPHRASE

_ADDRESS = re.compile(r"http://\S+/enter\?token=\S+")
_EXPECTED = "status of 4"
"""What a browser says on its console of a form that is shown again with its faults."""


class Desk:
    """A desk that runs.

    Attributes:
        address: with its one-time token.
    """

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    @property
    def url(self) -> str:
        """Where its pages are, without a slash at the end."""
        return self.address.partition("/enter?")[0]

    def kill(self) -> None:
        """End it as a power failure would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def desk_in(folder: Path, company: str) -> Iterator[Desk]:
    """The desk of a company over the network in a folder; it ends well, unless it was killed."""
    command = [str(EXECUTABLE), "desk", "--as", company, "--no-browser"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACELEDGER_")}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    try:
        while (found := _ADDRESS.search(said)) is None:
            line = process.stdout.readline()
            assert line, said
            said += line
        desk = Desk(process, found[0])
        yield desk
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=120)
            assert process.returncode == 0, rest
    finally:
        process.kill()
        process.communicate()


class Clerk:
    """Somebody at a desk, with a browser.

    Args:
        page: of the browser.
        key: name of their key.
    """

    def __init__(self, page: Page, key: str) -> None:
        self.page = page
        self.key = key

    def go(self, label: str) -> None:
        """Follow a link of the desk's head."""
        self.page.get_by_role("navigation", name="Desk").get_by_role("link", name=label, exact=True).click()

    def press(self, label: str) -> None:
        """Press a button that is seen."""
        self.page.get_by_role("button", name=label, exact=True).first.click()

    def fill(self, **fields: str) -> None:
        """Fill in fields by their names; ``__`` stands for a dot."""
        for name, value in fields.items():
            self.page.fill(f'[name="{name.replace("__", ".")}"]', value)

    def unlock(self) -> None:
        """Unlock the clerk's key."""
        self.page.get_by_role("link", name="Unlock your key to sign it").click()
        self.page.check(f'input[value="{self.key}"]')
        self.fill(passphrase=PASSPHRASE)
        self.press("Unlock")

    def sign(self) -> None:
        """Sign the draft that is shown, and wait until all of it is recorded."""
        self.press("Sign and send")
        self.page.get_by_text("All of it is recorded, and final.").wait_for(timeout=60_000)


@contextmanager
def clerk_at(browser: Browser, desk: Desk, key: str) -> Iterator[Clerk]:
    """A clerk's browser at a desk, without JavaScript's help being needed; what goes wrong in it fails."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    wrong: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: None if _EXPECTED in said.text else wrong.append(said.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(desk.address)
    page.get_by_role("heading", name="Inbox").wait_for()
    yield Clerk(page, key)
    context.close()
    assert wrong == []
