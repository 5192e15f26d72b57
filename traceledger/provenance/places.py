"""Where the records of a lineage emitted, by which process and in which stage: names for a walk's sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field

from traceledger.events import EmittingEvent, Position, ShipmentOffered
from traceledger.model.arithmetic import nearest
from traceledger.model.emissions import SCOPES
from traceledger.model.frozen import frozen
from traceledger.names import Names
from traceledger.provenance.source import Steps
from traceledger.provenance.stages import Stage, StageTable
from traceledger.replay.emissions import Occurrence, place_name
from traceledger.replay.emissions import Place as PlaceKind
from traceledger.replay.telling import CUSTODY, FACILITY, TRANSPORT, Place, place_of
from traceledger.walk import UNIT, At, Source, Tag, rounded

_WORDS = {
    FACILITY: PlaceKind.FACILITY,
    TRANSPORT: PlaceKind.TRANSPORT,
    CUSTODY: PlaceKind.CUSTODY,
}

_AHEAD = (64, 512)
"""Places whose sites are read at once, before anybody knows which the lineage meets: first, and at most."""

Sums = Mapping[Source, list[int]]
"""Amounts by source and scope, in units of 2^-64 mg."""


@frozen
class Breakdown:
    """CO2e by place, process, stage and scope, mg; each sums to the same.

    ``own_by_stage`` is what of each stage is own CO2e; ``without_primary``, by place, what records emitted
    that state no primary data.
    """

    by_facility: dict[str, int]
    by_process: dict[str, int]
    by_stage: dict[str, int]
    by_scope: dict[str, int]
    own_by_stage: dict[str, int]
    without_primary: dict[str, int]


@frozen
class RecordShare:
    """What one record emitted of a batch's CO2e.

    Attributes:
        block: the block that holds the record.
        log_index: which of its logs; not compared, as a proof file knows their order only.
        place: where it emitted, as in ``by_facility``.
        process: by which process, as in ``by_process``.
        stage: in which life-cycle stage, as in ``by_stage``; what several runs consumed may be in several.
        mg: how much, mg CO2e.
    """

    block: int
    log_index: int = field(compare=False)
    place: str
    process: str
    stage: str
    mg: int

    @property
    def at(self) -> Position:
        """Where the record stands in the chain."""
        return Position(self.block, self.log_index)


class Places:
    """What the places of a source are called, and in which stage by a table.

    Args:
        steps: the source of the steps.
        names: how its facilities and participants are called.
        table: which stage is whose.
    """

    def __init__(self, steps: Steps, names: Names, table: StageTable) -> None:
        self._steps = steps
        self._places = steps.places()
        self._names = names
        self._table = table
        self._called: dict[int, str] = {}
        self._stages: dict[int, Stage] = {}
        self._foreseen: set[int] = set()
        self._ahead = _AHEAD[0]

    def facility(self, number: int) -> int:
        """The id of the facility of a place; 0 where it is at none."""
        return self._places[number].facility

    def participant(self, number: int) -> bytes:
        """Address of who emitted there, or to whom something came back."""
        return self._places[number].participant

    def stage(self, number: int, tag: Tag, back: bool = False) -> Stage:
        """The stage of what was emitted at a place.

        Args:
            number: the place.
            tag: the stage of the run which consumed it, if one did; so it is the tag of what a run took, too.
            back: whether it is the transport of a product that had come back.
        """
        own = self._stages.get(number)
        if own is None:
            self._look_ahead(number)
            own = self._stages[number] = stage_of(self._places[number], self._names, self._table)
        if tag and own in (Stage.DISTRIBUTION, Stage.END_OF_LIFE):
            # Earlier transport, and recycling, belong to the stage of the run that consumes them.
            return Stage(tag)
        return Stage.END_OF_LIFE if back else own

    def _look_ahead(self, number: int) -> None:
        """Read the site of a place with those of its neighbours, which were met first at about the same time.

        They are twice as many each time, so that few are read for nothing where the lineage is small.
        """
        if number not in self._foreseen:
            first = number - number % self._ahead
            near = range(first, first + self._ahead)
            self._foresee([each for each in near if each in self._places])
            self._ahead = min(2 * self._ahead, _AHEAD[1])

    def _foresee(self, numbers: Collection[int]) -> None:
        """Read at once what these places are called."""
        new = [self._places[each] for each in numbers if each not in self._foreseen]
        self._foreseen.update(numbers)
        sites = [each.facility for each in new if each.sort == FACILITY]
        self._names.foresee(facilities=sites, participants=[each.participant for each in new])

    def breakdown(self, sums: Sums) -> Breakdown:
        """Sums by place, process, stage and scope, rounded; all but scopes sorted, and no stage left out."""
        places: dict[str, int] = defaultdict(int)
        processes: dict[str, int] = defaultdict(int)
        silent: dict[str, int] = defaultdict(int)
        scopes = [0] * len(SCOPES)
        stages = {each.value: 0 for each in Stage}
        own = dict(stages)
        self._foresee({source.place for source in sums})
        for source, amounts in sums.items():
            amount = sum(amounts)
            if not amount:
                continue
            name = self._name(source.place)
            stage = self.stage(source.place, source.tag, source.back).value
            places[name] += amount
            processes[self._places[source.place].process] += amount
            stages[stage] += amount
            if source.own:
                own[stage] += amount
            if not source.primary:
                silent[name] += amount
            scopes = [so_far + each for so_far, each in zip(scopes, amounts, strict=True)]
        by_stage = _rows(stages)
        return Breakdown(
            by_facility=_rows(places),
            by_process=_rows(processes),
            by_stage=by_stage,
            by_scope=rounded(dict(zip(SCOPES, scopes, strict=True)), whole=UNIT),
            own_by_stage=_parts_of(by_stage, own),
            without_primary=_rows(silent),
        )

    def records(self, kept: Mapping[At, Sums]) -> tuple[RecordShare, ...]:
        """What each record emitted, in chain order; together they are the whole, to the milligram."""
        amounts: dict[tuple[At, str], int] = defaultdict(int)
        of: dict[At, int] = {}
        for at, sums in kept.items():
            for source, given in sums.items():
                if any(given):
                    amounts[at, self.stage(source.place, source.tag, source.back).value] += sum(given)
                    of[at] = source.place
        self._foresee(set(of.values()))
        shares = rounded(dict(sorted(amounts.items())), whole=UNIT)
        return tuple(
            RecordShare(*self._steps.where(at), self._name(of[at]), self._places[of[at]].process, stage, mg)
            for (at, stage), mg in shares.items()
        )

    def _name(self, number: int) -> str:
        if number not in self._called:
            place = self._places[number]
            facility = place.facility if place.sort == FACILITY else None
            where = Occurrence(place.participant, _WORDS[place.sort], facility, place.process)
            self._called[number] = place_name(where, self._names)
        return self._called[number]


def stage_of(place: Place, names: Names, table: StageTable) -> Stage:
    """The stage of what was emitted at a place, as long as no run has consumed it; transport is distribution.

    Args:
        place: the place.
        names: for the facility's kind.
        table: which stage is whose.
    """
    if place.sort == TRANSPORT:
        return Stage.DISTRIBUTION
    if place.recycles:
        return Stage.END_OF_LIFE
    site = names.site(place.facility) if place.sort == FACILITY else None
    return table.stage(place.process, site.kind if site else "")


def own_stage(
    event: EmittingEvent, where: Occurrence, names: Names, table: StageTable, *, came_back: bool
) -> Stage:
    """The stage of what an event emitted, as long as no run has consumed it.

    Args:
        event: the event.
        where: where it emitted.
        names: for the facility's kind.
        table: which stage is whose.
        came_back: whether what it is about had been taken back.
    """
    own = stage_of(place_of(event, where), names, table)
    return Stage.END_OF_LIFE if came_back and isinstance(event, ShipmentOffered) else own


def _parts_of(whole: Mapping[str, int], units: Mapping[str, int]) -> dict[str, int]:
    """What amounts of the walk's units come to in milligrams; no row is above that of the whole."""
    rows = {stage: min(amount // UNIT, whole[stage]) for stage, amount in units.items()}
    left = nearest(sum(units.values()), UNIT) - sum(rows.values())
    # Whole milligrams that rounding down left over go where the largest parts were cut off.
    for stage in sorted(units, key=lambda each: units[each] % UNIT, reverse=True):
        more = min(left, 1, whole[stage] - rows[stage])
        rows[stage] += more
        left -= more
    return dict(sorted(rows.items()))


def _rows(amounts: Mapping[str, int]) -> dict[str, int]:
    # W13: by the names' UTF-8 bytes, which is the order of code points; amounts of the walk's units.
    return rounded(dict(sorted(amounts.items())), whole=UNIT)


def added(sums: Sums, more: Iterable[Sums], *, sign: int = 1) -> dict[Source, list[int]]:
    """Sums, and others added to them (``sign`` -1: taken away)."""
    found = {source: list(amounts) for source, amounts in sums.items()}
    for each in more:
        for source, amounts in each.items():
            so_far = found.setdefault(source, [0] * len(amounts))
            found[source] = [one + sign * other for one, other in zip(so_far, amounts, strict=True)]
    return found
