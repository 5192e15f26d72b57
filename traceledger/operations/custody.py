"""Operations by which batches change hands: offered as a shipment, then answered lot by lot (Rule 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, final

from traceledger.errors import InputError
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.batches import Difference
from traceledger.model.ids import shipment_id
from traceledger.operations import answering, entities, words
from traceledger.operations import fields as f
from traceledger.operations.base import By, Names, Physical, Planned, Row, Told, Touches
from traceledger.operations.fields import About
from traceledger.operations.returning import receipts_for
from traceledger.operations.solidity import documents, filled, scopes
from traceledger.operations.spoken import LotAnswer

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.base import Entity
    from traceledger.operations.dependencies import Findings
    from traceledger.operations.directory import OpenShipment

_NOBODY = bytes(20)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ship(Physical):
    """Offer batches that you hold to another participant, with the emissions of the transport.

    A frozen lot goes back only, to the participant from which it came.
    """

    op: Literal["ship"] = "ship"
    shipment: Annotated[f.NewShipment, About("what its sender calls it", argument=True)]
    batches: Annotated[tuple[f.BatchName, ...], About("a batch: creator/identifier", option="batch")]
    to: Annotated[f.ParticipantName, About("who is to receive it", example="kokkola")]
    owner: Annotated[
        f.ParticipantName | None, About("who owns the batches from now on, where that is told")
    ] = None
    return_of: Annotated[
        f.ShipmentName | None, About("of frozen lots that go back: the shipment by which they came")
    ] = None
    emissions: Annotated[f.EmissionsField, About("of the transport, CO2e")] = f.NO_EMISSIONS

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="ship", by=By.PARTICIPANT, once=True, moves=True)

    def call(self, actor: Actor) -> Planned:
        offer = self._offer(actor)
        receipts = receipts_for(offer[1], offer[2], self.return_of, actor)
        if receipts:
            return "BatchLedger", "returnShipment", (offer, receipts)
        return "BatchLedger", "ship", (offer,)

    def told(self, actor: Actor) -> Told:
        return "returnShipment", (self._offer(actor),)

    def _offer(self, actor: Actor) -> tuple[Any, ...]:
        """What is offered to whom, as the contract takes it."""
        actor.acting()
        filled(self.batches, "batches")
        identifier = actor.new(self.shipment, "shipment")
        batches = [actor.batch(name) for name in self.batches]
        receiver = actor.names.participant(self.to)
        owner = actor.names.participant(self.owner) if self.owner else _NOBODY
        evidence = documents(self.evidence)
        return identifier, batches, receiver, owner, scopes(self.emissions), self.at, evidence

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        offered = [entities.shipment(self.shipment, actor), *entities.batches(self.batches, actor)]
        reads = [entities.participant(actor.names.participant(self.to))]
        if self.owner:
            reads.append(entities.participant(actor.names.participant(self.owner)))
        return reads, offered

    def foreseen(self, actor: Actor) -> None:
        number = shipment_id(actor.acting(), actor.shipment(self.shipment).identifier)
        batches = [actor.batch(name) for name in self.batches]
        actor.outlook.record(("shipment", number), batches)
        actor.outlook.send(batches)

    def subject(self, actor: Actor) -> Names:
        return {"shipment": actor.full(self.shipment, "shipment")}

    def effect(self, actor: Actor, who: str) -> Phrase:
        offered = phrase(
            "{who} offers {lots} to {receiver} as shipment {shipment}",
            who=who,
            lots=words.listed(actor.full(name, "batch") for name in self.batches),
            receiver=self.to,
            shipment=actor.full(self.shipment, "shipment"),
        )
        if self.owner:
            offered = phrase("{sentence}, owned by {owner} from now on", sentence=offered, owner=self.owner)
        if self.return_of:
            before = actor.full(self.return_of, "shipment")
            offered = phrase(
                "{sentence}, sent back from shipment {shipment}", sentence=offered, shipment=before
            )
        return words.emitting(offered, self.emissions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer(Physical):
    """What is said of a shipment that was offered."""

    shipment: Annotated[f.ShipmentName, About("the shipment: sender/identifier", argument=True)]

    def answered(self, actor: Actor) -> tuple[int, ...]:
        """The lots that are answered for, in the order in which they are open.

        Raises:
            InputError: a lot is not open, or none is.
            LaterError: it follows from lines that are not recorded yet.
        """
        return answering.open_lots(actor.shipment(self.shipment), actor)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        batches: list[Entity] = [("batch", batch) for batch in self.foretold(actor)]
        return [], [entities.shipment(self.shipment, actor), *batches]

    def foretold(self, actor: Actor) -> tuple[int, ...]:
        """The lots that are answered for; where that follows from lines not recorded yet, all of them."""
        return answering.foretold(self.answered, actor.shipment(self.shipment), actor)

    def foreseen(self, actor: Actor) -> None:
        actor.outlook.answer(actor.shipment(self.shipment).id, self.foretold(actor))

    def subject(self, actor: Actor) -> Names:
        return {"shipment": actor.full(self.shipment, "shipment")}

    def shown_lots(self, actor: Actor) -> list[int]:
        """The lots that are answered for, also once that is planned, or has run."""
        shipment = actor.shipment(self.shipment)
        left = answering.left_open(shipment, actor)
        return [lot for lot in shipment.open or shipment.batches if lot not in left] or list(shipment.open)

    def _batches(self, actor: Actor) -> str:
        """The lots that are answered for, for people."""
        return words.listed(actor.names.shown(batch) for batch in self.shown_lots(actor))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(_Answer):
    """Take custody of a shipment, lot by lot (Rule 3).

    Where no lot is named, all that may be received are, as they were sent. ``arrived`` is short for a loss;
    ``lots`` says of each lot what arrived and why it differs, or that it is refused; what it does not name
    stays open.
    """

    op: Literal["receive"] = "receive"
    arrived: Annotated[f.MassByBatch, f.SOME, About("what arrived of a batch of which the rest was lost")] = (
        field(default_factory=dict)
    )
    lots: Annotated[
        f.Answers,
        About(
            "a batch, and what is said of it: ``received`` as sent, ``refused``, or mass and substances with"
            " the difference: loss, moisture or measurement",
            option="lot",
        ),
    ] = field(default_factory=dict)
    reason: Annotated[f.OptionalText, About("why lots are refused; it is recorded")] = ""

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="receive", by=By.PARTICIPANT, once=True, tagged=True, moves=True)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        shipment = actor.shipment(self.shipment)
        said, lots = self._said(actor), self.answered(actor)
        offered = answering.struct_of(shipment, actor)
        beginning, end = (shipment.sender, shipment.identifier, offered), documents(self.evidence)
        if not said and lots == answering.open_lots(shipment, actor):
            expected = [actor.outlook.events(lot) for lot in lots]
            return "BatchLedger", "receiveShipment", (*beginning, expected, self.at, actor.tag, end)
        answers = [answering.lot(lot, said.get(lot, LotAnswer()), actor) for lot in lots]
        arguments = (*beginning, answers, self.reason, self.at, actor.tag, end)
        return "BatchLedger", "answerShipment", arguments

    def answered(self, actor: Actor) -> tuple[int, ...]:
        lots = answering.open_lots(actor.shipment(self.shipment), actor)
        if self.lots:
            return answering.chosen(self.lots, lots, self.shipment, actor, "lots")
        may = tuple(lot for lot in lots if actor.outlook.may_be_received(lot))
        if self.arrived:
            named = answering.chosen(self.arrived, lots, self.shipment, actor, "arrived")
            if stopped := [lot for lot in named if lot not in may]:
                raise InputError(
                    f"batch {actor.names.shown(stopped[0])} may not be received: it is held or frozen",
                    where="arrived",
                    hint="leave it out, and it stays open; or refuse it with lots, or have it released",
                )
        if not may:
            raise InputError(
                f"no lot of shipment {self.shipment!r} may be received: they are held or frozen",
                where="shipment",
                hint="refuse them with reject, or have them released",
            )
        return may

    def foreseen(self, actor: Actor) -> None:
        _Answer.foreseen(self, actor)
        for lot, said in self._said(actor).items():
            if said.mass is not None:
                actor.outlook.weigh(lot, said.mass)

    def subject(self, actor: Actor) -> Names:
        found: Names = {"shipment": actor.full(self.shipment, "shipment")}
        left = answering.left_open(actor.shipment(self.shipment), actor)
        return found | ({"still_open": [actor.names.shown(lot) for lot in left]} if left else {})

    def effect(self, actor: Actor, who: str) -> Phrase:
        said, shipment = self._said(actor), actor.full(self.shipment, "shipment")
        lots = list(said) if self.lots else self.shown_lots(actor)
        refused = [lot for lot in lots if said.get(lot, LotAnswer()).refused]
        taken = words.listed(actor.names.shown(lot) for lot in lots if lot not in refused)
        weighed = words.listed(
            filter(None, (self._weighed(lot, said[lot], actor) for lot in lots if lot in said))
        )
        sent_back = words.listed(map(actor.names.shown, refused))
        if not taken:
            return words.because(_refused(who, sent_back, shipment), self.reason)
        received = phrase(
            "{who} takes custody of {lots} in shipment {shipment}", who=who, lots=taken, shipment=shipment
        )
        if weighed:
            received = phrase("{sentence}; what arrived: {lots}", sentence=received, lots=weighed)
        if not sent_back:
            return received
        refusing = phrase("{sentence}; what it refuses: {lots}", sentence=received, lots=sent_back)
        return words.because(refusing, self.reason)

    def _said(self, actor: Actor) -> dict[int, LotAnswer]:
        """What is said of the lots that are named.

        Raises:
            InputError: lots are named in both ways.
        """
        if self.arrived and self.lots:
            raise InputError("either arrived or lots are named", where="arrived", hint="lots says it all")
        said = {actor.batch(name): answer for name, answer in self.lots.items()}
        lost = {
            actor.batch(name): LotAnswer(mass=mass, difference=Difference.LOSS)
            for name, mass in self.arrived.items()
        }
        return said | lost

    @staticmethod
    def _weighed(lot: int, said: LotAnswer, actor: Actor) -> str:
        """What arrived of a lot, for people; empty where nothing differs."""
        if said.refused or (said.mass is None and not said.substances):
            return ""
        arrived = words.part(said.mass, actor.names.shown(lot))
        if said.substances:
            arrived = words.noted(arrived, words.by_substance(said.substances))
        if said.difference:
            arrived = words.noted(arrived, words.term("difference", said.difference.slug))
        return arrived


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(_Answer):
    """Refuse a shipment as its receiver, or some lots of it; they go back."""

    op: Literal["reject"] = "reject"
    lots: Annotated[
        tuple[f.BatchName, ...],
        f.SOME,
        About("a batch that is refused; left out, all are", option="lot"),
    ] = ()
    reason: Annotated[f.OptionalText, About("why; it is recorded")] = ""

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="reject", by=By.PARTICIPANT, once=True, tagged=True, moves=True)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        shipment, lots = actor.shipment(self.shipment), self.answered(actor)
        offered = answering.struct_of(shipment, actor)
        beginning = (shipment.sender, shipment.identifier, offered)
        end = (self.reason, self.at, actor.tag, documents(self.evidence))
        if lots == answering.open_lots(shipment, actor):
            return "BatchLedger", "rejectShipment", (*beginning, *end)
        answers = [answering.lot(lot, LotAnswer(refused=True), actor) for lot in lots]
        return "BatchLedger", "answerShipment", (*beginning, answers, *end)

    def answered(self, actor: Actor) -> tuple[int, ...]:
        lots = answering.open_lots(actor.shipment(self.shipment), actor)
        return answering.chosen(self.lots, lots, self.shipment, actor, "lots") if self.lots else lots

    def shown_lots(self, actor: Actor) -> list[int]:
        return [actor.batch(name) for name in self.lots] or _Answer.shown_lots(self, actor)

    def effect(self, actor: Actor, who: str) -> Phrase:
        refused = _refused(who, self._batches(actor), actor.full(self.shipment, "shipment"))
        return words.because(refused, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(_Answer):
    """Cancel what is open of a shipment, as its sender."""

    op: Literal["cancel"] = "cancel"
    reason: Annotated[f.OptionalText, About("why; it is recorded")] = ""

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="cancel", by=By.PARTICIPANT, once=True, tagged=True, moves=True)

    def call(self, actor: Actor) -> Planned:
        shipment = self._own(actor)
        offered, evidence = answering.struct_of(shipment, actor), documents(self.evidence)
        beginning = (shipment.identifier, shipment.receiver, offered)
        arguments = (*beginning, self.reason, self.at, actor.tag, evidence)
        return "BatchLedger", "cancelShipment", arguments

    def _own(self, actor: Actor) -> OpenShipment:
        own, shipment = actor.acting(), actor.shipment(self.shipment)
        if shipment.sender != own:
            raise InputError(
                f"shipment {self.shipment!r} is another participant's", hint="only its sender cancels it"
            )
        return shipment

    def effect(self, actor: Actor, who: str) -> Phrase:
        shipment, lots = actor.full(self.shipment, "shipment"), self._batches(actor)
        cancelled = phrase(
            "{who} cancels shipment {shipment} with {lots}", who=who, shipment=shipment, lots=lots
        )
        return words.because(cancelled, self.reason)


def _refused(who: str, lots: str, shipment: str) -> Phrase:
    return phrase("{who} refuses {lots} in shipment {shipment}", who=who, lots=lots, shipment=shipment)


CustodyOperation = Ship | Receive | Reject | Cancel
