"""Put right what is wrong: which record, what is wrong with it, and the first operation that fits."""

from __future__ import annotations

from traceledger.documents import mending
from traceledger.errors import InputError
from traceledger.languages.phrases import phrase
from traceledger.names import LedgerNames
from traceledger.web.desk.filling.numbers import typed
from traceledger.web.desk.links import path, record_path
from traceledger.web.desk.route import Route
from traceledger.web.desk.views.common import index_of, lot_of, now
from traceledger.web.desk.visit import Answer, Visit


def mend(visit: Visit) -> Answer:
    """The records of a lot; of the one that is chosen what may be wrong; and then what puts it right."""
    index, lot, own = index_of(visit), lot_of(visit), visit.desk.company().address
    asked = visit.query.get("record", "")
    wrong = next((each for each in mending.WRONG if each == visit.query.get("wrong")), None)
    with index.snapshot():
        names = LedgerNames(index)
        name = names.full(lot.creator, lot.identifier)
        known = {_key(each): each for each in mending.records(index, lot, own)}
        records = [{"key": key, **mending.shown(each, names)} for key, each in known.items()]
        record = known.get(asked)
        if asked and record is None:
            raise InputError(phrase("this record is none of yours, or was put right already"))
        ways, restated = [], {}
        if record is not None and wrong is not None:
            ways = mending.ways(index, lot, record, wrong, own, now=now())
            restated = mending.restated_fields(index, record)
    for way in ways:
        fields = dict(way["fields"])
        if way["operation"] == "restate_emissions":
            for scope, mg in restated.items():
                amount, unit = typed(int(mg), visit.language)
                fields |= {f"emissions.{scope}.amount": amount, f"emissions.{scope}.unit": unit}
        way["where"] = record_path(way["operation"], fields)
    return Answer.page(
        lot=name,
        back=path("lots", name),
        here=path("lots", name, "mend"),
        records=records,
        record=next((each for each in records if each["key"] == asked), None),
        wrong=wrong or "",
        choices=mending.WRONG,
        ways=ways,
    )


def _key(record: mending.Record) -> str:
    """By what an address names a record: its event's place, and what of it is meant."""
    return f"{record.place[0]}.{record.place[1]}.{record.kind}.{record.name}"


ROUTES = (Route("GET", "/lots/{maker}/{identifier}/mend", mend, "desk/mend.html"),)
