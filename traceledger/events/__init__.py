"""Typed events of the contracts and their decoder. No chain access, no I/O.

Example:
    >>> from traceledger.events import LEDGER_EVENTS
    >>> [event.signature for event in LEDGER_EVENTS if event.make is BatchRetired]
    ['BatchRetired(uint256,address,uint8,uint64,string,(bytes32,string)[])']
"""

from typing import TYPE_CHECKING

from traceledger.events.batches import BatchMinted, BatchRetired, BatchSplit, BatchTakenBack, EmissionsAdded
from traceledger.events.corrections import (
    BatchRemeasured,
    EmissionsRestated,
    ErrorDeclared,
    RestatementConfirmed,
)
from traceledger.events.custody import (
    BatchHeld,
    BatchReleased,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    StockAssigned,
    TitleTransferred,
)
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
    EmittingEvent,
    EndingEvent,
    LastingEvent,
    LedgerEvent,
    MakingEvent,
    MarkingEvent,
    RestatingEvent,
    ReversingEvent,
)
from traceledger.events.parts import Arrived, Child, Made, Shipped, Taken
from traceledger.events.recorded import Position, RecordedEvent
from traceledger.events.reversals import (
    ErrorReversed,
    MintReversed,
    ReceiptReversed,
    RetirementReversed,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
)
from traceledger.events.transformations import Transformed
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
        ContentPermitted,
        CountryChanged,
        FacilityConfirmed,
        FacilityOffered,
        FacilityRegistered,
        FacilityTransferred,
        Identified,
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
        RegistryEvent,
        RolesChanged,
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
    "BatchHeld",
    "BatchMinted",
    "BatchReleased",
    "BatchRemeasured",
    "BatchRetired",
    "BatchSplit",
    "BatchTakenBack",
    "Child",
    "ContentPermitted",
    "CorrectiveActionAccepted",
    "CorrectiveActionRefused",
    "CorrectiveActionSubmitted",
    "CountryChanged",
    "Definition",
    "EmissionsAdded",
    "EmissionsRestated",
    "EmittingEvent",
    "EndingEvent",
    "ErrorDeclared",
    "ErrorReversed",
    "Event",
    "EventFacts",
    "EvidenceRecorded",
    "FacilityConfirmed",
    "FacilityOffered",
    "FacilityRegistered",
    "FacilityTransferred",
    "FindingClosed",
    "FindingRaised",
    "FindingReopened",
    "Identified",
    "LastingEvent",
    "LedgerEvent",
    "LedgerFacts",
    "Made",
    "MakingEvent",
    "ManagerEvent",
    "MandatoryChanged",
    "MarkingEvent",
    "MaterialAmended",
    "MaterialDefined",
    "MintReversed",
    "NewBatch",
    "OperationCanceled",
    "OperationExecuted",
    "OperationScheduled",
    "OperatorAdded",
    "OperatorRevoked",
    "OperatorsDisabled",
    "OriginApproved",
    "ParticipantRegistered",
    "ParticipantRenamed",
    "ParticipantStatusChanged",
    "PauseChanged",
    "Position",
    "ReceiptReversed",
    "RecordedEvent",
    "RegistryEvent",
    "RestatementConfirmed",
    "RestatingEvent",
    "RetirementReversed",
    "ReversingEvent",
    "Role",
    "RolesChanged",
    "ShipmentCancelled",
    "ShipmentOffered",
    "ShipmentReceived",
    "ShipmentRejected",
    "Shipped",
    "SplitReversed",
    "StockAssigned",
    "TakeBackReversed",
    "Taken",
    "TitleTransferred",
    "TransformationReversed",
    "Transformed",
    "assurance_events",
    "decode",
    "manager_events",
    "registry_events",
]
