"""Every figure of a trace, computed naively from the reference model's history with exact fractions.

Shares of origin flow forward, substance by substance, from each batch to what is made of it. The footprint
is a replay: each pool is a mixture of burdens by place, process and scope, and what is taken of a pool
takes the mixture as it is at that moment.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

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
    clean: dict[int, Fraction] = field(default_factory=dict)
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
    traced: dict[str, Fraction]
    tainted: bool
    upstream: frozenset[Name]

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
            if share
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
            any(self.ledger.batches[other].frozen for other in upstream),
            upstream,
        )

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

    def _traced(self, name: Name) -> dict[int, Fraction]:
        """The share that reaches an origin with no erroneous batch on the way: errors count whenever declared."""
        clean: dict[Name, dict[int, Fraction]] = {}
        for other, life in self.lives.items():
            substances = self.ledger.batches[other].made.substances
            if self.ledger.batches[other].frozen:
                clean[other] = dict.fromkeys(substances, Fraction(0))
            elif not life.parents:
                clean[other] = dict.fromkeys(substances, Fraction(1))
            else:
                clean[other] = self._mixed(other, clean)
            if other == name:
                return clean[other]
        raise KeyError(name)

    def _mixed(self, name: Name, of: dict[Name, dict[int, Fraction]]) -> dict[int, Fraction]:
        record = next(r for r in self.ledger.history if name in r.batches)
        if record.kind == "split":
            return of[record.inputs[0]]
        mixed: dict[int, Fraction] = {}
        for number in self.ledger.batches[name].made.substances:
            gave = [
                (p.substances.get(number, 0), i) for i, p in zip(record.inputs, record.taken, strict=True)
            ]
            total = sum(mass for mass, _ in gave)
            parts = [of[i].get(number, Fraction(0)) * mass for mass, i in gave]
            mixed[number] = Fraction(sum(parts, Fraction(0)), total) if total else Fraction(0)
        return mixed

    # --- the replay ---------------------------------------------------------------------------------

    def _mint(self, record: Record) -> None:
        name, gases = record.batches[0], record.gases[0]
        life = self.lives[name] = Life()
        self.origin_kind[name] = record.origin
        made = self.ledger.batches[name].made
        life.origins = {number: {name: Fraction(1)} for number in made.substances}
        assert record.facility is not None
        self._burden(name, gases, full_name(record.facility), "mint")

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
            life.origins = parent.origins

    def _ship(self, record: Record) -> None:
        for name, gases in zip(record.batches, record.gases, strict=True):
            self._burden(name, gases, f"{record.by} (transport)", "transport")

    def _add(self, record: Record) -> None:
        assert record.facility is not None
        own_site = record.facility[0] == record.by
        place = full_name(record.facility) if own_site else f"{record.by} (custody)"
        self._burden(record.batches[0], record.gases[0], place, "custody")

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
            life.origins = {number: origins.get(number, {}) for number in made.substances}
            self._burden(name, gases, full_name(record.facility), record.process)

    def _origins(self, inputs: tuple[Name, ...], taken: tuple[Pools, ...]) -> dict[int, dict[Name, Fraction]]:
        """Of each substance, the mix of the inputs weighted by what was taken of it."""
        weighed: dict[int, dict[Name, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        totals: dict[int, int] = defaultdict(int)
        for name, pools in zip(inputs, taken, strict=True):
            for number, mass in pools.substances.items():
                totals[number] += mass
                for origin, share in self.lives[name].origins[number].items():
                    weighed[number][origin] += share * mass
        return {
            number: {origin: mass / totals[number] for origin, mass in shares.items() if mass}
            for number, shares in weighed.items()
            if totals[number]
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


def as_expected(document: dict[str, Any], figures: Figures, *, tolerance_mg: int = 2) -> list[str]:
    """How a trace's document differs from the figures; empty if it does not."""
    wrong: list[str] = []

    def check(what: str, found: object, expected: object) -> None:
        if found != expected:
            wrong.append(f"{what}: {found!r}, expected {expected!r}")

    co2e = document["co2e"]
    for key, expected in (("own", figures.own_mg), ("inherited", figures.inherited_mg)):
        check(key, int(co2e[f"{key}_mg"]), expected)
    check("total", int(co2e["total_mg"]), figures.total_mg)
    check("primary", int(co2e["primary_mg"]), figures.primary_mg)
    for key, exact in (("by_facility", figures.by_facility), ("by_scope", figures.by_scope)):
        found = {name: int(mg) for name, mg in co2e[key].items()}
        check(f"sum of {key}", sum(found.values()), figures.total_mg)
        for name in {*found, *exact}:
            if abs(found.get(name, 0) - exact.get(name, Fraction(0))) > tolerance_mg:
                wrong.append(f"{key} {name}: {found.get(name)}, expected {float(exact.get(name, 0)):.3f}")
    return wrong
