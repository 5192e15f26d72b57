"""The reference model of the ledger: applies operations (as an operations file writes them) one by one.

It checks in the order in which the contracts do, so that an operation that breaks several rules is
refused for the same one. Here are the operations of every day; the rest is in modules of its own.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.reference.corrections import Corrections
from tests.reference.handling import Handling
from tests.reference.lots import require_not_held
from tests.reference.registry import require_identifier
from tests.reference.values import (
    Batch,
    Entry,
    Gases,
    Name,
    Pools,
    Record,
    Run,
    Shipment,
    fitting,
    milligrams,
    portion,
    refuse_if,
    seconds,
    substances_of,
)


class ReferenceLedger(Handling, Corrections):
    """The whole ledger."""

    def mint(self, op: dict[str, Any], account: str) -> None:
        facility = self.full(op["facility"], op.get("as"))
        slug, material, at = self.at_facility(account, facility), op["material"], seconds(op["at"])
        refuse_if(material not in self.materials, "UnknownMaterial")
        capacity = self.approved(facility, material, op["origin"], at)
        self.require_time(op)
        name = self.new_name(slug, op["batch"])
        mass, substances = milligrams(op["mass"]), substances_of(op.get("substances"))
        self.require_material(name, material, mass, substances)
        key = self.use_capacity(facility, material, op["origin"], at, mass, capacity)
        gases = Gases.read(op.get("emissions"))
        gases.check()
        pools = Pools(mass, substances)
        pools.add_own(gases)
        self.minted[key] += mass
        self.create(name, material, facility, slug, pools, Entry("mint", name, key=key))
        record = Record("mint", slug, (name,), facility, "", op["origin"], (gases,))
        self.records["mint", name] = self.tell(record)

    def split(self, op: dict[str, Any], account: str) -> None:
        slug = self.acting(account)
        refuse_if(not op["into"], "EmptyList")
        refuse_if(len(op["into"]) > 64, "ListTooLong")
        parent = self.usable(self.full(op["batch"], slug), slug)
        children: list[Name] = []
        taken: list[Pools] = []
        for item in op["into"]:
            taken.append(self.take(parent, milligrams(item["mass"])))
            children.append(self.new_name(slug, item["batch"]))
            entry, pools = Entry("split", parent.name), taken[-1].copy()
            child = self.create(children[-1], parent.material, parent.facility, slug, pools, entry)
            child.arose, child.taken_back, child.used = parent.arose, parent.taken_back, dict(parent.used)
            child.apart, child.maker = dict(parent.apart), parent.maker
            parent.use()
        parent.events += 1
        self.tell(
            Record("split", slug, tuple(children), parent.facility, taken=tuple(taken), inputs=(parent.name,))
        )

    def ship(self, op: dict[str, Any], account: str) -> None:
        slug = self.acting(account)
        self.require_active(op["to"])
        names = [self.full(item, slug) for item in op["batches"]]
        name = (slug, self.full(op["shipment"], slug)[1])
        require_identifier(name[1])
        refuse_if(not names, "EmptyList")
        going_back = self._goes_back(names, op["to"])
        refuse_if(name in self.shipments, "ShipmentAlreadyExists")
        gases = Gases.read(op.get("emissions"))
        gases.check()
        batches = [self._shippable(each, slug, going_back=going_back) for each in names]
        whole, before = sum(batch.pools.mass for batch in batches), 0
        parts: list[Gases] = []
        for batch in batches:
            refuse_if(batch.state != "active", "BatchNotActive")  # it is in transit, if it is listed twice
            batch.state = "returning" if going_back else "in_transit"
            batch.events += 1
            parts.append(gases.part(before, batch.pools.mass, whole))
            before += batch.pools.mass
            batch.pools.add_own(parts[-1])
        weights = tuple(batch.pools.mass for batch in batches)
        number = self.tell(Record("ship", slug, tuple(names), gases=tuple(parts), weights=weights))
        self.shipments[name] = Shipment(name, op["to"], tuple(names), tuple(names), gases=gases)
        self.records["shipment", name] = number

    def _goes_back(self, names: list[Name], to: str) -> bool:
        """Whether frozen lots are sent to where they came from, by one shipment."""
        known = [self.batches[name] for name in names if name in self.batches]
        came = [batch.trail[-1] for batch in known if batch.trail[-1].kind == "receipt"]
        frozen = any(batch.frozen for batch in known)
        if not frozen or len(came) < len(names) or any(entry.sender != to for entry in came):
            return False
        refuse_if(any(entry.of != came[0].of for entry in came), "NotAReturn")
        return True

    def _shippable(self, name: Name, slug: str, *, going_back: bool) -> Batch:
        if not going_back:
            return self.usable(name, slug)
        batch = self.in_custody(name, slug)
        require_not_held(batch)
        refuse_if(batch.state != "active", "BatchNotActive")
        refuse_if(not batch.frozen, "NotAReturn")
        return batch

    def cancel(self, op: dict[str, Any], account: str) -> None:
        slug = self.participant_of(account)
        shipment = self.open_shipment((slug, self.full(op["shipment"], slug)[1]), None)
        self.give_back(shipment, shipment.open, "cancelled", slug)

    def add_emissions(self, op: dict[str, Any], account: str) -> None:
        slug = self.participant_of(account)
        batch = self.usable(self.full(op["batch"], op.get("as")), slug)
        gases = Gases.read(op["emissions"])
        gases.check()
        batch.pools.add_own(gases)
        batch.events += 1
        record = (slug, op["record"]) if "record" in op else None
        if record is not None:
            require_identifier(record[1])
            refuse_if(("record", record) in self.records, "EmissionsRecordAlreadyExists")
        number = self.tell(Record("add", slug, (batch.name,), batch.facility, op["reason"], gases=(gases,)))
        if record is not None:
            self.records["record", record] = number

    def retire(self, op: dict[str, Any], account: str) -> None:
        slug, how = self.participant_of(account), op.get("how", "consumed_outside")
        name = self.full(op["batch"], op.get("as"))
        batch = self.in_custody(name, slug)
        if how != "disposed" or batch.state != "active" or batch.held:
            batch = self.usable(name, slug)
        if how == "delivered":
            refuse_if(not self.materials[batch.material].product, "NotAProduct")
        batch.state = "delivered" if how == "delivered" else "retired"
        batch.events += 1
        self.tell(Record("retire", slug, (batch.name,)))

    # --- transformations ----------------------------------------------------------------------------

    def transform(self, op: dict[str, Any], account: str) -> None:
        facility = self.full(op["facility"], op.get("as"))
        slug = self.at_facility(account, facility)
        self.require_time(op)
        run = (slug, self.full(op["transformation"], slug)[1])
        require_identifier(run[1])
        refuse_if(run in self.runs, "TransformationAlreadyExists")
        refuse_if(not op["inputs"] or not op["outputs"], "EmptyList")
        gases = Gases.read(op.get("emissions"))
        gases.check()
        origin, inputs, taken = self._take_inputs(op, slug, facility)
        names = self._check_outputs(op, slug, facility, origin)
        mostly_waste = _balance(taken, op, self._is_waste(op))
        weights = self._weights(op, mostly_waste=mostly_waste)
        sources = list(zip(inputs, taken, strict=True))
        parts = self._make_outputs(op, run, list(zip(names, weights, strict=True)), sources, gases)
        record = Record(
            *(
                "transform",
                slug,
                tuple(names),
                facility,
                op["process"],
                origin if op.get("recycling") else "",
            ),
            *(tuple(parts), tuple(taken), tuple(inputs), tuple(weights)),
            recycling=op.get("recycling", False),
        )
        number = self.records["transformation", run] = self.tell(record)
        self.runs[run] = Run(run, tuple(sources), tuple(names), number, gases)

    def _take_inputs(
        self, op: dict[str, Any], slug: str, facility: Name
    ) -> tuple[str, list[Name], list[Pools]]:
        origin, recycling = "pre_consumer", op.get("recycling", False)
        inputs: list[Name] = []
        taken: list[Pools] = []
        for item in op["inputs"]:
            batch = self.usable(self.full(item["batch"], slug), slug)
            if not inputs and batch.taken_back:
                origin = "post_consumer"
            elsewhere = batch.arose is not None and batch.arose != facility
            # Rule 9: recycling takes what was taken back, or waste from elsewhere.
            fits = batch.taken_back if origin == "post_consumer" else elsewhere
            refuse_if(recycling and not fits, "NotForRecycling")
            refuse_if(not recycling and elsewhere, "WasteElsewhere")
            if batch.name not in inputs:
                batch.use()
                batch.events += 1
            inputs.append(batch.name)
            taken.append(self.take(batch, milligrams(item.get("mass", batch.pools.mass))))
        return origin, inputs, taken

    def _is_waste(self, op: dict[str, Any]) -> list[bool]:
        ordinary = not op.get("recycling", False)
        return [ordinary and self.materials[output["material"]].waste for output in op["outputs"]]

    def _check_outputs(self, op: dict[str, Any], slug: str, facility: Name, origin: str) -> list[Name]:
        names: list[Name] = []
        for output in op["outputs"]:
            refuse_if(output["material"] not in self.materials, "UnknownMaterial")
            names.append(self.new_name(slug, output["batch"]))
            mass, held = milligrams(output["mass"]), substances_of(output.get("substances"))
            self.require_material(names[-1], output["material"], mass, held)
        waste = [self.materials[output["material"]].waste for output in op["outputs"]]
        for output, beside in zip(op["outputs"], waste, strict=True):
            if op.get("recycling") and (all(waste) or not beside):
                self.approved(facility, output["material"], origin, seconds(op["at"]))
        return names

    def _weights(self, op: dict[str, Any], *, mostly_waste: bool) -> list[int]:
        economic = op.get("allocation", "mass") == "economic"
        masses = [milligrams(output["mass"]) for output in op["outputs"]]
        weights: list[int] = []
        for index, (output, waste) in enumerate(zip(op["outputs"], self._is_waste(op), strict=True)):
            given = output.get("weight", 0)
            refuse_if((economic and not waste) != bool(given), "InvalidWeight", index=index)
            weights.append(given if economic else 0 if waste else masses[index])
        # Rule 6: waste bears nothing, unless it takes most of a substance, or all is waste.
        return masses if mostly_waste or not any(weights) else weights

    def _make_outputs(
        self,
        op: dict[str, Any],
        run: Name,
        made_as: list[tuple[Name, int]],
        sources: list[tuple[Name, Pools]],
        gases: Gases,
    ) -> list[Gases]:
        facility = self.full(op["facility"], run[0])
        burden = sum(pools.own + pools.inherited for _, pools in sources)
        primary, before = sum(pools.primary for _, pools in sources), 0
        whole = sum(weight for _, weight in made_as)
        parts: list[Gases] = []
        used = [self._changed[name].used for name, _ in sources]
        for output, (name, weight), waste in zip(op["outputs"], made_as, self._is_waste(op), strict=True):
            refuse_if(name in self._changed, "BatchAlreadyExists")
            pools = Pools(milligrams(output["mass"]), substances_of(output.get("substances")))
            pools.inherited = fitting(portion(burden, before, weight, whole))
            parts.append(gases.part(before, weight, whole))
            inherited_primary = portion(primary, before, weight, whole)
            pools.add_own(Gases(parts[-1].scopes, parts[-1].primary + inherited_primary))
            before += weight
            made = self.create(name, output["material"], facility, run[0], pools, Entry("run", run))
            # Rule 5: of each, the tolerance of largest magnitude among the inputs.
            for lane in (0, *pools.substances):
                largest = max((each.get(lane, 0) for each in used), key=abs)
                if largest:
                    made.used[lane] = largest
                reach = [
                    source.reach(lane)
                    for source in (self._changed[name] for name, _ in sources)
                    if not lane or lane in source.pools.substances
                ]
                if reach:
                    least, highest = min(each[0] for each in reach), max(each[1] for each in reach)
                    made.apart[lane] = (largest - least, highest - largest)
            made.arose = facility if waste else None
        return parts


def _balance(taken: list[Pools], op: dict[str, Any], waste: list[bool]) -> bool:
    """Of every substance: what the inputs gave is what outputs and declared losses hold.

    Returns:
        Whether waste takes more of one than all other outputs together.
    """
    gave: Counter[int] = Counter()
    for pools in taken:
        gave.update(pools.substances)
    accounted: Counter[int] = Counter()
    wasted: Counter[int] = Counter()
    balance = op.get("losses") == "balance"

    def account(listed: dict[int, int], *, is_waste: bool) -> None:
        for number, mass in listed.items():
            known = number in gave or mass == 0
            refuse_if(not known, "SubstanceNotConserved", substance=number, taken=0, accounted=mass)
            accounted[number] += mass
            wasted[number] += mass if is_waste else 0

    for output, is_waste in zip(op["outputs"], waste, strict=True):
        account(substances_of(output.get("substances")), is_waste=is_waste)
    mostly_waste = any(wasted[number] > accounted[number] - wasted[number] for number in gave)
    if not balance:
        account(substances_of(op.get("losses")), is_waste=False)
    for number in sorted(gave):
        wrong = accounted[number] > gave[number] if balance else accounted[number] != gave[number]
        figures = {"taken": gave[number], "accounted": accounted[number]}
        refuse_if(wrong, "SubstanceNotConserved", substance=number, **figures)
    return mostly_waste
