"""Typed events of the contracts and their decoder. No chain access, no I/O.

Example:
    >>> from traceledger.events import LEDGER_EVENTS
    >>> [event.signature for event in LEDGER_EVENTS if event.make is BatchRetired]
    ['BatchRetired(uint256,address,uint64,string,(bytes32,string)[])']
"""

from traceledger.events.decoder import LEDGER_EVENTS, REGISTRY_EVENTS, Definition, Event, decode
from traceledger.events.ledger_events import (
    Arrived,
    BatchMinted,
    BatchRetired,
    BatchSplit,
    Child,
    EmissionsAdded,
    ErrorDeclared,
    LedgerEvent,
    Made,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Shipped,
    Taken,
    Transformed,
)
from traceledger.events.recorded import Position, RecordedEvent
from traceledger.events.registry_events import (
    ActPolicyChanged,
    FacilityRegistered,
    MaterialDefined,
    OperatorAdded,
    OperatorRevoked,
    OriginApproved,
    ParticipantRegistered,
    ParticipantStatusChanged,
    RegistryEvent,
)

__all__ = [
    "LEDGER_EVENTS",
    "REGISTRY_EVENTS",
    "ActPolicyChanged",
    "Arrived",
    "BatchMinted",
    "BatchRetired",
    "BatchSplit",
    "Child",
    "Definition",
    "EmissionsAdded",
    "ErrorDeclared",
    "Event",
    "FacilityRegistered",
    "LedgerEvent",
    "Made",
    "MaterialDefined",
    "OperatorAdded",
    "OperatorRevoked",
    "OriginApproved",
    "ParticipantRegistered",
    "ParticipantStatusChanged",
    "Position",
    "RecordedEvent",
    "RegistryEvent",
    "ShipmentCancelled",
    "ShipmentOffered",
    "ShipmentReceived",
    "ShipmentRejected",
    "Shipped",
    "Taken",
    "Transformed",
    "decode",
]
