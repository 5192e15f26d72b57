"""What makes lots, as events of EPCIS: new material, parts of a lot, runs."""

from __future__ import annotations

from typing import assert_never

from traceledger.events import BatchMinted, BatchSplit, RecordedEvent, Transformed
from traceledger.events.parts import Made
from traceledger.interop.epcis import uris
from traceledger.interop.epcis.export.saying import (
    Document,
    Piece,
    emissions,
    lists,
    lots,
    of_lots,
    place,
    substances,
    terms,
    when,
)
from traceledger.interop.epcis.export.things import Things
from traceledger.model.emissions import AllocationRule

Making = BatchMinted | BatchSplit | Transformed


def made(found: RecordedEvent, event: Making, things: Things) -> Document:
    """An event that makes lots."""
    match event:
        case BatchMinted():
            return _minted(found, event, things)
        case BatchSplit():
            return _split(found, event, things)
        case Transformed():
            return _transformed(found, event, things)
        case _:
            assert_never(event)


def _minted(found: RecordedEvent, event: BatchMinted, things: Things) -> Document:
    about = {
        "material": things.names.material(event.material),
        "substances": substances(event.substances_mg),
        **({"pieces": event.pieces} if event.pieces else {}),
    }
    pieces, site = [Piece(things.lot(event.batch), event.mass_mg, about)], things.site(event.facility)
    own = {"origin": event.origin.slug, "emissions": emissions(event.emissions), "facility": site.name}
    made = of_lots(found, things, pieces, "commissioning", "active", action="ADD", operation="mint", **own)
    return made | place(site)


def _split(found: RecordedEvent, event: BatchSplit, things: Things) -> Document:
    whole = sum(child.taken.mass_mg for child in event.children)
    taken = [Piece(things.lot(event.parent), whole, {"role": "input"})]
    made = [
        Piece(things.lot(child.taken.batch), child.taken.mass_mg, {"role": "output"})
        for child in event.children
    ]
    return {
        "type": "TransformationEvent",
        **when(found, things),
        **lists(taken, "input"),
        **lists(made, "output"),
        "bizStep": "repackaging",
        "disposition": "active",
        **terms("split", found, things, lots=lots([*taken, *made])),
    }


def _transformed(found: RecordedEvent, event: Transformed, things: Things) -> Document:
    taken = [Piece(things.lot(each.batch), each.mass_mg, {"role": "input"}) for each in event.inputs]
    made = [_output(each, event, things) for each in event.outputs]
    run, site = things.run(event.participant, event.identifier), things.site(event.facility)
    single = any(uris.is_instance(piece.lot.name) for piece in made)
    own = {
        "facility": site.name,
        "transformation": run.name,
        "process": event.process,
        "recycling": event.recycling,
        "allocation": event.allocation.slug,
        "losses": substances({number: mg for number, mg in event.losses_mg.items() if mg}),
        "emissions": emissions(event.emissions),
    }
    return {
        "type": "TransformationEvent",
        **when(found, things),
        **lists(taken, "input"),
        **lists(made, "output"),
        "transformationID": run.uri,
        "bizStep": "commissioning" if single else "creating_class_instance",
        "disposition": "active",
        **place(site),
        **terms("transform", found, things, lots=lots([*taken, *made]), **own),
    }


def _output(made: Made, event: Transformed, things: Things) -> Piece:
    weighs = event.allocation is AllocationRule.ECONOMIC and made.weight and not made.waste
    about: Document = {
        "role": "output",
        "material": things.names.material(made.material),
        "substances": substances(made.substances_mg),
        **({"pieces": made.pieces} if made.pieces else {}),
        **({"weight": made.weight} if weighs else {}),
    }
    return Piece(things.lot(made.batch), made.mass_mg, about)
