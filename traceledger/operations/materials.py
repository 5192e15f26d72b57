"""Operations on kinds of material: what they hold, what they are, and batches outside of that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal, final

from traceledger.languages import translatable
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.substances import symbol
from traceledger.operations import entities, terms, words
from traceledger.operations import fields as f
from traceledger.operations.base import By, Decision, Evidenced, Names, Planned, Row, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import documents
from traceledger.operations.terms import NONE as NO_TOLERANCE

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.dependencies import Findings


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DefineMaterial(Evidenced):
    """Define a kind of material, and the tracked substances that its batches may hold (at most 15)."""

    op: Literal["define_material"] = "define_material"
    material: Annotated[f.NewMaterial, About("the short name that it is to have", argument=True)]
    name: Annotated[f.PublicText, About("its full name", example="Crude cobalt hydroxide")]
    substances: Annotated[f.SubstanceList, About("what is tracked in it: Co, mica", option="substance")] = ()
    cas: Annotated[f.OptionalText, About("its CAS number", example="21041-93-0")] = ""
    waste: Annotated[f.Flag, About("what an ordinary run makes of it is waste (Rule 6)")] = False
    product: Annotated[f.Flag, About("it may be delivered, and taken back (Rule 9)")] = False
    tolerance: Annotated[
        f.ToleranceField, About("by how much a custodian may remeasure: of mass, and of each substance")
    ] = NO_TOLERANCE
    content: Annotated[
        f.Contents, About("the least and the highest content of substances, of gross mass")
    ] = field(default_factory=dict)

    @classmethod
    def row(cls) -> Row:
        return Row(noun="material", verb="define", old=("add",), by=By.CONSORTIUM, once=True)

    def call(self, actor: Actor) -> Planned:
        allowed = terms.struct(self.waste, self.product, self.tolerance, self.content)
        texts, tracked = (self.material, self.name, self.cas), list(self.substances)
        arguments = (*texts, tracked, allowed, documents(self.evidence))
        return "ParticipantRegistry", "defineMaterial", arguments

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [entities.material(self.material, actor)]

    def subject(self, actor: Actor) -> Names:
        return {"material": self.material}

    def effect(self, actor: Actor, who: str) -> Phrase:
        tracked = words.listed(symbol(item) for item in self.substances) or phrase("no substance")
        values = {"who": who, "material": self.material, "name": self.name, "tracked": tracked}
        return Phrase(_DEFINED["waste" if self.waste else "product" if self.product else ""], values)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AmendMaterial(Decision):
    """Have a material track further substances, and set its contents and tolerances anew."""

    op: Literal["amend_material"] = "amend_material"
    material: Annotated[f.MaterialName, About("the material", argument=True)]
    substances: Annotated[
        f.SubstanceList,
        About("what is tracked besides; batches made before hold none recorded", option="substance"),
    ] = ()
    tolerance: Annotated[
        f.ToleranceField, About("by how much a custodian may remeasure: of mass, and of each substance")
    ] = NO_TOLERANCE
    content: Annotated[
        f.Contents, About("the least and the highest content of substances, of gross mass")
    ] = field(default_factory=dict)
    reason: Annotated[f.Reason, About("why; it is recorded", example="lithium is tracked from now on")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="material", verb="amend", by=By.CONSORTIUM, once=False)

    def call(self, actor: Actor) -> Planned:
        number, known = actor.names.material(self.material), actor.names.defined(self.material)
        tracked = tuple(sorted({*known.substances, *self.substances}))
        allowed = terms.struct(known.waste, known.product, self.tolerance, self.content)
        evidence = documents(self.evidence)
        arguments = (number, list(tracked), allowed, self.reason, self.at or 0, evidence)
        return "ParticipantRegistry", "amendMaterial", arguments

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [entities.material(self.material, actor)]

    def subject(self, actor: Actor) -> Names:
        return {"material": self.material}

    def effect(self, actor: Actor, who: str) -> Phrase:
        added = words.listed(symbol(item) for item in self.substances)
        if added:
            amended = phrase(
                "{who} has material {material} track {substances} too, and sets its contents and tolerances",
                who=who,
                material=self.material,
                substances=added,
            )
        else:
            amended = phrase(
                "{who} amends {material}, and sets its contents and tolerances",
                who=who,
                material=self.material,
            )
        return words.because(amended, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PermitContent(Decision):
    """Permit one batch, which need not exist yet, to be outside the contents of its material."""

    op: Literal["permit_content"] = "permit_content"
    participant: Annotated[f.ParticipantName, About("who makes the batch", argument=True)]
    batch: Annotated[f.BatchIdentifier, About("what its maker calls it, without a slug", argument=True)]
    material: Annotated[f.MaterialName, About("the material")]
    reason: Annotated[f.Reason, About("why; it is recorded", example="a trial")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="permit-content", by=By.AUDITOR, once=False)

    def call(self, actor: Actor) -> Planned:
        participant, material = actor.names.participant(self.participant), actor.names.material(self.material)
        said_of = (participant, self.batch, material, self.reason, self.at or 0, documents(self.evidence))
        return "ParticipantRegistry", "permitContent", said_of

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        participant = actor.names.participant(self.participant)
        batch = actor.names.new_batch_id(self.batch, participant)
        reads = [entities.participant(participant), entities.material(self.material, actor)]
        return reads, [("permit", batch)]

    def subject(self, actor: Actor) -> Names:
        return {"batch": f"{self.participant}/{self.batch}", "material": self.material}

    def effect(self, actor: Actor, who: str) -> Phrase:
        permitted = phrase(
            "{who} permits {batch} to be off specification as {material}",
            who=who,
            batch=f"{self.participant}/{self.batch}",
            material=self.material,
        )
        return words.because(permitted, self.reason)


_DEFINED = {
    "": translatable("{who} defines material {material} ({name}), tracking {tracked}"),
    "product": translatable("{who} defines product {material} ({name}), tracking {tracked}"),
    "waste": translatable("{who} defines waste material {material} ({name}), tracking {tracked}"),
}

MaterialOperation = DefineMaterial | AmendMaterial | PermitContent
