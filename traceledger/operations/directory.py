"""Names to ids and back: what the index knows, and what the operations being planned will add.

A full name is ``slug/identifier``. One's own things may leave the slug out, and an identifier may hold
slashes itself (a GS1 Digital Link): the part before the first slash is a slug only if a participant has it.
The consortium's account has no slug; its address as 0x text stands in its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from traceledger.errors import UnknownNameError, VerificationError
from traceledger.model.commitments import FieldKind
from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import hexed, parsed_address
from traceledger.model.ids import (
    assessment_id,
    batch_id,
    emissions_record_id,
    facility_id,
    finding_id,
    material_id,
    shipment_id,
    transformation_id,
)
from traceledger.model.registry import Material, Participant
from traceledger.model.text import composed
from traceledger.names import Ledger, LedgerNames, Owned
from traceledger.operations.outlook import LaterError, Outlook
from traceledger.operations.records import Records
from traceledger.private.store import Drafts

_ADDRESS = re.compile(r"0x[0-9a-f]{40}")

_MAY_BE_PRIVATE = frozenset(FieldKind)


class Known(Ledger, Records, Protocol):
    """What a directory asks of the index; ``None`` stands for unknown."""

    def participant(self, slug: str) -> Participant | None:
        """The participant of that short name."""

    def material(self, slug: str) -> Material | None:
        """The material of that short name."""


@runtime_checkable
class Nearby(Protocol):
    """What knows names that are nearly written so; the index does."""

    def nearby(self, what: str, typed: str) -> list[str]:
        """Up to three full names of things of a kind that were probably meant, the likeliest first."""


class Proved(Protocol):
    """Says whom a short name means by what the chain proves, not by a local file."""

    def participant(self, slug: str) -> bytes | None:
        """Address of the company of that short name; ``None``: that is not proved."""

    def masses(self, batches: Sequence[int]) -> Mapping[int, int]:
        """What is left of some batches, mg; those of which nothing is proved are left out."""


@frozen
class OpenShipment:
    """What an answer to a shipment must repeat: who sent what to whom, in which order, and what is open.

    ``emissions`` are those of the transport, as offered; ``open`` are the lots that no answer named yet.
    """

    sender: bytes
    receiver: bytes
    identifier: str
    batches: tuple[int, ...]
    open: tuple[int, ...]
    emissions: Emissions

    @property
    def id(self) -> int:
        """Its id."""
        return shipment_id(self.sender, self.identifier)


@dataclass(slots=True, eq=False, repr=False)
class Directory:
    """Names over an index, with an overlay of names that planned operations will create.

    What the index was asked for once is kept, where nothing but a planned operation can change it.

    Attributes:
        known: the index.
        consortium: address of the deploying account, where it is known: what it names itself is its own.
        assurance: address of the assurance registry, where operations are planned.
        ledger: address of the ledger, where operations are planned.
        access_manager: address of the AccessManager, where operations are planned.
        registry: address of the participant registry, where operations are planned.
        private: what opens private identifiers: their owners' texts name what has commitments on chain.
        proved: whom short names mean; ``None``: what is read is shown only, and nothing is signed by it.
        outlook: how things stand once the lines before have run.
    """

    known: Known
    consortium: bytes | None = None
    assurance: bytes | None = None
    ledger: bytes | None = None
    access_manager: bytes | None = None
    registry: bytes | None = None
    private: Drafts | None = None
    proved: Proved | None = None
    _participants: dict[str, bytes] = field(default_factory=dict)
    _materials: dict[str, int] = field(default_factory=dict)
    _facilities: set[int] = field(default_factory=set)
    _batches: set[int] = field(default_factory=set)
    _indexed: dict[int, bool] = field(default_factory=dict)
    _written: set[tuple[Owned, bytes, str]] = field(default_factory=set)
    _shipments: dict[int, OpenShipment] = field(default_factory=dict)
    _kinds: dict[int, str] = field(default_factory=dict)
    _waste: set[str] = field(default_factory=set)
    _runs: set[int] = field(default_factory=set)
    _records: set[int] = field(default_factory=set)
    _findings: set[int] = field(default_factory=set)
    _operators: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    _shown: dict[int, str] = field(default_factory=dict)
    _names: LedgerNames = field(init=False)
    outlook: Outlook = field(init=False)

    def __post_init__(self) -> None:
        self.outlook = Outlook(self.known, self._batches)
        self._names = LedgerNames(self.known, self.private.opened if self.private else None)

    def participant(self, slug: str) -> bytes:
        """Address of a participant.

        Raises:
            UnknownNameError: there is none of that short name.
        """
        found = self._find_participant(slug)
        if found is None and self.proved is not None:
            # A row that is gone hides nobody.
            found = self.proved.participant(slug)
        if found is None:
            raise self._unknown("participant", slug)
        return found

    def meant(self, what: str, typed: str, otherwise: str) -> str:
        """``did you mean …?``, where something of the kind is called nearly so; else another hint."""
        from traceledger.model.suggestions import did_you_mean

        found = self.known.nearby(what, typed) if isinstance(self.known, Nearby) else []
        return did_you_mean(found) if found else otherwise

    def _unknown(self, what: str, typed: str, *, ownerless: bool = False) -> UnknownNameError:
        """That nothing is called so, and what may be meant; loaded only then, as most never need it."""
        from traceledger.operations.unknown import unknown

        return unknown(self, what, typed, ownerless=ownerless)

    def acting(self, slug: str) -> bytes:
        """Address of a participant that acts: whose key signs decides for whom, whatever is taken here.

        Raises:
            UnknownNameError: there is none of that short name.
        """
        return self.participant(slug)

    def registered(self, slug: str) -> bytes | None:
        """Address of a participant that the ledger has; ``None``: it has none of that short name.

        Raises:
            VerificationError: the index names another than the chain proves.
        """
        participant = self.known.participant(slug)
        return None if participant is None else self._require_proved(slug, participant.address)

    def _require_proved(self, slug: str, address: bytes) -> bytes:
        """What the index says of a short name, if the chain proves it."""
        if self.proved is None:
            return address
        found = self.proved.participant(slug)
        if found == address:
            return address
        if found is None:
            raise VerificationError(
                f"the chain does not prove that {hexed(address)} is {slug!r}, as the index says",
                hint="if it was registered just now, try again once that is final; else the index was"
                " changed: traceledger index rebuild",
            )
        raise VerificationError(
            f"{slug!r} is {hexed(found)} on the chain, and {hexed(address)} in the index",
            hint="the index was changed: traceledger index rebuild makes it anew from the chain",
        )

    def _find_participant(self, slug: str) -> bytes | None:
        if slug in self._participants:
            return self._participants[slug]
        address = self.registered(slug)
        if address is None:
            return None
        self._participants[slug] = address
        self._names.add(address, slug)
        return address

    def split_name(self, name: str, own: bytes | None, what: Owned) -> tuple[bytes, str]:
        """Owner's address and identifier of a name; ``own`` owns what names no owner.

        Raises:
            UnknownNameError: no owner is named, and there is no acting participant.
        """
        slug, slash, rest = name.partition("/")
        if slash and rest:
            owner = self._find_participant(slug)
            if owner is None:
                owner = parsed_address(slug)
            if owner is not None:
                return owner, rest
        if own is None:
            raise self._unknown(what, name, ownerless=True)
        return own, name

    def recorded_name(self, name: str, own: bytes | None, what: Owned) -> tuple[bytes, str]:
        """Owner and identifier as they stand on chain; one's own thing of exactly that name goes first.

        Raises:
            UnknownNameError: no owner is named, and there is no acting participant.
        """
        if own is not None and (mine := self.recorded(what, own, name)) is not None:
            return own, mine
        owner, identifier = self.split_name(name, own, what)
        return owner, self.recorded(what, owner, identifier) or identifier

    def recorded(self, what: Owned, owner: bytes, text: str) -> str | None:
        """The identifier on chain of what its owner calls so: the text, or its commitment; else ``None``."""
        if (what, owner, text) in self._written:
            return text
        for written in dict.fromkeys((text, composed(text))):
            if self.holds(what, owner, written):
                if written == text:
                    self._written.add((what, owner, text))
                return written
        known = self.commitments(what, owner, composed(text))
        return next((commitment for commitment in known if self.holds(what, owner, commitment)), None)

    def commitments(self, what: Owned, owner: bytes, text: str) -> tuple[str, ...]:
        """The commitments known to a text of an owner, on chain or not."""
        if self.private is None or what not in _MAY_BE_PRIVATE:
            return ()
        return self.private.commitments(FieldKind(what), owner, text)

    def holds(self, what: Owned, owner: bytes, identifier: str) -> bool:
        """Whether the owner has, or will have by what is planned, a thing of that identifier on chain."""
        match what:
            case "batch":
                number = batch_id(owner, identifier)
                return number in self._batches or self._is_batch(number)
            case "facility":
                number = facility_id(owner, identifier)
                return self._is_facility(number)
            case "shipment":
                number = shipment_id(owner, identifier)
                return number in self._shipments or self.known.shipment(number) is not None
            case "finding":
                number = finding_id(owner, identifier)
                return number in self._findings or self.known.finding(number) is not None
            case "assessment":
                return self.known.assessment(assessment_id(owner, identifier)) is not None
            case "transformation":
                number = transformation_id(owner, identifier)
                return number in self._runs or self.known.transformation(number) is not None
            case "record":
                number = emissions_record_id(owner, identifier)
                return number in self._records or self.known.emissions_record(number) is not None

    def _is_batch(self, number: int) -> bool:
        if number not in self._indexed:
            self._indexed[number] = self.known.batch(number) is not None
        return self._indexed[number]

    def _is_facility(self, number: int) -> bool:
        if number not in self._facilities and self.known.facility_by_id(number) is not None:
            self._facilities.add(number)
        return number in self._facilities

    def material(self, slug: str) -> int:
        """Id of a material.

        Raises:
            UnknownNameError: there is none of that short name.
        """
        if slug not in self._materials:
            if self.known.material(slug) is None:
                raise self._unknown("material", slug)
            self._materials[slug] = material_id(slug)
        return self._materials[slug]

    def kind_of(self, facility: int) -> str | None:
        """What kind of site a facility is, as registered or planned; ``None`` where that is not known.

        Empty: a line with faults seems to register it.
        """
        found = self.known.facility_by_id(facility)
        return found.kind if found else self._kinds.get(facility)

    def defined(self, slug: str) -> Material:
        """A material as it is recorded.

        Raises:
            LaterError: a line before defines it.
            UnknownNameError: there is none of that short name.
        """
        number, found = self.material(slug), self.known.material(slug)
        if found is None:
            raise LaterError(f"material {number:x} is not defined yet")
        return found

    def is_waste(self, slug: str) -> bool:
        """Whether a material is defined as waste, by the ledger or by what is planned."""
        return slug in self._waste or bool((found := self.known.material(slug)) and found.waste)

    def facility(self, name: str, own: bytes | None) -> int:
        """Id of a facility.

        Raises:
            UnknownNameError: there is none of that name.
        """
        owner, identifier = self.recorded_name(name, own, "facility")
        found = facility_id(owner, identifier)
        if not self.holds("facility", owner, identifier):
            raise self._unknown("facility", name)
        return found

    def holder(self, facility: int, registrant: bytes) -> bytes:
        """Whose a facility is, by what is recorded: after a sale another's than its name says."""
        found = self.known.facility_by_id(facility)
        return registrant if found is None else found.holder or registrant

    def batch(self, name: str, own: bytes | None) -> int:
        """Id of a batch.

        Raises:
            UnknownNameError: there is none of that name.
        """
        owner, identifier = self.recorded_name(name, own, "batch")
        found = batch_id(owner, identifier)
        if not self.holds("batch", owner, identifier):
            raise self._unknown("batch", name)
        return found

    def new_batch_id(self, name: str, own: bytes | None) -> int:
        """Id of a batch that may not exist yet."""
        owner, identifier = self.split_name(name, own, "batch")
        return batch_id(owner, self.recorded("batch", owner, identifier) or identifier)

    def shipment(self, name: str, own: bytes | None) -> OpenShipment:
        """What a shipment consists of.

        Raises:
            UnknownNameError: there is none of that name.
        """
        found = shipment_id(*self.recorded_name(name, own, "shipment"))
        stored = self.known.shipment(found)
        if stored is None and found in self._shipments:
            return self._shipments[found]
        if stored is None:
            raise self._unknown("shipment", name)
        return OpenShipment(
            stored.sender,
            stored.receiver,
            stored.identifier,
            stored.batches,
            stored.open,
            stored.emissions,
        )

    def finding(self, name: str, own: bytes | None) -> int:
        """Id of a finding.

        Raises:
            UnknownNameError: there is none of that name.
        """
        owner, identifier = self.recorded_name(name, own or self.consortium, "finding")
        found = finding_id(owner, identifier)
        if not self.holds("finding", owner, identifier):
            raise self._unknown("finding", name)
        return found

    def add_finding(self, auditor: bytes, identifier: str) -> None:
        """A planned operation will raise this finding."""
        self._findings.add(finding_id(auditor, identifier))
        self._shown[finding_id(auditor, identifier)] = self.full(auditor, identifier)

    def add_assessment(self, assessor: bytes, identifier: str) -> None:
        """A planned operation will record this assessment."""
        self._shown[assessment_id(assessor, identifier)] = self.full(assessor, identifier)

    def add_participant(self, slug: str, address: bytes) -> None:
        """A planned operation will register this participant."""
        self._participants[slug] = address
        self._names.add(address, slug)
        self._operators[address] = (address,)

    def operators(self, participant: bytes) -> tuple[bytes, ...]:
        """The keys that may sign for a participant, after what is planned."""
        if participant in self._operators:
            return self._operators[participant]
        found = self.known.participant_at(participant)
        if found is None:
            return ()
        self._operators[participant] = found.operators
        return found.operators

    def operators_before(self, slug: str | None) -> tuple[bytes, ...]:
        """The keys that may sign for the participant of that short name; none for no participant."""
        address = self._find_participant(slug) if slug else None
        return self.operators(address) if address else ()

    def change_operators(self, participant: bytes, *, added: bytes | None, revoked: bytes | None) -> None:
        """A planned operation will add or revoke keys."""
        kept = [key for key in self.operators(participant) if key != revoked]
        self._operators[participant] = (*kept, added) if added else tuple(kept)

    def disable_operators(self, participant: bytes) -> None:
        """A planned operation will disable all keys of a participant."""
        self._operators[participant] = ()

    def add_material(self, slug: str, *, waste: bool = False) -> None:
        """A planned operation will define this material."""
        if waste:
            self._waste.add(slug)
        self._materials[slug] = material_id(slug)
        self._shown[material_id(slug)] = slug

    def add_facility(self, participant: bytes, identifier: str, kind: str = "") -> None:
        """A planned operation will register this facility."""
        found = facility_id(participant, identifier)
        self._kinds[found] = kind
        self._facilities.add(found)
        self._shown[found] = self._names.private(FieldKind.FACILITY, participant, identifier)

    def add_batch(self, creator: bytes, identifier: str) -> None:
        """A planned operation will create this batch."""
        found = batch_id(creator, identifier)
        self._batches.add(found)
        self._shown[found] = self._names.private(FieldKind.BATCH, creator, identifier)

    def add_transformation(self, participant: bytes, identifier: str) -> None:
        """A planned operation will record this transformation."""
        found = transformation_id(participant, identifier)
        self._runs.add(found)
        self._shown[found] = self._names.private(FieldKind.TRANSFORMATION, participant, identifier)

    def add_record(self, custodian: bytes, identifier: str) -> None:
        """A planned operation will add emissions under this name."""
        found = emissions_record_id(custodian, identifier)
        self._records.add(found)
        self._shown[found] = self.full(custodian, identifier)

    def add_shipment(self, shipment: OpenShipment) -> None:
        """A planned operation will offer this shipment."""
        found = shipment_id(shipment.sender, shipment.identifier)
        self._shipments[found] = shipment
        self._shown[found] = self._names.private(FieldKind.SHIPMENT, shipment.sender, shipment.identifier)

    def slug(self, address: bytes) -> str:
        """The short name of a participant's address, or the address as 0x text."""
        return self._names.slug(address)

    def full(self, owner: bytes, identifier: str) -> str:
        """The full name of what an owner calls so."""
        return self._names.full(owner, identifier)

    def shown(self, number: int) -> str:
        """The full name of a batch, facility, shipment, finding or material id, or the id as 0x text."""
        return self._shown[number] if number in self._shown else self._names.anything(number)
