"""The system of a partner: gives tokens, takes events, over TLS; all that it was asked can be read."""

from __future__ import annotations

import base64
import json
import queue
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.web.authority import Certified

CLIENT, SECRET = "acme", "a secret of the partner's"
WORD = "word-of-the-partner"


class Partner:
    """A partner.

    Attributes:
        fails: so many events are answered with 503.
        refuses: and those with this text in them.
        elsewhere: what it says of its token's address.
    """

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.asked: list[tuple[str, str]] = []
        self.fails = 0
        self.refuses = ""
        self.elsewhere = ""
        self.url = ""

    def taken(self) -> dict[str, Any]:
        """The next event that came."""
        return self.events.get(timeout=60)


@contextmanager
def listening(files: Certified) -> Iterator[Partner]:
    """One that runs."""
    partner = Partner()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(partner))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(files.certificate, files.key)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    partner.url = f"https://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield partner
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def written(folder: Path, partner: Partner, files: Certified, token: str) -> Path:
    """The operator's file, with that partner in it."""
    secret = folder / "partner.secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET + "\n")
    path = folder / "partners.toml"
    path.write_text(
        f'[[partners]]\ntoken = "{token}"\nurl = "{partner.url}"\nclient_id = "{CLIENT}"\n'
        f'client_secret_file = "partner.secret"\nauthority = "{files.authority}"\n'
    )
    return path


def _handler(partner: Partner) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status: int, document: object = None) -> None:
            body = b"" if document is None else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            partner.asked.append(("GET", self.path))
            if self.path == "/.well-known/openid-configuration" and partner.elsewhere:
                self._answer(200, {"token_endpoint": partner.elsewhere})
            else:
                self._answer(404)

        def do_POST(self) -> None:
            partner.asked.append(("POST", self.path))
            body = self.rfile.read(int(self.headers["Content-Length"]))
            shown = self.headers["Authorization"]
            if self.path == "/auth/token":
                basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
                good = shown == f"Basic {basic}" and body == b"grant_type=client_credentials"
                self._answer(200 if good else 401, {"access_token": WORD} if good else {})
            elif self.path == "/3/events" and shown == f"Bearer {WORD}":
                if partner.fails or (partner.refuses and partner.refuses.encode() in body):
                    partner.fails = max(partner.fails - 1, 0)
                    self._answer(503)
                    return
                partner.events.put(json.loads(body))
                self._answer(200)
            else:
                self._answer(401)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
