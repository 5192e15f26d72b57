"""The footprint of a batch by facility, process, stage and scope, as :mod:`traceledger.walk.co2e` finds it.

Example:
    >>> names = ("by_facility", "by_process", "by_stage", "by_scope", "own_by_stage", "without_primary")
    >>> Footprint(own_mg=3, inherited_mg=4, primary_mg=9, **{name: {} for name in names}).total_mg
    7
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.model.frozen import changed, frozen
from traceledger.model.shares import Share
from traceledger.names import Names
from traceledger.provenance.emission_parts import EmissionParts, emission_parts
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.nodes import Creation
from traceledger.provenance.places import Places, RecordShare
from traceledger.provenance.source import Steps
from traceledger.provenance.stages import StageTable, packaged
from traceledger.provenance.walked import Asked, More, Walked, walk_up

if TYPE_CHECKING:
    from traceledger.provenance.restated import RestatedFootprint, UnconfirmedFootprint


@frozen
class Footprint:
    """All CO2e that a batch was made with or that was added to it, mg CO2e, whatever was taken since.

    Each of the four breakdowns sums to :attr:`total_mg`; all but ``by_scope`` are sorted, and ``by_stage``
    has every :class:`~traceledger.provenance.stages.Stage`. ``own_by_stage`` is what of each stage is own
    CO2e; ``without_primary``, by place, what records emitted that state no primary data.
    ``by_record`` is what each record emitted of it, in chain order: the rows that all others sum up; empty
    where nobody asked for single records.
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
    """The footprint of a batch, with what each record emitted of it.

    Args:
        upstream: the batch's lineage, up.
        names: how its facilities and participants are called.
        stages: which life-cycle stage is whose; by default the package's table.

    Raises:
        VerificationError: the events' CO2e do not add up.
    """
    from traceledger.provenance.told import Told

    told = Told(upstream.told, names.site)
    places = Places(told, names, packaged() if stages is None else stages)
    made = upstream.nodes[upstream.batch].creation
    # Nothing is asked of substances here.
    asked = Asked(upstream.batch, made.own_mg, made.inherited_mg, {})
    return footprint_of(
        walk_up(told, asked, None, places.stage, More(records=True)), made, told, places, names
    )


def footprint_of(found: Walked, made: Creation, steps: Steps, places: Places, names: Names) -> Footprint:
    """The same where the walk was done.

    Args:
        found: the walk.
        made: how the batch was made.
        steps: the source that was walked.
        places: its places.
        names: how companies are called.
    """
    rows, added = places.breakdown(found.burdens.sums), found.burdens.added
    whole = Footprint(
        own_mg=made.own_mg + added.total_mg,
        inherited_mg=made.inherited_mg,
        primary_mg=made.primary_mg + added.primary,
        by_facility=rows.by_facility,
        by_process=rows.by_process,
        by_stage=rows.by_stage,
        by_scope=rows.by_scope,
        own_by_stage=rows.own_by_stage,
        without_primary=rows.without_primary,
        parts=emission_parts(found),
        by_record=places.records(found.burdens.kept) if found.burdens.keeps_all else (),
    )
    if not found.restatements:
        return whole
    # Of most batches nothing was restated, and then this is not loaded.
    from traceledger.provenance.restated import restated, unconfirmed

    return changed(
        whole,
        restated=restated(found, whole.primary_mg, places),
        unconfirmed=unconfirmed(found, whole.primary_mg, steps, places, names),
    )
