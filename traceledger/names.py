"""How things are named for people: companies, sites, batches, shipments, findings and materials.

A company has a short name (slug). What it named itself has a full name, ``slug/identifier``. Ids and
addresses as hexadecimal text stand for what is not known. Substances are named in
:mod:`traceledger.model.substances`.

Example:
    >>> full_name("katanga", "kolwezi-pit-4")
    'katanga/kolwezi-pit-4'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from traceledger.model.commitments import FieldKind
from traceledger.model.hexadecimal import hexed, id_text

if TYPE_CHECKING:
    from traceledger.model.assurance import Assessment, Finding
    from traceledger.model.batches import Batch, Shipment
    from traceledger.model.registry import Facility, Material, Participant

Owned = Literal["batch", "facility", "shipment", "transformation", "record", "finding", "assessment"]
"""Things whose full name is their owner's short name, a slash, and an identifier."""
Opened = Callable[[FieldKind, bytes, str], str]
"""The text behind what an owner recorded in a field of a kind: itself, unless it is a known commitment."""


class Registry(Protocol):
    """Where the registry's names come from: the index or a verified proof, for instance."""

    def participant_at(self, address: bytes) -> Participant | None:
        """The participant of that address."""

    def facility_by_id(self, facility: int) -> Facility | None:
        """The facility of that id."""

    def material_by_id(self, material: int) -> Material | None:
        """The material of that id."""


@runtime_checkable
class AtOnce(Protocol):
    """Where many are read with few questions: ``many`` of a registry that has one, as an index does."""

    def participants(self, addresses: Iterable[bytes]) -> Mapping[bytes, Participant]:
        """The participants of those addresses; unknown ones are left out."""

    def facilities(self, ids: Iterable[int]) -> Mapping[int, Facility]:
        """The facilities of those ids; unknown ones are left out."""


class Ledger(Registry, Protocol):
    """Where the names of all else come from, too: the index."""

    def batch(self, batch: int) -> Batch | None:
        """The batch of that id."""

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment of that id."""

    def finding(self, finding: int) -> Finding | None:
        """The finding of that id."""

    def assessment(self, assessment: int) -> Assessment | None:
        """The assessment of that id."""


def full_name(slug: str, identifier: str) -> str:
    """The full name of something that a participant named."""
    return f"{slug}/{identifier}"


class Names:
    """Names of companies, sites and materials. What is known is looked up once.

    Args:
        registry: where they come from.
        opened: gives the text behind an identifier that is private, where it is known.
    """

    def __init__(self, registry: Registry, opened: Opened | None = None) -> None:
        self._registry = registry
        self._opened = opened
        self._slugs: dict[bytes, str] = {}
        self._companies: dict[bytes, Participant] = {}
        self._facilities: dict[int, Facility] = {}
        self._materials: dict[int, Material] = {}

    def slug(self, participant: bytes) -> str:
        """Short name of the participant at an address."""
        if participant not in self._slugs:
            found = self._registry.participant_at(participant)
            if found is None:
                return hexed(participant)
            self._slugs[participant] = found.slug
        return self._slugs[participant]

    def company(self, participant: bytes) -> Participant | None:
        """The participant at an address itself."""
        if participant not in self._companies:
            found = self._registry.participant_at(participant)
            if found is None:
                return None
            self._companies[participant] = found
        return self._companies[participant]

    def foresee(self, *, facilities: Iterable[int] = (), participants: Iterable[bytes] = ()) -> None:
        """Read at once what will be named, with the companies of those sites.

        Where a registry gives one at a time only, as its things are in memory anyway, nothing is read.
        """
        many = getattr(self._registry, "many", None)
        if not isinstance(many, AtOnce):
            return
        sites = many.facilities({each for each in facilities if each not in self._facilities})
        self._facilities.update(sites)
        people = {*participants, *(site.participant for site in sites.values())}
        for address, company in many.participants(people - self._slugs.keys()).items():
            self._slugs[address] = company.slug

    def add(self, participant: bytes, slug: str) -> None:
        """A company by its short name, whether or not the registry knows it yet."""
        self._slugs[participant] = slug

    def full(self, participant: bytes, identifier: str) -> str:
        """``slug/identifier`` of what a participant named."""
        return full_name(self.slug(participant), identifier)

    def private(self, kind: FieldKind, owner: bytes, identifier: str) -> str:
        """``slug/identifier`` of what may be private, with the text behind it where that is known."""
        text = self._opened(kind, owner, identifier) if self._opened else identifier
        return self.full(owner, text)

    def facility(self, facility: int) -> str:
        """``participant/identifier`` of a facility."""
        found = self.site(facility)
        if found is None:
            return id_text(facility)
        return self.private(FieldKind.FACILITY, found.participant, found.identifier)

    def site(self, facility: int) -> Facility | None:
        """The facility itself."""
        if facility in self._facilities:
            return self._facilities[facility]
        found = self._registry.facility_by_id(facility)
        if found is not None:
            self._facilities[facility] = found
        return found

    def material(self, material: int) -> str:
        """Short name of a material."""
        found = self.goods(material)
        return id_text(material) if found is None else found.slug

    def goods(self, material: int) -> Material | None:
        """The material itself."""
        if material not in self._materials:
            found = self._registry.material_by_id(material)
            if found is None:
                return None
            self._materials[material] = found
        return self._materials[material]

    def subject(self, participant: bytes, facility: int | None) -> str:
        """Who or what is meant: a facility, or where there is none, a participant as a whole."""
        return self.slug(participant) if facility is None else self.facility(facility)


class LedgerNames(Names):
    """Names of batches, shipments, findings and assessments as well."""

    def __init__(self, ledger: Ledger, opened: Opened | None = None) -> None:
        super().__init__(ledger, opened)
        self._ledger = ledger

    def batch(self, batch: int) -> str:
        """``creator/identifier`` of a batch."""
        found = self._ledger.batch(batch)
        return self.private(FieldKind.BATCH, found.creator, found.identifier) if found else id_text(batch)

    def lot(self, batch: int) -> Batch | None:
        """The batch itself."""
        return self._ledger.batch(batch)

    def shipment(self, shipment: int) -> str:
        """``sender/identifier`` of a shipment."""
        found = self._ledger.shipment(shipment)
        if found is None:
            return id_text(shipment)
        return self.private(FieldKind.SHIPMENT, found.sender, found.identifier)

    def finding(self, finding: int) -> str:
        """``auditor/identifier`` of a finding."""
        found = self._ledger.finding(finding)
        return self.full(found.auditor, found.identifier) if found else id_text(finding)

    def assessment(self, assessment: int) -> str:
        """``assessor/identifier`` of an assessment."""
        found = self._ledger.assessment(assessment)
        return self.full(found.assessor, found.identifier) if found else id_text(assessment)

    def anything(self, number: int) -> str:
        """The name of whatever has that id."""
        ledger = self._ledger
        if ledger.batch(number):
            return self.batch(number)
        if self.site(number):
            return self.facility(number)
        if ledger.shipment(number):
            return self.shipment(number)
        return self.finding(number) if ledger.finding(number) else self.material(number)


class Listed:
    """The registry as lists that were read before."""

    def __init__(
        self,
        participants: Iterable[Participant],
        facilities: Iterable[Facility],
        materials: Iterable[Material] = (),
    ) -> None:
        self.participants = {item.address: item for item in participants}
        self.facilities = {item.id: item for item in facilities}
        self.materials = {item.id: item for item in materials}

    def participant_at(self, address: bytes) -> Participant | None:
        """The participant of that address."""
        return self.participants.get(address)

    def facility_by_id(self, facility: int) -> Facility | None:
        """The facility of that id."""
        return self.facilities.get(facility)

    def material_by_id(self, material: int) -> Material | None:
        """The material of that id."""
        return self.materials.get(material)
