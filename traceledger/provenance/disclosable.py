"""Which private texts belong to a lineage: those that may be disclosed with its batch, and no others.

A supplier's event may name more than went into one product: its other lots, the shipments to other customers.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from traceledger.events import RecordedEvent, Role
from traceledger.events.facts import Text
from traceledger.events.private import private_texts
from traceledger.model.commitments import FieldKind
from traceledger.model.ids import batch_id
from traceledger.provenance.lineage import Lineage


def disclosable(upstream: Lineage) -> Iterator[tuple[Text, int]]:
    """Every commitment of a lineage, up, and the id of a batch in whose history it stands.

    Left out are what was made of its batches for others, and the names of other batches made beside its own.
    """
    for recorded in upstream.events:
        yield from disclosable_of(recorded, upstream.nodes)


def disclosable_of(recorded: RecordedEvent, batches: Container[int]) -> Iterator[tuple[Text, int]]:
    """The same of one event of a lineage that has these batches (by id)."""
    batch = _concerned(recorded, batches)
    if batch is None:
        return
    for field in private_texts(recorded.event):
        if field.kind is not FieldKind.BATCH or _is_own(field, batches):
            yield field, batch


def _is_own(field: Text, batches: Container[int]) -> bool:
    return field.owner is not None and batch_id(field.owner, field.text) in batches


def _concerned(recorded: RecordedEvent, batches: Container[int]) -> int | None:
    """A batch of the lineage that the event made, or that it happened to."""
    for batch, role in recorded.event.concerns:
        if batch in batches and role is not Role.TAKEN:
            return batch
    return None
