"""A server of one page: the lineage graph of a document that was made up, with slices as real ones are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from traceledger.languages import ENGLISH
from traceledger.pages.environment import render
from traceledger.pages.frame import Frame
from traceledger.pages.graph.slices import Drawing
from traceledger.web.following import Following
from traceledger.web.pages import Page
from traceledger.web.paths import link
from traceledger.web.reading import Head
from traceledger.web.security import HEADERS
from traceledger.web.static import static_files


@contextmanager
def graph_served(document: Mapping[str, Any]) -> Iterator[str]:
    """The address of the page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(document))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/graph"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(document: Mapping[str, Any]) -> type[BaseHTTPRequestHandler]:
    files = static_files()
    by_path = {file.path: file for file in files.values()}

    @cache
    def drawn(opened: str) -> Drawing:
        return Drawing(document, "facility", opened.split(","))

    def page(found: Mapping[str, Any]) -> bytes:
        scripts = tuple(files[name].path for name in ("graph-picture.js", "graph.js"))
        frame = Frame((), stylesheet=files["traceledger.css"].path, scripts=scripts, home="/")
        known = Page("graph", "/graph", "/graph.json", {}, Head(7, b"", 0), Following(), "local")
        values = {"frame": frame, "link": link, "page": known, "document": found}
        return render("graph.html", ENGLISH, **values).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path in by_path:
                self._send(by_path[parts.path].body, by_path[parts.path].media)
            elif parts.path in ("/graph", "/graph.json"):
                found = drawn(query.get("open", "")).slice(int(query.get("slice", 0)))
                if parts.path == "/graph":
                    self._send(page(found), "text/html; charset=utf-8")
                else:
                    self._send(json.dumps(found).encode(), "application/json")
            else:
                self._send(b"<!doctype html><title>another page</title>", "text/html; charset=utf-8")

        def _send(self, body: bytes, media: str) -> None:
            self.send_response(200)
            for name, value in {**HEADERS, "Content-Type": media, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler
