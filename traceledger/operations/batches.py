"""Operations on single batches: new material, parts of it, emissions in custody, its end, its return."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, final

from traceledger.languages import translatable
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.batches import Retirement
from traceledger.operations import entities, words
from traceledger.operations import fields as f
from traceledger.operations.base import STRICT, By, Names, Physical, Planned, Row, Told, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import amounts_of, documents, filled, scopes, shown

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.dependencies import Findings


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Mint(Physical):
    """Bring a new batch onto the ledger, at a facility approved for its material and origin (Rule 2).

    What nobody can show the origin of is ``untraced``, which any approved facility may mint.
    """

    op: Literal["mint"] = "mint"
    batch: Annotated[f.NewBatch, About("what its maker calls it: a lot number, say", argument=True)]
    material: Annotated[f.MaterialName, About("what it is of")]
    facility: Annotated[f.FacilityName, About("the facility that it comes from", example="kolwezi-pit-4")]
    mass: Annotated[f.Mass, About("its gross mass")]
    pieces: Annotated[f.Pieces | None, About("how many pieces it is, where they are counted")] = None
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
            self.pieces or 0,
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

    def foreseen(self, actor: Actor) -> None:
        actor.outlook.make({actor.batch(self.batch): self.mass})
        approval = entities.approval(self.facility, self.material, actor)
        actor.outlook.minted(actor.batch(self.batch), approval)

    def subject(self, actor: Actor) -> Names:
        return {"batch": actor.full(self.batch, "batch")}

    def effect(self, actor: Actor, who: str) -> Phrase:
        made = phrase(
            "{who} mints {what} as {batch}, {origin} at {facility}",
            who=who,
            what=words.amount(self.mass, self.material, self.substances, self.pieces),
            batch=actor.full(self.batch, "batch"),
            origin=words.term("origin", self.origin.slug),
            facility=actor.full(self.facility, "facility"),
        )
        return words.emitting(made, self.emissions)


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

    def foreseen(self, actor: Actor) -> None:
        parent = actor.batch(self.batch)
        for child in self.into:
            batch = actor.batch(child.batch)
            actor.outlook.take(parent, child.mass)
            actor.outlook.make({batch: child.mass})
            actor.outlook.record(("split", batch), (batch, parent))

    def subject(self, actor: Actor) -> Names:
        children = [actor.full(child.batch, "batch") for child in self.into]
        return {"batch": actor.full(self.batch, "batch"), "children": children}

    def effect(self, actor: Actor, who: str) -> Phrase:
        children = words.listed(
            phrase("{batch} of {mass}", batch=actor.full(item.batch, "batch"), mass=words.mass(item.mass))
            for item in self.into
        )
        batch = actor.full(self.batch, "batch")
        return phrase("{who} splits {children} off {batch}", who=who, children=children, batch=batch)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AddEmissions(OnBatch):
    """Add emissions of storage or handling to a batch that you hold."""

    op: Literal["add_emissions"] = "add_emissions"
    record: Annotated[
        f.NewRecord | None, About("what they are to be called; only named ones can be restated")
    ] = None
    emissions: Annotated[f.EmissionsField, About("of storing or handling it, CO2e")]
    reason: Annotated[f.Reason, About("of what: storage, handling")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="add-emissions", old=("emit",), by=By.PARTICIPANT, once=False)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        record = actor.new(self.record, "record") if self.record else ""
        emitted, evidence = scopes(self.emissions), documents(self.evidence)
        arguments = (actor.batch(self.batch), emitted, record, self.reason, self.at, evidence)
        return "BatchLedger", "addEmissions", arguments

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        reads, writes = OnBatch.touches(self, actor, findings)
        named = [entities.record(self.record, actor)] if self.record else []
        return reads, [*writes, *named]

    def foreseen(self, actor: Actor) -> None:
        if self.record:
            actor.outlook.record(entities.record(self.record, actor), [actor.batch(self.batch)])

    def effect(self, actor: Actor, who: str) -> Phrase:
        emitted, batch = words.mass(self.emissions.total_mg), actor.full(self.batch, "batch")
        if self.record:
            added = phrase(
                "{who} adds {emitted} CO2e to {batch} as record {record}",
                who=who,
                emitted=emitted,
                batch=batch,
                record=actor.full(self.record, "record"),
            )
        else:
            added = phrase("{who} adds {emitted} CO2e to {batch}", who=who, emitted=emitted, batch=batch)
        return words.because(added, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Retire(OnBatch):
    """Retire a batch that you hold, and say how it ended (Rule 9).

    Only a batch of a material that is a product is ``delivered``; a recycler can take it back.
    """

    op: Literal["retire"] = "retire"
    how: Annotated[f.RetirementField, About("how it ended")] = Retirement.CONSUMED_OUTSIDE
    reason: Annotated[f.OptionalText, About("why, in words", example="sold")] = ""

    @classmethod
    def row(cls) -> Row:
        return Row(
            noun="batch",
            verb="retire",
            by=By.PARTICIPANT,
            once=True,
            for_good=translatable("a batch that is retired is used no more, unless that is reversed"),
        )

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        batch, how, *rest = self.told(actor)[1]
        return "BatchLedger", "retire", (batch, how, actor.outlook.events(actor.batch(self.batch)), *rest)

    def told(self, actor: Actor) -> Told:
        batch, evidence = actor.batch(self.batch), documents(self.evidence)
        return "retire", (batch, int(self.how), self.reason, self.at, evidence)

    def effect(self, actor: Actor, who: str) -> Phrase:
        batch, how = actor.full(self.batch, "batch"), words.term("retirement", self.how.slug)
        retired = phrase("{who} retires {batch} as {how}", who=who, batch=batch, how=how)
        return words.because(retired, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(OnBatch):
    """Take a delivered product back for recycling, whole, at a recycler approved for it (Rule 9).

    Its CO2e stays with its first life. Documents must show it.
    """

    op: Literal["take_back"] = "take_back"
    facility: Annotated[
        f.FacilityName, About("where: a facility approved for post_consumer", example="schwarzheide-plant")
    ]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="take-back", by=By.PARTICIPANT, once=True, moves=True)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        shown(self.evidence)
        actor.batch(self.batch)
        creator, identifier = actor.names.recorded_name(self.batch, actor.own, "batch")
        facility, evidence = actor.facility(self.facility), documents(self.evidence)
        return "BatchLedger", "takeBack", (creator, identifier, facility, self.at, evidence)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        reads, writes = OnBatch.touches(self, actor, findings)
        return [
            *reads,
            entities.facility(self.facility, actor),
            entities.approvals(self.facility, actor),
        ], writes

    def foreseen(self, actor: Actor) -> None:
        actor.outlook.unsettle(entities.batches([self.batch], actor))

    def effect(self, actor: Actor, who: str) -> Phrase:
        batch, facility = actor.full(self.batch, "batch"), actor.full(self.facility, "facility")
        return phrase(
            "{who} takes {batch} back for recycling at {facility}", who=who, batch=batch, facility=facility
        )


BatchOperation = Mint | Split | AddEmissions | Retire | TakeBack
