"""Operations on kinds of material."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal, final

from traceledger.model.substances import symbol
from traceledger.operations import entities, terms, words
from traceledger.operations import fields as f
from traceledger.operations.base import By, Evidenced, Names, Planned, Row, Touches
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

    def effect(self, actor: Actor) -> str:
        tracked = words.listed(symbol(item) for item in self.substances)
        kind = "waste material" if self.waste else "product" if self.product else "material"
        return f"defines {kind} {self.material} ({self.name}), tracking {tracked or 'no substance'}"


MaterialOperation = DefineMaterial
