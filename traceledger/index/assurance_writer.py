"""Writes assessments, findings and requirements into the index, inside the caller's transaction."""

from __future__ import annotations

import json
from typing import Any, assert_never

from traceledger.errors import VerificationError
from traceledger.events import (
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
from traceledger.events.abi import array, label, uint, values
from traceledger.index.database import Database
from traceledger.index.rows import evidence_text
from traceledger.index.schema import id_blob
from traceledger.model.assurance import FindingState
from traceledger.model.evidence import Evidence
from traceledger.model.hexadecimal import id_text
from traceledger.model.keccak import keccak

SET_MANDATORY = bytes(keccak(b"setMandatory(bytes32,bytes32[],uint32[])"))[:4]
"""Selector of the call that changes what is mandatory."""

_LABEL = label(32)
_Step = (
    CorrectiveActionSubmitted
    | CorrectiveActionAccepted
    | CorrectiveActionRefused
    | FindingClosed
    | FindingReopened
)


class AssuranceWriter:
    """Applies events in order. ``assurance`` is the address of the assurance registry."""

    def __init__(self, database: Database, assurance: bytes) -> None:
        self._database = database
        self._address = assurance

    def write(self, event: AssuranceEvent, position: int) -> None:
        """Apply an event of the assurance registry.

        Raises:
            VerificationError: it is about a finding that was never raised.
        """
        match event:
            case EvidenceRecorded():
                self._evidence(event, position)
            case Assessed():
                self._assessed(event, position)
            case FindingRaised():
                self._raised(event, position)
            case MandatoryChanged():
                self._mandatory(event, position)
            case (
                CorrectiveActionSubmitted()
                | CorrectiveActionAccepted()
                | CorrectiveActionRefused()
                | FindingClosed()
                | FindingReopened()
            ):
                self._advance(event, position)
            case _:
                assert_never(event)

    def announce(self, event: ManagerEvent, position: int) -> None:
        """Note what is announced of requirements; forget it once it is enacted or withdrawn."""
        match event:
            case OperationScheduled():
                self._scheduled(event, position)
            case OperationExecuted() | OperationCanceled():
                self._database.run("DELETE FROM main.proposal WHERE operation = ?", [event.operation])
            case _:
                assert_never(event)

    def _scheduled(self, event: OperationScheduled, position: int) -> None:
        if event.target != self._address or event.data[:4] != SET_MANDATORY:
            return
        try:
            role, kinds, bounds = values([_LABEL, array(_LABEL), array(uint(32))], event.data[4:])
        except VerificationError:
            return  # Anything may be announced; it could not be enacted.
        self._database.run(
            "INSERT INTO main.proposal VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (operation) DO UPDATE SET"
            " role = excluded.role, kinds = excluded.kinds, bounds = excluded.bounds,"
            " ready_at = excluded.ready_at, position = excluded.position",
            (event.operation, role, json.dumps(kinds), json.dumps(bounds), event.schedule, position),
        )

    def _evidence(self, event: EvidenceRecorded, position: int) -> None:
        self._database.run(
            "INSERT INTO main.evidence VALUES (?, ?, ?, ?, ?, ?)",
            (position, event.digest, event.uri, event.kind, event.issuer, event.recorded_by),
        )

    def _assessed(self, event: Assessed, position: int) -> None:
        self._database.run(
            "INSERT INTO main.assessment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(id_blob(event.assessment), event.assessor, event.identifier, event.participant),
                *(_given(event.facility), event.kind, event.scheme, event.value),
                *(str(event.valid_from), str(event.valid_until), event.issuer, str(event.occurred_at)),
                *(evidence_text(event.evidence), position),
            ),
        )

    def _raised(self, event: FindingRaised, position: int) -> None:
        due_at, occurred_at = str(event.due_at), str(event.occurred_at)
        self._database.run(
            "INSERT INTO main.finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(id_blob(event.finding), event.raised_by, event.identifier, event.participant),
                *(_given(event.facility), _given(event.batch)),
                *(int(event.severity), event.category, event.description),
                *(int(FindingState.OPEN), due_at, occurred_at, position),
            ),
        )
        step = ("raised", int(FindingState.OPEN), event.raised_by, event.description, due_at, occurred_at)
        self._step(position, id_blob(event.finding), step, event.evidence)

    def _mandatory(self, event: MandatoryChanged, position: int) -> None:
        self._database.run(
            "INSERT INTO main.mandatory VALUES (?, ?, ?, ?)",
            (position, event.role, json.dumps(event.kinds), json.dumps(event.bounds)),
        )

    def _advance(self, event: _Step, position: int) -> None:
        """A step of a finding that was raised."""
        finding = id_blob(event.finding)
        row = self._database.one("SELECT due_at FROM finding WHERE id = ?", [finding])
        if row is None:
            raise VerificationError(
                f"the chain changes a finding {id_text(event.finding)} that was never raised"
            )
        due_at = str(event.due_at) if isinstance(event, FindingReopened) else row[0]
        step, state, text = _advanced(event)
        self._database.run(
            "UPDATE main.finding SET state = ?, due_at = ? WHERE id = ?", (int(state), due_at, finding)
        )
        taken = (step, int(state), event.changed_by, text, due_at, str(event.occurred_at))
        self._step(position, finding, taken, event.evidence)

    def _step(
        self, position: int, finding: bytes, step: tuple[Any, ...], evidence: tuple[Evidence, ...]
    ) -> None:
        self._database.run(
            "INSERT INTO main.finding_step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (position, finding, *step, evidence_text(evidence)),
        )


def _given(number: int) -> bytes | None:
    return id_blob(number) if number else None


def _advanced(event: _Step) -> tuple[str, FindingState, str]:
    """What a step is called, where the finding stands after it, and what it says."""
    match event:
        case CorrectiveActionSubmitted(corrective_action=text):
            return "action_submitted", FindingState.ACTION_SUBMITTED, text
        case CorrectiveActionAccepted():
            return "action_accepted", FindingState.ACTION_ACCEPTED, ""
        case CorrectiveActionRefused(reason=text):
            return "action_refused", FindingState.OPEN, text
        case FindingClosed():
            return "closed", FindingState.CLOSED, ""
        case FindingReopened(reason=text):
            return "reopened", FindingState.OPEN, text
        case _:
            assert_never(event)
