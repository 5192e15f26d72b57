"""Every figure of a trace, computed naively from the reference model's history with exact fractions.

Shares of origin flow forward, substance by substance, from each batch to what is made of it. The footprint
is a replay: each pool is a mixture of burdens by place, process, scope and record, and what is taken of it
takes the mixture as it is at that moment. What is reversed goes back with the mixture that was taken. Of each
record, and of each booked difference, a batch has a part that goes with its mass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tests.reference.model import ReferenceLedger
from tests.reference.values import SCOPES, SYMBOLS, Gases, Name, Pools, Record

Cell = tuple[str, str, str, int, str]
Mixture = dict[Cell, Fraction]
"""mg CO2e by place, process, scope, number of the record, and life-cycle stage as far as it is decided."""
Origin = tuple[str, Name]
"""What an origin is, and the batch or, of a recycling run, the run."""
Parts = dict[tuple[int, str], Fraction]
"""Of records and bookings, by number and stage, the part that a batch has."""


@dataclass
class Source:
    """What a batch was made of: which batch, what of it, and of which substances its first life was over."""

    name: Name
    taken: Pools
    over: frozenset[int]


@dataclass
class Life:
    """What a trace of one batch reports, as far as it has been replayed."""

    own: Mixture = field(default_factory=dict)
    inherited: Mixture = field(default_factory=dict)
    parts: Parts = field(default_factory=dict)
    footprint: Mixture = field(default_factory=dict)
    coefficients: Parts = field(default_factory=dict)
    own_mg: int = 0
    inherited_mg: int = 0
    primary_mg: int = 0
    added: list[tuple[Gases, Mixture, Parts]] = field(default_factory=list)
    origins: dict[int, dict[Origin, Fraction]] = field(default_factory=dict)
    raised: set[int] = field(default_factory=set)
    over: frozenset[int] = frozenset()
    again: bool = False
    sources: list[Source] = field(default_factory=list)
    records: list[int] = field(default_factory=list)

    @property
    def parents(self) -> list[Name]:
        return list(dict.fromkeys(source.name for source in self.sources))


@dataclass
class Took:
    """The mixtures that a take took, which its reversal puts back."""

    own: Mixture
    inherited: Mixture
    parts: Parts


@dataclass(frozen=True)
class Figures:
    """The figures of one batch. Breakdowns are exact: they sum to ``own_mg + inherited_mg``."""

    own_mg: int
    inherited_mg: int
    primary_mg: int
    by_facility: dict[str, Fraction]
    by_process: dict[str, Fraction]
    by_scope: dict[str, Fraction]
    by_stage: dict[str, Fraction]
    origins: dict[tuple[Origin, str], Fraction]
    recycled: dict[str, dict[str, Fraction]]
    traced: dict[str, dict[str, Fraction]]
    tainted: bool
    upstream: frozenset[Name]
    events: int
    restated_mg: Fraction
    restated_primary_mg: Fraction
    restated_by_stage: dict[str, Fraction]
    booked: dict[int, Fraction]
    bookings: int

    @property
    def total_mg(self) -> int:
        return self.own_mg + self.inherited_mg


def full_name(name: Name) -> str:
    """``owner/identifier``."""
    return "/".join(name)


class Replay:
    """Replays a ledger's history."""

    def __init__(self, ledger: ReferenceLedger) -> None:
        self.ledger = ledger
        self.lives: dict[Name, Life] = {}
        self.errors: dict[Name, set[str]] = {}
        self.took: dict[int, list[Took]] = {}
        self.now = 0
        for self.now, record in enumerate(ledger.history):
            getattr(self, f"_{record.kind}", lambda _: None)(record)
            for name in record.named:
                self.lives[name].records.append(self.now)

    def figures(self, name: Name) -> Figures:
        """All figures of a batch, as it stands at the end."""
        life = self.lives[name]
        origins = {
            (origin, SYMBOLS[number]): share
            for number, shares in life.origins.items()
            for origin, share in shares.items()
        }
        upstream = self._upstream(name)
        by_stage, primary = self._restated(life)
        return Figures(
            life.own_mg,
            life.inherited_mg,
            life.primary_mg,
            _grouped(life.footprint, 0),
            _grouped(life.footprint, 1),
            _grouped(life.footprint, 2),
            _decided({(stage, cell): mg for cell, mg in life.footprint.items() for stage in (cell[4],)}),
            origins,
            {SYMBOLS[number]: _recycled(shares) for number, shares in life.origins.items()},
            {SYMBOLS[number]: share for number, share in self._traced(name).items()},
            any(self.errors.get(other) for other in upstream),
            upstream,
            self._events(name, upstream),
            sum(by_stage.values(), Fraction(0)),
            primary,
            by_stage,
            *self._booked(life),
        )

    def _restated(self, life: Life) -> tuple[dict[str, Fraction], Fraction]:
        """By stage, and the primary part, with what is known better of each record."""
        stages: dict[tuple[str, object], Fraction] = {}
        primary = Fraction(life.primary_mg)
        known = {number: each for number, each in self.ledger.restated.items() if each.counts}
        for cell, mg in life.footprint.items():
            if cell[3] not in known:
                stages[cell[4], cell] = mg
        for (number, stage), part in life.coefficients.items():
            if number in known:
                restated = known[number].used
                old = sum(gases.primary for gases in self.ledger.history[number].gases)
                stages[stage, number] = restated.total * part
                primary += (restated.primary - old) * part
        return _decided(stages), primary

    def _booked(self, life: Life) -> tuple[dict[int, Fraction], int]:
        """By substance (0: gross mass) the bookings upstream, by the part that this batch has of each."""
        booked: dict[int, Fraction] = defaultdict(Fraction)
        count = 0
        for (number, _), part in life.coefficients.items():
            record = self.ledger.history[abs(number) // 1000]
            if number < 0 and part:
                count += 1
                for lane, mg in record.booked[abs(number) % 1000].items():
                    booked[lane] += mg * part
        return dict(booked), count

    def _events(self, name: Name, upstream: frozenset[Name]) -> int:
        """How many events: all of the batch itself; of others, what made them, what happened to them (save
        what was taken for other products) until something was last taken, and errors at any time.
        """
        made = {other: self.lives[other].records[0] for other in upstream}
        found = {*self.lives[name].records, *made.values()}
        for other in upstream:
            last = max((made[child] for child in upstream if other in self.lives[child].parents), default=0)
            for number in self.lives[other].records:
                record = self.ledger.history[number]
                if record.kind == "error" or (number <= last and other not in record.inputs):
                    found.add(number)
        return len(found)

    def _upstream(self, name: Name) -> frozenset[Name]:
        """The batch and what it is made of; a product that was taken back is where that stops."""
        found, todo = {name}, [name]
        walked = set(todo)
        while todo:
            for source in self.lives[todo.pop()].sources:
                found.add(source.name)
                if not self._stops(source) and source.name not in walked:
                    walked.add(source.name)
                    todo.append(source.name)
        return frozenset(found)

    def _stops(self, source: Source) -> bool:
        return bool(source.over)

    def _traced(self, name: Name) -> dict[int, dict[str, Fraction]]:
        """In four parts: what reaches an origin with no erroneous batch on the way, whenever declared,
        and what the rest is. The last erroneous batch on the way says why.
        """
        parts: dict[Name, dict[int, dict[str, Fraction]]] = {}
        for other in self.lives:
            parts[other] = {number: self._traced_of(other, number, parts) for number in self._held(other)}
            if other == name:
                return parts[other]
        raise KeyError(name)

    def _traced_of(
        self, name: Name, number: int, of: dict[Name, dict[int, dict[str, Fraction]]]
    ) -> dict[str, Fraction]:
        life, errors = self.lives[name], self.errors.get(name)
        if errors:
            # "confirmed" goes before "declared", as it does in the alphabet.
            return {min(errors): Fraction(1)}
        if number in life.raised:
            return {"untraced": Fraction(1)}
        if not life.sources:
            ((kind, _),) = life.origins[number]
            return {"untraced" if kind == "untraced" else "traced": Fraction(1)}
        mixed: dict[str, Fraction] = defaultdict(Fraction)
        whole = sum(source.taken.substances.get(number, 0) for source in life.sources)
        for source in life.sources:
            if mass := source.taken.substances.get(number, 0):
                ended = number in source.over and not self.errors.get(source.name)
                for kind, part in ({"traced": Fraction(1)} if ended else of[source.name][number]).items():
                    mixed[kind] += part * mass / whole
        return mixed

    def _held(self, name: Name) -> list[int]:
        """The substances that a batch was made with, or that were found in it since."""
        made = [number for number, mass in self.ledger.batches[name].made.substances.items() if mass]
        return sorted({*made, *self.lives[name].raised})

    def _error(self, record: Record) -> None:
        self.errors.setdefault(record.batches[0], set()).add(record.process)

    # --- the replay ---------------------------------------------------------------------------------

    def _mint(self, record: Record) -> None:
        name, gases = record.batches[0], record.gases[0]
        life = self.lives[name] = Life()
        life.origins = {number: {(record.origin, name): Fraction(1)} for number in self._made(name)}
        assert record.facility is not None
        process = PROCESSES[record.origin]
        stage = RECYCLING if process == "recycling" else self._stage(process, record.facility)
        self._burden(life, gases, full_name(record.facility), process, stage, Fraction(1))
        life.added = []

    def _stage(self, process: str, facility: Name | None) -> str:
        """By process, else by kind of facility."""
        kind = self.ledger.facilities[facility].kind if facility else ""
        return STAGES.get(process) or STAGES_OF_KINDS.get(kind) or "not_assigned"

    def _made(self, name: Name) -> list[int]:
        return [number for number, mass in self.ledger.batches[name].made.substances.items() if mass]

    def _take(self, name: Name, taken: Pools) -> Took:
        life, part = self.lives[name], Fraction(taken.mass, taken.before)
        took = Took(
            _remove(life.own, taken.own),
            _remove(life.inherited, taken.inherited),
            {key: whole * part for key, whole in life.parts.items()},
        )
        for key, gone in took.parts.items():
            life.parts[key] -= gone
        self.took.setdefault(self.now, []).append(took)
        return took

    def _going(self, source: Source, number: int) -> dict[Origin, Fraction]:
        if number in source.over:
            return {("taken_back", source.name): Fraction(1)}
        return self.lives[source.name].origins.get(number, {})

    def _source(self, name: Name, taken: Pools) -> Source:
        return Source(name, taken, self.lives[name].over)

    def _split(self, record: Record) -> None:
        for name, taken in zip(record.batches, record.taken, strict=True):
            source = self._source(record.inputs[0], taken)
            took = self._take(record.inputs[0], taken)
            life = self.lives[name] = Life(sources=[source])
            life.own, life.inherited, life.parts = dict(took.own), dict(took.inherited), dict(took.parts)
            life.footprint, life.coefficients = _sum([life.own, life.inherited]), dict(took.parts)
            life.own_mg, life.inherited_mg, life.primary_mg = taken.own, taken.inherited, taken.primary
            life.origins = {number: dict(self._going(source, number)) for number in self._made(name)}

    def _ship(self, record: Record) -> None:
        whole = sum(record.weights)
        for name, gases, weight in zip(record.batches, record.gases, record.weights, strict=True):
            place, part = f"{record.by} (transport)", Fraction(weight, whole)
            stage = RECYCLING if self.lives[name].again else TRANSPORT
            self._burden(self.lives[name], gases, place, "transport", stage, part)

    def _add(self, record: Record) -> None:
        assert record.facility is not None
        own_site = record.facility[0] == record.by
        place = full_name(record.facility) if own_site else f"{record.by} (custody)"
        stage = self._stage(record.process, record.facility if own_site else None)
        life = self.lives[record.batches[0]]
        self._burden(life, record.gases[0], place, record.process, stage, Fraction(1))

    def _burden(self, life: Life, gases: Gases, place: str, process: str, stage: str, part: Fraction) -> None:
        added = {
            (place, process, scope, self.now, stage): Fraction(mg)
            for scope, mg in zip(SCOPES, gases.scopes, strict=True)
            if mg
        }
        parts = {(self.now, stage): part}
        life.own = _sum([life.own, added])
        _put(life.parts, parts)
        self._count(life, gases, added, parts)

    def _count(self, life: Life, gases: Gases, added: Mixture, parts: Parts) -> None:
        """Into the footprint."""
        life.footprint = _sum([life.footprint, added])
        _put(life.coefficients, parts)
        life.own_mg += gases.total
        life.primary_mg += gases.primary
        life.added.append((gases, added, parts))

    def _transform(self, record: Record) -> None:
        sources = [self._source(*each) for each in zip(record.inputs, record.taken, strict=True)]
        took = [self._take(source.name, source.taken) for source in sources]
        assert record.facility is not None
        stage = RECYCLING if record.recycling else self._stage(record.process, record.facility)
        mixture, parts = self._consumed(took, stage)
        burden = sum(taken.own + taken.inherited for taken in record.taken)
        for name, gases, weight in zip(record.batches, record.gases, record.weights, strict=True):
            made, share = self.ledger.batches[name].made, Fraction(weight, sum(record.weights))
            life = self.lives[name] = Life(sources=sources)
            life.inherited_mg = made.inherited
            life.primary_mg = made.primary - gases.primary
            if burden:
                inherited = Fraction(made.inherited, burden)
                life.inherited = {key: mg * inherited for key, mg in mixture.items()}
                life.footprint = dict(life.inherited)
            life.parts = {key: part * share for key, part in parts.items()}
            life.coefficients = dict(life.parts)
            life.origins = {number: self._mixed(record, sources, number) for number in self._made(name)}
            self._burden(life, gases, full_name(record.facility), record.process, stage, share)
            life.added = []

    def _consumed(self, took: list[Took], stage: str) -> tuple[Mixture, Parts]:
        """What a run took: transport, and recycling, that was to be decided has its stage."""
        mixture: Mixture = defaultdict(Fraction)
        parts: Parts = defaultdict(Fraction)
        for each in took:
            for (*cell, before), mg in (*each.own.items(), *each.inherited.items()):
                key = (*cell, stage if before in (TRANSPORT, RECYCLING) else before)
                mixture[key] += mg  # type: ignore[index]
            for (number, before), part in each.parts.items():
                parts[number, stage if before in (TRANSPORT, RECYCLING) else before] += part
        return dict(mixture), dict(parts)

    def _mixed(self, record: Record, sources: list[Source], number: int) -> dict[Origin, Fraction]:
        """Of a substance, the mix of the inputs weighted by what was taken of it."""
        if record.recycling:
            run = next(run for run in self.ledger.runs.values() if run.record == self.now)
            return {(f"run {record.origin}", run.name): Fraction(1)}
        mixed: dict[Origin, Fraction] = defaultdict(Fraction)
        whole = sum(source.taken.substances.get(number, 0) for source in sources)
        for source in sources:
            if mass := source.taken.substances.get(number, 0):
                for origin, share in self._going(source, number).items():
                    mixed[origin] += share * mass / whole
        return dict(mixed)

    def _remeasure(self, record: Record) -> None:
        for place, name in enumerate(record.batches):
            life, booking = self.lives[name], (-(self.now * 1000 + place), "")
            if record.booked[place]:
                _put(life.parts, {booking: Fraction(1)})
                _put(life.coefficients, {booking: Fraction(1)})
                life.added.append((Gases(), {}, {booking: Fraction(1)}))
            # What was recorded as none at making, and is some now, is an untraced origin.
            for raised in record.raised[place] - set(self._made(name)):
                life.origins[raised] = {("untraced", name): Fraction(1)}
                life.raised.add(raised)
                life.over -= {raised}

    _receive = _remeasure

    def _take_back(self, record: Record) -> None:
        life = self.lives[record.batches[0]]
        self.took[self.now] = [Took(life.own, life.inherited, life.parts)]
        life.own, life.inherited, life.parts = {}, {}, {}
        life.over, life.again = frozenset(SYMBOLS), True

    def _reversed(self, record: Record) -> None:
        match record.process:
            case "error":
                self.errors[record.batches[0]].discard(self.ledger.history[record.of].process)
            case "split":
                self._rejoin(record)
            case "run":
                sources = self.ledger.history[record.of].inputs
                for name, took in zip(sources, self.took[record.of], strict=True):
                    self._restore(self.lives[name], took)
            case "take_back":
                life = self.lives[record.batches[0]]
                self._restore(life, self.took[record.of][0])
                life.over, life.again = frozenset(), False
                since = enumerate(self.ledger.history[record.of : self.now], record.of)
                _deliver(life, {number for number, each in since if each.kind == "ship"})

    def _restore(self, life: Life, took: Took) -> None:
        life.own, life.inherited = _sum([life.own, took.own]), _sum([life.inherited, took.inherited])
        _put(life.parts, took.parts)

    def _rejoin(self, record: Record) -> None:
        """With what was added to the child since, which counts as added to the parent."""
        child, parent = self.lives[record.batches[0]], self.lives[record.inputs[0]]
        self._restore(parent, Took(child.own, child.inherited, child.parts))
        for gases, added, parts in child.added:
            self._count(parent, gases, added, parts)


def _deliver(life: Life, shipments: set[int]) -> None:
    """A product of which the take-back was reversed never came back: it was transported as any other."""

    def cells(mixture: Mixture) -> Mixture:
        return {(*key[:3], *stage(*key[3:])): mg for key, mg in mixture.items()}

    def shares(parts: Parts) -> Parts:
        return {stage(*key): part for key, part in parts.items()}

    def stage(number: int, was: str) -> tuple[int, str]:
        return number, TRANSPORT if number in shipments else was

    life.own, life.inherited, life.footprint = map(cells, (life.own, life.inherited, life.footprint))
    life.parts, life.coefficients = shares(life.parts), shares(life.coefficients)
    life.added = [(gases, cells(added), shares(parts)) for gases, added, parts in life.added]


TRANSPORT, RECYCLING = "transport?", "recycling?"
"""Stages that what consumes them decides: otherwise distribution, and end of life."""
STAGES = {
    "mining": "raw_material_acquisition",
    "refining": "raw_material_acquisition",
    "precipitation": "raw_material_acquisition",
    "assembly": "main_production",
    "shredding": RECYCLING,
    "recycling": RECYCLING,
}
STAGES_OF_KINDS = {
    "mine": "raw_material_acquisition",
    "concentrator": "raw_material_acquisition",
    "refinery": "raw_material_acquisition",
    "cell-plant": "main_production",
    "vehicle-plant": "main_production",
    "recycler": RECYCLING,
}
PROCESSES = {
    "mined": "mining",
    "post_consumer": "recycling",
    "pre_consumer": "recycling",
    "untraced": "untraced origin",
}


def _decided(stages: Mapping[tuple[str, object], Fraction]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = defaultdict(Fraction)
    for (stage, _), mg in stages.items():
        found[{TRANSPORT: "distribution", RECYCLING: "end_of_life"}.get(stage, stage)] += mg
    return dict(found)


def _recycled(shares: dict[Origin, Fraction]) -> dict[str, Fraction]:
    found = dict.fromkeys(
        ("post_consumer", "pre_consumer", "take_back", "waste_of_runs", "minted"), Fraction(0)
    )
    ways = {
        "post_consumer": ("post_consumer", "minted"),
        "pre_consumer": ("pre_consumer", "minted"),
        "taken_back": ("post_consumer", "take_back"),
        "run post_consumer": ("post_consumer", "take_back"),
        "run pre_consumer": ("pre_consumer", "waste_of_runs"),
    }
    for (kind, _), share in shares.items():
        for way in ways.get(kind, ()):
            found[way] += share
    return found


def _put(parts: Parts, more: Parts) -> None:
    for key, part in more.items():
        parts[key] = parts.get(key, Fraction(0)) + part


def _sum(mixtures: list[Mixture]) -> Mixture:
    total: Mixture = defaultdict(Fraction)
    for mixture in mixtures:
        for key, mg in mixture.items():
            total[key] += mg
    return dict(total)


def _remove(pool: Mixture, amount: int) -> Mixture:
    """Takes ``amount`` out of a pool, each part of its mixture alike."""
    whole = sum(pool.values(), Fraction(0))
    if not amount:
        return {}
    taken = {key: mg * amount / whole for key, mg in pool.items()}
    for key, mg in taken.items():
        pool[key] -= mg
    return taken


def _grouped(mixture: Mixture, position: int) -> dict[str, Fraction]:
    grouped: dict[str, Fraction] = defaultdict(Fraction)
    for key, mg in mixture.items():
        grouped[str(key[position])] += mg
    return {name: mg for name, mg in grouped.items() if mg}
