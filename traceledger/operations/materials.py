"""Operations on kinds of material."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, final

from traceledger.model.substances import symbol
from traceledger.operations import entities, words
from traceledger.operations import fields as f
from traceledger.operations.base import By, Evidenced, Names, Planned, Row, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import documents

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

    @classmethod
    def row(cls) -> Row:
        return Row(noun="material", verb="define", old=("add",), by=By.CONSORTIUM, once=True)

    def call(self, actor: Actor) -> Planned:
        arguments = (self.material, self.name, self.cas, list(self.substances), documents(self.evidence))
        return "ParticipantRegistry", "defineMaterial", arguments

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [entities.material(self.material, actor)]

    def subject(self, actor: Actor) -> Names:
        return {"material": self.material}

    def effect(self, actor: Actor) -> str:
        tracked = words.listed(symbol(item) for item in self.substances)
        return f"defines material {self.material} ({self.name}), tracking {tracked or 'no substance'}"


MaterialOperation = DefineMaterial
