"""The steps of a lineage whose events are there, for who asks more of them than a trace tells."""

from __future__ import annotations

from collections.abc import Mapping

from traceledger.provenance.lineage import Lineage
from traceledger.provenance.nodes import Node
from traceledger.provenance.told import Told, at_of
from traceledger.replay.held import Held
from traceledger.walk import Step

__all__ = ["at_of", "held_in", "steps_among", "steps_of"]
NOTHING = Held(0, 0, 0, {})


def steps_of(found: Lineage) -> list[Step]:
    """What happened to the batches of a lineage, each event once, in chain order.

    Raises:
        VerificationError: an event shares its emissions over nothing.
    """
    return steps_among(found.told)


def steps_among(nodes: Mapping[int, Node]) -> list[Step]:
    """The same of any batches, by id; what takes from others is there only if their histories have it."""
    return list(Told(nodes, _nowhere).steps.values())


def held_in(found: Lineage) -> Held:
    """What the batch of a lineage, up, holds after all that is told of it."""
    return Told(found.told, _nowhere, found.batch).held or NOTHING


def _nowhere(_: int) -> None:
    """Who asks for steps alone does not ask where emissions arose."""
