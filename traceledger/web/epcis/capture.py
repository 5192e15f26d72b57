"""``POST /capture``: events of a company's systems, for a clerk at its desk to sign (GS1 EPCIS 2.0, 12.6).

The server records nothing itself. What is sent with a token becomes a draft at the desk of the token's
company, and its job runs until a clerk has signed it and it is final.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from traceledger.errors import InputError, NetworkError
from traceledger.interop.directory import Directory
from traceledger.interop.epcis.capture import CapturePlan, Row, Verdict, plan
from traceledger.interop.epcis.documents import read
from traceledger.interop.epcis.events import Capture, Event
from traceledger.interop.epcis.query.asked import MOST_PER_PAGE, PER_PAGE
from traceledger.storage.files import make_folder
from traceledger.storage.locks import held
from traceledger.web.desk.drafts import Origin
from traceledger.web.endpoint import JSON, Body, Call, Endpoint, Method, Reply
from traceledger.web.epcis.events import PAGING
from traceledger.web.epcis.jobs import Job, Jobs, hashes_of
from traceledger.web.epcis.style import LINKED, STYLE, exceptional, part, reply
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading
from traceledger.web.scopes import Scope

MOST_BYTES = 8 * 2**20
"""Of a body."""
MOST_EVENTS = 2000
"""Of a body."""
MOST_VALUES = 500_000
"""Of a body: what is short as text may be large in memory, such as a list of millions of empty objects."""
MOST_RUNNING = 100
"""Jobs of a company that wait for a clerk."""
_BEHAVIOURS = ("rollback", "proceed")
_NAME = "capture"
_WAIT = 10.0


def endpoints() -> tuple[Endpoint, ...]:
    """The rows."""
    taken = {
        202: "The job is made, at `Location`.",
        400: "It is no document of EPCIS.",
        413: "It is too large, or too many jobs wait for a clerk.",
    }
    body = Body((JSON, LINKED), MOST_BYTES)
    about = "Have events captured, which a clerk of the token's company signs at its desk."
    limits = {
        "GS1-EPCIS-Capture-Limit": str(MOST_EVENTS),
        "GS1-EPCIS-Capture-File-Size-Limit": str(MOST_BYTES),
        "GS1-Capture-Error-Behaviour": _BEHAVIOURS[0],
    }
    return (
        Endpoint(
            "/capture",
            STYLE,
            {
                "GET": Method("epcis_jobs", listed, "Capture jobs, the newest first.", scope=Scope.CAPTURE),
                "POST": Method(
                    "epcis_capture", capture, about, scope=Scope.CAPTURE, body=body, long=True, answers=taken
                ),
            },
            headers=limits,
        ),
        Endpoint(
            "/capture/{captureID}",
            STYLE,
            {"GET": Method("epcis_job", job, "How a capture job stands.", scope=Scope.CAPTURE)},
        ),
    )


def capture(reading: Reading, call: Call) -> Reply:
    """Take a document: its job is made, or is there already."""
    behaviour = call.headers.get("gs1-capture-error-behaviour", _BEHAVIOURS[0])
    if behaviour not in _BEHAVIOURS:
        hint = "rollback or proceed"
        raise refuse(
            400, "behaviour", "there is no such behaviour", where="GS1-Capture-Error-Behaviour", hint=hint
        )
    jobs = _jobs(reading, call)
    # Where there is no room, it is the server that failed: who sent the events sends them again later.
    make_folder(jobs.folder, mode=0o700, error=NetworkError)
    with held(jobs.folder / "capture.lock", doing="capturing for this company", seconds=_WAIT):
        name, known = jobs.free(call.body, behaviour)
        if known is None:
            known = _made(reading, call, jobs, name, behaviour)
    return reply(call, jobs.document(known, whole=True), 202, Location=f"/capture/{known.id}")


def _made(reading: Reading, call: Call, jobs: Jobs, name: str, behaviour: str) -> Job:
    waiting = jobs.waiting()
    if len(waiting) >= MOST_RUNNING:
        hint = "have a clerk sign or throw them away at the desk"
        raise refuse(413, "too-many-jobs", f"{MOST_RUNNING} jobs wait for a clerk", hint=hint)
    document = _read(call.body)
    company = _company(call)
    directory = Directory(reading.index, reading.masterdata)
    fresh, again = _without(document, hashes_of(waiting))
    found = plan([fresh], directory, reading.index, (company,))
    errors = tuple(map(_error, found.refused))
    draft, more = "", tuple[dict[str, Any], ...]()
    if not errors or behaviour == "proceed":
        draft, more = _drafted(found.accepted(), jobs, name)
    rows = sorted([*again, *found.rows], key=lambda row: row.place[1])
    verdicts = tuple(map(_verdict, rows))
    job = Job(name, int(time.time()), behaviour, document.sha256, draft, (*errors, *more), verdicts)
    jobs.keep(job)
    return job


def _without(document: Capture, waiting: Mapping[str, str]) -> tuple[Capture, list[Row]]:
    """A document without those events that wait for a clerk already, and the verdicts on these.

    The same event comes again in another document, as where a system sends all of a day every hour. A clerk
    who signed both would record it twice, since the ledger does not have it yet when the second one is read.
    """
    again = [each for each in document.events if isinstance(each, Event) and each.hash in waiting]
    rows = [
        Row(
            (document.name, each.number),
            each.pointer,
            each.kind,
            Verdict.LEFT_OUT,
            at=each.at,
            event_id=each.event_id,
            hash=each.hash,
            why=f"it waits for a clerk already, in the job {waiting[each.hash]}",
        )
        for each in again
    ]
    numbers = {each.number for each in again}
    return replace(document, events=tuple(e for e in document.events if e.number not in numbers)), rows


def _read(content: bytes) -> Capture:
    # Each value but the first has one of these before it, so there are no more values than that.
    if sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        what = f"it has more than {MOST_VALUES} values"
        raise refuse(413, "body-too-large", what, hint="send it in parts")
    try:
        document = read(content, _NAME)
    except InputError as error:
        raise refuse(400, "document", error.what, where=str(error.where or ""), hint=error.hint) from None
    if len(document.events) > MOST_EVENTS:
        hint = "send it in parts"
        raise refuse(413, "body-too-large", f"it has more than {MOST_EVENTS} events", hint=hint)
    return document


def _drafted(found: CapturePlan, jobs: Jobs, job_id: str) -> tuple[str, tuple[dict[str, Any], ...]]:
    """The draft at the desk, if anything is to be recorded, and why it cannot be one."""
    if not found.operations:
        return "", ()
    places = tuple(f"event {number}" for _, number in found.origins)
    origin = Origin("epcis", f"{_NAME} {job_id}", places)
    # A server that was killed had made the draft, and kept no job of it.
    if left := jobs.left_behind(origin):
        return left, ()
    try:
        operations = [dict(each) for each in found.operations]
        return jobs.drafts.add(operations, origin).id, ()
    except InputError as error:
        if isinstance(error.__cause__, OSError):
            raise NetworkError(error.what, hint=error.hint) from error
        return "", tuple(
            _exception(f"{each.where}: {each.what}" if each.where else each.what)
            for each in error.further or (error,)
        )


def job(reading: Reading, call: Call) -> Reply:
    """How a job stands."""
    jobs = _jobs(reading, call)
    found = jobs.find(call.path["captureID"])
    if found is None:
        raise refuse(404, "unknown-name", "there is no such job", hint="/capture lists them")
    return reply(call, jobs.document(found, whole=True))


def listed(reading: Reading, call: Call) -> Reply:
    """The jobs of the token's company."""
    jobs, given = _jobs(reading, call), dict(call.query)
    begin = _number(given, "nextPageToken", 0)
    most = min(_number(given, "perPage", PER_PAGE, 1), MOST_PER_PAGE)
    found = jobs.all()
    document = [jobs.document(each) for each in found[begin : begin + most]]
    return part(call, document, begin, most, last=len(found) <= begin + most)


def _number(given: dict[str, str], name: str, default: int, least: int = 0) -> int:
    text, unknown = given.get(name, str(default)), set(given) - set(PAGING)
    is_one = text.isascii() and text.isdigit() and len(text) < 10
    if unknown or not is_one or int(text) < least:
        what = "perPage and nextPageToken are numbers, and all that there is"
        raise refuse(400, "parameter", what, where=min(unknown, default=name))
    return int(text)


def _jobs(reading: Reading, call: Call) -> Jobs:
    return Jobs(reading.network.folder, _company(call))


def _company(call: Call) -> str:
    """The company of the token, which must be one."""
    if call.token is None or not call.token.participant:
        raise refuse(403, "token-insufficient", "the token is of no company", where="Authorization")
    return call.token.participant


def _verdict(row: Row) -> dict[str, Any]:
    said: Iterable[tuple[str, Any]] = (
        ("tl:event", row.place[1]),
        ("eventID", row.event_id),
        ("tl:hash", row.hash),
        ("tl:verdict", row.verdict.value),
        ("tl:why", row.why),
    )
    return {name: value for name, value in said if value}


def _error(row: Row) -> dict[str, Any]:
    # A fault of its form has its place in the document, all others that of a field in the event.
    where = row.where if row.where.startswith("/") else f"{row.pointer} {row.where}".strip()
    hint = f" ({row.mend})" if row.mend else ""
    return _exception(f"event {row.place[1]}, {where}: {row.why}{hint}", row.event_id or "")


def _exception(detail: str, instance: str = "") -> dict[str, Any]:
    return exceptional("ValidationException", "event refused", 400, detail, instance)
