"""A ledger that is told operations: the reference model checks them, and their events are kept as values.

It reads like an index, so that audits run over what the contracts would accept without any chain.
"""

from __future__ import annotations

from typing import Any

from tests.lots import address_of
from tests.reference.model import ReferenceLedger
from tests.reference.values import NUMBERS, Gases, Name, Pools, milligrams, seconds, substances_of
from traceledger import events as told
from traceledger.model import ids
from traceledger.model.assurance import Assessment, Finding
from traceledger.model.batches import Batch, BatchState, ErrorReason, Origin
from traceledger.model.emissions import AllocationRule, Emissions
from traceledger.model.evidence import Evidence
from traceledger.model.registry import Approval, Facility, Material, Participant, ParticipantState

HOUR = 3_600


class ToldLedger:
    """Applies operations and answers like an index."""

    def __init__(self) -> None:
        self.model = ReferenceLedger()
        self.ops: list[dict[str, Any]] = []
        self.stated: list[Assessment] = []
        self.raised: list[Finding] = []
        self._registered: dict[str, list[Any]] = {"participants": [], "facilities": [], "materials": []}
        self._events: dict[int, list[told.RecordedEvent]] = {}
        self._block = 0
        self._clock = 0

    def apply(self, op: dict[str, Any], *, recorded_at: int | None = None) -> None:
        """Perform an operation; it is recorded an hour after it happened, or at a given time."""
        before = {name: batch.copy() for name, batch in self.model.batches.items()}
        self.model.apply(op)
        self.ops.append(op)
        self._block += 1
        moment = seconds(op["at"]) if "at" in op else 0
        self._clock = recorded_at or max(self._clock, moment + HOUR)
        getattr(self, f"_{op['op']}", lambda *_: None)(op, moment, before)

    # --- events -------------------------------------------------------------------------------------

    def _keep(self, event: Any, batches: list[Name]) -> None:
        recorded = told.RecordedEvent(self._block, self._clock, 0, 0, self._block.to_bytes(32, "big"), event)
        for name in dict.fromkeys(batches):
            self._events.setdefault(batch_id(name), []).append(recorded)

    def _full(self, op: dict[str, Any], text: str) -> Name:
        return self.model.full(text, op.get("as"))

    def _define_material(self, op: dict[str, Any], *_: Any) -> None:
        numbers = tuple(sorted(NUMBERS[name] for name in op["substances"]))
        found = Material(
            ids.material_id(op["material"]), op["material"], op["name"], op.get("cas", ""), numbers
        )
        self._registered["materials"].append(found)

    def _register_participant(self, op: dict[str, Any], *_: Any) -> None:
        address = address_of(op["participant"])
        self._registered["participants"].append(
            Participant(
                address,
                op["participant"],
                op["name"],
                op["country"],
                tuple(op["roles"]),
                ParticipantState.ACTIVE,
                (address,),
            )
        )

    def _register_facility(self, op: dict[str, Any], *_: Any) -> None:
        place = [op.get("latitude"), op.get("longitude")]
        micro = [None if text is None else round(float(text) * 10**6) for text in place]
        owner, identifier = address_of(op["as"]), op["facility"]
        number = ids.facility_id(owner, identifier)
        self._registered["facilities"].append(
            Facility(number, owner, identifier, identifier, op["kind"], op["country"], *micro)
        )

    def _mint(self, op: dict[str, Any], moment: int, _: Any) -> None:
        name = self._full(op, op["batch"])
        event = told.BatchMinted(
            batch=batch_id(name),
            creator=address_of(op["as"]),
            facility=facility_id(self._full(op, op["facility"])),
            material=ids.material_id(op["material"]),
            origin=Origin[op["origin"].upper()],
            mass_mg=milligrams(op["mass"]),
            occurred_at=moment,
            emissions=emissions(Gases.read(op.get("emissions"))),
            substances_mg=substances_of(op.get("substances")),
            identifier=name[1],
            evidence=evidence(op),
        )
        self._keep(event, [name])

    def _split(self, op: dict[str, Any], moment: int, _: Any) -> None:
        record = self.model.history[-1]
        children = [
            told.Child(name[1], taken(name, pools))
            for name, pools in zip(record.batches, record.taken, strict=True)
        ]
        parent = record.inputs[0]
        event = told.BatchSplit(batch_id(parent), address_of(op["as"]), moment, tuple(children), ())
        self._keep(event, [parent, *record.batches])

    def _ship(self, op: dict[str, Any], moment: int, _: Any) -> None:
        record = self.model.history[-1]
        shipped = [
            told.Shipped(batch_id(name), pools.mass, pools.own)
            for name in record.batches
            for pools in [self.model.batches[name].pools]
        ]
        sender = address_of(op["as"])
        event = told.ShipmentOffered(
            ids.shipment_id(sender, op["shipment"]),
            sender,
            address_of(op["to"]),
            moment,
            emissions(Gases.read(op.get("emissions"))),
            tuple(shipped),
            op["shipment"],
            (),
        )
        self._keep(event, list(record.batches))

    def _receive(self, op: dict[str, Any], moment: int, before: dict[Name, Any]) -> None:
        arrived = []
        for name in self.model.history[-1].batches:
            was, now = before[name].pools, self.model.batches[name].pools
            lost = {n: held - now.substances[n] for n, held in was.substances.items()}
            arrived.append(told.Arrived(batch_id(name), now.mass, {n: m for n, m in lost.items() if m}))
        event = told.ShipmentReceived(self._shipment(op), address_of(op["as"]), moment, tuple(arrived), ())
        self._keep(event, list(self.model.history[-1].batches))

    def _reject(self, op: dict[str, Any], moment: int, _: Any) -> None:
        self._give_back(told.ShipmentRejected, op, moment)

    def _cancel(self, op: dict[str, Any], moment: int, _: Any) -> None:
        self._give_back(told.ShipmentCancelled, op, moment)

    def _give_back(self, make: Any, op: dict[str, Any], moment: int) -> None:
        names = list(self.model.history[-1].batches)
        batches = tuple(batch_id(name) for name in names)
        who = address_of(op["as"])
        self._keep(make(self._shipment(op), who, moment, op.get("reason", ""), batches, ()), names)

    def _shipment(self, op: dict[str, Any]) -> int:
        sender, identifier = self._full(op, op["shipment"])
        return ids.shipment_id(address_of(sender), identifier)

    def _transform(self, op: dict[str, Any], moment: int, _: Any) -> None:
        record = self.model.history[-1]
        economic = op.get("allocation") == "economic"
        made = []
        for name, output in zip(record.batches, op["outputs"], strict=True):
            batch = self.model.batches[name]
            pools = batch.made
            made.append(
                told.Made(
                    batch_id(name),
                    ids.material_id(batch.material),
                    pools.mass,
                    output["weight"] if economic else 0,
                    pools.own,
                    pools.inherited,
                    pools.primary,
                    pools.substances,
                    name[1],
                )
            )
        inputs = [taken(name, pools) for name, pools in zip(record.inputs, record.taken, strict=True)]
        owner = address_of(op["as"])
        event = told.Transformed(
            ids.transformation_id(owner, op["transformation"]),
            owner,
            facility_id(self._full(op, op["facility"])),
            moment,
            AllocationRule.ECONOMIC if economic else AllocationRule.MASS,
            emissions(Gases.read(op.get("emissions"))),
            tuple(inputs),
            tuple(made),
            {},
            op["transformation"],
            op["process"],
            (),
        )
        self._keep(event, [*record.inputs, *record.batches])

    def _add_emissions(self, op: dict[str, Any], moment: int, _: Any) -> None:
        name = self.model.history[-1].batches[0]
        own = self.model.batches[name].pools.own
        gases = emissions(Gases.read(op["emissions"]))
        event = told.EmissionsAdded(
            batch_id(name), address_of(op["as"]), moment, gases, own, op.get("reason", ""), ()
        )
        self._keep(event, [name])

    def _retire(self, op: dict[str, Any], moment: int, _: Any) -> None:
        name = self.model.history[-1].batches[0]
        event = told.BatchRetired(batch_id(name), address_of(op["as"]), moment, op["reason"], ())
        self._keep(event, [name])

    def _declare_error(self, op: dict[str, Any], moment: int, _: Any) -> None:
        name = self.model.history[-1].batches[0]
        reason = ErrorReason[op["reason"].upper()]
        event = told.ErrorDeclared(batch_id(name), address_of(op["as"]), reason, moment, (), ())
        self._keep(event, [name])

    # --- reading ------------------------------------------------------------------------------------

    def head_block(self) -> int:
        return self._block

    def histories(self, batches: Any, *, as_of: int | None = None, takes: bool = True) -> dict[int, Any]:
        return {batch: tuple(self._events[batch]) for batch in batches}

    def batches(self) -> list[Batch]:
        return [
            Batch(
                batch_id(name),
                address_of(name[0]),
                name[1],
                ids.material_id(batch.material),
                facility_id(batch.facility),
                address_of(batch.custodian),
                BatchState[batch.state.upper()],
                batch.frozen,
                batch.pools.mass,
                batch.pools.own,
                batch.pools.inherited,
                batch.pools.primary,
                batch.pools.substances,
            )
            for name, batch in self.model.batches.items()
        ]

    def participants(self) -> list[Participant]:
        return self._registered["participants"]

    def facilities(self) -> list[Facility]:
        return self._registered["facilities"]

    def materials(self) -> list[Material]:
        return self._registered["materials"]

    def approvals(self) -> list[Approval]:
        return [
            Approval(facility_id(facility), ids.material_id(material), capacity)
            for (facility, material), capacity in self.model.capacities.items()
        ]

    def assessments(self) -> list[Assessment]:
        return self.stated

    def findings(self) -> list[Finding]:
        return self.raised


def batch_id(name: Name) -> int:
    return ids.batch_id(address_of(name[0]), name[1])


def facility_id(name: Name) -> int:
    return ids.facility_id(address_of(name[0]), name[1])


def emissions(gases: Gases) -> Emissions:
    return Emissions(*gases.scopes, gases.primary)


def taken(name: Name, pools: Pools) -> told.Taken:
    return told.Taken(
        batch_id(name), pools.mass, pools.own, pools.inherited, pools.primary, dict(pools.substances)
    )


def evidence(op: dict[str, Any]) -> tuple[Evidence, ...]:
    return tuple(Evidence(item["uri"], bytes.fromhex(item["sha256"])) for item in op.get("evidence", []))
