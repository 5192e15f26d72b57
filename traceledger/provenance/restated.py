"""What is known better of a footprint: what counts, and what waits for an auditor (Rule 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from traceledger.events import (
    BatchMinted,
    EmissionsAdded,
    EmissionsRestated,
    LedgerEvent,
    ShipmentOffered,
    Transformed,
)
from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen
from traceledger.model.shares import Share
from traceledger.names import Names
from traceledger.provenance.places import Places, RecordShare, Sums, added
from traceledger.provenance.source import Steps
from traceledger.provenance.walked import Walked
from traceledger.replay.emissions import emitting
from traceledger.walk import (
    UNCONSUMED,
    At,
    Restated,
    Source,
    Step,
    cells_of,
    divide,
    emissions_of,
    emitted_of,
    in_force,
    restated_cell,
    restated_primary,
    whole,
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


def restated(found: Walked, primary_mg: int, places: Places) -> RestatedFootprint | None:
    """The footprint with what counts of what was restated; ``None`` where nothing of it was.

    Args:
        found: the walk.
        primary_mg: the primary part as it was recorded.
        places: names of its sums.
    """
    used = _borne(found, in_force(found.marks))
    if not used:
        return None
    rows = places.breakdown(_sums(found, used))
    confirmed = confirmed_by(found.marks)
    kept = {at: sums for at, sums in found.burdens.kept.items() if at not in used} | _cells(found, used)
    return RestatedFootprint(
        total_mg=sum(rows.by_scope.values()),
        primary_mg=_primary(found, used, primary_mg),
        by_facility=rows.by_facility,
        by_process=rows.by_process,
        by_stage=rows.by_stage,
        by_scope=rows.by_scope,
        own_by_stage=rows.own_by_stage,
        without_primary=rows.without_primary,
        records=len(used),
        confirmed=all(at in confirmed for at in used),
        by_record=places.records(kept) if found.burdens.keeps_all else (),
    )


def confirmed_by(marks: Iterable[Step]) -> set[At]:
    """Where the records stand whose emissions, as they are used, an auditor confirmed."""
    confirmed: set[At] = set()
    for step in marks:
        if isinstance(step, Restated):
            if step.by_auditor:
                confirmed.add(step.of)
            elif step.used:
                confirmed.discard(step.of)
    return confirmed


def unconfirmed(
    found: Walked, primary_mg: int, steps: Steps, places: Places, names: Names
) -> UnconfirmedFootprint | None:
    """What waits for an auditor; ``None`` where nothing does.

    Args:
        found: the walk.
        primary_mg: the primary part as it was recorded.
        steps: the source that was walked.
        places: names of its sums.
        names: how participants are called.
    """
    waiting = {step.of: step for step in found.restatements}
    waits = _borne(found, {at: emissions_of(s.emitted) for at, s in waiting.items() if not s.used})
    if not waits:
        return None
    used = _borne(found, in_force(found.marks))
    changed = used | waits
    events = steps.events([*waits, *(waiting[at].at for at in waits)])
    names.foresee(participants={who for each in events.values() for who in each.event.parties})
    records = []
    for at in sorted(waits):
        said = events[waiting[at].at].event
        if not isinstance(said, EmissionsRestated):
            raise TypeError("only what was restated can wait")
        now = used.get(at) or emissions_of(found.records[at].emitted)
        records.append(
            UnconfirmedRestatement(
                record=_record_name(events[at].event, names),
                by=names.slug(said.author),
                reason=said.reason,
                total_mg=now.total_mg,
                primary_mg=now.primary,
                new_total_mg=waits[at].total_mg,
                new_primary_mg=waits[at].primary,
            )
        )
    return UnconfirmedFootprint(
        total_mg=sum(places.breakdown(_sums(found, changed)).by_scope.values()),
        primary_mg=_primary(found, changed, primary_mg),
        records=tuple(records),
    )


def _borne(found: Walked, changed: Mapping[At, Emissions]) -> dict[At, Emissions]:
    """Those of which the batch bears some."""
    cells = {at for at, _ in cells_of(found.burdens.kept)}
    return {at: each for at, each in changed.items() if at in cells or _coefficient(found, at)}


def _coefficient(found: Walked, at: At) -> int:
    return whole(found.bearing.records.get(at, {})) if found.bearing else 0


def _primary(found: Walked, used: Mapping[At, Emissions], primary_mg: int) -> int:
    before = {at: emissions_of(record.emitted) for at, record in found.records.items()}
    return restated_primary(primary_mg, before, used, {at: _coefficient(found, at) for at in used})


def _sums(found: Walked, used: Mapping[At, Emissions]) -> Sums:
    """The sums of the walk, with those of restated records replaced."""
    kept = found.burdens.kept
    recorded = added(found.burdens.sums, (kept[at] for at in used if at in kept), sign=-1)
    return added(recorded, _cells(found, used).values())


def _cells(found: Walked, used: Mapping[At, Emissions]) -> dict[At, Sums]:
    """What restated records emit, consumed as their coefficients go."""
    cells: dict[At, Sums] = {}
    for at, emissions in used.items():
        tags = found.marked.records.get(at, {}) if found.marked else {}
        ordered = sorted(tag for tag, part in tags.items() if part) or [UNCONSUMED]
        weights = [tags.get(tag, 0) for tag in ordered] if len(ordered) > 1 else [1]
        amounts = restated_cell(emitted_of(emissions), _coefficient(found, at))
        by_tag = zip(*(divide(amount, weights) for amount in amounts), strict=True)
        own, back = at in found.burdens.kept_own, at in found.burdens.kept_back
        place, primary = found.records[at].place, bool(emissions.primary)
        cells[at] = {
            Source(place, tag, own, primary, back): list(parts)
            for tag, parts in zip(ordered, by_tag, strict=True)
        }
    return cells


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
