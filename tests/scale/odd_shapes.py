"""Ledgers of other shapes: many paths, long paths, batches that much happens to, second lives over and over.

Each takes about how many events there may be, and returns the batches to ask about.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.scale import corrections, handling
from tests.scale.founding import SUPPLIERS, address_of, approve, build, define, register
from tests.scale.ledger import Differences, Ledger
from tests.scale.lots import SYMBOLS, Lot, Scopes, spread
from tests.scale.shapes import TON, Shape, dug, emitted, joined, pooled

METALS = tuple(sorted(SYMBOLS))
BLEND = 64
"""Inputs of a run, at most."""


def found_more(ledger: Ledger) -> None:
    """What the shapes here need besides: materials, a second recycling site, ore of unknown origin."""
    define(ledger, "alloy", METALS)
    define(ledger, "slag", (27, 28), waste=True)
    build(ledger, "scrap", "mill", "recycler", "BE")
    approve(ledger, "scrap/mill", "salt", "pre_consumer", 4)
    approve(ledger, "works/plant-0", "ore", "untraced", 8)
    approve(ledger, "works/pit-0", "alloy", "mined", 1)
    ledger.chain.seal()


def whole(lots: Sequence[Lot]) -> list[tuple[Lot, int]]:
    """All of each."""
    return [(lot, lot.mass) for lot in lots]


def moved(ledger: Ledger, random: Random, lots: Sequence[Lot], to: str) -> None:
    """Shipped and received as sent, and never more than a shipment holds."""
    for start in range(0, len(lots), 20):
        ledger.receive(ledger.ship(lots[start : start + 20], to, emitted(random, TON // 20)))


def ladder(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """A lot is split and brought together, over and over: twice as many paths with each rung."""
    lot = dug(ledger, random)
    for _ in range(max(1, size // 2)):
        (part,) = ledger.split(lot, [lot.mass // 3])
        lot = ledger.run(
            *("works/plant-1", "mixing", [(lot, lot.mass), (part, part.mass)]),
            [("salt", lot.mass + part.mass, added(lot, part))], emitted(random, 1000),
        )[0]  # fmt: skip
    return [lot]


def added(*lots: Lot) -> dict[int, int]:
    """What they hold together."""
    held: dict[int, int] = {}
    for lot in lots:
        for number, mass in lot.substances.items():
            held[number] = held.get(number, 0) + mass
    return held


def chain(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """One lot is worked on again and again: as deep as there are events, and one path."""
    lot = dug(ledger, random, 10**15)
    for _ in range(size):
        made = [("salt", lot.mass, dict(lot.substances))]
        (lot,) = ledger.run("works/plant-2", "grinding", [(lot, lot.mass)], made, emitted(random, 1000))
    return [lot]


def lattice(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Layers of a hundred lots; each is drawn by two runs, which take ten of the last layer and make five."""
    lots = [dug(ledger, random) for _ in range(100)]
    for _ in range(max(1, size // 20)):
        made: list[Lot] = []
        for half in (2, 1):
            random.shuffle(lots)
            for start in range(0, 100, 10):
                inputs = [(lot, lot.mass // half) for lot in lots[start : start + 10]]
                made += _blended(ledger, random, inputs, 5)
        lots = made
    return [pooled(ledger, random, lots)]


def _blended(ledger: Ledger, random: Random, inputs: Sequence[tuple[Lot, int]], outputs: int) -> list[Lot]:
    """Without loss of mass, so that it can go on for ever."""
    masses = spread(sum(mass for _, mass in inputs), [1] * outputs)
    held: dict[int, int] = {}
    for lot, mass in inputs:
        for number, pool in lot.substances.items():
            held[number] = held.get(number, 0) + pool * mass // lot.mass
    parts = {number: spread(total, masses) for number, total in held.items()}
    made = [
        ("salt", mass, {number: part[place] for number, part in parts.items()})
        for place, mass in enumerate(masses)
    ]
    return ledger.run("works/plant-4", "blending", inputs, made, emitted(random, 1000))


def hub(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """One batch that thousands of runs draw from, each with a little of another."""
    middle, other = dug(ledger, random, 10**15), dug(ledger, random, 10**15)
    drawn = []
    for _ in range(size):
        part = random.randrange(10**7, 2 * 10**7)
        drawn += joined(ledger, random, [(middle, part), (other, part // 3)])
    return [pooled(ledger, random, drawn, at_once=BLEND), middle, drawn[-1], drawn[0]]


def metals(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Fifteen substances in each lot; sixteen lots make one, of sixteen each."""
    lots = []
    for _ in range(max(2, size)):
        held = {number: random.randrange(TON // 40) for number in METALS}
        lots.append(ledger.mint("works/pit-0", "alloy", TON, held, emitted(random)))
    while len(lots) > 1:
        groups = [lots[start : start + 16] for start in range(0, len(lots), 16)]
        lots = [joined(ledger, random, whole(group), material="alloy")[0] for group in groups]
    return lots


def crumbs(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Splits of splits down to a few milligrams, some of which hold nothing; then all together."""
    waiting, done = [dug(ledger, random, 64 * max(1, size))], []
    for _ in range(size):
        lot = waiting.pop(0)
        half = lot.mass // 2
        waiting += ledger.split(lot, [half]) if half else []
        waiting.append(lot)
        if lot.mass < 40:
            done.append(waiting.pop())
    return [pooled(ledger, random, [*waiting, *done], at_once=BLEND)]


def freight(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Shipments of twenty lots: parts arrive, are refused, sent again, lost, dried, measured and held."""
    there: list[Lot] = []
    for turn in range(max(1, size // 30)):
        salts = joined(ledger, random, whole([dug(ledger, random) for _ in range(10)]), 20)
        first = ledger.ship(salts, "maker", emitted(random))
        handling.refuse(ledger, first, salts[:3])
        handling.receive(ledger, first, salts[3:9])
        first.lots = salts[9:]
        ledger.receive(first, _differences(salts[9:]))
        second = ledger.ship(salts[:3], "maker", emitted(random, TON // 20))
        ledger.receive(second)
        corrections.reverse_receipt(ledger, second)
        ledger.receive(second)
        handling.hold(ledger, salts[4])
        handling.release(ledger, salts[4])
        _measured(ledger, salts[5], turn)
        there += salts
    return [pooled(ledger, random, there, at_once=BLEND, site="maker/line")]


def _differences(lots: Sequence[Lot]) -> Differences:
    """Every third lost a little, every third dried, and the rest measured."""
    found: Differences = {}
    for place, lot in enumerate(lots):
        if place % 3 == 0:
            found[lot.id] = ("loss", lot.mass - lot.mass // 200, {})
        elif place % 3 == 1:
            found[lot.id] = ("moisture", lot.mass - lot.mass // 100, {})
        else:
            held = {number: mass + mass // 300 for number, mass in lot.substances.items()}
            found[lot.id] = ("measurement", lot.mass - lot.mass // 400, held)
    return found


def _measured(ledger: Ledger, lot: Lot, turn: int) -> None:
    """By its holder a little, every third time by an auditor much; and what had none has some."""
    by_auditor = turn % 3 == 0
    part = 20 if by_auditor else 500
    held = {number: mass - mass // part for number, mass in lot.substances.items()}
    handling.remeasure(ledger, lot, lot.mass - lot.mass // part, held, by_auditor=by_auditor)


def remeasured(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """One lot measured thousands of times, and drawn from between; nickel was found where none was."""
    poor = ledger.mint("works/pit-1", "ore", TON, {27: TON // 5, 28: 0}, emitted(random))
    drawn = ledger.split(poor, [TON // 9])
    handling.remeasure(ledger, poor, TON // 2, {27: TON // 6, 28: TON // 7}, by_auditor=True)
    (lot,) = joined(ledger, random, whole([dug(ledger, random, 10**12), dug(ledger, random, 10**12), poor]))
    for turn in range(max(2, size // 2)):
        sign = 1 if turn % 2 else -1
        held = {number: mass + sign * (mass // 1000) for number, mass in lot.substances.items()}
        handling.remeasure(ledger, lot, lot.mass + sign * (lot.mass // 1000), held, by_auditor=True)
        if turn % 2:
            drawn += ledger.split(lot, [10**6])
        else:
            drawn += joined(ledger, random, [(lot, 10**6)])
    return [pooled(ledger, random, drawn, at_once=BLEND), lot]


def restated(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """The emissions of one mint are restated thousands of times; some await an auditor, who confirms some."""
    ore = dug(ledger, random)
    position = ledger.history[-1][1]
    one, two, three, primary = ledger.history[-1][6]
    what, record = {"mint": f"{ore.creator}/{ore.name}"}, (ore.id, position)
    for turn in range(size):
        one += 1000
        again: Scopes = (one, two, three, primary)
        if turn % 10 == 9:
            again = (one // 2, two, three, 0)
            corrections.restate(ledger, what, record, [ore.id], again, counts=False)
            if turn % 20 == 9:
                corrections.confirm(ledger, what, record, [ore.id], again)
                one, primary = one // 2, 0
            continue
        corrections.restate(ledger, what, record, [ore.id], again, counts=True)
    (part,) = ledger.split(ore, [ore.mass // 3])
    return [joined(ledger, random, [(part, part.mass), (ore, ore.mass // 2)])[0], ore]


def stored(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Emissions of storage are added to one lot thousands of times; it is used half-way and at the end."""
    lot = dug(ledger, random, 10**15)
    drawn = []
    for turn in range(size):
        ledger.add(lot, emitted(random, TON // 100), "storage" if turn % 3 else "drying")
        if turn == size // 2:
            drawn += joined(ledger, random, [(lot, lot.mass // 3)])
    drawn += joined(ledger, random, [(lot, lot.mass // 3)])
    return [pooled(ledger, random, drawn), lot]


def retaken(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Runs and splits of one lot are reversed and done again, over and over."""
    vessel, other = dug(ledger, random, 10**15), dug(ledger, random, 10**15)
    kept = []
    for turn in range(max(1, size // 6)):
        joined(ledger, random, [(vessel, 10**9 + turn), (other, 10**8)])
        wrong = ledger.last
        if turn % 2:
            ledger.add(vessel, emitted(random))
        corrections.reverse_run(ledger, wrong)
        (part,) = ledger.split(vessel, [10**8 + turn])
        ledger.add(part, emitted(random, TON // 10))
        corrections.reverse_split(ledger, part, vessel)
        kept += joined(ledger, random, [(vessel, 10**9), (other, 10**8)])
    return [pooled(ledger, random, kept, at_once=BLEND), vessel]


def loops(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Product, delivery, take-back, recycling, product, over and over; a part goes on to what is asked."""
    lot, kept = joined(ledger, random, whole([dug(ledger, random, 10**12)]))[0], []
    moved(ledger, random, [lot], "maker")
    for _ in range(max(1, size // 8)):
        new = dug(ledger, random)
        moved(ledger, random, [new], "maker")
        pack = _pack(ledger, random, [(lot, lot.mass - lot.mass // 10), (new, new.mass)])
        corrections.deliver(ledger, pack)
        corrections.take_back(ledger, pack, "scrap/yard")
        held = {number: mass for number, mass in pack.substances.items() if number != 3}
        made = [("salt", pack.mass, held)]
        (lot,) = ledger.run("scrap/yard", "shredding", whole([pack]), made, emitted(random), recycling=1)
        moved(ledger, random, [lot], "maker")
        kept += ledger.split(lot, [lot.mass // 20])
    return [pooled(ledger, random, kept, at_once=BLEND, site="maker/line"), lot]


def _pack(ledger: Ledger, random: Random, inputs: Sequence[tuple[Lot, int]]) -> Lot:
    (pack,) = joined(ledger, random, inputs, process="assembly", site="maker/line", material="pack")
    return pack


def wasted(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Runs that leave slag, which is worked in again at home, or recycled elsewhere and comes back."""
    lot, turn, kept = dug(ledger, random, 10**12), 0, []
    most = ledger.events + size
    while ledger.events < most:
        turn += 1
        new = dug(ledger, random)
        salt, slag = _smelted(ledger, random, [(lot, lot.mass), (new, new.mass)])
        if turn % 2:
            lot, _ = _smelted(ledger, random, [(salt, salt.mass), (slag, slag.mass)])
            continue
        kept += ledger.split(salt, [salt.mass // 10])
        moved(ledger, random, [slag], "scrap")
        made = [("salt", slag.mass, dict(slag.substances))]
        (back,) = ledger.run("scrap/mill", "leaching", whole([slag]), made, emitted(random), recycling=2)
        moved(ledger, random, [back], "works")
        lot = joined(ledger, random, [(salt, salt.mass), (back, back.mass)], site="works/plant-3")[0]
    return [pooled(ledger, random, [lot, *kept], at_once=BLEND)]


def _smelted(ledger: Ledger, random: Random, inputs: Sequence[tuple[Lot, int]]) -> list[Lot]:
    mass = sum(part for _, part in inputs)
    held = added(*[lot for lot, _ in inputs])
    little = {number: amount // 10 for number, amount in held.items()}
    most = {number: amount - little[number] for number, amount in held.items()}
    made = [("salt", mass - mass // 4, most), ("slag", mass // 4, little)]
    return ledger.run("works/plant-3", "smelting", inputs, made, emitted(random))


def suppliers(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Every lot comes from another company, with a site of its own; then all together."""
    lots = []
    for number in range(max(2, size)):
        slug = f"supplier-{number}"
        ledger.address[slug] = address_of(slug)
        _supplier(ledger, slug)
        lots.append(_from(ledger, random, slug))
    return [pooled(ledger, random, lots, at_once=BLEND)]


def _supplier(ledger: Ledger, slug: str) -> None:
    register(ledger, slug, "CD", "producer")
    build(ledger, slug, "pit", "mine", "CD")
    approve(ledger, f"{slug}/pit", "ore", "mined", 1)


def balance(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Fifty suppliers ship to one works, which mixes all that is there, and sells it on."""
    for slug in SUPPLIERS:
        _supplier(ledger, slug)
    made: list[Lot] = []
    for _ in range(max(1, size // 160)):
        lots = [_from(ledger, random, slug) for slug in SUPPLIERS]
        unknown = ledger.mint("works/plant-0", "ore", TON, {27: TON // 9, 28: 1}, emitted(random), origin=3)
        made += joined(ledger, random, whole([*lots, unknown]), 5)
        moved(ledger, random, made[-3:], "maker")
        made[-3:] = []
        if len(made) > 50:
            made = joined(ledger, random, whole(made[:50]), 2) + made[50:]
    return [pooled(ledger, random, made, at_once=BLEND)]


def _from(ledger: Ledger, random: Random, slug: str) -> Lot:
    held = {27: random.randrange(1, TON // 3), 28: random.randrange(1, TON // 3)}
    lot = ledger.mint(f"{slug}/pit", "ore", TON, held, emitted(random))
    moved(ledger, random, [lot], "works")
    return lot


def wrong(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """A tree in which errors are declared of its oldest lot, and of one in thirty of the others."""
    lots = [dug(ledger, random) for _ in range(max(3, 2 * size // 3))]
    oldest, ores = lots[0], lots
    while len(lots) > 1:
        groups = [lots[start : start + 3] for start in range(0, len(lots), 3)]
        lots = [joined(ledger, random, whole(group))[0] for group in groups]
    for place, lot in enumerate(ores):
        if place % 30 == 0:
            corrections.declare(ledger, lot, by_auditor=place % 60 == 0)
    return [lots[0], oldest]


ODD: dict[str, Shape] = {
    each.__name__: each
    for each in (
        *(ladder, chain, lattice, hub, metals, crumbs, freight, remeasured, restated, stored, retaken),
        *(loops, wasted, balance, suppliers, wrong),
    )
}
