"""What the company holds, one lot, one shipment and one finding, with what can be done about each."""

from __future__ import annotations

import io
from typing import Any

from traceledger.documents import assurance, batches, dossiers, holdings
from traceledger.errors import InputError, UnknownNameError
from traceledger.interop.tables import files
from traceledger.interop.tables import table as tables
from traceledger.interop.tables.declared import BATCHES
from traceledger.interop.tables.source import source
from traceledger.languages.phrases import phrase
from traceledger.model.assurance import FindingState
from traceledger.names import LedgerNames
from traceledger.operations.catalogue import by_name
from traceledger.web.desk.filling.given import Given
from traceledger.web.desk.links import path, record_path
from traceledger.web.desk.route import Route
from traceledger.web.desk.views import record
from traceledger.web.desk.views.common import directory, index_of, lot_of, now, shipment_of
from traceledger.web.desk.visit import XLSX, Answer, Fields, Visit

TABLES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
"""The media types of tables that are downloaded."""
MOST = 100
"""Lots on one page."""
_OF_LOT = {"ship": "batches.0", "transform": "inputs.0.batch"}
"""Fields that name the lot in operations that take several."""
SEVERAL = ("ship", "transform")
"""What can be done with several lots at once."""


def held(visit: Visit) -> Answer:
    """What the company holds."""
    index, asked = index_of(visit), visit.query
    wanted = _wanted(asked)
    offset = _number(asked.get("from", "0"))
    with index.snapshot():
        document = holdings.holdings(index, visit.desk.company(), wanted, offset=offset, most=MOST)
    return Answer.page(document=document, wanted=wanted, query=asked)


def _wanted(asked: Fields) -> holdings.Held:
    return holdings.Held(
        material=asked.get("material") or None,
        state=asked.get("state") or None,
        matter=asked.get("matter") or None,
        text=asked.get("text") or None,
    )


def table(visit: Visit) -> Answer:
    """What the company holds as a table of CSV or XLSX."""
    form = visit.path["form"]
    if form not in TABLES:
        raise UnknownNameError(phrase("there is no such table"), hint=phrase("download the one of the page"))
    index, wanted = index_of(visit), _wanted(visit.query)
    with index.snapshot():
        own = visit.desk.company()
        rows = batches.batches(index, holdings.chosen_lots(index, own, wanted))["batches"]
        chosen = {name: getattr(wanted, name) for name in ("material", "state", "matter", "text")}
        said = source(
            visit.desk.network.name, index, rows=len(rows), filters={"custodian": own.slug, **chosen}
        )
    file = io.BytesIO()
    files.write(form, tables.table("batches", BATCHES.columns, rows), said, file)
    return Answer.file(file.getvalue(), f"lots-{visit.desk.participant}.{form}", TABLES[form])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise InputError(phrase("{text} is no number of a row", text=text))
    return int(text)


def chosen(visit: Visit) -> Answer:
    """The form of what is to be done with the lots that were chosen."""
    operation, lots = visit.form.get("do", ""), visit.form.all("lot")
    if operation not in SEVERAL:
        raise InputError(phrase("choose what is to be done with the lots"))
    if not lots:
        visit.tell(phrase("no lot was chosen"))
        return Answer.to("/lots")
    name = "batches.{}" if operation == "ship" else "inputs.{}.batch"
    given = Given({name.format(at): lot for at, lot in enumerate(lots)})
    return record.page(visit, by_name(operation), given)


def lot(visit: Visit) -> Answer:
    """A lot, its history, and what can be done with it."""
    index, found = index_of(visit), lot_of(visit)
    own = visit.desk.company()
    with index.snapshot():
        names = LedgerNames(index)
        document = batches.batch(index, found, ())
        row = holdings.lot_row(found, names)
        goods = index.material_by_id(found.material)
    actions = holdings.possible(found, goods, own.address)
    sent = document["shipment"] if found.custodian == own.address else None
    for action in actions:
        field = _OF_LOT.get(action["action"], "batch")
        action["where"] = record_path(action["action"], {field: row["batch"]})
    return Answer.page(
        document=document,
        lot=row,
        goods=goods,
        actions=actions,
        custodian=names.slug(found.custodian),
        mend=path("lots", row["batch"], "mend"),
        shipment=path("shipments", sent["shipment"]) if sent else "",
    )


def shipment(visit: Visit) -> Answer:
    """A shipment lot by lot."""
    index, found = index_of(visit), shipment_of(visit)
    own = visit.desk.company().address
    with index.snapshot():
        document = dossiers.shipment(index, found)
    name = document["shipment"]
    return Answer.page(
        document=document,
        answer=path("shipments", name, "answer") if found.open and found.receiver == own else "",
        cancel=record_path("cancel", {"shipment": name}) if found.open and found.sender == own else "",
    )


def finding(visit: Visit) -> Answer:
    """A finding about the company, and what was done about it."""
    index = index_of(visit)
    name = f"{visit.path['auditor']}/{visit.path['identifier']}"
    found = index.finding(directory(visit).finding(name, None))
    if found is None:
        raise UnknownNameError(phrase("there is no finding {finding}", finding=name))
    document: dict[str, Any] = assurance.finding(index, found, now=now())
    ours = found.participant == visit.desk.company().address
    return Answer.page(
        document=document,
        lot="" if found.batch is None else LedgerNames(index).batch(found.batch),
        act=record_path("submit_corrective_action", {"finding": document["finding"]})
        if ours and found.state is FindingState.OPEN
        else "",
    )


ROUTES = (
    Route("GET", "/lots", held, "desk/lots.html"),
    Route("GET", "/lots.{form}", table),
    Route("POST", "/lots", chosen, "desk/form.html"),
    Route("GET", "/lots/{maker}/{identifier}", lot, "desk/lot.html"),
    Route("GET", "/shipments/{sender}/{identifier}", shipment, "desk/shipment.html"),
    Route("GET", "/findings/{auditor}/{identifier}", finding, "desk/finding.html"),
)
