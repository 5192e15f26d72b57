"""A ledger that happens in memory with everything that the walk knows of, and what follows from it, exactly.

Forward and in fractions: every lot carries the mixtures of its pools, the mixture of its substances and, of
every record, the part that it bears. Shares no arithmetic with traceledger; only the steps are its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

from traceledger import walk
from traceledger.model.emissions import Emissions

Mixture = dict[Any, Fraction]
SUBSTANCES = (3, 27)


@dataclass
class Lot:
    """Integer pools as a contract would keep them, and exact mixtures of them."""

    id: int
    mass: int
    substances: dict[int, int]
    made_of: list[tuple[Lot, frozenset[int], dict[int, int]]] = field(default_factory=list)
    minted: bool = False
    untraced: bool = False
    own: int = 0
    inherited: int = 0
    own_mix: Mixture = field(default_factory=dict)
    inherited_mix: Mixture = field(default_factory=dict)
    parts: Mixture = field(default_factory=dict)
    made_own: int = 0
    made_inherited: int = 0
    made_mix: Mixture = field(default_factory=dict)
    made_parts: Mixture = field(default_factory=dict)
    made_substances: dict[int, int] = field(default_factory=dict)
    added_mix: Mixture = field(default_factory=dict)
    added_parts: Mixture = field(default_factory=dict)
    mixes: dict[int, Mixture] = field(default_factory=dict)
    raised: set[int] = field(default_factory=set)
    raised_since: set[int] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    taken_back: int = 0
    gone: bool = False
    uses: int = 0

    def made(self) -> None:
        """Remember it as it was made."""
        self.made_own, self.made_inherited = self.own, self.inherited
        self.made_mix = total(self.own_mix, self.inherited_mix)
        self.made_parts = dict(self.parts)
        self.made_substances = dict(self.substances)

    def stops(self) -> frozenset[int]:
        """The substances whose first life is over: of a second one is what was raised since."""
        return frozenset(SUBSTANCES) - self.raised_since if self.taken_back else frozenset()

    def outgoing(self, substance: int) -> Mixture:
        """What a take of the substance has now."""
        if substance in self.stops():
            return {walk.Origin(walk.End.TAKEN_BACK, self.id): Fraction(1)}
        return self.mixes.get(substance, {})

    def asked(self) -> set[int]:
        """The substances whose shares can be asked for."""
        return {number for number, mass in self.made_substances.items() if mass} | self.raised


@dataclass
class Take:
    """What left a lot, and its mixtures."""

    lot: Lot
    mass: int
    before: int
    own: int
    inherited: int
    substances: dict[int, int]
    own_mix: Mixture
    inherited_mix: Mixture
    parts: Mixture


def total(*mixtures: Mapping[Any, Fraction]) -> Mixture:
    found: Mixture = defaultdict(Fraction)
    for mixture in mixtures:
        for key, part in mixture.items():
            found[key] += part
    return {key: part for key, part in found.items() if part}


def scaled(mixture: Mixture, by: Fraction) -> Mixture:
    return {key: part * by for key, part in mixture.items() if part * by}


def spread_over(amount: int, weights: list[int]) -> list[int]:
    """Cumulative floors."""
    parts, running, before = [], 0, 0
    for weight in weights:
        running += weight
        upto = amount * running // sum(weights)
        parts.append(upto - before)
        before = upto
    return parts


def take(lot: Lot, mass: int) -> Take:
    part = Fraction(mass, lot.mass)
    own, inherited = lot.own * mass // lot.mass, lot.inherited * mass // lot.mass
    gone = Take(
        lot,
        mass,
        lot.mass,
        own,
        inherited,
        {n: held * mass // lot.mass for n, held in lot.substances.items()},
        scaled(lot.own_mix, Fraction(own, lot.own or 1)),
        scaled(lot.inherited_mix, Fraction(inherited, lot.inherited or 1)),
        scaled(lot.parts, part),
    )
    move(lot, gone, -1)
    lot.uses += 1
    return gone


def move(lot: Lot, gone: Take, sign: int) -> None:
    lot.mass += sign * gone.mass
    lot.own += sign * gone.own
    lot.inherited += sign * gone.inherited
    for number, mass in gone.substances.items():
        lot.substances[number] = lot.substances.get(number, 0) + sign * mass
    lot.own_mix = total(lot.own_mix, scaled(gone.own_mix, Fraction(sign)))
    lot.inherited_mix = total(lot.inherited_mix, scaled(gone.inherited_mix, Fraction(sign)))
    lot.parts = total(lot.parts, scaled(gone.parts, Fraction(sign)))


def entries_walked(steps: Sequence[walk.Step], asked: Lot, substance: int, *, stops: bool) -> int:
    """How many entries of runs a walk back from a lot divides among, ``stops``: not of recycling runs."""
    reached, entries, passed = {asked.id}, 0, set()
    for step in reversed(steps):
        match step:
            case walk.Split() if any(child[0] in reached for child in step.children):
                reached = reached - {child[0] for child in step.children} | {step.parent}
            case walk.Delivered():
                passed.add(step.of)
            case walk.TakenBack() if step.batch != asked.id and step.at not in passed:
                reached.discard(step.batch)
            case walk.Measured():
                reached -= {lot for lot, number in step.raised if substance == number}
            case walk.Run() if any(made[0] in reached for made in step.outputs):
                reached -= {made[0] for made in step.outputs}
                columns = {column[0]: column[1:] for column in step.substances}
                masses = columns.get(substance, ())
                taken = {each[0] for each, mg in zip(step.inputs, masses, strict=False) if mg}
                if taken and not (stops and step.recycling):
                    entries += len(step.inputs)
                    reached |= taken
            case _:
                pass
    return entries


class World:
    """Random operations, and the steps that they are."""

    def __init__(self, seed: int, scale: int) -> None:
        self.random = Random(seed)
        self.scale = scale
        self.lots: list[Lot] = []
        self.steps: list[walk.Step] = []
        self.booked: list[tuple[Lot, dict[int, int]]] = []
        self.records: dict[walk.At, Emissions] = {}
        self.runs: list[tuple[walk.At, list[Take], list[Lot]]] = []
        self.splits: list[tuple[walk.At, Lot, Lot]] = []
        self.got_back: list[Lot] = []
        self.first_lives: dict[int, tuple[walk.At, Take]] = {}

    @property
    def at(self) -> walk.At:
        """Where the next step stands: in one block several, now and then."""
        number = len(self.steps)
        return number // 5 << 48 | number

    @property
    def place(self) -> int:
        """Where the next step emits: nowhere else does any."""
        return len(self.steps)

    def number(self, most: int | None = None) -> int:
        return self.random.randint(1, most or self.scale)

    def emissions(self) -> Emissions:
        scopes = [self.random.choice((0, self.number())) for _ in range(3)]
        return Emissions(*scopes, primary=self.random.randint(0, sum(scopes)))

    def lot(self, mass: int, substances: dict[int, int]) -> Lot:
        made = Lot(len(self.lots) + 1, mass, substances)
        self.lots.append(made)
        return made

    def usable(self) -> list[Lot]:
        return [lot for lot in self.lots if not lot.gone and lot.mass]

    def emit(self, lot: Lot, emissions: Emissions, part: Fraction) -> None:
        """Into the own pool, and remembered as added."""
        scopes = (emissions.scope1, emissions.scope2, emissions.scope3)
        cells = {(self.at, scope): Fraction(mg) for scope, mg in enumerate(scopes) if mg}
        lot.own += emissions.total_mg
        lot.own_mix = total(lot.own_mix, cells)
        lot.parts = total(lot.parts, {self.at: part})
        lot.added_mix = total(lot.added_mix, cells)
        lot.added_parts = total(lot.added_parts, {self.at: part})

    def mint(self) -> None:
        substances = {n: self.random.choice((0, self.number())) for n in SUBSTANCES}
        lot = self.lot(sum(substances.values()) + self.number(), substances)
        lot.minted, lot.untraced = True, self.random.random() < 0.2
        end = walk.End.UNTRACED if lot.untraced else walk.End.MINTED
        lot.mixes = {n: {walk.Origin(end, lot.id): Fraction(1)} for n, mg in substances.items() if mg}
        emissions = self.records[self.at] = self.emissions()
        self.emit(lot, emissions, Fraction(1))
        lot.added_mix, lot.added_parts = {}, {}
        lot.made()
        emitted = walk.emitted_of(emissions)
        self.steps.append(walk.Minted(self.at, lot.id, self.place, int(lot.untraced), emitted))

    def part_of(self, lot: Lot) -> int:
        return lot.mass if self.random.random() < 0.3 else self.number(lot.mass)

    def split(self) -> None:
        parent, children = self.random.choice(self.usable()), []
        for _ in range(self.random.randint(1, 3)):
            if not parent.mass:
                break
            gone = take(parent, self.part_of(parent))
            child = self.lot(gone.mass, dict(gone.substances))
            child.made_of = [(parent, parent.stops(), gone.substances)]
            child.own, child.inherited = gone.own, gone.inherited
            child.own_mix, child.inherited_mix, child.parts = gone.own_mix, gone.inherited_mix, gone.parts
            child.mixes = {n: dict(parent.outgoing(n)) for n, mg in gone.substances.items() if mg}
            child.made()
            self.splits.append((self.at, parent, child))
            children.append((child.id, gone.mass, gone.before))
        self.steps.append(walk.Split(self.at, parent.id, tuple(children)))

    def run(self) -> None:
        takes = []
        for _ in range(self.random.randint(1, 4)):
            usable = self.usable()
            if usable:
                # The same lot may be listed twice.
                lot = self.random.choice(usable)
                takes.append(take(lot, self.part_of(lot)))
        recycling = self.random.random() < 0.2
        taken = {n: sum(gone.substances.get(n, 0) for gone in takes) for n in SUBSTANCES}
        weights = [self.random.choice((0, self.number())) for _ in range(self.random.randint(0, 2))]
        weights.append(self.number())
        emissions = self.records[self.at] = self.emissions()
        outputs = self.outputs(takes, taken, weights, emissions, recycling=recycling)
        self.runs.append((self.at, takes, [lot for lot, _ in outputs]))
        inputs = tuple((t.lot.id, t.mass, t.before, t.own, t.inherited) for t in takes)
        columns = ((n, *(t.substances.get(n, 0) for t in takes)) for n in SUBSTANCES)
        made = tuple((lot.id, weight) for (lot, _), weight in zip(outputs, weights, strict=True))
        about = self.place, walk.FROM_WASTE if recycling else 0, walk.emitted_of(emissions)
        self.steps.append(walk.Run(self.at, *about, inputs, tuple(columns), made))

    def outputs(
        self,
        takes: list[Take],
        taken: dict[int, int],
        weights: list[int],
        emissions: Emissions,
        *,
        recycling: bool,
    ) -> list[tuple[Lot, Emissions]]:
        fields = (emissions.scope1, emissions.scope2, emissions.scope3, emissions.primary)
        own = [spread_over(mg, weights) for mg in fields]
        burden = sum(gone.own + gone.inherited for gone in takes)
        inherited = spread_over(burden, weights)
        mix = total(*(gone.own_mix for gone in takes), *(gone.inherited_mix for gone in takes))
        parts = total(*(gone.parts for gone in takes))
        found = []
        left = dict(taken)
        for place, weight in enumerate(weights):
            substances = {n: self.random.randint(0, mg) for n, mg in left.items()}
            left = {n: mg - substances[n] for n, mg in left.items()}
            lot = self.lot(sum(substances.values()) + self.number(), substances)
            lot.made_of = [(gone.lot, gone.lot.stops(), gone.substances) for gone in takes]
            part = Fraction(weight, sum(weights))
            lot.inherited = inherited[place]
            lot.inherited_mix = scaled(mix, Fraction(inherited[place], burden or 1))
            lot.parts = scaled(parts, part)
            borne = Emissions(*(each[place] for each in own))
            self.emit(lot, borne, part)
            lot.added_mix, lot.added_parts = {}, {}
            lot.mixes = self.mixes(takes, taken, recycling=recycling)
            lot.made()
            found.append((lot, borne))
        return found

    def mixes(self, takes: list[Take], taken: dict[int, int], *, recycling: bool) -> dict[int, Mixture]:
        held = [n for n, mg in taken.items() if mg]
        if recycling:
            return {n: {walk.Origin(walk.End.RECYCLED, self.at): Fraction(1)} for n in held}
        return {
            n: total(
                *(
                    scaled(gone.lot.outgoing(n), Fraction(gone.substances.get(n, 0), taken[n]))
                    for gone in takes
                )
            )
            for n in held
        }

    def add(self) -> None:
        usable = self.usable()
        lots = self.random.sample(usable, k=min(len(usable), self.random.randint(1, 3)))
        emissions = self.records[self.at] = self.emissions()
        masses = [lot.mass for lot in lots]
        fields = (emissions.scope1, emissions.scope2, emissions.scope3, emissions.primary)
        parts = zip(*(spread_over(mg, masses) for mg in fields), strict=True)
        entries = []
        for lot, mass, part in zip(lots, masses, parts, strict=True):
            self.emit(lot, Emissions(*part), Fraction(mass, sum(masses)))
            entries.append((lot.id, mass, lot.own))
        self.steps.append(walk.Added(self.at, self.place, walk.emitted_of(emissions), tuple(entries)))

    def remeasure(self) -> None:
        lot = self.random.choice(self.usable())
        booked, raised = {}, set()
        for number in SUBSTANCES:
            before = lot.substances.get(number, 0)
            if not before and not lot.made_substances.get(number, 0) and self.random.random() < 0.3:
                lot.substances[number] = booked[number] = self.number()
                if number not in lot.raised:
                    raised.add(number)
            elif before > 1:
                lot.substances[number] = max(1, before + self.random.randint(-before // 9, before // 9))
                booked[number] = lot.substances[number] - before
        for number in raised:
            lot.mixes[number] = {walk.Origin(walk.End.UNTRACED, lot.id): Fraction(1)}
        lot.raised |= raised
        lot.raised_since |= raised
        mass = self.random.randint(1, max(1, lot.mass // 9))
        lot.mass += mass
        lot.uses += 1
        self.booked.append((lot, {0: mass, **booked}))
        # What the lot is of any later one is asked by the booking's own key.
        lot.parts = total(lot.parts, {("booked", len(self.booked)): Fraction(1)})
        lot.added_parts = total(lot.added_parts, {("booked", len(self.booked)): Fraction(1)})
        entries = tuple((lot.id, number, mg) for number, mg in self.booked[-1][1].items() if mg)
        self.steps.append(
            walk.Measured(self.at, 0, (lot.id,), entries, tuple((lot.id, number) for number in raised))
        )

    def take_back(self) -> None:
        lots = [lot for lot in self.usable() if not lot.taken_back]
        if not lots:
            return
        lot = self.random.choice(lots)
        life = Take(lot, 0, 0, lot.own, lot.inherited, {}, lot.own_mix, lot.inherited_mix, lot.parts)
        move(lot, life, -1)
        lot.taken_back, lot.uses, lot.raised_since = self.at, 0, set()
        self.first_lives[lot.id] = self.at, life
        self.steps.append(walk.TakenBack(self.at, lot.id, self.place, life.own, life.inherited))

    def reverse(self) -> None:
        self.random.choice((self.reverse_split, self.reverse_run, self.reverse_take_back))()

    def reverse_split(self) -> None:
        ready = [
            each for each in self.splits if self.untouched(each[2]) and self.takes_back(each[1], each[0])
        ]
        if not ready:
            return
        of, parent, child = self.random.choice(ready)
        self.splits.remove((of, parent, child))
        back = Take(
            child,
            child.mass,
            0,
            child.own,
            child.inherited,
            child.substances,
            child.own_mix,
            child.inherited_mix,
            child.parts,
        )
        move(parent, back, 1)
        parent.added_mix = total(parent.added_mix, child.added_mix)
        parent.added_parts = total(parent.added_parts, child.added_parts)
        child.gone = True
        self.got_back.append(parent)
        entry = parent.id, child.own, child.inherited, parent.own, parent.inherited, child.id
        self.steps.append(walk.Reversed(self.at, of, (entry,)))
        parent.uses -= 1

    def reverse_run(self) -> None:
        ready = [
            each
            for each in self.runs
            if all(self.untouched(lot) for lot in each[2])
            and all(self.takes_back(gone.lot, each[0]) for gone in each[1])
        ]
        if not ready:
            return
        of, takes, outputs = self.random.choice(ready)
        self.runs.remove((of, takes, outputs))
        entries = []
        for gone in takes:
            move(gone.lot, gone, 1)
            gone.lot.uses -= 1
            entries.append((gone.lot.id, gone.own, gone.inherited, gone.lot.own, gone.lot.inherited, 0))
        for lot in outputs:
            lot.gone = True
        self.steps.append(walk.Reversed(self.at, of, tuple(entries)))

    def reverse_take_back(self) -> None:
        ready = [lot for lot in self.usable() if lot.taken_back and not lot.uses]
        if not ready:
            return
        lot = self.random.choice(ready)
        of, life = self.first_lives.pop(lot.id)
        move(lot, life, 1)
        lot.taken_back = 0
        lot.uses = 1
        life_back = life.own, life.inherited, lot.own, lot.inherited
        self.steps.append(walk.Delivered(self.at, of, lot.id, *life_back))

    def takes_back(self, lot: Lot, of: walk.At) -> bool:
        """Whether it can get back what was taken of it then: not a product that has come back since."""
        return not lot.gone and lot.taken_back < of

    def untouched(self, lot: Lot) -> bool:
        return not lot.gone and not lot.uses and not lot.taken_back

    def declare(self) -> None:
        lot = self.random.choice(self.lots)
        confirmed = self.random.random() < 0.5
        lot.errors.add("confirmed" if confirmed else "declared")
        self.steps.append(walk.InError(self.at, lot.id, int(confirmed)))

    def restate(self) -> None:
        of = self.random.choice(list(self.records))
        used = self.random.random() < 0.7
        emitted = walk.emitted_of(self.emissions())
        self.steps.append(walk.Restated(self.at, of, int(used), 0, emitted))

    def go(self, steps: int) -> World:
        """That many operations."""
        kinds = (
            *(self.mint,) * 3,
            *(self.split,) * 3,
            *(self.run,) * 4,
            *(self.add,) * 3,
            *(self.remeasure, self.take_back, self.reverse, self.reverse, self.declare, self.restate),
        )
        self.mint()
        while len(self.steps) < steps:
            if len(self.usable()) < 2:
                self.mint()
            else:
                self.random.choice(kinds)()
        return self

    # --- what follows ---------------------------------------------------------------------------------

    def traced(self, asked: Lot, substance: int) -> Mixture:
        """The four parts, forward: lots are made of earlier ones only."""
        parts: dict[int, Mixture] = {}
        for lot in self.lots[: asked.id]:
            if lot.errors:
                parts[lot.id] = {min(lot.errors): Fraction(1)}
            elif substance in lot.raised or lot.untraced:
                parts[lot.id] = {"untraced": Fraction(1)}
            elif lot.minted:
                parts[lot.id] = {"traced": Fraction(1)}
            else:
                whole = sum(taken.get(substance, 0) for _, _, taken in lot.made_of)
                parts[lot.id] = total(
                    *(
                        scaled(
                            {"traced": Fraction(1)} if substance in back and not of.errors else parts[of.id],
                            Fraction(taken.get(substance, 0), whole),
                        )
                        for of, back, taken in lot.made_of
                        if whole
                    )
                )
        return parts[asked.id]

    def downstream(self, root: Lot, substance: int) -> dict[int, Fraction]:
        """Of every lot, the part that comes from the root."""
        found: dict[int, Fraction] = {}
        for lot in self.lots:
            whole = sum(taken.get(substance, 0) for _, _, taken in lot.made_of)
            if lot is root:
                found[lot.id] = Fraction(1)
            elif substance in lot.raised or not whole:
                found[lot.id] = Fraction(0)
            else:
                found[lot.id] = sum(
                    (
                        found[of.id] * Fraction(taken.get(substance, 0), whole)
                        for of, back, taken in lot.made_of
                        if of is root or substance not in back
                    ),
                    Fraction(0),
                )
        return found
