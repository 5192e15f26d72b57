"""Putting commitments in place of what an operation keeps private, before it is planned.

What can be private is a participant's or facility's name, the identifiers of a facility, batch, shipment or
transformation that the operation makes, and evidence. docs/privacy.md says what stays visible.

Example:
    >>> sorted(kind.value for kind in FieldKind)[:2]
    ['batch', 'evidence']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from traceledger.errors import InputError
from traceledger.model.commitments import PREFIX, FieldKind, evidence_text, is_commitment
from traceledger.model.evidence import Evidence
from traceledger.operations import assurance
from traceledger.operations import catalogue as ops
from traceledger.operations.directory import Directory, Kind
from traceledger.operations.plan_parts import acting, new_text


def concealed(operation: ops.Operation, participant: bytes | None, names: Directory) -> ops.Operation:
    """The operation as it goes on chain: with commitments, if it says that it is private.

    Args:
        operation: as it was submitted.
        participant: who acts; ``None``: the consortium.
        names: knows the openings, and learns those that are made.

    Raises:
        InputError: nothing of it can be private, or a coordinate would give a private place away.
    """
    if not getattr(operation, "private", False):
        return operation
    changes = _Concealing(participant, names).changes(operation)
    if not changes:
        raise InputError(
            f"nothing in this {operation.op.replace('_', ' ')} can be private",
            where="private",
            hint="names, identifiers of what it makes and evidence can; see docs/privacy.md",
        )
    return replace(operation, **changes)


class Recorded(Protocol):
    """What is asked of the index before something new is kept private."""

    def identifiers(self, creator: bytes, beginning: str) -> Sequence[str]:
        """Identifiers of the batches that a participant made, of those that begin so."""


def keep_openings(names: Directory, known: Recorded) -> None:
    """Store durably what was committed to while planning. It comes before sending.

    Whoever adds private texts must be able to open all private batches that it made before: else this may be
    an operation that ran already, on a machine whose salts are not here, and it would run twice.

    Args:
        names: with which was planned.
        known: the index.

    Raises:
        InputError: openings are missing, or those made cannot be stored; then nothing may be sent.
    """
    drafts = names.private
    if drafts is None:
        return
    for owner in dict.fromkeys(opening.owner for opening in drafts.made):
        missing = set(filter(is_commitment, known.identifiers(owner, PREFIX)))
        missing -= drafts.stored.all_commitments(FieldKind.BATCH, owner)
        if missing:
            raise InputError(
                f"{len(missing)} private batches of {names.slug(owner)} cannot be opened here, so that an"
                " operation might run twice",
                hint="first run: traceledger disclosure import FILE",
            )
    drafts.save()


@dataclass(frozen=True, slots=True)
class _Concealing:
    participant: bytes | None
    names: Directory

    def changes(self, operation: ops.Operation) -> dict[str, Any]:
        """The fields that change, by name."""
        changes = self._names_in(operation)
        if isinstance(operation, assurance.RecordEvidence):
            hidden = self._evidence(Evidence(operation.uri, operation.sha256))
            return changes | {"uri": hidden.uri, "sha256": hidden.sha256}
        evidence: Sequence[Evidence] = getattr(operation, "evidence", ())
        return changes | ({"evidence": tuple(map(self._evidence, evidence))} if evidence else {})

    def _names_in(self, operation: ops.Operation) -> dict[str, Any]:
        match operation:
            case ops.RegisterParticipant(address=address, name=name):
                return {"name": self._commit(FieldKind.PARTICIPANT_NAME, address, name) if address else name}
            case ops.RegisterFacility():
                return self._facility(operation)
            case ops.Mint(batch=batch):
                return {"batch": self._identifier("batch", batch)}
            case ops.Split(into=into):
                return {"into": self._batches(into)}
            case ops.Ship(shipment=shipment):
                return {"shipment": self._identifier("shipment", shipment)}
            case ops.Transform():
                run = self._identifier("transformation", operation.transformation)
                return {"transformation": run, "outputs": self._batches(operation.outputs)}
            case ops.DeclareError(corrective=corrective) if corrective:
                return {"corrective": tuple(self._corrective(name, operation.batch) for name in corrective)}
            case _:
                return {}

    def _corrective(self, name: str, wrong: str) -> str:
        """One's own corrective batch that does not exist yet will be private too."""
        creator = self.names.recorded_name(wrong, self.participant, "batch")[0]
        owner, text = self.names.split_name(name, creator, "batch")
        new = owner == creator == self.participant and self.names.recorded("batch", owner, text) is None
        return self._commit(FieldKind.BATCH, owner, text) if new else name

    def _facility(self, operation: ops.RegisterFacility) -> dict[str, Any]:
        for field in ("latitude", "longitude"):
            if getattr(operation, field) is not None:
                raise InputError(
                    "a coordinate would say which private facility it is", where=field, hint="leave it out"
                )
        changes: dict[str, Any] = {"facility": self._identifier("facility", operation.facility)}
        if operation.name is not None:
            own = acting(self.participant)
            changes["name"] = self._commit(FieldKind.FACILITY_NAME, own, operation.name)
        return changes

    def _batches(self, items: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(replace(item, batch=self._identifier("batch", item.batch)) for item in items)

    def _identifier(self, what: Kind, name: str) -> str:
        own = acting(self.participant)
        text = new_text(name, own, self.names, what)
        if self.names.holds(what, own, text):
            raise InputError(f"{what} {name!r} is public already", hint="choose another name")
        known = self.names.recorded(what, own, text)
        return known or self._commit(FieldKind(what), own, text)

    def _evidence(self, evidence: Evidence) -> Evidence:
        owner = self.participant or self.names.consortium
        if owner is None:
            raise InputError("whose evidence it is is not known", where="as", hint="name who acts")
        commitment = self._commit(FieldKind.EVIDENCE, owner, evidence_text(evidence))
        return Evidence(commitment, bytes.fromhex(commitment.removeprefix(PREFIX)))

    def _commit(self, kind: FieldKind, owner: bytes, text: str) -> str:
        if self.names.private is None:
            raise InputError("there is nowhere to keep what is private", where="private")
        if is_commitment(text):
            raise InputError("this is a commitment already", hint="give the text itself")
        return self.names.private.commit(kind, owner, text)
