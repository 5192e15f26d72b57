"""Paths of the desk's pages, below its place.

Example:
    >>> path("lots", "katanga/KOL 1/A", "mend"), record_path("hold", {"batch": "katanga/A"})
    ('/lots/katanga/KOL%201%2FA/mend', '/record/hold?batch=katanga%2FA')
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from traceledger.web.paths import link


def path(kind: str, name: str, *more: str, **query: str) -> str:
    """The path of a page about something, by its full name."""
    found = link(kind, name, *more)
    return f"{found}?{urlencode(query)}" if query else found


def record_path(operation: str, fields: Mapping[str, str]) -> str:
    """The path of an operation's form with fields filled in."""
    return f"/record/{operation}" + (f"?{urlencode(fields)}" if fields else "")


class To:
    """What templates find as ``to``: where things are."""

    @staticmethod
    def lot(name: str) -> str:
        """A lot, by its full name."""
        return path("lots", name)

    @staticmethod
    def page(query: Mapping[str, str], first: int) -> str:
        """What the company holds, from a row on, by the same choice."""
        return f"/lots?{urlencode({**query, 'from': str(max(first, 0))})}"

    @staticmethod
    def table(query: Mapping[str, str], form: str) -> str:
        """The same as a table to download: ``csv`` or ``xlsx``."""
        return f"/lots.{form}" + (f"?{urlencode(dict(query))}" if query else "")


TO = To()
