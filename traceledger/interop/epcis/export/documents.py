"""Documents of EPCIS: the lineage of a batch, and a company's events of a period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from traceledger.events import RecordedEvent
from traceledger.interop.epcis.context import CONTEXT
from traceledger.interop.epcis.export.chosen import complete, of_company, of_lineage
from traceledger.interop.epcis.export.events import said
from traceledger.interop.epcis.export.history import Act, Registry, act
from traceledger.interop.epcis.export.masterdata import Header
from traceledger.interop.epcis.export.things import Things
from traceledger.interop.exported import Exported, Origin, Sourced
from traceledger.model.units import format_time

if TYPE_CHECKING:
    from traceledger.index import IndexReader

Document = dict[str, Any]
VERSION = "2.0"


def lineage(index: IndexReader, batch: int) -> Exported:
    """All events from which what is told of a batch follows: captured into an empty ledger, the same trace.

    Args:
        index: where they are read; private texts stay commitments.
        batch: its id.
    """
    return _exported(index, of_lineage(index, batch))


def company(
    index: IndexReader, participant: bytes, *, since: int, until: int, whole: bool = False
) -> Exported:
    """What a company recorded, or was a party of, in a time.

    Args:
        index: where it is read.
        participant: its address.
        since: the first second at which it happened, as was claimed.
        until: the second before which it did.
        whole: with all that it follows from, so that an empty ledger can capture it.
    """
    events = of_company(index, participant, since=since, until=until)
    return _exported(index, complete(index, events) if whole else events, acts=whole)


def _exported(index: IndexReader, events: Sequence[RecordedEvent], *, acts: bool = True) -> Exported:
    things, registry = Things(index), Registry(index)
    header = Header(events, things, registry)
    between = header.acts(events[-1].position) if acts and events else []
    items: list[RecordedEvent | Act] = sorted([*events, *between], key=lambda item: item.position)
    made = [_said(item, things) for item in items]
    places = [item.position.reference for item in items]
    sources = [
        Sourced(f"/epcisBody/eventList/{number}", Origin.LEDGER, "the event as it was recorded", (place,))
        for number, place in enumerate(places)
    ]
    sources.append(Sourced("/epcisHeader", Origin.LEDGER, "what the events refer to", tuple(places)))
    sources += [
        Sourced(pointer, Origin.FORMAT, what)
        for pointer, what in (
            ("/@context", "the standard's context, and that of our own terms"),
            ("/schemaVersion", "the edition of the standard"),
            ("/creationDate", "the time of the newest block that changed anything"),
        )
    ]
    document = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": VERSION,
        "creationDate": format_time(index.time_of()),
        "epcisHeader": header.document(),
        "epcisBody": {"eventList": made},
    }
    return Exported(document, tuple(sources))


def _said(item: RecordedEvent | Act, things: Things) -> Document:
    return act(item, things) if isinstance(item, Act) else said(item, things)
