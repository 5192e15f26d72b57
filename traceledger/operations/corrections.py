"""Operations that say that something recorded earlier is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, final

from traceledger.model.commitments import FieldKind
from traceledger.operations import fields as f
from traceledger.operations import words
from traceledger.operations.base import By, Planned, Row
from traceledger.operations.batches import OnBatch
from traceledger.operations.fields import About
from traceledger.operations.solidity import documents

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.private import Hiding


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareError(OnBatch):
    """Declare that what was recorded of a batch is wrong, as its creator, an auditor or the consortium.

    The batch is frozen, and everything made from it is tainted.
    """

    op: Literal["declare_error"] = "declare_error"
    reason: Annotated[f.ErrorField, About("what is wrong")]
    corrective: Annotated[
        tuple[f.CorrectiveName, ...],
        About(
            "a batch that corrects it, which may be made later; a short name is one of the batch's creator",
            option="corrective",
        ),
    ] = ()

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="declare-error", by=By.EITHER, once=True)

    def call(self, actor: Actor) -> Planned:
        actor.batch(self.batch)
        creator, identifier = actor.names.recorded_name(self.batch, actor.own, "batch")
        corrective = [actor.names.new_batch_id(name, creator) for name in self.corrective]
        evidence = documents(self.evidence)
        arguments = (creator, identifier, int(self.reason), corrective, self.at, evidence)
        return "BatchLedger", "declareError", arguments

    def effect(self, actor: Actor) -> str:
        corrective = f", corrected by {words.listed(self.corrective)}" if self.corrective else ""
        reason = self.reason.slug.replace("_", " ")
        return f"declares {actor.full(self.batch, 'batch')} an error ({reason}), which freezes it{corrective}"

    def concealed(self, hiding: Hiding) -> Mapping[str, Any]:
        """A corrective batch of one's own that does not exist yet will be private too."""
        changes = hiding.declared(self, but=("corrective",))
        if not self.corrective:
            return changes
        return {**changes, "corrective": tuple(self._hidden(name, hiding) for name in self.corrective)}

    def _hidden(self, name: str, hiding: Hiding) -> str:
        names, own = hiding.actor.names, hiding.actor.own
        creator = names.recorded_name(self.batch, own, "batch")[0]
        owner, text = names.split_name(name, creator, "batch")
        new = owner == creator == own and names.recorded("batch", owner, text) is None
        return hiding.commit(FieldKind.BATCH, owner, text) if new else name


CorrectionOperation = DeclareError
