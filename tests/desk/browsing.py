"""A desk in this process, and a browser without scripts that visits it."""

from __future__ import annotations

import asyncio
import html
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from starlette.applications import Starlette

from tests.clients import network_of
from traceledger.model.patience import DEFAULT, Patience
from traceledger.web.desk.app import create_app
from traceledger.web.desk.desk import Desk
from traceledger.web.desk.server import address
from traceledger.web.desk.settings import DeskLimits, DeskSettings

PORT = 40404
URL = f"http://127.0.0.1:{PORT}"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Clock:
    """Tells the time that a test says."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


class Running:
    """An application that runs in a thread of its own, asked without any connection."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._life = app.router.lifespan_context(app)

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._life.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._do(self._life.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def asked(self, cookies: httpx.Cookies, method: str, url: str, **more: Any) -> httpx.Response:
        """What it answers; cookies that it sets are added to these."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 50000))
            async with httpx.AsyncClient(transport=transport, cookies=cookies, timeout=60) as client:
                response = await client.request(method, url, **more)
                cookies.update(client.cookies)
                return response

        found: httpx.Response = self._do(ask())
        return found


class Browser:
    """Visits a desk: sends what a browser sends, keeps cookies, and knows the token of the last form."""

    def __init__(self, running: Running, desk: Desk) -> None:
        self.running = running
        self.desk = desk
        self.cookies = httpx.Cookies()
        self.csrf = ""

    def ask(self, method: str, url: str, **more: Any) -> httpx.Response:
        """Any request, with the browser's cookies."""
        more.setdefault("follow_redirects", True)
        return self._seen(self.running.asked(self.cookies, method, url, **more))

    def enter(self) -> Browser:
        """Open the address that the desk prints."""
        assert "refresh" in self.ask("GET", address(self.desk, URL)).text
        # The first page may have no form yet.
        self.get("/key")
        return self

    def get(self, path: str, **more: Any) -> httpx.Response:
        """A page of the desk, by its path below the desk's place."""
        return self.ask("GET", self.at(path), **more)

    def post(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Send a form of a page of the desk; ``csrf`` is that of the last page unless it is given."""
        sent = {"csrf": self.csrf, **(data or {})}
        from_desk = {"Origin": URL, "Sec-Fetch-Site": "same-origin", **(headers or {})}
        return self.ask("POST", self.at(path), data=sent, headers=from_desk, **more)

    def at(self, path: str) -> str:
        """The address of a path below the desk's place."""
        return f"{URL}/{self.desk.entrance.place}{path}"

    def _seen(self, response: httpx.Response) -> httpx.Response:
        if found := _CSRF.search(response.text if "html" in response.headers.get("content-type", "") else ""):
            self.csrf = html.unescape(found[1])
        return response

    def settled(self, draft: str) -> httpx.Response:
        """The page of a draft once the desk has it in hand no more."""
        waiting = threading.Event()
        for _ in range(2400):
            document = self.get(f"/drafts/{draft}/progress").json()
            if not document["in_hand"]:
                return self.get(f"/drafts/{draft}")
            waiting.wait(0.05)
        raise AssertionError(f"draft {draft} is still in hand")


@contextmanager
def desk_of(
    folder: Path,
    participant: str,
    *,
    clock: Clock | None = None,
    patience: Patience = DEFAULT,
    idle: float = 600.0,
    limits: DeskLimits | None = None,
) -> Iterator[Browser]:
    """The desk of a participant over the network in a folder, and a browser that was let in."""
    settings = DeskSettings(participant, idle_seconds=idle, limits=limits or DeskLimits())
    desk = Desk(network_of(folder), settings, clock=clock or Clock(), patience=patience)
    desk.open()
    with Running(create_app(desk, PORT)) as running:
        yield Browser(running, desk).enter()


def another(browser: Browser) -> Browser:
    """A browser that was not let in to the same desk."""
    return Browser(browser.running, browser.desk)


def shown_in(page: httpx.Response) -> str:
    """The digest of what a draft's page shows, as its form to sign has it."""
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page.text)
    assert found is not None, page.text
    return found[1]
