"""The first page of the desk: what is due, and how the network is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traceledger.documents import inbox as documents
from traceledger.errors import TraceLedgerError
from traceledger.languages import language
from traceledger.languages.phrases import phrase
from traceledger.web.desk.drafts import STATES, State
from traceledger.web.desk.links import path
from traceledger.web.desk.route import Route
from traceledger.web.desk.signing import then_of
from traceledger.web.desk.views.common import index_of, now
from traceledger.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from traceledger.chain.base import BlockRef
    from traceledger.web.desk.drafts import Draft

NEWEST = 10
"""Receipts that are shown in the inbox."""
STANDS_STILL = 600
"""Seconds without a new block after which a network is said to stand still; an embedded one makes none."""


def inbox(visit: Visit) -> Answer:
    """What is due."""
    desk = visit.desk
    drafts = desk.drafts.list(desk.settings.limits.drafts)
    index = index_of(visit)
    with index.snapshot():
        document = documents.inbox(index, desk.company(), now=now(), beside=_beside(visit, drafts))
    for item in document["items"]:
        item["where"], item["about"] = where(item), about(item)
    return Answer.page(
        document=document,
        network=network(visit),
        receipts=[each for each in drafts if each.state is State.FINAL][:NEWEST],
        words=STATES,
    )


def about(item: dict[str, Any]) -> str:
    """The name of what an item of the inbox is about; empty: it is about several things."""
    named = (item.get(kind) for kind in ("shipment", "finding", "facility", "assessment"))
    return str(next(filter(None, named), ""))


def where(item: dict[str, Any]) -> str:
    """The path of the page on which an item of the inbox is done; empty: nothing can be done here."""
    page = item["page"]
    if page is None:
        return ""
    kind, name = page["kind"], page["name"]
    match kind:
        case "answer":
            return path("shipments", name, "answer")
        case "shipment" | "lot" | "finding":
            return path(f"{kind}s", name)
        case "accept_facility":
            return path("record", "accept_facility", facility=name)
        case "holdings":
            return f"/lots?matter={name}"
        case "draft":
            return path("drafts", name)
        case _:
            return f"/{kind}"


def network(visit: Visit) -> dict[str, Any]:
    """How the network is: the newest block that is known here, its age, what is behind."""
    desk, index = visit.desk, index_of(visit)
    status, changed = index.status(), index.time_of()
    head = _head(visit)
    return {
        "name": desk.network.name,
        "embedded": desk.network.kind == "embedded",
        "block": status.block,
        "final": status.final,
        "changed": changed,
        "made": None if head is None else head.timestamp,
        "minutes": None if head is None else max(0, now() - head.timestamp) // 60,
        "behind": None if head is None or status.block is None else max(0, head.number - status.block),
        "stands_still": head is not None
        and desk.network.kind != "embedded"
        and now() - head.timestamp > STANDS_STILL,
        "looked_at": desk.following.looked_at,
        "trouble": desk.following.trouble,
    }


def _head(visit: Visit) -> BlockRef | None:
    """The newest block of the chain; ``None``: it is not asked, as it cannot be followed just now."""
    if visit.desk.following.trouble:
        return None
    try:
        return visit.desk.client.chain.head()
    except TraceLedgerError:
        return None


def _beside(visit: Visit, drafts: list[Draft]) -> documents.Beside:
    try:
        entries = visit.desk.client.outbox(last=1000)
    except TraceLedgerError:
        entries = []
    waiting = [each for each in drafts if each.state is not State.FINAL]
    return documents.Beside(
        unfinished=sum(each.unfinished for each in entries),
        drafts=[(each.id, visit.said(phrase(STATES[each.state])), each.made) for each in waiting],
    )


def outbox(visit: Visit) -> Answer:
    """The transactions that were signed on this machine, the newest first."""
    entries = visit.desk.client.outbox(last=200)
    return Answer.page(entries=entries[::-1], embedded=visit.desk.network.kind == "embedded")


def speak(visit: Visit) -> Answer:
    """Show pages in another language from now on."""
    return Answer(
        status=303, location=then_of(visit.query.get("then", "/")), spoken=language(visit.path["code"]).code
    )


ROUTES = (
    Route("GET", "/", inbox, "desk/inbox.html"),
    Route("GET", "/language/{code}", speak),
    Route("GET", "/outbox", outbox, "desk/outbox.html"),
)
