"""Servers as processes of their own over the example, and what asks them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.browser.servers import Server, serving

Serve = Callable[..., Server]
Get = Callable[..., httpx.Response]


@pytest.fixture
def workspace(example: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(example, tmp_path / "it"))


@pytest.fixture(scope="module")
def server(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``traceledger serve`` over a copy of the example."""
    folder = Path(shutil.copytree(example, tmp_path_factory.mktemp("served") / "it"))
    with serving(folder, "--rate", "10000", "--burst", "10000", "--access-log", "access.jsonl") as running:
        yield running


@pytest.fixture(scope="module")
def get(server: Server) -> Iterator[Get]:
    """Asks it, at a path below ``/api/v1`` or, with a slash at its beginning, anywhere."""
    with httpx.Client(base_url=server.url, timeout=120) as client:

        def ask(path: str, method: str = "GET", **more: object) -> httpx.Response:
            at = path if path.startswith("/") else f"/api/v1/{path}"
            return client.request(method, at, **more)  # type: ignore[arg-type]

        yield ask


@pytest.fixture
def serve(workspace: Path) -> Iterator[Serve]:
    """Starts servers over the workspace; they must end well."""
    with ExitStack() as running:
        yield lambda *options: running.enter_context(serving(workspace, *options))
