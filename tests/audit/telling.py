"""The event that the contracts tell of an operation, computed from what batches hold before it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from tests.lots import address_of
from tests.reference.values import NUMBERS, milligrams
from traceledger import events as told
from traceledger.model import ids
from traceledger.model.arithmetic import allocate, take
from traceledger.model.batches import (
    Batch,
    BatchState,
    Difference,
    ErrorReason,
    HoldKind,
    Origin,
    RecordKind,
    Retirement,
)
from traceledger.model.emissions import EMISSION_FIELDS, AllocationRule, Emissions
from traceledger.model.evidence import Evidence
from traceledger.model.registry import Material
from traceledger.replay import Memory, pools

NO_TAG = bytes(32)
AUDITOR = "argus"


class Teller:
    """Knows batches and materials; ``told`` is every event so far, in order."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.told: list[Any] = []
        self.materials_by_id: dict[int, Material] = {}

    def event_of(self, op: dict[str, Any], moment: int) -> Any:
        """The event of an operation."""
        return getattr(self, op["op"])(op, moment)

    # --- names --------------------------------------------------------------------------------------

    def named(self, text: str, op: dict[str, Any]) -> tuple[bytes, str]:
        """Owner and identifier; an identifier may hold slashes, as a Digital Link does."""
        slug, mark, rest = text.partition("/")
        if not mark or ":" in slug:
            return address_of(op["as"]), text
        return address_of(slug), rest

    def batch_id(self, text: str, op: dict[str, Any]) -> int:
        return ids.batch_id(*self.named(text, op))

    def facility_id(self, text: str, op: dict[str, Any]) -> int:
        return ids.facility_id(*self.named(text, op))

    def lot(self, text: str) -> Batch:
        """The batch of that full name."""
        return self.memory.batches[self.batch_id(text, {})]

    def usable(self, text: str, op: dict[str, Any]) -> Batch:
        batch = self.memory.batches[self.batch_id(text, op)]
        assert batch.custodian == address_of(op["as"]), f"{text} is not with {op['as']}"
        assert batch.state is BatchState.ACTIVE and not batch.held and not batch.frozen, text
        return batch

    # --- making -------------------------------------------------------------------------------------

    def mint(self, op: dict[str, Any], moment: int) -> Any:
        creator = address_of(op["as"])
        return told.BatchMinted(
            batch=ids.batch_id(creator, op["batch"]),
            creator=creator,
            facility=self.facility_id(op["facility"], op),
            material=ids.material_id(op["material"]),
            origin=Origin[op["origin"].upper()],
            mass_mg=milligrams(op["mass"]),
            pieces=op.get("pieces", 0),
            off_specification=False,
            occurred_at=moment,
            emissions=emissions(op),
            substances_mg=substances(op),
            identifier=op["batch"],
            evidence=evidence(op),
        )

    def split(self, op: dict[str, Any], moment: int) -> Any:
        rest, owner, children = self.usable(op["batch"], op), address_of(op["as"]), []
        for item in op["into"]:
            taken, rest = pools.take_from(rest, milligrams(item["mass"]))
            child = replace(taken, batch=ids.batch_id(owner, item["batch"]))
            children.append(told.Child(item["batch"], child))
        return told.BatchSplit(rest.id, owner, moment, tuple(children), evidence(op))

    def transform(self, op: dict[str, Any], moment: int) -> Any:
        owner, economic = address_of(op["as"]), op.get("allocation") == "economic"
        taken = self._inputs(op)
        outputs = [(item, self.materials_by_id[ids.material_id(item["material"])]) for item in op["outputs"]]
        waste = [not op.get("recycling") and material.waste for _, material in outputs]
        gave, held = totals(item.substances_mg for item in taken), [substances(item) for item, _ in outputs]
        wasted = totals(each for each, is_waste in zip(held, waste, strict=True) if is_waste)
        made = totals(held)
        lost = {number: amount - made[number] for number, amount in gave.items() if amount > made[number]}
        masses = [milligrams(item["mass"]) for item, _ in outputs]
        given = [
            item.get("weight", 0) if economic else mass
            for (item, _), mass in zip(outputs, masses, strict=True)
        ]
        weights = [0 if is_waste else weight for is_waste, weight in zip(waste, given, strict=True)]
        # Rule 6: by mass, where waste takes more of a substance than the others together, or all is waste.
        mostly = any(amount > made[number] - amount for number, amount in wasted.items())
        by_mass = mostly or not any(weights)
        weights = masses if by_mass else weights
        process = emissions(op)
        scopes = [allocate(getattr(process, name), weights) for name in EMISSION_FIELDS]
        own = [Emissions(*parts) for parts in zip(*scopes, strict=True)]
        inherited = allocate(sum(item.own_mg + item.inherited_mg for item in taken), weights)
        primary = allocate(sum(item.primary_mg for item in taken), weights)
        return told.Transformed(
            transformation=ids.transformation_id(owner, op["transformation"]),
            participant=owner,
            facility=self.facility_id(op["facility"], op),
            occurred_at=moment,
            recycling=op.get("recycling", False),
            allocation=AllocationRule.ECONOMIC if economic and not by_mass else AllocationRule.MASS,
            emissions=process,
            inputs=tuple(taken),
            outputs=tuple(
                told.Made(
                    batch=ids.batch_id(owner, item["batch"]),
                    material=material.id,
                    mass_mg=masses[place],
                    pieces=item.get("pieces", 0),
                    weight=weights[place],
                    waste=waste[place],
                    off_specification=False,
                    own_mg=own[place].total_mg,
                    inherited_mg=inherited[place],
                    primary_mg=primary[place] + own[place].primary,
                    substances_mg=held[place],
                    identifier=item["batch"],
                )
                for place, (item, material) in enumerate(outputs)
            ),
            losses_mg=lost,
            identifier=op["transformation"],
            process=op["process"],
            evidence=evidence(op),
        )

    def _inputs(self, op: dict[str, Any]) -> list[told.Taken]:
        left: dict[int, Batch] = {}
        taken = []
        for item in op["inputs"]:
            batch = self.usable(item["batch"], op)
            batch = left.get(batch.id, batch)
            part, left[batch.id] = pools.take_from(batch, milligrams(item.get("mass", batch.mass_mg)))
            taken.append(part)
        return taken

    # --- custody ------------------------------------------------------------------------------------

    def ship(self, op: dict[str, Any], moment: int) -> Any:
        sender, gases = address_of(op["as"]), emissions(op)
        lots = [self.usable(text, op) for text in op["batches"]]
        parts = allocate(gases.total_mg, [lot.mass_mg for lot in lots])
        shipped = [
            told.Shipped(lot.id, lot.mass_mg, lot.own_mg + part)
            for lot, part in zip(lots, parts, strict=True)
        ]
        return told.ShipmentOffered(
            shipment=ids.shipment_id(sender, op["shipment"]),
            sender=sender,
            receiver=address_of(op["to"]),
            owner=address_of(op["owner"]) if "owner" in op else bytes(20),
            return_of=0,
            occurred_at=moment,
            emissions=gases,
            batches=tuple(shipped),
            identifier=op["shipment"],
            evidence=evidence(op),
        )

    def receive(self, op: dict[str, Any], moment: int) -> Any:
        shipment = self.memory.shipments[ids.shipment_id(*self.named(op["shipment"], op))]
        arrived = []
        for lot in shipment.open:
            batch = self.memory.batches[lot]
            said = [entry for text, entry in op.get("lots", {}).items() if self.batch_id(text, op) == lot]
            short = [mass for text, mass in op.get("arrived", {}).items() if self.batch_id(text, op) == lot]
            if said:
                arrived.append(self._measured(batch, said[0]))
            elif short or "lots" not in op:
                arrived.append(_lost(batch, milligrams(short[0]) if short else batch.mass_mg))
        return told.ShipmentReceived(
            shipment.id, address_of(op["as"]), moment, tuple(arrived), NO_TAG, evidence(op)
        )

    def _measured(self, batch: Batch, entry: dict[str, Any]) -> told.Arrived:
        mass, difference = milligrams(entry["mass"]), Difference[entry["difference"].upper()]
        if difference is Difference.LOSS:
            return _lost(batch, mass)
        if difference is Difference.MOISTURE:
            return told.Arrived(batch.id, mass, difference, {})
        found = dict(batch.substances_mg) | substances(entry)
        self._require_tolerated(batch, mass, found)
        return told.Arrived(batch.id, mass, difference, found)

    def _require_tolerated(self, batch: Batch, mass: int, found: dict[int, int]) -> None:
        """Rule 5: within the material's tolerances."""
        material = self.materials_by_id[batch.material]
        assert abs(mass - batch.mass_mg) * 10_000 <= material.tolerance_mass_bp * batch.mass_mg
        for number, held in batch.substances_mg.items():
            assert abs(found[number] - held) * 10_000 <= material.tolerance_substances_bp * held

    def reject(self, op: dict[str, Any], moment: int) -> Any:
        return self._given_back(told.ShipmentRejected, op, moment)

    def cancel(self, op: dict[str, Any], moment: int) -> Any:
        return self._given_back(told.ShipmentCancelled, op, moment)

    def _given_back(self, make: Any, op: dict[str, Any], moment: int) -> Any:
        shipment = self.memory.shipments[ids.shipment_id(*self.named(op["shipment"], op))]
        lots = [self.batch_id(text, op) for text in op.get("lots", ())] or shipment.open
        about = (address_of(op["as"]), moment, op.get("reason", ""), tuple(lots), NO_TAG)
        return make(shipment.id, *about, evidence(op))

    # --- what happens to one batch ------------------------------------------------------------------

    def add_emissions(self, op: dict[str, Any], moment: int) -> Any:
        lot, gases = self.usable(op["batch"], op), emissions(op)
        about = (lot.own_mg + gases.total_mg, op.get("record", ""), op.get("reason", ""), evidence(op))
        return told.EmissionsAdded(lot.id, lot.custodian, moment, gases, *about)

    def retire(self, op: dict[str, Any], moment: int) -> Any:
        lot, how = self.usable(op["batch"], op), Retirement[op.get("how", "consumed_outside").upper()]
        return told.BatchRetired(lot.id, lot.custodian, how, moment, op.get("reason", ""), evidence(op))

    def remeasure(self, op: dict[str, Any], moment: int) -> Any:
        lot = self.usable(op["batch"], op)
        mass = milligrams(op.get("mass", lot.mass_mg))
        found = dict(lot.substances_mg) | substances(op)
        self._require_tolerated(lot, mass, found)
        about = (mass, found, op["reason"], evidence(op))
        return told.BatchRemeasured(lot.id, lot.custodian, lot.custodian, False, moment, *about)

    def take_back(self, op: dict[str, Any], moment: int) -> Any:
        lot, facility = self.lot(op["batch"]), self.facility_id(op["facility"], op)
        assert lot.state is BatchState.DELIVERED
        held = (lot.mass_mg, lot.own_mg, lot.inherited_mg, lot.primary_mg)
        about = (facility, lot.material, moment, *held, evidence(op))
        return told.BatchTakenBack(lot.id, address_of(op["as"]), *about)

    def hold(self, op: dict[str, Any], moment: int) -> Any:
        about = (HoldKind.CUSTODIAN, moment, op["reason"], evidence(op))
        return told.BatchHeld(self.usable(op["batch"], op).id, address_of(op["as"]), *about)

    def release(self, op: dict[str, Any], moment: int) -> Any:
        about = (HoldKind.CUSTODIAN, moment, op.get("reason", ""), evidence(op))
        return told.BatchReleased(self.batch_id(op["batch"], op), address_of(op["as"]), *about)

    # --- what puts right ----------------------------------------------------------------------------

    def declare_error(self, op: dict[str, Any], moment: int) -> Any:
        lot, who = self.memory.batches[self.batch_id(op["batch"], op)], address_of(op["as"])
        corrective = tuple(self.batch_id(text, op) for text in op.get("corrective", ()))
        # Rule 8: the maker's word freezes only what it holds, and what has not ended.
        freezes = lot.custodian == who and lot.state not in (BatchState.RETIRED, BatchState.DELIVERED)
        about = (ErrorReason[op["reason"].upper()], moment, corrective, evidence(op))
        return told.ErrorDeclared(lot.id, who, False, freezes, *about)

    def reverse(self, op: dict[str, Any], moment: int) -> Any:
        kind, text = next((key, value) for key, value in op["of"].items() if key != "lots")
        who, (owner, identifier) = address_of(op["as"]), self.named(text, op)
        end = (op["reason"], NO_TAG, evidence(op))
        batch = ids.batch_id(owner, identifier)
        match kind:
            case "mint":
                return told.MintReversed(batch, who, moment, *end)
            case "split":
                made = next(e for e in self.told if isinstance(e, told.BatchSplit) and _makes(e, batch))
                put_back = pools.all_of(self.memory.batches[batch])
                return told.SplitReversed(batch, made.parent, who, moment, put_back, *end)
            case "transformation":
                number = ids.transformation_id(owner, identifier)
                run = next(e for e in self.told if getattr(e, "transformation", 0) == number)
                outputs = tuple(made.batch for made in run.outputs)
                return told.TransformationReversed(number, who, moment, run.inputs, outputs, *end)
            case "receive":
                shipment = self.memory.shipments[ids.shipment_id(owner, identifier)]
                lots = [self.batch_id(lot, op) for lot in op["of"].get("lots", ())] or shipment.received
                return told.ReceiptReversed(shipment.id, who, moment, tuple(lots), *end)
            case _:
                return told.RetirementReversed(batch, who, moment, *end)

    def restate_emissions(self, op: dict[str, Any], moment: int) -> Any:
        record, kind, batches = self._record(op)
        now = emissions(op)
        before = next(e.emissions for e in reversed(self.told) if _is_of(e, record))
        counts = now.total_mg >= before.total_mg and now.primary <= before.primary
        about = (kind, counts, moment, now, batches, op["reason"], evidence(op))
        return told.EmissionsRestated(record, address_of(op["as"]), *about)

    def confirm_restatement(self, op: dict[str, Any], moment: int) -> Any:
        record, kind, batches = self._record(op)
        said = next(e for e in reversed(self.told) if _is_of(e, record))
        about = (kind, moment, said.emissions, batches, evidence(op))
        return told.RestatementConfirmed(record, address_of(op["as"]), *about)

    def _record(self, op: dict[str, Any]) -> tuple[int, RecordKind, tuple[int, ...]]:
        ((kind, text),) = op["of"].items()
        owner, identifier = self.named(text, op)
        if kind == "mint":
            batch = ids.batch_id(owner, identifier)
            return batch, RecordKind.MINT, (batch,)
        number = ids.transformation_id(owner, identifier)
        run = next(e for e in self.told if getattr(e, "transformation", 0) == number)
        return number, RecordKind.TRANSFORMATION, tuple(made.batch for made in run.outputs)


def _is_of(event: Any, record: int) -> bool:
    """Whether an event says what a record emitted."""
    match event:
        case told.BatchMinted():
            return bool(event.batch == record)
        case told.Transformed():
            return bool(event.transformation == record)
        case told.EmissionsRestated():
            return bool(event.record == record)
        case _:
            return False


def _makes(event: Any, batch: int) -> bool:
    return any(new.batch == batch for new in event.makes)


def _lost(batch: Batch, arrived: int) -> told.Arrived:
    missing = batch.mass_mg - arrived
    if not missing:
        return told.Arrived(batch.id, arrived, Difference.NONE, {})
    lost = {n: take(held, part=missing, whole=batch.mass_mg) for n, held in batch.substances_mg.items()}
    return told.Arrived(batch.id, arrived, Difference.LOSS, lost)


def totals(lists: Any) -> Counter[int]:
    total: Counter[int] = Counter()
    for masses in lists:
        total.update(masses)
    return total


def substances(op: dict[str, Any]) -> dict[int, int]:
    found = op.get("substances") or {}
    return dict(sorted((NUMBERS[name], milligrams(mass)) for name, mass in found.items()))


def emissions(op: dict[str, Any]) -> Emissions:
    given = op.get("emissions") or {}
    return Emissions(*(milligrams(given.get(name, 0)) for name in EMISSION_FIELDS))


def evidence(op: dict[str, Any]) -> tuple[Evidence, ...]:
    return tuple(Evidence(item["uri"], bytes.fromhex(item["sha256"])) for item in op.get("evidence", []))
