"""Operations that say emissions of the past better: one recorded event, its new absolute figures (Rule 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, final

from traceledger.errors import InputError
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.batches import RecordKind
from traceledger.operations import fields as f
from traceledger.operations import reversing, words
from traceledger.operations.base import By, Names, Physical, Planned, Row, Told, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import documents, scopes
from traceledger.operations.spoken import RecordName
from traceledger.replay.trail import MintEntry, hash_of, struct_of

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.base import Entity
    from traceledger.operations.dependencies import Findings

_KINDS = {
    "mint": RecordKind.MINT,
    "transformation": RecordKind.TRANSFORMATION,
    "shipment": RecordKind.SHIPMENT,
    "record": RecordKind.EMISSIONS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfRecord(Physical):
    """What is said of the emissions of a record."""

    of: Annotated[f.Restatable, About("the record: a mint, a transformation, a shipment, or added emissions")]

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        number = reversing.place(self.of, actor)[2]
        return [], [
            _restatement(self.of, number),
            *(("batch", batch) for batch in _batches(self.of, number, actor)),
        ]

    def subject(self, actor: Actor) -> Names:
        return {self.of.kind: reversing.full(self.of, actor)}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RestateEmissions(_OfRecord):
    """Restate the emissions of a record, as who recorded it or an auditor; the last word counts (Rule 8).

    Less in all, or a larger part from primary data, needs documents, and counts once an auditor confirms it.
    """

    op: Literal["restate_emissions"] = "restate_emissions"
    emissions: Annotated[f.EmissionsField, About("of the record, all of it, CO2e")]
    reason: Annotated[f.Reason, About("why", example="annual audit")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="restate-emissions", by=By.EITHER, once=False)

    def call(self, actor: Actor) -> Planned:
        function, show = _SHOWN[self.of.kind]
        return "BatchLedger", function, (*show(self.of, actor), self._restatement())

    def told(self, actor: Actor) -> Told:
        owner, identifier, _ = reversing.place(self.of, actor)
        return _SHOWN[self.of.kind][0], (owner, identifier, self._restatement())

    def _restatement(self) -> tuple[Any, ...]:
        return scopes(self.emissions), self.reason, self.at, documents(self.evidence)

    def foreseen(self, actor: Actor) -> None:
        actor.outlook.unsettle([_restatement(self.of, reversing.place(self.of, actor)[2])])

    def effect(self, actor: Actor, who: str) -> Phrase:
        restated = phrase(
            "{who} restates {kind} {record} at {emitted} CO2e",
            who=who,
            kind=words.term("record", self.of.kind),
            record=reversing.full(self.of, actor),
            emitted=words.mass(self.emissions.total_mg),
        )
        return words.because(restated, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRestatement(_OfRecord):
    """Confirm what was restated last of a record; it is used from now on (Rule 8)."""

    op: Literal["confirm_restatement"] = "confirm_restatement"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="confirm-restatement", by=By.AUDITOR, once=True)

    def call(self, actor: Actor) -> Planned:
        owner, _, number = reversing.place(self.of, actor)
        actor.outlook.require_settled(_restatement(self.of, number))
        found = actor.names.known.restatement(_KINDS[self.of.kind], number)
        if found is None:
            raise InputError(
                f"nothing was restated of {self.of.kind} {self.of.name!r}",
                where="of",
                hint="restate_emissions comes first",
            )
        kind, *_, at, evidence = self.told(actor)[1]
        restated = (scopes(found.emissions), list(found.batches))
        return "BatchLedger", "confirmRestatement", (kind, number, owner, *restated, at, evidence)

    def told(self, actor: Actor) -> Told:
        number = reversing.place(self.of, actor)[2]
        arguments = (int(_KINDS[self.of.kind]), number, self.at, documents(self.evidence))
        return "confirmRestatement", arguments

    def effect(self, actor: Actor, who: str) -> Phrase:
        kind, record = words.term("record", self.of.kind), reversing.full(self.of, actor)
        return phrase(
            "{who} confirms what was restated of {kind} {record}", who=who, kind=kind, record=record
        )


def _restatement(of: RecordName, number: int) -> Entity:
    """What was restated of a record; ids of several kinds can be the same."""
    return "restatement", f"{of.kind}/{number:x}"


def _mint(of: RecordName, actor: Actor) -> tuple[Any, ...]:
    """Who minted a batch, what it was minted as, and what its trail holds since."""
    owner, identifier, number = reversing.place(of, actor)
    actor.outlook.settled(number)
    trail = actor.names.known.trail(number)
    if not trail or not isinstance(trail[0], MintEntry):
        hint = 'of what was made by a run, {"transformation": "…"} is restated; of a split child, its parent'
        raise InputError(f"batch {of.name!r} was not minted", where="of", hint=hint)
    return owner, identifier, struct_of(trail[0]), [hash_of(entry) for entry in trail[1:]]


def _transformation(of: RecordName, actor: Actor) -> tuple[Any, ...]:
    owner, identifier, number = reversing.place(of, actor)
    return owner, identifier, *reversing.run_of(number, of, actor)


def _shipment(of: RecordName, actor: Actor) -> tuple[Any, ...]:
    """A shipment as it was offered, and which of its lots are open."""
    found = actor.shipment(of.name)
    still_open = actor.outlook.still_open(found.id, found.open)
    offered = (scopes(found.emissions), list(found.batches))
    return found.sender, found.identifier, found.receiver, *offered, list(still_open)


def _record(of: RecordName, actor: Actor) -> tuple[Any, ...]:
    """Emissions that were added to a batch under a name."""
    owner, identifier, number = reversing.place(of, actor)
    actor.outlook.require_settled(("record", number))
    found = actor.names.known.emissions_record(number)
    if found is None:
        raise InputError(f"there is no record {of.name!r}", where="of", hint="check its name")
    return owner, identifier, found.batch, scopes(found.emissions)


_SHOWN: dict[str, tuple[str, Callable[[RecordName, Actor], tuple[Any, ...]]]] = {
    "mint": ("restateMint", _mint),
    "transformation": ("restateTransformation", _transformation),
    "shipment": ("restateShipment", _shipment),
    "record": ("restateAdded", _record),
}
"""By kind of record, the function that restates it, and what it is shown of it."""


def _batches(of: RecordName, number: int, actor: Actor) -> tuple[int, ...]:
    """The batches to which a record's emissions were allocated."""
    names = actor.names
    match of.kind:
        case "transformation":
            run = names.known.transformation(number)
            planned = actor.outlook.concerned(("transformation", number))
            return tuple(item.batch for item in run.outputs) if run else planned
        case "shipment":
            return actor.shipment(of.name).batches
        case "record":
            added = names.known.emissions_record(number)
            return (added.batch,) if added else actor.outlook.concerned(("record", number))
        case _:
            return (number,)


RestatementOperation = RestateEmissions | ConfirmRestatement
