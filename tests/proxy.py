"""A proxy before a JSON-RPC node, with the faults of networks."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Proxy(ThreadingHTTPServer):
    """Passes requests on. ``fault`` says by the first method of a request what goes wrong with it.

    ``lose request``: the node never sees it. ``lose answer``: the node acts, and the answer is lost.
    ``garble``: as that, and the answer is no JSON. After a fault, ``after_fault`` ``refuse all`` lets nothing
    through any more.
    """

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = target
        self.fault: Callable[[str], str | None] | None = None
        self.after_fault: str | None = None
        self.faults = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        proxy = self.server
        if proxy.faults and proxy.after_fault == "refuse all":
            return self._hang_up()
        calls = json.loads(body)
        method = (calls[0] if isinstance(calls, list) else calls)["method"]
        fault = proxy.fault(method) if proxy.fault else None
        if fault:
            proxy.faults += 1
        if fault == "lose request":
            return self._hang_up()
        request = urllib.request.Request(proxy.target, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            content = answer.read()
        if fault == "lose answer":
            return self._hang_up()
        return self._answer(b"<html>gateway</html>" if fault == "garble" else content)

    def _hang_up(self) -> None:
        self.close_connection = True

    def _answer(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    """A proxy before the node of that URL."""
    proxy = Proxy(target)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
