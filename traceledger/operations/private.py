"""Putting commitments in place of what an operation keeps private, before it is planned.

The types of an operation's fields say which of them can be private (``fields.py``): a participant's or
facility's name, the identifiers of a facility, batch, shipment or transformation that it makes, and evidence.
docs/privacy.md says what stays visible.

Example:
    >>> sorted(kind.value for kind in FieldKind)[:2]
    ['batch', 'emissions_record']
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, assert_never

from traceledger.errors import InputError
from traceledger.model.commitments import PREFIX, FieldKind, evidence_text, is_commitment
from traceledger.model.evidence import Evidence
from traceledger.names import Owned
from traceledger.operations.actor import Actor
from traceledger.operations.base import Base, Hideable
from traceledger.operations.catalogue import Operation
from traceledger.operations.declared import Declared, declared
from traceledger.operations.directory import Directory
from traceledger.operations.fields import MAY_BE_PRIVATE, Clear


def concealed(operation: Operation, participant: bytes | None, names: Directory) -> Operation:
    """The operation as it goes on chain: with commitments, if it says that it is private.

    Args:
        operation: as it was submitted.
        participant: who acts; ``None``: the consortium.
        names: knows the openings, and learns those that are made.

    Raises:
        InputError: nothing of it can be private, or a coordinate would give a private place away.
    """
    if not isinstance(operation, Hideable) or not operation.private:
        return operation
    changes = operation.concealed(Hiding(Actor(participant, names)))
    _require_all(operation, changes)
    if not changes:
        raise InputError(
            f"nothing in this {operation.op.replace('_', ' ')} can be private",
            where="private",
            hint=f"{MAY_BE_PRIVATE} can; see docs/privacy.md",
        )
    return replace(operation, **changes)


class Recorded(Protocol):
    """What is asked of the index before something new is kept private."""

    def identifiers(self, creator: bytes, beginning: str) -> Sequence[str]:
        """Identifiers of the batches that a participant made, of those that begin so."""


def keep_openings(names: Directory, known: Recorded) -> None:
    """Store durably what was committed to while planning. It comes before sending.

    Args:
        names: with which was planned.
        known: the index.

    Raises:
        InputError: openings are missing, or those made cannot be stored; then nothing may be sent.
    """
    require_openings(names, known)
    if names.private is not None:
        names.private.save()


def require_openings(names: Directory, known: Recorded) -> None:
    """Refuse what might run twice, as private texts that it may repeat cannot be opened here.

    Whoever adds private texts must be able to open all private batches that it made before: else this may be
    an operation that ran already, on a machine whose salts are not here, and it would run twice.

    Args:
        names: with which was planned.
        known: the index.

    Raises:
        InputError: openings are missing; then nothing may be sent.
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


def hidden_fields(kind: type[Base]) -> tuple[str, ...]:
    """The fields of an operation that change where it is private: texts whose commitments go on chain."""
    return tuple(field.name for field in declared(kind) if any(_kinds(field)))


def _kinds(field: Declared) -> Iterator[FieldKind]:
    """What a field, or the parts in it, may keep private."""
    if isinstance(field.value.privacy, FieldKind):
        yield field.value.privacy
    for part in field.parts:
        yield from _kinds(part)


def _require_all(operation: Base, changes: Mapping[str, Any]) -> None:
    """Refuse an operation of which something would go on chain in clear that its types say can be private.

    Raises:
        TypeError: ``concealed`` of its class forgets a field.
    """
    forgotten = {
        name
        for name in hidden_fields(type(operation))
        if getattr(operation, name) not in (None, (), "") and name not in changes
    }
    if forgotten:
        raise TypeError(f"{operation.op} would give away {', '.join(sorted(forgotten))}")


@dataclass(frozen=True, slots=True)
class Hiding:
    """Puts commitments in place of what an operation keeps private.

    Attributes:
        actor: who acts; its names know what opens commitments, and learn what opens those that are made.
    """

    actor: Actor

    def declared(self, operation: Base, *, but: Collection[str] = ()) -> dict[str, Any]:
        """The fields that change by what their types say; those named in ``but`` are left to the operation.

        Raises:
            InputError: a field would give away what is hidden.
        """
        fields = [field for field in declared(type(operation)) if field.name not in but]
        for field in fields:
            if field.value.privacy is Clear.REVEALING and getattr(operation, field.name) is not None:
                raise InputError(
                    "a coordinate would say which private facility it is",
                    where=field.name,
                    hint="leave it out",
                )
        given = ((field, getattr(operation, field.name)) for field in fields if any(_kinds(field)))
        return {
            field.name: self._hidden(field, value) for field, value in given if value not in (None, (), "")
        }

    def _hidden(self, field: Declared, value: Any) -> Any:
        if field.parts:
            return tuple(self._part(field.parts, part) for part in value)
        kind = field.value.privacy
        if not isinstance(kind, FieldKind):
            return value
        match kind:
            case FieldKind.BATCH:
                return self.identifier("batch", value)
            case FieldKind.FACILITY:
                return self.identifier("facility", value)
            case FieldKind.SHIPMENT:
                return self.identifier("shipment", value)
            case FieldKind.TRANSFORMATION:
                return self.identifier("transformation", value)
            case FieldKind.PARTICIPANT_NAME | FieldKind.FACILITY_NAME | FieldKind.EMISSIONS_RECORD:
                return self.commit(kind, self.actor.acting(), value)
            case FieldKind.EVIDENCE:
                return tuple(map(self.evidence, value))
            case _:
                assert_never(kind)

    def _part(self, fields: Sequence[Declared], part: Any) -> Any:
        changes = {
            field.name: self._hidden(field, getattr(part, field.name))
            for field in fields
            if any(_kinds(field))
        }
        return replace(part, **changes)

    def identifier(self, what: Owned, name: str) -> str:
        """The commitment to the identifier of something new.

        Raises:
            InputError: it is public already, or would be another participant's.
        """
        own, text = self.actor.maker(what), self.actor.new_text(name, what)
        if self.actor.names.holds(what, own, text):
            raise InputError(f"{what} {name!r} is public already", hint="choose another name")
        known = self.actor.names.recorded(what, own, text)
        return known or self.commit(FieldKind(what), own, text)

    def evidence(self, evidence: Evidence) -> Evidence:
        """A document's commitment, in the form of a document.

        Raises:
            InputError: whose it is is not known.
        """
        owner = self.actor.own or self.actor.names.consortium
        if owner is None:
            raise InputError("whose evidence it is is not known", where="as", hint="name who acts")
        commitment = self.commit(FieldKind.EVIDENCE, owner, evidence_text(evidence))
        return Evidence(commitment, bytes.fromhex(commitment.removeprefix(PREFIX)))

    def commit(self, kind: FieldKind, owner: bytes, text: str) -> str:
        """The commitment to a text of that owner.

        Raises:
            InputError: it is a commitment already, or there is nowhere to keep what opens it.
        """
        private = self.actor.names.private
        if private is None:
            raise InputError("there is nowhere to keep what is private", where="private")
        if is_commitment(text):
            raise InputError("this is a commitment already", hint="give the text itself")
        return private.commit(kind, owner, text)
