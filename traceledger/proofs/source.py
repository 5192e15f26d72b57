"""The events of a proof file as a source for :mod:`traceledger.provenance`: in memory, most of it packed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.events import (
    ActGuardChanged,
    ContentPermitted,
    CountryChanged,
    FacilityConfirmed,
    FacilityOffered,
    FacilityRegistered,
    FacilityTransferred,
    Identified,
    MakingEvent,
    MaterialAmended,
    MaterialDefined,
    OperatorAdded,
    OperatorRevoked,
    OperatorsDisabled,
    OriginApproved,
    ParticipantRegistered,
    ParticipantRenamed,
    ParticipantStatusChanged,
    PauseChanged,
    RecordedEvent,
    RegistryEvent,
    Role,
    RolesChanged,
    TransformationReversed,
)
from traceledger.events.facts import Text
from traceledger.events.private import private_texts
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.registry import Facility, Material, Participant, ParticipantState
from traceledger.proofs.kept import KeptEvent, PackedEvents
from traceledger.provenance.nodes import Creation, creations
from traceledger.replay import Within

_LOG_BITS = 24
_PACKED_FROM = 10_000
"""What is packed takes a third of the memory, and a twentieth to a fifth more time."""


def place_in_block(transaction: int, log: int) -> int:
    """Where a log stands in its block, by its transaction and its place in that: a file has not all logs."""
    return transaction << _LOG_BITS | log


def log_of(recorded: RecordedEvent) -> int:
    """Which log of its transaction an event of a proof is."""
    return recorded.log_index & ((1 << _LOG_BITS) - 1)


class ProofSource:
    """Implements :class:`traceledger.provenance.Source`.

    Args:
        block: number of the block up to which the file states things.
        packed_from: of the events after so many, those that make batches are kept packed.
    """

    def __init__(self, block: int, *, packed_from: int = _PACKED_FROM) -> None:
        self._block, self._packed_from = block, packed_from
        self.events: list[RecordedEvent] = []
        self._parents: dict[int, bytes] = {}
        self.registrations: list[RegistryEvent] = []
        # By batch: what made it, what concerned it later, and apart what took from it to make others.
        self._first: dict[int, RecordedEvent] = {}
        self._later: dict[int, list[RecordedEvent]] = {}
        self._takes: dict[int, list[RecordedEvent]] = {}
        self._packed = PackedEvents()
        self.made: dict[int, Creation] = {}
        """How batches came to be."""
        self._participants: dict[bytes, Participant] = {}
        self._facilities: dict[int, Facility] = {}
        self._materials: dict[int, Material] = {}
        self._named: Counter[bytes | int] = Counter()
        self.private: list[Text] = []
        """What stands in the ledger's events for private texts."""
        self.undone: set[int] = set()
        """The transformations that were reversed."""

    def add(self, recorded: RecordedEvent, parent: bytes) -> None:
        """The next event of the ledger, in chain order; ``parent``: hash of the block before its own."""
        event = recorded.event
        if isinstance(event, MakingEvent):
            if len(self.events) >= self._packed_from:
                recorded = KeptEvent.of(recorded, self._packed)
            self.made |= creations(recorded, event)
        self.events.append(recorded)
        self._parents[recorded.block] = parent
        self.private += private_texts(event)
        if isinstance(event, TransformationReversed):
            self.undone.add(event.transformation)
        concerns = event.concerns
        for batch in dict.fromkeys(batch for batch, _ in concerns):
            if (batch, Role.TAKEN) in concerns:
                self._takes.setdefault(batch, []).append(recorded)
            elif self._first.setdefault(batch, recorded) is not recorded:
                self._later.setdefault(batch, []).append(recorded)

    def within(self, recorded: RecordedEvent) -> Within:
        """The block of one of the events, as a replay asks for it."""
        return Within(self._parents[recorded.block], recorded.timestamp)

    def register(self, event: RegistryEvent) -> None:
        """An event of the registry: registrations, and other names and countries since (Rule 11).

        The standing of now is proved by the state. What is said of somebody unknown is left aside.

        Raises:
            VerificationError: something was registered twice.
        """
        match event:
            case ParticipantRegistered():
                self._once(event.participant in self._participants, hexed(event.participant))
                self._participants[event.participant] = Participant(
                    address=event.participant,
                    slug=event.slug,
                    name=event.name,
                    country=event.country,
                    roles=event.roles,
                    state=ParticipantState.ACTIVE,
                )
            case FacilityRegistered():
                self._once(event.facility in self._facilities, f"facility {id_text(event.facility)}")
                self._facilities[event.facility] = _facility(event)
            case MaterialDefined():
                self._once(event.material in self._materials, f"material {id_text(event.material)}")
                self._materials[event.material] = Material(
                    event.material,
                    event.slug,
                    event.name,
                    event.cas,
                    event.substances,
                    waste=event.terms.waste,
                    product=event.terms.product,
                    tolerance_mass_bp=event.terms.tolerance_mass_bp,
                    tolerance_substances_bp=event.terms.tolerance_substances_bp,
                    contents=event.terms.contents,
                )
            case ParticipantRenamed():
                # V7: the last name counts.
                if known := self._participants.get(event.participant):
                    self._participants[event.participant] = replace(known, name=event.name)
            case CountryChanged():
                self._change_country(event)
            case Identified():
                self._identify(event)
            case ParticipantStatusChanged() | RolesChanged():
                return
            case OperatorAdded() | OperatorRevoked() | OperatorsDisabled():
                return
            case FacilityOffered() | FacilityTransferred() | FacilityConfirmed() | MaterialAmended():
                return
            case OriginApproved() | ContentPermitted() | ActGuardChanged() | PauseChanged():
                return
            case _:
                assert_never(event)
        self.registrations.append(event)
        # V7: the registry counts the same.
        self._named[_subject(event)] += 1

    def _change_country(self, event: CountryChanged) -> None:
        if not event.facility:
            if participant := self._participants.get(event.participant):
                self._participants[event.participant] = replace(participant, country=event.country)
        elif site := self._facilities.get(event.facility):
            self._facilities[event.facility] = replace(site, country=event.country)

    def _identify(self, event: Identified) -> None:
        if not event.facility:
            if known := self._participants.get(event.participant):
                said = (*known.identifiers, *event.identifiers)
                self._participants[event.participant] = replace(known, identifiers=said)
        elif site := self._facilities.get(event.facility):
            said = (*site.identifiers, *event.identifiers)
            self._facilities[event.facility] = replace(site, identifiers=said)

    def named(self, whom: bytes | int) -> int:
        """How many events of the registry in the file name a participant (address) or facility (id)."""
        return self._named[whom]

    @staticmethod
    def _once(known: bool, what: str) -> None:
        if known:
            raise VerificationError(f"{what} was registered twice")

    @property
    def participants(self) -> Collection[Participant]:
        """Those whose registration the file holds."""
        return self._participants.values()

    @property
    def facilities(self) -> Collection[Facility]:
        """Those whose registration the file holds."""
        return self._facilities.values()

    def head_block(self) -> int:
        """Number of the block up to which the file states things."""
        return self._block

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """The events of each batch, in chain order."""
        last = self._block if as_of is None else as_of
        return {
            batch: tuple(each for each in self._history(batch, takes=takes) if each.block <= last)
            for batch in batches
        }

    def _history(self, batch: int, *, takes: bool) -> list[RecordedEvent]:
        first = self._first.get(batch)
        found = [] if first is None else [first, *self._later.get(batch, ())]
        if takes and batch in self._takes:
            found = sorted([*found, *self._takes[batch]], key=attrgetter("position"))
        return found

    def upstream_histories(self, batch: int, *, as_of: int) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """None: all events are in memory."""
        return {}

    def participant_at(self, address: bytes) -> Participant | None:
        """The participant of that address; its standing as registered."""
        return self._participants.get(address)

    def facility_by_id(self, facility: int) -> Facility | None:
        """The facility of that id."""
        return self._facilities.get(facility)

    def material_by_id(self, material: int) -> Material | None:
        """The material of that id."""
        return self._materials.get(material)


def _subject(
    event: ParticipantRegistered
    | FacilityRegistered
    | MaterialDefined
    | ParticipantRenamed
    | CountryChanged
    | Identified,
) -> bytes | int:
    """The participant or facility that an event names; of a material its id."""
    match event:
        case ParticipantRegistered() | ParticipantRenamed():
            return event.participant
        case FacilityRegistered():
            return event.facility
        case CountryChanged() | Identified():
            return event.facility or event.participant
        case MaterialDefined():
            return event.material
        case _:
            assert_never(event)


def _facility(event: FacilityRegistered) -> Facility:
    return Facility(
        id=event.facility,
        participant=event.participant,
        identifier=event.identifier,
        name=event.name,
        kind=event.kind,
        country=event.country,
        latitude=event.latitude if event.located else None,
        longitude=event.longitude if event.located else None,
    )
