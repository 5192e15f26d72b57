"""Runs the application with uvicorn, in this process, until it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from traceledger.errors import InputError
from traceledger.web.app import create_app
from traceledger.web.following import Follower
from traceledger.web.protocol import guarded
from traceledger.web.tls import Acceptor, context

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from traceledger.client.client import Client
    from traceledger.web.settings import Settings

_BACKLOG = 512
Ready = Callable[[str], None]


def run(client: Client, settings: Settings, ready: Ready) -> None:
    """Serve until SIGINT or SIGTERM; open requests are answered first, for a while.

    Args:
        client: follows the chain; it is closed at the end.
        settings: how to serve.
        ready: is told the address once requests are taken.

    Raises:
        InputError: the address or port cannot be taken, or certificate and key not be used.
    """
    tls = None if settings.tls is None else context(settings.tls.certificate, settings.tls.key)
    app = create_app(client, Follower(client, settings.follow_seconds), settings)
    serve(app, bound(settings.host, settings.port), settings, ready, tls)


def serve(
    app: Starlette,
    listening: socket.socket,
    settings: Settings,
    ready: Ready,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Serve an application at a socket, until SIGINT or SIGTERM.

    Args:
        app: what answers.
        listening: where; it is closed at the end.
        settings: how to serve.
        ready: is told the address once requests are taken.
        tls: what it speaks TLS with; ``None``: it speaks plain HTTP.
    """
    limits = settings.limits
    config = uvicorn.Config(
        app,
        http=guarded(settings),
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.forwarded_by),
        forwarded_allow_ips=list(settings.forwarded_by),
        timeout_keep_alive=int(limits.idle_seconds),
        timeout_graceful_shutdown=int(limits.grace_seconds),
        limit_concurrency=limits.connections,
        h11_max_incomplete_event_size=limits.header_bytes,
    )
    url = address(listening, encrypted=tls is not None)
    try:
        if tls is None:
            _Server(config, ready, url).run(sockets=[listening])
        else:
            _Encrypted(config, ready, url, listening, tls, settings).run(sockets=[])
    except KeyboardInterrupt:
        # uvicorn ended as it was told to, and says so once more.
        return
    finally:
        listening.close()


class _Server(uvicorn.Server):
    """Tells when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Ready, url: str) -> None:
        super().__init__(config)
        self._ready = ready
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take requests."""
        await super().startup(sockets=sockets)
        if self.started:
            self._ready(self._url)


class _Encrypted(_Server):
    """Accepts connections itself, as TLS and what is not share the port; all else is uvicorn's."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Ready,
        url: str,
        listening: socket.socket,
        tls: ssl.SSLContext,
        settings: Settings,
    ) -> None:
        super().__init__(config, ready, url)
        self._acceptor = Acceptor(listening, tls, self._spoken, settings.limits, settings.forwarded_by)
        self._accepting: asyncio.Task[None] | None = None

    def _spoken(self) -> asyncio.Protocol:
        """What a connection speaks, as :meth:`uvicorn.Server.startup` makes it."""
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take requests."""
        self._accepting = asyncio.create_task(self._acceptor.run())
        await super().startup(sockets=sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, and end those that are open."""
        if self._accepting is not None:
            self._accepting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._accepting
        self._acceptor.end()
        await super().shutdown(sockets=sockets)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        InputError: the address is none of this machine, or the port is taken.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        # Where the protocol is not said, asyncio does not turn Nagle's algorithm off: each answer with a body
        # waits 40 ms for the client's acknowledgement of its head.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, port))
            listening.listen(_BACKLOG)
        except BaseException:
            listening.close()
            raise
        return listening
    except OSError as error:
        raise InputError(
            f"cannot be listened at: {error.strerror or error}",
            where=f"--host {host} --port {port}",
            hint="choose another port, or end what uses this one; 0 takes any free one",
        ) from None


def address(listening: socket.socket, *, encrypted: bool = False) -> str:
    """The URL of a socket that listens."""
    host, port = listening.getsockname()[:2]
    scheme = "https" if encrypted else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
