"""What is known better of a footprint: what counts, and what waits for an auditor (Rule 8)."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import assert_never

from traceledger.events import (
    BatchMinted,
    EmissionsAdded,
    EmissionsRestated,
    LedgerEvent,
    ShipmentOffered,
    Transformed,
)
from traceledger.model.emissions import SCOPES, Emissions
from traceledger.model.frozen import frozen
from traceledger.model.shares import Share
from traceledger.names import Names
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.places import Places, RecordShare
from traceledger.provenance.steps import confirmed_among
from traceledger.replay.emissions import emitting
from traceledger.walk import (
    At,
    Cell,
    Coefficients,
    Restated,
    Step,
    Tag,
    consumed_parts,
    in_force,
    recorded,
    restated_cells,
    restated_primary,
)


@frozen
class RestatedFootprint:
    """The footprint with the emissions of the past that are known better, mg CO2e; it stands beside.

    Attributes:
        total_mg: all CO2e; each breakdown sums to it.
        primary_mg: the part from primary data.
        by_facility: by place, sorted.
        by_process: by process, sorted.
        by_stage: by life-cycle stage, sorted; every :class:`~traceledger.provenance.stages.Stage` is there.
        by_scope: by scope.
        own_by_stage: what of ``by_stage`` is own CO2e.
        without_primary: by place, what records emitted that state no primary data.
        records: how many records were restated that the batch bears some of.
        confirmed: whether an auditor confirmed all of them, as they are used.
        by_record: what each record emitted of it, in chain order.
    """

    total_mg: int
    primary_mg: int
    by_facility: dict[str, int]
    by_process: dict[str, int]
    by_stage: dict[str, int]
    by_scope: dict[str, int]
    own_by_stage: dict[str, int]
    without_primary: dict[str, int]
    records: int
    confirmed: bool
    by_record: tuple[RecordShare, ...] = ()

    @property
    def own_mg(self) -> int:
        """Of its last step, and added since, mg CO2e."""
        return sum(self.own_by_stage.values())

    @property
    def inherited_mg(self) -> int:
        """Of the batches that it was made from, mg CO2e."""
        return self.total_mg - self.own_mg

    @property
    def primary_share(self) -> float:
        """The part from primary data, 0 to 1, of this footprint."""
        return float(Share.at_most(self.primary_mg, self.total_mg))


@frozen
class UnconfirmedRestatement:
    """What was restated of a record, and is not used before an auditor confirms it.

    Attributes:
        record: which: ``mint``, ``transformation``, ``shipment`` or ``record``, and its full name.
        by: slug of who restated it.
        reason: why, as they say.
        total_mg: what the record emitted as it is used, all of it, mg CO2e.
        primary_mg: the part of that from primary data.
        new_total_mg: the same as it was restated.
        new_primary_mg: the part of that from primary data.
    """

    record: str
    by: str
    reason: str
    total_mg: int
    primary_mg: int
    new_total_mg: int
    new_primary_mg: int


@frozen
class UnconfirmedFootprint:
    """What a footprint would be if all that waits for an auditor were confirmed; it is not used.

    Attributes:
        total_mg: all CO2e, mg.
        primary_mg: the part from primary data.
        records: what waits, in chain order of the records.
    """

    total_mg: int
    primary_mg: int
    records: tuple[UnconfirmedRestatement, ...]


@frozen
class Recorded:
    """What is known of a footprint as it was recorded; ``weights`` are its cells by what consumed them.

    ``own``: where the records of its own CO2e stand.
    """

    upstream: Lineage
    steps: Sequence[Step]
    parts: Coefficients
    cells: Mapping[Cell, int]
    weights: Mapping[Cell, Mapping[Tag, int]]
    own: Container[At]
    primary_mg: int


def restated(known: Recorded, places: Places) -> RestatedFootprint | None:
    """The footprint with what counts of what was restated; ``None`` where nothing of it was.

    Args:
        known: the footprint as it was recorded.
        places: names of its cells.
    """
    parts = known.parts.records
    changed = _borne(known, in_force(known.steps))
    if not changed:
        return None
    cells = restated_cells(known.cells, changed, parts)
    rows = places.breakdown(cells)
    confirmed = confirmed_among(known.upstream)
    staged = places.staged(cells, _restated_weights(known, changed, places), known.own)
    return RestatedFootprint(
        total_mg=sum(rows.by_scope.values()),
        primary_mg=restated_primary(known.primary_mg, recorded(known.steps), changed, parts),
        by_facility=rows.by_facility,
        by_process=rows.by_process,
        by_stage=staged.by_stage,
        by_scope=rows.by_scope,
        own_by_stage=staged.own_by_stage,
        without_primary=places.without_primary(cells, changed),
        records=len(changed),
        confirmed=all(at in confirmed for at in changed),
        by_record=staged.by_record,
    )


def _restated_weights(
    known: Recorded, changed: Container[At], places: Places
) -> Mapping[Cell, Mapping[Tag, int]]:
    """What a restated record emits is consumed as its coefficient goes."""
    parts = consumed_parts(known.steps, known.upstream.batch, places.stage)
    restated = {
        (at, scope): tags for at, tags in parts.items() if at in changed for scope in range(len(SCOPES))
    }
    return {**known.weights, **restated}


def unconfirmed(known: Recorded, places: Places, names: Names) -> UnconfirmedFootprint | None:
    """What waits for an auditor; ``None`` where nothing does.

    Args:
        known: the footprint as it was recorded.
        places: names of its cells.
        names: how participants are called.
    """
    waiting = {step.of: step for step in known.steps if isinstance(step, Restated)}
    waits = _borne(known, {at: step.emissions for at, step in waiting.items() if not step.used})
    if not waits:
        return None
    parts, first = known.parts.records, recorded(known.steps)
    used = _borne(known, in_force(known.steps))
    changed = used | waits
    rows = places.breakdown(restated_cells(known.cells, changed, parts))
    events: dict[At, LedgerEvent] = {item.position: item.event for item in known.upstream.recorded}
    found = []
    for at in sorted(waits):
        said = events.get(waiting[at].at)
        if not isinstance(said, EmissionsRestated):
            raise TypeError("only what was restated can wait")
        now = used.get(at, first[at])
        found.append(
            UnconfirmedRestatement(
                record=_record_name(events[at], names),
                by=names.slug(said.author),
                reason=said.reason,
                total_mg=now.total_mg,
                primary_mg=now.primary,
                new_total_mg=waits[at].total_mg,
                new_primary_mg=waits[at].primary,
            )
        )
    return UnconfirmedFootprint(
        total_mg=sum(rows.by_scope.values()),
        primary_mg=restated_primary(known.primary_mg, first, changed, parts),
        records=tuple(found),
    )


def _borne(known: Recorded, changed: Mapping[At, Emissions]) -> dict[At, Emissions]:
    """Those of which the batch bears some."""
    borne = {at for at, part in known.parts.records.items() if part} | {at for at, _ in known.cells}
    return {at: emissions for at, emissions in changed.items() if at in borne}


def _record_name(event: LedgerEvent, names: Names) -> str:
    record = emitting(event)
    match record:
        case BatchMinted():
            return f"mint {names.full(record.creator, record.identifier)}"
        case Transformed():
            return f"transformation {names.full(record.participant, record.identifier)}"
        case ShipmentOffered():
            return f"shipment {names.full(record.sender, record.identifier)}"
        case EmissionsAdded():
            return f"record {names.full(record.custodian, record.record)}"
        case None:
            raise TypeError("only what emits is restated")
        case _:
            assert_never(record)
