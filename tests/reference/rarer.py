"""What is rare in random chains: answers lot by lot, measurements, holds, second lives, and what puts right.

Each step adds an operation that is likely to be allowed; the model refuses the rest.
"""

from __future__ import annotations

from typing import Any

from tests.reference import chains
from tests.reference.chains import Builder, Operation
from tests.reference.values import SYMBOLS, Batch, Name

PAPER = [{"uri": "urn:paper", "sha256": "5a" * 32}]
EVERYTHING = list(SYMBOLS.values())
MATERIALS: dict[str, dict[str, Any]] = {
    "powder": {"substances": EVERYTHING, "tolerance": {"mass": "2 %", "substances": "3 %"}},
    "residues": {"substances": EVERYTHING, "waste": True},
    "car": {"substances": EVERYTHING, "product": True},
    "alloy": {"substances": ["Co", "Ni"], "content": {"Co": "10 % - 90 %"}},
}
RECYCLERS = (("umicycle", "hoboken"), ("oem", "werk-2"))
UNTRACED = (("kokkola", "annexe"), ("cellco", "gigafactory"), ("carrier", "port"))


def found(builder: Builder) -> None:
    """The further materials and approvals, after :func:`tests.reference.chains.found`."""
    for slug, terms in MATERIALS.items():
        builder.add({"op": "define_material", "material": slug, "name": slug.title(), **terms})
    for slug, facility in UNTRACED:
        approval = {"facility": f"{slug}/{facility}", "origin": "untraced", "capacity_per_year": "9000 t"}
        time = {"from": "2024-01-01", "until": "2026-12-31"}
        builder.add({"op": "approve_origin", "material": "powder", **approval, **time})
    for slug, facility in RECYCLERS:
        for material in ("car", "powder", "residues"):
            approval = {"facility": f"{slug}/{facility}", "material": material}
            builder.add({"op": "approve_origin", **approval, "capacity_per_year": "90000 t"})


def lots(builder: Builder, *states: str) -> list[Batch]:
    return [batch for batch in builder.ledger.batches.values() if batch.state in states]


def pick(builder: Builder, batches: list[Any]) -> Any:
    return builder.rng.choice(batches) if batches else None


def mint_untraced(builder: Builder) -> None:
    slug, facility = builder.rng.choice(UNTRACED)
    held = builder.rng.randint(1, 10**10)
    builder.try_add(
        {
            **{"op": "mint", "as": slug, "batch": builder.new("OLD"), "material": "powder"},
            **{"facility": facility, "mass": held + builder.rng.randint(0, 10**9), "origin": "untraced"},
            **{"substances": {"Co": held // 2, "Ni": held // 3}, "at": builder.at()},
            "emissions": builder.gases(held),
        }
    )


def answer_by_lot(builder: Builder) -> None:
    shipment = pick(builder, [s for s in builder.ledger.shipments.values() if s.open])
    if shipment is None:
        return
    said: dict[str, Any] = {}
    for name in shipment.open:
        if builder.rng.random() < 0.85:
            said["/".join(name)] = _answer(builder, builder.ledger.batches[name])
    if said:
        what = {"shipment": "/".join(shipment.name), "lots": said, "at": builder.at()}
        builder.try_add({"op": "receive", "as": shipment.receiver, "reason": "wet", **what})


def _answer(builder: Builder, batch: Batch) -> Any:
    rng, mass = builder.rng, batch.pools.mass
    match rng.choice(("received", "refused", "loss", "moisture", "measurement", "measurement")):
        case "measurement":
            return {**measured(builder, batch), "difference": "measurement"}
        case "loss" | "moisture" as difference:
            return {"mass": max(1, mass - rng.randint(0, mass // 50)), "difference": difference}
        case said:
            return said


def measured(builder: Builder, batch: Batch, part: int = 100) -> Operation:
    """Somewhat more or less of everything."""
    rng = builder.rng

    def near(mass: int) -> int:
        return max(0, mass + rng.randint(-mass // part, mass // part))

    found: Operation = {"mass": max(1, near(batch.pools.mass))}
    if rng.random() < 0.7:
        found["substances"] = {SYMBOLS[n]: near(mg) for n, mg in batch.pools.substances.items()}
    return found


def remeasure(builder: Builder) -> None:
    tolerant = [batch for batch in builder.usable() if batch.material == "powder"]
    if builder.rng.random() < 0.6 and tolerant:
        batch = builder.rng.choice(tolerant)
        op = measured(builder, batch) | {"as": batch.custodian}
    else:
        batch = pick(builder, lots(builder, "active"))
        if batch is None:
            return
        op = measured(builder, batch, 3) | {"as": "assayer"}
        raised = builder.rng.choice(EVERYTHING)
        if "substances" in op and builder.rng.random() < 0.5 and not op["substances"].get(raised):
            op["substances"][raised] = builder.rng.randint(1, 10**6)
            op["mass"] = max(op["mass"], sum(op["substances"].values()))
    name = "/".join(batch.name)
    builder.try_add({"op": "remeasure", "batch": name, "reason": "umpire_assay", "at": builder.at(), **op})


def hold_or_release(builder: Builder) -> None:
    rng = builder.rng
    marked = [b for b in builder.ledger.batches.values() if b.held or b.recalled]
    kind = "release" if marked and rng.random() < 0.6 else "hold"
    batch = pick(builder, marked if kind == "release" else lots(builder, "active", "in_transit"))
    if batch is None:
        return
    who = rng.choice((batch.custodian, "assayer", batch.name[0], None))
    op = {"op": kind, "as": who, "batch": "/".join(batch.name), "reason": "assay", "at": builder.at()}
    builder.try_add({key: value for key, value in op.items() if value is not None})


def make_product(builder: Builder) -> None:
    """Cars of what a maker has, residues beside them now and then."""
    slug, facility = builder.rng.choice((("oem", "werk-1"), ("cellco", "gigafactory"), ("oem", "werk-2")))
    own = [b for b in builder.usable(slug) if b.arose in (None, (slug, facility)) and not b.taken_back]
    _run(builder, slug, facility, own, ["car", *builder.rng.choice(([], ["residues"]))], recycling=False)


def recycle(builder: Builder) -> None:
    slug, facility = builder.rng.choice(RECYCLERS)
    own = builder.usable(slug)
    back = [b for b in own if b.taken_back]
    waste = [b for b in own if b.arose not in (None, (slug, facility))]
    chosen = back if back and builder.rng.random() < 0.6 else waste
    _run(
        builder,
        slug,
        facility,
        chosen,
        builder.rng.choice((["powder"], ["powder", "residues"])),
        recycling=True,
    )


def _run(
    builder: Builder, slug: str, facility: str, own: list[Batch], made: list[str], *, recycling: bool
) -> None:
    if not own:
        return
    rng, gave = builder.rng, dict.fromkeys(SYMBOLS, 0)
    inputs: list[Operation] = []
    for batch in rng.sample(own, min(len(own), rng.choice((1, 2)))):
        mass = batch.pools.mass if rng.random() < 0.5 else builder.some_mass(batch.pools.mass)
        inputs.append({"batch": "/".join(batch.name), "mass": mass})
        for number, taken in batch.pools.copy().take(mass).substances.items():
            gave[number] += taken
    outputs: list[Operation] = []
    for material in made:
        held = {n: rng.choice((mg, rng.randint(0, mg), mg // 9)) for n, mg in gave.items() if mg}
        gave = {n: mg - held.get(n, 0) for n, mg in gave.items()}
        substances = {SYMBOLS[n]: mg for n, mg in held.items()}
        mass = max(1, sum(held.values())) + rng.randint(0, 10**6)
        outputs.append({"batch": builder.new(material.upper()), "material": material, "mass": mass})
        outputs[-1]["substances"] = substances
    op: Operation = {
        **{"op": "transform", "as": slug, "transformation": builder.new("RUN"), "facility": facility},
        **{"process": "recycling" if recycling else "assembly", "inputs": inputs, "outputs": outputs},
        **{"losses": "balance", "emissions": builder.gases(10**6), "at": builder.at()},
    }
    builder.try_add(op | ({"recycling": True} if recycling else {}))


def deliver(builder: Builder) -> None:
    batch = pick(builder, [b for b in builder.usable() if b.material == "car"])
    if batch is not None:
        op = {"op": "retire", "as": batch.custodian, "batch": "/".join(batch.name), "how": "delivered"}
        builder.try_add({**op, "at": builder.at()})


def take_back(builder: Builder) -> None:
    batch = pick(builder, lots(builder, "delivered"))
    if batch is not None:
        slug, facility = builder.rng.choice(RECYCLERS)
        op = {"op": "take_back", "as": slug, "batch": "/".join(batch.name), "facility": facility}
        builder.try_add({**op, "evidence": PAPER, "at": builder.at()})


def send_waste(builder: Builder) -> None:
    """Waste, and what is taken back, to a recycler that can use it."""
    batch = pick(builder, [b for b in builder.usable() if b.arose is not None])
    if batch is not None:
        op = {"op": "ship", "as": batch.custodian, "shipment": builder.new("WASTE")}
        op |= {"batches": ["/".join(batch.name)], "to": builder.rng.choice(RECYCLERS)[0], "at": builder.at()}
        builder.try_add(op)


def send_back(builder: Builder) -> None:
    frozen = [b for b in lots(builder, "active") if b.frozen and b.trail[-1].kind == "receipt"]
    batch = pick(builder, frozen)
    if batch is not None:
        op = {"op": "ship", "as": batch.custodian, "shipment": builder.new("BACK")}
        op |= {"batches": ["/".join(batch.name)], "to": batch.trail[-1].sender, "at": builder.at()}
        builder.try_add(op)


def reverse(builder: Builder) -> None:
    """What was done not long ago, so that nobody may have built on it."""
    rng, ledger = builder.rng, builder.ledger
    batch: Batch | None = pick(builder, list(ledger.batches.values())[-25:])
    if batch is None:
        return
    name, last = "/".join(batch.name), batch.trail[-1]
    who: str | None = batch.name[0]
    if batch.disputed or batch.declared_by:
        of: Operation = {"declare_error": name}
    elif batch.state in ("retired", "delivered"):
        of, who = {"retire": name}, batch.custodian
    elif last.kind == "receipt":
        of, who = {"receive": "/".join(last.of), "lots": [name]}, batch.custodian
    elif last.kind == "take_back":
        of, who = {"take_back": name}, batch.custodian
    else:
        of = {"transformation": "/".join(last.of)} if last.kind == "run" else {last.kind: name}
    op = {"op": "reverse", "of": of, "reason": "incorrect_data", "at": builder.at()}
    who = rng.choice((who, who, who, "assayer", None))
    builder.try_add(op | ({} if who is None else {"as": who}))


def add_record(builder: Builder) -> None:
    if batches := builder.usable():
        batch = builder.rng.choice(batches)
        op = {
            "op": "add_emissions",
            "as": batch.custodian,
            "batch": "/".join(batch.name),
            "reason": "storage",
        }
        emissions = builder.gases(max(1, batch.pools.mass // 50))
        builder.try_add({**op, "record": builder.new("STORE"), "emissions": emissions, "at": builder.at()})


def restate(builder: Builder) -> None:
    ledger, rng = builder.ledger, builder.rng
    recorded: tuple[str, Name] = rng.choice(list(ledger.records))
    kind, name = recorded
    number = ledger.records[recorded]
    of = {kind: "/".join(name)}
    waits = number in ledger.restated and ledger.restated[number].pending is not None
    if waits and rng.random() < 0.8:
        op = {"op": "confirm_restatement", "as": "assayer", "of": of, "evidence": PAPER, "at": builder.at()}
        builder.try_add(op)
        return
    whole = sum(part.total for part in ledger.history[number].gases)
    op = {"op": "restate_emissions", "of": of, "emissions": builder.gases(max(1, whole // 3))}
    op |= {"reason": "audited", "evidence": PAPER, "at": builder.at()}
    builder.try_add({**op, "as": rng.choice((name[0], name[0], name[0], "assayer"))})


def pass_title(builder: Builder) -> None:
    if batches := builder.usable():
        batch = builder.rng.choice(batches)
        op = {"op": "transfer_title", "as": batch.custodian, "batch": "/".join(batch.name), "to": "cellco"}
        builder.try_add({**op, "at": builder.at()})


STEPS = {
    mint_untraced: 5,
    answer_by_lot: 12,
    remeasure: 8,
    hold_or_release: 5,
    make_product: 7,
    deliver: 6,
    take_back: 6,
    recycle: 6,
    send_waste: 4,
    send_back: 3,
    reverse: 14,
    add_record: 4,
    restate: 6,
    pass_title: 1,
}


def build(seed: int, *, operations: int = 300) -> Builder:
    """A builder after that many operations of every kind."""
    builder = chains.founded(seed)
    found(builder)
    for _ in range(4):
        chains.mint(builder)
    steps = {**chains.STEPS, **STEPS, chains.declare_error: 4}
    while len(builder.ops) < operations:
        builder.rng.choices(list(steps), weights=list(steps.values()))[0](builder)
    return builder
