"""Every page of a server that a reader comes to from its first one, by following links."""

from __future__ import annotations

import http.client
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from traceledger.web.paths import API
from traceledger.web.routes import ROUTES

PER_SECOND = 40
"""Below what one address may ask in the long run."""
PAGES = {route.path: route for route in ROUTES if route.template}


class _Links(HTMLParser):
    """Where the links of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def links(page: str) -> list[str]:
    """Where the links of a page lead, as it says."""
    parser = _Links()
    parser.feed(page)
    return parser.found


def pages(
    origin: str,
    start: str = "/",
    *,
    most: int = 500,
    each: int = 3,
    kind: Callable[[str], str] = lambda path: path,
    leave_out: Callable[[str], bool] = lambda path: False,
) -> Iterator[tuple[str, str]]:
    """Path and kind of each page that links lead to, those that are fewest clicks away first.

    Args:
        origin: scheme, host and port of the server.
        start: the first page.
        most: so many at most.
        each: of each kind so many at most.
        kind: of a path.
        leave_out: what is not asked for.
    """
    connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=120)
    waiting, seen, kinds = deque([start]), {start}, Counter[str]()
    while waiting and sum(kinds.values()) < most:
        path = waiting.popleft()
        if kinds[kind(path)] >= each:
            continue
        time.sleep(1 / PER_SECOND)
        connection.request("GET", path, headers={"Accept": "text/html,*/*;q=0.8"})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{path}, to which a link leads: {answer.status} {body[:300]!r}"
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        kinds[kind(path)] += 1
        yield path, kind(path)
        for link in links(body.decode()):
            target = urlsplit(urljoin(origin + path, link))
            further = target.path + (f"?{target.query}" if target.query else "")
            if f"{target.scheme}://{target.netloc}" != origin or further in seen or leave_out(further):
                continue
            seen.add(further)
            waiting.append(further)
    connection.close()


def row_of(path: str) -> str:
    """Which row of the table of routes a page is of."""
    raw = path.partition("?")[0]
    return next((row for row, route in PAGES.items() if route.matched(raw) is not None), raw)


def found_at(origin: str, each: int = 2) -> dict[str, list[str]]:
    """Addresses of some pages of each row, found by following links."""
    found: dict[str, list[str]] = {}

    def leave_out(path: str) -> bool:
        return "lang=" in path or path.startswith(API)

    for path, row in pages(origin, each=each, kind=row_of, leave_out=leave_out):
        found.setdefault(row, []).append(origin + path)
    return found
