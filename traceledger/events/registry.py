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
    Identifiers,
    Indexed,
    Label,
    MaterialTerms,
    Mg,
    MicroDegrees,
    Number8,
    Number16,
    Seconds,
    Text,
)
from traceledger.model.batches import Origin
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
class RolesChanged:
    """A participant has these roles from now on; ``changed_by`` is the consortium's account."""

    participant: Indexed[Address]
    roles: tuple[Label, ...]
    changed_by: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """The consortium's account."""
        return self.changed_by


@frozen
class ParticipantRenamed:
    """A company has another name; its address and slug stay."""

    participant: Indexed[Address]
    name: Text
    occurred_at: Seconds
    evidence: Documents

    @property
    def author(self) -> bytes:
        """The company itself."""
        return self.participant

    @property
    def texts(self) -> tuple[PrivateText, ...]:
        """The participant's name, which is its own."""
        return (PrivateText.of(FieldKind.PARTICIPANT_NAME, self.participant, self.name),)


@frozen
class CountryChanged:
    """The country of a participant, or of its ``facility`` if that is not 0, had been recorded wrongly."""

    participant: Indexed[Address]
    facility: Indexed[Id]
    country: CountryCode
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE


@frozen
class Identified:
    """What others call a participant, or its ``facility`` if that is not 0; a scheme's last one counts."""

    participant: Indexed[Address]
    facility: Indexed[Id]
    identifiers: Identifiers
    occurred_at: Seconds
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """The company itself."""
        return self.participant


@frozen
class OperatorAdded:
    """``operator`` may sign for ``participant`` from now on; the account ``added_by`` added it."""

    participant: Indexed[Address]
    operator: Indexed[Address]
    added_by: Indexed[Address]

    texts: ClassVar = NOTHING_PRIVATE
    evidence: ClassVar = NO_DOCUMENTS

    @property
    def author(self) -> bytes:
        """A key of the participant, or the consortium's account."""
        return self.added_by


@frozen
class OperatorRevoked:
    """``operator`` may no longer sign for ``participant``, nor ever for anyone else."""

    participant: Indexed[Address]
    operator: Indexed[Address]
    revoked_by: Indexed[Address]

    texts: ClassVar = NOTHING_PRIVATE
    evidence: ClassVar = NO_DOCUMENTS

    @property
    def author(self) -> bytes:
        """A key of the participant, or the consortium's account."""
        return self.revoked_by


@frozen
class OperatorsDisabled:
    """All keys that a participant had were disabled at once, for ever."""

    participant: Indexed[Address]
    disabled_by: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """The consortium's account."""
        return self.disabled_by


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
class FacilityOffered:
    """Its holder offers a facility to ``to``; the zero address withdraws the offer."""

    facility: Indexed[Id]
    holder: Indexed[Address]
    to: Indexed[Address]
    occurred_at: Seconds
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """Who holds it."""
        return self.holder


@frozen
class FacilityTransferred:
    """A facility is ``to``'s from now on; its id stays, its approvals pause."""

    facility: Indexed[Id]
    holder: Indexed[Address]
    to: Indexed[Address]
    occurred_at: Seconds
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """Who took it over."""
        return self.to


@frozen
class FacilityConfirmed:
    """The consortium agreed to a facility's change of hands: its approvals are in force again."""

    facility: Indexed[Id]
    participant: Indexed[Address]
    occurred_at: Seconds
    evidence: Documents

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE


@frozen
class MaterialDefined:
    """A kind of material was defined, with the substance numbers that batches of it may hold."""

    material: Indexed[Id]
    slug: Text
    name: Text
    cas: Text
    substances: tuple[Number16, ...]
    terms: MaterialTerms
    evidence: Documents

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE


@frozen
class MaterialAmended:
    """From now on batches of the material may hold these substances, on these terms."""

    material: Indexed[Id]
    substances: tuple[Number16, ...]
    terms: MaterialTerms
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE


@frozen
class OriginApproved:
    """``capacity_mg`` of the material a calendar year are expected of the facility; 0 withdraws.

    ``origins``: bit 0 mined, 1 post-consumer, 2 pre-consumer, 3 untraced, each approved by itself.
    ``approved_from`` and ``approved_until`` are the first and last second at which material may come to be.
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

    @property
    def kinds(self) -> tuple[Origin, ...]:
        """The origins, each by itself."""
        return tuple(origin for origin in Origin if self.origins >> origin & 1)


@frozen
class ContentPermitted:
    """An auditor permits one batch, which may not exist yet, to be outside its material's contents."""

    batch: Indexed[Id]
    material: Indexed[Id]
    permitted_by: Indexed[Address]
    participant: Address
    occurred_at: Seconds
    identifier: Text
    reason: Text
    evidence: Documents

    @property
    def author(self) -> bytes:
        """The auditor, or the consortium's account."""
        return self.permitted_by

    @property
    def texts(self) -> tuple[PrivateText, ...]:
        """The batch's identifier, which is its maker's."""
        return (PrivateText.of(FieldKind.BATCH, self.participant, self.identifier),)


@frozen
class PauseChanged:
    """Nobody may act from now on, or everybody again who might before."""

    paused: Flag
    changed_by: Indexed[Address]

    texts: ClassVar = NOTHING_PRIVATE
    evidence: ClassVar = NO_DOCUMENTS

    @property
    def author(self) -> bytes:
        """An account of the consortium."""
        return self.changed_by


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
    | RolesChanged
    | ParticipantRenamed
    | CountryChanged
    | Identified
    | OperatorAdded
    | OperatorRevoked
    | OperatorsDisabled
    | FacilityRegistered
    | FacilityOffered
    | FacilityTransferred
    | FacilityConfirmed
    | MaterialDefined
    | MaterialAmended
    | OriginApproved
    | ContentPermitted
    | ActGuardChanged
    | PauseChanged
)


if TYPE_CHECKING:

    def _says_all(event: RegistryEvent) -> EventFacts:
        """The type checker names here what an event does not say of itself."""
        _ = (event.author, event.texts, event.evidence)
        return event
