"""The table of the desk's pages. Each module of pages has its own rows; here they are put together."""

from __future__ import annotations

from traceledger.web.desk import recorded, signing
from traceledger.web.desk.route import Route
from traceledger.web.desk.views import answer, holdings, inbox, mending, record, sheet

ROUTES: tuple[Route, ...] = (
    *inbox.ROUTES,
    *holdings.ROUTES,
    *answer.ROUTES,
    *record.ROUTES,
    *sheet.ROUTES,
    *mending.ROUTES,
    *signing.ROUTES,
    *recorded.ROUTES,
)
