"""The table of routes: pages, their twins, the API and its description come from it.

A row with a template is a page at its path, with a twin of the same document at the path with ``.json``; a
row that is part of the API answers with that document under ``/api/v1``.
"""

from __future__ import annotations

from traceledger.web.route import Route
from traceledger.web.views import batches

ROUTES: tuple[Route, ...] = (
    Route(
        "/batches",
        "batches",
        batches.batches,
        "Batches as they are now.",
        template="batches.html",
        query=batches.BatchesQuery,
        answer="batches",
    ),
    Route(
        "/batches/{creator}/{identifier}",
        "batch",
        batches.batch,
        "A batch as it is now, what is wrong with it, and everything recorded of it.",
        template="batch.html",
        answer="batch",
    ),
)
