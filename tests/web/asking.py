"""A server in this process, asked without any connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx

from traceledger.client.client import Client
from traceledger.web.app import create_app
from traceledger.web.following import Follower
from traceledger.web.settings import Settings

Ask = Callable[..., httpx.Response]


def asking(client: Client, settings: Settings, base: str) -> Ask:
    """Asks for a path below ``base``, by GET or the method that is given, with headers by their names."""
    app = create_app(client, Follower(client, 60), settings)

    async def asked(path: str, method: str, headers: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base) as found:
            return await found.request(method, path, headers=headers)

    return lambda path, method="GET", **said: asyncio.run(
        asked(path, method, {name.replace("_", "-"): value for name, value in said.items()})
    )
