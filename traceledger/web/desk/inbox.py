"""The first page of the desk: what is due."""

from __future__ import annotations

from traceledger.web.desk.route import Route
from traceledger.web.desk.visit import Answer, Visit


def inbox(visit: Visit) -> Answer:
    """What is due."""
    return Answer.page(drafts=visit.desk.drafts.list(visit.desk.settings.limits.drafts))


ROUTES = (Route("GET", "/", inbox, "desk/inbox.html"),)
