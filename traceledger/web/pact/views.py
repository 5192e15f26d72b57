"""``/3/footprints``, ``/3/footprints/{id}`` and ``/3/events``: footprints for who may read them."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from traceledger.errors import InputError
from traceledger.index.disclosure import AS_RECORDED
from traceledger.index.reading import IndexReader
from traceledger.interop.pact import cloudevents
from traceledger.interop.pact.catalogue import Catalogue
from traceledger.interop.pact.choosing import Criteria
from traceledger.interop.pact.cloudevents import Event, Kind
from traceledger.web.endpoint import Call, Reply
from traceledger.web.pact.outbox import FullError
from traceledger.web.pact.register import Document
from traceledger.web.pact.style import NO_SUCH
from traceledger.web.pact.transport import require_encrypted, service_of
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading

_log = logging.getLogger(__name__)
PAGE = 100
"""Footprints of one answer, where nobody says how many."""
MOST_OF_PAGE = 500
MOST_EVENT_BYTES = 2 * 2**20
"""Of one event: a partner's answer may hold many footprints."""
MOST_IN_EVENT = 100
"""Footprints that one answer by event has at most."""


def footprints(reading: Reading, call: Call) -> Reply:
    """Those that fit, a page of them; the address of the next page in the header ``Link``."""
    require_encrypted(reading, call)
    pairs = [(name, value) for name, value in call.query if name.removeprefix("$") not in ("limit", "after")]
    criteria = Criteria.of_query(pairs)
    most, after = _limit(call.query), dict(call.query).get("after")
    fitting = _fitting(_given(reading), criteria, after)
    headers = {}
    if len(fitting) > most:
        query = urlencode([*pairs, ("limit", most), ("after", fitting[most - 1]["id"])])
        headers["Link"] = f'<{call.base}{call.raw_path}?{query}>; rel="next"'
    made = Reply.of({"data": fitting[:most]})
    return Reply(made.body, made.status, made.media, headers)


def footprint(reading: Reading, call: Call) -> Reply:
    """One footprint, deprecated ones too."""
    require_encrypted(reading, call)
    wanted = call.path["id"].lower()
    found = next((each for each in _given(reading) if each["id"] == wanted), None)
    if found is None:
        raise refuse(404, NO_SUCH, "there is no footprint of that id")
    return Reply.of({"data": found})


def events(reading: Reading, call: Call) -> Reply:
    """Take an event; a request is answered by another event, to the address that the operator knows."""
    require_encrypted(reading, call)
    service, who = service_of(reading), "" if call.token is None else call.token.name
    try:
        event = cloudevents.read(call.body)
        letter = _answer(reading, call, event, who) if event.kind is Kind.CREATED else None
    except InputError as error:
        # Places in a body are told, as they are in nobody's file.
        where = str(error.where or "")
        raise refuse(400, "bad-event", error.what, where=where, hint=error.hint) from None
    came = {"type": event.kind.type, "id": event.id, "source": event.source, "data": event.data}
    service.journal.note("came", who, came)
    if letter is not None:
        try:
            service.messenger.send(service.outbox.add(who, letter, int(time.time())))
        except FullError as error:
            wait = {"Retry-After": "600"}
            raise refuse(503, "overloaded", error.what, hint=error.hint, headers=wait) from None
    return Reply()


def _answer(reading: Reading, call: Call, event: Event, who: str) -> dict[str, Any]:
    """The event that answers a request.

    Raises:
        ProblemError: it can be answered nowhere.
        InputError: it asks for nothing, or in vain.
    """
    partner = service_of(reading).partner(who)
    if partner is None:
        raise refuse(
            403,
            "no-partner",
            "this server knows no address to which it would send the answer",
            hint="its operator adds the partner: traceledger serve --partners FILE",
        )
    if not partner.is_source(event.source):
        raise refuse(
            400, "strange-source", "it is not the address that is known for this client", where="/source"
        )
    criteria = Criteria.of_request(event.data)
    found = _fitting(_given(reading), criteria, None)
    told: dict[str, Any] = {"at": int(time.time()), "number": str(uuid.uuid4())}
    if found:
        return cloudevents.fulfilled(event.id, call.base, footprints=found[:MOST_IN_EVENT], **told)
    message = "there is no footprint that fits what was asked for"
    return cloudevents.rejected(event.id, call.base, code="NotFound", message=message, **told)


def _given(reading: Reading) -> list[Document]:
    """All footprints as of this block, computed once for all who ask."""
    key = ("pact", reading.head.hash, reading.masterdata.sha256)
    return reading.kept.get(key, lambda: _made(reading))


def _made(reading: Reading) -> list[Document]:
    # What is given away has no private texts, whatever else the token allows.
    index, memory = IndexReader(reading.index.database, AS_RECORDED), service_of(reading).memory
    given = Catalogue(index, reading.masterdata, reading.stages, memory).all()
    if not reading.masterdata:
        _log.warning("no PACT footprints are given away: the server has no master data (--masterdata)")
    for each in given.left_out:
        where = f" made in {each.country}" if each.country else ""
        _log.warning("no PACT footprint of %s%s: %s", each.material, where, "; ".join(each.why))
    return service_of(reading).register.reconciled(given.footprints)


def _fitting(given: list[Document], criteria: Criteria, after: str | None) -> list[Document]:
    """The documents that fit, those behind one of them: newer ones come before it, and move nothing."""
    if after is not None:
        places = [place for place, each in enumerate(given) if each["id"] == after]
        if not places:
            raise InputError("there is no footprint of that id", where="after")
        given = given[places[0] + 1 :]
    return [each for each in given if criteria.fits(each)]


def _limit(query: Sequence[tuple[str, str]]) -> int:
    said = [value for name, value in query if name.removeprefix("$") == "limit"]
    if not said:
        return PAGE
    digits = said[0][:9] if len(said) == 1 and said[0].isascii() and said[0].isdigit() else "0"
    if not int(digits):
        raise InputError("must be a number above zero", where="limit")
    return min(int(digits), MOST_OF_PAGE)
