"""A real browser (Debian's chromium), and ledgers to look at with it.

One worker runs all tests of this folder (``tests/selection.py``): they share one browser, one ledger of the
example, one of hostile names, and the pages and servers of both.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import ledgers, sites
from tests.browser.crawling import found_at
from tests.browser.servers import Server, serving
from tests.browser.watching import PATIENCE, watched
from tests.once import once

BROWSER = Path("/usr/bin/chromium")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
Visit = Callable[..., Page]


# Of the package, not of the session: as long as it lasts, nothing else in this process can use asyncio.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium without a window; skips where it is not installed."""
    if not BROWSER.exists():
        pytest.skip("chromium is not installed (apt-get install chromium fonts-noto-cjk brings it)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS, headless=True)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a page, and tells at the end of the test what it did that no page of ours may do."""
    with ExitStack() as pages:
        yield lambda url, **options: pages.enter_context(watched(browser, url, **options))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which every text that a supplier may choose is an attack on who reads it."""
    return once(tmp_path_factory, "hostile-of-browser", ledgers.hostile)


@pytest.fixture(scope="session")
def example_site(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example's workspace, with declarations in ``site``: a car, a sound lot, a faulty one."""
    folder = copied(example, tmp_path_factory)
    sites.build(folder, "oem/VIN-1", "zambezi/HX-0007", "zambezi/HX-0008")
    return folder


@pytest.fixture(scope="session")
def hostile_site(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of the ledger of attacks."""
    folder = copied(hostile, tmp_path_factory)
    sites.build(folder, "kokkola/D", *(f"{name}{ledgers.MARKUP}" for name in ("kokkola/C", "katanga/=A")))
    return folder


@pytest.fixture(scope="session")
def explorer(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``traceledger serve`` over the example."""
    with serving(copied(example, tmp_path_factory)) as server:
        yield server


@pytest.fixture(scope="session")
def attacked(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``traceledger serve`` over the ledger of attacks."""
    with serving(copied(hostile, tmp_path_factory)) as server:
        yield server


@pytest.fixture(scope="session")
def pages(explorer: Server) -> dict[str, list[str]]:
    """Addresses of pages of the example, by the path of their row in the table of routes."""
    return found_at(explorer.url)


@pytest.fixture(scope="session")
def attacked_pages(attacked: Server) -> dict[str, list[str]]:
    """The same of the ledger of attacks."""
    return found_at(attacked.url)


def copied(folder: Path, factory: pytest.TempPathFactory) -> Path:
    """A copy of a workspace, for a server that writes to its index."""
    return Path(shutil.copytree(folder, factory.mktemp("served") / "it"))
