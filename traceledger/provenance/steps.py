"""The events of a lineage as the steps of :mod:`traceledger.walk`.

The one place that says what each event means for shares and CO2e; index and verifier both come through here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from traceledger.events import (
    BatchMinted,
    BatchRetired,
    BatchSplit,
    EmissionsAdded,
    ErrorDeclared,
    Position,
    RecordedEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Transformed,
)
from traceledger.provenance.lineage import Node
from traceledger.replay.emissions import shares, weights
from traceledger.walk import (
    Added,
    Addition,
    InError,
    Input,
    Minted,
    Output,
    Run,
    Split,
    SplitOff,
    Step,
)


def steps_of(nodes: Mapping[int, Node]) -> list[Step]:
    """What happened to the batches of a lineage (by id), each event once, in chain order.

    Raises:
        VerificationError: an event shares its emissions over nothing.
    """
    found: dict[Position, Step | None] = {}
    for node in nodes.values():
        for recorded in (node.creation.at, *node.later):
            if recorded.position not in found:
                found[recorded.position] = _step(recorded, node)
    return [step for position in sorted(found) if (step := found[position]) is not None]


def _step(recorded: RecordedEvent, node: Node) -> Step | None:
    """The step of an event; ``node`` is a batch that it concerns."""
    at, event = recorded.position, recorded.event
    match event:
        case BatchMinted():
            return Minted(at, event.batch, event.emissions, untraced=event.origin.slug == "untraced")
        case BatchSplit():
            children = tuple(SplitOff(each.taken.batch, each.taken.mass_mg) for each in event.children)
            return Split(at, event.parent, children)
        case Transformed():
            return _run(at, event)
        case ShipmentOffered():
            parts = zip(event.batches, shares(event), strict=True)
            return Added(
                at, tuple(Addition(lot.batch, lot.mass_mg, part.emissions, lot.own_mg) for lot, part in parts)
            )
        case EmissionsAdded():
            return Added(at, (Addition(event.batch, 1, event.emissions, event.own_mg),))
        case ErrorDeclared():
            # Rule 8: declared by who made the batch, confirmed by anyone else who may.
            return InError(at, event.batch, confirmed=event.declared_by != node.creation.creator)
        case ShipmentReceived() | ShipmentRejected() | ShipmentCancelled() | BatchRetired():
            return None
        case _:
            assert_never(event)


def _run(at: Position, event: Transformed) -> Run:
    inputs = (
        Input(each.batch, each.own_mg, each.inherited_mg, each.substances_mg, each.mass_mg)
        for each in event.inputs
    )
    outputs = (
        Output(share.batch, weight, share.emissions)
        for share, weight in zip(shares(event), weights(event), strict=True)
    )
    return Run(at, event.transformation, tuple(inputs), tuple(outputs))
