"""Documents of EPCIS: the lineage of a batch, and a company's events of a period."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from traceledger.events import Position, RecordedEvent
from traceledger.index.schema import split_position
from traceledger.interop.epcis.context import CONTEXT
from traceledger.interop.epcis.export.chosen import complete, of_company, of_lineage, read
from traceledger.interop.epcis.export.events import said
from traceledger.interop.epcis.export.history import Act, Registry, act
from traceledger.interop.epcis.export.masterdata import Header
from traceledger.interop.epcis.export.things import Things
from traceledger.interop.epcis.writing import dumps
from traceledger.interop.exported import Exported, Origin, Sourced
from traceledger.model.units import format_time

if TYPE_CHECKING:
    from traceledger.index import IndexReader

Document = dict[str, Any]
VERSION = "2.0"
_INDENT = "   "
"""Before a line of an event, in a document."""


class Export:
    """A document of EPCIS, of which some events at a time are in memory.

    Args:
        index: where they are read; private texts stay commitments. In one snapshot until all is written.
        places: positions of the events, in the chain's order.
        acts: whether what the registry recorded in between is told, where they depend on it.
    """

    def __init__(self, index: IndexReader, places: Sequence[int], *, acts: bool = True) -> None:
        self._index = index
        self._places = places
        self._things = Things(index)
        registry = Registry(index)
        header = Header(self._read(), self._things, registry)
        last = Position(*split_position(places[-1])) if places else None
        self._acts: list[Act] = header.acts(last) if acts and last else []
        self._head = {
            "@context": CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": VERSION,
            "creationDate": format_time(index.time_of()),
            "epcisHeader": header.document(),
        }

    def __len__(self) -> int:
        """How many events it has."""
        return len(self._places) + len(self._acts)

    def events(self) -> Iterator[Document]:
        """Its events, in the chain's order."""
        both: list[Iterable[RecordedEvent | Act]] = [self._read(), self._acts]
        for each in heapq.merge(*both, key=_position):
            yield act(each, self._things) if isinstance(each, Act) else said(each, self._things)

    def text(self) -> Iterator[str]:
        """The document as JSON on several lines, in pieces."""
        whole = dumps({**self._head, "epcisBody": {"eventList": []}}, indent=1)
        before, after = whole.rsplit("[]", 1)
        yield before + "["
        between = ""
        for event in self.events():
            lines = dumps(event, indent=1).replace("\n", f"\n{_INDENT}")
            yield f"{between}\n{_INDENT}{lines}"
            between = ","
        end = "\n  " if between else ""
        yield f"{end}]{after}\n"

    @cached_property
    def document(self) -> Document:
        """All of it."""
        return {**self._head, "epcisBody": {"eventList": list(self.events())}}

    def sidecar(self) -> dict[str, Any]:
        """From which records each part of it comes."""
        return Exported({}, self.sources).sidecar()

    @property
    def sources(self) -> tuple[Sourced, ...]:
        """The same of each part."""
        found = [each.position for each in self._acts]
        found += (Position(*split_position(each)) for each in self._places)
        places = [each.reference for each in sorted(found)]
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
        return tuple(sources)

    def _read(self) -> Iterator[RecordedEvent]:
        for some in read(self._index, self._places):
            self._things.foresee(some)
            yield from some


def _position(item: RecordedEvent | Act) -> Position:
    return item.position


def lineage(index: IndexReader, batch: int) -> Export:
    """All events from which what is told of a batch follows: captured into an empty ledger, the same trace.

    Args:
        index: where they are read; private texts stay commitments.
        batch: its id.

    Raises:
        UnknownNameError: there is no such batch.
    """
    return Export(index, of_lineage(index, batch))


def company(index: IndexReader, participant: bytes, *, since: int, until: int, whole: bool = False) -> Export:
    """What a company recorded, or was a party of, in a time.

    Args:
        index: where it is read.
        participant: its address.
        since: the first second at which it happened, as was claimed.
        until: the second before which it did.
        whole: with all that it follows from, so that an empty ledger can capture it.
    """
    places = of_company(index, participant, since=since, until=until)
    return Export(index, complete(index, places) if whole else places, acts=whole)
