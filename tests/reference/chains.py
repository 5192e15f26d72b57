"""Random operations files that break no rule: :func:`random_chain`.

Example:
    >>> ops = random_chain(7, operations=60)
    >>> ops == random_chain(7, operations=60)
    True
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.reference.model import ReferenceLedger
from tests.reference.values import SYMBOLS, Batch, Name, Refused

Operation = dict[str, Any]

MATERIALS = {
    "cobalt-hydroxide": ["Co"],
    "nickel-ore": ["Ni", "Co"],
    "spodumene": ["Li"],
    "mica-flakes": ["mica"],
    "black-mass": ["Li", "Mn", "Co", "Ni", "Cu"],
    "precursor": ["Mn", "Co", "Ni"],
    "cathode": ["Li", "Mn", "Co", "Ni"],
    "anode": ["C", "Cu"],
    "part": ["Li", "C", "Mn", "Co", "Ni", "Cu", "mica"],
    "slag": [],
}
# Slug, country, roles, facilities: identifier and kind.
PARTICIPANTS: tuple[tuple[str, str, list[str], list[tuple[str, str]]], ...] = (
    ("katanga", "CD", ["producer"], [("pit-4", "mine"), ("concentrator", "concentrator")]),
    ("sorowako", "ID", ["producer"], [("ore-body", "mine")]),
    ("pilbara", "AU", ["producer"], [("https://id.gs1.org/414/9520123456788", "mine")]),
    ("jharkhand", "IN", ["producer"], [("mica/belt", "mine")]),
    ("umicycle", "BE", ["recycler", "refiner"], [("hoboken", "recycler"), ("smelter", "refinery")]),
    ("kokkola", "FI", ["refiner"], [("refinery", "refinery"), ("annexe", "warehouse")]),
    ("cellco", "KR", ["manufacturer"], [("gigafactory", "cell-plant")]),
    ("oem", "DE", ["manufacturer"], [("werk-1", "vehicle-plant"), ("werk-2", "recycler")]),
    ("carrier", "DK", ["carrier"], [("port", "warehouse")]),
    ("assayer", "CH", ["auditor"], []),
)
ORIGINS = (
    ("katanga", "pit-4", "cobalt-hydroxide"),
    ("katanga", "pit-4", "nickel-ore"),
    ("sorowako", "ore-body", "nickel-ore"),
    ("pilbara", "https://id.gs1.org/414/9520123456788", "spodumene"),
    ("jharkhand", "mica/belt", "mica-flakes"),
    ("umicycle", "hoboken", "black-mass"),
    ("umicycle", "hoboken", "anode"),
    ("oem", "werk-2", "black-mass"),
)
CAPACITY = "50000 t"


class Builder:
    """Adds operations to a list, each valid at its place by the reference model."""

    def __init__(self, rng: random.Random, ops: Sequence[Operation] = ()) -> None:
        self.rng = rng
        self.ledger = ReferenceLedger()
        self.ops: list[Operation] = []
        self._count = 0
        self.clock = datetime(2025, 1, 3, 6, 0, tzinfo=UTC)
        for op in ops:
            self.add(op)

    def add(self, op: Operation) -> None:
        """Add an operation, which must be valid."""
        self.ledger.apply(op)
        self.ops.append(op)

    def try_add(self, op: Operation) -> bool:
        """Add an operation, unless the model refuses it."""
        try:
            self.add(op)
        except Refused:
            return False
        return True

    def at(self) -> str | int:
        """The next time: now and then an integer, or in another zone."""
        self.clock += timedelta(minutes=self.rng.randrange(5, 3000))
        style = self.rng.randrange(6)
        if style == 0:
            return int(self.clock.timestamp())
        if style == 1:
            return self.clock.astimezone(timezone(timedelta(hours=8))).isoformat()
        return self.clock.strftime("%Y-%m-%dT%H:%M:%SZ")

    def new(self, kind: str) -> str:
        """A fresh identifier of one of several styles."""
        self._count += 1
        prefixes = (
            "",
            "",
            "urn:epc:id:sgtin:9520123.",
            "https://id.gs1.org/01/09520123456788/10/",
            "Charge-é ",
        )
        return f"{self.rng.choice(prefixes)}{kind}-{self._count}"

    def quantity(self, mg: int) -> str | int:
        """The quantity as an integer, or as text in some unit."""
        unit, factor = self.rng.choice((("mg", 1), ("g", 10**3), ("kg", 10**6), ("t", 10**9)))
        if self.rng.random() < 0.3:
            return mg
        whole, rest = divmod(mg, factor)
        digits = f".{rest:0{len(str(factor)) - 1}d}" if rest else ""
        return f"{whole}{digits} {unit}"

    def gases(self, typical: int) -> dict[str, str | int]:
        """Emissions: some scopes, and a primary part."""
        scopes = {
            s: self.rng.randrange(2 * typical)
            for s in ("scope1", "scope2", "scope3")
            if self.rng.random() < 0.6
        }
        written = {scope: self.quantity(mg) for scope, mg in scopes.items()}
        if self.rng.random() < 0.6:
            written["primary"] = self.quantity(self.rng.randint(0, sum(scopes.values())))
        return written

    def named(self, name: Name, actor: str) -> str:
        """The name, sometimes short where it is the actor's own."""
        short = name[0] == actor and self.rng.random() < 0.5
        return (
            name[1] if short and name[1].partition("/")[0] not in self.ledger.participants else "/".join(name)
        )

    def usable(self, slug: str | None = None) -> list[Batch]:
        """Batches that can be used, of one custodian or of all who may act."""
        return [
            batch
            for batch in self.ledger.batches.values()
            if batch.usable
            and self.ledger.participants[batch.custodian].status == "active"
            and slug in (None, batch.custodian)
        ]

    def some_mass(self, mass: int) -> int:
        """A part of a mass: odd, half, nearly all, or one milligram."""
        part = self.rng.choice((1, mass // 2, mass - 1, self.rng.randint(1, mass), self.rng.randint(1, mass)))
        return max(1, min(mass, part))


def found(builder: Builder) -> None:
    """Materials, participants, facilities and approvals."""
    for material, substances in MATERIALS.items():
        builder.add(
            {"op": "define_material", "material": material, "name": material, "substances": substances}
        )
    for slug, country, roles, facilities in PARTICIPANTS:
        builder.add(
            {
                "op": "register_participant",
                "participant": slug,
                "name": slug.title(),
                "country": country,
                "roles": roles,
            }
        )
        for identifier, kind in facilities:
            builder.add(
                {
                    "op": "register_facility",
                    "as": slug,
                    "facility": identifier,
                    "kind": kind,
                    "country": country,
                }
            )
    for slug, facility, material in ORIGINS:
        builder.add(
            {
                "op": "approve_origin",
                "facility": f"{slug}/{facility}",
                "material": material,
                "capacity_per_year": CAPACITY,
            }
        )


def mint(builder: Builder) -> None:
    rng = builder.rng
    slug, facility, material = rng.choice(ORIGINS)
    kind = builder.ledger.facilities[slug, facility].kind
    mass = rng.choice((rng.randint(1, 10**6), rng.randint(10**6, 10**12), 24 * 10**9))
    left, substances = mass, {}
    for name in MATERIALS[material]:
        if rng.random() < 0.9:
            held = rng.randint(0, left // 2)
            substances[name] = builder.quantity(held)
            left -= held
    builder.try_add(
        {
            "op": "mint",
            "as": slug,
            "batch": builder.new("LOT"),
            "material": material,
            "facility": facility,
            "mass": builder.quantity(mass),
            "substances": substances,
            "origin": "mined" if kind == "mine" else rng.choice(("post_consumer", "pre_consumer")),
            "emissions": builder.gases(max(1, mass // 3)),
            "at": builder.at(),
            "evidence": [{"uri": "https://example.org/assay.pdf", "sha256": "ab" * 32}]
            if rng.random() < 0.2
            else [],
        }
    )


def split(builder: Builder) -> None:
    if not (batches := builder.usable()):
        return
    batch = builder.rng.choice(batches)
    left, into = batch.pools.mass, []
    for _ in range(builder.rng.randint(1, 3)):
        if left:
            mass = builder.some_mass(left) if builder.rng.random() < 0.9 else left
            into.append({"batch": builder.new("PART"), "mass": builder.quantity(mass)})
            left -= mass
    builder.add(
        {
            "op": "split",
            "as": batch.custodian,
            "batch": builder.named(batch.name, batch.custodian),
            "into": into,
            "at": builder.at(),
        }
    )


def ship(builder: Builder) -> None:
    if not (batches := builder.usable()):
        return
    rng, slug = builder.rng, builder.rng.choice(batches).custodian
    own = builder.usable(slug)
    chosen = rng.sample(own, min(len(own), rng.choice((1, 1, 2, 3))))
    active = [p.slug for p in builder.ledger.participants.values() if p.status == "active"]
    builder.try_add(
        {
            "op": "ship",
            "as": slug,
            "shipment": builder.new("SEA"),
            "batches": [builder.named(batch.name, slug) for batch in chosen],
            "to": rng.choice(active),
            "emissions": builder.gases(max(1, chosen[0].pools.mass // 10)),
            "at": builder.at(),
        }
    )


def answer(builder: Builder) -> None:
    """Receive (now and then with less), reject or cancel an open shipment."""
    rng = builder.rng
    open_ones = [s for s in builder.ledger.shipments.values() if s.state == "open"]
    if not open_ones:
        return
    shipment = rng.choice(open_ones)
    name = "/".join(shipment.name)
    common = {"shipment": name, "at": builder.at()}
    choice = rng.random()
    if choice < 0.1:
        builder.try_add({"op": "reject", "as": shipment.receiver, "reason": "moisture", **common})
    elif choice < 0.2:
        builder.try_add({"op": "cancel", "as": shipment.name[0], **common})
    else:
        arrived = {}
        for batch in shipment.open:
            mass = builder.ledger.batches[batch].pools.mass
            if rng.random() < 0.4:
                short = rng.choice((mass, builder.some_mass(mass), mass - mass // 1000))
                arrived["/".join(batch)] = builder.quantity(max(1, short))
        said = {"arrived": arrived} if arrived else {}
        builder.try_add({"op": "receive", "as": shipment.receiver, **said, **common})


def transform(builder: Builder) -> None:
    rng = builder.rng
    sites: dict[str, list[str]] = {}
    for owner, identifier in builder.ledger.facilities:
        sites.setdefault(owner, []).append(identifier)
    batches = [batch for batch in builder.usable() if batch.custodian in sites]
    if not batches:
        return
    slug = rng.choice(batches).custodian
    own = builder.usable(slug)
    chosen = rng.sample(own, min(len(own), rng.choice((1, 2, 2, 3, 4))))
    inputs, gave = [], dict.fromkeys(SYMBOLS, 0)
    for batch in chosen:
        whole = batch.pools.mass
        mass = whole if rng.random() < 0.4 else builder.some_mass(whole)
        item: Operation = {"batch": builder.named(batch.name, slug)}
        if mass != whole or rng.random() < 0.5:
            item["mass"] = builder.quantity(mass)
        inputs.append(item)
        for number, taken in batch.pools.copy().take(mass).substances.items():
            gave[number] += taken
    economic = rng.random() < 0.4
    outputs, lost = outputs_of(builder, gave, economic=economic)
    op: Operation = {
        "op": "transform",
        "as": slug,
        "transformation": builder.new("RUN"),
        "facility": rng.choice(sites[slug]),
        "process": rng.choice(("refining", "precipitation", "assembly", "shredding")),
        "inputs": inputs,
        "outputs": outputs,
        "allocation": "economic" if economic else "mass",
        "emissions": builder.gases(max(1, chosen[0].pools.mass // 5)),
        "at": builder.at(),
    }
    if rng.random() < 0.5 or not lost:
        op["losses"] = "balance"
    else:
        op["losses"] = {SYMBOLS[number]: builder.quantity(mass) for number, mass in lost.items()}
    builder.try_add(op)


def outputs_of(
    builder: Builder, gave: dict[int, int], *, economic: bool
) -> tuple[list[Operation], dict[int, int]]:
    """Outputs that share out what the inputs gave, and what of it is lost."""
    rng, left, outputs = builder.rng, dict(gave), []
    count = rng.choice((1, 1, 2, 3, 4))
    for position in range(count):
        material = "part" if position == 0 else rng.choice(list(MATERIALS))
        held = {}
        for number in list(left):
            if SYMBOLS[number] in MATERIALS[material] and left[number]:
                share = (
                    left[number]
                    if position == count - 1 and rng.random() < 0.7
                    else rng.randint(0, left[number])
                )
                held[number] = share
                left[number] -= share
        mass = max(sum(held.values()), 1) + rng.choice((0, rng.randint(0, 10**9)))
        output: Operation = {
            "batch": builder.new(material.upper()),
            "material": material,
            "mass": builder.quantity(mass),
            "substances": {SYMBOLS[number]: builder.quantity(share) for number, share in held.items()},
        }
        if economic:
            output["weight"] = rng.choice((1, rng.randint(1, 10**6), 2**63 - rng.randint(1, 99)))
        outputs.append(output)
    return outputs, {number: mass for number, mass in left.items() if mass}


def emit(builder: Builder) -> None:
    if not (batches := builder.usable()):
        return
    batch = builder.rng.choice(batches)
    builder.add(
        {
            "op": "add_emissions",
            "as": batch.custodian,
            "batch": builder.named(batch.name, batch.custodian),
            "emissions": builder.gases(max(1, batch.pools.mass // 100)),
            "reason": "storage",
            "at": builder.at(),
        }
    )


def retire(builder: Builder) -> None:
    if batches := builder.usable():
        batch = builder.rng.choice(batches)
        name = builder.named(batch.name, batch.custodian)
        builder.add(
            {"op": "retire", "as": batch.custodian, "batch": name, "reason": "delivered", "at": builder.at()}
        )


def declare_error(builder: Builder) -> None:
    sound = [b for b in builder.ledger.batches.values() if not b.frozen and b.state != "reversed"]
    if not sound:
        return
    batch = builder.rng.choice(sound)
    who = builder.rng.choice((batch.name[0], "assayer", None))
    corrective = ["/".join(builder.rng.choice(sound).name)] if builder.rng.random() < 0.5 else []
    op: Operation = {
        "op": "declare_error",
        "as": who,
        "batch": "/".join(batch.name),
        "reason": builder.rng.choice(("did_not_occur", "incorrect_data")),
        "corrective": corrective,
        "at": builder.at(),
    }
    if who is None:
        del op["as"]
    builder.try_add(op)


def suspend_or_reinstate(builder: Builder) -> None:
    slug = builder.rng.choice(("carrier", "sorowako", "kokkola"))
    if builder.ledger.participants[slug].status == "active":
        builder.add({"op": "suspend_participant", "participant": slug, "reason": "overdue audit"})
    else:
        builder.add(
            {"op": "reinstate_participant", "as": "assayer", "participant": slug, "reason": "resolved"}
        )


STEPS: dict[Callable[[Builder], None], int] = {
    mint: 14,
    split: 8,
    ship: 20,
    answer: 24,
    transform: 24,
    emit: 6,
    retire: 2,
    declare_error: 1,
    suspend_or_reinstate: 1,
}


def founded(seed: int) -> Builder:
    """A builder after the founding operations."""
    builder = Builder(random.Random(seed))
    found(builder)
    return builder


def build(seed: int, *, operations: int = 300) -> Builder:
    """A builder after that many operations, the founding ones among them."""
    builder = founded(seed)
    for _ in range(4):
        mint(builder)
    while len(builder.ops) < operations:
        builder.rng.choices(list(STEPS), weights=list(STEPS.values()))[0](builder)
    return builder


def random_chain(seed: int, *, operations: int = 300) -> list[Operation]:
    """The operations of a random supply chain."""
    return build(seed, operations=operations).ops
