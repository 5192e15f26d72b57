"""Provenance the slow and obvious way: every batch carries whole maps of fractions forward.

Works on what the simulator knows it did, not on logs, and shares no code with traceledger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.simulator import Happening, World

Cell = tuple[str, str, str]
SCOPES = ("scope1", "scope2", "scope3")
ORIGINS = ("mined", "post_consumer", "pre_consumer")
SYMBOLS = {3: "Li", 27: "Co", 28: "Ni"}


@dataclass
class Known:
    """All that the oracle knows of one batch."""

    parents: set[int]
    facility: int
    holder: bytes
    made: tuple[int, int]
    own: Counter[Cell] = field(default_factory=Counter)
    inherited: Counter[Cell] = field(default_factory=Counter)
    footprint: Counter[Cell] = field(default_factory=Counter)
    own_mg: int = 0
    inherited_mg: int = 0
    primary_mg: int = 0
    substances: dict[int, int] = field(default_factory=dict)
    mixes: dict[int, dict[int, Fraction]] = field(default_factory=dict)
    inputs: list[tuple[int, dict[int, int]]] = field(default_factory=list)
    events: list[Happening] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)


def scaled(mix: Mapping[Cell, Fraction], total: int) -> Counter[Cell]:
    whole = sum(mix.values(), Fraction(0))
    return Counter({cell: part * total / whole for cell, part in mix.items()}) if whole else Counter()


def cells(place: str, process: str, parts: Any) -> Counter[Cell]:
    return Counter({(place, process, s): Fraction(p) for s, p in zip(SCOPES, parts, strict=False) if p})


class Oracle:
    """Replays a world's happenings up to a block."""

    def __init__(self, world: World, as_of: int | None = None) -> None:
        self.world = world
        self.known: dict[int, Known] = {}
        self.origin: dict[int, int] = {}
        for happening in world.happenings:
            if as_of is None or happening.block <= as_of:
                handler = getattr(self, f"on_{happening.kind}", None)
                if handler is not None:
                    handler(happening, **happening.facts)

    def place(self, facility: int) -> str:
        owner, identifier, _ = self.world.facilities[facility]
        return f"{self.world.slugs[owner]}/{identifier}"

    def on_BatchMinted(self, event: Happening, **facts: Any) -> None:  # noqa: N802
        batch, emissions = facts["batch"], facts["emissions"]
        process = "recycling" if facts["origin"] else "mining"
        own = cells(self.place(facts["facility"]), process, emissions[:3])
        owner = self.world.facilities[facts["facility"]][0]
        self.origin[batch] = facts["origin"]
        self.known[batch] = Known(
            set(),
            facts["facility"],
            owner,
            (event.block, event.log_index),
            own=own,
            footprint=Counter(own),
            own_mg=sum(emissions[:3]),
            primary_mg=emissions[3],
            substances={n: m for n, m in facts["substances"].items() if m},
            mixes={n: {batch: Fraction(1)} for n, m in facts["substances"].items() if m},
            events=[event],
        )

    def on_BatchSplit(self, event: Happening, parent: int, children: Any) -> None:  # noqa: N802
        source = self.known[parent]
        source.events.append(event)
        for batch, share in children:
            own = self.remove(source, share)
            inherited = scaled(source.inherited, share["inherited"])
            self.known[batch] = Known(
                {parent},
                source.facility,
                source.holder,
                (event.block, event.log_index),
                own=own,
                inherited=inherited,
                footprint=own + inherited,
                own_mg=share["own"],
                inherited_mg=share["inherited"],
                primary_mg=share["primary"],
                substances={n: m for n, m in share["substances"].items() if m},
                mixes={n: dict(source.mixes[n]) for n, m in share["substances"].items() if m},
                inputs=[(parent, share["substances"])],
                events=[event],
            )

    def remove(self, source: Known, share: Any) -> Counter[Cell]:
        """Take own CO2e out of a batch, in the mix that it has now."""
        gone = scaled(source.own, share["own"])
        source.own = Counter({cell: part - gone[cell] for cell, part in source.own.items()})
        return gone

    def on_Transformed(self, event: Happening, **facts: Any) -> None:  # noqa: N802
        burden: Counter[Cell] = Counter()
        taken: Counter[int] = Counter()
        mixes: dict[int, Counter[int]] = defaultdict(Counter)
        for batch, share in facts["inputs"]:
            source = self.known[batch]
            burden.update(self.remove(source, share))
            burden.update(scaled(source.inherited, share["inherited"]))
            if event not in source.events:
                source.events.append(event)
            for number, mass in share["substances"].items():
                taken[number] += mass
                for origin, part in source.mixes.get(number, {}).items():
                    mixes[number][origin] += part * mass
        for batch, parts, inherited_mg, primary_mg, substances in facts["outputs"]:
            own = cells(self.place(facts["facility"]), facts["process"], parts[:3])
            inherited = scaled(burden, inherited_mg)
            self.known[batch] = Known(
                {batch for batch, _ in facts["inputs"]},
                facts["facility"],
                self.world.facilities[facts["facility"]][0],
                (event.block, event.log_index),
                own=own,
                inherited=inherited,
                footprint=own + inherited,
                own_mg=sum(parts[:3]),
                inherited_mg=inherited_mg,
                primary_mg=primary_mg,
                substances=substances,
                mixes={n: {o: p / taken[n] for o, p in mixes[n].items() if p} for n in substances},
                inputs=[(batch, share["substances"]) for batch, share in facts["inputs"]],
                events=[event],
            )

    def on_ShipmentOffered(self, event: Happening, shipper: bytes, parts: Any, batches: Any) -> None:  # noqa: N802
        for batch in batches:
            place = f"{self.world.slugs[shipper]} (transport)"
            self.add(event, batch, cells(place, "transport", parts[batch][:3]), parts[batch][3])

    def add(self, event: Happening, batch: int, added: Counter[Cell], primary: int) -> None:
        known = self.known[batch]
        known.own.update(added)
        known.footprint.update(added)
        known.own_mg += int(sum(added.values()))
        known.primary_mg += primary
        known.events.append(event)

    def on_EmissionsAdded(self, event: Happening, **facts: Any) -> None:  # noqa: N802
        known = self.known[facts["batch"]]
        custodian = facts["custodian"]
        at_home = self.world.facilities[known.facility][0] == custodian
        slug = self.world.slugs[custodian]
        place = self.place(known.facility) if at_home else f"{slug} (custody)"
        added = cells(place, facts["reason"], facts["emissions"][:3])
        self.add(event, facts["batch"], added, facts["emissions"][3])

    def on_ShipmentReceived(self, event: Happening, batches: Any) -> None:  # noqa: N802
        for batch in batches:
            self.known[batch].events.append(event)

    on_ShipmentRejected = on_ShipmentCancelled = on_ShipmentReceived  # noqa: N815

    def on_BatchRetired(self, event: Happening, batch: int) -> None:  # noqa: N802
        self.known[batch].events.append(event)

    def on_ErrorDeclared(self, event: Happening, batch: int, confirmed: bool) -> None:  # noqa: N802
        self.known[batch].events.append(event)
        self.known[batch].wrong.add("confirmed" if confirmed else "declared")

    def upstream(self, batch: int) -> set[int]:
        found, todo = set(), [batch]
        while todo:
            each = todo.pop()
            if each not in found:
                found.add(each)
                todo.extend(self.known[each].parents)
        return found

    def traced(self, batch: int, number: int, memo: dict[int, Counter[str]]) -> Counter[str]:
        """The parts of a substance that no batch in error stands between, or one: the last on the way."""
        if batch not in memo:
            known = self.known[batch]
            memo[batch] = Counter()
            if known.wrong:
                # "confirmed" goes before "declared", as it does in the alphabet.
                memo[batch][min(known.wrong)] = Fraction(1)
            elif not known.inputs:
                memo[batch]["traced"] = Fraction(1)
            else:
                whole = sum(masses.get(number, 0) for _, masses in known.inputs)
                for parent, masses in known.inputs:
                    if masses.get(number):
                        for kind, part in self.traced(parent, number, memo).items():
                            memo[batch][kind] += part * Fraction(masses[number], whole)
        return memo[batch]

    def count_events(self, batch: int, family: set[int]) -> int:
        last = {
            parent: max(self.known[c].made for c in family if parent in self.known[c].parents)
            for parent in family - {batch}
        }
        found = {self.known[each].made for each in family}
        for each in family:
            for event in self.known[each].events:
                place = (event.block, event.log_index)
                if each == batch or event.kind == "ErrorDeclared" or place < last[each]:
                    if each != batch and event.kind in ("BatchSplit", "Transformed"):
                        continue
                    found.add(place)
        return len(found)

    def expected(self, batch: int) -> dict[str, Any]:
        """What :func:`traceledger.provenance.trace` should say (origins' masses apart)."""
        known, family = self.known[batch], self.upstream(batch)
        total = known.own_mg + known.inherited_mg
        return {
            "own": known.own_mg,
            "inherited": known.inherited_mg,
            "primary": known.primary_mg,
            "by_facility": summed(known.footprint, 0),
            "by_process": summed(known.footprint, 1),
            "by_scope": summed(known.footprint, 2),
            "total": total,
            "mixes": {n: known.mixes[n] for n in sorted(known.substances)},
            "recycled": {
                n: [
                    sum((p for o, p in known.mixes[n].items() if self.origin[o] == kind), Fraction(0))
                    for kind in (1, 2)
                ]
                for n in sorted(known.substances)
            },
            "traced": {n: self.traced(batch, n, {}) for n in sorted(known.substances)},
            "tainted": any(self.known[each].wrong for each in family),
            "batches": len(family),
            "events": self.count_events(batch, family),
        }


def summed(footprint: Mapping[Cell, Fraction], place: int) -> dict[str, Fraction]:
    """One breakdown, exact."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for cell, part in footprint.items():
        sums[cell[place]] += part
    return sums
