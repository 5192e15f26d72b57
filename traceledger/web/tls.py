"""TLS at the server's own port: certificate and key, and what is said to who comes without it.

What a connection is, its first byte tells, which is looked at and not taken: a TLS handshake begins with 22.
Everything else is plain HTTP, and is answered with a refusal that has no data in it; nothing is redirected,
since who follows would have sent a token in the clear. Until then a connection counts for the limits too::

    accepted --22--> handshake --done--> a connection as any other
        |--another byte--> refused      '--too slow--> closed
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

from traceledger.errors import InputError
from traceledger.storage.files import others_may, reading
from traceledger.web.rates import client_of
from traceledger.web.settings import Limits

_HANDSHAKE = 0x16
"""The type of TLS's first record (RFC 8446, 5.1)."""
_DRAIN = 2.0
"""Seconds in which somebody may read a refusal before the connection is cut."""
_REST = 0.2
"""Seconds of rest where no more files can be opened."""
_ENCRYPTED = "the key is encrypted"
_REFUSAL = {"code": "BadRequest", "message": "this port speaks TLS only: ask with https"}


def context(certificate: Path, key: Path) -> ssl.SSLContext:
    """What a server needs to speak TLS 1.2 or 1.3.

    Args:
        certificate: PEM file of its certificate, and those between it and an authority.
        key: PEM file of its key, without a passphrase.

    Raises:
        InputError: a file cannot be read, is none, others may read the key, or they do not belong together.
    """
    for path in (certificate, key):
        with reading(path):
            pass
    if others_may(key, 0o007):
        raise InputError("others may read the key of TLS", where=str(key), hint="chmod 600 it")
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    try:
        made.load_cert_chain(certificate, key, _no_passphrase)
    except ssl.SSLError as error:
        raise _unusable(error, certificate, key) from None
    except ValueError:
        raise InputError(
            _ENCRYPTED, where=str(key), hint="decrypt it: openssl pkey -in KEY -out PLAIN"
        ) from None
    return made


def _no_passphrase() -> str:
    raise ValueError(_ENCRYPTED)


def _unusable(error: ssl.SSLError, certificate: Path, key: Path) -> InputError:
    """Which of the two files is wrong: they are read one after the other, the certificate first."""
    if error.reason == "KEY_VALUES_MISMATCH":
        return InputError("the key is not that of the certificate", where=f"{certificate}, {key}")
    probe = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        probe.load_verify_locations(certificate)
    except ssl.SSLError:
        return InputError("is no certificate in PEM", where=str(certificate))
    return InputError("is no key in PEM", where=str(key))


class Acceptor:
    """Accepts connections at a socket, and speaks TLS with them.

    Args:
        listening: the socket.
        tls: certificate and key.
        protocol: makes what a connection speaks once the handshake is done.
        limits: the numbers.
        proxies: addresses that may have as many connections as all together may.
    """

    def __init__(
        self,
        listening: socket.socket,
        tls: ssl.SSLContext,
        protocol: Callable[[], asyncio.Protocol],
        limits: Limits,
        proxies: Collection[str] = (),
    ) -> None:
        self._listening = listening
        self._tls = tls
        self._protocol = protocol
        self._limits = limits
        self._proxies = frozenset(proxies)
        self._begun: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Accept until cancelled."""
        loop = asyncio.get_running_loop()
        self._listening.setblocking(False)
        while True:
            try:
                connection, peer = await loop.sock_accept(self._listening)
            except OSError:
                # No more files can be opened, or the client is gone already.
                await asyncio.sleep(_REST)
                continue
            address = client_of(peer[0])
            if self._full(address, peer[0]):
                connection.close()
                continue
            self._begun[address] += 1
            task = loop.create_task(self._begin(connection, address))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        """Cut those that did not begin to speak yet."""
        for task in tuple(self._tasks):
            task.cancel()

    def _full(self, address: str, host: str) -> bool:
        if self._begun.total() >= self._limits.connections:
            return True
        return host not in self._proxies and self._begun[address] >= self._limits.connections_each

    async def _begin(self, connection: socket.socket, address: str) -> None:
        """Hand one connection to what speaks on it; until then it is ours to close."""
        ours = True
        try:
            # Without it each answer with a body waits 40 ms for the client's acknowledgement of its head.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            async with asyncio.timeout(self._limits.header_seconds):
                first = await _first_byte(connection)
            if first is not None:
                ours = False
                await self._speak(connection, encrypted=first == _HANDSHAKE)
        except (OSError, TimeoutError):
            # The client went, was too slow, or speaks another TLS: its own affair.
            pass
        finally:
            if ours:
                connection.close()
            self._begun[address] -= 1
            if not self._begun[address]:
                del self._begun[address]

    async def _speak(self, connection: socket.socket, *, encrypted: bool) -> None:
        loop = asyncio.get_running_loop()
        if not encrypted:
            refusing = _Refusing()
            await loop.connect_accepted_socket(lambda: refusing, connection)
            await refusing.closed.wait()
            return
        await loop.connect_accepted_socket(
            self._protocol,
            connection,
            ssl=self._tls,
            ssl_handshake_timeout=self._limits.header_seconds,
            ssl_shutdown_timeout=_DRAIN,
        )


async def _first_byte(connection: socket.socket) -> int | None:
    """The first byte that is sent, which is left where it is; ``None``: the client went."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(connection, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection)
    found = connection.recv(1, socket.MSG_PEEK)
    return found[0] if found else None


class _Refusing(asyncio.Protocol):
    """Answers whatever is said without TLS with one refusal, reads no more of it than must be, and closes."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("only what can be written to is refused")
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer the first bytes; what follows is thrown away."""
        if self._timer is not None or self._transport is None:
            return
        body = b"" if data.startswith(b"HEAD ") else json.dumps(_REFUSAL).encode()
        head = (
            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n"
        )
        self._transport.write(head.encode() + body)
        with contextlib.suppress(OSError, NotImplementedError):
            self._transport.write_eof()
        # Closing at once would reset the connection while the client sends its body, and lose the answer.
        self._timer = asyncio.get_running_loop().call_later(_DRAIN, self._transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.closed.set()
        if self._timer is not None:
            self._timer.cancel()
