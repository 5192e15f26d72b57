"""Every figure of a trace, computed naively from the reference model's history with exact fractions.

Shares of origin flow forward, substance by substance, from each batch to what is made of it. The footprint
is a replay: each pool is a mixture of burdens by place, process and scope, and what is taken of a pool
takes the mixture as it is at that moment.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from tests.reference.model import ReferenceLedger
from tests.reference.values import SCOPES, SYMBOLS, Gases, Name, Pools, Record

Mixture = dict[tuple[str, str, str], Fraction]
"""mg CO2e by place, process and scope."""


@dataclass
class Life:
    """What a trace of one batch reports, as far as it has been replayed."""

    own: Mixture = field(default_factory=dict)
    inherited: Mixture = field(default_factory=dict)
    footprint: Mixture = field(default_factory=dict)
    own_mg: int = 0
    inherited_mg: int = 0
    primary_mg: int = 0
    origins: dict[int, dict[Name, Fraction]] = field(default_factory=dict)
    parents: list[Name] = field(default_factory=list)
    records: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Figures:
    """The figures of one batch. Breakdowns are exact: they sum to ``own_mg + inherited_mg``."""

    own_mg: int
    inherited_mg: int
    primary_mg: int
    by_facility: dict[str, Fraction]
    by_process: dict[str, Fraction]
    by_scope: dict[str, Fraction]
    origins: dict[tuple[Name, str], Fraction]
    recycled: dict[str, dict[str, Fraction]]
    traced: dict[str, dict[str, Fraction]]
    tainted: bool
    upstream: frozenset[Name]
    events: int

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
        self.origin_kind: dict[Name, str] = {}
        self.errors: dict[Name, str] = {}
        for number, record in enumerate(ledger.history):
            getattr(self, f"_{record.kind}", lambda _: None)(record)
            for name in {*record.batches, *record.inputs}:
                self.lives[name].records.append(number)

    def figures(self, name: Name) -> Figures:
        """All figures of a batch, as it stands at the end."""
        life = self.lives[name]
        origins = {
            (origin, SYMBOLS[number]): share
            for number, shares in life.origins.items()
            for origin, share in shares.items()
        }
        upstream = self._upstream(name)
        return Figures(
            life.own_mg,
            life.inherited_mg,
            life.primary_mg,
            _grouped(life.footprint, 0),
            _grouped(life.footprint, 1),
            _grouped(life.footprint, 2),
            origins,
            self._recycled(life),
            {SYMBOLS[number]: share for number, share in self._traced(name).items()},
            any(other in self.errors for other in upstream),
            upstream,
            self._events(name, upstream),
        )

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
        found, todo = {name}, [name]
        while todo:
            new = set(self.lives[todo.pop()].parents) - found
            found |= new
            todo.extend(new)
        return frozenset(found)

    def _recycled(self, life: Life) -> dict[str, dict[str, Fraction]]:
        recycled: dict[str, dict[str, Fraction]] = {}
        for number, shares in life.origins.items():
            kinds = {"post_consumer": Fraction(0), "pre_consumer": Fraction(0)}
            for origin, share in shares.items():
                if self.origin_kind[origin] in kinds:
                    kinds[self.origin_kind[origin]] += share
            recycled[SYMBOLS[number]] = kinds
        return recycled

    def _traced(self, name: Name) -> dict[int, dict[str, Fraction]]:
        """In four parts: what reaches an origin with no erroneous batch on the way, whenever declared,
        and what the rest is. The last erroneous batch on the way says why.
        """
        parts: dict[Name, dict[int, dict[str, Fraction]]] = {}
        for other, life in self.lives.items():
            substances = self._held(other)
            if other in self.errors:
                parts[other] = {number: {self.errors[other]: Fraction(1)} for number in substances}
            elif not life.parents:
                traced = "untraced" if self.origin_kind[other] == "untraced" else "traced"
                parts[other] = {number: {traced: Fraction(1)} for number in substances}
            else:
                parts[other] = self._mixed(other, parts)
            if other == name:
                return parts[other]
        raise KeyError(name)

    def _mixed(
        self, name: Name, of: dict[Name, dict[int, dict[str, Fraction]]]
    ) -> dict[int, dict[str, Fraction]]:
        record = next(r for r in self.ledger.history if name in r.batches)
        if record.kind == "split":
            return {number: of[record.inputs[0]][number] for number in self._held(name)}
        mixed: dict[int, dict[str, Fraction]] = {}
        for number in self._held(name):
            masses = [taken.substances.get(number, 0) for taken in record.taken]
            mixed[number] = defaultdict(Fraction)
            for i, mass in zip(record.inputs, masses, strict=True):
                for kind, part in of[i][number].items() if mass else ():
                    mixed[number][kind] += part * mass / sum(masses)
        return mixed

    def _held(self, name: Name) -> list[int]:
        """The substances that a batch was made with."""
        return [number for number, mass in self.ledger.batches[name].made.substances.items() if mass]

    def _error(self, record: Record) -> None:
        name = record.batches[0]
        # A maker's own word is a declaration; anybody else's who may, a confirmation.
        if record.by != name[0]:
            self.errors[name] = "confirmed"
        else:
            self.errors.setdefault(name, "declared")

    # --- the replay ---------------------------------------------------------------------------------

    def _mint(self, record: Record) -> None:
        name, gases = record.batches[0], record.gases[0]
        life = self.lives[name] = Life()
        self.origin_kind[name] = record.origin
        life.origins = {number: {name: Fraction(1)} for number in self._held(name)}
        assert record.facility is not None
        process = "mining" if record.origin == "mined" else "recycling"
        self._burden(name, gases, full_name(record.facility), process)

    def _split(self, record: Record) -> None:
        parent = self.lives[record.inputs[0]]
        for name, taken in zip(record.batches, record.taken, strict=True):
            life = self.lives[name] = Life(parents=[record.inputs[0]])
            life.own, life.inherited = (
                _remove(parent.own, taken.own),
                _remove(parent.inherited, taken.inherited),
            )
            life.footprint = _sum([life.own, life.inherited])
            life.own_mg, life.inherited_mg, life.primary_mg = taken.own, taken.inherited, taken.primary
            life.origins = {number: parent.origins[number] for number in self._held(name)}

    def _ship(self, record: Record) -> None:
        for name, gases in zip(record.batches, record.gases, strict=True):
            self._burden(name, gases, f"{record.by} (transport)", "transport")

    def _add(self, record: Record) -> None:
        assert record.facility is not None
        own_site = record.facility[0] == record.by
        place = full_name(record.facility) if own_site else f"{record.by} (custody)"
        self._burden(record.batches[0], record.gases[0], place, record.process)

    def _burden(self, name: Name, gases: Gases, place: str, process: str) -> None:
        life = self.lives[name]
        added = {
            (place, process, scope): Fraction(mg)
            for scope, mg in zip(SCOPES, gases.scopes, strict=True)
            if mg
        }
        life.own, life.footprint = _sum([life.own, added]), _sum([life.footprint, added])
        life.own_mg += gases.total
        life.primary_mg += gases.primary

    def _transform(self, record: Record) -> None:
        mixtures: list[Mixture] = []
        for name, taken in zip(record.inputs, record.taken, strict=True):
            life = self.lives[name]
            mixtures += [_remove(life.own, taken.own), _remove(life.inherited, taken.inherited)]
        mixture = _sum(mixtures)
        burden = sum(taken.own + taken.inherited for taken in record.taken)
        origins = self._origins(record.inputs, record.taken)
        assert record.facility is not None
        for name, gases in zip(record.batches, record.gases, strict=True):
            made = self.ledger.batches[name].made
            life = self.lives[name] = Life(parents=list(dict.fromkeys(record.inputs)))
            life.inherited_mg = made.inherited
            life.primary_mg = made.primary - gases.primary
            if burden:
                share = Fraction(made.inherited, burden)
                life.inherited = {key: mg * share for key, mg in mixture.items()}
                life.footprint = dict(life.inherited)
            life.origins = {number: origins[number] for number in self._held(name)}
            self._burden(name, gases, full_name(record.facility), record.process)

    def _origins(self, inputs: tuple[Name, ...], taken: tuple[Pools, ...]) -> dict[int, dict[Name, Fraction]]:
        """Of each substance, the mix of the inputs weighted by what was taken of it."""
        weighed: dict[int, dict[Name, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        totals: dict[int, int] = defaultdict(int)
        for name, pools in zip(inputs, taken, strict=True):
            for number, mass in pools.substances.items():
                totals[number] += mass
                if mass:
                    for origin, share in self.lives[name].origins[number].items():
                        weighed[number][origin] += share * mass
        return {
            number: {origin: mass / totals[number] for origin, mass in shares.items()}
            for number, shares in weighed.items()
        }


def _sum(mixtures: list[Mixture]) -> Mixture:
    total: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
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
        grouped[key[position]] += mg
    return {name: mg for name, mg in grouped.items() if mg}
