"""Reads evidence, assessments, findings and what is mandatory, and tells who may act."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from traceledger.errors import UnknownNameError
from traceledger.index.database import Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.registry_reader import RegistryReader
from traceledger.index.rows import evidence_from
from traceledger.index.schema import blob_id, id_blob
from traceledger.index.standing import Facts, standing
from traceledger.model.assurance import (
    Assessment,
    Finding,
    FindingState,
    FindingStep,
    Requirement,
    RequirementProposal,
    Severity,
)
from traceledger.model.evidence import EvidenceRecord
from traceledger.model.hexadecimal import hexed
from traceledger.model.registry import ParticipantState
from traceledger.model.standing import Standing, StandingChange

Item = TypeVar("Item")
_ASSESSMENTS = """SELECT id, assessor, identifier, participant, facility, kind, scheme, value, valid_from,
    valid_until, issuer, occurred_at, (SELECT timestamp FROM block WHERE number = position >> 24), evidence
    FROM assessment"""
_FINDINGS = """SELECT id, auditor, identifier, participant, facility, severity, category, description, state,
    due_at, occurred_at, batch FROM finding"""
_STEPS = """SELECT finding, step, state, changed_by, text, due_at, occurred_at,
    (SELECT timestamp FROM block WHERE number = position >> 24), evidence FROM finding_step"""
_STEPS_OF_PARTICIPANT = """SELECT step.finding, step.step, step.state, step.changed_by, step.text,
    step.due_at, step.occurred_at, timestamp, step.evidence
    FROM finding_step AS step JOIN finding ON finding.id = step.finding
    JOIN block ON number = step.position >> 24 WHERE ? IS NULL OR participant = ? ORDER BY step.position"""
_EVIDENCE = """SELECT sha256, uri, kind, issuer, recorded_by,
    (SELECT timestamp FROM block WHERE number = position >> 24) FROM evidence"""
_MANDATORY = """SELECT role, kinds, bounds FROM mandatory JOIN block ON number = position >> 24
    WHERE ? IS NULL OR timestamp <= ? ORDER BY position"""
_CHANGE = """state, changed_by, reason, occurred_at,
    (SELECT timestamp FROM block WHERE number = position >> 24), evidence FROM standing_change"""
_STANDING_CHANGES = f"SELECT {_CHANGE}"
_ALL_CHANGES = f"SELECT participant, {_CHANGE}"


class AssuranceReader:
    """The assurance side of the index.

    Args:
        database: the index file.
        registry: the registry's side.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, registry: RegistryReader, disclosure: Disclosure) -> None:
        self._database = database
        self._registry = registry
        self._disclosure = disclosure

    def evidence(self, kind: str | None = None, recorded_by: bytes | None = None) -> list[EvidenceRecord]:
        """Documents on record, in the order in which they were recorded.

        Args:
            kind: only those of this kind.
            recorded_by: only those that this participant (address) recorded.
        """
        rows = self._select(_EVIDENCE, {"kind": kind, "recorded_by": recorded_by})
        return [self._disclosure.record(EvidenceRecord(*row)) for row in rows]

    def assessments(
        self,
        participant: bytes | None = None,
        facility: int | None = None,
        kind: str | None = None,
    ) -> list[Assessment]:
        """Assessments in the order in which they were recorded.

        Args:
            participant: only those of this participant (address) and its facilities.
            facility: only those of this facility (id).
            kind: only those of this kind.
        """
        wanted = {
            "participant": participant,
            "facility": None if facility is None else id_blob(facility),
            "kind": kind,
        }
        found = self._select(_ASSESSMENTS, wanted)
        return [self._disclosure.assessment(_assessment(row)) for row in found]

    def assessment(self, assessment: int) -> Assessment | None:
        """The assessment of that id."""
        rows = self._select(_ASSESSMENTS, {"id": id_blob(assessment)})
        return self._disclosure.assessment(_assessment(rows[0])) if rows else None

    def findings(
        self,
        participant: bytes | None = None,
        state: FindingState | None = None,
        severity: Severity | None = None,
    ) -> list[Finding]:
        """Findings as they stand now, with their history, in the order in which they were raised.

        Args:
            participant: only those about this participant (address) and its facilities.
            state: only those that stand so.
            severity: only those of this severity.
        """
        wanted = {
            "participant": participant,
            "state": None if state is None else int(state),
            "severity": None if severity is None else int(severity),
        }
        rows = self._select(_FINDINGS, wanted)
        steps: dict[bytes, list[FindingStep]] = {row[0]: [] for row in rows}
        for blob, *step in self._database.all(_STEPS_OF_PARTICIPANT, [participant, participant]):
            if blob in steps:
                steps[blob].append(_step(step))
        return [self._disclosure.finding(_finding(row, steps[row[0]])) for row in rows]

    def finding(self, finding: int) -> Finding | None:
        """The finding of that id, with its history."""
        rows = self._select(_FINDINGS, {"id": id_blob(finding)})
        if not rows:
            return None
        steps = self._select(_STEPS, {"finding": id_blob(finding)})
        return self._disclosure.finding(_finding(rows[0], [_step(step[1:]) for step in steps]))

    def mandatory(self, role: str | None = None) -> dict[str, tuple[Requirement, ...]]:
        """By role, the kinds of assessment that its participants need; roles that need none are left out.

        Args:
            role: only this one.
        """
        return {each: kinds for each, kinds in self._mandatory_at(None).items() if role in (None, each)}

    def _mandatory_at(self, at: int | None) -> dict[str, tuple[Requirement, ...]]:
        rows = self._database.all(_MANDATORY, [at, at])
        found = {role: _requirements(kinds, bounds) for role, kinds, bounds in rows}
        return {role: kinds for role, kinds in found.items() if kinds}

    def proposals(self) -> list[RequirementProposal]:
        """Changes of what is mandatory that are announced and not in force, in the order of announcement."""
        rows = self._database.all("SELECT role, kinds, bounds, ready_at FROM proposal ORDER BY position")
        return [RequirementProposal(role, _requirements(*listed), ready) for role, *listed, ready in rows]

    def standing_changes(self, participant: bytes) -> list[StandingChange]:
        """When and why a participant (address) was suspended, reinstated or terminated, in order."""
        return [self._changed(row) for row in self._select(_STANDING_CHANGES, {"participant": participant})]

    def standing(self, participant: bytes, *, at: int) -> Standing:
        """Whether the contracts would let a participant act in a block of that time, and if not, why.

        Args:
            participant: its address.
            at: UTC seconds. What was recorded later does not count.

        Raises:
            UnknownNameError: there is no such participant.
        """
        known = self._registry.participant_at(participant)
        if known is None:
            raise UnknownNameError(f"there is no participant {hexed(participant)}")
        facts = Facts(
            roles=known.roles,
            changes=self.standing_changes(participant),
            findings=self.findings(participant, severity=Severity.CRITICAL),
            assessments=self.assessments(participant),
            mandatory=self._mandatory_at(at),
        )
        return standing(participant, facts, at)

    def has_open_findings(self) -> bool:
        """Whether any finding is not closed."""
        query = "SELECT 1 FROM finding WHERE state <> ? LIMIT 1"
        return self._database.one(query, [int(FindingState.CLOSED)]) is not None

    def standings(self, *, at: int) -> dict[bytes, Standing]:
        """How those stand whom the contracts would not let act, here or anywhere, in a block of that time.

        By address; asked with few questions, however many participants there are.

        Args:
            at: UTC seconds. What was recorded later does not count.
        """
        mandatory = self._mandatory_at(at)
        # Without a mandatory assessment only these can stand in anybody's way.
        changes = self._changes()
        findings = grouped((each.participant, each) for each in self.findings(severity=Severity.CRITICAL))
        roles = dict[bytes, tuple[str, ...]](dict.fromkeys((*changes, *findings), ()))
        assessments: Mapping[bytes, Sequence[Assessment]] = {}
        if mandatory:
            listed = self._database.all("SELECT address, roles FROM participant")
            roles |= {address: tuple(json.loads(text)) for address, text in listed}
            assessments = grouped((each.participant, each) for each in self.assessments())
        found = {}
        for who, held in roles.items():
            known = changes.get(who, ()), findings.get(who, ()), assessments.get(who, ())
            found[who] = standing(who, Facts(held, *known, mandatory), at)
        return {who: each for who, each in found.items() if each.obstacles}

    def _changes(self) -> dict[bytes, list[StandingChange]]:
        rows = self._database.all(f"{_ALL_CHANGES} ORDER BY position")
        return grouped((who, self._changed(row)) for who, *row in rows)

    def _changed(self, row: Sequence[Any]) -> StandingChange:
        state, by, reason, occurred, at, evidence = row
        found = StandingChange(
            ParticipantState(state), by, reason, int(occurred), at, evidence_from(evidence)
        )
        return self._disclosure.standing_change(found)

    def _select(self, query: str, wanted: dict[str, Any]) -> list[tuple[Any, ...]]:
        """The rows in which the given columns hold what is wanted, in chain order."""
        given = {column: value for column, value in wanted.items() if value is not None}
        condition = " AND ".join(f"{column} = ?" for column in given)
        where = f" WHERE {condition}" if given else ""
        return self._database.all(f"{query}{where} ORDER BY position", list(given.values()))


def grouped(pairs: Iterable[tuple[bytes, Item]]) -> dict[bytes, list[Item]]:
    """Items by whom they are of, in their order."""
    found = defaultdict[bytes, list[Item]](list)
    for who, item in pairs:
        found[who].append(item)
    return dict(found)


def _assessment(row: Sequence[Any]) -> Assessment:
    (id_, assessor, identifier, participant, facility, kind, scheme, value, *times) = row
    valid_from, valid_until, issuer, occurred_at, recorded_at, evidence = times
    return Assessment(
        id=blob_id(id_),
        assessor=assessor,
        identifier=identifier,
        participant=participant,
        facility=None if facility is None else blob_id(facility),
        kind=kind,
        scheme=scheme,
        value=value,
        valid_from=int(valid_from),
        valid_until=int(valid_until),
        issuer=issuer,
        occurred_at=int(occurred_at),
        recorded_at=recorded_at,
        evidence=evidence_from(evidence),
    )


def _step(row: Sequence[Any]) -> FindingStep:
    step, state, changed_by, text, due_at, occurred_at, recorded_at, evidence = row
    return FindingStep(
        step=step,
        state=FindingState(state),
        changed_by=changed_by,
        text=text,
        due_at=int(due_at),
        occurred_at=int(occurred_at),
        recorded_at=recorded_at,
        evidence=evidence_from(evidence),
    )


def _finding(row: Sequence[Any], steps: Sequence[FindingStep]) -> Finding:
    (id_, auditor, identifier, participant, facility, severity, category, description, *rest) = row
    state, due_at, occurred_at, batch = rest
    return Finding(
        id=blob_id(id_),
        auditor=auditor,
        identifier=identifier,
        participant=participant,
        facility=None if facility is None else blob_id(facility),
        severity=Severity(severity),
        category=category,
        description=description,
        state=FindingState(state),
        due_at=int(due_at),
        occurred_at=int(occurred_at),
        steps=tuple(steps),
        batch=None if batch is None else blob_id(batch),
    )


def _requirements(kinds: str, bounds: str) -> tuple[Requirement, ...]:
    # A contract lists as many of the one as of the other; what is only announced may not.
    return tuple(map(Requirement, json.loads(kinds), json.loads(bounds)))
