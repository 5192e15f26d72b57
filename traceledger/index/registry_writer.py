"""Writes participants, facilities, materials and approvals into the index, in the caller's transaction."""

from __future__ import annotations

import json
from typing import assert_never

from traceledger.events import (
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
            case RolesChanged() | ParticipantRenamed() | CountryChanged() | Identified():
                self._corrected(event, position)
            case OperatorAdded() | OperatorRevoked() | OperatorsDisabled():
                self._key(event, position)
            case FacilityRegistered():
                self._facility(event, position)
            case FacilityOffered() | FacilityTransferred() | FacilityConfirmed():
                self._sale(event)
            case MaterialDefined():
                self._material(event, position)
            case MaterialAmended():
                self._amended(event)
            case OriginApproved():
                self._approval(event, position)
            case PauseChanged():
                self._database.run("INSERT INTO main.pause VALUES (?, ?)", (position, int(event.paused)))
            case ActGuardChanged() | ContentPermitted():
                pass  # Whom the registry asks and what it permits is the contracts' affair; the log is kept.
            case _:
                assert_never(event)

    def _participant(self, event: ParticipantRegistered, position: int) -> None:
        state = int(ParticipantState.ACTIVE)
        values = (event.participant, event.slug, event.name, event.country, json.dumps(event.roles), state)
        self._database.run(
            "INSERT INTO main.participant VALUES (?, ?, ?, ?, ?, ?, '{}', ?)", (*values, position)
        )
        # The registry adds the first key itself, after this event; readers want it there at once.
        self._added(event.participant, event.participant, position)

    def _status(self, event: ParticipantStatusChanged, position: int) -> None:
        state = int(event.state)
        self._database.run(
            "UPDATE main.participant SET state = ? WHERE address = ?", (state, event.participant)
        )
        evidence = rows.evidence_text(event.evidence)
        why = (event.changed_by, event.reason, str(event.occurred_at), evidence)
        self._database.run(
            "INSERT INTO main.standing_change VALUES (?, ?, ?, ?, ?, ?, ?)",
            (position, event.participant, state, *why),
        )

    def _corrected(
        self, event: RolesChanged | ParticipantRenamed | CountryChanged | Identified, position: int
    ) -> None:
        """What is said of a company or a site from now on."""
        match event:
            case RolesChanged():
                self._say("participant", "address", event.participant, "roles", json.dumps(event.roles))
            case ParticipantRenamed():
                self._say("participant", "address", event.participant, "name", event.name)
                self._remember(position, event.participant, 0)
            case CountryChanged():
                table, column, key = _site(event.participant, event.facility)
                self._say(table, column, key, "country", event.country)
                self._remember(position, event.participant, event.facility)
            case Identified():
                table, column, key = _site(event.participant, event.facility)
                row = self._database.one(f"SELECT identifiers FROM {table} WHERE {column} = ?", [key])  # noqa: S608
                known = rows.identifiers_from(row[0]) if row else ()
                said = rows.identifiers_text((*known, *event.identifiers))
                self._say(table, column, key, "identifiers", said)
                self._remember(position, event.participant, event.facility)
            case _:
                assert_never(event)

    def _remember(self, position: int, participant: bytes, facility: int) -> None:
        """Where it was said, for proofs."""
        site = id_blob(facility) if facility else None
        self._database.run("INSERT INTO main.corrected VALUES (?, ?, ?)", (position, participant, site))

    def _say(self, table: str, column: str, key: bytes, field: str, value: str) -> None:
        self._database.run(f"UPDATE main.{table} SET {field} = ? WHERE {column} = ?", (value, key))  # noqa: S608

    def _key(self, event: OperatorAdded | OperatorRevoked | OperatorsDisabled, position: int) -> None:
        match event:
            case OperatorAdded():
                self._added(event.operator, event.participant, position)
            case OperatorRevoked():
                self._database.run("UPDATE main.operator SET revoked = 1 WHERE address = ?", [event.operator])
            case OperatorsDisabled():
                self._database.run(
                    "UPDATE main.operator SET revoked = 1 WHERE participant = ?", [event.participant]
                )
            case _:
                assert_never(event)

    def _added(self, operator: bytes, participant: bytes, position: int) -> None:
        self._database.run(
            "INSERT INTO main.operator VALUES (?, ?, 0, ?) ON CONFLICT (address) DO UPDATE SET revoked = 0",
            (operator, participant, position),
        )

    def _facility(self, event: FacilityRegistered, position: int) -> None:
        texts = (event.identifier, event.name, event.kind, event.country)
        place = (event.latitude, event.longitude) if event.located else (None, None)
        self._database.run(
            "INSERT INTO main.facility VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, '{}', ?)",
            (id_blob(event.facility), event.participant, *texts, *place, event.participant, position),
        )

    def _sale(self, event: FacilityOffered | FacilityTransferred | FacilityConfirmed) -> None:
        """A facility changes hands: what it is called stays, findings about it go along (Rule 11)."""
        facility = id_blob(event.facility)
        match event:
            case FacilityOffered():
                to = event.to if any(event.to) else None
                self._database.run("UPDATE main.facility SET offered_to = ? WHERE id = ?", (to, facility))
            case FacilityTransferred():
                self._database.run(
                    "UPDATE main.facility SET holder = ?, offered_to = NULL, approvals_paused = 1"
                    " WHERE id = ?",
                    (event.to, facility),
                )
                self._database.run(
                    "UPDATE main.finding SET participant = ? WHERE facility = ?", (event.to, facility)
                )
            case FacilityConfirmed():
                self._database.run("UPDATE main.facility SET approvals_paused = 0 WHERE id = ?", [facility])
            case _:
                assert_never(event)

    def _material(self, event: MaterialDefined, position: int) -> None:
        texts = (event.slug, event.name, event.cas, json.dumps(event.substances))
        use = (int(event.terms.waste), int(event.terms.product), rows.limits_text(event.terms))
        self._database.run(
            "INSERT INTO main.material VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (id_blob(event.material), *texts, *use, position),
        )

    def _amended(self, event: MaterialAmended) -> None:
        said = (json.dumps(event.substances), rows.limits_text(event.terms), id_blob(event.material))
        self._database.run("UPDATE main.material SET substances = ?, limits = ? WHERE id = ?", said)

    def _approval(self, event: OriginApproved, position: int) -> None:
        where = (id_blob(event.facility), id_blob(event.material))
        said = (str(event.capacity_mg), str(event.approved_from), str(event.approved_until), position)
        for origin in event.kinds:
            self._database.run(
                "INSERT INTO main.approval VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (facility, material, origin) DO UPDATE SET capacity = excluded.capacity,"
                " first = excluded.first, last = excluded.last",
                (*where, int(origin), *said),
            )


def _site(participant: bytes, facility: int) -> tuple[str, str, bytes]:
    """Table, key column and key of a facility, or of the participant as a whole."""
    return ("facility", "id", id_blob(facility)) if facility else ("participant", "address", participant)
