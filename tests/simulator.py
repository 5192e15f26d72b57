"""A supply chain that happens in memory: random operations, and the logs that a chain would hold of them.

It keeps pools with arithmetic of its own and encodes its events with eth_abi, so that index and provenance
are tested against something that shares no code with them.
"""

from __future__ import annotations

from random import Random
from typing import Any

from eth_hash.auto import keccak

from tests.encoding import encode_event
from tests.fake_chain import FakeChain
from tests.lots import Happening, Lot, address_of, id_of, pairs, spread

LEDGER = b"\x1e" * 20
REGISTRY = b"\x2e" * 20
ASSURANCE = b"\x3e" * 20
MANAGER = b"\x4e" * 20
DEPLOYER = b"\xde" * 20
TAG = bytes(32)
EVIDENCE = ((b"\x05" * 32, "https://example.org/assay.pdf"),)
COBALT, NICKEL, LITHIUM = 27, 28, 3


class World:
    """Participants, facilities and lots, and the chain that recorded what they did."""

    def __init__(self, seed: int = 0, *, scale: int = 10**9, companies: int = 3) -> None:
        self.random = Random(seed)
        self.scale = scale
        self.chain = FakeChain(seed)
        self.happenings: list[Happening] = []
        self.lots: dict[int, Lot] = {}
        self.slugs: dict[bytes, str] = {}
        self.facilities: dict[int, tuple[bytes, str, str]] = {}
        self.materials: list[int] = []
        self._count = 0
        for number in range(companies):
            self._company(f"firm-{number}")
        for slug in ("ore", "salt", "cell"):
            material = int.from_bytes(keccak(slug.encode())[:5], "big")
            self.materials.append(material)
            terms = (False, False, 50, 100, ())
            args = (material, slug, slug.title(), "", (LITHIUM, COBALT, NICKEL), terms, EVIDENCE)
            self.emit(DEPLOYER, REGISTRY, "MaterialDefined", args)
        self.chain.seal()

    def _company(self, slug: str) -> None:
        address = address_of(slug)
        self.slugs[address] = slug
        roles = (b"producer".ljust(32, b"\0"),)
        self.emit(
            DEPLOYER,
            REGISTRY,
            "ParticipantRegistered",
            (address, slug, slug.title(), b"FI", roles, EVIDENCE),
        )
        for kind in ("mine", "recycler", "plant"):
            identifier = f"{slug}-{kind}"
            facility = id_of(address, identifier)
            self.facilities[facility] = (address, identifier, kind)
            place = (True, -10_720_000, 25_470_000) if kind == "mine" else (False, 0, 0)
            args = (facility, address, identifier, kind, kind.encode().ljust(32, b"\0"), b"CD", *place, ())
            self.emit(address, REGISTRY, "FacilityRegistered", args)

    def emit(self, sender: bytes, contract: bytes, name: str, args: Any, **facts: Any) -> Happening:
        """Record one event in one transaction, beside an ERC-721 log that is none of ours."""
        noise = (contract, ((b"\x09" * 32,), b"transfer"))
        data = f"{name}/{args!r}".encode()
        log_index = self.chain.transact(
            sender, contract, data, [noise, (contract, encode_event(name, args))]
        )[1]
        happening = Happening(self.chain.pending, log_index, name, facts)
        self.happenings.append(happening)
        return happening

    def name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{self._count}"

    def emissions(self) -> tuple[int, ...]:
        """Three scopes; parts of them from primary data, biogenic, from land use, from aviation; removals."""
        scopes = [self.random.choice((0, self.random.randint(0, self.scale))) for _ in range(3)]
        parts = [self.random.randint(0, sum(scopes)) for _ in range(4)]
        return (*scopes, *parts, self.random.randint(0, self.scale))

    def facility_of(self, owner: bytes, kind: str) -> int:
        return next(f for f, (who, _, what) in self.facilities.items() if who == owner and what == kind)

    def active(self, owner: bytes | None = None) -> list[Lot]:
        return [
            lot
            for lot in self.lots.values()
            if lot.state == "active" and not lot.frozen and owner in (None, lot.custodian)
        ]

    def part_of(self, mass: int) -> int:
        return mass if self.random.random() < 0.4 else self.random.randint(1, mass)

    def mint(self, owner: bytes | None = None) -> Lot:
        owner = owner or self.random.choice(list(self.slugs))
        origin = self.random.choice((0, 0, 1, 2))
        facility = self.facility_of(owner, "recycler" if origin else "mine")
        substances = {
            n: self.random.randint(1, self.scale)
            for n in (LITHIUM, COBALT, NICKEL)
            if self.random.random() < 0.7
        }
        mass = sum(substances.values()) + self.random.randint(1, self.scale)
        emissions, identifier = self.emissions(), self.name("ore")
        batch, material = id_of(owner, identifier), self.materials[0]
        own = sum(emissions[:3])
        self.lots[batch] = Lot(
            batch,
            owner,
            identifier,
            material,
            facility,
            owner,
            mass,
            own,
            0,
            emissions[3],
            dict(substances),
        )
        self.emit(
            owner,
            LEDGER,
            "BatchMinted",
            (
                *(batch, owner, facility, material, origin, mass, 0, False, 1_700_000_000, emissions),
                *(pairs(substances), identifier, EVIDENCE),
            ),
            batch=batch,
            facility=facility,
            origin=origin,
            emissions=emissions,
            substances=substances,
        )
        return self.lots[batch]

    def split(self, parent: Lot) -> None:
        children, facts = [], []
        for _ in range(self.random.randint(1, 3)):
            if parent.mass == 0:
                break
            identifier = self.name("part")
            batch = id_of(parent.custodian, identifier)
            share = parent.take(self.part_of(parent.mass))
            self.lots[batch] = Lot(
                batch,
                parent.custodian,
                identifier,
                parent.material,
                parent.facility,
                parent.custodian,
                share["mass"],
                share["own"],
                share["inherited"],
                share["primary"],
                dict(share["substances"]),
            )
            children.append((identifier, self._taken(batch, share)))
            facts.append((batch, share))
        args = (parent.id, parent.custodian, 1, tuple(children), ())
        self.emit(parent.custodian, LEDGER, "BatchSplit", args, parent=parent.id, children=facts)

    def _taken(self, batch: int, share: dict[str, Any]) -> tuple[Any, ...]:
        numbers = (share["mass"], share["own"], share["inherited"], share["primary"])
        return (batch, *numbers, pairs(share["substances"]))

    def ship(self, lots: list[Lot], receiver: bytes, *, outcome: str | None = None) -> None:
        """Offer lots; then, unless ``outcome`` says so: received, rejected, cancelled or left open."""
        sender, identifier, emissions = lots[0].custodian, self.name("sea"), self.emissions()
        shipment = id_of(sender, identifier)
        parts = list(zip(*(spread(total, [lot.mass for lot in lots]) for total in emissions), strict=True))
        for lot, part in zip(lots, parts, strict=True):
            lot.own += sum(part[:3])
            lot.primary += part[3]
            lot.state = "in_transit"
        shipped = tuple((lot.id, lot.mass, lot.own) for lot in lots)
        self.emit(
            sender,
            LEDGER,
            "ShipmentOffered",
            (shipment, sender, receiver, bytes(20), 0, 1, emissions, shipped, identifier, ()),
            shipper=sender,
            parts={lot.id: part for lot, part in zip(lots, parts, strict=True)},
            batches=[lot.id for lot in lots],
        )
        outcome = outcome or self.random.choice(("received",) * 5 + ("rejected", "cancelled", "open"))
        if outcome == "received":
            self._receive(shipment, lots, receiver)
        elif outcome != "open":
            name = "ShipmentRejected" if outcome == "rejected" else "ShipmentCancelled"
            who = receiver if outcome == "rejected" else sender
            ids = [lot.id for lot in lots]
            self.emit(who, LEDGER, name, (shipment, who, 1, "no", ids, TAG, ()), batches=ids)
            for lot in lots:
                lot.state = "active"

    def _receive(self, shipment: int, lots: list[Lot], receiver: bytes) -> None:
        arrivals = []
        for lot in lots:
            missing = self.random.choice((0, self.random.randint(0, lot.mass - 1)))
            lost = {n: pool * missing // lot.mass for n, pool in lot.substances.items()}
            lot.mass -= missing
            lot.substances = {n: pool - lost[n] for n, pool in lot.substances.items()}
            lot.custodian, lot.state = receiver, "active"
            losses = pairs(lost) if missing else ()
            arrivals.append((lot.id, lot.mass, int(missing > 0), losses))
        ids = [lot.id for lot in lots]
        args = (shipment, receiver, 1, arrivals, TAG, ())
        self.emit(receiver, LEDGER, "ShipmentReceived", args, batches=ids)

    def transform(self, owner: bytes, lots: list[Lot]) -> None:
        inputs, facts = [], []
        for lot in lots:
            if lot.mass == 0:
                continue
            share = lot.take(self.part_of(lot.mass))
            inputs.append(self._taken(lot.id, share))
            facts.append((lot.id, share))
        totals = {n: sum(s["substances"].get(n, 0) for _, s in facts) for n in (LITHIUM, COBALT, NICKEL)}
        count = self.random.randint(1, 3)
        given: list[dict[int, int]] = [{} for _ in range(count)]
        losses = {}
        for number, total in totals.items():
            cuts = sorted(self.random.randint(0, total) for _ in range(count))
            if self.random.random() < 0.5:
                cuts[-1] = total
            for output, low, high in zip(given, [0, *cuts], cuts, strict=False):
                if high > low:
                    output[number] = high - low
            losses[number] = total - cuts[-1]
        self._make(owner, given, inputs, facts, {n: m for n, m in losses.items() if m})

    def _make(
        self,
        owner: bytes,
        given: list[dict[int, int]],
        inputs: list[Any],
        facts: list[tuple[int, dict[str, Any]]],
        losses: dict[int, int],
    ) -> None:
        emissions, economic = self.emissions(), self.random.random() < 0.4
        masses = [sum(output.values()) + self.random.randint(1, self.scale) for output in given]
        weights = [self.random.randint(1, 100) if economic else 0 for _ in given]
        by = weights if economic else masses
        parts = list(zip(*(spread(total, by) for total in emissions), strict=True))
        inherited = spread(sum(s["own"] + s["inherited"] for _, s in facts), by)
        primary = spread(sum(s["primary"] for _, s in facts), by)
        facility, material = self.facility_of(owner, "plant"), self.random.choice(self.materials[1:])
        made, outputs = [], []
        for place, substances in enumerate(given):
            identifier = self.name("made")
            batch, own = id_of(owner, identifier), sum(parts[place][:3])
            part = primary[place] + parts[place][3]
            marks = (0, by[place], False, False)
            numbers = (own, inherited[place], part)
            made.append((batch, material, masses[place], *marks, *numbers, pairs(substances), identifier))
            outputs.append((batch, parts[place], inherited[place], part, substances))
            self.lots[batch] = Lot(
                batch,
                owner,
                identifier,
                material,
                facility,
                owner,
                masses[place],
                own,
                inherited[place],
                part,
                dict(substances),
            )
        run, process = self.name("run"), self.random.choice(("refining", "coating"))
        self.emit(
            owner,
            LEDGER,
            "Transformed",
            (
                *(id_of(owner, run), owner, facility, 1, False, int(economic), emissions, inputs, made),
                *(pairs(losses), run, process, EVIDENCE),
            ),
            facility=facility,
            process=process,
            inputs=facts,
            outputs=outputs,
        )

    def add_emissions(self, lot: Lot) -> None:
        emissions = self.emissions()
        lot.own += sum(emissions[:3])
        lot.primary += emissions[3]
        reason = self.random.choice(("storage", "drying"))
        args = (lot.id, lot.custodian, 1, emissions, lot.own, "", reason, ())
        self.emit(
            lot.custodian,
            LEDGER,
            "EmissionsAdded",
            args,
            batch=lot.id,
            custodian=lot.custodian,
            emissions=emissions,
            reason=reason,
        )

    def retire(self, lot: Lot) -> None:
        lot.state = "retired"
        args = (lot.id, lot.custodian, 0, 1, "sold", ())
        self.emit(lot.custodian, LEDGER, "BatchRetired", args, batch=lot.id)

    def declare_error(self, lot: Lot, who: bytes | None = None) -> None:
        """By its maker, or by somebody else who may."""
        lot.frozen = True
        by = who or lot.creator
        args = (lot.id, by, by != lot.creator, lot.frozen, 1, 1, (), EVIDENCE)
        self.emit(by, LEDGER, "ErrorDeclared", args, batch=lot.id, confirmed=by != lot.creator)

    def step(self) -> None:
        """Some operation that the contracts would accept, then perhaps a new block."""
        chance, lots = self.random.random(), self.active()
        if chance < 0.15 or not lots:
            self.mint()
        else:
            self._step(chance, self.random.choice(lots))
        if self.random.random() < 0.6:
            self.chain.seal()

    def _step(self, chance: float, lot: Lot) -> None:
        mine = self.active(lot.custodian)
        some = self.random.sample(mine, min(len(mine), self.random.randint(1, 3)))
        if chance < 0.28:
            self.split(lot)
        elif chance < 0.48:
            self.ship(some, self.random.choice([a for a in self.slugs if a != lot.custodian]))
        elif chance < 0.80:
            self.transform(lot.custodian, [*some, some[0]] if chance < 0.51 else some)
        elif chance < 0.94:
            self.add_emissions(lot)
        elif chance < 0.97:
            self.retire(lot)
        elif chance < 0.98:
            self.declare_error(lot, DEPLOYER if lot.id % 2 else None)

    def run(self, steps: int) -> World:
        """Take that many steps and close the last block."""
        for _ in range(steps):
            self.step()
        self.chain.seal()
        return self
