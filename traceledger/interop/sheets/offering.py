"""What a template offers from a ledger: materials, companies, sites, the lots one holds, open shipments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from traceledger.index import IndexReader
from traceledger.interop.sheets.template import MOST_NAMES, Offered
from traceledger.model.assurance import FindingState
from traceledger.model.batches import BatchState, ShipmentState


def offered(index: IndexReader, shown: Callable[[int], str], own: bytes | None) -> Offered:
    """What there is to choose.

    Args:
        index: the ledger's, as it was followed last.
        shown: gives the full name of a thing's id.
        own: address of the participant for whom it is: its lots, sites and open shipments; ``None``: all.
    """
    materials, sites = index.materials(), index.facilities(own)
    lots = index.batches(own, BatchState.ACTIVE)
    to_us = index.shipments(ShipmentState.OFFERED, receiver=own)
    from_us = [] if own is None else index.shipments(ShipmentState.OFFERED, sender=own)
    findings = [
        each
        for each in index.findings()
        if each.state is not FindingState.CLOSED and own in (None, each.participant)
    ]
    return Offered(
        names={
            "material": tuple(sorted(each.slug for each in materials)),
            "participant": tuple(sorted(each.slug for each in index.participants())),
            "facility": _named(shown, (each.id for each in sites)),
            "batch": _named(shown, (each.id for each in lots)),
            "shipment": _named(shown, dict.fromkeys(each.id for each in [*to_us, *from_us])),
            "finding": _named(shown, (each.id for each in findings)),
        },
        substances=tuple(sorted({each for material in materials for each in material.substances})),
        known=True,
    )


def _named(shown: Callable[[int], str], ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(shown(each) for each in islice(ids, MOST_NAMES))
