"""Ledgers at the edges: nothing to share, a milligram each, pools that are full, much that was taken back.

Each takes about how many events there may be, and returns the batches to ask about.
"""

from __future__ import annotations

from random import Random

from tests.scale import corrections
from tests.scale.ledger import Ledger
from tests.scale.lots import Lot, spread
from tests.scale.odd_shapes import BLEND, added, whole
from tests.scale.shapes import TON, Shape, dug, emitted, joined, pooled

FULL = 2**54 - 1
"""What a pool holds at most."""


def coproducts(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Runs that leave slag a dozen times: it bears nothing, mostly holds nothing, and is worked in."""
    lot = dug(ledger, random, 10**12)
    most = ledger.events + size
    while ledger.events < most:
        new = dug(ledger, random)
        mass = lot.mass + new.mass
        held = added(lot, new)
        little = {number: amount // 100 for number, amount in held.items()}
        empty = dict.fromkeys(held, 0)
        main = {number: amount - little[number] for number, amount in held.items()}
        left = mass // 50
        made = [("slag", left, empty)] * 5 + [("salt", mass - 12 * left, main), ("slag", left, little)]
        made += [("slag", left, empty)] * 5
        lots = ledger.run("works/plant-3", "smelting", whole([lot, new]), made, emitted(random))
        back = [lots[at] for at in (5, 6, *random.sample((0, 1, 2, 3, 4, 7, 8, 9, 10, 11), 3))]
        lot = joined(ledger, random, whole(back), site="works/plant-3")[0]
    return [lot]


def undone(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """A long line in which some children of each split go back, and a run is done once for nothing."""
    lot = dug(ledger, random, 10**15)
    for turn in range(max(1, size // 9)):
        parts = ledger.split(lot, [lot.mass // 7, lot.mass // 5, lot.mass // 3])
        ledger.add(parts[turn % 3], emitted(random, TON // 10))
        for part in (parts[1], parts[turn % 2 * 2]):
            corrections.reverse_split(ledger, part, lot)
        kept = parts[2 - turn % 2 * 2]
        joined(ledger, random, [(lot, lot.mass // 2), (kept, kept.mass)])
        wrong = ledger.last
        ledger.add(lot, emitted(random, TON // 10))
        corrections.reverse_run(ledger, wrong)
        (lot,) = joined(ledger, random, whole([lot, kept]))
    return [lot]


def milligrams(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Lots of one milligram, most of which is nothing: of metal, of what they emitted, of what they bear."""
    lots = []
    for turn in range(max(3, size)):
        held = {27: turn % 3 == 0, 28: turn % 3 == 1}
        scopes = (turn % 5 == 0, turn % 7 == 0, 0, turn % 35 == 0)
        one, two, three, primary = map(int, scopes)
        held_mg = {number: int(some) for number, some in held.items()}
        lots.append(ledger.mint("works/pit-0", "ore", 1, held_mg, (one, two, three, primary)))
    random.shuffle(lots)
    left = lots
    while len(left) > 1:
        groups = [left[start : start + 9] for start in range(0, len(left), 9)]
        left = [_poor(ledger, group) for group in groups]
    return left


def _poor(ledger: Ledger, lots: list[Lot]) -> Lot:
    """A run that emits a milligram at most."""
    mass, held = sum(lot.mass for lot in lots), added(*lots)
    made = [("salt", mass, held)]
    return ledger.run("works/plant-1", "mixing", whole(lots), made, (len(lots) % 2, 0, 0, 0))[0]


def diamond(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """One lot becomes a thousand, each is worked on, and they become one again; over and over."""
    lot = dug(ledger, random, 10**15)
    wide = min(1000, max(2, size // 2))
    most = ledger.events + size
    while ledger.events < most:
        parts = []
        for start in range(0, wide, 50):
            few = min(50, wide - start)
            parts += ledger.split(lot, [max(1, lot.mass // (2 * wide))] * few)
        worked = [joined(ledger, random, whole([part]))[0] for part in parts]
        lot = pooled(ledger, random, [*worked, lot], at_once=BLEND)
    return [lot]


def woven(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Layers of fifty lots; each run takes a part of all fifty: twenty-five times as many takes as lots."""
    lots = [dug(ledger, random, 10**12) for _ in range(50)]
    for _ in range(max(1, size // 25)):
        made: list[Lot] = []
        for left in range(25, 0, -1):
            made += joined(ledger, random, [(lot, lot.mass // left) for lot in lots], 2)
        lots = made
    return [pooled(ledger, random, lots)]


def limits(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Two lots that fill every pool together; they are made one, drawn to the last milligram, and again."""
    half = FULL // 2
    lots = [
        ledger.mint("works/pit-1", "ore", mass, {27: mass - 1, 28: 1}, (mass - 2, 1, 1, mass))
        for mass in (half, FULL - half)
    ]
    for turn in range(max(1, size // 2)):
        if turn % 2:
            lot = lots[0]
            cut = random.choice((1, lot.mass // 3, lot.mass - 1))
            lots += ledger.split(lot, [cut])
            continue
        inputs = whole(lots)
        made = [("salt", sum(lot.mass for lot in lots), added(*lots))]
        lots = ledger.run("works/plant-1", "mixing", inputs, made, (0, 0, 0, 0))
    if len(lots) > 1:
        made = [("salt", sum(lot.mass for lot in lots), added(*lots))]
        lots = ledger.run("works/plant-1", "mixing", whole(lots), made, (0, 0, 0, 0))
    return lots


def economies(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Runs whose outputs weigh from a milligram to nearly all, and bear as much."""
    lot, small = dug(ledger, random, 10**15), []
    for turn in range(max(1, size // 2)):
        masses = [1, 10 ** (turn % 9), lot.mass - 1 - 10 ** (turn % 9)]
        shares = {number: spread(total, masses) for number, total in lot.substances.items()}
        made = [
            ("salt", mass, {number: share[place] for number, share in shares.items()})
            for place, mass in enumerate(masses)
        ]
        one, two, lot = ledger.run("works/plant-2", "sieving", whole([lot]), made, emitted(random))
        small += [one, two]
    return [pooled(ledger, random, [*small, lot], at_once=BLEND), lot]


NASTY: dict[str, Shape] = {
    each.__name__: each for each in (coproducts, undone, milligrams, diamond, woven, limits, economies)
}
