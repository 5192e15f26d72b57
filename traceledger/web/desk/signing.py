"""Unlocking, looking at a draft, signing it and following it to its end; receipts."""

from __future__ import annotations

import json

from traceledger.errors import InputError, SigningError
from traceledger.languages.phrases import phrase
from traceledger.web.desk.clerk import locked
from traceledger.web.desk.drafts import OPEN, STATES, Draft, State
from traceledger.web.desk.receipts import DONE
from traceledger.web.desk.route import Route
from traceledger.web.desk.views import draft as views
from traceledger.web.desk.visit import Answer, Visit

_REFRESH = 3
"""Seconds after which a page that follows a draft is asked for again."""


def keys(visit: Visit) -> Answer:
    """The keys that are stored here, to unlock one."""
    return Answer.page(
        offered=visit.desk.clerks.offered(visit.desk.client.index),
        chosen=visit.query.get("key", ""),
        then=then_of(visit.query.get("then", "/")),
    )


def unlock(visit: Visit) -> Answer:
    """Unlock a key; a wrong passphrase shows the page again."""
    desk, name, then = visit.desk, visit.form.get("key", ""), then_of(visit.form.get("then", "/"))
    try:
        clerk = desk.clerks.unlock(visit.session, name, visit.form.get("passphrase", ""), desk.client.index)
    except SigningError as error:
        return Answer.page(
            status=403, offered=desk.clerks.offered(desk.client.index), chosen=name, then=then, error=error
        )
    visit.tell(phrase("{key} is unlocked", key=clerk.name))
    return Answer.to(then)


def lock(visit: Visit) -> Answer:
    """Lock the key."""
    visit.desk.clerks.lock()
    visit.tell(phrase("the key is locked"))
    return Answer.to("/")


def leave(visit: Visit) -> Answer:
    """Lock the key, and let this browser in no more."""
    visit.desk.clerks.lock()
    visit.desk.entrance.left(visit.session)
    return Answer.to("/")


def drafts(visit: Visit) -> Answer:
    """All drafts."""
    return Answer.page(drafts=visit.desk.drafts.list(visit.desk.settings.limits.drafts), words=STATES)


def draft(visit: Visit) -> Answer:
    """A draft: what would be signed, or how far it is."""
    desk = visit.desk
    # Before the draft is read: what ends between the two is then shown once more, and not as it was midway.
    progress = desk.work.progress(visit.path["draft"])
    found = desk.drafts.get(visit.path["draft"])
    moving = progress is not None
    elsewhere = not moving and found.state in (State.SIGNING, State.SENDING) and desk.drafts.is_in_hand(found)
    shown = None
    if not moving and not elsewhere and found.state is not State.FINAL:
        shown = desk.look(found, visit.clerk)
    # What was begun is gone on with, if only to wait until it is final.
    begun = found.state in (State.SIGNING, State.SENDING) or (found.begun and found.state is State.FAILED)
    signable = shown is not None and (shown.signable or (begun and bool(shown.digest)))
    return Answer.page(
        refresh=_REFRESH if moving or elsewhere else None,
        **views.said(visit, found, shown),
        draft=found,
        shown=shown,
        begun=begun,
        signable=signable,
        notes=desk.work.notes(found),
        progress=progress,
        elsewhere=elsewhere,
        discardable=found.state in OPEN and not moving and not found.receipt,
        receivable=found.state in DONE and not moving,
        words=STATES,
    )


def progress(visit: Visit) -> Answer:
    """How far a draft is, as JSON, for the page that follows it."""
    desk, found = visit.desk, visit.desk.drafts.get(visit.path["draft"])
    now = desk.work.progress(found.id)
    document = {
        "draft": found.id,
        "state": found.state.value,
        "in_hand": now is not None,
        "stage": None if now is None else now.stage,
        "done": found.recorded if now is None else now.done,
        "total": found.lines,
    }
    return Answer(body=json.dumps(document).encode(), media="application/json")


def check(visit: Visit) -> Answer:
    """Look at a draft again, and keep what was found."""
    found = visit.desk.check(visit.desk.drafts.get(visit.path["draft"]), visit.clerk)
    return Answer.to(f"/drafts/{found.id}")


def sign(visit: Visit) -> Answer:
    """Have a draft signed as it was shown."""
    desk, found = visit.desk, visit.desk.drafts.get(visit.path["draft"])
    if visit.clerk is None:
        visit.tell(locked().what)
        return Answer.to(f"/key?then=/drafts/{found.id}")
    shown = visit.form.get("shown", "")
    if not shown or found.state is State.FINAL:
        raise InputError(phrase("this draft cannot be signed as it is"), hint=phrase("look at it again"))
    desk.work.sign(found, visit.clerk, desk.clerks.key(visit.session), shown)
    return Answer.to(f"/drafts/{found.id}")


def discard(visit: Visit) -> Answer:
    """Throw a draft away."""
    found: Draft = visit.desk.drafts.get(visit.path["draft"])
    visit.desk.drafts.discard(found)
    visit.tell(phrase("the draft was thrown away"))
    return Answer.to("/drafts")


def then_of(path: str) -> str:
    """Where to go on, if that is a page of this desk."""
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else "/"


ROUTES = (
    Route("GET", "/key", keys, "desk/key.html"),
    Route("POST", "/key", unlock, "desk/key.html"),
    Route("POST", "/lock", lock),
    Route("POST", "/leave", leave),
    Route("GET", "/drafts", drafts, "desk/drafts.html"),
    Route("GET", "/drafts/{draft}", draft, "desk/draft.html"),
    Route("GET", "/drafts/{draft}/progress", progress, quiet=True),
    Route("POST", "/drafts/{draft}/check", check),
    Route("POST", "/drafts/{draft}/sign", sign),
    Route("POST", "/drafts/{draft}/discard", discard),
)
