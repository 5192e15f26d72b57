"""Operations on lots that move none: holds and recalls, title, stock of a custodian that cannot act."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, final

from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.batches import HoldKind
from traceledger.operations import entities, words
from traceledger.operations import fields as f
from traceledger.operations.base import By, Planned, Row, Told, Touches
from traceledger.operations.batches import OnBatch
from traceledger.operations.fields import About
from traceledger.operations.solidity import announced, documents, shown

if TYPE_CHECKING:
    from traceledger.model.batches import Batch
    from traceledger.operations.actor import Actor
    from traceledger.operations.dependencies import Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holding(OnBatch):
    """A hold, or its end. Its kind follows from who acts (Rule 10)."""

    @property
    @abstractmethod
    def why(self) -> str:
        """Its reason."""

    @abstractmethod
    def kind(self, batch: Batch, actor: Actor) -> HoldKind:
        """As what whoever acts performs it on a batch as it stands."""

    def call(self, actor: Actor) -> Planned:
        function, (creator, identifier, *rest) = self.told(actor)
        batch = actor.outlook.settled(actor.batch(self.batch))
        arguments = (creator, identifier, int(self.kind(batch, actor)), batch.events, *rest)
        return "BatchLedger", function, arguments

    def told(self, actor: Actor) -> Told:
        actor.batch(self.batch)
        creator, identifier = actor.names.recorded_name(self.batch, actor.own, "batch")
        return self.op, (creator, identifier, self.why, self.at, documents(self.evidence))

    def foreseen(self, actor: Actor) -> None:
        actor.outlook.unsettle(entities.batches([self.batch], actor))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(_Holding):
    """Put a batch on hold, as its custodian or an auditor; its maker recalls what others have (Rule 10).

    A recall is shown, and blocks nothing.
    """

    op: Literal["hold"] = "hold"
    reason: Annotated[f.Reason, About("why", example="assay pending")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="hold", by=By.EITHER, once=True)

    @property
    def why(self) -> str:
        return self.reason

    def kind(self, batch: Batch, actor: Actor) -> HoldKind:
        return _kind(batch, actor)

    def effect(self, actor: Actor, who: str) -> Phrase:
        held = phrase("{who} holds {batch} up", who=who, batch=actor.full(self.batch, "batch"))
        return words.because(held, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Release(_Holding):
    """End one's own hold or recall of a batch; an auditor's is ended by that auditor or the consortium."""

    op: Literal["release"] = "release"
    reason: Annotated[f.OptionalText, About("why", example="assay received")] = ""

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="release", by=By.EITHER, once=True)

    @property
    def why(self) -> str:
        return self.reason

    def kind(self, batch: Batch, actor: Actor) -> HoldKind:
        return _own_hold(batch, actor)

    def effect(self, actor: Actor, who: str) -> Phrase:
        released = phrase("{who} releases {batch}", who=who, batch=actor.full(self.batch, "batch"))
        return words.because(released, self.reason)


def _kind(batch: Batch, actor: Actor) -> HoldKind:
    """As what whoever acts holds a batch: its custodian first, then an auditor, then its maker."""
    if actor.own == batch.custodian:
        return HoldKind.CUSTODIAN
    return HoldKind.AUDITOR if actor.audits() or actor.own != batch.creator else HoldKind.RECALL


def _own_hold(batch: Batch, actor: Actor) -> HoldKind:
    """Which hold whoever acts would end; the contracts refuse it where there is none."""
    if actor.own == batch.custodian and batch.held_by_custodian:
        return HoldKind.CUSTODIAN
    if batch.held_by_auditor and actor.audits():
        return HoldKind.AUDITOR
    return HoldKind.RECALL if batch.recalled and actor.own == batch.creator else _kind(batch, actor)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTitle(OnBatch):
    """Say who owns a batch from now on, as its owner (Rule 11). It moves no custody."""

    op: Literal["transfer_title"] = "transfer_title"
    to: Annotated[f.ParticipantName, About("who owns it from now on", example="trader")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="transfer-title", by=By.PARTICIPANT, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        batch, to = actor.batch(self.batch), actor.names.participant(self.to)
        return "BatchLedger", "transferTitle", (batch, to, self.at, documents(self.evidence))

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        reads, writes = OnBatch.touches(self, actor, findings)
        return [*reads, entities.participant(actor.names.participant(self.to))], writes

    def effect(self, actor: Actor, who: str) -> Phrase:
        batch = actor.full(self.batch, "batch")
        return phrase("{who} passes title to {batch} on to {owner}", who=who, batch=batch, owner=self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Assignment(OnBatch):
    """Stock of a suspended or terminated custodian goes to another participant."""

    to: Annotated[f.ParticipantName, About("who is to hold it", example="kokkola")]
    reason: Annotated[f.Reason, About("why", example="insolvency")]

    def arguments(self, actor: Actor) -> tuple[Any, ...]:
        """As the contract takes them."""
        shown(self.evidence)
        batch, to = actor.batch(self.batch), actor.names.participant(self.to)
        return batch, to, self.reason, self.at, documents(self.evidence)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAssignment(_Assignment):
    """Announce that stock of a suspended or terminated custodian will be assigned (Rule 12)."""

    op: Literal["propose_assignment"] = "propose_assignment"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="propose-assignment", by=By.CONSORTIUM, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        unknown = "the ledger's address is not known"
        arguments = self.arguments(actor)
        return announced(actor.names.ledger, "BatchLedger", "assignStock", arguments, what=unknown)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        assignment = ("assignment", actor.batch(self.batch))
        return [entities.participant(actor.names.participant(self.to))], [assignment]

    def effect(self, actor: Actor, who: str) -> Phrase:
        announced = phrase(
            "{who} announces that {batch} will be assigned to {holder}",
            who=who,
            batch=actor.full(self.batch, "batch"),
            holder=self.to,
        )
        return words.because(announced, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignStock(_Assignment):
    """Assign stock of a suspended or terminated custodian, as was announced word for word (Rule 12)."""

    op: Literal["assign_stock"] = "assign_stock"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="assign-stock", by=By.CONSORTIUM, once=True, moves=True)

    def call(self, actor: Actor) -> Planned:
        return "BatchLedger", "assignStock", self.arguments(actor)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        reads, writes = OnBatch.touches(self, actor, findings)
        to = entities.participant(actor.names.participant(self.to))
        return [*reads, to], [*writes, ("assignment", actor.batch(self.batch))]

    def foreseen(self, actor: Actor) -> None:
        actor.outlook.unsettle(entities.batches([self.batch], actor))

    def effect(self, actor: Actor, who: str) -> Phrase:
        batch = actor.full(self.batch, "batch")
        assigned = phrase("{who} assigns {batch} to {holder}", who=who, batch=batch, holder=self.to)
        return words.because(assigned, self.reason)


HoldingOperation = Hold | Release | TransferTitle | ProposeAssignment | AssignStock
