"""Writes participants, facilities, materials and approvals into the index, in the caller's transaction."""

from __future__ import annotations

import json
from typing import assert_never

from traceledger.events import (
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
from traceledger.index import rows
from traceledger.index.database import Database
from traceledger.index.schema import id_blob
from traceledger.model.registry import ParticipantState


class RegistryWriter:
    """Applies the registry's events in order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, event: RegistryEvent, position: int) -> None:
        """Apply an event of the participant registry."""
        match event:
            case ParticipantRegistered():
                self._participant(event, position)
            case ParticipantStatusChanged():
                self._status(event, position)
            case OperatorAdded():
                self._operator(event, position)
            case OperatorRevoked():
                self._revoked(event)
            case FacilityRegistered():
                self._facility(event, position)
            case MaterialDefined():
                self._material(event, position)
            case OriginApproved():
                self._approval(event, position)
            case ActGuardChanged():
                pass  # Whom the registry asks is the contracts' affair; the log itself is kept.
            case _:
                assert_never(event)

    def _participant(self, event: ParticipantRegistered, position: int) -> None:
        state = int(ParticipantState.ACTIVE)
        values = (event.participant, event.slug, event.name, event.country, json.dumps(event.roles), state)
        self._database.run("INSERT INTO participant VALUES (?, ?, ?, ?, ?, ?, ?)", (*values, position))
        # The registry adds the first key itself, after this event; readers want it there at once.
        self._operator(OperatorAdded(event.participant, event.participant, event.participant), position)

    def _status(self, event: ParticipantStatusChanged, position: int) -> None:
        state = int(event.state)
        self._database.run("UPDATE participant SET state = ? WHERE address = ?", (state, event.participant))
        evidence = rows.evidence_text(event.evidence)
        why = (event.changed_by, event.reason, str(event.occurred_at), evidence)
        self._database.run(
            "INSERT INTO standing_change VALUES (?, ?, ?, ?, ?, ?, ?)",
            (position, event.participant, state, *why),
        )

    def _operator(self, event: OperatorAdded, position: int) -> None:
        self._database.run(
            "INSERT INTO operator VALUES (?, ?, 0, ?) ON CONFLICT (address) DO UPDATE SET revoked = 0",
            (event.operator, event.participant, position),
        )

    def _revoked(self, event: OperatorRevoked) -> None:
        self._database.run("UPDATE operator SET revoked = 1 WHERE address = ?", [event.operator])

    def _facility(self, event: FacilityRegistered, position: int) -> None:
        texts = (event.identifier, event.name, event.kind, event.country)
        place = (event.latitude, event.longitude) if event.located else (None, None)
        self._database.run(
            "INSERT INTO facility VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (id_blob(event.facility), event.participant, *texts, *place, position),
        )

    def _material(self, event: MaterialDefined, position: int) -> None:
        texts = (event.slug, event.name, event.cas, json.dumps(event.substances))
        terms = (int(event.terms.waste), int(event.terms.product))
        self._database.run(
            "INSERT INTO material VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (id_blob(event.material), *texts, *terms, position),
        )

    def _approval(self, event: OriginApproved, position: int) -> None:
        self._database.run(
            "INSERT INTO approval VALUES (?, ?, ?, ?) ON CONFLICT (facility, material)"
            " DO UPDATE SET capacity = excluded.capacity",
            (id_blob(event.facility), id_blob(event.material), str(event.capacity_mg), position),
        )
