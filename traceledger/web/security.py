"""What every answer tells browsers to refuse, and which names of this server are answered.

A page of a stranger must not read the API through a browser beside the server (DNS rebinding): what does not
call the server by a name of its own gets no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from traceledger.web.paths import API
from traceledger.web.problems import refuse

CONTENT_SECURITY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:[0-9]{1,5})?", re.ASCII)
LOCAL = ("localhost", "127.0.0.1", "[::1]")


class SecurityHeaders:
    """Adds :data:`HEADERS` to every answer that does not say otherwise.

    Args:
        app: what answers.
        own: of this application, besides those or in their place.
    """

    def __init__(self, app: ASGIApp, own: Mapping[str, str] = MappingProxyType({})) -> None:
        self._app = app
        self._headers = {"Cross-Origin-Resource-Policy": "same-origin", **HEADERS, **own}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending)


class ApiCors:
    """Lets scripts of named pages of others read the API, and nothing else.

    Args:
        app: what answers.
        origins: of those pages, such as ``https://dashboard.example``.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "HEAD"),
            allow_headers=("Authorization", "If-None-Match"),
            expose_headers=("ETag", "Link", "Retry-After", "TraceLedger-Block"),
            max_age=600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_api = scope["type"] == "http" and scope["path"].startswith(API + "/")
        await (self._open if is_api else self._app)(scope, receive, send)


def host_of(text: str) -> str:
    """A ``Host`` header without its port, in small letters.

    Example:
        >>> host_of("Ledger.Example:8080"), host_of("[::1]:80"), host_of("a.example.")
        ('ledger.example', '[::1]', 'a.example')
    """
    name = text.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    return name.partition(":")[0].removesuffix(".")


def require_host(headers: Headers, allowed: Iterable[str]) -> None:
    """Refuse a request that calls the server by a strange name.

    Raises:
        ProblemError: it does, or says none, or several.
    """
    named = headers.getlist("host")
    if len(named) != 1 or not _HOST.fullmatch(named[0]) or host_of(named[0]) not in allowed:
        raise refuse(
            421,
            "strange-host",
            "this server is not known by that name",
            where="Host",
            hint="call it by its address, or let its operator add the name with --allowed-host",
        )
