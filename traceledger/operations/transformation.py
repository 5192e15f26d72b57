"""The operation that makes batches of batches (EPCIS 2.0 TransformationEvent)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, final

from traceledger.errors import InputError
from traceledger.languages import translatable
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.emissions import AllocationRule
from traceledger.operations import entities, words
from traceledger.operations import fields as f
from traceledger.operations.base import STRICT, By, Names, Physical, Planned, Row, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import IN_FULL, amounts_of, documents, filled, scopes

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.dependencies import Findings


_NOTHING_IN = (
    "name what went in; what comes from outside the ledger, or its origin nobody can show, is minted with"
    " origin untraced, at a plant that is approved for that"
)
_NOTHING_OUT = (
    "a run that lost everything leaves its slag: name that as output, of a material that the consortium"
    " defined as waste; it bears the CO2e"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformInput:
    """A batch to take from, and how much."""

    __pydantic_config__: ClassVar[Any] = STRICT
    batch: Annotated[f.BatchName, About("the batch: creator/identifier")]
    mass: Annotated[f.Mass | None, About("how much; all of it where it is left out", example="10 t")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformOutput:
    """A batch to make."""

    __pydantic_config__: ClassVar[Any] = STRICT
    batch: Annotated[f.NewBatch, About("what it is to be called", example="COS-88")]
    material: Annotated[f.MaterialName, About("what it is of", example="cobalt-sulfate")]
    mass: Annotated[f.Mass, About("its gross mass", example="16 t")]
    substances: Annotated[
        f.SubstanceMasses, About("what it holds of tracked substances", example={"Co": "3.36 t"})
    ] = field(default_factory=dict)
    pieces: Annotated[f.Pieces | None, About("how many pieces it is, where they are counted")] = None
    weight: Annotated[
        f.Weight | None,
        About("a positive integer, such as a price; under the economic rule only, and none for waste"),
    ] = None

    def struct(self, rule: AllocationRule, actor: Actor) -> tuple[Any, ...]:
        """It as the contract takes it.

        Raises:
            InputError: it has no weight and needs one, or the reverse.
        """
        weightless = rule is AllocationRule.MASS or actor.names.is_waste(self.material)
        if (self.weight is None) != weightless:
            from traceledger.refusals import InvalidWeight

            verb = "needs" if self.weight is None else "has"
            raise InputError(
                f"output {self.batch!r} {verb} a weight under the {rule.slug} rule",
                where="outputs.weight",
                hint=InvalidWeight.mend,
            )
        identifier, material = actor.new(self.batch, "batch"), actor.names.material(self.material)
        pieces, weight = self.pieces or 0, self.weight or 0
        return identifier, material, self.mass, pieces, weight, amounts_of(self.substances)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Transform(Physical):
    """Make batches of batches that you hold, at a facility, as one run.

    A ``recycling`` run takes what was taken back only, or waste that arose elsewhere only, and its outputs
    count as recycled (Rule 9).
    """

    op: Literal["transform"] = "transform"
    transformation: Annotated[f.NewTransformation, About("what the run is called", argument=True)]
    facility: Annotated[f.FacilityName, About("where", example="kokkola-refinery")]
    process: Annotated[f.PublicText, About("what is done, for instance refining")]
    recycling: Annotated[f.Flag, About("it is a recycling run")] = False
    inputs: Annotated[
        tuple[TransformInput, ...],
        f.INPUTS,
        About("a batch to take from, all of it or a mass; they are taken in this order", option="input"),
    ]
    outputs: Annotated[
        tuple[TransformOutput, ...],
        f.OUTPUTS,
        About(
            "a batch to make, with material, mass, substances, and under the economic rule a weight",
            option="output",
        ),
    ]
    losses: Annotated[
        f.Losses,
        About("what is lost of substances; ``balance``: whatever the outputs leave over", option="loss"),
    ] = field(default_factory=dict)
    allocation: Annotated[
        f.AllocationField, About("how CO2e is shared among the outputs: by mass, or by their weights")
    ] = AllocationRule.MASS
    emissions: Annotated[f.EmissionsField, About("of the process, CO2e")] = f.NO_EMISSIONS

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="transform", by=By.PARTICIPANT, once=True)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        filled(self.inputs, "inputs", _NOTHING_IN)
        filled(self.outputs, "outputs", _NOTHING_OUT)
        facility = actor.facility(self.facility)
        inputs = [
            (actor.batch(item.batch), IN_FULL if item.mass is None else item.mass) for item in self.inputs
        ]
        outputs = [item.struct(self.allocation, actor) for item in self.outputs]
        request = (
            actor.new(self.transformation, "transformation"),
            facility,
            self.process,
            self.recycling,
            inputs,
            outputs,
            [] if isinstance(self.losses, str) else amounts_of(self.losses),
            self.losses == "balance",
            int(self.allocation),
            scopes(self.emissions),
            self.at,
            documents(self.evidence),
        )
        return "BatchLedger", "transform", (request,)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        reads = [entities.material(item.material, actor) for item in self.outputs]
        names = [*(item.batch for item in self.inputs), *(item.batch for item in self.outputs)]
        reads.append(entities.facility(self.facility, actor))
        if self.recycling:
            reads.append(entities.approvals(self.facility, actor))
        run = entities.transformation(self.transformation, actor)
        return reads, [run, *entities.batches(names, actor)]

    def foreseen(self, actor: Actor) -> None:
        for item in self.inputs:
            actor.outlook.take(actor.batch(item.batch), item.mass)
        made = {actor.batch(item.batch): item.mass for item in self.outputs}
        actor.outlook.make(made)
        named = [*(actor.batch(item.batch) for item in self.inputs), *made]
        actor.outlook.record(entities.transformation(self.transformation, actor), named)

    def subject(self, actor: Actor) -> Names:
        made = [actor.full(item.batch, "batch") for item in self.outputs]
        return {"transformation": actor.full(self.transformation, "transformation"), "batches": made}

    def effect(self, actor: Actor, who: str) -> Phrase:
        taken = words.listed(
            words.part(item.mass or None, actor.full(item.batch, "batch")) for item in self.inputs
        )
        made = words.listed(
            phrase(
                "{what} as {batch}",
                what=words.amount(item.mass, item.material, item.substances, item.pieces),
                batch=actor.full(item.batch, "batch"),
            )
            for item in self.outputs
        )
        run = {
            "who": who,
            "made": made,
            "taken": taken,
            "process": words.term("process", self.process),
            "facility": actor.full(self.facility, "facility"),
            "run": actor.full(self.transformation, "transformation"),
        }
        if self.recycling:
            message = translatable(
                "{who} makes {made} from {taken}, by {process} at {facility} as recycling run {run}"
            )
        else:
            message = translatable("{who} makes {made} from {taken}, by {process} at {facility} as run {run}")
        return words.emitting(self._losing(Phrase(message, run)), self.emissions)

    def _losing(self, sentence: Phrase) -> Phrase:
        """The sentence with what is lost, for people."""
        lost = self.losses if isinstance(self.losses, str) else words.by_substance(self.losses)
        if lost == "balance":
            return phrase("{sentence}, declaring lost what the outputs leave over", sentence=sentence)
        return phrase("{sentence}, losing {lost}", sentence=sentence, lost=lost) if lost else sentence


TransformationOperation = Transform
