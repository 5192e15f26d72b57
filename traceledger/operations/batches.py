"""Operations on single batches: new material, parts of it, emissions in custody, its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, final

from traceledger.model.units import format_mass
from traceledger.operations import entities, words
from traceledger.operations import fields as f
from traceledger.operations.base import STRICT, By, Names, Physical, Planned, Row, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import amounts_of, documents, filled, scopes

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.dependencies import Findings


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Mint(Physical):
    """Bring a new batch onto the ledger, at a mine or recycler, inside its approved capacity."""

    op: Literal["mint"] = "mint"
    batch: Annotated[f.NewBatch, About("what its maker calls it: a lot number, say", argument=True)]
    material: Annotated[f.MaterialName, About("what it is of")]
    facility: Annotated[
        f.FacilityName, About("the mine or recycler that it comes from", example="kolwezi-pit-4")
    ]
    mass: Annotated[f.Mass, About("its gross mass")]
    substances: Annotated[
        f.SubstanceMasses, About("what it holds of tracked substances", option="substance")
    ] = field(default_factory=dict)
    origin: Annotated[f.OriginField, About("where its material comes from")]
    emissions: Annotated[f.EmissionsField, About("of producing it, CO2e")] = f.NO_EMISSIONS

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="mint", by=By.PARTICIPANT, once=True)

    def call(self, actor: Actor) -> Planned:
        request = (
            actor.new(self.batch, "batch"),
            actor.names.material(self.material),
            actor.facility(self.facility),
            self.mass,
            amounts_of(self.substances),
            int(self.origin),
            scopes(self.emissions),
            self.at,
            documents(self.evidence),
        )
        return "BatchLedger", "mint", (request,)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        reads = [
            entities.facility(self.facility, actor),
            entities.material(self.material, actor),
            entities.approval(self.facility, self.material, actor),
        ]
        return reads, entities.batches([self.batch], actor)

    def subject(self, actor: Actor) -> Names:
        return {"batch": actor.full(self.batch, "batch")}

    def effect(self, actor: Actor) -> str:
        batch, facility = actor.full(self.batch, "batch"), actor.full(self.facility, "facility")
        what = words.amount(self.mass, self.material, self.substances)
        origin = self.origin.slug.replace("_", "-")
        return f"mints {what} as {batch}, {origin} at {facility}{words.emitting(self.emissions)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitChild:
    """A batch to split off, and its mass."""

    __pydantic_config__: ClassVar[Any] = STRICT
    batch: Annotated[f.NewBatch, About("what it is to be called", example="KOL-1-A")]
    mass: Annotated[f.Mass, About("its gross mass", example="20 t")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBatch(Physical):
    """Something that happened to one batch."""

    batch: Annotated[f.BatchName, About("the batch: creator/identifier", argument=True)]

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], entities.batches([self.batch], actor)

    def subject(self, actor: Actor) -> Names:
        return {"batch": actor.full(self.batch, "batch")}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Split(OnBatch):
    """Split batches off one that you hold; the rest stays in it."""

    op: Literal["split"] = "split"
    into: Annotated[
        tuple[SplitChild, ...], f.CHILDREN, About("a batch to split off, and its mass", positional=True)
    ]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="split", by=By.PARTICIPANT, once=True)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        filled(self.into, "into")
        parent = actor.batch(self.batch)
        children = [(actor.new(child.batch, "batch"), child.mass) for child in self.into]
        return "BatchLedger", "split", (parent, children, self.at, documents(self.evidence))

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], entities.batches([self.batch, *(child.batch for child in self.into)], actor)

    def subject(self, actor: Actor) -> Names:
        children = [actor.full(child.batch, "batch") for child in self.into]
        return {"batch": actor.full(self.batch, "batch"), "children": children}

    def effect(self, actor: Actor) -> str:
        children = (f"{actor.full(item.batch, 'batch')} of {format_mass(item.mass)}" for item in self.into)
        return f"splits {words.listed(children)} off {actor.full(self.batch, 'batch')}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AddEmissions(OnBatch):
    """Add emissions of storage or handling to a batch that you hold."""

    op: Literal["add_emissions"] = "add_emissions"
    emissions: Annotated[f.EmissionsField, About("of storing or handling it, CO2e")]
    reason: Annotated[f.Reason, About("of what: storage, handling")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="add-emissions", old=("emit",), by=By.PARTICIPANT, once=False)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        emitted, evidence = scopes(self.emissions), documents(self.evidence)
        return (
            "BatchLedger",
            "addEmissions",
            (actor.batch(self.batch), emitted, self.reason, self.at, evidence),
        )

    def effect(self, actor: Actor) -> str:
        emitted, batch = format_mass(self.emissions.total_mg), actor.full(self.batch, "batch")
        return f"adds {emitted} CO2e to {batch}{words.because(self.reason)}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Retire(OnBatch):
    """Retire a batch that you hold for good: delivered, disposed of, lost."""

    op: Literal["retire"] = "retire"
    reason: Annotated[f.Reason, About("for instance delivered, disposed of, lost", example="delivered")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="retire", by=By.PARTICIPANT, once=True)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        return (
            "BatchLedger",
            "retire",
            (actor.batch(self.batch), self.reason, self.at, documents(self.evidence)),
        )

    def effect(self, actor: Actor) -> str:
        return f"retires {actor.full(self.batch, 'batch')} for good{words.because(self.reason)}"


BatchOperation = Mint | Split | AddEmissions | Retire
