"""Operations by which batches change hands: offered as a shipment, then received, rejected or cancelled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal, final

from traceledger.errors import InputError
from traceledger.model.units import format_mass
from traceledger.operations import entities, words
from traceledger.operations import fields as f
from traceledger.operations.base import By, Names, Physical, Planned, Row, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import IN_FULL, documents, filled, scopes

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.base import Entity
    from traceledger.operations.dependencies import Findings


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ship(Physical):
    """Offer batches that you hold to another participant, with the emissions of the transport."""

    op: Literal["ship"] = "ship"
    shipment: Annotated[f.NewShipment, About("what its sender calls it", argument=True)]
    batches: Annotated[tuple[f.BatchName, ...], About("a batch: creator/identifier", option="batch")]
    to: Annotated[f.ParticipantName, About("who is to receive it", example="kokkola")]
    emissions: Annotated[f.EmissionsField, About("of the transport, CO2e")] = f.NO_EMISSIONS

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="ship", by=By.PARTICIPANT, once=True)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        filled(self.batches, "batches")
        identifier = actor.new(self.shipment, "shipment")
        batches = [actor.batch(name) for name in self.batches]
        receiver = actor.names.participant(self.to)
        evidence = documents(self.evidence)
        offer = (identifier, batches, receiver, scopes(self.emissions), self.at, evidence)
        return "BatchLedger", "ship", (offer,)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        offered = [entities.shipment(self.shipment, actor), *entities.batches(self.batches, actor)]
        return [entities.participant(actor.names.participant(self.to))], offered

    def subject(self, actor: Actor) -> Names:
        return {"shipment": actor.full(self.shipment, "shipment")}

    def effect(self, actor: Actor) -> str:
        batches = words.listed(actor.full(name, "batch") for name in self.batches)
        shipment = actor.full(self.shipment, "shipment")
        return f"offers {batches} to {self.to} as shipment {shipment}{words.emitting(self.emissions)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer(Physical):
    """What is said of a shipment that was offered."""

    shipment: Annotated[f.ShipmentName, About("the shipment: sender/identifier", argument=True)]

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        batches: list[Entity] = [("batch", batch) for batch in actor.shipment(self.shipment).batches]
        return [], [entities.shipment(self.shipment, actor), *batches]

    def subject(self, actor: Actor) -> Names:
        return {"shipment": actor.full(self.shipment, "shipment")}

    def _batches(self, actor: Actor) -> str:
        """The batches in it, for people."""
        return words.listed(actor.names.shown(batch) for batch in actor.shipment(self.shipment).batches)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(_Answer):
    """Take custody of a shipment. A batch that is not named arrived in full; a shortfall is a loss."""

    op: Literal["receive"] = "receive"
    arrived: Annotated[f.MassByBatch, About("what arrived of a batch that is not complete")] = field(
        default_factory=dict
    )

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="receive", by=By.PARTICIPANT, once=True)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        shipment = actor.shipment(self.shipment)
        arrived = {actor.batch(name): mass for name, mass in self.arrived.items()}
        if strangers := set(arrived) - set(shipment.batches):
            name = actor.names.shown(strangers.pop())
            raise InputError(f"batch {name} is not in shipment {self.shipment!r}", where="arrived")
        arrivals = [(batch, arrived.get(batch, IN_FULL)) for batch in shipment.batches]
        evidence = documents(self.evidence)
        arguments = (shipment.sender, shipment.identifier, arrivals, self.at, evidence)
        return "BatchLedger", "receiveShipment", arguments

    def effect(self, actor: Actor) -> str:
        given = [f"of {actor.full(name, 'batch')} {format_mass(mass)}" for name, mass in self.arrived.items()]
        weighed = f"; {words.listed(given)} arrived" if given else ""
        shipment = actor.full(self.shipment, "shipment")
        return f"takes custody of {self._batches(actor)} in shipment {shipment}{weighed}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(_Answer):
    """Refuse a shipment, as its receiver; it goes back."""

    op: Literal["reject"] = "reject"
    reason: Annotated[f.OptionalText, About("why; it is recorded")] = ""

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="reject", by=By.PARTICIPANT, once=True)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        shipment = actor.shipment(self.shipment)
        batches, evidence = list(shipment.batches), documents(self.evidence)
        arguments = (shipment.sender, shipment.identifier, batches, self.reason, self.at, evidence)
        return "BatchLedger", "rejectShipment", arguments

    def effect(self, actor: Actor) -> str:
        shipment = actor.full(self.shipment, "shipment")
        return f"refuses {self._batches(actor)} in shipment {shipment}{words.because(self.reason)}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(_Answer):
    """Cancel a shipment, as its sender, before it is received."""

    op: Literal["cancel"] = "cancel"
    reason: Annotated[f.OptionalText, About("why; it is recorded")] = ""

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="cancel", by=By.PARTICIPANT, once=True)

    def call(self, actor: Actor) -> Planned:
        own, shipment = actor.acting(), actor.shipment(self.shipment)
        if shipment.sender != own:
            raise InputError(
                f"shipment {self.shipment!r} is another participant's", hint="only its sender cancels it"
            )
        batches, evidence = list(shipment.batches), documents(self.evidence)
        arguments = (shipment.identifier, shipment.receiver, batches, self.reason, self.at, evidence)
        return "BatchLedger", "cancelShipment", arguments

    def effect(self, actor: Actor) -> str:
        shipment = actor.full(self.shipment, "shipment")
        return f"cancels shipment {shipment} with {self._batches(actor)}{words.because(self.reason)}"


CustodyOperation = Ship | Receive | Reject | Cancel
