"""The parts that events of EPCIS are made of: lots in its own lists, our terms, who, when and where.

Example:
    >>> emissions(Emissions(scope1=1_000_000, primary=500_000))
    {'tl:scope1': '1 kg', 'tl:primary': '0.5 kg'}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from traceledger.events import Position, RecordedEvent
from traceledger.events.facts import LedgerFacts
from traceledger.events.private import is_concealed, private_texts
from traceledger.interop.epcis import uris
from traceledger.interop.epcis.export.things import Thing, Things
from traceledger.interop.epcis.terms import EMISSIONS
from traceledger.interop.epcis.writing import kilograms, kilograms_text
from traceledger.model.emissions import Emissions
from traceledger.model.substances import symbol
from traceledger.model.units import format_percent, format_time

if TYPE_CHECKING:
    from traceledger.model.registry import Terms

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A lot of an event.

    Attributes:
        lot: it.
        mass_mg: of it, as the event says; ``None``: it says none.
        terms: our own about it, by their names without a prefix.
    """

    lot: Thing
    mass_mg: int | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)


def lists(pieces: Sequence[Piece], prefix: str = "") -> Document:
    """The lots in EPCIS' own lists: single things in that of EPCs, all others as quantities of a class.

    Args:
        pieces: in order.
        prefix: of the lists' names: ``input``, ``output``; without one, of the lists of an ObjectEvent.
    """
    single = [piece for piece in pieces if uris.is_instance(piece.lot.name)]
    classes = [_quantity(piece) for piece in pieces if not uris.is_instance(piece.lot.name)]
    epcs, quantities = (
        (f"{prefix}EPCList", f"{prefix}QuantityList") if prefix else ("epcList", "quantityList")
    )
    found: Document = {}
    if single or not (classes or prefix):
        found[epcs] = list(dict.fromkeys(piece.lot.uri for piece in single))
    return found | ({quantities: classes} if classes else {})


def _quantity(piece: Piece) -> Document:
    if piece.mass_mg is None:
        return {"epcClass": piece.lot.uri}
    return {"epcClass": piece.lot.uri, "quantity": kilograms(piece.mass_mg), "uom": "KGM"}


def lots(pieces: Iterable[Piece]) -> list[Document]:
    """The lots as ``tl:lots`` has them."""
    return [_lot(piece) for piece in pieces]


def _lot(piece: Piece) -> Document:
    said: Document = {"tl:epc": piece.lot.uri, "tl:batch": piece.lot.name}
    if piece.mass_mg is not None and uris.is_instance(piece.lot.name):
        said["tl:mass"] = kilograms_text(piece.mass_mg)
    return said | {f"tl:{name}": value for name, value in piece.terms.items()}


def substances(by_number: Mapping[int, int]) -> list[Document]:
    """Masses of substances, in the order of their numbers."""
    return [
        {"tl:substance": symbol(number), "tl:mass": kilograms_text(by_number[number])}
        for number in sorted(by_number)
    ]


def emissions(emitted: Emissions) -> Document:
    """CO2e as ``tl:emissions`` has it; what is 0 is left out."""
    amounts = {term: getattr(emitted, name) for term, name in EMISSIONS.items()}
    return {f"tl:{term}": kilograms_text(mg) for term, mg in amounts.items() if mg}


def some_emissions(emitted: Emissions) -> Document:
    """The same of an event that is about emissions, which says so where there are none."""
    return emissions(emitted) or {"tl:scope1": kilograms_text(0)}


def when(found: RecordedEvent, things: Things) -> Document:
    """What every event begins with."""
    return moment(found.position, found.event.occurred_at, found.timestamp, things)


def moment(at: Position, occurred: int, recorded: int, things: Things) -> Document:
    """The same of what stands at a place, by when it happened and was recorded, UTC seconds."""
    return {
        "eventID": things.event_id(at),
        "eventTime": format_time(occurred),
        "eventTimeZoneOffset": "+00:00",
        "recordTime": format_time(recorded),
    }


def author(event: LedgerFacts, things: Things) -> Document:
    """Who recorded it."""
    who = event.author
    if who is None or not things.knows(who):
        return {"tl:byConsortium": True}
    return {"tl:by": things.company(who).name}


def terms(operation: str, found: RecordedEvent, things: Things, **said: Any) -> Document:
    """Our terms of an event, in their order; what is empty is left out.

    Args:
        operation: what it is on the ledger.
        found: the event.
        things: names.
        said: further terms, by their names without a prefix.
    """
    event = found.event
    documents = [
        {"tl:uri": each.uri, "tl:sha256": each.sha256.hex()}
        for each in event.evidence
        if not is_concealed(each)
    ]
    own = {f"tl:{name}": value for name, value in said.items() if value not in ("", None, [], {}, False)}
    return {
        "tl:operation": operation,
        **author(event, things),
        "tl:position": found.position.reference,
        **({"tl:private": True} if any(private_texts(event)) else {}),
        **own,
        **({"tl:evidence": documents} if documents else {}),
    }


def of_material(said: Terms) -> Iterator[tuple[str, Any]]:
    """Tolerances and contents of a material, as attributes of master data and as our terms of an event."""
    if said.tolerance_mass_bp:
        yield "massTolerance", format_percent(said.tolerance_mass_bp)
    if said.tolerance_substances_bp:
        yield "substanceTolerance", format_percent(said.tolerance_substances_bp)
    for each in said.contents:
        least, most = format_percent(each.least_bp), format_percent(each.highest_bp)
        yield "content", {"tl:substance": symbol(each.substance), "tl:least": least, "tl:most": most}


def place(site: Thing) -> Document:
    """Where it happened."""
    return {"readPoint": {"id": site.uri}, "bizLocation": {"id": site.uri}}


def parties(kind: str, giver: Thing | None, taker: Thing | None) -> Document:
    """From whom to whom: ``possessing_party`` or ``owning_party``."""
    said: Document = {}
    if giver is not None:
        said["sourceList"] = [{"type": kind, "source": giver.uri}]
    if taker is not None:
        said["destinationList"] = [{"type": kind, "destination": taker.uri}]
    return said


def of_lots(
    found: RecordedEvent, things: Things, pieces: list[Piece], step: str, disposition: str = "", **own: Any
) -> Document:
    """An ObjectEvent.

    Args:
        found: the event of the ledger.
        things: names.
        pieces: its lots.
        step: the business step.
        disposition: of the lots from then on; none is said by default.
        own: ``operation``, ``action`` where it is not OBSERVE, and our terms.
    """
    action, operation = own.pop("action", "OBSERVE"), own.pop("operation")
    return {
        "type": "ObjectEvent",
        **when(found, things),
        "action": action,
        **lists(pieces),
        "bizStep": step,
        **({"disposition": disposition} if disposition else {}),
        **terms(operation, found, things, lots=lots(pieces), **own),
    }


def of_lot(
    found: RecordedEvent,
    lot: int,
    things: Things,
    operation: str,
    step: str,
    disposition: str = "",
    **own: Any,
) -> Document:
    """An ObjectEvent of one lot without mass; arguments as of :func:`of_lots`."""
    pieces = [Piece(things.lot(lot))]
    return of_lots(found, things, pieces, step, disposition, operation=operation, **own)
