"""A ledger's events told from memory: those of the random histories of tests/walk, as the contracts would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tests.walk.reference import Lot, Take, World
from traceledger import walk
from traceledger.events import (
    BatchMinted,
    BatchRemeasured,
    BatchSplit,
    BatchTakenBack,
    Child,
    EmissionsAdded,
    EmissionsRestated,
    ErrorDeclared,
    LedgerEvent,
    Made,
    RecordedEvent,
    Role,
    ShipmentOffered,
    Shipped,
    SplitReversed,
    TakeBackReversed,
    Taken,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import ErrorReason, Origin, RecordKind
from traceledger.model.emissions import AllocationRule, Emissions
from traceledger.model.ids import emissions_record_id
from traceledger.model.registry import Facility, Material, Participant, ParticipantState

MATERIAL = 5


def who(number: int) -> bytes:
    """A participant's address."""
    return number.to_bytes(20, "big")


class Told(World):
    """The histories, and a :class:`traceledger.provenance.Source` of their events.

    Each record has a participant and a site of its own, so that a place names its record.
    """

    def __init__(self, seed: int, scale: int) -> None:
        super().__init__(seed, scale)
        self.events: list[RecordedEvent] = []
        self.names: dict[walk.At, str] = {}
        self.kinds: dict[walk.At, tuple[RecordKind, int, tuple[int, ...]]] = {}
        self.taken: dict[walk.At, list[Take]] = {}
        self._histories: dict[int, list[tuple[RecordedEvent, bool]]] = defaultdict(list)

    def tell(self, event: LedgerEvent) -> None:
        """The event of the newest step."""
        at = self.steps[-1].at
        block, log = at >> 48, at & (1 << 48) - 1
        recorded = RecordedEvent(block, 0, log % 5 // 2, log, bytes(32), event)
        roles: dict[int, set[Role]] = defaultdict(set)
        for batch, role in event.concerns:
            roles[batch].add(role)
        for batch, each in roles.items():
            self._histories[batch].append((recorded, Role.TAKEN in each))

    @property
    def last(self) -> int:
        """The number of the newest step."""
        return len(self.steps) - 1

    # --- a source --------------------------------------------------------------------------------------

    def head_block(self) -> int:
        return len(self.steps)

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        return {
            batch: tuple(event for event, took in self._histories[batch] if takes or not took)
            for batch in batches
        }

    def upstream_histories(self, batch: int, *, as_of: int) -> Mapping[int, tuple[RecordedEvent, ...]]:
        return {}  # To ask level by level costs nothing here.

    def participant_at(self, address: bytes) -> Participant:
        slug = f"p{int.from_bytes(address, 'big')}"
        return Participant(address, slug, slug, "FI", (), ParticipantState.ACTIVE)

    def facility_by_id(self, facility: int) -> Facility:
        return Facility(facility, who(10**6 + facility), f"site-{facility}", "", "plant", "FI")

    def material_by_id(self, material: int) -> Material:
        return Material(material, "stuff", "Stuff", "", (3, 27))

    # --- the operations --------------------------------------------------------------------------------

    def mint(self) -> None:
        super().mint()
        step, lot = self.steps[-1], self.lots[-1]
        assert isinstance(step, walk.Minted)
        self.names[step.at] = f"p{10**6 + self.last}/site-{self.last}"
        self.kinds[step.at] = RecordKind.MINT, lot.id, (lot.id,)
        self.tell(
            BatchMinted(
                batch=lot.id,
                creator=who(self.last),
                facility=self.last,
                material=MATERIAL,
                origin=Origin.UNTRACED if step.untraced else Origin(lot.id % 3),
                mass_mg=lot.mass,
                pieces=0,
                off_specification=False,
                occurred_at=0,
                emissions=self.records[step.at],
                substances_mg=dict(lot.substances),
                identifier=f"lot-{lot.id}",
                evidence=(),
            )
        )

    def split(self) -> None:
        super().split()
        step = self.steps[-1]
        assert isinstance(step, walk.Split)
        children = (self.lots[child[0] - 1] for child in step.children)
        self.tell(
            BatchSplit(
                parent=step.parent,
                custodian=who(self.last),
                occurred_at=0,
                children=tuple(Child(f"lot-{lot.id}", held(lot)) for lot in children),
                evidence=(),
            )
        )

    def run(self) -> None:
        super().run()
        step = self.steps[-1]
        assert isinstance(step, walk.Run)
        _, takes, outputs = self.runs[-1]
        self.taken[step.at] = takes
        self.names[step.at] = f"p{10**6 + self.last}/site-{self.last}"
        self.kinds[step.at] = RecordKind.TRANSFORMATION, self.last, tuple(lot.id for lot in outputs)
        self.tell(
            Transformed(
                transformation=self.last,
                participant=who(self.last),
                facility=self.last,
                occurred_at=0,
                recycling=bool(step.recycling),
                allocation=AllocationRule.ECONOMIC,
                emissions=self.records[step.at],
                inputs=tuple(taken(gone) for gone in takes),
                outputs=tuple(
                    made(lot, weight) for lot, (_, weight) in zip(outputs, step.outputs, strict=True)
                ),
                losses_mg={},
                identifier=f"run-{self.last}",
                process="mixing",
                evidence=(),
            )
        )

    def add(self) -> None:
        super().add()
        step = self.steps[-1]
        assert isinstance(step, walk.Added)
        batches = tuple(entry[0] for entry in step.entries)
        if len(batches) == 1:
            self.names[step.at] = f"p{self.last} (custody)"
            record = emissions_record_id(who(self.last), "storage")
            self.kinds[step.at] = RecordKind.EMISSIONS, record, batches
            ((batch, _, own_after_mg),) = step.entries
            about = (0, self.records[step.at], own_after_mg, "storage", "storage", ())
            self.tell(EmissionsAdded(batch, who(self.last), *about))
            return
        self.names[step.at] = f"p{self.last} (transport)"
        self.kinds[step.at] = RecordKind.SHIPMENT, self.last, batches
        self.tell(
            ShipmentOffered(
                shipment=self.last,
                sender=who(self.last),
                receiver=who(1),
                owner=bytes(20),
                return_of=0,
                occurred_at=0,
                emissions=self.records[step.at],
                batches=tuple(Shipped(*each) for each in step.entries),
                identifier=f"sea-{self.last}",
                evidence=(),
            )
        )

    def remeasure(self) -> None:
        super().remeasure()
        lot = self.booked[-1][0]
        about = (who(1), who(2), True, 0, lot.mass, dict(lot.substances), "assay", ())
        self.tell(BatchRemeasured(lot.id, *about))

    def take_back(self) -> None:
        before = len(self.steps)
        super().take_back()
        if len(self.steps) > before:
            step = self.steps[-1]
            assert isinstance(step, walk.TakenBack)
            life = self.first_lives[step.batch][1]
            about = (who(3), self.last, MATERIAL, 0, life.lot.mass, life.own, life.inherited, 0, ())
            self.tell(BatchTakenBack(step.batch, *about))

    def reverse_split(self) -> None:
        before = len(self.steps)
        super().reverse_split()
        if len(self.steps) > before:
            step = self.steps[-1]
            assert isinstance(step, walk.Reversed)
            ((parent, *_, made_of),) = step.entries
            child = self.lots[made_of - 1]
            about = (who(1), 0, held(child), "slip", bytes(32), ())
            self.tell(SplitReversed(child.id, parent, *about))

    def reverse_run(self) -> None:
        before = len(self.steps)
        super().reverse_run()
        if len(self.steps) > before:
            step = self.steps[-1]
            assert isinstance(step, walk.Reversed)
            _, run, outputs = self.kinds[step.of]
            inputs = tuple(taken(gone) for gone in self.taken[step.of])
            self.tell(TransformationReversed(run, who(1), 0, inputs, outputs, "slip", bytes(32), ()))

    def reverse_take_back(self) -> None:
        before = len(self.steps)
        super().reverse_take_back()
        if len(self.steps) > before:
            step = self.steps[-1]
            assert isinstance(step, walk.Delivered)
            self.tell(TakeBackReversed(step.batch, who(1), 0, "slip", bytes(32), ()))

    def declare(self) -> None:
        super().declare()
        step = self.steps[-1]
        assert isinstance(step, walk.InError)
        about = (who(1), bool(step.confirmed), False, ErrorReason.INCORRECT_DATA, 0, (), ())
        self.tell(ErrorDeclared(step.batch, *about))

    def restate(self) -> None:
        super().restate()
        step = self.steps[-1]
        assert isinstance(step, walk.Restated)
        kind, record, batches = self.kinds[step.of]
        about = (
            who(1),
            kind,
            bool(step.used),
            0,
            walk.emissions_of(step.emitted),
            batches,
            "better data",
            (),
        )
        self.tell(EmissionsRestated(record, *about))


def held(lot: Lot) -> Taken:
    """All that a lot holds."""
    return Taken(lot.id, lot.mass, lot.own, lot.inherited, 0, dict(lot.substances))


def taken(gone: Take) -> Taken:
    return Taken(gone.lot.id, gone.mass, gone.own, gone.inherited, 0, dict(gone.substances))


def made(lot: Lot, weight: int) -> Made:
    """An output as it was made."""
    return Made(
        batch=lot.id,
        material=MATERIAL,
        mass_mg=lot.mass,
        pieces=0,
        weight=weight,
        waste=False,
        off_specification=False,
        own_mg=lot.own,
        inherited_mg=lot.inherited,
        primary_mg=0,
        substances_mg=dict(lot.substances),
        identifier=f"lot-{lot.id}",
    )


def emitted(emissions: Emissions) -> int:
    return emissions.scope1 + emissions.scope2 + emissions.scope3
