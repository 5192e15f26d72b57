"""Documents to a node and back over HTTP: within a time, up to a size, and in words what went wrong."""

from __future__ import annotations

import re
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.utils import get_netrc_auth

from traceledger.chain.rpc.exchanges import logged
from traceledger.chain.rpc.faults import EndpointError, OversizedAnswerError, WrongAnswerError
from traceledger.storage.json_text import loads

_CONNECT_SECONDS = 5.0
_CHUNK = 1 << 16
_CREDENTIALS = frozenset({401, 403, 407})
_UNSERVED = _CREDENTIALS | {429, 502, 503, 504}
"""HTTP statuses by which nobody looked at the request, whatever the body says.

Under any other, a JSON-RPC error in the body is the node's own word about the request.
"""
_LONGEST_WORDS = 200
_KEY = re.compile(r"[\w-]{20,}")
"""A part of a path such as providers of nodes give as a key."""
_BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)


class HttpTransport:
    """An ``http://`` or ``https://`` address.

    Args:
        url: the address.
        timeout: seconds to wait for one whole answer.
        most_bytes: largest answer to read.
        direct: heed nothing that the environment says of proxies and passwords: the node is close by.
    """

    def __init__(self, url: str, *, timeout: float, most_bytes: int, direct: bool = False) -> None:
        self.shown = shown(url)
        self._address = url
        self._timeout = timeout
        self._most_bytes = most_bytes
        self._session = _session_for(url, direct=direct)
        self._prepared: requests.PreparedRequest | None = None

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def exchange(self, body: bytes) -> Any:
        """Send one JSON document and decode the one that comes back.

        Raises:
            EndpointError: the node cannot be reached, serves nobody now, or did not answer in JSON.
        """
        with logged(self.shown, body) as exchange:
            status, content = self._posted(body)
            exchange.received = len(content)
        return self._decoded(status, content)

    def _posted(self, body: bytes) -> tuple[int, bytes]:
        deadline = time.monotonic() + self._timeout
        limits = (min(_CONNECT_SECONDS, self._timeout), self._timeout)
        try:
            # No redirects: they turn POST into GET, and would carry what the address holds elsewhere.
            with self._session.send(
                self._request(body), timeout=limits, stream=True, allow_redirects=False
            ) as response:
                return response.status_code, self._content(response, deadline)
        except EndpointError:
            raise
        except _BROKEN as error:
            raise self._unreachable(error) from error

    def _request(self, body: bytes) -> requests.PreparedRequest:
        """The request, prepared once: that takes as long as sending it, and only the body differs."""
        if self._prepared is None or self._session.cookies:  # a balancer tells by them which node it was
            self._prepared = self._session.prepare_request(requests.Request("POST", self._address))
        request = self._prepared.copy()
        request.body = body
        request.headers["Content-Length"] = str(len(body))
        return request

    def _content(self, response: requests.Response, deadline: float) -> bytes:
        """The body, unless it takes too long or is too long."""
        found = bytearray()
        while True:
            # read1 gives what is there; iter_content waits for a whole chunk, so that a node could drip for
            # ever.
            some = response.raw.read1(_CHUNK, decode_content=True)
            if not some:
                break
            found += some
            if len(found) > self._most_bytes:
                what = f"the answer is longer than {self._most_bytes} bytes"
                raise OversizedAnswerError(what, where=self.shown)
            if time.monotonic() > deadline:
                raise requests.Timeout
        return bytes(found)

    def _decoded(self, status: int, content: bytes) -> Any:
        try:
            document = loads(content)
        except ValueError:
            document = None
        error = document.get("error") if isinstance(document, dict) else None
        if status in _UNSERVED or (status != requests.codes.ok and not error):
            # From a proxy before the node; taken as the node's own word, so that a smaller request is tried.
            if status == requests.codes.request_entity_too_large:
                # As the nodes say it that answer in JSON-RPC, so that less is asked for.
                return {"error": {"code": status, "message": "the request is too large"}}
            what = f"the node answered HTTP status {status}{_said(error)}"
            raise EndpointError(what, where=self.shown, hint=_mend_of(status))
        if document is None:
            raise self._wrong("the address does not answer JSON-RPC")
        return document

    def _wrong(self, what: str) -> WrongAnswerError:
        return WrongAnswerError(what, where=self.shown, hint="check the address")

    def _unreachable(self, error: Exception) -> EndpointError:
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
            what, hint = "the node did not answer in time", "check the node, or try again later"
        elif isinstance(
            error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema | ValueError
        ):
            return self._wrong("the address does not answer JSON-RPC")
        # Before ConnectionError, whose subclass it is.
        elif isinstance(error, requests.exceptions.SSLError):
            what = f"no secure connection to the node (TLS): {_tls_fault(error)}"
            hint = "check that the address is right to begin with https://, and the node's certificate"
        elif isinstance(error, requests.ConnectionError | OSError):
            what, hint = "the node cannot be reached", "check its address and that it is running"
        else:
            what, hint = "the node's answer broke off", "check the node, or try again later"
        return EndpointError(what, where=self.shown, hint=hint)


def _session_for(url: str, *, direct: bool) -> requests.Session:
    """A session for one address, with what the environment says of proxies, authorities and passwords.

    A session by itself would look that up anew for every request, for longer than most answers take.
    """
    session = requests.Session()
    session.headers["Content-Type"] = "application/json"
    if direct:
        session.trust_env = False
        return session
    try:
        settings = session.merge_environment_settings(url, {}, None, None, None)
        session.auth = get_netrc_auth(url)
    except ValueError:
        return session  # no address: the first request says so
    session.proxies, session.verify = settings["proxies"], settings["verify"]
    session.trust_env = False
    return session


def shown(url: str) -> str:
    """An address as messages may show it: without user name, password and query, or a key in its path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    netloc, query = parts.netloc.rpartition("@")[2], "…" if parts.query else ""
    path = _KEY.sub("…", parts.path)
    return parts._replace(netloc=netloc, path=path, query=query, fragment="").geturl()


def _said(error: object) -> str:
    """What a JSON-RPC error beside an HTTP status says, as the end of a sentence."""
    message = error.get("message") if isinstance(error, dict) else error
    words = " ".join(message.split())[:_LONGEST_WORDS] if isinstance(message, str) else ""
    return f": {words}" if words else ""


def _mend_of(status: int) -> str:
    """What to do about an HTTP status."""
    if status in _CREDENTIALS:
        return "it wants to know who asks: check the user name and password, or the key, in its address"
    if status in _UNSERVED:
        return "try again later"
    return "check the node and its address"


def _tls_fault(error: requests.exceptions.SSLError) -> str:
    """What is wrong, in OpenSSL's words."""
    cause: BaseException = error
    while not isinstance(cause, ssl.SSLError):
        inner = getattr(cause, "reason", None) or next(iter(cause.args), None)
        if not isinstance(inner, BaseException):
            return "it failed"
        cause = inner
    words = getattr(cause, "verify_message", "") or cause.reason or "it failed"
    return words.replace("_", " ").lower()
