"""The footprint of a batch by facility, process, stage and scope, as :mod:`traceledger.walk.co2e` finds it.

Example:
    >>> names = ("by_facility", "by_process", "by_stage", "by_scope", "own_by_stage", "without_primary")
    >>> Footprint(own_mg=3, inherited_mg=4, primary_mg=9, **{name: {} for name in names}).total_mg
    7
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from traceledger.events import BatchSplit, EmissionsAdded, ShipmentOffered
from traceledger.model.frozen import frozen
from traceledger.model.shares import Share
from traceledger.names import Names
from traceledger.provenance.emission_parts import EmissionParts, emission_parts
from traceledger.provenance.lineage import Lineage, tells_parts
from traceledger.provenance.nodes import returned_children
from traceledger.provenance.places import Places, RecordShare
from traceledger.provenance.stages import StageTable, packaged
from traceledger.provenance.steps import steps_of
from traceledger.walk import (
    At,
    Coefficients,
    Remeasured,
    Restated,
    Step,
    co2e,
    coefficients,
    consumed,
)

if TYPE_CHECKING:
    from traceledger.provenance.restated import RestatedFootprint, UnconfirmedFootprint


@frozen
class Footprint:
    """All CO2e that a batch was made with or that was added to it, mg CO2e, whatever was taken since.

    Each of the four breakdowns sums to :attr:`total_mg`; all but ``by_scope`` are sorted, and ``by_stage``
    has every :class:`~traceledger.provenance.stages.Stage`. ``own_by_stage`` is what of each stage is own
    CO2e; ``without_primary``, by place, what records emitted that state no primary data.
    ``by_record`` is what each record emitted of it, in chain order: the rows that all others sum up.
    ``restated`` is there where emissions of the past were restated, ``unconfirmed`` where something waits for
    an auditor and is not used yet; ``parts`` stand beside the scopes.
    """

    own_mg: int
    inherited_mg: int
    primary_mg: int
    by_facility: dict[str, int]
    by_process: dict[str, int]
    by_stage: dict[str, int]
    by_scope: dict[str, int]
    own_by_stage: dict[str, int]
    without_primary: dict[str, int]
    restated: RestatedFootprint | None = None
    unconfirmed: UnconfirmedFootprint | None = None
    parts: EmissionParts = EmissionParts()
    by_record: tuple[RecordShare, ...] = ()

    @property
    def total_mg(self) -> int:
        """Own and inherited together."""
        return self.own_mg + self.inherited_mg

    @property
    def primary_part(self) -> Share:
        """The part from primary data (PACT ``primaryDataShare``); none where nothing was emitted.

        Allocation may round the primary pool a few milligrams above the total: then it is all.
        """
        return Share.at_most(self.primary_mg, self.total_mg)

    @property
    def primary_share(self) -> float:
        """:attr:`primary_part` from 0 to 1."""
        return float(self.primary_part)

    @property
    def used(self) -> Footprint | RestatedFootprint:
        """The one that counts: with what is known better, where something is (Rule 8)."""
        return self.restated or self


def footprint(upstream: Lineage, names: Names, stages: StageTable | None = None) -> Footprint:
    """The footprint of a batch.

    Args:
        upstream: the batch's lineage, up.
        names: how its facilities and participants are called.
        stages: which life-cycle stage is whose; by default the package's table.

    Raises:
        VerificationError: the events' CO2e do not add up.
    """
    steps = steps_of(upstream)
    return footprint_of(upstream, names, steps, coefficients_of(upstream, steps), stages)


def footprint_of(
    upstream: Lineage,
    names: Names,
    steps: Sequence[Step],
    parts: Coefficients | None,
    stages: StageTable | None = None,
) -> Footprint:
    """The same where the lineage's steps, and the coefficients of its records, are there already."""
    creation = upstream.nodes[upstream.batch].creation
    found = co2e(steps, upstream.batch, creation.own_mg, creation.inherited_mg)
    places = Places(upstream, names, packaged() if stages is None else stages)
    rows = places.breakdown(found.cells)
    made = creation.own_mg, creation.inherited_mg
    weights = consumed(steps, upstream.batch, *made, places.stage)
    own = own_records(upstream)
    staged = places.staged(found.cells, weights, own)
    whole = Footprint(
        own_mg=creation.own_mg + found.added.total_mg,
        inherited_mg=creation.inherited_mg,
        primary_mg=creation.primary_mg + found.added.primary,
        by_facility=rows.by_facility,
        by_process=rows.by_process,
        by_stage=staged.by_stage,
        by_scope=rows.by_scope,
        own_by_stage=staged.own_by_stage,
        without_primary=places.without_primary(found.cells, {}),
        parts=emission_parts(upstream, tuple(steps), parts),
        by_record=staged.by_record,
    )
    if parts is None:
        return whole
    # Of most batches nothing was restated, and then this is not loaded.
    from traceledger.provenance.restated import Recorded, restated, unconfirmed

    known = Recorded(upstream, steps, parts, found.cells, weights, own, whole.primary_mg)
    return replace(whole, restated=restated(known, places), unconfirmed=unconfirmed(known, places, names))


def own_records(upstream: Lineage) -> frozenset[At]:
    """Where the records stand of which the own CO2e of the lineage's batch is, and no other of it.

    Those are its making, of what was split off that of what it was split from, and what was added to these.
    What such a record emitted for other batches cannot have come into this one again: it was made before.
    """
    chain, batch = set[int](), upstream.batch
    while batch in upstream.nodes and batch not in chain:
        chain.add(batch)
        made = upstream.nodes[batch].creation.event
        if isinstance(made, BatchSplit):
            batch = made.parent
    waiting = list(chain)
    while waiting:
        node = upstream.told.get(waiting.pop())
        back = [] if node is None else [each for each in returned_children(node) if each not in chain]
        chain.update(back)
        waiting += back
    found = set[At]()
    for batch in chain & upstream.told.keys():
        node = upstream.told[batch]
        for recorded in (node.creation.at, *node.later):
            event = recorded.event
            if recorded is node.creation.at or isinstance(event, ShipmentOffered | EmissionsAdded):
                found.add(recorded.position)
    return frozenset(found)


def coefficients_of(upstream: Lineage, steps: Sequence[Step]) -> Coefficients | None:
    """The coefficients of a lineage's records, where something asks for them; else ``None``.

    That is: where something was restated or measured again, or emissions tell parts beside the scopes.

    Only then does the lineage have all takes of its batches, on which they depend.

    Raises:
        VerificationError: more was taken of a batch than it weighed.
    """
    asked = any(isinstance(step, Restated | Remeasured) for step in steps)
    if not asked and not any(tells_parts(recorded.event) for recorded in upstream.recorded):
        return None
    return coefficients(steps, upstream.batch)
