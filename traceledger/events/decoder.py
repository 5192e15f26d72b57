"""From a raw log to a typed event: the one decoder of index and verifier.

Example:
    >>> from traceledger.chain.base import Log
    >>> decode(Log(address=bytes(20), topics=(bytes(32),), data=b"", transaction_index=0, index=0)) is None
    True
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eth_hash.auto import keccak

from traceledger.chain.base import Log
from traceledger.errors import VerificationError
from traceledger.events import assurance, ledger, registry
from traceledger.events.abi import (
    ADDRESS,
    BOOL,
    BYTES,
    BYTES32,
    STRING,
    SUBSTANCES,
    Codec,
    array,
    enum,
    label,
    malformed,
    signed,
    struct,
    uint,
    values,
)
from traceledger.model.assurance import Severity
from traceledger.model.batches import ErrorReason, Origin
from traceledger.model.emissions import AllocationRule, Emissions
from traceledger.model.evidence import Evidence
from traceledger.model.registry import ParticipantState

Event = ledger.LedgerEvent | registry.RegistryEvent | assurance.AssuranceEvent | assurance.ManagerEvent


@dataclass(frozen=True, slots=True)
class _Topic:
    """Marks an indexed parameter."""

    codec: Codec[Any]


@dataclass(frozen=True, slots=True)
class Definition:
    """One event: its Solidity ``signature``, its ``topic`` (topic 0) and how its parameters are read."""

    signature: str
    topic: bytes
    make: Callable[..., Event]
    indexed: tuple[tuple[int, Codec[Any]], ...]
    plain: tuple[tuple[int, Codec[Any]], ...]

    def decode(self, log: Log) -> Event:
        """Read one log of this event.

        Raises:
            VerificationError: topics or data are not what the contract writes.
        """
        topics = log.topics[1:]
        if len(topics) != len(self.indexed) or any(len(topic) != 32 for topic in topics):
            raise malformed("it has the wrong topics")
        arguments: list[Any] = [None] * (len(self.indexed) + len(self.plain))
        for (place, codec), topic in zip(self.indexed, topics, strict=True):
            arguments[place] = codec.read(topic, 0)[0]
        data = values([codec for _, codec in self.plain], log.data)
        for (place, _), value in zip(self.plain, data, strict=True):
            arguments[place] = value
        return self.make(*arguments)


def _evidence(digest: bytes, uri: str) -> Evidence:
    return Evidence(uri=uri, sha256=digest)


_ID = uint(256)
_MG = uint(64)
_TIME = uint(64)
_EMISSIONS = struct(Emissions, _MG, _MG, _MG, _MG)
_EVIDENCE = array(struct(_evidence, BYTES32, STRING))
_TAKEN = struct(ledger.Taken, _ID, _MG, _MG, _MG, _MG, SUBSTANCES)
_CHILD = struct(ledger.Child, STRING, _TAKEN)
_MADE = struct(ledger.Made, _ID, _ID, _MG, _MG, _MG, _MG, _MG, SUBSTANCES, STRING)
_SHIPPED = struct(ledger.Shipped, _ID, _MG, _MG)
_ARRIVED = struct(ledger.Arrived, _ID, _MG, SUBSTANCES)
_BY_ID = _Topic(_ID)
_BY_ADDRESS = _Topic(ADDRESS)


def _define(make: Callable[..., Event], *parameters: Codec[Any] | _Topic) -> Definition:
    """Describe an event; ``parameters`` in the order of Solidity, which is that of ``make``."""
    codecs = [item.codec if isinstance(item, _Topic) else item for item in parameters]
    signature = f"{make.__name__}({','.join(codec.name for codec in codecs)})"
    places = list(enumerate(codecs))
    return Definition(
        signature=signature,
        topic=keccak(signature.encode()),
        make=make,
        indexed=tuple(place for place in places if isinstance(parameters[place[0]], _Topic)),
        plain=tuple(place for place in places if not isinstance(parameters[place[0]], _Topic)),
    )


LEDGER_EVENTS: tuple[Definition, ...] = (
    _define(
        ledger.BatchMinted,
        *(_BY_ID, _BY_ADDRESS, _BY_ID, _ID, enum(Origin), _MG, _TIME),
        *(_EMISSIONS, SUBSTANCES, STRING, _EVIDENCE),
    ),
    _define(ledger.BatchSplit, _BY_ID, _BY_ADDRESS, _TIME, array(_CHILD), _EVIDENCE),
    _define(
        ledger.ShipmentOffered,
        *(_BY_ID, _BY_ADDRESS, _BY_ADDRESS, _TIME, _EMISSIONS, array(_SHIPPED), STRING, _EVIDENCE),
    ),
    _define(ledger.ShipmentReceived, _BY_ID, _BY_ADDRESS, _TIME, array(_ARRIVED), _EVIDENCE),
    _define(ledger.ShipmentRejected, _BY_ID, _BY_ADDRESS, _TIME, STRING, array(_ID), _EVIDENCE),
    _define(ledger.ShipmentCancelled, _BY_ID, _BY_ADDRESS, _TIME, STRING, array(_ID), _EVIDENCE),
    _define(
        ledger.Transformed,
        *(_BY_ID, _BY_ADDRESS, _BY_ID, _TIME, enum(AllocationRule), _EMISSIONS),
        *(array(_TAKEN), array(_MADE), SUBSTANCES, STRING, STRING, _EVIDENCE),
    ),
    _define(ledger.EmissionsAdded, _BY_ID, _BY_ADDRESS, _TIME, _EMISSIONS, _MG, STRING, _EVIDENCE),
    _define(ledger.BatchRetired, _BY_ID, _BY_ADDRESS, _TIME, STRING, _EVIDENCE),
    _define(ledger.ErrorDeclared, _BY_ID, _BY_ADDRESS, enum(ErrorReason), _TIME, array(_ID), _EVIDENCE),
)
"""Every event of the batch ledger."""

REGISTRY_EVENTS: tuple[Definition, ...] = (
    _define(
        registry.ParticipantRegistered, _BY_ADDRESS, STRING, STRING, label(2), array(label(32)), _EVIDENCE
    ),
    _define(
        registry.ParticipantStatusChanged,
        *(_BY_ADDRESS, enum(ParticipantState), _BY_ADDRESS, _TIME, STRING, _EVIDENCE),
    ),
    _define(registry.OperatorAdded, _BY_ADDRESS, _BY_ADDRESS),
    _define(registry.OperatorRevoked, _BY_ADDRESS, _BY_ADDRESS),
    _define(
        registry.FacilityRegistered,
        *(_BY_ID, _BY_ADDRESS, STRING, STRING, label(32), label(2)),
        *(BOOL, signed(32), signed(32), _EVIDENCE),
    ),
    _define(registry.MaterialDefined, _BY_ID, STRING, STRING, STRING, array(uint(16)), _EVIDENCE),
    _define(registry.OriginApproved, _BY_ID, _BY_ID, _MG, _TIME, _EVIDENCE),
    _define(registry.ActGuardChanged, _BY_ADDRESS),
)
"""Every event of the participant registry."""

ASSURANCE_EVENTS: tuple[Definition, ...] = (
    _define(assurance.EvidenceRecorded, _Topic(BYTES32), _BY_ADDRESS, label(32), STRING, STRING),
    _define(
        assurance.Assessed,
        *(_BY_ID, _BY_ADDRESS, _BY_ADDRESS, _ID, label(32), label(32), uint(32)),
        *(_TIME, _TIME, _TIME, STRING, STRING, _EVIDENCE),
    ),
    _define(
        assurance.FindingRaised,
        *(_BY_ID, _BY_ADDRESS, _BY_ADDRESS, _ID, enum(Severity), label(32)),
        *(_TIME, _TIME, STRING, STRING, _EVIDENCE),
    ),
    _define(assurance.CorrectiveActionSubmitted, _BY_ID, _BY_ADDRESS, _TIME, STRING, _EVIDENCE),
    _define(assurance.CorrectiveActionAccepted, _BY_ID, _BY_ADDRESS, _TIME, _EVIDENCE),
    _define(assurance.CorrectiveActionRefused, _BY_ID, _BY_ADDRESS, _TIME, STRING, _EVIDENCE),
    _define(assurance.FindingClosed, _BY_ID, _BY_ADDRESS, _TIME, _EVIDENCE),
    _define(assurance.FindingReopened, _BY_ID, _BY_ADDRESS, _TIME, _TIME, STRING, _EVIDENCE),
    _define(assurance.MandatoryChanged, _Topic(label(32)), array(label(32))),
)
"""Every event of the assurance registry."""

MANAGER_EVENTS: tuple[Definition, ...] = (
    _define(
        assurance.OperationScheduled, _Topic(BYTES32), _Topic(uint(32)), uint(48), ADDRESS, ADDRESS, BYTES
    ),
    _define(assurance.OperationExecuted, _Topic(BYTES32), _Topic(uint(32))),
    _define(assurance.OperationCanceled, _Topic(BYTES32), _Topic(uint(32))),
)
"""The events of OpenZeppelin's AccessManager that tell of changes that are announced."""

_BY_TOPIC = {
    definition.topic: definition
    for definition in LEDGER_EVENTS + REGISTRY_EVENTS + ASSURANCE_EVENTS + MANAGER_EVENTS
}


def decode(log: Log) -> Event | None:
    """The typed event in ``log``, or ``None`` where it is none of ours (ERC-721's, AccessManaged's).

    Which contract wrote the log is the caller's to check: anyone can emit a log of the same shape.

    Raises:
        VerificationError: it claims to be one of our events, but its data is malformed.
    """
    definition = _BY_TOPIC.get(log.topics[0]) if log.topics else None
    if definition is None:
        return None
    try:
        return definition.decode(log)
    except VerificationError as error:
        name = definition.signature.partition("(")[0]
        raise VerificationError(error.what, hint=error.hint, where=f"log {log.index}, {name}") from None
