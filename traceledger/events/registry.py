"""What the registry says: one class for each event of ``contracts/interfaces/IParticipantRegistry.sol``.

Fields stand in the order of the Solidity parameters; participants and operators are 20-byte addresses.
"""

# Without `from __future__ import annotations`: traceledger.events.fields reads the annotations.
from typing import TYPE_CHECKING, ClassVar

from traceledger.events.facts import NO_DOCUMENTS, NOTHING_PRIVATE, UNKNOWN_AUTHOR, EventFacts
from traceledger.events.facts import Text as PrivateText
from traceledger.events.fields import (
    Address,
    CountryCode,
    Documents,
    Flag,
    Id,
    Indexed,
    Label,
    Mg,
    MicroDegrees,
    Number8,
    Number16,
    Seconds,
    Text,
)
from traceledger.model.commitments import FieldKind
from traceledger.model.frozen import frozen
from traceledger.model.registry import ParticipantState


@frozen
class ParticipantRegistered:
    """A company was admitted; its address is that of its first operator key and never changes."""

    participant: Indexed[Address]
    slug: Text
    name: Text
    country: CountryCode
    roles: tuple[Label, ...]
    evidence: Documents

    author: ClassVar = UNKNOWN_AUTHOR

    @property
    def texts(self) -> tuple[PrivateText, ...]:
        """The participant's name, which is its own."""
        return (PrivateText.of(FieldKind.PARTICIPANT_NAME, self.participant, self.name),)


@frozen
class ParticipantStatusChanged:
    """A participant was suspended, reinstated (active) or terminated by the account ``changed_by``.

    ``occurred_at`` is 0 where the account stated no time.
    """

    participant: Indexed[Address]
    state: ParticipantState
    changed_by: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """The auditor, or the consortium's account."""
        return self.changed_by


@frozen
class OperatorAdded:
    """``operator`` may sign for ``participant`` from now on; ``added_by`` is the account that called."""

    participant: Indexed[Address]
    operator: Indexed[Address]
    added_by: Indexed[Address]

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE
    evidence: ClassVar = NO_DOCUMENTS


@frozen
class OperatorRevoked:
    """``operator`` may no longer sign for ``participant``, nor ever for anyone else.

    ``revoked_by`` is the account that called.
    """

    participant: Indexed[Address]
    operator: Indexed[Address]
    revoked_by: Indexed[Address]

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE
    evidence: ClassVar = NO_DOCUMENTS


@frozen
class FacilityRegistered:
    """A participant declared a facility. Only the kinds ``mine`` and ``recycler`` can be origins.

    Coordinates are micro-degrees (WGS 84), and zero where it is not ``located``.
    """

    facility: Indexed[Id]
    participant: Indexed[Address]
    identifier: Text
    name: Text
    kind: Label
    country: CountryCode
    located: Flag
    latitude: MicroDegrees
    longitude: MicroDegrees
    evidence: Documents

    @property
    def author(self) -> bytes:
        """Who operates it."""
        return self.participant

    @property
    def texts(self) -> tuple[PrivateText, ...]:
        """Identifier, and name where it has another."""
        own = (PrivateText.of(FieldKind.FACILITY, self.participant, self.identifier),)
        if self.name == self.identifier:
            return own
        return (*own, PrivateText.of(FieldKind.FACILITY_NAME, self.participant, self.name))


@frozen
class Content:
    """The least and the highest content of a substance in a material, in basis points of gross mass."""

    substance: Number16
    least_bp: Number16
    highest_bp: Number16


@frozen
class Terms:
    """What a material is, and what measurements of it may do (Rules 2, 5, 6 and 9), in basis points."""

    waste: Flag
    product: Flag
    tolerance_mass_bp: Number16
    tolerance_substances_bp: Number16
    contents: tuple[Content, ...]


@frozen
class MaterialDefined:
    """A kind of material was defined, with the substance numbers that batches of it may hold."""

    material: Indexed[Id]
    slug: Text
    name: Text
    cas: Text
    substances: tuple[Number16, ...]
    terms: Terms
    evidence: Documents

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE


@frozen
class OriginApproved:
    """``capacity_mg`` of the material a calendar year are expected of the facility; 0 withdraws.

    For each of ``origins`` (bit 0 mined, 1 post-consumer, 2 pre-consumer, 3 untraced), of what came to be in
    the seconds from ``approved_from`` to ``approved_until``, both included.
    """

    facility: Indexed[Id]
    material: Indexed[Id]
    origins: Number8
    capacity_mg: Mg
    approved_from: Seconds
    approved_until: Seconds
    occurred_at: Seconds
    evidence: Documents

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE


@frozen
class ActGuardChanged:
    """From now on the contract ``guard`` is asked as well who may act; the zero address is none."""

    guard: Indexed[Address]

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE
    evidence: ClassVar = NO_DOCUMENTS


RegistryEvent = (
    ParticipantRegistered
    | ParticipantStatusChanged
    | OperatorAdded
    | OperatorRevoked
    | FacilityRegistered
    | MaterialDefined
    | OriginApproved
    | ActGuardChanged
)


if TYPE_CHECKING:

    def _says_all(event: RegistryEvent) -> EventFacts:
        """The type checker names here what an event does not say of itself."""
        _ = (event.author, event.texts, event.evidence)
        return event
