"""The table of the desk's pages. Each module of pages has its own rows; here they are put together."""

from __future__ import annotations

from traceledger.web.desk import inbox, recorded, signing
from traceledger.web.desk.route import Route

ROUTES: tuple[Route, ...] = (*inbox.ROUTES, *signing.ROUTES, *recorded.ROUTES)
