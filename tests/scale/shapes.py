"""The shapes of supply chains that cost readers most, of any size, and of each the batches to ask about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from tests.scale.ledger import Ledger
from tests.scale.lots import Lot, Scopes, spread

Shape = Callable[[Ledger, Random, int], list[Lot]]
TON = 10**9


def emitted(random: Random, most: int = TON) -> Scopes:
    """Some emissions, mg CO2e."""
    one, two, three = random.randrange(most), random.randrange(most), random.randrange(most)
    return one, two, three, random.randrange(one + two + three + 1)


def dug(ledger: Ledger, random: Random, mass: int = TON) -> Lot:
    """Ore of one of the pits, with some cobalt and nickel."""
    held = {27: random.randrange(1, mass // 3), 28: random.randrange(1, mass // 3)}
    return ledger.mint(f"works/pit-{random.randrange(8)}", "ore", mass, held, emitted(random))


def joined(
    ledger: Ledger,
    random: Random,
    inputs: Sequence[tuple[Lot, int]],
    outputs: int = 1,
    *,
    process: str = "refining",
    site: str = "",
    material: str = "salt",
) -> list[Lot]:
    """A run of the works that makes so many lots; all substances that went in come out of it."""
    whole = sum([mass for _, mass in inputs])
    held: dict[int, int] = {}
    for lot, mass in inputs:
        for number, pool in lot.substances.items():
            held[number] = held.get(number, 0) + pool * mass // lot.mass
    masses = spread(whole - whole // 100, [1] * outputs)
    shares = {number: spread(total, masses) for number, total in held.items()}
    made = [
        (material, mass, {number: share[place] for number, share in sorted(shares.items())})
        for place, mass in enumerate(masses)
    ]
    where = site or f"works/plant-{random.randrange(8)}"
    return ledger.run(where, process, inputs, made, emitted(random))


def pooled(ledger: Ledger, random: Random, lots: Sequence[Lot], *, at_once: int = 50, site: str = "") -> Lot:
    """All of many lots, brought together in as many runs as that takes."""
    left = list(lots)
    while len(left) > 1:
        groups = [left[start : start + at_once] for start in range(0, len(left), at_once)]
        left = [joined(ledger, random, [(lot, lot.mass) for lot in group], site=site)[0] for group in groups]
    return left[0]


def tree(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """Three lots make one, of three each; the leaves are dug. ``size`` events."""
    waiting: list[tuple[int, Lot]] = []
    for _ in range(2 * size // 3):
        waiting.append((0, dug(ledger, random)))
        while len(waiting) > 2 and waiting[-3][0] == waiting[-1][0]:
            three = [(lot, lot.mass) for _, lot in waiting[-3:]]
            waiting[-3:] = [(waiting[-1][0] + 1, joined(ledger, random, three)[0])]
    return [pooled(ledger, random, [lot for _, lot in waiting])]


def comb(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """What is there is refined with something new, over and over: as deep as it can be. ``size`` events."""
    lot = dug(ledger, random)
    for _ in range(max(1, size // 2)):
        new = dug(ledger, random, TON // 1000)
        # A tenth stays behind each time, as in any vessel.
        part = lot.mass - lot.mass // 10
        lot = joined(ledger, random, [(lot, part), (new, new.mass)])[0]
    return [lot]


def tank(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """A lot that emissions are added to, and that is drawn from by splits and runs, in turn. ``size`` events.

    Asked: all that was drawn, together; the last that was drawn; the tank itself.
    """
    vessel = dug(ledger, random, 10**15)
    drawn = []
    for turn in range(max(1, size // 2)):
        ledger.add(vessel, emitted(random), "heating")
        part = random.randrange(10**7, 2 * 10**7)
        if turn % 2:
            drawn += ledger.split(vessel, [part])
        else:
            drawn += joined(ledger, random, [(vessel, part)])
    last = drawn[-1]
    return [pooled(ledger, random, drawn), last, vessel]


def wide(ledger: Ledger, random: Random, size: int) -> list[Lot]:
    """The widest that contracts take: 64 inputs, 56 outputs, 64 children, in layers. ``size`` batches."""
    lots = [dug(ledger, random) for _ in range(64)]
    for _ in range(max(1, size // 129)):
        made = joined(ledger, random, [(lot, lot.mass) for lot in lots], 56)
        first = made.pop(0)
        children = ledger.split(first, spread(first.mass, [1] * 64))
        made += joined(ledger, random, [(lot, lot.mass) for lot in children], 8, process="sieving")
        lots = [*made, dug(ledger, random, TON // 10)]
    return joined(ledger, random, [(lot, lot.mass) for lot in lots], process="mixing")


PURE: dict[str, Shape] = {"tree": tree, "tank": tank, "comb": comb, "wide": wide}
