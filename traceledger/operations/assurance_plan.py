"""From an operation of assurance to the contract call that performs it.

Example:
    >>> from traceledger.operations.assurance import EnactRequirement
    >>> EnactRequirement in PLANNERS
    True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from traceledger.artifacts.calls import encode
from traceledger.errors import InputError
from traceledger.operations import assurance as ops
from traceledger.operations.directory import Directory
from traceledger.operations.plan_parts import Planned, acting, documents, own_identifier, padded

_WHOLE = 0
"""In place of a facility: the participant as a whole."""


def _author(participant: bytes | None, names: Directory) -> bytes:
    """Whose the name of something new is: the participant's that acts, or the consortium's."""
    author = participant or names.consortium
    if author is None:
        return acting(None)
    return author


def _subject(op: Any, names: Directory) -> tuple[bytes, int]:
    """Address of the participant that is meant, and the facility, or zero for the participant as a whole."""
    if (op.participant is None) == (op.facility is None):
        raise InputError("either a participant or a facility is meant", where="participant")
    if op.facility is None:
        return names.participant(op.participant), _WHOLE
    facility = names.facility(op.facility, None)
    return names.split_name(op.facility, None, "facility")[0], facility


def _record_evidence(op: ops.RecordEvidence, _: bytes | None, __: Directory) -> Planned:
    return "AssuranceRegistry", "recordEvidence", (op.sha256, op.uri, padded(op.kind, 32), op.issuer)


def _assess(op: ops.Assess, participant: bytes | None, names: Directory) -> Planned:
    author = _author(participant, names)
    identifier = own_identifier(op.assessment, author, names, "assessment")
    address, facility = _subject(op, names)
    names.add_assessment(author, identifier)
    request = (
        identifier,
        address,
        facility,
        padded(op.kind, 32),
        padded(op.scheme, 32),
        _value(op),
        op.valid_from,
        op.valid_until,
        op.issuer,
        op.at,
        documents(op.evidence),
    )
    return "AssuranceRegistry", "assess", (request,)


def _value(op: ops.Assess) -> int:
    """The value of an assessment, under the name that its kind asks for."""
    given = {"score": op.score, "share": op.share, "rating": op.rating}
    measure = op.kind.measure
    for name, value in given.items():
        if value is not None and name != measure:
            hint = f"it has a {measure}" if measure else "it has no value"
            raise InputError(f"an assessment of kind {op.kind} has no {name}", where=name, hint=hint)
    value = given.get(measure, 0)
    if value is None:
        raise InputError(f"an assessment of kind {op.kind} needs a {measure}", where=measure)
    return int(value)


def _raise_finding(op: ops.RaiseFinding, participant: bytes | None, names: Directory) -> Planned:
    author = _author(participant, names)
    identifier = own_identifier(op.finding, author, names, "finding")
    address, facility = _subject(op, names)
    names.add_finding(author, identifier)
    request = (
        identifier,
        address,
        facility,
        int(op.severity),
        padded(op.category, 32),
        op.due,
        op.description,
        op.at,
        documents(op.evidence),
    )
    return "AssuranceRegistry", "raiseFinding", (request,)


def _submit_corrective_action(
    op: ops.SubmitCorrectiveAction, participant: bytes | None, names: Directory
) -> Planned:
    finding = names.finding(op.finding, acting(participant))
    return (
        "AssuranceRegistry",
        "submitCorrectiveAction",
        (finding, op.corrective_action, op.at, documents(op.evidence)),
    )


def _accept_corrective_action(
    op: ops.AcceptCorrectiveAction, participant: bytes | None, names: Directory
) -> Planned:
    finding = names.finding(op.finding, participant)
    return "AssuranceRegistry", "acceptCorrectiveAction", (finding, op.at, documents(op.evidence))


def _refuse_corrective_action(
    op: ops.RefuseCorrectiveAction, participant: bytes | None, names: Directory
) -> Planned:
    finding = names.finding(op.finding, participant)
    return "AssuranceRegistry", "refuseCorrectiveAction", (finding, op.reason, op.at, documents(op.evidence))


def _close_finding(op: ops.CloseFinding, participant: bytes | None, names: Directory) -> Planned:
    finding = names.finding(op.finding, participant)
    return "AssuranceRegistry", "closeFinding", (finding, op.at, documents(op.evidence))


def _reopen_finding(op: ops.ReopenFinding, participant: bytes | None, names: Directory) -> Planned:
    finding = names.finding(op.finding, participant)
    arguments = (finding, op.reason, op.due, op.at, documents(op.evidence))
    return "AssuranceRegistry", "reopenFinding", arguments


def _mandatory(op: ops.ProposeRequirement | ops.EnactRequirement) -> tuple[bytes, list[bytes]]:
    return padded(op.role, 32), [padded(kind, 32) for kind in op.kinds]


def _propose_requirement(op: ops.ProposeRequirement, _: bytes | None, names: Directory) -> Planned:
    if names.assurance is None:
        raise InputError("the assurance registry is not known", hint="see docs/networks.md")
    call = encode("AssuranceRegistry", "setMandatory", *_mandatory(op))
    return "AccessManager", "schedule", (names.assurance, call, 0)


def _enact_requirement(op: ops.EnactRequirement, _: bytes | None, __: Directory) -> Planned:
    return "AssuranceRegistry", "setMandatory", _mandatory(op)


PLANNERS: Mapping[type, Callable[[Any, bytes | None, Directory], Planned]] = {
    ops.RecordEvidence: _record_evidence,
    ops.Assess: _assess,
    ops.RaiseFinding: _raise_finding,
    ops.SubmitCorrectiveAction: _submit_corrective_action,
    ops.AcceptCorrectiveAction: _accept_corrective_action,
    ops.RefuseCorrectiveAction: _refuse_corrective_action,
    ops.CloseFinding: _close_finding,
    ops.ReopenFinding: _reopen_finding,
    ops.ProposeRequirement: _propose_requirement,
    ops.EnactRequirement: _enact_requirement,
}
"""By operation: what gives its call."""
