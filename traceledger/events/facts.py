"""What every event says of itself: who acted, whom and which batches it concerns, what may be private.

The classes of :mod:`traceledger.events.ledger`, ``registry`` and ``assurance`` say it beside their fields.
What one of them leaves unsaid, the type checker misses wherever it is asked for.

Example:
    >>> Text.of(FieldKind.BATCH, bytes(20), "KOL-1").private
    False
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from traceledger.model.batches import Substances
from traceledger.model.commitments import FieldKind, is_commitment
from traceledger.model.evidence import Evidence
from traceledger.model.frozen import frozen


class Role(StrEnum):
    """How an event concerns a batch: it made it, took of it for others, gave that back, or just names it."""

    MADE = "made"
    TAKEN = "taken"
    GIVEN_BACK = "given_back"
    NAMED = "named"


Concerns = tuple[tuple[int, Role], ...]
"""Ids of batches, each with how an event concerns it."""


@frozen
class Text:
    """A text that its owner may keep private: then a commitment stands in its place.

    Attributes:
        kind: which field it is.
        owner: whose it is, 20 bytes; ``None`` where the event does not say who wrote it.
        text: the text as recorded; of a document, its address.
        private: whether a commitment stands there.
    """

    kind: FieldKind
    owner: bytes | None
    text: str
    private: bool

    @classmethod
    def of(cls, kind: FieldKind, owner: bytes, text: str) -> Text:
        """The text of a field."""
        return cls(kind, owner, text, is_commitment(text))


NOTHING_PRIVATE: tuple[Text, ...] = ()
"""The ``texts`` of an event all of whose own texts are public."""
NO_DOCUMENTS: tuple[Evidence, ...] = ()
"""The ``evidence`` of an event that names none."""
UNKNOWN_AUTHOR: bytes | None = None
"""The ``author`` of an event that does not say which account of the consortium acted."""


class NewBatch(NamedTuple):
    """A batch as an event made it, mg and mg CO2e.

    Attributes:
        batch: its id.
        creator: address of who made it.
        identifier: the creator's own text.
        taken_mg: by batch, what was taken of it for the event that made this one; empty for new material.
        material: its id; ``None`` for what was split off: its parent's.
        facility: id of where it was made; ``None`` for what was split off: its parent's.
        mass_mg: its mass.
        pieces: how many pieces it is; 0 where it was not counted.
        waste: whether it is waste (Rule 6); ``None`` for what was split off: as its parent.
        off_specification: whether it is outside its material's contents; ``None``: as its parent.
        own_mg: its own CO2e.
        inherited_mg: the CO2e that it has from what it was made of.
        primary_mg: the part of both that comes from primary data.
        substances_mg: by substance number, also those of which it holds nothing.
    """

    batch: int
    creator: bytes
    identifier: str
    taken_mg: Mapping[int, int]
    material: int | None
    facility: int | None
    mass_mg: int
    pieces: int
    waste: bool | None
    off_specification: bool | None
    own_mg: int
    inherited_mg: int
    primary_mg: int
    substances_mg: Substances


NOTHING_MADE: tuple[NewBatch, ...] = ()
"""The ``makes`` of an event that makes no batches."""


class _HasBatch(Protocol):
    """An event of one batch."""

    @property
    def batch(self) -> int: ...


class OfOneBatch:
    """An event that names one batch, and does nothing to others."""

    __slots__ = ()

    @property
    def concerns(self: _HasBatch) -> Concerns:
        """The batch."""
        return ((self.batch, Role.NAMED),)


class EventFacts(Protocol):
    """What every event says of itself."""

    @property
    def author(self) -> bytes | None:
        """The participant (or the consortium's account) that acted; ``None`` where the event does not say."""

    @property
    def texts(self) -> tuple[Text, ...]:
        """Its texts that their owners may keep private, documents apart."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The documents that it names; the author may keep them private."""


class LedgerFacts(EventFacts, Protocol):
    """What every event of the batch ledger says besides."""

    @property
    def word(self) -> str:
        """What happened, in a word or two."""

    @property
    def author(self) -> bytes | None:
        """The participant that acted, or the account of an auditor or the consortium, if it says so."""

    @property
    def occurred_at(self) -> int:
        """When it happened, as claimed, UTC seconds."""

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Participants who handled its batches or were offered them; a proof holds their registrations."""

    @property
    def concerns(self) -> Concerns:
        """The batches that it concerns, in its order, and how."""

    @property
    def makes(self) -> tuple[NewBatch, ...]:
        """The batches that it makes, in its order."""
