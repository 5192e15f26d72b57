"""The reference model of the ledger: applies operations (as an operations file writes them) one by one.

It checks in the order in which the contracts do, so that an operation that breaks several rules is
refused for the same one.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.reference.assurance import Assurance
from tests.reference.registry import require_identifier
from tests.reference.values import (
    Batch,
    Gases,
    Name,
    Pools,
    Record,
    Refused,
    Shipment,
    fitting,
    milligrams,
    portion,
    refuse_if,
    seconds,
    substances_of,
    year_of,
)


class ReferenceLedger(Assurance):
    """The state that operations lead to, and ``history``: what happened, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: dict[Name, Batch] = {}
        self.shipments: dict[Name, Shipment] = {}
        self.transformations: set[Name] = set()
        self.minted: Counter[tuple[Name, str, int]] = Counter()
        self.history: list[Record] = []
        self._changed: dict[Name, Batch] = {}

    def apply(self, op: dict[str, Any], account: str | None = None) -> set[Name]:
        """Perform one operation.

        Args:
            op: an operation, as a line of an operations file has it.
            account: who signs; by default the first valid key of ``as``.

        Returns:
            The batches it touched.

        Raises:
            Refused: it breaks a rule; nothing has changed.
        """
        self._changed = {}
        getattr(self, op["op"])(op, account or self.account_of(op.get("as")))
        self.batches |= self._changed
        return set(self._changed)

    def _batch(self, name: Name) -> Batch:
        """The batch, to be changed: what is changed counts once the whole operation has succeeded."""
        if name not in self._changed:
            refuse_if(name not in self.batches, "UnknownBatch")
            self._changed[name] = self.batches[name].copy()
        return self._changed[name]

    def _usable(self, name: Name, slug: str) -> Batch:
        batch = self._batch(name)
        refuse_if(batch.custodian != slug, "NotCustodian")
        refuse_if(batch.frozen, "BatchIsFrozen")
        refuse_if(batch.state != "active", "BatchNotActive")
        return batch

    def _new_name(self, slug: str, name: str) -> Name:
        _, identifier = self.full(name, slug)
        require_identifier(identifier)
        new = (slug, identifier)
        refuse_if(new in self.batches or new in self._changed, "BatchAlreadyExists")
        return new

    def _create(self, name: Name, material: str, facility: Name, custodian: str, pools: Pools) -> None:
        self._changed[name] = Batch(name, material, facility, custodian, pools, pools.copy())

    def _check_substances(self, substances: dict[int, int], mass: int, material: str) -> None:
        for number, held in substances.items():
            refuse_if(number not in self.materials[material], "SubstanceNotInMaterial", substance=number)
            refuse_if(held > mass, "SubstanceExceedsMass", substanceMass=held, mass=mass)

    # --- operations ---------------------------------------------------------------------------------

    def mint(self, op: dict[str, Any], account: str) -> None:
        facility = self.full(op["facility"], op.get("as"))
        slug, material = self.at_facility(account, facility), op["material"]
        refuse_if(not self.facilities[facility].is_origin, "NotAnOrigin")
        refuse_if(material not in self.materials, "UnknownMaterial")
        capacity = self.capacities.get((facility, material), 0)
        refuse_if(not capacity, "OriginNotApproved")
        mined = self.facilities[facility].kind == "mine"
        refuse_if(mined != (op["origin"] == "mined"), "OriginMismatch")
        name = self._new_name(slug, op["batch"])
        mass, substances = milligrams(op["mass"]), substances_of(op.get("substances"))
        refuse_if(mass == 0, "ZeroMass")
        pools = Pools(fitting(mass), substances)
        self._check_substances(substances, mass, material)
        gases = Gases.read(op.get("emissions"))
        gases.check()
        pools.add_own(gases)
        key = (facility, material, year_of(seconds(op["at"])))
        left = max(0, capacity - self.minted[key])
        refuse_if(mass > left, "CapacityExceeded", year=key[2], requested=mass, remaining=left)
        self.minted[key] += mass
        self._create(name, material, facility, slug, pools)
        self.history.append(Record("mint", slug, (name,), facility, "", op["origin"], (gases,)))

    def split(self, op: dict[str, Any], account: str) -> None:
        slug = self.acting(account)
        refuse_if(not op["into"], "EmptyList")
        parent = self._usable(self.full(op["batch"], slug), slug)
        children: list[Name] = []
        taken: list[Pools] = []
        for item in op["into"]:
            taken.append(self._take(parent, milligrams(item["mass"])))
            children.append(self._new_name(slug, item["batch"]))
            self._create(children[-1], parent.material, parent.facility, slug, taken[-1].copy())
        self.history.append(
            Record("split", slug, tuple(children), parent.facility, taken=tuple(taken), inputs=(parent.name,))
        )

    def _take(self, batch: Batch, mass: int) -> Pools:
        refuse_if(mass == 0, "ZeroMass")
        left = batch.pools.mass
        refuse_if(mass > left, "InsufficientMass", requested=mass, remaining=left)
        taken = batch.pools.take(mass)
        if batch.pools.mass == 0:
            batch.state = "consumed"
        return taken

    def ship(self, op: dict[str, Any], account: str) -> None:
        slug = self.acting(account)
        self.require_active(op["to"])
        name = (slug, self.full(op["shipment"], slug)[1])
        require_identifier(name[1])
        refuse_if(not op["batches"], "EmptyList")
        refuse_if(name in self.shipments, "ShipmentAlreadyExists")
        gases = Gases.read(op.get("emissions"))
        gases.check()
        batches = [self._usable(self.full(item, slug), slug) for item in op["batches"]]
        whole, before = sum(batch.pools.mass for batch in batches), 0
        parts: list[Gases] = []
        for batch in batches:
            self._usable(batch.name, slug)  # it is in transit by now, if it is listed twice
            batch.state = "in_transit"
            parts.append(gases.part(before, batch.pools.mass, whole))
            before += batch.pools.mass
            batch.pools.add_own(parts[-1])
        names = tuple(batch.name for batch in batches)
        self.shipments[name] = Shipment(name, op["to"], names)
        self.history.append(Record("ship", slug, names, gases=tuple(parts)))

    def receive(self, op: dict[str, Any], account: str) -> None:
        slug = self.acting(account)
        shipment = self._answered(op, op.get("as"), slug)
        arrived = {self.full(name, op.get("as")): mass for name, mass in op.get("arrived", {}).items()}
        for name in shipment.batches:
            batch = self._batch(name)
            refuse_if(batch.frozen, "BatchIsFrozen")
            shipped = batch.pools.mass
            mass = milligrams(arrived.get(name, shipped))
            refuse_if(mass == 0, "ZeroMass")
            refuse_if(mass > shipped, "SurplusOnArrival", arrived=mass, shipped=shipped)
            batch.pools.take_substances(shipped - mass)
            batch.state, batch.custodian = "active", slug
        shipment.state = "received"
        self.history.append(Record("receive", slug, shipment.batches))

    def _answered(self, op: dict[str, Any], own: str | None, receiver: str) -> Shipment:
        """The shipment that an answer names, which must be open and the receiver's."""
        shipment = self.shipments.get(self.full(op["shipment"], own))
        if shipment is None or shipment.state != "open":
            raise Refused("ShipmentNotOpen")
        refuse_if(shipment.receiver != receiver, "ShipmentMismatch")
        return shipment

    def reject(self, op: dict[str, Any], account: str) -> None:
        slug = self.participant_of(account)
        self._give_back(self._answered(op, op.get("as"), slug), "rejected", slug)

    def cancel(self, op: dict[str, Any], account: str) -> None:
        slug = self.participant_of(account)
        shipment = self.shipments.get((slug, self.full(op["shipment"], slug)[1]))
        if shipment is None or shipment.state != "open":
            raise Refused("ShipmentNotOpen")
        self._give_back(shipment, "cancelled", slug)

    def _give_back(self, shipment: Shipment, state: str, slug: str) -> None:
        for name in shipment.batches:
            self._batch(name).state = "active"
        shipment.state = state
        self.history.append(Record(state, slug, shipment.batches))

    def transform(self, op: dict[str, Any], account: str) -> None:
        facility = self.full(op["facility"], op.get("as"))
        slug = self.at_facility(account, facility)
        run = (slug, self.full(op["transformation"], slug)[1])
        require_identifier(run[1])
        refuse_if(run in self.transformations, "TransformationAlreadyExists")
        refuse_if(not op["inputs"] or not op["outputs"], "EmptyList")
        gases = Gases.read(op.get("emissions"))
        gases.check()
        inputs: list[Name] = []
        taken: list[Pools] = []
        for item in op["inputs"]:
            batch = self._usable(self.full(item["batch"], slug), slug)
            inputs.append(batch.name)
            taken.append(self._take(batch, milligrams(item.get("mass", batch.pools.mass))))
        self._check_outputs(op["outputs"])
        _balance(taken, op)
        outputs, parts = self._make_outputs(slug, facility, op, taken, gases)
        self.transformations.add(run)
        self.history.append(
            Record(
                "transform",
                slug,
                tuple(outputs),
                facility,
                op["process"],
                gases=tuple(parts),
                taken=tuple(taken),
                inputs=tuple(inputs),
            )
        )

    def _check_outputs(self, outputs: list[dict[str, Any]]) -> None:
        for output in outputs:
            mass = milligrams(output["mass"])
            refuse_if(mass == 0, "ZeroMass")
            fitting(mass)
            refuse_if(output["material"] not in self.materials, "UnknownMaterial")
            self._check_substances(substances_of(output.get("substances")), mass, output["material"])

    def _make_outputs(
        self, slug: str, facility: Name, op: dict[str, Any], taken: list[Pools], gases: Gases
    ) -> tuple[list[Name], list[Gases]]:
        economic = op.get("allocation", "mass") == "economic"
        burden = sum(pools.own + pools.inherited for pools in taken)
        primary = sum(pools.primary for pools in taken)
        for index, output in enumerate(op["outputs"]):
            refuse_if(economic != bool(output.get("weight")), "InvalidWeight", index=index)
        weights = [output["weight"] if economic else milligrams(output["mass"]) for output in op["outputs"]]
        whole, before = sum(weights), 0
        names: list[Name] = []
        parts: list[Gases] = []
        for output, weight in zip(op["outputs"], weights, strict=True):
            pools = Pools(milligrams(output["mass"]), substances_of(output.get("substances")))
            pools.inherited = fitting(portion(burden, before, weight, whole))
            parts.append(gases.part(before, weight, whole))
            inherited_primary = portion(primary, before, weight, whole)
            pools.add_own(Gases(parts[-1].scopes, parts[-1].primary + inherited_primary))
            before += weight
            names.append(self._new_name(slug, output["batch"]))
            self._create(names[-1], output["material"], facility, slug, pools)
        return names, parts

    def add_emissions(self, op: dict[str, Any], account: str) -> None:
        slug = self.participant_of(account)
        batch = self._usable(self.full(op["batch"], op.get("as")), slug)
        gases = Gases.read(op["emissions"])
        gases.check()
        batch.pools.add_own(gases)
        self.history.append(Record("add", slug, (batch.name,), batch.facility, op["reason"], gases=(gases,)))

    def retire(self, op: dict[str, Any], account: str) -> None:
        slug = self.participant_of(account)
        batch = self._usable(self.full(op["batch"], op.get("as")), slug)
        batch.state = "retired"
        self.history.append(Record("retire", slug, (batch.name,)))

    def declare_error(self, op: dict[str, Any], account: str) -> None:
        name = self.full(op["batch"], op.get("as"))
        is_creator = self.keys.get(account) == (name[0], False)
        refuse_if(not is_creator and not self.is_auditor(account), "NotCreatorNorAuditor")
        batch = self._batch(name)
        refuse_if(batch.frozen, "BatchIsFrozen")
        batch.frozen = True
        self.history.append(Record("error", op.get("as"), (name,)))


def _balance(taken: list[Pools], op: dict[str, Any]) -> None:
    """Of every substance: what the inputs gave is what outputs and declared losses hold."""
    gave: Counter[int] = Counter()
    for pools in taken:
        gave.update(pools.substances)
    accounted: Counter[int] = Counter()
    balance = op.get("losses") == "balance"
    lists = [substances_of(output.get("substances")) for output in op["outputs"]]
    for listed in [*lists, *([] if balance else [substances_of(op.get("losses"))])]:
        for number, mass in listed.items():
            known = number in gave or mass == 0
            refuse_if(not known, "SubstanceNotConserved", substance=number, taken=0, accounted=mass)
            accounted[number] += mass
    for number in sorted(gave):
        wrong = accounted[number] > gave[number] if balance else accounted[number] != gave[number]
        refuse_if(
            wrong,
            "SubstanceNotConserved",
            substance=number,
            taken=gave[number],
            accounted=accounted[number],
        )
