"""Typed events of the contracts and their decoder. No chain access, no I/O.

Example:
    >>> from traceledger.events import LEDGER_EVENTS
    >>> [event.signature for event in LEDGER_EVENTS if event.make is BatchRetired]
    ['BatchRetired(uint256,address,uint64,string,(bytes32,string)[])']
"""

from typing import TYPE_CHECKING

from traceledger.events.decoder import (
    LEDGER_EVENTS,
    assurance_events,
    decode,
    manager_events,
    registry_events,
)
from traceledger.events.definition import Definition
from traceledger.events.facts import EventFacts, LedgerFacts, NewBatch, Role
from traceledger.events.ledger import (
    AddingEvent,
    AnsweringEvent,
    BatchMinted,
    BatchRetired,
    BatchSplit,
    EmissionsAdded,
    EmittingEvent,
    ErrorDeclared,
    LedgerEvent,
    MakingEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Transformed,
)
from traceledger.events.parts import Arrived, Child, Made, Shipped, Taken
from traceledger.events.recorded import Position, RecordedEvent
from traceledger.model.importing import importing

if TYPE_CHECKING:
    from traceledger.events.assurance import (
        Assessed,
        AssuranceEvent,
        CorrectiveActionAccepted,
        CorrectiveActionRefused,
        CorrectiveActionSubmitted,
        EvidenceRecorded,
        FindingClosed,
        FindingRaised,
        FindingReopened,
        ManagerEvent,
        MandatoryChanged,
        OperationCanceled,
        OperationExecuted,
        OperationScheduled,
    )
    from traceledger.events.event import Event
    from traceledger.events.registry import (
        ActGuardChanged,
        FacilityRegistered,
        MaterialDefined,
        OperatorAdded,
        OperatorRevoked,
        OriginApproved,
        ParticipantRegistered,
        ParticipantStatusChanged,
        RegistryEvent,
    )
else:
    # Reading the ledger needs none of them, and must not wait until they are made.
    __getattr__ = importing(__name__, "registry", "assurance", "event")

__all__ = [
    "LEDGER_EVENTS",
    "ActGuardChanged",
    "AddingEvent",
    "AnsweringEvent",
    "Arrived",
    "Assessed",
    "AssuranceEvent",
    "BatchMinted",
    "BatchRetired",
    "BatchSplit",
    "Child",
    "CorrectiveActionAccepted",
    "CorrectiveActionRefused",
    "CorrectiveActionSubmitted",
    "Definition",
    "EmissionsAdded",
    "EmittingEvent",
    "ErrorDeclared",
    "Event",
    "EventFacts",
    "EvidenceRecorded",
    "FacilityRegistered",
    "FindingClosed",
    "FindingRaised",
    "FindingReopened",
    "LedgerEvent",
    "LedgerFacts",
    "Made",
    "MakingEvent",
    "ManagerEvent",
    "MandatoryChanged",
    "MaterialDefined",
    "NewBatch",
    "OperationCanceled",
    "OperationExecuted",
    "OperationScheduled",
    "OperatorAdded",
    "OperatorRevoked",
    "OriginApproved",
    "ParticipantRegistered",
    "ParticipantStatusChanged",
    "Position",
    "RecordedEvent",
    "RegistryEvent",
    "Role",
    "ShipmentCancelled",
    "ShipmentOffered",
    "ShipmentReceived",
    "ShipmentRejected",
    "Shipped",
    "Taken",
    "Transformed",
    "assurance_events",
    "decode",
    "manager_events",
    "registry_events",
]
