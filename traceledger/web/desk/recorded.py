"""The pages of receipts."""

from __future__ import annotations

from traceledger.languages.phrases import phrase
from traceledger.web.desk.drafts import STATES
from traceledger.web.desk.route import Route
from traceledger.web.desk.visit import Answer, Visit

_MEDIA = "application/octet-stream"


def receipts(visit: Visit) -> Answer:
    """The drafts of which something is recorded."""
    found = [each for each in visit.desk.drafts.list(visit.desk.settings.limits.drafts) if each.receipt]
    return Answer.page(drafts=found, words=STATES)


def receipt(visit: Visit) -> Answer:
    """A receipt, made to be printed."""
    desk, draft = visit.desk, visit.desk.drafts.get(visit.path["draft"])
    found = desk.receipts.get(draft)
    return Answer.page(draft=draft, receipt=found, proved=desk.receipts.proved(draft, found))


def make(visit: Visit) -> Answer:
    """Have a receipt made where there is none, or anew."""
    desk, draft = visit.desk, visit.desk.drafts.get(visit.path["draft"])
    desk.make_receipt(draft)
    return Answer.to(f"/receipts/{draft.id}")


def prove(visit: Visit) -> Answer:
    """Have the proof file of a batch made."""
    desk, draft = visit.desk, visit.desk.drafts.get(visit.path["draft"])
    desk.receipts.prove(draft, visit.form.get("batch", ""), desk.client)
    visit.tell(phrase("the proof file of {batch} is made", batch=visit.form.get("batch", "")))
    return Answer.to(f"/receipts/{draft.id}")


def proof(visit: Visit) -> Answer:
    """A proof file, to be saved."""
    desk, draft = visit.desk, visit.desk.drafts.get(visit.path["draft"])
    content, name = desk.receipts.proof(draft, visit.query.get("batch", ""))
    return Answer.file(content, name, _MEDIA)


ROUTES = (
    Route("GET", "/receipts", receipts, "desk/receipts.html"),
    Route("GET", "/receipts/{draft}", receipt, "desk/receipt.html"),
    Route("POST", "/receipts/{draft}/make", make),
    Route("POST", "/receipts/{draft}/prove", prove),
    Route("GET", "/receipts/{draft}/proof", proof),
)
