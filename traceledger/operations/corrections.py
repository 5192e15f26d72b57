"""Operations that put right what was recorded earlier (Rules 5 and 8); the first that fits is to be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, final

from traceledger.languages import translatable
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.commitments import FieldKind
from traceledger.operations import entities, reversing, words
from traceledger.operations import fields as f
from traceledger.operations.base import By, Names, Physical, Planned, Row, Touches
from traceledger.operations.batches import OnBatch
from traceledger.operations.fields import About
from traceledger.operations.solidity import amounts_of, documents

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.dependencies import Findings
    from traceledger.operations.private import Hiding


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareError(OnBatch):
    """Declare that what was recorded of a batch is wrong, as its creator, an auditor or the consortium.

    For what others have built on; what nobody has is reversed. Everything made from it is tainted. It is
    frozen where an auditor declares it, or its maker still holds it; with others it is disputed.
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
        return Row(
            noun="batch",
            verb="declare-error",
            by=By.EITHER,
            once=True,
            for_good=translatable("all that was made of the batch is tainted from then on, whoever holds it"),
        )

    def call(self, actor: Actor) -> Planned:
        actor.batch(self.batch)
        creator, identifier = actor.names.recorded_name(self.batch, actor.own, "batch")
        corrective = [actor.names.new_batch_id(name, creator) for name in self.corrective]
        evidence = documents(self.evidence)
        arguments = (creator, identifier, int(self.reason), corrective, self.at, evidence)
        return "BatchLedger", "declareError", arguments

    def foreseen(self, actor: Actor) -> None:
        actor.outlook.unsettle(entities.batches([self.batch], actor))

    def effect(self, actor: Actor, who: str) -> Phrase:
        batch, reason = actor.full(self.batch, "batch"), words.term("error", self.reason.slug)
        wrong = phrase("{who} declares {batch} an error ({reason})", who=who, batch=batch, reason=reason)
        if not self.corrective:
            return wrong
        return phrase("{sentence}, corrected by {lots}", sentence=wrong, lots=words.listed(self.corrective))

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


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Remeasure(OnBatch):
    """Book a better measurement of a batch (Rule 5): an assay, a weighing, stock-taking.

    Its custodian may within the material's tolerances, beyond them only an auditor.
    """

    op: Literal["remeasure"] = "remeasure"
    mass: Annotated[f.Mass, About("its gross mass now", example="19.9 t")]
    substances: Annotated[
        f.SubstanceMasses,
        About("all that it holds now of tracked substances; where left out, as recorded", option="substance"),
    ] = field(default_factory=dict)
    reason: Annotated[f.Reason, About("what it was measured for", example="umpire_assay")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="remeasure", by=By.EITHER, once=False)

    def call(self, actor: Actor) -> Planned:
        measured, evidence = amounts_of(self.substances), documents(self.evidence)
        measurement = (actor.batch(self.batch), self.mass, measured, self.reason, self.at, evidence)
        return "BatchLedger", "remeasure", (measurement,)

    def foreseen(self, actor: Actor) -> None:
        actor.outlook.weigh(actor.batch(self.batch), self.mass)

    def effect(self, actor: Actor, who: str) -> Phrase:
        mass: str = words.mass(self.mass)
        if self.substances:
            mass = words.noted(mass, words.by_substance(self.substances))
        batch = actor.full(self.batch, "batch")
        measured = phrase("{who} measures {batch} anew: {mass}", who=who, batch=batch, mass=mass)
        return words.because(measured, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse(Physical):
    """Take back a record that was wrong and on which nobody has built (Rule 8).

    What it took, gave, counted and moved is put back; what it made is reversed for good. A ship is cancelled
    instead, a hold released, a remeasurement measured again.
    """

    op: Literal["reverse"] = "reverse"
    of: Annotated[f.Reversible, About("what was recorded; of a receipt, ``lots`` names some of its lots")]
    reason: Annotated[f.Reason, About("why", example="incorrect_data")]

    @classmethod
    def row(cls) -> Row:
        return Row(
            noun="batch",
            verb="reverse",
            by=By.EITHER,
            once=True,
            tagged=True,
            moves=True,
            for_good=translatable("a record that is reversed never counts again, nor does what it made"),
        )

    def call(self, actor: Actor) -> Planned:
        reversal = (self.reason, self.at, actor.tag, documents(self.evidence))
        function, arguments = reversing.call(self.of, actor)
        return "BatchLedger", function, (*arguments, reversal)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], reversing.touched(self.of, actor)

    def foreseen(self, actor: Actor) -> None:
        actor.outlook.unsettle(reversing.touched(self.of, actor))

    def subject(self, actor: Actor) -> Names:
        return {self.of.kind: reversing.full(self.of, actor)}

    def effect(self, actor: Actor, who: str) -> Phrase:
        lots = words.listed(actor.full(name, "batch") for name in self.of.lots)
        message = _OF_LOTS if lots else _REVERSED[self.of.kind]
        record = reversing.full(self.of, actor)
        return words.because(Phrase(message, {"who": who, "lots": lots, "record": record}), self.reason)


_REVERSED: Mapping[str, str] = {
    "mint": translatable("{who} reverses the mint of {record}"),
    "split": translatable("{who} reverses the split of {record}"),
    "transformation": translatable("{who} reverses run {record}"),
    "receive": translatable("{who} reverses the receipt of shipment {record}"),
    "retire": translatable("{who} reverses the retirement of {record}"),
    "take_back": translatable("{who} reverses the take-back of {record}"),
    "declare_error": translatable("{who} reverses the declaration of an error in {record}"),
}
_OF_LOTS = translatable("{who} reverses the receipt of {lots} in shipment {record}")

CorrectionOperation = DeclareError | Remeasure | Reverse
