"""What each operation reads and writes, and so which operations must keep their order.

Two operations that touch the same thing, at least one of them writing it, keep the order of the file. All
others may run in any order with the same result: ids follow from names, and every pool is one batch's own.

Example:
    >>> mint, ship, other = (
    ...     Touched(reads=frozenset({("participant", 1)}), writes=frozenset({("batch", batch)}))
    ...     for batch in (7, 7, 8))
    >>> order([mint, ship, other])
    [(), (0,), ()]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from traceledger.model.ids import shipment_id, transformation_id
from traceledger.operations import assurance
from traceledger.operations import catalogue as ops
from traceledger.operations.directory import Directory

Entity = tuple[str, int | str]
"""A thing on the ledger: its kind, and its id, address (as a number) or name."""

_MANDATORY: Entity = ("mandatory", 0)
"""Which assessments are mandatory: whoever acts depends on it."""


@dataclass(frozen=True, slots=True)
class Touched:
    """The things that an operation depends on (``reads``), and those that it changes (``writes``)."""

    reads: frozenset[Entity]
    writes: frozenset[Entity]


def order(operations: Sequence[Touched]) -> list[tuple[int, ...]]:
    """For each operation the positions of those before it that it must follow.

    Those that must be followed anyway, through another in between, may be left out.
    """
    writer: dict[Entity, int] = {}
    readers: dict[Entity, list[int]] = {}
    found = []
    for position, touched in enumerate(operations):
        needs = {writer[entity] for entity in touched.reads | touched.writes if entity in writer}
        for entity in touched.writes:
            needs.update(readers.pop(entity, ()))
            writer[entity] = position
        for entity in touched.reads - touched.writes:
            readers.setdefault(entity, []).append(position)
        needs.discard(position)
        found.append(tuple(sorted(needs)))
    return found


@dataclass(slots=True)
class Dependencies:
    """Says what operations touch, in a file's order. ``names`` has just learned what each one creates."""

    names: Directory
    _subjects: dict[int, bytes] = field(default_factory=dict)

    def of(self, operation: ops.Operation) -> Touched:
        """What an operation touches, besides what whoever acts depends on.

        Raises:
            UnknownNameError: it names something unknown.
        """
        own = self.names.participant(operation.act_as) if operation.act_as else None
        reads, writes = _TOUCHED[type(operation)](operation, own, self)
        acting = set() if own is None else {_participant(own), _MANDATORY}
        return Touched(frozenset(acting | set(reads)) - frozenset(writes), frozenset(writes))

    def subject(self, finding: int) -> bytes | None:
        """Whom a finding is about."""
        if finding in self._subjects:
            return self._subjects[finding]
        known = self.names.known.finding(finding)
        return known.participant if known else None

    def raised(self, finding: int, subject: bytes) -> None:
        """A finding about that participant will be raised."""
        self._subjects[finding] = subject


Found = tuple[Iterable[Entity], Iterable[Entity]]
"""What is read, what is written."""


def _participant(address: bytes) -> Entity:
    return "participant", int.from_bytes(address, "big")


def _batches(names: Iterable[str], own: bytes | None, known: Directory) -> list[Entity]:
    return [("batch", known.batch(name, own)) for name in names]


def _define_material(op: ops.DefineMaterial, _: bytes | None, known: Dependencies) -> Found:
    return [], [("material", known.names.material(op.material))]


def _register_participant(op: ops.RegisterParticipant, _: bytes | None, known: Dependencies) -> Found:
    address = known.names.participant(op.participant)
    return [_MANDATORY], [_participant(address), _operator(address), ("slug", op.participant)]


def _operator(address: bytes) -> Entity:
    return "operator", int.from_bytes(address, "big")


def _status(op: Any, _: bytes | None, known: Dependencies) -> Found:
    return [], [_participant(known.names.participant(op.participant))]


def _operators(op: Any, _: bytes | None, known: Dependencies) -> Found:
    keys = [op.operator, *([op.successor] if isinstance(op, ops.RotateOperator) else [])]
    return [], [_participant(known.names.participant(op.participant)), *map(_operator, keys)]


def _register_facility(op: ops.RegisterFacility, own: bytes | None, known: Dependencies) -> Found:
    return [], [("facility", known.names.facility(op.facility, own))]


def _approve_origin(op: ops.ApproveOrigin, own: bytes | None, known: Dependencies) -> Found:
    facility, material = known.names.facility(op.facility, own), known.names.material(op.material)
    return [("facility", facility), ("material", material)], [_approval(facility, material)]


def _approval(facility: int, material: int) -> Entity:
    return "approval", f"{facility:x}/{material:x}"


def _mint(op: ops.Mint, own: bytes | None, known: Dependencies) -> Found:
    facility, material = known.names.facility(op.facility, own), known.names.material(op.material)
    reads = [("facility", facility), ("material", material), _approval(facility, material)]
    return reads, _batches([op.batch], own, known.names)


def _split(op: ops.Split, own: bytes | None, known: Dependencies) -> Found:
    return [], _batches([op.batch, *(child.batch for child in op.into)], own, known.names)


def _ship(op: ops.Ship, own: bytes | None, known: Dependencies) -> Found:
    receiver = _participant(known.names.participant(op.to))
    return [receiver], [_shipment(op.shipment, own, known), *_batches(op.batches, own, known.names)]


def _shipment(name: str, own: bytes | None, known: Dependencies) -> Entity:
    found = known.names.shipment(name, own)
    return "shipment", shipment_id(found.sender, found.identifier)


def _answer(op: ops.Receive | ops.Reject | ops.Cancel, own: bytes | None, known: Dependencies) -> Found:
    batches: list[Entity] = [("batch", batch) for batch in known.names.shipment(op.shipment, own).batches]
    return [], [_shipment(op.shipment, own, known), *batches]


def _transform(op: ops.Transform, own: bytes | None, known: Dependencies) -> Found:
    names = known.names
    reads: list[Entity] = [("material", names.material(item.material)) for item in op.outputs]
    reads.append(("facility", names.facility(op.facility, own)))
    batches = _batches([*(i.batch for i in op.inputs), *(o.batch for o in op.outputs)], own, names)
    owner, identifier = names.split_name(op.transformation, own, "transformation")
    return reads, [("transformation", transformation_id(owner, identifier)), *batches]


def _one_batch(op: Any, own: bytes | None, known: Dependencies) -> Found:
    return [], _batches([op.batch], own, known.names)


def _evidence(op: assurance.RecordEvidence, _: bytes | None, __: Dependencies) -> Found:
    return [], [("evidence", op.sha256.hex())]


def _about(op: assurance.Assess | assurance.RaiseFinding, known: Dependencies) -> tuple[bytes, list[Entity]]:
    """The participant that a statement is about, and the facility if it is about one."""
    if op.facility is None:
        return known.names.participant(op.participant or ""), []
    facility = known.names.facility(op.facility, None)
    return known.names.split_name(op.facility, None, "facility")[0], [("facility", facility)]


def _assess(op: assurance.Assess, own: bytes | None, known: Dependencies) -> Found:
    subject, reads = _about(op, known)
    return reads, [_participant(subject), ("assessment", f"{own!r}/{op.assessment}")]


def _raise_finding(op: assurance.RaiseFinding, own: bytes | None, known: Dependencies) -> Found:
    subject, reads = _about(op, known)
    finding = known.names.finding(op.finding, own)
    known.raised(finding, subject)
    return reads, [_participant(subject), ("finding", finding)]


def _finding(op: Any, own: bytes | None, known: Dependencies) -> Found:
    finding = known.names.finding(op.finding, own)
    subject = known.subject(finding)
    return [], [("finding", finding), *([] if subject is None else [_participant(subject)])]


def _mandatory(_: Any, __: bytes | None, ___: Dependencies) -> Found:
    return [], [_MANDATORY]


_TOUCHED: Mapping[type, Callable[[Any, bytes | None, Dependencies], Found]] = {
    ops.DefineMaterial: _define_material,
    ops.RegisterParticipant: _register_participant,
    ops.SuspendParticipant: _status,
    ops.ReinstateParticipant: _status,
    ops.TerminateParticipant: _status,
    ops.AddOperator: _operators,
    ops.RevokeOperator: _operators,
    ops.RotateOperator: _operators,
    ops.RegisterFacility: _register_facility,
    ops.ApproveOrigin: _approve_origin,
    ops.Mint: _mint,
    ops.Split: _split,
    ops.Ship: _ship,
    ops.Receive: _answer,
    ops.Reject: _answer,
    ops.Cancel: _answer,
    ops.Transform: _transform,
    ops.AddEmissions: _one_batch,
    ops.Retire: _one_batch,
    ops.DeclareError: _one_batch,
    assurance.RecordEvidence: _evidence,
    assurance.Assess: _assess,
    assurance.RaiseFinding: _raise_finding,
    assurance.SubmitCorrectiveAction: _finding,
    assurance.AcceptCorrectiveAction: _finding,
    assurance.RefuseCorrectiveAction: _finding,
    assurance.CloseFinding: _finding,
    assurance.ReopenFinding: _finding,
    assurance.ProposeRequirement: _mandatory,
    assurance.EnactRequirement: _mandatory,
}

_ONCE = (
    ops.DefineMaterial,
    ops.RegisterParticipant,
    ops.RegisterFacility,
    ops.AddOperator,
    ops.RevokeOperator,
    ops.RotateOperator,
    ops.Mint,
    ops.Split,
    ops.Ship,
    ops.Receive,
    ops.Reject,
    ops.Cancel,
    ops.Transform,
    ops.Retire,
    ops.DeclareError,
    assurance.Assess,
    assurance.RaiseFinding,
)


def repeatable(operation: ops.Operation) -> bool:
    """Whether the contracts would let the very same operation happen twice."""
    return not isinstance(operation, _ONCE)
